"""What a generated view may name at a place: relations, their columns, and of what sort each is."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.schema.columns import Column, ColumnClass, Nature, Table

KEY, DIRECT, FREE, STAFF, NUMBER, TEXT, DATE, TRUTH = (
    "key", "direct", "free", "staff", "number", "text", "date", "truth",
)  # fmt: skip
_BY_CLASS = {
    ColumnClass.LINKABLE: KEY,
    ColumnClass.DIRECT_IDENTIFIER: DIRECT,
    ColumnClass.FREE_TEXT: FREE,
    ColumnClass.STAFF: STAFF,
}
_BY_TYPE = {"VARCHAR": TEXT, "DATE": DATE, "BOOLEAN": TRUTH}


@dataclass(frozen=True, slots=True)
class Sort:
    """What a column can be used for: its kind, of which thing it is a key, what fact it holds."""

    kind: str
    entity: str = ""
    nature: Nature = Nature.PLAIN
    type: str = "BIGINT"


@dataclass(frozen=True, slots=True)
class Named:
    """A relation in FROM. ``unique`` is the column that tells its rows apart, or empty."""

    alias: str
    columns: dict[str, Sort]
    unique: str = ""
    table: str = ""
    """The table of the schema that it is, or empty."""


@dataclass(slots=True)
class Place:
    """The relations that can be named here, and those of the query around it."""

    chance: random.Random
    relations: list[Named] = field(default_factory=list)
    around: "Place | None" = None
    stars: bool = True
    """Whether every relation in FROM can also be named after it (none is behind a SEMI or ANTI)."""

    def all(self, kind: str, entity: str = "") -> list[tuple[str, Sort]]:
        """Every column of a kind, written so that nobody can take it for another."""
        return [
            (f"{relation.alias}.{name}", sort)
            for relation in self.relations
            for name, sort in relation.columns.items()
            if sort.kind == kind and entity in {"", sort.entity}
        ]

    def any(self, kind: str, entity: str = "") -> tuple[str, Sort] | None:
        """One column of a kind, sometimes by its bare name where that is clear."""
        found = self.all(kind, entity)
        if not found:
            return None
        text, sort = self.chance.choice(found)
        bare = text.split(".")[1]
        alone = sum(bare in relation.columns for relation in self.relations) == 1
        return (bare if alone and self.chance.random() < 0.3 else text), sort

    def entities(self) -> list[str]:
        """The kinds of things whose keys can be named here."""
        return sorted({sort.entity for _, sort in self.all(KEY)})

    def total_order(self) -> str:
        """What orders the rows here without ties, or empty where nothing does."""
        if not self.relations or not all(relation.unique for relation in self.relations):
            return ""
        return ", ".join(f"{relation.alias}.{relation.unique}" for relation in self.relations)

    def names(self) -> Iterator[str]:
        """Every alias that is taken here or around."""
        yield from (relation.alias for relation in self.relations)
        if self.around:
            yield from self.around.names()


def columns_of(table: Table) -> dict[str, Sort]:
    """The columns of a table by name."""
    return {column.name: _sort(column) for column in table.columns}


def _sort(column: Column) -> Sort:
    kind = _BY_CLASS.get(column.column_class) or _BY_TYPE.get(column.type, NUMBER)
    return Sort(kind, column.entity, column.nature, column.type)
