"""The catalogue's figures, counted in the source.

One look over each table for its rows, its persons and how far its columns are filled; one more
for the months it covers and one for each column of codes. What leaves this module is coarse.
Whoever a build would leave out is counted nowhere.
"""

from pathlib import Path

import duckdb

from catalog.adapters.duckdb_setup import connect, name
from catalog.adapters.optout_duckdb import show_left_out
from catalog.adapters.prepared_source import LEFT_OUT, attach_source
from catalog.adapters.source_registered import Opened
from catalog.catalogue import PROVENANCE, CatalogueTable, Figures, Use, coarse, described, use_of
from catalog.schema.columns import Column, Nature, Schema, Table

_PATIENT_KEY = "patient_key"
_PEOPLE = f"SELECT patient_key FROM patient WHERE patient_key NOT IN (FROM {LEFT_OUT})"  # noqa: S608  a name of ours
_DATES = frozenset({"DATE", "TIMESTAMP"})


class DuckdbFigures:
    """The ``SourceFigures`` port over ``source.duckdb``."""

    def __init__(
        self, path: Path, opened: Opened, schema: Schema, canonical: Schema, *, everywhere: bool
    ) -> None:
        self._path = path
        self._opened = opened
        self._schema = schema
        self._canonical = canonical
        self._everywhere = everywhere

    def count(self, least: int) -> tuple[CatalogueTable, ...]:
        with self._opened():
            pass  # a table that the schema has and the source has not yet is made
        with connect() as connection:
            attach_source(connection, self._path)
            show_left_out(connection, everywhere=self._everywhere)
            connection.execute("USE origin")
            figures = [
                (table.name, _Counting(connection, table, least).figures())
                for table in self._schema.tables.values()
            ]
        return described(self._schema, self._canonical, figures)


class _Counting:
    """One table being counted. Every name comes from the schema and is quoted."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, table: Table, least: int) -> None:
        self._connection = connection
        self._table = table
        self._least = least
        self._relation = name(table.name)
        if _PATIENT_KEY in table.names:
            self._relation = f"(SELECT * FROM {self._relation} WHERE patient_key IN ({_PEOPLE}))"  # noqa: S608
        keys = [column.name for column in table.columns if column.entity]
        self._person = name(_PATIENT_KEY if _PATIENT_KEY in keys else keys[0]) if keys else ""

    def figures(self) -> Figures:
        if not any(
            use_of(c.column_class) is Use.VALUE and c.name not in PROVENANCE for c in self._table.columns
        ):
            return Figures(None, None)
        persons = f"count(DISTINCT {self._person})" if self._person else "0"
        columns = ", ".join(f"count({name(column)})" for column in self._table.names)
        rows, people, *held = self._row(f"SELECT count(*), {persons}, {columns} FROM {self._relation}")  # noqa: S608
        if rows == 0:
            return Figures(0, 0 if self._person else None)
        if self._person and people < self._least:
            return Figures(None, None)
        first, last = self._period(held)
        return Figures(
            coarse(rows, self._least) if self._person else rows,
            coarse(people, self._least) if self._person else None,
            first,
            last,
            tuple(
                self._share(column, count, rows)
                for column, count in zip(self._table.columns, held, strict=True)
            ),
            tuple(self._shared(column) for column in self._table.columns),
        )

    def _share(self, column: Column, held: int, rows: int) -> int | None:
        """In whole hundredths, when enough persons have a value; that a few rows have none is not told."""
        if held == 0 or use_of(column.column_class) is not Use.VALUE:
            return 0
        if self._person and rows - held < self._least:
            return 100
        if self._person and held < rows:
            filled = f"FROM {self._relation} WHERE {name(column.name)} IS NOT NULL"
            if self._row(f"SELECT count(DISTINCT {self._person}) {filled}")[0] < self._least:
                return None
        return held * 100 // rows

    def _period(self, held: list[int]) -> tuple[str, str]:
        """Of the event that most rows tell of."""
        told = [
            (count, c) for count, c in zip(held, self._table.columns, strict=True) if _tells_when(c) and count
        ]
        if not told or not self._person:
            return "", ""
        _, event = max(told, key=lambda one: one[0])
        months = (
            f"SELECT strftime({name(event.name)}, '%Y-%m') AS month FROM {self._relation}"  # noqa: S608
            f" WHERE {name(event.name)} IS NOT NULL GROUP BY month"
            f" HAVING count(DISTINCT {self._person}) >= {self._least:d}"
        )
        first, last = self._row(f"SELECT min(month), max(month) FROM ({months})")  # noqa: S608
        return str(first or ""), str(last or "")

    def _shared(self, column: Column) -> int | None:
        coded = column.type == "VARCHAR" and (column.nature is Nature.CODE or column.codes == "JLAC10")
        if not coded or not self._person or use_of(column.column_class) is not Use.VALUE:
            return None
        values = (
            f"SELECT {name(column.name)} FROM {self._relation} WHERE {name(column.name)} IS NOT NULL"  # noqa: S608
            f" GROUP BY ALL HAVING count(DISTINCT {self._person}) >= {self._least:d}"
        )
        return int(self._row(f"SELECT count(*) FROM ({values})")[0])  # noqa: S608

    def _row(self, query: str) -> tuple[int, ...]:
        row = self._connection.execute(query).fetchone()
        return row if row is not None else ()


def _tells_when(column: Column) -> bool:
    return column.nature is Nature.EVENT and column.type in _DATES and column.name not in PROVENANCE
