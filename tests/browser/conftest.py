"""One browser, and one house with one researcher in JupyterLab, for all browser tests that need no more of the product."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser_chromium import chromium
from tests.support.browser_lab import LabHouse, LabWindow, lab_house

# A page that is right at last is right: five seconds are too few on a machine that does other things.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One browser for all of them: its driver cannot be started twice in a process."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab(chrome: Browser) -> Iterator[LabHouse]:
    """The house; its workspace starts with the first window."""
    with lab_house(chrome) as house:
        yield house


@pytest.fixture
def window(lab: LabHouse) -> Iterator[LabWindow]:
    """A window in Japanese."""
    opened = lab.window()
    yield opened
    opened.close()
