"""Which of these tests run: without a control only in `make soak`, because a house is built for each."""

import os
from collections.abc import Iterator

import pytest

from tests.support.attack_scene import Scene
from tests.support.attack_variants import house_without

WITHOUT = ["test_controls_off.py", "test_controls_off_containers.py"]
collect_ignore = [] if os.environ.get("HANARE_SOAK") == "1" else WITHOUT


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """A whole house, for one file of tests."""
    with house_without(None) as whole:
        yield whole
