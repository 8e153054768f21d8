"""What a name in a view can mean, and what is known about the value it stands for.

Every relation of a query gets a fresh name of ours (``r1``, ``r2``, …) and every column is
written with it, so that the database cannot resolve a name otherwise than it was resolved
here. A name is looked for in its own query first, then among the names given in its SELECT,
then in the query around it.

A lineage tells two things apart. ``sources`` is everything that can influence a value: operands,
conditions, partitions. ``open`` is what *leaves* in it: the sources whose values stand in the
result with no approved transform between. A comparison, ``IS NULL``, ``EXISTS``, ``IN`` or
``LIKE`` yields a truth value, ``COUNT`` and ``RANK`` a number of rows: nothing leaves in them,
``open`` is empty. Of a ``CASE`` only the results are open, not its conditions. Arithmetic,
functions, casts and aggregates leave open what was open in their arguments. A transform closes
what it covers. So ``sources - open`` never needs a transform, and ``open`` needs the one that
its class or nature demands in a profile.
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
    open: frozenset[str] = frozenset()
    """The sources that leave in the value with no transform between: always some of ``sources``."""
    coded: str = ""
    """The kind of institution a bare column names, which ``pseudonym()`` may take; empty otherwise."""

    shown: bool = False
    """Whether a bare key was written as its pseudonym, and so may leave under its own name."""

    def plain(self) -> "Lineage":
        """The same without being a key: what an invariant use of a key leaves."""
        return Lineage(self.sources, self.classes, self.transforms, open=self.open)

    def closed(self, transform: str = "") -> "Lineage":
        """A plain value in which nothing leaves: a truth value, a number of rows, a transform's result."""
        transforms = (*self.transforms, transform) if transform else self.transforms
        return Lineage(self.sources, self.classes, transforms)


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
        open=frozenset().union(*(p.open for p in parts)),
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
    used: set[str] = field(default_factory=set)
    """The columns that the query names."""


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
    shared: dict[str, list[Item]] = field(default_factory=dict)
    """Columns that USING of a FULL join made one, and the relations they may come from."""
    windows: dict[str, exp.Window] = field(default_factory=dict)
    """The windows of the WINDOW clause by name."""
    unsettled: list[exp.Window] = field(default_factory=list)
    """Windows that count or choose rows among equals, for which ``catalog.views.windows`` adds an order."""

    def item(self, name: str) -> Item | None:
        """The relation of that name, in this query or one around it."""
        for item in self.items:
            if item.name == name and not item.hidden:
                return item
        return self.parent.item(name) if self.parent else None

    def sharing(self, column: str, item: Item) -> list[Item]:
        """The relations whose columns of that name USING of a FULL join made one with this one's."""
        if any(item is own for own in self.items):
            shared = self.shared.get(column, [])
            return shared if any(item is one for one in shared) else []
        return self.parent.sharing(column, item) if self.parent else []

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
