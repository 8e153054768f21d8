"""Every plugin and command that JupyterLab really ships in the desk: what could take bytes out is locked or judged.

The census is taken in the running page. What an upgrade brings under a suspicious name fails here
until somebody judges it.
"""

import json
import re
from typing import Any

import pytest

from tests.support.browser_census import exposed_window
from tests.support.browser_lab import LabHouse
from tests.support.hub_home import ROOT

LABCONFIG = ROOT / "images" / "analysis" / "desk" / "etc" / "labconfig"
SUSPICIOUS = re.compile(
    r"download|export|\bprint|url\b|\burls|\bshare|browser.tab|website|clipboard|copy|external|terminal|\blsp|language.?server"
    r"|debugger|nbconvert|extensionmanager|pluginmanager|announcement|licen[cs]e|pdf|html|javascript|svg|save.as|import",
    re.IGNORECASE,
)
PLUGINS = {
    "@jupyterlab/application-extension:dirty": "asks before a tab with unsaved work is closed",
    "@jupyterlab/application-extension:main": "routes the page's own address",
    "@jupyterlab/application-extension:notfound": "says that an address of the page is unknown",
    "@jupyterlab/application-extension:router": "routes the page's own address",
    "@jupyterlab/apputils-extension:running-sessions-status": "counts kernels",
    "@jupyterlab/apputils-extension:sanitizer": "cleans HTML: a guard",
    "@jupyterlab/codemirror-extension:binding": "an editor and its text in the page",
    "@jupyterlab/services-extension:nbconvert-manager": "asks only when somebody asks it; its askers are locked",
    "@jupyterlab/services-extension:terminal-manager": "asks nothing where there are no terminals",
}
"""Plugins of a suspicious name or description that are on, each with the reason why that is harmless."""
COMMANDS = {
    "docmanager:save-as": "writes into /work, through the desk",
    "filebrowser:copy": "within /work",
    "filebrowser:copy-path": "a name that is on the screen",
    "fileeditor:copy": "text that is on the screen, and was counted",
    "mathjax:clipboard": "the source of a formula that is on the screen",
    "notebook:copy-cell": "within the notebook",
    "notebook:copy-selected-text": "text that is on the screen, and was counted",
}
"""Commands of a suspicious name or label that exist, with the same."""


def page_config() -> dict[str, Any]:
    config: dict[str, Any] = json.loads((LABCONFIG / "page_config.json").read_text("utf-8"))
    return config


def is_locked(plugin: str) -> bool:
    """By its own name, or by that of its package."""
    locked = page_config()["lockedExtensions"]
    return plugin in locked or plugin.partition(":")[0] in locked


def is_off(plugin: str, disabled: list[str]) -> bool:
    return plugin in disabled or plugin.partition(":")[0] in disabled


@pytest.fixture(name="census", scope="module")
def _census(lab: LabHouse) -> dict[str, Any]:
    """What the page knows of its plugins and commands; the page is told to say so in this window only."""
    window = exposed_window(lab)
    found: dict[str, Any] = window.page.evaluate(
        """() => { const app = globalThis.jupyterapp, said = (get) => { try { return String(get() ?? ""); } catch { return ""; } };
        return {plugins: app.info.availablePlugins.map(({id, description}) => ({id, description})),
          commands: app.commands.listCommands().map(id => ({id, label: said(() => app.commands.label(id, {}))})),
          disabled: app.info.disabled.matches}; }"""
    )
    window.close()
    return found


def test_every_plugin_that_is_off_is_locked_as_well_and_the_other_way_round() -> None:
    config = page_config()
    assert config["disabledExtensions"] == config["lockedExtensions"]
    assert set(config["disabledExtensions"].values()) == {True}
    assert (config["buildAvailable"], config["buildCheck"]) == (False, False)


def test_everything_that_is_locked_exists(census: dict[str, Any]) -> None:
    """A name that Lab no longer ships may have become another name that nobody locked."""
    known = {plugin["id"] for plugin in census["plugins"]} | {
        plugin["id"].partition(":")[0] for plugin in census["plugins"]
    }
    assert set(page_config()["lockedExtensions"]) - known == set()


def test_the_page_really_holds_them_off(census: dict[str, Any]) -> None:
    off = {plugin["id"] for plugin in census["plugins"] if is_locked(plugin["id"])}
    assert off <= {plugin["id"] for plugin in census["plugins"] if is_off(plugin["id"], census["disabled"])}
    assert len(census["plugins"]) > 200


def test_every_plugin_of_a_suspicious_name_is_locked_or_judged(census: dict[str, Any]) -> None:
    open_ones = {
        plugin["id"]
        for plugin in census["plugins"]
        if SUSPICIOUS.search(f"{plugin['id']} {plugin['description']}") and not is_locked(plugin["id"])
    }
    judged = set(PLUGINS)
    assert (sorted(open_ones - judged), sorted(judged - open_ones)) == ([], []), (
        "not judged; judged, but gone"
    )


def test_every_command_of_a_suspicious_name_is_gone_or_judged(census: dict[str, Any]) -> None:
    found = {one["id"] for one in census["commands"] if SUSPICIOUS.search(f"{one['id']} {one['label']}")}
    known = set(COMMANDS)
    assert (sorted(found - known), sorted(known - found)) == ([], []), "not judged; judged, but gone"


def test_our_own_plugins_are_there(census: dict[str, Any]) -> None:
    ours = {plugin["id"] for plugin in census["plugins"] if plugin["id"].startswith("hanare-lab:")}
    assert {"hanare-lab:meter", "hanare-lab:notices", "hanare-lab:home", "hanare-lab:watch"} <= ours
