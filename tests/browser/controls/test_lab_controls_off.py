"""The battery of test_lab_sealed against a house without the control: there, the same attacks succeed.

Kept so that the battery proves something; run by `make soak`, because images are derived for it.
"""

from contextlib import AbstractContextManager
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.test_lab_names import SUFFIX, tries
from tests.browser.test_lab_sealed import BARE, SECONDS, ran
from tests.support.attack_table import Patch, Without
from tests.support.attack_variants import take_away
from tests.support.browser_lab import OTHER_PERSON, OTHER_PROJECT, LabHouse, LabWindow, lab_house
from tests.support.browser_leaks import NAVIGATES, PEER, RUNS, SCRIPT, output
from tests.support.browser_listener import listening
from tests.support.browser_names import listened_in

NO_POLICY = Patch(
    "/etc/jupyter/jupyter_server_config.py",
    "POLICY",
    "c.ServerApp.tornado_settings['headers'].pop('Content-Security-Policy')",
)
NO_SANITISER = Patch("hanare_desk.sanitising", "SANITISER", "SANITISER = str")


def without(chrome: Browser, name: str, *patches: Patch) -> AbstractContextManager[LabHouse]:
    """A house of which a control is missing."""
    missing = Without(name, desk=patches)
    return lab_house(chrome, OTHER_PERSON, OTHER_PROJECT, lambda hub: take_away(hub, missing))


def test_without_the_policy_a_script_reaches_other_places_and_saves_files(chrome: Browser) -> None:
    with without(chrome, "lab-policy", NO_POLICY) as house, listening() as listener:
        window = house.window()
        page = window.open()
        page.evaluate(SCRIPT, {"there": listener.address, "port": listener.port})
        page.wait_for_timeout(SECONDS * 1_000)
        reached = listener.channels()
        assert {
            "fetch",
            "read",
            "xhr",
            "beacon",
            "events",
            "socket",
            "img",
            "css",
            "script",
            "frame",
        } <= reached
        assert {"form", "worker", "ping", "object", "font", "sheet", "import", "video"} <= reached
        assert page.evaluate("globalThis.hanareRead") == "HANARE-OTHER-PLACE"
        assert any(url.startswith("blob:") for url in window.downloads), window.downloads
        assert any(listener.address in url for url in window.windows), window.windows
        window.close()


def test_without_the_sanitiser_a_script_of_an_output_runs_and_leaves_the_page(chrome: Browser) -> None:
    with without(chrome, "lab-sanitiser", NO_SANITISER) as house, listening() as listener:
        window = house.window()
        window.open()
        window.new_notebook()
        show(window, RUNS.replace("THERE", listener.address))
        assert ran(window), "a script ran"
        assert listener.channels() <= {BARE}, "and the policy, the second line, held it"
        show(window, NAVIGATES.replace("THERE", listener.address))
        assert "navigated" in listener.channels(), "but from leaving the page, no policy keeps it"
        window.close()


def test_without_both_an_output_does_all_it_wants(chrome: Browser) -> None:
    with without(chrome, "lab-both", NO_POLICY, NO_SANITISER) as house, listening() as listener:
        window = house.window()
        window.open()
        window.new_notebook()
        show(window, RUNS.replace("THERE", listener.address))
        assert "run" in listener.channels()
        assert window.downloads != []
        show(window, output(listener.address))
        assert {"img", "frame", "video"} <= listener.channels()
        window.close()


def test_without_the_sanitiser_an_output_makes_the_browser_look_names_up(
    chrome: Browser, tmp_path: Path
) -> None:
    with without(chrome, "lab-sanitiser", NO_SANITISER) as house, listened_in(chrome, tmp_path) as heard:
        context, resolver = heard
        window = house.window_in(context)
        window.open()
        window.new_notebook()
        show(window, tries("output"))
        assert {"dns-prefetch-output", "preconnect-output"} <= resolver.heard(SUFFIX)


def show(window: LabWindow, html: str) -> None:
    """A cell that shows this HTML; what comes of it is waited for, not what is seen: the page may be gone then."""
    window.write(f"from IPython.display import HTML\nHTML({html!r})")
    window.page.keyboard.press("Shift+Enter")
    window.page.wait_for_timeout(2_000 * SECONDS)


def test_what_no_policy_stops_is_written_down(chrome: Browser) -> None:
    """WebRTC knows no policy in Chromium: a script that ran could send datagrams. limits.md says so."""
    with lab_house(chrome, OTHER_PERSON, OTHER_PROJECT) as house, listening() as listener:
        window = house.window()
        window.open().evaluate(PEER, listener.port)
        assert "udp" in listener.channels()
        window.close()
