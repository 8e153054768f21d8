"""What a name in a view can mean, and what is known about the value it stands for.

Every relation of a query gets a fresh name of ours (``r1``, ``r2``, …) and every column is
written with it, so that the database cannot resolve a name otherwise than it was resolved
here. A name is looked for in its own query first, then among the names given in its SELECT,
then in the query around it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlglot import exp

from catalog.schema.columns import ColumnClass


@dataclass(frozen=True, slots=True)
class Lineage:
    """What is known of a value: the source columns in it, their classes, its transforms."""

    sources: frozenset[str] = frozenset()
    classes: frozenset[ColumnClass] = frozenset()
    transforms: tuple[str, ...] = ()
    entity: str = ""
    """The kind of thing a value identifies when it is a bare key, and empty otherwise."""

    def plain(self) -> "Lineage":
        """The same without being a key: what an invariant use of a key leaves."""
        return Lineage(self.sources, self.classes, self.transforms)


def merged(lineages: Iterable[Lineage]) -> Lineage:
    """All of these in one value, which is no key."""
    parts = tuple(lineages)
    transforms: dict[str, None] = {}
    for part in parts:
        transforms.update(dict.fromkeys(part.transforms))
    return Lineage(
        frozenset().union(*(p.sources for p in parts)),
        frozenset().union(*(p.classes for p in parts)),
        tuple(transforms),
    )


@dataclass(slots=True)
class Relation:
    """The columns of a table or query, and the source columns that decide which rows it has."""

    columns: dict[str, Lineage] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()

    @property
    def influence(self) -> frozenset[str]:
        """Every source column that could change anything in it."""
        return self.rows.union(*(lineage.sources for lineage in self.columns.values()))


@dataclass(slots=True)
class Item:
    """One relation in a FROM clause: the steward's name for it and ours."""

    name: str
    fresh: str
    relation: Relation
    hidden: bool = False
    """The right side of a SEMI or ANTI join cannot be named after its condition."""
    merged_away: set[str] = field(default_factory=set)
    """Columns that USING made one with those of another item."""


@dataclass(frozen=True, slots=True)
class Found:
    """A column that a name means."""

    item: Item
    lineage: Lineage


class AmbiguousNameError(Exception):
    """A name means several columns."""


@dataclass(slots=True)
class Scope:
    """One SELECT: its relations, the names given in it, and the SELECT around it."""

    parent: "Scope | None" = None
    items: list[Item] = field(default_factory=list)
    given: dict[str, tuple[exp.Expr, Lineage]] = field(default_factory=dict)
    """Names given in the SELECT list, with the expression as it was resolved."""
    selectors: list[Lineage] = field(default_factory=list)
    """What decides which rows there are."""

    def item(self, name: str) -> Item | None:
        """The relation of that name, in this query or one around it."""
        for item in self.items:
            if item.name == name and not item.hidden:
                return item
        return self.parent.item(name) if self.parent else None

    def here(self, column: str) -> Found | None:
        """The column of that name among this query's own relations.

        Raises:
            AmbiguousNameError: when it is in more than one.
        """
        found = [
            Found(item, item.relation.columns[column])
            for item in self.items
            if not item.hidden and column in item.relation.columns and column not in item.merged_away
        ]
        if len(found) > 1:
            raise AmbiguousNameError
        return found[0] if found else None
