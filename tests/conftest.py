"""What every kind of test may ask for."""

import gc
import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests.support.product import Product, running_product

hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
if os.environ.get("HANARE_SOAK") != "1":
    # The same examples on every machine: a test run says something about the change, `make soak` searches on.
    hypothesis.settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """The collected tests stay until the end: the collector of cycles need not walk over them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The running house: real containers, real pages, real people."""
    with running_product() as house:
        yield house
