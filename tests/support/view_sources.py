"""Sources that nobody chose: a schema with columns of every class and nature, and a few rows for it.

Made to let mistakes show. Keys, amounts and the constants of views come from the same small
numbers, so that a key compared with a constant sometimes fits; texts of codes, staff, direct
identifiers and constants overlap too. Rows tie, miss values and share keys. Amounts are
quarters, so that a sum is the same in whichever order it is taken. Every table has ``seq``, a
number no two of its rows share: with it a window can be ordered without ties.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from catalog.schema.columns import Column, ColumnClass, Nature, Schema, Table, schema_of

Value = int | float | str | bool | date | None
Rows = tuple[tuple[Value, ...], ...]

TEXTS = ("A", "B", "B1", "E11", "E11.9", "10", "3", "x_y")
"""Codes, and what constants of views are taken from."""
REGIONS = ("13101", "13102", "27100", "01100")
SEXES = ("F", "M")
STAFF = ("10", "3", "A", "S7")
NAMES = ("A", "B1", "3", "山田", "x_y", "", "Yamada Hanako")
"""Direct identifiers and free text: some look like codes."""
FIRST_DAY = date(2019, 12, 27)
_MISSING = 0.12


@dataclass(frozen=True, slots=True)
class Source:
    """A schema and the rows of each of its tables."""

    schema: Schema
    rows: Mapping[str, Rows]


def make_source(chance: random.Random) -> Source:
    """Two to four tables about persons, at least one other kind of thing, and rows for them."""
    schema = schema_of([_persons(chance), *(_events(chance, n) for n in range(chance.randint(1, 3)))])
    people = chance.randint(3, 6)
    rows = {table.name: _rows(chance, table, people) for table in schema.tables.values()}
    return Source(schema, rows)


def _persons(chance: random.Random) -> Table:
    optional = [
        _column("death_date", "QI", "DATE", Nature.EVENT),
        _column("weight", "CL", "DOUBLE", Nature.MEASURE),
        _column("level", "SE", "BIGINT"),
        _column("active", "AD", "BOOLEAN"),
        _column("doctor", "ST", "VARCHAR"),
        _key("mother_key", "patient"),
        _column("memo", "FT", "VARCHAR"),
        _column("number", "DI", "BIGINT"),
    ]
    columns = [
        _key("patient_key", "patient"),
        _column("birth_date", "QI", "DATE", Nature.BIRTH),
        _column("sex", "QI", "VARCHAR"),
        _column("municipality_code", "QI", "VARCHAR", Nature.REGION, "JIS X 0402"),
        _column("name", "DI", "VARCHAR"),
        *_some(chance, optional),
        _column("seq", "AD", "BIGINT"),
    ]
    return Table("patient", "患者", "patients", tuple(columns))


def _events(chance: random.Random, number: int) -> Table:
    """A table of things that happened: with an own key or not, about persons or about visits."""
    optional = [
        _column("day", "QI", "DATE", Nature.EVENT),
        _column("code", "CL", "VARCHAR", Nature.CODE),
        _column("value", "CL", "DOUBLE", Nature.MEASURE),
        _column("amount", "CL", "BIGINT", Nature.MEASURE),
        _column("sex", "AD", "VARCHAR"),
        _column("urgent", "AD", "BOOLEAN"),
        _column("ward", "ST", "VARCHAR"),
        _column("note", "FT", "VARCHAR"),
        _column("phone", "DI", "VARCHAR"),
        _column("source_ref", "DI", "BIGINT"),
        _key("slip_no", "slip", "VARCHAR"),
    ]
    own = [_key("visit_key", "visit")] if number == 0 else _some(chance, [_key("visit_key", "visit")])
    columns = [*own, _key("patient_key", "patient"), *_some(chance, optional), _column("seq", "AD", "BIGINT")]
    if number == 0:
        chosen = {column.name for column in columns}
        columns += [column for column in optional if column.name in {"day", "phone"} - chosen]
    return Table(("visit", "lab", "claim")[number], "できごと", "events", tuple(columns))


def _some(chance: random.Random, columns: list[Column]) -> list[Column]:
    return [column for column in columns if chance.random() < 0.6]


def _column(
    name: str, column_class: str, type_name: str, nature: Nature = Nature.PLAIN, codes: str = ""
) -> Column:
    return Column(name, ColumnClass(column_class), type_name, name, name, codes=codes, nature=nature)


def _key(name: str, entity: str, type_name: str = "BIGINT") -> Column:
    return Column(name, ColumnClass.LINKABLE, type_name, name, name, entity=entity)


def _rows(chance: random.Random, table: Table, people: int) -> Rows:
    count = people if table.name == "patient" else chance.randint(3, 12)
    numbers = chance.sample(range(1, 3 * count), count)
    rows = []
    for n in range(count):
        row = [drawn(chance, column, people) for column in table.columns]
        for place, column in enumerate(table.columns):
            if column.name == "seq":
                row[place] = numbers[n]
            elif place == 0 and column.entity and table.name in {"patient", "visit"}:
                row[place] = n + 1
        rows.append(tuple(row))
    return tuple(rows)


def drawn(chance: random.Random, column: Column, people: int) -> Value:
    """A value for a column, often missing or one that others have too."""
    if chance.random() < _MISSING:
        return None
    if column.entity:
        key = chance.randint(1, people if column.entity == "patient" else 6)
        return key if column.type == "BIGINT" else f"S{key}"
    if column.column_class in {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.FREE_TEXT}:
        return identifier(chance, column)
    if column.type == "DATE":
        if column.nature is Nature.BIRTH:
            return date(chance.randint(1940, 2010), chance.randint(1, 12), chance.randint(1, 28))
        return FIRST_DAY + timedelta(days=chance.randint(0, 9))
    by_type: dict[str, Any] = {
        "DOUBLE": lambda: chance.randint(0, 24) / 4,
        "BIGINT": lambda: chance.randint(0, 9),
        "BOOLEAN": lambda: chance.random() < 0.5,
    }
    if column.type in by_type:
        value: Value = by_type[column.type]()
        return value
    return chance.choice(_texts(column))


def _texts(column: Column) -> tuple[str, ...]:
    if column.nature is Nature.REGION:
        return REGIONS
    if column.column_class is ColumnClass.STAFF:
        return STAFF
    return SEXES if column.name == "sex" else TEXTS


def identifier(chance: random.Random, column: Column) -> Value:
    """A direct identifier or a free text, of the column's type."""
    return chance.randint(0, 9) if column.type == "BIGINT" else chance.choice(NAMES)
