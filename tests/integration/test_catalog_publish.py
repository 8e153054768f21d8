"""Publishing the catalogue: counted in a real source, coarse before it leaves, kept in a real database."""

import json
from pathlib import Path

import pytest

from catalog.adapters.catalogue_duckdb import DuckdbFigures
from catalog.adapters.catalogue_tables import CatalogueTables, catalogue_finder, catalogues_of
from catalog.catalogue import Catalogue, CatalogueTable
from catalog.optouts import Named
from catalog.schema.canonical import CANONICAL
from catalog.use_cases.publish_catalogue import Coarseness, publish_catalogue
from enclave.audit.kinds import Kind
from enclave.errors import DeniedError
from tests.support.catalogues import AT, published
from tests.support.registry_house import RegistryHouse, write_registry

PEOPLE = """
INSERT INTO patient (patient_key, sex, birth_date, first_seen, optout_flag)
    SELECT i, CASE WHEN i % 2 = 0 THEN 'F' END, DATE '1980-01-01', DATE '2024-04-01', i > 37 FROM range(1, 41) t(i);
INSERT INTO diagnosis (diagnosis_key, patient_key, icd10, start_date, disclosure_flag)
    SELECT i, i, CASE WHEN i <= 12 THEN 'E11' WHEN i <= 14 THEN 'D13.7' ELSE 'I10' END,
        CASE WHEN i = 1 THEN DATE '1999-01-01' WHEN i <= 20 THEN DATE '2024-05-02' ELSE DATE '2024-06-03' END,
        CASE WHEN i = 5 THEN true END
    FROM range(1, 41) t(i);
INSERT INTO vital (vital_key, patient_key, ts, value_num) SELECT i, 3, TIMESTAMP '2024-05-02 10:00', 1 FROM range(1, 30) t(i);
INSERT INTO code_icd10 (code, name) VALUES ('E11', '2型糖尿病');
"""


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> RegistryHouse:
    (tmp_path / "house").mkdir()
    return RegistryHouse(tmp_path / "house")


def publish(house: RegistryHouse, who: str = "ste", *, everywhere: bool = True) -> Catalogue:
    source = house.producer.source
    figures = DuckdbFigures(source.path, source.opened, source.schema(), CANONICAL, everywhere=everywhere)
    return publish_catalogue(house.database, catalogues_of, source, figures, who, Coarseness(10, 100))


def fill(house: RegistryHouse) -> None:
    with house.producer.source.opened() as connection:
        connection.execute(PEOPLE)


def table(catalogue: Catalogue, name: str) -> CatalogueTable:
    found = catalogue.table(name)
    assert found is not None
    return found


def test_before_anything_was_published_there_is_nothing(house: RegistryHouse) -> None:
    assert catalogue_finder(house.database)() is None


def test_an_empty_source_has_every_data_set_and_no_row(house: RegistryHouse) -> None:
    catalogue = publish(house)
    assert {one.name for one in catalogue.tables} == set(CANONICAL.tables)
    assert all(one.empty for one in catalogue.tables if one.available)


def test_counts_leave_out_who_opted_out_and_are_coarse(house: RegistryHouse) -> None:
    fill(house)
    diagnosis = table(publish(house), "diagnosis")
    assert (diagnosis.rows, diagnosis.persons) == (30, 30)
    filled = {column.name: column.filled for column in diagnosis.columns}
    assert filled["icd10"] == 100
    assert filled["disclosure_flag"] is None
    assert filled["onset_date"] == 0
    assert filled["name_text"] is None


def test_whoever_opted_out_is_counted_nowhere_nor_at_another_provider(house: RegistryHouse) -> None:
    fill(house)
    with house.producer.source.opened() as connection:
        connection.execute(
            "INSERT INTO patient_identity (patient_key, my_number) SELECT i, '111' FROM range(1, 9) t(i)"
        )
    diagnosis = table(publish(house), "diagnosis")
    assert (diagnosis.rows, diagnosis.persons) == (30, 30)
    house.optouts.add("ste", Named(patient_key=1), 30, everywhere=True)
    diagnosis = table(publish(house, everywhere=False), "diagnosis")
    assert (diagnosis.rows, diagnosis.persons) == (30, 30), "36 are left"
    diagnosis = table(publish(house), "diagnosis")
    assert (diagnosis.rows, diagnosis.persons) == (20, 20), "29 are left"


def test_a_period_and_a_code_count_rest_on_enough_people(house: RegistryHouse) -> None:
    fill(house)
    diagnosis = table(publish(house), "diagnosis")
    assert (diagnosis.first, diagnosis.last) == ("2024-05", "2024-06")
    shared = {column.name: column.shared for column in diagnosis.columns}
    assert shared["icd10"] == 2
    assert shared["category"] is None


def test_many_rows_of_few_people_are_not_counted(house: RegistryHouse) -> None:
    fill(house)
    vital = table(publish(house), "vital")
    assert (vital.rows, vital.persons, vital.first) == (None, None, "")
    assert all(column.filled is None for column in vital.columns)


def test_many_values_of_one_person_are_not_told(house: RegistryHouse) -> None:
    fill(house)
    with house.producer.source.opened() as connection:
        connection.execute("UPDATE vital SET unit = 'mm[Hg]', device_flag = true")
        connection.execute(
            "INSERT INTO vital (vital_key, patient_key, value_num, device_flag)"
            " SELECT 100 + i, i, 1, i <= 20 OR NULL FROM range(1, 31) t(i)"
        )
    vital = table(publish(house), "vital")
    filled = {column.name: column.filled for column in vital.columns}
    assert (vital.rows, vital.persons, vital.first) == (50, 30, "")
    assert (filled["unit"], filled["value_num"], filled["device_flag"]) == (None, 100, 83)


def test_a_code_table_is_counted_by_rows_and_identities_not_at_all(house: RegistryHouse) -> None:
    fill(house)
    catalogue = publish(house)
    code, identity = table(catalogue, "code_icd10"), table(catalogue, "patient_identity")
    assert (code.rows, code.persons) == (1, None)
    assert (identity.rows, identity.persons, identity.available) == (None, None, False)


def test_registered_sources_stand_beside_ours(house: RegistryHouse, tmp_path: Path) -> None:
    house.settle_people()
    house.registered(write_registry(tmp_path / "r.duckdb"))
    case = table(publish(house), "cancer_case")
    assert (case.own, case.rows, case.persons) == (False, None, None)
    assert "diagnosed_on" in [column.name for column in case.columns]


def test_what_is_published_replaces_what_was_and_is_recorded(house: RegistryHouse) -> None:
    publish(house)
    fill(house)
    catalogue = publish(house)
    assert catalogue_finder(house.database)() == catalogue
    assert house.kinds().count(Kind.CATALOGUE_PUBLISHED.value) == 2
    with house.read() as work:
        rows = work.connection.exec_driver_sql(
            "SELECT data FROM ledger_leaf WHERE kind = 'catalogue.published'"
        )
        leaves = [json.loads(row[0])["facts"] for row in rows]
    assert leaves[0]["digest"] != leaves[1]["digest"]
    assert leaves[1]["least"] == 10


def test_only_a_steward_publishes(house: RegistryHouse) -> None:
    with pytest.raises(DeniedError):
        publish(house, "mei")
    assert catalogue_finder(house.database)() is None
    assert Kind.CATALOGUE_PUBLISHED.value not in house.kinds()


def test_everything_comes_back_as_it_was_put(house: RegistryHouse) -> None:
    with house.begin() as work:
        CatalogueTables(work.connection).put(published(), AT)
    assert catalogue_finder(house.database)() == published()
