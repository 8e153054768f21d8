"""Spec tests are the security properties: each states one, by number, and the page is made of them.

A test here without a number in its name or a sentence in its docstring cannot be collected,
so nothing can be tested here that the page does not tell.
"""

from pathlib import Path

import pytest

from docs.properties import HOUSEKEEPING, NAME, read_properties

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a spec test that states no property."""
    for item in items:
        if item.path.parent == HERE and item.path.name != HOUSEKEEPING:
            name = getattr(item, "originalname", item.name)
            if not NAME.fullmatch(name) or not getattr(getattr(item, "function", None), "__doc__", None):
                raise pytest.UsageError(f"{item.path.name}: {name} states no numbered property")
    if any(item.path.parent == HERE for item in items):
        read_properties(HERE)
