"""Handfuls of persons planted between releases are found; honest reports of the same kind are not stopped."""

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Severity
from output_review.disclosure.history_rules import check_history, history_of
from output_review.disclosure.submissions import SubmittedFile
from tests.support.honest_reports import HONEST
from tests.support.planted_differences import THREE, TWO, Planted
from tests.unit.output_review.disclosure.checked_files import KINDS, shipped_policy

Maker = Callable[[random.Random], Planted]
SEEDS = 40


def taken_apart(name: str, text: str) -> ExaminedFile:
    return examine(SubmittedFile(name, KINDS[name.rpartition(".")[2]], text))


def is_stopped(case: Planted) -> bool:
    history = history_of([taken_apart(*file) for file in case.before])
    found = check_history(taken_apart(*case.now), (), history, shipped_policy())
    return any(finding.severity in (Severity.FIX, Severity.REJECT) for finding in found)


@settings(deadline=None)
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("make", TWO, ids=lambda make: make.__name__)
def test_every_handful_between_two_releases_is_found(make: Maker, seed: int) -> None:
    case = make(random.Random(seed))
    assert is_stopped(case), case


def share(makers: Sequence[Maker]) -> float:
    cases = [make(random.Random(seed)) for make in makers for seed in range(SEEDS)]
    return sum(is_stopped(case) for case in cases) / len(cases)


def test_nine_in_ten_handfuls_among_three_releases_are_found() -> None:
    assert share(THREE) >= 0.9


def test_honest_reports_are_seldom_stopped() -> None:
    assert share(HONEST) <= 0.02
