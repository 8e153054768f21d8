"""Offsets of dates: one per person and project, never 0, spread over everything that is allowed."""

from collections import Counter

import pytest

from catalog.pseudonyms import pseudonym
from catalog.shifts import shift_days

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def test_an_offset_is_never_nothing_and_within_bounds() -> None:
    days = shift_days(KEY, range(20_000), 30)
    assert set(days) == {*range(-30, 0), *range(1, 31)}
    assert max(Counter(days).values()) < 2 * min(Counter(days).values())


def test_a_person_has_one_offset_and_another_in_another_project() -> None:
    assert shift_days(KEY, [7], 30) == shift_days(KEY, [5, 7], 30)[1:]
    assert shift_days(KEY, range(50), 30) != shift_days(OTHER, range(50), 30)


def test_a_pseudonym_tells_nothing_of_the_offset() -> None:
    shown = [int(pseudonym(KEY, "patient", n).replace("-", ""), 16) % 60 for n in range(50)]
    drawn = [days + 30 if days < 0 else days + 29 for days in shift_days(KEY, range(50), 30)]
    assert sum(a == b for a, b in zip(shown, drawn, strict=True)) < 10


@pytest.mark.parametrize(("key", "most"), [(b"short", 30), (KEY, 0), (KEY, -1)])
def test_what_could_not_hide_a_date_is_refused(key: bytes, most: int) -> None:
    with pytest.raises(ValueError, match=r"pseudonym key|at least a day"):
        shift_days(key, [1], most)
