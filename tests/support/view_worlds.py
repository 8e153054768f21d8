"""One source in several worlds that differ in identifiers only, and what a view gives in each.

World 0 is the source as it was made. In every other world each kind of key is renamed by a
random injection (so equality of keys is kept and their order is not), every direct identifier
and free text is drawn anew (equality, length and absence included), and the rows of every
table lie in another order. What stands beside the source follows the person: the same pseudonym
in every world, so that two extracts can be compared as they are, and the same days of a shift.
Decimals are compared to nine digits and places: a sum in another order may differ in the last.
"""

import random
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import duckdb

from catalog.adapters.duckdb_setup import create_tables, name
from catalog.schema.columns import Column, ColumnClass
from catalog.view_compiler import CompiledView
from catalog.views.places import SOURCE_KEY
from catalog.views.transforms_needs import Common
from tests.support.view_sources import Rows, Source, Value, drawn, identifier

WORLDS = 3
FAILED = "failed"
_DRAWN_ANEW = {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.FREE_TEXT}
_MOST_DAYS = 40
_COMMON = 2
"""Persons from which a value is common here."""

Extract = tuple[tuple[Any, ...], ...] | str
"""The rows of a view in their order, or the kind of error that it ended with."""
Renaming = Mapping[str, Mapping[Value, Value]]
"""Of each kind of thing, the key in this world for each key as it was made."""


class Worlds:
    """The worlds of one source, side by side in one database."""

    def __init__(self, source: Source, chance: random.Random) -> None:
        self.schema = source.schema
        self._source = source
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._count = 0
        self._common: set[str] = set()
        self._keys = _keys_of(source)
        self._pseudonyms = {
            entity: {
                key: str(uuid.UUID(int=chance.getrandbits(128), version=4)) for key in self._keys[entity]
            }
            for entity in source.schema.entities
        }
        self._days = {key: chance.randint(-_MOST_DAYS, _MOST_DAYS) for key in self._keys["patient"]}
        for number in range(WORLDS):
            renaming = {entity: _renamed(chance, found, number) for entity, found in self._keys.items()}
            rows = {
                table: _in_world(chance, source, table, renaming, number) for table in source.schema.tables
            }
            self._settle(rows, renaming)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def extract(self, view: CompiledView, number: int) -> Extract:
        """What the view gives in a world, pseudonyms led back."""
        self._connection.execute(f"USE w{number}")
        for need in view.needs:
            if isinstance(need, Common):
                self._find_common(need, number)
        try:
            rows = self._connection.execute(view.sql).fetchall()
        except duckdb.Error as error:
            return type(error).__name__
        compared = [tuple(_comparable(value) for value in row) for row in rows]
        # The last digit of a decimal can change which of two rows comes first; nothing else may.
        return tuple(sorted(compared, key=repr) if _decimals(rows) else compared)

    def redrawn(self, kept: frozenset[str], chance: random.Random) -> int:
        """One more world, in which every column but these (``table.column``) is drawn anew; its number."""
        rows = {}
        for table in self.schema.tables.values():
            marks = [f"{table.name}.{column.name}" in kept for column in table.columns]
            rows[table.name] = tuple(
                tuple(
                    old if stays else drawn(chance, column, 6)
                    for old, column, stays in zip(row, table.columns, marks, strict=True)
                )
                for row in self._source.rows[table.name]
            )
        same = {entity: {key: key for key in keys} for entity, keys in self._keys.items()}
        return self._settle(rows, same)

    def _settle(self, rows: Mapping[str, Rows], renaming: Renaming) -> int:
        number, self._count = self._count, self._count + 1
        self._connection.execute(f"ATTACH ':memory:' AS w{number}; USE w{number}")
        self._fill(rows)
        self._name_pseudonyms(renaming)
        self._shift(renaming["patient"])
        return number

    def _fill(self, rows: Mapping[str, Rows]) -> None:
        self._connection.execute("CREATE SCHEMA source; CREATE SCHEMA pseudonym; CREATE SCHEMA transform")
        create_tables(self._connection, self.schema, "source.")
        for table, listed in rows.items():
            marks = ", ".join(["(" + ", ".join("?" * len(listed[0])) + ")"] * len(listed))
            self._connection.execute(
                f"INSERT INTO source.{name(table)} VALUES {marks}",
                [value for row in listed for value in row],
            )

    def _name_pseudonyms(self, renaming: Renaming) -> None:
        for entity, shown in self._pseudonyms.items():
            table = f"pseudonym.{name(entity)}"
            self._connection.execute(f"CREATE TABLE {table} ({SOURCE_KEY} BIGINT, pseudonym UUID)")
            for key, pseudonym in shown.items():
                self._connection.execute(
                    f"INSERT INTO {table} VALUES (?, ?)", [renaming[entity][key], pseudonym]
                )

    def _find_common(self, need: Common, number: int) -> None:
        """The values that enough persons have, counted in this world."""
        if f"{need.table} {number}" in self._common:
            return
        self._common.add(f"{need.table} {number}")
        value = name(need.source_column)
        self._connection.execute(
            f"CREATE TABLE transform.{name(need.table)} AS SELECT {value} AS value"
            f" FROM source.{name(need.source_table)} GROUP BY 1 HAVING count(DISTINCT patient_key) >= {_COMMON}"
        )

    def _shift(self, people: Mapping[Value, Value]) -> None:
        self._connection.execute(f"CREATE TABLE transform.shift ({SOURCE_KEY} BIGINT, days INTEGER)")
        for key, here in people.items():
            self._connection.execute("INSERT INTO transform.shift VALUES (?, ?)", [here, self._days[key]])


def _keys_of(source: Source) -> dict[str, list[Value]]:
    """The keys of each kind of thing, wherever they stand."""
    found: dict[str, set[Value]] = {entity: set() for entity in source.schema.entities}
    for table in source.schema.tables.values():
        for place, column in enumerate(table.columns):
            if column.entity:
                found.setdefault(column.entity, set()).update(row[place] for row in source.rows[table.name])
    return {entity: sorted(keys - {None}, key=str) for entity, keys in found.items()}


def _renamed(chance: random.Random, keys: list[Value], number: int) -> dict[Value, Value]:
    """An injection; in world 0 every key stays as it is."""
    if number == 0:
        return {key: key for key in keys}
    names = chance.sample(range(1, 3 * len(keys) + 2), len(keys))
    if chance.random() < 0.2:
        names = [name_ + (chance.getrandbits(40) << 20) for name_ in names]
    return {
        key: name_ if isinstance(key, int) else f"S{name_}" for key, name_ in zip(keys, names, strict=True)
    }


def _in_world(chance: random.Random, source: Source, table: str, renaming: Renaming, number: int) -> Rows:
    columns = source.schema.tables[table].columns
    if number == 0:
        return source.rows[table]
    rows = [
        tuple(_changed(chance, column, value, renaming) for column, value in zip(columns, row, strict=True))
        for row in source.rows[table]
    ]
    chance.shuffle(rows)
    return tuple(rows)


def _changed(chance: random.Random, column: Column, value: Value, renaming: Renaming) -> Value:
    if column.entity:
        return renaming[column.entity].get(value)
    if column.column_class in _DRAWN_ANEW:
        return None if chance.random() < 0.2 else identifier(chance, column)
    return value


def _decimals(rows: list[tuple[Any, ...]]) -> bool:
    return any(isinstance(value, float) for row in rows for value in row)


def _comparable(value: Any) -> Any:
    if isinstance(value, float):
        return f"{round(value, 9) + 0.0:.9g}"  # a rounded -0 is 0
    if isinstance(value, list | tuple):
        return tuple(_comparable(part) for part in value)
    if isinstance(value, dict):
        return tuple((_comparable(key), _comparable(part)) for key, part in value.items())
    return value
