"""ACRO's verdicts from the rows, recorded, against ours on bare csv of the same tables: nothing it fails passes.

The recorded verdicts are facts of ACRO 1.0.2 (``benchmarks/bench_acro.py`` makes them again beside ours). The
preset with ACRO's numbers is used; under the national profile a count of nobody may be shown, and only tables
with such counts differ more.
"""

import pytest

from output_review.disclosure.findings import Verdict
from tests.support.acro_agreement import (
    HANDED_IN,
    RECORDED,
    Pair,
    apart,
    disagreements,
    pairs,
    read_verdicts,
    strict,
)
from tests.support.acro_tables import calls

VERDICTS = read_verdicts(RECORDED.read_text("utf-8"))
BARS = {"alone": (0.49, 0.60), "counts": (0.85, 0.92), "counts and spreads": (0.95, 0.96)}
"""Strict, and with REVIEW apart."""


def test_every_table_has_a_verdict_and_its_source() -> None:
    assert {call.name for call in calls()} == VERDICTS.keys()
    assert set(VERDICTS.values()) == {"pass", "fail"}
    assert "acro 1.0.2" in RECORDED.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize("handed_in", HANDED_IN)
def test_nothing_that_acro_fails_passes_and_verdicts_agree(handed_in: str) -> None:
    found = pairs(VERDICTS, HANDED_IN[handed_in])
    assert [pair.name for pair in found if pair.is_passed_fail] == []
    told = f"strict {strict(found):.3f}, apart {apart(found):.3f}, {disagreements(found)}"
    assert (strict(found) >= BARS[handed_in][0], apart(found) >= BARS[handed_in][1]) == (True, True), told


def test_counts_alone_are_judged_as_acro_judges_them() -> None:
    found = [pair for pair in pairs(VERDICTS, ()) if pair.statistics == ("count",)]
    assert len(found) > 100
    assert disagreements(found) == {}


def test_under_the_national_profile_only_tables_in_which_nobody_is_counted_differ() -> None:
    found = pairs(VERDICTS, (), "jp-health-1")
    passed: list[Pair] = [pair for pair in found if pair.is_passed_fail]
    # 0 may be shown in Japan, and ACRO takes it for disclosive: the safe twins in which C meets C are nobody.
    assert {pair.name.split("-")[1] for pair in passed} <= {"safe_3d", "safe_4d"}
    assert all(pair.ours is Verdict.PASS and pair.statistics == ("count",) for pair in passed)
