"""Opt-outs over a real source: absent from the next build, stale in the old, whoever brings them back."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from catalog.adapters.duckdb_setup import create_tables
from catalog.adapters.stale_tables import StaleTables
from catalog.optouts import Named, Stale
from catalog.pseudonyms import pseudonym
from catalog.schema.canonical import CANONICAL
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, DeniedError, InvalidInputError
from enclave.projects import Cohort
from tests.support.catalog_house import PROJECT, WIDE_PERMIT, CatalogHouse

PEOPLE = """-- table: people
-- column patient_key: 仮名 / pseudonym
-- column sex: 性別 / sex
SELECT pseudonym(patient_key) AS patient_key, sex FROM patient"""
DAYS = 30
# key, facility, chart number, insurer, number, individual number, kana, born
PERSONS: tuple[tuple[int, int, str, str | None, str | None, str | None, str | None, str], ...] = (
    (1, 100, "C1", "01", "7", "111", "ﾔﾏﾀﾞ ﾊﾅｺ", "1980-01-01"),
    (2, 200, "D9", "01", "7", None, None, "1980-01-01"),  # person 1 by insurance, at another provider
    (3, 300, "E4", None, None, "111", None, "1980-01-01"),  # person 1 by individual number
    (4, 100, "C2", "02", "8", "222", "サトウ タロウ", "1970-02-02"),
    (5, 200, "C1", "03", "9", "333", "サトウタロウ", "1970-02-02"),  # person 4 by name, born on the same day
    (6, 100, "C3", "04", "5", "444", "サトウ タロウ", "1999-09-09"),  # the same name, another person
    (7, 100, "C4", None, None, None, None, "1960-06-06"),
    (8, 100, "C5", None, None, None, None, "1960-06-06"),
)


def fill(house: CatalogHouse, persons: Any = PERSONS) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        create_tables(source, CANONICAL, "")
        for key, facility, chart, insurer, number, individual, kana, born in persons:
            source.execute(
                "INSERT INTO patient (patient_key, sex, birth_date) VALUES (?, 'F', ?)", [key, born]
            )
            source.execute(
                "INSERT INTO patient_identity (patient_key, chart_no, insurer_no, insured_symbol, insured_no,"
                " my_number, name_kana) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [key, chart, insurer, insurer, number, individual, kana],
            )
            source.execute(
                "INSERT INTO encounter (encounter_key, patient_key, facility_key) VALUES (?, ?, ?)",
                [key + 1000, key, facility],
            )


@pytest.fixture
def house(tmp_path: Path) -> CatalogHouse:
    house = CatalogHouse(tmp_path)
    fill(house)
    house.adopt_views([("people", PEOPLE)])
    return house


def opt_out(house: CatalogHouse, named: Named, *, everywhere: bool = True) -> tuple[str, tuple[Stale, ...]]:
    return house.optouts.add("ste", named, DAYS, everywhere=everywhere)


def people(house: CatalogHouse, version: str) -> set[int]:
    """Whose rows an extract has, led back with the project's key."""
    key = house.producer.pseudonym_keys.find(PROJECT)
    assert key is not None
    back = {pseudonym(key, "patient", n): n for n in range(1, 20)}
    with house.opened(version) as extract:
        return {back[str(row[0])] for row in extract.execute("SELECT patient_key FROM x.people").fetchall()}


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
