"""What a column is: its class decides where it may stand, and nothing else does.

Rules:

1. Every column has exactly one class. A column without a class cannot be written down here.
2. Where two classes fit, the stricter one is taken (sensitive before quasi-identifier).
3. A linkable column names its entity: two of them may be compared only when they name the same
   kind of thing, and the pseudonym of one is made for that entity alone.
4. A column says what kind of fact it holds (its nature) where a profile treats that kind apart.
5. The digest of a schema covers everything an approval rests on: names, types, classes, natures.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ColumnClass(StrEnum):
    """The eight classes. Only the last five of them can reach an extract as they are."""

    DIRECT_IDENTIFIER = "DI"
    LINKABLE = "LK"
    STAFF = "ST"
    FREE_TEXT = "FT"
    QUASI_IDENTIFIER = "QI"
    SENSITIVE = "SE"
    CLINICAL = "CL"
    ADMINISTRATIVE = "AD"


class Nature(StrEnum):
    """The kinds of fact that a profile may let leave only through a transform."""

    PLAIN = ""
    BIRTH = "birth"
    """A date of birth."""
    EVENT = "event"
    """When something happened to a person: any other date or time."""
    MEASURE = "measure"
    """A measured value of a body: weight, blood pressure, a laboratory result."""
    CODE = "code"
    """A diagnosis, procedure or drug code, or the words that stand for one."""
    REGION = "region"
    """Where a person lives."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the source: its class, DuckDB type, labels, unit, code system, entity, nature."""

    name: str
    column_class: ColumnClass
    type: str
    ja: str
    en: str
    unit: str = ""
    codes: str = ""
    entity: str = ""
    nature: Nature = Nature.PLAIN

    def __post_init__(self) -> None:
        if (self.column_class is ColumnClass.LINKABLE) != bool(self.entity):
            raise ValueError(f"{self.name}: a linkable column names its entity, and no other column does")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the source, in the order its columns are stored."""

    name: str
    ja: str
    en: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name, or none. Names are compared in lower case."""
        wanted = name.lower()
        return next((column for column in self.columns if column.name == wanted), None)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables by name."""

    tables: Mapping[str, Table]

    def table(self, name: str) -> Table | None:
        """The table of that name, or none. Names are compared in lower case."""
        return self.tables.get(name.lower())

    def column(self, table: str, column: str) -> Column | None:
        found = self.table(table)
        return found.column(column) if found else None

    def restricted_to(self, tables: Iterable[str]) -> "Schema":
        """The same schema with these tables alone; a name it does not have adds nothing."""
        wanted = {name.lower() for name in tables}
        return Schema({name: table for name, table in self.tables.items() if name in wanted})

    def joined_with(self, tables: Iterable[Table]) -> "Schema":
        """The same schema and these tables after its own."""
        return schema_of([*self.tables.values(), *tables])

    @property
    def entities(self) -> dict[str, tuple[str, str]]:
        """Each entity's home: the first table whose first column is its key."""
        homes: dict[str, tuple[str, str]] = {}
        for table in self.tables.values():
            first = table.columns[0]
            if first.entity:
                homes.setdefault(first.entity, (table.name, first.name))
        return homes


def schema_of(tables: Iterable[Table]) -> Schema:
    """The schema of these tables; two tables or columns of one name are a mistake."""
    listed = tuple(tables)
    for table in listed:
        if len(set(table.names)) != len(table.names):
            raise ValueError(f"{table.name} names a column twice")
    if len({table.name for table in listed}) != len(listed):
        raise ValueError("two tables have one name")
    return Schema({table.name: table for table in listed})


def schema_digest(schema: Schema) -> str:
    """SHA-256 over names, types, classes, entities and natures; labels may be reworded without it changing."""
    facts = {
        table.name: [
            [c.name, c.column_class.value, c.type, c.unit, c.codes, c.entity, c.nature.value]
            for c in table.columns
        ]
        for table in schema.tables.values()
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
