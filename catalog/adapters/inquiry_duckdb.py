"""The source as an inquiry looks at it: opened read-only, one patient's rows of every table.

Keys are read in pieces, so that a source of millions of patients needs little memory. Patients
are looked through first, then the other kinds of things from the smallest table to the largest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from catalog.adapters.duckdb_setup import connect, name
from catalog.adapters.prepared_source import attach_source
from catalog.inquiries import Match, behind
from catalog.schema.columns import Schema

PATIENT = "patient"
_KEY = "patient_key"
_PIECE = 100_000
_MEMORY = "4GB"


class InquiryDuckdb:
    """The ``InquirySource`` port over the source file."""

    def __init__(self, source: Path, schema: Schema) -> None:
        self._source = source
        self._schema = schema

    def records(self, key: bytes, wanted: Iterable[str]) -> tuple[dict[str, Any], ...]:
        with connect(memory_limit=_MEMORY) as connection:
            attach_source(connection, self._source)
            matches = behind(key, wanted, self._keys_of(connection))
            return tuple(self._record(connection, match) for match in matches)

    def _keys_of(
        self, connection: duckdb.DuckDBPyConnection
    ) -> Mapping[str, Callable[[], Iterator[Iterable[int]]]]:
        there = self._tables(connection)
        homes = {entity: home for entity, home in self._schema.entities.items() if home[0] in there}
        sizes = {entity: _count(connection, table) for entity, (table, _) in homes.items()}
        order = sorted(homes, key=lambda entity: (entity != PATIENT, sizes[entity], entity))
        return {entity: partial(_pieces, connection, *homes[entity]) for entity in order if sizes[entity]}

    def _record(self, connection: duckdb.DuckDBPyConnection, match: Match) -> dict[str, Any]:
        table, column = self._schema.entities[match.entity]
        patient = connection.execute(
            f"SELECT DISTINCT {_KEY} FROM origin.{name(table)} WHERE {name(column)} = ? ORDER BY 1",  # noqa: S608
            [match.source_key],
        ).fetchone()
        person = int(patient[0]) if patient else None
        tables = {
            one: _rows(connection, one, self._schema.tables[one].names, person)
            for one in self._tables(connection)
        }
        return {
            "pseudonym": match.pseudonym,
            "stands_for": {"entity": match.entity, "table": table, "column": column, "key": match.source_key},
            "records": {table: rows for table, rows in tables.items() if rows},
        }

    def _tables(self, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        """The tables with rows of patients that this source has; one from before a table was added lacks it."""
        rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'origin'")
        there = {str(row[0]) for row in rows.fetchall()}
        known = self._schema.tables.values()
        return tuple(one.name for one in known if one.name in there and one.column(_KEY) is not None)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM origin.{name(table)}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _pieces(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> Iterator[list[int]]:
    cursor = connection.cursor()
    cursor.execute(f"SELECT {name(column)} FROM origin.{name(table)} WHERE {name(column)} IS NOT NULL")  # noqa: S608
    while piece := cursor.fetchmany(_PIECE):
        yield [int(row[0]) for row in piece]


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], person: int | None
) -> list[dict[str, Any]]:
    shown = ", ".join(name(column) for column in columns)
    found = connection.execute(
        f"SELECT {shown} FROM origin.{name(table)} WHERE {_KEY} = ? ORDER BY {name(columns[0])}",  # noqa: S608
        [person],
    ).fetchall()
    return [dict(zip(columns, map(_plain, row), strict=True)) for row in found]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
