"""The scrubber on a generated hospital: what was planted in its notes is gone, kind by kind, and the rest is there."""

from functools import cache

import pytest

from tests.support.scrub_measure import Measured, measure

PATIENTS, SEED, ENOUGH = 600, 31, 40
"""Another seed than the one the page's table is of; a kind is judged alone from so many on."""


@cache
def measured() -> Measured:
    return measure(PATIENTS, SEED)


@pytest.mark.slow
def test_what_was_planted_is_gone() -> None:
    found = measured()
    assert found.planted.total() > 1_000
    assert found.recall() >= 0.998, found.left
    for kind in (kind for kind, count in found.planted.items() if count >= ENOUGH):
        assert found.recall(kind) >= 0.95, (kind, [one for one in found.left if one.kind == kind])
    for kind in (
        "patient_name",
        "patient_kana",
        "phone",
        "address",
        "email",
        "chart_no",
        "my_number",
        "insured_number",
    ):
        assert found.recall(kind) >= 0.99, kind


@pytest.mark.slow
def test_notes_are_still_worth_reading() -> None:
    found = measured()
    assert found.notes["quarantined"] <= 0.02 * found.notes.total()
    assert found.notes["clean"] > 0
    for kind in (
        "disease_control_no",
        "jlac10",
        "hot9",
        "yj",
        "lot_no",
        "order_no",
        "points",
        "device_no",
    ):
        assert found.kept[kind] >= 0.95 * found.misses[kind], kind
