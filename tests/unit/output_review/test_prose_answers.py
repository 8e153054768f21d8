"""Answers of a container that nobody trusts: one shape is read, every other raises."""

import pytest

from output_review.adapters.prose_containers import parse_people
from output_review.ports import PeopleInProse


def test_the_one_known_shape_is_read() -> None:
    assert parse_people(b'{"ok": true, "people": [[2, 6]], "examined": 40}') == PeopleInProse(((2, 6),), 40)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"null",
        b'{"ok": false}',
        b'{"ok": 1, "people": [], "examined": 0}',
        b'{"ok": true, "people": [], "examined": 0, "more": 1}',
        b'{"ok": true, "people": {}, "examined": 0}',
        b'{"ok": true, "people": [[1]], "examined": 0}',
        b'{"ok": true, "people": [[1, 2.5]], "examined": 0}',
        b'{"ok": true, "people": [[true, 2]], "examined": 0}',
        b'{"ok": true, "people": [], "examined": "0"}',
    ],
)
def test_every_other_shape_raises(answer: bytes) -> None:
    with pytest.raises(ValueError, match=r"shape|Expecting"):
        parse_people(answer)
