"""Changing only identifiers of the source never changes an extract, up to its pseudonyms.

Every honest view is run over a small hospital and over the same one in which each key was
renamed and each direct identifier and free text was replaced; the rows must be the same once
pseudonyms are led back to whom they stand for. The last tests show that the property has teeth.
"""

import random
from collections import Counter
from functools import cache
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.adapters.duckdb_setup import create_tables
from catalog.adapters.source_duckdb import _column
from catalog.hospital.people import Scale
from catalog.hospital.tables import make_tables
from catalog.pseudonyms import pseudonyms
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import ColumnClass
from catalog.view_compiler import compile_view
from tests.support.catalog_views import HONEST

KEY = bytes(range(32))
NAMES = sorted(HONEST)


@cache
def tables(seed: int) -> dict[str, pd.DataFrame]:
    made = make_tables(Scale(4, seed))
    return {
        table: pd.DataFrame({column: _column(data) for column, data in columns.items()})
        for table, columns in made.items()
    }


def database(seed: int, renaming: int | None) -> tuple[duckdb.DuckDBPyConnection, dict[str, str]]:
    """The hospital, its identifiers renamed or not, and from pseudonyms back to rows' first keys."""
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE SCHEMA source; CREATE SCHEMA pseudonym")
    create_tables(connection, CANONICAL, "source.")
    renamed: dict[str, dict[int, int]] = {}
    back: dict[str, str] = {}
    for table, frame in tables(seed).items():
        changed = frame.copy()
        for column in CANONICAL.tables[table].columns:
            if column.name not in changed:
                continue
            if column.column_class is ColumnClass.LINKABLE:
                names = renamed.setdefault(column.entity, {})
                changed[column.name] = [_rename(names, int(k), renaming) for k in frame[column.name]]
            elif renaming is not None and column.column_class in {
                ColumnClass.DIRECT_IDENTIFIER,
                ColumnClass.FREE_TEXT,
            }:
                changed[column.name] = [f"changed {renaming} {n}" for n in range(len(changed))]
        connection.register("arriving", changed)
        connection.execute(f'INSERT INTO source."{table}" BY NAME SELECT * FROM arriving')
        connection.unregister("arriving")
    for entity in CANONICAL.entities:
        names = renamed.get(entity, {})
        shown = pseudonyms(KEY, entity, names.values())
        back.update(zip(shown, (f"{entity} {key}" for key in names), strict=True))
        connection.execute(f"CREATE TABLE pseudonym.{entity} (source_key BIGINT, pseudonym UUID)")
        if names:
            frame = pd.DataFrame({"k": list(names.values()), "p": shown})
            connection.register("arriving", frame)
            connection.execute(f"INSERT INTO pseudonym.{entity} SELECT * FROM arriving")
            connection.unregister("arriving")
    return connection, back


def _rename(names: dict[int, int], key: int, renaming: int | None) -> int:
    if key not in names:
        # Deterministic and injective: the order of keys changes, their equality does not.
        names[key] = key if renaming is None else random.Random(f"{renaming}:{key}").getrandbits(62)
    return names[key]


@cache
def rows(sql: str, seed: int, renaming: int | None) -> Counter[tuple[Any, ...]]:
    connection, back = database(seed, renaming)
    with connection:
        found = connection.execute(sql).fetchall()
    return Counter(
        tuple(back.get(str(c), round(c, 6) if isinstance(c, float) else c) for c in row) for row in found
    )


@settings(max_examples=50, deadline=None)
@given(name=st.sampled_from(NAMES), seed=st.integers(0, 3), renaming=st.integers(0, 10**6))
def test_renaming_identifiers_changes_no_row(name: str, seed: int, renaming: int) -> None:
    view = compile_view(HONEST[name], CANONICAL).view
    assert view is not None
    assert rows(view.sql, seed, None) == rows(view.sql, seed, renaming)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT patient_key % 10 FROM source.patient",
        "SELECT min(patient_key) FROM source.patient",
        "SELECT row_number() OVER (ORDER BY patient_key), sex, birth_date FROM source.patient",
        "SELECT count(*) FROM source.patient_identity WHERE phone LIKE '0%'",
        "SELECT p.sex FROM source.patient p JOIN source.encounter e ON p.patient_key < e.encounter_key",
        "SELECT text FROM source.document",
    ],
)
def test_what_the_compiler_refuses_would_interfere(sql: str) -> None:
    assert any(rows(sql, 1, None) != rows(sql, 1, renaming) for renaming in range(5))
