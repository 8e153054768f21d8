"""What stands in FROM: tables of the schema, names of WITH, inner queries, lists of constants, joins.

1. Tables are those of the schema and those named in WITH; nothing else is ever read. A name of
   WITH means itself before a table of the schema.
2. Every relation gets a fresh name of ours, and every inner query the column names that its
   list of names gives it.
3. An inner query may look at relations to its left (LATERAL, written or not).
4. VALUES, UNNEST of a list and a series of numbers or dates are relations of their expressions.
"""

from collections.abc import Callable, Mapping
from itertools import count

from sqlglot import exp

from catalog.schema.columns import Column, Schema, Table
from catalog.views.coded import institution
from catalog.views.expressions import Expressions
from catalog.views.joins import using_to_on
from catalog.views.places import SOURCE
from catalog.views.refusals import Refusals
from catalog.views.scopes import Item, Lineage, Relation, Scope, merged
from enclave.sentences import say

ReadInner = Callable[[exp.Expr, Scope | None], Relation]


class Relations:
    """Reads the FROM clauses of one view."""

    def __init__(
        self, schema: Schema, refusals: Refusals, expressions: Expressions, read_inner: ReadInner
    ) -> None:
        self._schema = schema
        self._refusals = refusals
        self._expressions = expressions
        self._read_inner = read_inner
        self._numbers = count(1)
        self.with_names: list[Mapping[str, tuple[str, Relation]]] = [{}]

    def fresh(self, letter: str) -> str:
        """A name that nothing else has."""
        return f"{letter}{next(self._numbers)}"

    def read(self, select: exp.Select, scope: Scope) -> None:
        """Everything a SELECT reads from, in order."""
        source = select.args.get("from_")
        if source is not None:
            self._add(source.this, scope)
        for join in select.args.get("joins") or ():
            self._join(join, scope)

    def _join(self, join: exp.Join, scope: Scope) -> None:
        before = list(scope.items)
        self._add(join.this, scope)
        added = scope.items[len(before) :]
        if join.args.get("using") and len(added) > 1:
            self._refusals.add(
                "ambiguous",
                join,
                say("USING after a group of joins does not say which relation it means."),
                say("Write the condition with ON and the relations' names."),
            )
        elif added:
            using_to_on(join, before, added[-1], scope, self._refusals)
        condition = join.args.get("on")
        if condition is not None:
            scope.selectors.append(self._expressions.condition(condition, scope))
        if (join.args.get("kind") or "").upper() in {"SEMI", "ANTI"}:
            for item in added:
                item.hidden = True

    def _add(self, node: exp.Expr, scope: Scope) -> None:
        if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table) and not node.alias:
            # Joins in brackets: their relations are named from outside like any others.
            self._add(node.this, scope)
            return
        name = node.alias.lower()
        fresh = self.fresh("r")
        if isinstance(node, exp.Table):
            name = name or (node.name.lower() if isinstance(node.this, exp.Identifier) else "")
            relation = self._table(node, fresh, scope)
        elif isinstance(node, exp.Subquery | exp.Lateral):
            relation = self._read_inner(node.this, scope)
            relation = self.named(node, relation, node.this)
            node.set("alias", _alias(fresh))
        elif isinstance(node, exp.Values):
            relation = self._values(node, fresh, scope)
        elif isinstance(node, exp.Unnest):
            lineage = self._made_of(node, scope)
            relation = self._one_column(node, fresh, "unnest", lineage)
        else:
            self._unknown_table(node)
            relation = Relation()
        if any(item.name == name for item in scope.items):
            self._refusals.add(
                "ambiguous",
                node,
                say("Two relations have the same name here."),
                say("Give each its own name with AS."),
            )
        scope.items.append(Item(name or fresh, fresh, relation))
        for join in node.args.get("joins") or () if isinstance(node, exp.Table) else ():
            self._join(join, scope)

    def _table(self, node: exp.Table, fresh: str, scope: Scope) -> Relation:
        columns = node.args["alias"].args.get("columns") if node.args.get("alias") else None
        if isinstance(node.this, exp.GenerateSeries):
            name = "range" if node.this.args.get("is_end_exclusive") else "generate_series"
            return self._one_column(node, fresh, name, self._made_of(node.this, scope))
        name = node.name.lower()
        found = self.with_names[-1].get(name) if isinstance(node.this, exp.Identifier) else None
        node.set("alias", _alias(fresh))
        if columns:
            self._refusals.add(
                "construct",
                node,
                say("The columns of a table keep their names."),
                say("Rename them in a SELECT, with AS."),
            )
        if found is not None:
            node.set("this", exp.to_identifier(found[0], quoted=True))
            return found[1]
        table = self._schema.table(name) if isinstance(node.this, exp.Identifier) else None
        if table is None:
            if not isinstance(node.this, exp.Func):
                self._unknown_table(node)
            return Relation()
        node.set("this", exp.to_identifier(table.name, quoted=True))
        node.set("db", exp.to_identifier(SOURCE, quoted=True))
        return Relation({column.name: _lineage(table, column) for column in table.columns})

    def _values(self, node: exp.Values, fresh: str, scope: Scope) -> Relation:
        rows = [list(row.expressions) if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
        width = len(rows[0]) if rows else 0
        if any(len(row) != width for row in rows):
            self._refusals.add(
                "construct",
                node,
                say("The rows of VALUES have different numbers of columns."),
                say("Give every row the same columns."),
            )
            return Relation()
        read = [[self._expressions.no_key(v, scope, "key_in_collection") for v in row] for row in rows]
        names = self._listed(node, [f"col{place}" for place in range(width)])
        node.set("alias", _alias(fresh, names))
        return Relation({name: merged(row[n] for row in read) for n, name in enumerate(names)})

    def _made_of(self, node: exp.Expr, scope: Scope) -> Lineage:
        parts = list(node.iter_expressions())
        return merged(
            self._expressions.no_key(part, scope, "key_in_collection")
            for part in parts
            if not isinstance(part, exp.TableAlias)
        )

    def _one_column(self, node: exp.Expr, fresh: str, name: str, lineage: Lineage) -> Relation:
        names = self._listed(node, [name])
        node.set("alias", _alias(fresh, names))
        return Relation({names[0]: lineage}, lineage.sources)

    def _listed(self, node: exp.Expr, names: list[str]) -> list[str]:
        """The names of a relation's columns: those that a list behind its own name gives, or these."""
        alias = node.args.get("alias")
        given = [column.name.lower() for column in (alias.args.get("columns") or ())] if alias else []
        if len(given) > len(names) or len(set(given)) < len(given):
            self._refusals.add(
                "construct",
                node,
                say("The list of column names does not fit the relation."),
                say("Give each column its own name with AS."),
            )
            return names
        return [*given, *names[len(given) :]]

    def named(self, node: exp.Expr, relation: Relation, query: exp.Expr) -> Relation:
        """The relation under the names that a list of columns gives; the query is renamed in place."""
        old = list(relation.columns)
        names = self._listed(node, old)
        if names == old:
            return relation
        while isinstance(query, exp.Subquery | exp.SetOperation):
            if query.args.get("by_name"):
                self._refusals.add(
                    "construct",
                    node,
                    say("The list of column names does not fit the relation."),
                    say("Give each column its own name with AS."),
                )
            query = query.this
        for alias, name in zip(query.expressions, names, strict=False):
            alias.set("alias", exp.to_identifier(name, quoted=True))
        return Relation(dict(zip(names, relation.columns.values(), strict=True)), relation.rows)

    def _unknown_table(self, node: exp.Expr) -> None:
        self._refusals.add(
            "unknown_table",
            node,
            say("This is not a table of the schema. Files and table functions are never read."),
            say("Name a table of the schema."),
        )


def _lineage(table: Table, column: Column) -> Lineage:
    place = frozenset({f"{table.name}.{column.name}"})
    return Lineage(
        place,
        frozenset({column.column_class}),
        entity=column.entity,
        open=place,
        coded=institution(column),
    )


def _alias(name: str, columns: list[str] | None = None) -> exp.TableAlias:
    listed = [exp.to_identifier(column, quoted=True) for column in columns or ()]
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True), columns=listed or None)
