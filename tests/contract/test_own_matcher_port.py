"""The ``OwnMatcher`` port: the fake and the matcher behind its socket answer alike."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.identifiers.own_forms import OwnKind
from catalog.own_questions import refusal
from enclave.errors import InvalidInputError, UnavailableError
from output_review.ports import OwnMatcher
from tests.support.own_matcher import OwnPlace
from tests.support.review_fakes import FakeMatcher

OURS = {"山田太郎": OwnKind.NAME, "0312345678": OwnKind.PHONE}
Made = tuple[OwnMatcher, Callable[[], None]]


@pytest.fixture(params=["fake", "socket"])
def made(request: Any, tmp_path: Path) -> Iterator[Made]:
    """A matcher that knows ``OURS``, and how it goes away."""
    if request.param == "fake":
        fake = FakeMatcher(OURS)

        def away() -> None:
            fake.away = refusal("failed")

        yield fake, away
        return
    place = OwnPlace(tmp_path)
    place.put(OURS)
    with place.served() as client:
        yield client, (tmp_path / "m.sock").unlink


def test_what_is_the_sources_has_its_kind_and_nothing_else_has_one(made: Made) -> None:
    answer = made[0].kinds_of("p-diabetes", ["山田太郎", "山田花子", "0312345678"])
    assert answer.ours == OURS
    assert made[0].kinds_of("p-diabetes", ["山田花子"]).ours == {}
    assert made[0].kinds_of("p-stroke", ["山田花子"]).set_id == answer.set_id


def test_a_matcher_that_is_away_is_no_answer(made: Made) -> None:
    matcher, go_away = made
    go_away()
    with pytest.raises(UnavailableError):
        matcher.kinds_of("p-diabetes", ["山田太郎"])


def test_no_question_is_no_question(made: Made) -> None:
    with pytest.raises(InvalidInputError):
        made[0].kinds_of("p-diabetes", [])
