"""One house with one researcher in JupyterLab, for all browser tests that need no more of the product."""

from collections.abc import Iterator

import pytest

from tests.support.browser_chromium import chromium
from tests.support.browser_lab import LabHouse, LabWindow, lab_house


@pytest.fixture(scope="session")
def lab() -> Iterator[LabHouse]:
    """The house; its workspace starts with the first window."""
    with chromium() as chrome, lab_house(chrome) as house:
        yield house


@pytest.fixture
def window(lab: LabHouse) -> Iterator[LabWindow]:
    """A window in Japanese."""
    opened = lab.window()
    yield opened
    opened.close()
