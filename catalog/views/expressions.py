"""What an expression in a view may do with the columns it names.

1. A direct identifier or free text may stand nowhere, in no position.
2. A key (linkable column) may stand only where the result is the same under every renaming of
   the keys: compared for equality with a key of the same kind, ``IN`` a query of such keys,
   ``IS NULL``, ``COUNT`` and ``COUNT(DISTINCT …)``, ``PARTITION BY``. Not in comparisons with
   constants, arithmetic, functions, ordering, ``MIN``/``MAX``, casts.
3. Every name must be found, exactly once, and is rewritten to what was found.
4. Approved transforms are rewritten to plain SQL here; ``pseudonym`` belongs to the outermost
   SELECT and is handled there (``catalog.views.queries``).
"""

from collections.abc import Callable
from types import UnionType
from typing import Any

from sqlglot import exp, parse_one

from catalog.schema.columns import ColumnClass
from catalog.views.refusals import Refusals
from catalog.views.scopes import AmbiguousNameError, Found, Lineage, Relation, Scope, merged
from enclave.sentences import say

Reader = Callable[[Any, Scope], Lineage]
ReadQuery = Callable[[exp.Expr, Scope | None], Relation]

UNKNOWN = Lineage()
_MOST_YEARS = 50
_FORBIDDEN = {
    ColumnClass.DIRECT_IDENTIFIER: (
        "direct_identifier",
        say("A direct identifier may stand nowhere in a view."),
        say("Remove the column, also from conditions and joins."),
    ),
    ColumnClass.FREE_TEXT: (
        "free_text",
        say("Free text may stand nowhere in a view: people's names hide in it."),
        say("Use the coded column instead, or leave it out."),
    ),
}


class Expressions:
    """Reads expressions of one view, refusing and rewriting as it goes."""

    def __init__(self, refusals: Refusals, read_query: ReadQuery) -> None:
        self._refusals = refusals
        self._read_query = read_query
        self._readers: tuple[tuple[type[exp.Expr] | UnionType, Reader], ...] = (
            (exp.Column, self._column),
            (exp.Paren, lambda node, scope: self.value(node.this, scope)),
            (exp.Subquery | exp.Query, self._single_column),
            (exp.Exists, lambda node, scope: Lineage(read_query(node.this, scope).influence)),
            (exp.Anonymous, self._named),
            (exp.EQ | exp.NEQ | exp.NullSafeEQ | exp.NullSafeNEQ, self._equality),
            (exp.In, self._in),
            (exp.Is, self._is),
            (exp.Count, self._count),
            (exp.Window, self._window),
        )

    def value(self, node: exp.Expr, scope: Scope) -> Lineage:
        """What is known of the value of an expression; the tree under it is rewritten."""
        for kinds, read in self._readers:
            if isinstance(node, kinds):
                return read(node, scope)
        return self._parts(node, scope)

    def no_key(self, node: exp.Expr, scope: Scope) -> Lineage:
        """The value of an expression in a place where no key may stand."""
        lineage = self.value(node, scope)
        if lineage.entity:
            self._refusals.add(
                "key_in_expression",
                node,
                say("A key may only be compared with an equal key, counted or grouped by."),
                say("Join on the key, group by it, or put pseudonym(key) in the outermost SELECT."),
            )
        return lineage.plain()

    def _parts(self, node: exp.Expr, scope: Scope) -> Lineage:
        lineages = []
        for part in list(node.iter_expressions()):
            if isinstance(part, exp.Star):
                self._refusals.add(
                    "construct",
                    node,
                    say("A star stands only alone in a SELECT list or in COUNT(*)."),
                    say("Name the columns."),
                )
            elif not isinstance(part, exp.DataType | exp.Identifier):
                lineages.append(self.no_key(part, scope))
        return merged(lineages)

    def _column(self, node: exp.Column, scope: Scope) -> Lineage:
        name, table = node.name.lower(), node.table.lower()
        try:
            found = self._look(name, table, scope)
        except AmbiguousNameError:
            self._refusals.add(
                "ambiguous",
                node,
                say("The column {name} is in more than one relation.", name=name[:60]),
                say("Write the relation's name before it."),
            )
            return UNKNOWN
        if found is None:
            self._refusals.add(
                "unknown_column",
                node,
                say("The column {name} cannot be resolved.", name=name[:60]),
                say("Name a column of the schema, of a relation that stands in FROM."),
            )
            return UNKNOWN
        if isinstance(found, Found):
            lineage = self._allowed(node, found.lineage)
            place = dict(node.this.meta)
            node.set("this", exp.to_identifier(name, quoted=True))
            node.set("table", exp.to_identifier(found.item.fresh, quoted=True))
            node.this.meta.update(place)
            return lineage
        expression, lineage = found
        node.replace(exp.Paren(this=expression.copy()))
        return lineage

    def _look(self, name: str, table: str, scope: Scope) -> Found | tuple[exp.Expr, Lineage] | None:
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

    def _allowed(self, node: exp.Expr, lineage: Lineage) -> Lineage:
        for column_class in lineage.classes & _FORBIDDEN.keys():
            rule, sentence, remedy = _FORBIDDEN[column_class]
            self._refusals.add(rule, node, sentence, remedy)
            return UNKNOWN
        return lineage

    def _single_column(self, node: exp.Expr, scope: Scope) -> Lineage:
        relation = self._read_query(node, scope)
        lineages = tuple(relation.columns.values())
        if len(lineages) != 1:
            self._refusals.add(
                "construct",
                node,
                say("A query used as a value has exactly one column."),
                say("Select one column in it."),
            )
            return Lineage(relation.influence)
        only = lineages[0]
        return Lineage(only.sources | relation.rows, only.classes, only.transforms, only.entity)

    def _equality(self, node: exp.Expr, scope: Scope) -> Lineage:
        left, right = self.value(node.this, scope), self.value(node.expression, scope)
        if left.entity != right.entity:
            self._refusals.add(
                "key_comparison",
                node,
                say("A key may be compared only with a key of the same kind, never with a value."),
                say("Compare keys of one kind, or leave the comparison out."),
            )
        return merged([left, right])

    def _in(self, node: exp.In, scope: Scope) -> Lineage:
        query = node.args.get("query")
        if query is None:
            return self._parts(node, scope)
        left, right = self.value(node.this, scope), self._single_column(query, scope)
        if left.entity != right.entity:
            self._refusals.add(
                "key_comparison",
                node,
                say("A key may be compared only with a key of the same kind, never with a value."),
                say("Compare keys of one kind, or leave the comparison out."),
            )
        return merged([left, right])

    def _is(self, node: exp.Is, scope: Scope) -> Lineage:
        if isinstance(node.expression, exp.Null):
            return self.value(node.this, scope).plain()
        return self._parts(node, scope)

    def _count(self, node: exp.Count, scope: Scope) -> Lineage:
        counted = node.this
        if isinstance(counted, exp.Star):
            if counted.args.get("except_"):
                self._refusals.add(
                    "construct",
                    node,
                    say("COUNT takes a column, DISTINCT of one column, or *."),
                    say("Write COUNT(*) or name one column."),
                )
            return UNKNOWN
        if isinstance(counted, exp.Distinct):
            return merged([self.value(part, scope).plain() for part in list(counted.expressions)])
        return self.value(counted, scope).plain()

    def _window(self, node: exp.Window, scope: Scope) -> Lineage:
        parts = [self.no_key(node.this, scope)]
        parts += [self.value(part, scope).plain() for part in list(node.args.get("partition_by") or [])]
        parts += [self.no_key(node.args[name], scope) for name in ("order", "spec") if node.args.get(name)]
        return merged(parts)

    def _named(self, node: exp.Anonymous, scope: Scope) -> Lineage:
        name = node.name.lower()
        if name == "birth_month":
            return self._birth_month(node, scope)
        if name == "age_band":
            return self._age_band(node, scope)
        if name == "pseudonym":
            self._refusals.add(
                "pseudonym_place",
                node,
                say("pseudonym() stands alone as a column of the outermost SELECT."),
                say("Carry the bare key through inner queries and write pseudonym(key) outermost."),
            )
            return merged([self.value(part, scope).plain() for part in list(node.expressions)])
        return self._parts(node, scope)

    def _birth_month(self, node: exp.Anonymous, scope: Scope) -> Lineage:
        if len(node.expressions) != 1:
            self._wrong_arguments(node, "birth_month(date)")
            return UNKNOWN
        lineage = self.no_key(node.expressions[0], scope)
        _rewrite(node, "CAST(DATE_TRUNC('month', argument1) AS DATE)")
        return Lineage(lineage.sources, lineage.classes, (*lineage.transforms, "birth_month"))

    def _age_band(self, node: exp.Anonymous, scope: Scope) -> Lineage:
        arguments = node.expressions
        width = arguments[2] if len(arguments) == 3 else None
        number = isinstance(width, exp.Literal) and not width.is_string and width.name.isdecimal()
        if width is None or not number or not 1 <= int(width.name) <= _MOST_YEARS:
            self._wrong_arguments(node, "age_band(birth, at, width)")
            return UNKNOWN
        lineage = merged([self.no_key(part, scope) for part in list(arguments[:2])])
        _rewrite(
            node,
            "(DATESUB('year', CAST(argument1 AS DATE), CAST(argument2 AS DATE)) // argument3) * argument3",
        )
        return Lineage(lineage.sources, lineage.classes, (*lineage.transforms, "age_band"))

    def _wrong_arguments(self, node: exp.Expr, usage: str) -> None:
        self._refusals.add(
            "transform_arguments",
            node,
            say("The arguments of this transform do not fit: {usage}.", usage=usage),
            say("Give dates, and a whole number of years from 1 to 50 as the width."),
        )


def _rewrite(node: exp.Anonymous, template: str) -> None:
    """Put plain SQL in the place of a transform, its arguments where the template names them."""
    arguments = list(node.expressions)
    tree = exp.Paren(this=parse_one(template, dialect="duckdb"))
    for column in list(tree.find_all(exp.Column)):
        if column.name.startswith("argument"):
            column.replace(arguments[int(column.name.removeprefix("argument")) - 1].copy())
    node.replace(tree)
