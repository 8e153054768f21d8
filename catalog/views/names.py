"""Columns by name: each is found exactly once, judged by its class, and written as what was found.

A name is looked for among the relations of its own query, then among the names given in the
SELECT list, then in the query around it. ``a.b`` that names no relation ``a`` is the field ``b`` of
a struct ``a``. A direct identifier that was found is refused wherever it stands, free text wherever it is
not given to ``scrub``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlglot import exp

from catalog.schema.columns import ColumnClass
from catalog.views.refusals import Refusals
from catalog.views.scopes import AmbiguousNameError, Found, Lineage, Scope, merged
from enclave.sentences import say

_FORBIDDEN = {
    ColumnClass.DIRECT_IDENTIFIER: (
        "direct_identifier",
        say("A direct identifier may stand nowhere in a view."),
        say("Remove the column, also from conditions and joins."),
    ),
    ColumnClass.FREE_TEXT: (
        "free_text",
        say("Free text may stand in a view only as scrub(text): people's names hide in it."),
        say("Use the coded column instead, write scrub(text), or leave it out."),
    ),
}
_MOST_WRITTEN_OUT = 20_000
"""Nodes of expressions that may be put in the place of names given in SELECT, in one view."""
Meaning = Found | tuple[exp.Expr, Lineage]


class Names:
    """Reads the column names of one view."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals
        self._written_out = 0
        self._free_text = False

    @contextmanager
    def free_text(self) -> Iterator[None]:
        """What is read meanwhile is given to ``scrub``: the one place where free text may stand."""
        self._free_text = True
        try:
            yield
        finally:
            self._free_text = False

    def read(self, node: exp.Column, scope: Scope) -> Lineage:
        """What is known of a column; the node is rewritten to what its name means."""
        name, table = node.name.lower(), node.table.lower()
        try:
            found = self._look(name, table, scope)
            if found is None and table:
                return self._field(node, scope)
        except AmbiguousNameError:
            self._refusals.add(
                "ambiguous",
                node,
                say("The column {name} is in more than one relation.", name=name[:60]),
                say("Write the relation's name before it."),
            )
            return Lineage()
        if found is None:
            return self._unknown(node)
        if node.args.get("db"):
            self._refusals.add(
                "construct",
                node,
                say("A column is named by its relation, without a schema before it."),
                say("Write the relation's name before it."),
            )
        return self._write(node, name, found, scope)

    def _write(self, node: exp.Column, name: str, found: Meaning, scope: Scope) -> Lineage:
        if not isinstance(found, Found):
            expression, lineage = found
            self._written_out += sum(1 for _ in expression.walk())
            if self._written_out > _MOST_WRITTEN_OUT:
                self._refusals.add(
                    "too_long",
                    node,
                    say("Names given in SELECT are used in each other too often to be written out."),
                    say("Write it flatter, with WITH."),
                )
                return lineage
            node.replace(exp.Paren(this=expression.copy()))
            return lineage
        lineage = self._allowed(node, found.lineage)
        shared = scope.sharing(name, found.item) if not node.table else []
        if len(shared) > 1:
            parts = [_column(node, name, item.fresh) for item in shared]
            node.replace(exp.Coalesce(this=parts[0], expressions=parts[1:]))
            lineages = [item.relation.columns[name] for item in shared]
            entities = {part.entity for part in lineages}
            return replace(merged(lineages), entity=entities.pop() if len(entities) == 1 else "")
        written = _column(node, name, found.item.fresh)
        node.set("this", written.this)
        node.set("table", written.args["table"])
        node.set("db", None)
        if lineage is found.lineage:
            found.item.used.add(name)
        return lineage

    def _look(self, name: str, table: str, scope: Scope) -> Meaning | None:
        if table:
            item = scope.item(table)
            if item is None or name not in item.relation.columns:
                return None
            return Found(item, item.relation.columns[name])
        around: Scope | None = scope
        while around is not None:
            found = around.here(name) or around.given.get(name)
            if found is not None:
                return found
            around = around.parent
        return None

    def _field(self, node: exp.Column, scope: Scope) -> Lineage:
        """``a.b`` or ``r.a.b`` as the field b of the struct a."""
        struct = exp.Column(this=node.args["table"].copy(), table=node.args.get("db"))
        if node.args.get("catalog") or self._look(struct.name.lower(), struct.table.lower(), scope) is None:
            return self._unknown(node)
        field = exp.Dot(this=exp.Paren(this=struct), expression=exp.to_identifier(node.name, quoted=True))
        node.replace(field)
        lineage = self.read(struct, scope)
        if lineage.entity:
            self._unknown(struct)
        return lineage.plain()

    def _unknown(self, node: exp.Column) -> Lineage:
        self._refusals.add(
            "unknown_column",
            node,
            say("The column {name} cannot be resolved.", name=node.name[:60]),
            say("Name a column of the schema, of a relation that stands in FROM."),
        )
        return Lineage()

    def _allowed(self, node: exp.Expr, lineage: Lineage) -> Lineage:
        forbidden = _FORBIDDEN.keys() - ({ColumnClass.FREE_TEXT} if self._free_text else set())
        for column_class in sorted(lineage.classes & forbidden):
            rule, sentence, remedy = _FORBIDDEN[column_class]
            self._refusals.add(rule, node, sentence, remedy)
            return Lineage()
        return lineage


def _column(place: exp.Column, name: str, fresh: str) -> exp.Column:
    identifier = exp.to_identifier(name, quoted=True)
    identifier.meta.update(place.this.meta)
    return exp.Column(this=identifier, table=exp.to_identifier(fresh, quoted=True))
