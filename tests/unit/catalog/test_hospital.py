"""The invented hospital as tables: the same from the same numbers, of the schema, coherent, in parts."""

from typing import Any

import numpy as np
import pytest

import catalog.hospital.scale
from catalog.adapters.source_duckdb import _column
from catalog.hospital.coded import Coded, Tables
from catalog.hospital.scale import SCALES, Part, Scale
from catalog.hospital.tables import make_parts, make_tables
from catalog.schema.canonical import CANONICAL
from catalog.use_cases.take_in import check_scale, generated_digest
from enclave.errors import InvalidInputError

TABLES = make_tables(Scale(400, 11))
EXPECTED_ROWS = [50, 50, 570, 2, 365, 1125, 124, 6009]
EXPECTED_NAMES = ["山崎　誠", "岡口　康弘", "浜井　陽子"]
EXPECTED_SUM = 2_031_263.67


def column(table: str, name: str, tables: Tables = TABLES) -> Any:
    return np.asarray(_column(tables[table][name]))


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, Coded):
        return one.listed == other.listed and np.array_equal(one.codes, other.codes)
    return np.array_equal(one, other, equal_nan=one.dtype.kind in "fM")


def test_the_same_numbers_give_the_same_hospital_and_others_another() -> None:
    again, other = make_tables(Scale(400, 11)), make_tables(Scale(400, 12))
    for table, columns in TABLES.items():
        for name, data in columns.items():
            assert equal(data, again[table][name]), (table, name)
    assert not np.array_equal(column("patient", "birth_date"), np.asarray(other["patient"]["birth_date"]))


def test_rows_are_those_they_were_when_this_version_was_made() -> None:
    """Another machine, or a changed generator whose version was not raised, shows here."""
    tables = make_tables(Scale(50, 1))
    assert [len(next(iter(columns.values()))) for columns in tables.values()][:8] == EXPECTED_ROWS
    assert column("patient_identity", "name_kanji", tables)[:3].tolist() == EXPECTED_NAMES
    values = column("lab_result", "value_num", tables)
    assert round(float(np.nansum(values)), 2) == EXPECTED_SUM


def test_every_column_is_one_of_the_schemas_and_of_equal_length() -> None:
    assert set(CANONICAL.tables) == set(TABLES), "views of every table have rows"
    for table, columns in TABLES.items():
        assert set(columns) <= set(CANONICAL.tables[table].names), table
        assert len({len(np.asarray(_column(data))) for data in columns.values()}) == 1, table


def test_keys_are_unique_and_every_reference_leads_somewhere() -> None:
    homes = {entity: (table, key) for entity, (table, key) in CANONICAL.entities.items() if table in TABLES}
    for table, columns in TABLES.items():
        first = CANONICAL.tables[table].columns[0]
        if first.entity:
            assert len(set(column(table, first.name))) == len(column(table, first.name)), table
            assert (column(table, first.name) > 0).all()
        for known in CANONICAL.tables[table].columns:
            if known.entity in homes and known.name in columns and known.name != "rx_key":
                home, key = homes[known.entity]
                assert set(column(table, known.name)) <= set(column(home, key)), (table, known.name)


def test_nothing_happens_before_birth_or_after_death() -> None:
    born = dict(zip(column("patient", "patient_key"), column("patient", "birth_date"), strict=True))
    died = dict(zip(column("death", "patient_key"), column("death", "death_date"), strict=True))
    for table, name in (
        ("encounter", "admit_ts"),
        ("lab_result", "specimen_ts"),
        ("diagnosis", "start_date"),
    ):
        for key, at in zip(
            column(table, "patient_key"), column(table, name).astype("datetime64[D]"), strict=True
        ):
            assert at >= born[key]
            assert at <= died.get(key, np.datetime64("2025-01-01"))


def test_stays_that_end_in_death_end_on_that_day() -> None:
    tables = make_tables(Scale(6000, 2))
    ends = column("encounter", "disposition", tables) == "20"
    died = dict(
        zip(column("death", "patient_key", tables), column("death", "death_date", tables), strict=True)
    )
    keys = column("encounter", "patient_key", tables)[ends]
    left = column("encounter", "discharge_ts", tables)[ends].astype("datetime64[D]")
    assert len(keys) > 10
    assert all(died[key] == day for key, day in zip(keys, left, strict=True))
    assert 0.06 < len(keys) / len(died) < 0.18, "twelve of a hundred die in hospital"


def test_a_hospital_in_parts_is_one_hospital(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog.hospital.scale, "PART", 60)
    parts = list(make_parts(Scale(150, 4)))
    assert [len(part["patient"]["patient_key"]) for part in parts] == [60, 60, 30]
    for table, columns in parts[0].items():
        first = CANONICAL.tables[table].columns[0]
        if first.entity:
            keys = [key for part in parts for key in column(table, first.name, part).tolist()]
            assert len(set(keys)) == len(keys), table
        else:
            assert all(table not in part for part in parts[1:]), f"{table} comes once"
        assert set(columns) >= set(parts[-1].get(table, {}))
    rare = [icd for part in parts for icd in column("diagnosis", "icd10", part) if icd == "D137"]
    assert len(rare) == 1, "one patient of a hospital has it, not one of each part"
    assert len({chart for part in parts for chart in column("patient_identity", "chart_no", part)}) == 150
    again = list(make_parts(Scale(150, 4)))[2]
    assert equal(again["lab_result"]["value_num"], parts[2]["lab_result"]["value_num"])


def test_keys_differ_by_entity_seed_size_and_part() -> None:
    made = [
        Part(Scale(9, 1)).keys("patient", 3),
        Part(Scale(9, 1)).keys("encounter", 3),
        Part(Scale(9, 2)).keys("patient", 3),
        Part(Scale(8, 1)).keys("patient", 3),
        Part(Scale(9, 1), 1).keys("patient", 3),
    ]
    assert len({key for keys in made for key in keys.tolist()}) == 15
    with pytest.raises(ValueError, match="more rows"):
        Part(Scale(9, 1)).keys("patient", 2**25 + 1)


@pytest.mark.parametrize(("patients", "seed"), [(0, 1), (-1, 1), (2_000_001, 1), (5, -1), (5, 2**32)])
def test_a_scale_out_of_bounds_is_refused(patients: int, seed: int) -> None:
    with pytest.raises(InvalidInputError):
        check_scale(patients, seed)


def test_the_smallest_hospital_can_be_made() -> None:
    assert len(np.asarray(make_tables(check_scale(1, 0))["patient"]["patient_key"])) == 1
    assert generated_digest(Scale(1, 0)) != generated_digest(Scale(1, 1))


def test_every_named_scale_is_within_bounds_and_too_large_for_one_piece_above_small() -> None:
    for patients in SCALES.values():
        check_scale(patients, 1)
    assert [len(Scale(patients, 1).parts) for patients in SCALES.values()] == [1, 1, 5, 45, 95]
    with pytest.raises(ValueError, match="parts"):
        make_tables(Scale(SCALES["medium"], 1))
