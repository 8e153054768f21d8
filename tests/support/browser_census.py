"""JupyterLab's page made to show its own application object, in one window of a test and nowhere else."""

import re

from playwright.sync_api import Route

from tests.support.browser_lab import LabHouse, LabWindow

HIDDEN, SHOWN = '"exposeAppInBrowser": false', '"exposeAppInBrowser": true'


def exposed_window(lab: LabHouse) -> LabWindow:
    """A window whose page can be asked for ``globalThis.jupyterapp``; the desk itself says no to that."""
    window = lab.window("en-US")

    def exposed(route: Route) -> None:
        answer = route.fetch()
        body = answer.text()
        assert HIDDEN in body
        route.fulfill(response=answer, body=body.replace(HIDDEN, SHOWN))

    window.page.route(re.compile(r"/lab\?reset"), exposed)
    window.open()
    return window
