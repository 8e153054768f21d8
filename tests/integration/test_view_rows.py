"""Compiled views over rows: what the compiler wrote means what the steward wrote, and no tie shows.

The rows are few and alike on purpose, so that windows, firsts and lasts meet ties everywhere.
"""

import random
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from catalog.adapters.duckdb_setup import create_tables
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import Column, ColumnClass
from catalog.view_compiler import compile_view
from catalog.views.coded import key_places, shown_kinds
from tests.support.catalog_views import HONEST

WORDS = {
    "icd10": ["E11", "E119", "I210", "I50", "C34"],
    "jlac10": ["3D046000001920402", "3C015000002327101", "3F077000002327101"],
    "yj": ["3969007", "2189015", "2149001"],
    "sex": ["F", "M"],
    "kind": ["IMP", "AMB"],
    "status": ["F", "C"],
    "rec": ["IY"],
}
PEOPLE, EVENTS = 6, 20
Tables = dict[str, list[list[Any]]]


def _value(column: Column, chance: random.Random) -> Any:
    days = timedelta(days=chance.choice([0, 1, 30, 200]))
    choices: dict[str, list[Any]] = {
        "VARCHAR": WORDS.get(column.name, ["A", "1", None]),
        "VARCHAR[]": [[], ["8002"]],
        "BOOLEAN": [True, False, None],
        "DATE": [date(2022, 1, 1) + days],
        "TIMESTAMP": [datetime(2022, 1, 1) + days],  # noqa: DTZ001  the source's times have no zone
        "DOUBLE": [1.0, 6.5, 30.0, None],
    }
    return chance.choice(choices.get(column.type, [1, 2, 3, None]))


def _made(seed: int) -> Tables:
    chance = random.Random(seed)
    tables: Tables = {}
    for table in CANONICAL.tables.values():
        count = PEOPLE if table.name.startswith("patient") else EVENTS
        tables[table.name] = [
            [
                (place if first == 0 else chance.randrange(PEOPLE))
                if column.entity and column.type == "BIGINT"
                else _value(column, chance)
                for first, column in enumerate(table.columns)
            ]
            for place in range(count)
        ]
    return tables


def _world(tables: Tables, renaming: int) -> duckdb.DuckDBPyConnection:
    """The rows with every key renamed, every identifier drawn anew, and in another order."""
    chance = random.Random(renaming)
    names: dict[tuple[str, int], int] = {}
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE SCHEMA source; CREATE SCHEMA pseudonym")
    create_tables(connection, CANONICAL, "source.")
    for table in CANONICAL.tables.values():
        rows = []
        for row in tables[table.name]:
            changed = list(row)
            for place, column in enumerate(table.columns):
                if column.entity and column.type == "BIGINT":
                    key = (column.entity, row[place])
                    changed[place] = names.setdefault(key, chance.getrandbits(62))
                elif column.column_class in {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.FREE_TEXT}:
                    changed[place] = f"{chance.random()}"
            rows.append(changed)
        chance.shuffle(rows)
        marks = ", ".join("?" * len(table.columns))
        connection.executemany(f'INSERT INTO source."{table.name}" VALUES ({marks})', rows)
    for kind in shown_kinds(CANONICAL):
        connection.execute(f'CREATE TABLE pseudonym."{kind}" (source_key BIGINT, pseudonym UUID)')
        listed = {key: now for (entity, key), now in names.items() if entity == kind} or {
            n: n for n in range(9)
        }
        shown = [[now, str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {key}"))] for key, now in listed.items()]
        connection.executemany(f'INSERT INTO pseudonym."{kind}" VALUES (?, ?)', shown)
    return connection


@pytest.fixture(scope="module")
def worlds() -> Iterator[list[duckdb.DuckDBPyConnection]]:
    made = [_world(_made(7), renaming) for renaming in range(3)]
    yield made
    for connection in made:
        connection.close()


def _rows(connection: duckdb.DuckDBPyConnection, text: str) -> Counter[tuple[str, ...]]:
    view = compile_view(text, CANONICAL).view
    assert view is not None
    return Counter(
        tuple(f"{value:.6g}" if isinstance(value, float) else str(value) for value in row)
        for row in connection.execute(view.sql).fetchall()
    )


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_view_gives_the_same_rows_under_other_identifiers(
    name: str, worlds: list[duckdb.DuckDBPyConnection]
) -> None:
    first, *others = (_rows(world, HONEST[name]) for world in worlds)
    assert all(other == first for other in others)


def test_most_honest_views_have_rows_here(worlds: list[duckdb.DuckDBPyConnection]) -> None:
    empty = [name for name, text in HONEST.items() if not _rows(worlds[0], text)]
    assert len(empty) < len(HONEST) / 6


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (
            "SELECT DISTINCT ON (sex) sex, height_cm FROM patient ORDER BY sex, height_cm DESC NULLS LAST",
            "SELECT sex, max(height_cm) FROM source.patient GROUP BY sex",
        ),
        (
            "SELECT arg_max(sex, height_cm) AS s, arg_min(height_cm, height_cm) AS h FROM patient",
            (
                "SELECT max(sex) FILTER (height_cm = (SELECT max(height_cm) FROM source.patient)),"
                " min(height_cm) FROM source.patient"
            ),
        ),
        (
            (
                "SELECT days, count(*) AS n FROM patient FULL JOIN claim USING (patient_key)"
                " WHERE patient_key IS NOT NULL GROUP BY days"
            ),
            "SELECT days, count(*) FROM source.patient FULL JOIN source.claim USING (patient_key) GROUP BY days",
        ),
        (
            (
                "SELECT count(DISTINCT k) AS n FROM (SELECT coalesce(a.patient_key, b.patient_key) AS k"
                " FROM patient a FULL JOIN claim b ON a.patient_key = b.patient_key) q"
            ),
            "SELECT count(DISTINCT patient_key) FROM source.patient",
        ),
        (
            (
                "WITH v(code, name) AS (VALUES ('F', 'woman'), ('M', 'man'))"
                " SELECT v.name, count(*) AS n FROM patient p JOIN v ON v.code = p.sex GROUP BY ALL"
            ),
            "SELECT CASE sex WHEN 'F' THEN 'woman' ELSE 'man' END, count(*) FROM source.patient GROUP BY 1",
        ),
        (
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY value_num) AS m FROM lab_result",
            "SELECT median(value_num) FROM source.lab_result",
        ),
        (
            "SELECT sum(days) OVER w AS s FROM claim WINDOW w AS (PARTITION BY kind ORDER BY month)",
            "SELECT sum(days) OVER (PARTITION BY kind ORDER BY month) FROM source.claim",
        ),
    ],
)
def test_what_is_written_out_means_what_was_written(
    written: str, plain: str, worlds: list[duckdb.DuckDBPyConnection]
) -> None:
    expected = Counter(
        tuple(f"{value:.6g}" if isinstance(value, float) else str(value) for value in row)
        for row in worlds[0].execute(plain).fetchall()
    )
    assert _rows(worlds[0], written) == expected


def test_an_institution_has_no_home_and_is_read_from_every_table() -> None:
    places = key_places(CANONICAL, "facility")
    assert ("claim", "facility_key") in places
    assert ("encounter", "facility_key") in places
    assert key_places(CANONICAL, "patient") == (("patient", "patient_key"),)
    assert key_places(CANONICAL, "nothing") == key_places(CANONICAL, "") == ()
