"""Eight people at several providers, some of whom are the same person, and a view of all of them."""

from typing import Any

import duckdb

from catalog.adapters.duckdb_setup import create_tables
from catalog.pseudonyms import pseudonym
from catalog.schema.canonical import CANONICAL
from tests.support.catalog_house import PROJECT, CatalogHouse

PEOPLE = """-- table: people
-- column patient_key: 仮名 / pseudonym
-- column sex: 性別 / sex
SELECT pseudonym(patient_key) AS patient_key, sex FROM patient"""
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
    """Put them into the source."""
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


def people(house: CatalogHouse, version: str) -> set[int]:
    """Whose rows an extract has, led back with the project's key."""
    key = house.producer.pseudonym_keys.find(PROJECT)
    assert key is not None
    back = {pseudonym(key, "patient", n): n for n in range(1, 20)}
    with house.opened(version) as extract:
        return {back[str(row[0])] for row in extract.execute("SELECT patient_key FROM x.people").fetchall()}
