"""Whose row a value is from, and of what type it is: read off the tree as it was resolved so far.

``date_shift`` moves a date by the offset of the person whose date it is, so it has to know whose:

1. A column of a table of the source belongs to the person of its row.
2. A column of an inner query belongs to the person whose bare key the same inner query gives,
   when both are made of the same row of the same table. Through a window, a nested query or a set
   operation that cannot be said, and then it is not said.
3. An expression belongs to a person when all its columns do, to the same one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types

from catalog.schema.columns import Schema, Table
from catalog.views.transforms_needs import Common, Link

PERSON = "patient"
"""The entity whose key is a person's."""
_DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class Origin:
    """The row of the source that a value is from: the path to its table through inner queries."""

    path: tuple[str, ...]
    key: str
    """The column of the outermost relation on the path that holds the person's key."""


class Rows:
    """Reads origins and types off resolved expressions of one view."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def person(self, value: exp.Expr) -> exp.Column | None:
        """The key of the person whose value this is, or None when it cannot be said."""
        origins = self._origins(value)
        if len(origins) != 1:
            return None
        (origin,) = origins
        if origin is None:
            return None
        return exp.column(
            exp.to_identifier(origin.key, quoted=True), exp.to_identifier(origin.path[0], quoted=True)
        )

    def held(self, value: exp.Expr) -> Common | None:
        """The column of the source whose bare value this is, with what a code table is joined to; or None."""
        bare: exp.Expr | None = value.unnest()
        while isinstance(bare, exp.Column):
            relation = _relation(bare)
            if _is_source(relation):
                links = () if self._person_key(relation.name) else _links(bare)
                return Common(relation.name, bare.name, links)
            given = _given(relation, bare.name)
            bare = given.unnest() if given is not None else None
        return None

    def type(self, value: exp.Expr) -> str:
        """``DATE``, ``TIMESTAMP``, ``NUMBER``, ``TEXT``, ``OTHER``, or empty when it cannot be said."""
        typed = value.copy()
        pairs = list(zip(list(value.find_all(exp.Column)), list(typed.find_all(exp.Column)), strict=True))
        root = exp.Paren(this=typed)
        for column, place in pairs:
            place.replace(exp.cast(exp.Null(), self._column_type(column), dialect=_DIALECT))
        found = annotate_types(root, dialect=_DIALECT).this.type
        return _kind(found.this) if found is not None else ""

    def _origins(self, value: exp.Expr) -> set[Origin | None]:
        if value.find(exp.Window, exp.Query) is not None:
            return {None}
        return {self._origin(column) for column in value.find_all(exp.Column)}

    def _origin(self, column: exp.Column) -> Origin | None:
        relation = _relation(column)
        if relation is None:
            return None
        if _is_source(relation):
            key = self._person_key(relation.name)
            return Origin((relation.alias,), key) if key else None
        given = _given(relation, column.name)
        inner = self._origins(given) if given is not None else {None}
        if len(inner) != 1:
            return None
        (origin,) = inner
        key = _name_of_key(relation, origin) if origin is not None else ""
        return Origin((relation.alias, *origin.path), key) if origin is not None and key else None

    def _person_key(self, table: str) -> str:
        found = self._schema.table(table)
        return person_column(found) if found is not None else ""

    def _column_type(self, column: exp.Column) -> exp.DataType:
        relation = _relation(column)
        if _is_source(relation):
            found = self._schema.column(relation.name, column.name)
            return exp.DataType.build(found.type if found else "UNKNOWN", dialect=_DIALECT)
        given = _given(relation, column.name)
        if given is None:
            return exp.DataType.build("UNKNOWN")
        return exp.DataType.build(_DUCKDB_TYPES.get(self.type(given), "UNKNOWN"), dialect=_DIALECT)


def person_column(table: Table) -> str:
    """The column of a table that holds the key of the person whose row it is, or empty."""
    keys = [column.name for column in table.columns if column.entity == PERSON]
    return keys[0] if len(keys) == 1 else ""


_DUCKDB_TYPES = {"DATE": "DATE", "TIMESTAMP": "TIMESTAMP", "NUMBER": "DOUBLE", "TEXT": "VARCHAR"}


def _kind(found: exp.DType) -> str:
    if found in {exp.DType.DATE, exp.DType.DATE32}:
        return "DATE"
    if found in exp.DataType.TEMPORAL_TYPES:
        return "TIMESTAMP"
    if found in exp.DataType.NUMERIC_TYPES:
        return "NUMBER"
    if found in exp.DataType.TEXT_TYPES:
        return "TEXT"
    return "" if found in {exp.DType.UNKNOWN, exp.DType.NULL} else "OTHER"


def _is_source(relation: exp.Expr | None) -> TypeGuard[exp.Table]:
    return isinstance(relation, exp.Table) and bool(relation.db)


def _relation(column: exp.Column) -> exp.Table | exp.Subquery | None:
    """What stands in FROM under the name that a resolved column carries."""
    below: tuple[exp.Expr, exp.Expr] = (column, column)
    around: exp.Expr | None = column.parent
    while around is not None:
        if isinstance(around, exp.Select):
            for relation in _from(around, *below):
                if relation.alias == column.table:
                    return relation
        below, around = (around, below[0]), around.parent
    return None


def _from(select: exp.Select, child: exp.Expr, grandchild: exp.Expr) -> Iterator[exp.Table | exp.Subquery]:
    """The relations of a SELECT that can be seen from below it: those that carry names of ours by now."""
    for clause in (select.args.get("from_"), *(select.args.get("joins") or ())):
        if clause is None or (clause is child and clause.this is grandchild):
            return
        if isinstance(clause.this, exp.Table | exp.Subquery):
            yield clause.this
        if clause is child:
            return


def _links(column: exp.Column) -> tuple[Link, ...]:
    """What the relation of this column is joined to on equal values, table by table of the source."""
    found = set()
    for equal in _equalities(_relation(column)):
        sides = [equal.this.unnest(), equal.expression.unnest()]
        for one, other in (sides, sides[::-1]):
            if not isinstance(one, exp.Column) or not isinstance(other, exp.Column):
                continue
            relation = _relation(other)
            if one.table == column.table and _is_source(relation):
                found.add(Link(relation.name, other.name, one.name))
    return tuple(sorted(found))


def _equalities(relation: exp.Expr | None) -> Iterator[exp.EQ]:
    """The equalities that all rows of the SELECT around a relation hold, as its joins state them."""
    around = relation.find_ancestor(exp.Select) if relation is not None else None
    for join in (around.args.get("joins") or ()) if around is not None else ():
        condition = join.args.get("on")
        parts = condition.unnest().flatten() if isinstance(condition, exp.And) else [condition]
        for part in parts:
            equal = part.unnest() if part is not None else None
            if isinstance(equal, exp.EQ):
                yield equal


def _select(relation: exp.Expr | None) -> exp.Select | None:
    """The SELECT that an inner query or a name given in WITH stands for."""
    query: exp.Expr | None = relation
    if isinstance(relation, exp.Table):
        query = _with_name(relation)
    while isinstance(query, exp.Subquery):
        query = query.this
    return query if isinstance(query, exp.Select) else None


def _with_name(table: exp.Table) -> exp.Expr | None:
    """The query of a name given in WITH: one that stands before the query it is used in."""
    inside: exp.Expr | None = None
    around: exp.Expr | None = table.parent
    while around is not None:
        if isinstance(around, exp.CTE):
            inside = around
        clause = around.args.get("with_")
        for named in clause.expressions if clause else ():
            if named is inside:
                break
            if named.alias == table.name:
                found: exp.Expr = named.this
                return found
        around = around.parent
    return None


def _given(relation: exp.Expr | None, name: str) -> exp.Expr | None:
    select = _select(relation)
    for alias in select.expressions if select is not None else ():
        if alias.alias == name:
            found: exp.Expr = alias.this
            return found
    return None


def _name_of_key(relation: exp.Expr, origin: Origin) -> str:
    """The column under which an inner query gives the key of that row's person."""
    select = _select(relation)
    for alias in select.expressions if select is not None else ():
        given = alias.this.unnest()
        if isinstance(given, exp.Column) and (given.table, given.name) == (origin.path[0], origin.key):
            return str(alias.alias)
    return ""
