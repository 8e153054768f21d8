"""Homes, gates and hubs for tests with real containers."""

from collections.abc import Iterator

import pytest

from enclave.settings import Settings
from tests.support.hub_home import temporary_home
from tests.support.hub_running import RunningHub, running_hub


@pytest.fixture
def home() -> Iterator[Settings]:
    """A home of its own, gone afterwards with every container of its."""
    with temporary_home() as settings:
        yield settings


@pytest.fixture(scope="module")
def hub() -> Iterator[RunningHub]:
    """A hub of its own for one file of tests."""
    with running_hub() as running:
        yield running
