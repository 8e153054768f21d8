"""Rows on their way into the source: tuples in the order of a table's columns.

A row is made by naming columns, so that a misspelt one is an error at once and a column that
a source does not know is empty, never shifted.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeAlias

from catalog.schema.columns import Schema

Cell: TypeAlias = "str | int | float | bool | date | datetime | tuple[str, ...] | None"
Row: TypeAlias = "tuple[Cell, ...]"


class RowSet:
    """Rows by table, the first row of a key winning over later ones of the same key."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._rows: dict[str, dict[Cell, Row]] = {}

    def add(self, table: str, values: Mapping[str, Cell]) -> None:
        """Add a row; a row of that key that is already there stays as it is."""
        columns = self._schema.tables[table].names
        unknown = set(values) - set(columns)
        if unknown:
            raise KeyError(f"{table} has no column {sorted(unknown)}")
        row = tuple(values.get(name) for name in columns)
        self._rows.setdefault(table, {}).setdefault(row[0], row)

    def widen(self, table: str, key: Cell, lowest: str, highest: str, value: date) -> None:
        """Let a row's two dates reach as far as ``value``."""
        columns = self._schema.tables[table].names
        row = list(self._rows[table][key])
        for name, choose in ((lowest, min), (highest, max)):
            at = columns.index(name)
            held = row[at]
            row[at] = choose(held, value) if isinstance(held, date) else value
        self._rows[table][key] = tuple(row)

    def tables(self) -> Iterable[str]:
        return tuple(self._rows)

    def rows(self, table: str) -> list[Row]:
        return list(self._rows.get(table, {}).values())

    def count(self, table: str) -> int:
        return len(self._rows.get(table, {}))
