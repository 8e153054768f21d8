"""The SELECT list: stars written out, every column named, and what the outermost one may show."""

import re
from enum import Enum, auto

from sqlglot import exp

from catalog.schema.columns import ColumnClass, Schema
from catalog.views.expressions import UNKNOWN, Expressions
from catalog.views.refusals import Refusals
from catalog.views.scopes import Item, Lineage, Scope
from enclave.sentences import say

PSEUDONYM = "pseudonym"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_KEY_ENDING = "_key"


class Place(Enum):
    """Where a SELECT stands: whether its columns are the view's, and whether it names them."""

    OUTERMOST = auto()
    OUTERMOST_SECOND = auto()
    """The later side of a set operation: its columns leave under the names of the first."""
    INNER = auto()

    @property
    def outermost(self) -> bool:
        return self is not Place.INNER


class Projections:
    """Reads the SELECT lists of one view."""

    def __init__(self, schema: Schema, refusals: Refusals, expressions: Expressions) -> None:
        self._homes = schema.entities
        self._refusals = refusals
        self._expressions = expressions

    def read(self, select: exp.Select, scope: Scope, place: Place) -> dict[str, Lineage]:
        """The columns a SELECT gives; its list is rewritten, every entry with a name."""
        select.set(
            "expressions", [_named(node, n) for n, node in enumerate(self._without_stars(select, scope))]
        )
        columns: dict[str, Lineage] = {}
        for alias in list(select.expressions):
            name = alias.alias
            if place.outermost:
                lineage = self._shown(alias, scope)
                if place is Place.OUTERMOST:
                    self._check_name(alias, lineage)
            else:
                lineage = self._expressions.value(alias.this, scope)
            if name in columns:
                self._refusals.add(
                    "duplicate_column",
                    alias,
                    say("Two columns have the name {name}.", name=name[:60]),
                    say("Give each its own name with AS."),
                )
            columns[name] = lineage
            scope.given.setdefault(name, (alias.this, lineage))
        return columns

    def pseudonym(self, node: exp.Anonymous, scope: Scope) -> Lineage:
        """The pseudonym of a bare key; the tree then holds the key, which is replaced on the way out."""
        argument = node.expressions[0] if len(node.expressions) == 1 else None
        if not isinstance(argument, exp.Column):
            return self._not_a_key(node)
        lineage = self._expressions.value(argument, scope)
        if lineage.entity not in self._homes:
            return lineage if lineage == UNKNOWN else self._not_a_key(node)
        if isinstance(node.expressions[0], exp.Column):
            node.replace(node.expressions[0])
            return Lineage(lineage.sources, lineage.classes, (PSEUDONYM,), lineage.entity)
        return self._not_a_key(node)

    def _not_a_key(self, node: exp.Expr) -> Lineage:
        self._refusals.add(
            "pseudonym_argument",
            node,
            say("pseudonym() takes one bare key column and nothing else."),
            say("Write pseudonym(patient_key), with the key of a table or inner query."),
        )
        return UNKNOWN

    def _shown(self, alias: exp.Expr, scope: Scope) -> Lineage:
        value = alias.this
        if isinstance(value, exp.Anonymous) and value.name.lower() == PSEUDONYM:
            return self.pseudonym(value, scope)
        lineage = self._expressions.value(value, scope)
        if lineage.entity:
            self._refusals.add(
                "key_in_output",
                alias,
                say("A key may leave only as a pseudonym."),
                say("Write pseudonym(key), or leave the key out."),
            )
        if ColumnClass.STAFF in lineage.classes:
            self._refusals.add(
                "staff_in_output",
                alias,
                say("A member of staff or an institution may not stand in the output."),
                say("Leave the column out."),
            )
        return lineage.plain()

    def _check_name(self, alias: exp.Expr, lineage: Lineage) -> None:
        name = alias.alias
        if not _NAME.fullmatch(name):
            self._refusals.add(
                "column_name",
                alias,
                say("Every column of a view has a name of lower-case letters, digits and underscores."),
                say("Give the column a name with AS."),
            )
        elif name.endswith(_KEY_ENDING) and not lineage.entity:
            self._refusals.add(
                "column_name",
                alias,
                say("A name that ends in _key is kept for pseudonyms."),
                say("Give the column another name with AS."),
            )

    def _without_stars(self, select: exp.Select, scope: Scope) -> list[exp.Expr]:
        nodes: list[exp.Expr] = []
        for node in select.expressions:
            if isinstance(node, exp.Star):
                nodes.extend(self._star(node, node, [i for i in scope.items if not i.hidden], whole=False))
            elif isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
                item = scope.item(node.table.lower())
                if item is None:
                    self._refusals.add(
                        "unknown_table",
                        node,
                        say("This is not a relation of this query."),
                        say("Name a relation that stands in FROM."),
                    )
                else:
                    nodes.extend(self._star(node, node.this, [item], whole=True))
            else:
                nodes.append(node)
        return nodes

    def _star(self, place: exp.Expr, star: exp.Expr, items: list[Item], *, whole: bool) -> list[exp.Expr]:
        left_out = {column.name.lower() for column in star.args.get("except_") or ()}
        starts = [part.meta["start"] for part in place.walk() if "start" in part.meta]
        columns: list[exp.Expr] = []
        for item in items:
            for name in item.relation.columns:
                if name in left_out or (name in item.merged_away and not whole):
                    continue
                identifier = exp.to_identifier(name, quoted=True)
                if starts:
                    identifier.meta["start"] = min(starts)
                columns.append(exp.Column(this=identifier, table=exp.to_identifier(item.name, quoted=True)))
        return columns


def _named(node: exp.Expr, number: int) -> exp.Expr:
    """The node as an alias: its own name, its column's, its key's, or one that nothing can mean."""
    if isinstance(node, exp.Alias):
        node.set("alias", exp.to_identifier(node.alias.lower(), quoted=True))
        return node
    name = ""
    if isinstance(node, exp.Column):
        name = node.name.lower()
    elif isinstance(node, exp.Anonymous) and node.name.lower() == PSEUDONYM and node.expressions:
        name = node.expressions[0].name.lower()
    return exp.Alias(this=node, alias=exp.to_identifier(name or f"unnamed {number}", quoted=True))
