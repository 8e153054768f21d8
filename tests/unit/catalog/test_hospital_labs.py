"""Laboratory results of the invented hospital: what goes together, drifts, is missing or dirty."""

from typing import Any

import numpy as np
import pytest

from catalog.adapters.source_duckdb import _column
from catalog.hospital.course import make_course
from catalog.hospital.diseases import DIABETES, HIV, KIDNEY
from catalog.hospital.facilities import METHOD_CHANGE
from catalog.hospital.lab_items import ITEMS, METHODS_BEFORE, OF_THE_43, PANELS, PLACE
from catalog.hospital.people import FIRST_DAY, LAST_DAY
from catalog.hospital.scale import Part, Scale
from catalog.hospital.tables import lab_table

COURSE = make_course(Part(Scale(6000, 5)))
TABLE = lab_table(COURSE)
COUNT = len(np.asarray(TABLE["result_key"]))


def column(name: str) -> Any:
    return np.asarray(_column(TABLE[name]))


lab_name, lab_value, lab_code = column("local_name"), column("value_num"), column("jlac10")
FACILITY, AT, lab_flag = column("facility_key"), column("specimen_ts"), column("abn_flag")
PERSON = np.searchsorted(COURSE.people.keys, column("patient_key"))
CLEAN = ~np.isnan(lab_value) & (TABLE["comparator"].codes < 0) & (TABLE["value_text"].codes < 0)  # type: ignore[union-attr]


def within(part: float, whole: float, share: float, slack: float = 0.25) -> bool:
    return abs(part / whole - share) < slack * share


def test_forty_three_items_five_infections_and_egfr() -> None:
    assert len(ITEMS) == OF_THE_43 + 5 + 1
    assert set(lab_name) == {item.name for item in ITEMS}
    assert {item.panel for item in ITEMS} == set(PANELS)
    assert all(len(item.jlac10) == 17 for item in ITEMS)


def test_there_are_eighteen_results_an_encounter_at_half_of_them() -> None:
    encounters = len(np.unique(column("encounter_key")))
    assert 16.5 < COUNT / encounters < 19.5
    assert 0.52 < encounters / len(COURSE.encounters.keys) < 0.58
    assert 105 < COUNT / 6000 < 125, "a hundred million rows in nine hundred thousand people"


@pytest.mark.parametrize(
    ("one", "other", "strength"),
    [
        ("AST", "ALT", 0.85),
        ("Cre", "Cys-C", 0.8),
        ("Cre", "BUN", 0.7),
        ("TG", "HDL-C", -0.5),
        ("Na", "Cl", 0.7),
        ("ALB", "Ca", 0.6),
        ("RBC", "Hb", 0.85),
        ("BNP", "NT-proBNP", 0.9),
    ],
)
def test_items_that_go_together_do(one: str, other: str, strength: float) -> None:
    found = np.corrcoef(*paired(one, other))[0, 1]
    assert abs(found - strength) < 0.15


def paired(one: str, other: str) -> tuple[Any, Any]:
    """Both items of an encounter, log where they are log-normal, of men (limits differ by sex)."""
    keys = column("encounter_key")
    held = []
    for name in (one, other):
        rows = CLEAN & (name == lab_name) & ~COURSE.people.female[PERSON] & (lab_value > 0)
        rows &= lab_value < 300 * np.median(lab_value[rows])  # what is impossible is a thousand times as high
        values = np.log(lab_value[rows]) if ITEMS[PLACE[name]].scale == "log" else lab_value[rows]
        held.append(dict(zip(keys[rows].tolist(), values.tolist(), strict=True)))
    both = sorted(set(held[0]) & set(held[1]))
    assert len(both) > 1000 or one == "BNP"
    return [held[0][key] for key in both], [held[1][key] for key in both]


def test_a_persons_results_are_more_alike_than_two_peoples() -> None:
    rows = np.flatnonzero(CLEAN & (lab_name == "PLT") & (lab_value > 0) & (lab_value < 200))
    order = rows[np.argsort(PERSON[rows], kind="stable")]
    same = PERSON[order][1:] == PERSON[order][:-1]
    steps = np.abs(np.diff(np.log(lab_value[order])))
    assert steps[same].mean() < 0.8 * steps[~same].mean()


def test_diseases_shift_their_items() -> None:
    has = COURSE.people.has[PERSON]
    hba1c, creatinine = CLEAN & (lab_name == "HbA1c"), CLEAN & (lab_name == "Cre")
    assert (
        np.median(lab_value[hba1c & has[:, DIABETES]]) > np.median(lab_value[hba1c & ~has[:, DIABETES]]) + 1
    )
    assert np.median(lab_value[creatinine & has[:, KIDNEY]]) > 1.5 * np.median(
        lab_value[creatinine & ~has[:, KIDNEY]]
    )
    hiv = np.flatnonzero(lab_name == "HIV抗体")
    assert (column("ordinal")[hiv].astype(float) == has[hiv, HIV]).all()


def test_alp_changes_its_method_and_height_hospital_by_hospital() -> None:
    assert FIRST_DAY < METHOD_CHANGE - 180 < METHOD_CHANGE + 180 < LAST_DAY
    alp = (lab_name == "ALP") & CLEAN & (lab_value > 0) & (lab_value < 5000)
    old = lab_code == METHODS_BEFORE["ALP"][0]
    assert 2.5 < np.median(lab_value[alp & old]) / np.median(lab_value[alp & ~old]) < 3.2
    days = set()
    for key, change in zip(COURSE.facilities.keys, COURSE.facilities.changed, strict=True):
        there = (lab_name == "ALP") & (key == FACILITY)
        assert (old[there] == (AT[there] < change)).all()
        days.add(change)
        assert abs((change - METHOD_CHANGE).astype(int)) <= 180
    assert len(days) > 6, "each on a day of its own"
    assert (column("method_code")[alp & old] != column("method_code")[alp & ~old][0]).all()


def test_units_differ_at_the_source_and_are_one_afterwards() -> None:
    units, sent = column("unit_ucum"), column("unit_source")
    assert set(units[lab_name == "Ca"]) == {"mg/dL"}
    assert set(sent[lab_name == "Ca"]) == {"mg/dL", "meq/L"}
    assert 0.02 < (sent[lab_name == "Ca"] == "meq/L").mean() < 0.2
    coarse = CLEAN & (sent == "meq/L") & (lab_name == "Ca") & (lab_value > 0) & (lab_value < 20)
    assert np.allclose(np.round(lab_value[coarse] * 5), lab_value[coarse] * 5)
    assert set(sent[lab_name == "WBC"]) == {"/uL", ".10*3/uL"}


def test_each_hospital_measures_thirty_to_forty_of_the_forty_three() -> None:
    measured = {key: set(lab_name[key == FACILITY]) for key in COURSE.facilities.keys.tolist()}
    of_the_43 = {item.name for item in ITEMS[:OF_THE_43]}
    assert all(len(names & of_the_43) <= 40 for names in measured.values())
    assert COURSE.facilities.measures[:, :OF_THE_43].sum(axis=1).min() >= 30
    for number, key in enumerate(COURSE.facilities.keys.tolist()):
        allowed = {ITEMS[place].name for place in np.flatnonzero(COURSE.facilities.measures[number])}
        assert measured[key] <= allowed


def test_dirt_has_its_shares() -> None:
    text, comparator, status = TABLE["value_text"], TABLE["comparator"], column("status")
    numeric = np.isin(lab_name, [item.name for item in ITEMS if item.scale in {"log", "plain"}])
    beyond = np.asarray(comparator.codes) >= 0  # type: ignore[union-attr]
    assert within(beyond.sum(), numeric.sum(), 0.04)
    words = numeric & np.isnan(lab_value)
    assert within(words.sum(), numeric.sum(), 0.015)
    assert (np.asarray(text.codes)[words] >= 0).all(), "a lost number left a word"  # type: ignore[union-attr]
    assert within((status == "C").sum(), COUNT, 0.01)
    assert within((numeric & np.isnan(column("ref_low"))).sum(), numeric.sum(), 0.06)
    impossible = CLEAN & (
        (lab_value < 0) | (lab_value > 500 * np.array([ITEMS[PLACE[n]].high[0] + 1 for n in lab_name]))
    )
    assert within(impossible.sum(), numeric.sum(), 0.003, 0.5)
    assert ((lab_value[CLEAN] != 0) | (lab_name[CLEAN] == "")).all()


def test_one_in_fifty_is_reported_twice_and_some_potassium_is_of_haemolysed_blood() -> None:
    item = np.asarray(TABLE["local_name"].codes)  # type: ignore[union-attr]
    key = column("encounter_key")
    twice = (key[1:] == key[:-1]) & (item[1:] == item[:-1])
    assert within(twice.sum(), COUNT, 0.02)
    potassium = CLEAN & (lab_name == "K") & (lab_value < 12) & (lab_value > 0)
    assert 0.002 < (lab_value[potassium] > 5.9).mean() < 0.02


def test_flags_follow_the_limits_of_the_sex() -> None:
    ranged = CLEAN & ~np.isnan(column("ref_low"))
    low, high = column("ref_low"), column("ref_high")
    inside = ranged & (lab_value >= low) & (lab_value <= high)
    assert set(lab_flag[inside]) == {"N"}
    assert set(lab_flag[ranged & (lab_value > high)]) == {"H", "HH"}
    assert set(lab_flag[ranged & (lab_value < low)]) == {"L", "LL"}
    haemoglobin = ranged & (lab_name == "Hb")
    assert set(low[haemoglobin & COURSE.people.female[PERSON]]) == {11.6}


def test_a_blood_group_is_one_per_person() -> None:
    groups: dict[int, set[Any]] = {}
    text = column("value_text")
    for row in np.flatnonzero(lab_name == "BLD-ABO").tolist():
        groups.setdefault(int(COURSE.people.same_as[PERSON[row]]), set()).add(text[row])
    assert groups
    assert all(len(found) == 1 for found in groups.values())


def test_values_have_their_items_decimals() -> None:
    for item in ITEMS:
        if item.scale in {"log", "plain"}:
            values = lab_value[CLEAN & (item.name == lab_name)]
            scaled = values * 10**item.decimals
            assert np.allclose(scaled, np.round(scaled), atol=1e-6), item.name
