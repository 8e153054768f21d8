"""What every kind of test may ask for."""

from collections.abc import Iterator

import pytest

from tests.support.product import Product, running_product


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The running house: real containers, real pages, real people."""
    with running_product() as house:
        yield house
