"""Opt-outs over a real source: absent from the next build, stale in the old, whoever brings them back."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from catalog.adapters.stale_tables import StaleTables
from catalog.optouts import Named, Stale
from catalog.schema.canonical import CANONICAL
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, DeniedError, InvalidInputError
from enclave.projects import Cohort
from tests.support.catalog_house import PROJECT, WIDE_PERMIT, CatalogHouse
from tests.support.optout_people import PEOPLE, PERSONS, fill, people

DAYS = 30


@pytest.fixture
def house(tmp_path: Path) -> CatalogHouse:
    house = CatalogHouse(tmp_path)
    fill(house)
    house.adopt_views([("people", PEOPLE)])
    return house


def opt_out(house: CatalogHouse, named: Named, *, everywhere: bool = True) -> tuple[str, tuple[Stale, ...]]:
    return house.optouts.add("ste", named, DAYS, everywhere=everywhere)


def test_nobody_is_left_out_without_asking(house: CatalogHouse) -> None:
    assert house.build().persons == len(PERSONS)
    assert people(house, "v1") == {1, 2, 3, 4, 5, 6, 7, 8}


@pytest.mark.parametrize(
    ("named", "gone"),
    [
        (Named(100, "C1"), {1, 2, 3}),
        (Named(200, "D9"), {1, 2, 3}),
        (Named(200, "C1"), {4, 5}),
        (Named(patient_key=4), {4, 5}),
        (Named(patient_key=6), {6}),
        (Named(100, "C4"), {7}),
        (Named(300, "C1"), set()),
        (Named(patient_key=99), set()),
    ],
)
def test_whoever_opted_out_is_absent_at_every_provider(
    house: CatalogHouse, named: Named, gone: set[int]
) -> None:
    opt_out(house, named)
    house.build()
    assert people(house, "v1") == {1, 2, 3, 4, 5, 6, 7, 8} - gone


@pytest.mark.parametrize(
    "kana",
    ["サトウタロウ", "サトウ\u3000タロウ", "ｻﾄｳ ﾀﾛｳ", "さとう たろう", " サトウ  タロウ ", "サトウ\tタロウ"],
)
def test_a_name_is_the_same_however_it_is_written(house: CatalogHouse, kana: str) -> None:
    fill(house, [(9, 400, "Z1", None, None, None, kana, "1970-02-02")])
    opt_out(house, Named(100, "C2"))
    house.build()
    assert people(house, "v1") == {1, 2, 3, 6, 7, 8}


@pytest.mark.parametrize(
    ("one", "other"),
    [("ﾀﾞﾃ ｼﾞｭﾝ", "ダテ　ジュン"), ("ﾊﾟｸ ＫＥＩ", "パク kei"), ("だて じゅん", "タ\u3099テ シ\u3099ュン")],
)
def test_voiced_marks_and_wide_letters_are_what_they_stand_for(
    house: CatalogHouse, one: str, other: str
) -> None:
    fill(house, [(9, 400, "Z1", None, None, None, one, "1970-02-02")])
    fill(house, [(10, 500, "Z2", None, None, None, other, "1970-02-02")])
    fill(house, [(11, 500, "Z3", None, None, None, "タテ シユン", "1970-02-02")])
    opt_out(house, Named(400, "Z1"))
    house.build()
    assert people(house, "v1") == {1, 2, 3, 4, 5, 6, 7, 8, 11}


@pytest.mark.parametrize(
    "table",
    [t.name for t in CANONICAL.tables.values() if {"patient_key", "facility_key"} <= set(t.names)],
)
def test_whoever_was_at_a_provider_in_any_table_is_found_by_their_chart_number(
    house: CatalogHouse, table: str
) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("DELETE FROM encounter WHERE patient_key = 7")
    house.optouts.add("ste", Named(100, "C4"), DAYS, everywhere=True)
    assert house.build().left_out == 0
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute(f"INSERT INTO {table} (patient_key, facility_key) VALUES (7, 100)")
    assert house.build().left_out == 1


def test_under_the_other_policy_only_the_one_who_was_named(house: CatalogHouse) -> None:
    house.limits = replace(house.limits, everywhere=False)
    opt_out(house, Named(100, "C1"), everywhere=False)
    house.build()
    assert people(house, "v1") == {2, 3, 4, 5, 6, 7, 8}


def test_an_extract_is_stale_and_its_rebuild_takes_the_old_one_away(house: CatalogHouse) -> None:
    house.build()
    _, stale = opt_out(house, Named(100, "C1"))
    assert [(s.project, s.version, s.due - s.since) for s in stale] == [(PROJECT, "v1", timedelta(days=DAYS))]
    with house.read() as work:
        assert StaleTables(work.connection).all() == stale
    assert people(house, "v1") >= {1, 2, 3}, "the old one holds them: that is why it is stale"
    house.build()
    assert people(house, "v2") == {4, 5, 6, 7, 8}
    assert not house.extract_path("v1").exists()
    assert not house.extract_path("v1").with_name("v1.manifest.json").exists()
    with house.read() as work:
        assert StaleTables(work.connection).all() == ()
    assert house.kinds()[-1] == Kind.EXTRACT_RENEWED.value


def test_a_cohort_without_the_person_is_not_stale(house: CatalogHouse) -> None:
    with house.begin() as work:
        work.register.put_permit(replace(WIDE_PERMIT, cohort=Cohort(diagnosis_icd10=("E11",))))
    house.build()
    assert opt_out(house, Named(100, "C1"))[1] == ()


def test_an_opt_out_asks_for_a_new_look_at_the_risk(house: CatalogHouse) -> None:
    house.build()
    opt_out(house, Named(100, "C1"))
    with pytest.raises(ConflictError) as refused:
        house.steward.build("ste", PROJECT, "0" * 64)
    assert refused.value.code == "risk_not_accepted"


def test_who_comes_back_through_a_second_provider_stays_out(house: CatalogHouse) -> None:
    opt_out(house, Named(100, "C1"))
    fill(house, [(9, 400, "Z1", "01", "7", None, None, "1980-01-01")])
    house.build()
    assert 9 not in people(house, "v1")


def test_an_opt_out_ahead_of_the_data_holds_when_they_arrive(house: CatalogHouse) -> None:
    _, stale = opt_out(house, Named(500, "N1"))
    assert stale == ()
    fill(house, [(9, 500, "N1", None, None, None, None, "2001-01-01")])
    house.build()
    assert 9 not in people(house, "v1")


def test_a_flag_of_the_source_is_an_opt_out_too(house: CatalogHouse) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("UPDATE patient SET optout_flag = true WHERE patient_key = 1")
    house.build()
    assert people(house, "v1") == {4, 5, 6, 7, 8}


def test_the_proof_of_absence_is_in_the_record(house: CatalogHouse) -> None:
    opt_out(house, Named(100, "C1"))
    manifest = house.build()
    assert manifest.left_out == 3
    facts = _facts(house, Kind.EXTRACT_DONE)
    assert (facts["left_out"], facts["left_out_found"]) == (3, 0)


def test_the_proof_fails_when_the_cohort_lets_somebody_through(
    house: CatalogHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    opt_out(house, Named(100, "C1"))
    monkeypatch.setattr("catalog.adapters.prepared_source.LEFT_OUT", "(SELECT -1)")
    with pytest.raises(ConflictError) as refused:
        house.build()
    assert refused.value.code == "left_out_found"
    assert house.kinds()[-1] == Kind.EXTRACT_UNDONE.value
    assert not house.extract_path("v1").exists()


def test_the_same_opt_out_twice_is_one(house: CatalogHouse) -> None:
    house.build()
    number, stale = opt_out(house, Named(100, "C1"))
    house.clock.at += timedelta(hours=1)
    house.build()
    again, left = opt_out(house, Named(100, "C1"))
    assert again == number
    assert house.kinds().count(Kind.OPTOUT_ADDED.value) == 1
    assert {one.version for one in left} == {one.version for one in stale} == {"v1"}, "v2 does not hold them"


@pytest.mark.parametrize(
    "named",
    [
        Named(),
        Named(100),
        Named(None, "C1"),
        Named(100, "C1", 1),
        Named(100, "", 1),
        Named(None, "C1", 1),
        Named(100, "C1'; --"),
        Named(100, "あ"),
    ],
)
def test_half_a_name_is_nobody(house: CatalogHouse, named: Named) -> None:
    with pytest.raises(InvalidInputError):
        opt_out(house, named)
    assert Kind.OPTOUT_ADDED.value not in house.kinds()


@pytest.mark.parametrize("person", ["ota", "mei", "kan", "nobody"])
def test_only_a_steward_takes_an_opt_out(house: CatalogHouse, person: str) -> None:
    with pytest.raises(DeniedError):
        house.optouts.add(person, Named(100, "C1"), DAYS, everywhere=True)


def test_while_something_is_built_nobody_is_taken_out_from_under_it(house: CatalogHouse) -> None:
    with house.producer.extracts.exclusive(), pytest.raises(ConflictError) as refused:
        opt_out(house, Named(100, "C1"))
    assert refused.value.code == "build_running"


def test_nothing_on_record_says_who_it_was(house: CatalogHouse) -> None:
    house.build()
    opt_out(house, Named(100, "C1"))
    with house.read() as work:
        everything = [
            str(row)
            for table in ("ledger_leaf", "catalog_stale")
            for row in work.connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    assert not any('"C1"' in row or "'C1'" in row for row in everything)


def _facts(house: CatalogHouse, kind: Kind) -> dict[str, Any]:
    with house.read() as work:
        rows = work.connection.exec_driver_sql("SELECT data FROM ledger_leaf ORDER BY n DESC").fetchall()
    return next(
        facts["facts"] for facts in (json.loads(row[0]) for row in rows) if facts["kind"] == kind.value
    )
