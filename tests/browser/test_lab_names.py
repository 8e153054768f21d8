"""Nothing that a notebook shows makes the browser look a name up: a name can say something to whoever answers for it.

The page's policy does not cover hints (``dns-prefetch``, ``preconnect``); what holds them is that the
desk cleans outputs and Lab the rest. A link needs no press: Chromium looks its name up when the
pointer passes over it. So texts are not made links, and no pointer reaches the links of markdown. The
browser has a lasting profile, as a person's has, and a resolver that hears every name; that it
would hear these is tried as well. What a script could do, ``docs/security/limits.md`` says.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from tests.support.browser_lab import LabHouse, LabWindow
from tests.support.browser_names import CAN_LISTEN_IN, Resolver, listened_in

pytestmark = pytest.mark.skipif(not CAN_LISTEN_IN, reason="a resolver of the test's own takes root")
SUFFIX = ".hanare-leak.test"
SETTLE_MS = 3_000
HINTS = (
    "dns-prefetch",
    "preconnect",
    "prefetch",
    "prerender",
    "preload",
    "modulepreload",
    "stylesheet",
    "icon",
    "next",
)


def tries(kind: str) -> str:
    """HTML in which every element that names a place names one of its own; ``kind`` says where it stood."""

    def at(way: str) -> str:
        return f"http://{way}-{kind}{SUFFIX}/x"

    links = "".join(f'<link rel="{hint}" as="image" href="{at(hint)}">' for hint in HINTS)
    return (
        f'<meta http-equiv="x-dns-prefetch-control" content="on">{links}<a href="{at("anchor")}">anchor</a>'
        f'<a href="//bare-{kind}{SUFFIX}/">bare</a><map><area href="{at("area")}"></map><img src="{at("img")}">'
        f'<svg><a href="{at("svg")}"><text>s</text></a></svg><form action="{at("form")}"></form>'
        f'<iframe src="{at("frame")}"></iframe><base href="{at("base")}"><a href="rest">rest</a>'
        f'<script type="speculationrules">{{"prefetch": [{{"urls": ["{at("rules")}"]}}]}}</script>'
    )


SHOW = """
import json, sys
from IPython.display import HTML, Markdown, display
html = {html}
display(HTML(html("output"))); display(Markdown(html("markdown") + "\\n\\n<http://auto{suffix}/> http://plain{suffix}/"))
display({{"text/html": html("bundle"), "text/markdown": html("bundle"), "image/svg+xml": html("bundle")}}, raw=True)
print("http://printed{suffix}/ https://secure{suffix}/ www.www{suffix}"); print("http://error{suffix}/", file=sys.stderr)
display({{"text/latex": r"\\href{{http://latex{suffix}/}}{{x}}", "text/plain": "x"}}, raw=True)
cells = [{{"cell_type": "markdown", "metadata": {{"trusted": True}}, "source": html("cell") + "\\n\\n![x](http://picture{suffix}/) [y](http://link{suffix}/)"}},
  {{"cell_type": "code", "execution_count": 1, "metadata": {{"trusted": True}}, "source": "1", "outputs": [
    {{"output_type": "display_data", "data": {{"text/html": html("saved")}}, "metadata": {{}}}}]}}]
with open("/work/named.ipynb", "w") as file:
    json.dump({{"cells": cells, "metadata": {{"trusted": True, "kernelspec": {{"name": "python3", "display_name": "Python 3"}}}}, "nbformat": 4, "nbformat_minor": 4}}, file)
print("HANARE-SHOWN")
"""
HINT = """(names) => { for (const name of names) document.head.append(Object.assign(document.createElement("link"),
  {rel: name, href: `http://${name}-script.hanare-leak.test/`})); }"""


def cell() -> str:
    """A cell that shows and saves all of it; the kernel makes the texts itself."""
    return SHOW.format(html=f"lambda kind: {tries('KIND')!r}.replace('KIND', kind)", suffix=SUFFIX)


@pytest.fixture(name="open_ears")
def _open_ears(chrome: Browser, lab: LabHouse, tmp_path: Path) -> Iterator[tuple[LabWindow, Resolver]]:
    with listened_in(chrome, tmp_path) as (context, resolver):
        yield lab.window_in(context), resolver


def point_at_links(shown: Locator) -> int:
    """A person's pointer passes over where a link is drawn; how many there were."""
    links = [link for link in shown.locator("a").all() if link.is_visible()]
    for link in links:
        link.hover(timeout=2_000, force=True)
    return len(links)


def open_the_saved(window: LabWindow) -> Locator:
    """The notebook that the cell left, with its markdown drawn."""
    window.page.locator(".jp-id-refresh, [data-command='filebrowser:refresh']").first.click()
    window.page.locator(".jp-DirListing-item", has_text="named.ipynb").dblclick()
    window.ready()
    return window.page.locator(".jp-NotebookPanel:visible .jp-MarkdownOutput")


def test_nothing_shown_opened_or_passed_over_makes_the_browser_look_a_name_up(
    open_ears: tuple[LabWindow, Resolver],
) -> None:
    window, resolver = open_ears
    page = window.open()
    window.new_notebook()
    window.run(cell(), "HANARE-SHOWN")
    assert point_at_links(page.locator(".jp-OutputArea")) == 0, "Lab makes no links of texts"
    page.wait_for_timeout(SETTLE_MS)
    assert resolver.heard(SUFFIX) == set()
    assert point_at_links(open_the_saved(window)) > 0
    page.wait_for_timeout(SETTLE_MS)
    assert resolver.heard(SUFFIX) == set()


def test_without_what_holds_them_names_are_looked_up(open_ears: tuple[LabWindow, Resolver]) -> None:
    """The same browser, the same links: without the style that keeps the pointer off, and by a script."""
    window, resolver = open_ears
    page = window.open()
    page.evaluate(HINT, ["dns-prefetch", "preconnect"])
    page.wait_for_timeout(SETTLE_MS)
    assert resolver.heard(SUFFIX) == {"dns-prefetch-script", "preconnect-script"}
    page.add_style_tag(content="a[href] { pointer-events: auto !important; }")
    assert point_at_links(open_the_saved(window)) > 0
    page.wait_for_timeout(SETTLE_MS)
    assert "bare-cell" in resolver.heard(SUFFIX)
