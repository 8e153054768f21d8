"""The combination risk, counted over a real source by the real compiled views, and what it decides."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from catalog.adapters.duckdb_setup import create_tables
from catalog.cli.risk import lines
from catalog.combination_risk import Assessment, Classes
from catalog.schema.canonical import CANONICAL
from catalog.use_cases.assess_risk import RiskLimits
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, DeniedError, InvalidInputError
from tests.support.catalog_house import LIMITS, POLICY_DIGEST, PROJECT, CatalogHouse

PEOPLE = """-- table: people
-- profile: {profile}
-- column patient_key: 仮名 / pseudonym
-- column sex: 性別 / sex
-- column born: 生年月 / month of birth
SELECT pseudonym(patient_key) AS patient_key, sex, birth_month(birth_date) AS born FROM patient"""
VISITS = """-- table: illnesses
-- column patient_key: 仮名 / pseudonym
-- column icd10: 病名 / diagnosis
-- column started: 開始日 / start
SELECT pseudonym(patient_key) AS patient_key, icd10, start_date AS started FROM diagnosis"""
COUNTS = """-- table: counts
-- column sex: 性別 / sex
-- column n: 人数 / persons
SELECT sex, count(*) AS n FROM patient GROUP BY sex"""


@pytest.fixture
def house(tmp_path: Path) -> CatalogHouse:
    """Twelve women and three men of one month each, and one man alone in his; two share a diagnosis."""
    house = CatalogHouse(tmp_path)
    persons = [(n, "F", date(1980, 5, 1 + n)) for n in range(12)]
    persons += [(20 + n, "M", date(1971, 2, 3)) for n in range(3)]
    persons += [(30, "M", date(1930, 7, 7))]
    illnesses = [(n, n, "E119", date(2024, 1, 1)) for n in range(12)]
    illnesses += [
        (100, 0, "I10", date(2024, 2, 2)),
        (101, 1, "I10", date(2024, 2, 2)),
        (102, 30, "D137", date(2024, 3, 3)),
    ]
    with duckdb.connect(str(house.producer.source.path)) as source:
        create_tables(source, CANONICAL, "")
        source.executemany("INSERT INTO patient (patient_key, sex, birth_date) VALUES (?, ?, ?)", persons)
        source.executemany(
            "INSERT INTO diagnosis (diagnosis_key, patient_key, icd10, start_date) VALUES (?, ?, ?, ?)",
            illnesses,
        )
    return house


def assess(house: CatalogHouse, limits: RiskLimits = LIMITS) -> Assessment:
    return house.risks.assess("ste", PROJECT, POLICY_DIGEST, limits)


def test_classes_are_counted_by_persons(house: CatalogHouse) -> None:
    house.adopt_views([("people", PEOPLE.format(profile="pseudo"))])
    report = assess(house).report
    (people,) = report.tables
    assert people.quasi == ("sex", "born")
    assert people.classes == Classes(16, 1, 1, (1, 0, 3, 0, 12, 0, 0))
    assert report.steady == people.classes
    assert report.everything == people.classes


def test_a_persons_smallest_class_counts_and_tables_are_joined_per_person(house: CatalogHouse) -> None:
    house.adopt_views([("people", PEOPLE.format(profile="pseudo")), ("illnesses", VISITS)])
    report = assess(house).report
    illnesses = next(table for table in report.tables if table.table == "illnesses")
    # The first two stand in the class of twelve and in that of two; the man is alone.
    assert illnesses.classes == Classes(13, 1, 1, (1, 2, 0, 0, 10, 0, 0))
    assert report.steady is not None
    assert report.steady.smallest == 1
    assert report.everything == Classes(16, 1, 1, (1, 2, 3, 0, 10, 0, 0))


def test_rare_codes_are_counted_and_the_rarest_shown(house: CatalogHouse) -> None:
    house.adopt_views([("illnesses", VISITS)])
    assessment = assess(house)
    (codes,) = assessment.report.codes
    assert (codes.values, codes.rare, codes.persons) == (3, 2, 3)
    assert [(r.value, r.persons) for r in assessment.rarest] == [("D137", 1), ("I10", 2)]
    assert not assess(house, replace(LIMITS, anon_k=1, rare_below=1)).rarest
    printed = "\n".join(lines(assessment))
    assert "illnesses.icd10 = D137: 1" in printed
    assert "2 / 3 rare" in printed


def test_a_view_without_persons_is_counted_by_rows(house: CatalogHouse) -> None:
    house.adopt_views([("counts", COUNTS)])
    (counts,) = assess(house).report.tables
    assert not counts.by_person
    assert counts.classes == Classes(2, 1, 2, (2, 0, 0, 0, 0, 0, 0))
    assert assess(house).report.everything is None


def test_opted_out_people_hide_nobody(house: CatalogHouse) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("UPDATE patient SET optout_flag = true WHERE sex = 'F' AND patient_key < 11")
    house.adopt_views([("people", PEOPLE.format(profile="pseudo"))])
    assert assess(house).report.tables[0].classes.unique == 2


def test_nothing_is_built_before_the_risk_was_taken_on(house: CatalogHouse) -> None:
    house.adopt_views([("people", PEOPLE.format(profile="pseudo"))])
    for prepare in (lambda: None, lambda: assess(house)):
        prepare()
        with pytest.raises(ConflictError) as refused:
            house.steward.build("ste", PROJECT, POLICY_DIGEST)
        assert refused.value.code == "risk_not_accepted"
    assert Kind.EXTRACT_INTENDED.value not in house.kinds()
    house.take_on_risk()
    assert house.steward.build("ste", PROJECT, POLICY_DIGEST).persons == 16


def test_what_was_taken_on_is_not_what_is_in_force_after_a_change(house: CatalogHouse) -> None:
    house.adopt_views([("people", PEOPLE.format(profile="pseudo"))])
    digest = house.take_on_risk()
    house.adopt_views([("illnesses", VISITS)])
    with pytest.raises(ConflictError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "risk_not_accepted"
    with pytest.raises(ConflictError) as refused:
        house.risks.accept("ste", PROJECT, digest, "as before", POLICY_DIGEST, LIMITS)
    assert refused.value.code == "risk_not_assessed"


def test_anon_is_refused_under_its_k_by_acceptance_and_by_the_build(house: CatalogHouse) -> None:
    house.adopt_views([("people", PEOPLE.format(profile="anon"))])
    digest = assess(house).report.digest
    with pytest.raises(ConflictError) as refused:
        house.risks.accept("ste", PROJECT, digest, "please", POLICY_DIGEST, LIMITS)
    assert refused.value.code == "under_k"
    # Taken on while the board's k was 1: the build asks again, with the k of today.
    house.risks.accept("ste", PROJECT, digest, "k was 1", POLICY_DIGEST, replace(LIMITS, anon_k=1))
    with pytest.raises(ConflictError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "under_k"


def test_anon_over_its_k_is_built(house: CatalogHouse) -> None:
    with duckdb.connect(str(house.producer.source.path)) as source:
        source.execute("DELETE FROM patient WHERE sex = 'M'")
    house.adopt_views([("people", PEOPLE.format(profile="anon"))])
    assert house.build().persons == 12


@pytest.mark.parametrize("person", ["ota", "mei", "kan", "bo", "nobody"])
def test_only_a_steward_assesses_and_accepts(house: CatalogHouse, person: str) -> None:
    house.adopt_views([("people", PEOPLE.format(profile="pseudo"))])
    digest = assess(house).report.digest
    with pytest.raises(DeniedError):
        house.risks.assess(person, PROJECT, POLICY_DIGEST, LIMITS)
    with pytest.raises(DeniedError):
        house.risks.accept(person, PROJECT, digest, "me too", POLICY_DIGEST, LIMITS)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_a_reason_is_needed(house: CatalogHouse, reason: str) -> None:
    house.adopt_views([("people", PEOPLE.format(profile="pseudo"))])
    digest = assess(house).report.digest
    with pytest.raises(InvalidInputError):
        house.risks.accept("ste", PROJECT, digest, reason, POLICY_DIGEST, LIMITS)


def test_both_acts_are_on_record_and_no_value_is(house: CatalogHouse) -> None:
    house.adopt_views([("illnesses", VISITS)])
    digest = house.take_on_risk()
    assert house.kinds()[-2:] == [Kind.RISK_ASSESSED.value, Kind.RISK_ACCEPTED.value]
    with house.read() as work:
        leaves = [str(row[0]) for row in work.connection.exec_driver_sql("SELECT data FROM ledger_leaf")]
        kept = str(work.connection.exec_driver_sql("SELECT report FROM catalog_risk").scalar_one())
    assert digest in leaves[-1]
    assert "D137" not in "".join([*leaves, kept])
    assert "a test of the build" not in "".join(leaves)


def test_nothing_is_left_on_the_disk_by_counting(house: CatalogHouse) -> None:
    house.adopt_views([("illnesses", VISITS)])
    before = sorted(house.settings.producer_home.rglob("*"))
    assess(house)
    assert sorted(house.settings.producer_home.rglob("*")) == before
