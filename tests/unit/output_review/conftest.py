"""A settled house in memory for every test of the room's use cases."""

import pytest

from tests.support.review_fakes import FakeReviewHouse
from tests.support.review_houses import fake_story
from tests.support.review_story import Story


@pytest.fixture
def told() -> tuple[Story, FakeReviewHouse]:
    return fake_story()


@pytest.fixture
def story(told: tuple[Story, FakeReviewHouse]) -> Story:
    return told[0]


@pytest.fixture
def house(told: tuple[Story, FakeReviewHouse]) -> FakeReviewHouse:
    return told[1]
