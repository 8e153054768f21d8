"""Queries of a view: what their relations are, and what decides which rows they have.

A query is read in the order FROM, joins, SELECT, conditions, and rewritten as it is read:
relations get fresh names, stars become lists of columns, USING becomes ON, names and positions
in GROUP BY become expressions, and an ORDER BY, which cannot change which rows there are, is
dropped after it was judged. In the outermost SELECT a key appears as ``pseudonym(key)`` and
not otherwise; staff and institutions do not appear there at all.
"""

from sqlglot import exp

from catalog.schema.columns import Schema
from catalog.views.expressions import Expressions
from catalog.views.joins import using_to_on
from catalog.views.projections import PSEUDONYM, Place, Projections
from catalog.views.refusals import Refusals
from catalog.views.scopes import Item, Lineage, Relation, Scope, merged
from enclave.sentences import Sentence, say

SOURCE = "source"
"""The database schema in which the canonical tables stand when a view runs."""


class Queries:
    """Reads the queries of one view."""

    def __init__(self, schema: Schema, refusals: Refusals) -> None:
        self._schema = schema
        self._refusals = refusals
        self._expressions = Expressions(refusals, self._inner)
        self._projections = Projections(schema, refusals, self._expressions)
        self._named: list[dict[str, tuple[str, Relation]]] = [{}]
        self._count = 0

    def outermost(self, tree: exp.Expr) -> Relation:
        """The relation that a view produces."""
        return self._query(tree, None, Place.OUTERMOST)

    def _inner(self, node: exp.Expr, parent: Scope | None) -> Relation:
        return self._query(node, parent, Place.INNER)

    def _query(self, node: exp.Expr, parent: Scope | None, place: Place) -> Relation:
        if isinstance(node, exp.Subquery):
            return self._query(node.this, parent, place)
        self._named.append(dict(self._named[-1]))
        try:
            self._with(node, parent)
            if isinstance(node, exp.SetOperation):
                return self._both(node, parent, place)
            if isinstance(node, exp.Select):
                return self._select(node, parent, place)
        finally:
            self._named.pop()
        self._construct(node, say("A SELECT is expected here."))
        return Relation()

    def _with(self, node: exp.Expr, parent: Scope | None) -> None:
        clause = node.args.get("with_")
        for named in clause.expressions if clause else ():
            name = named.alias.lower()
            relation = self._query(named.this, parent, Place.INNER)
            fresh = self._fresh("c")
            self._named[-1][name] = (fresh, relation)
            named.set("alias", _alias(fresh))

    def _both(self, node: exp.SetOperation, parent: Scope | None, place: Place) -> Relation:
        left = self._query(node.this, parent, place)
        other_place = Place.INNER if place is Place.INNER else Place.OUTERMOST_SECOND
        right = self._query(node.expression, parent, other_place)
        if node.args.get("order"):
            self._construct(
                node.args["order"], say("ORDER BY has no effect here: rows are ordered by pseudonym.")
            )
        if len(left.columns) != len(right.columns):
            self._construct(node, say("Both sides of a set operation need the same number of columns."))
            return left
        columns: dict[str, Lineage] = {}
        for (name, one), other in zip(left.columns.items(), right.columns.values(), strict=True):
            if one.entity != other.entity:
                self._refusals.add(
                    "key_comparison",
                    node,
                    say("A key and something else would stand in one column."),
                    say("Put keys of one kind in the same place on both sides."),
                )
            both = merged([one, other])
            columns[name] = Lineage(both.sources, both.classes, both.transforms, one.entity)
        rows = left.rows | right.rows
        if not isinstance(node, exp.Union):
            # What stands on the right of EXCEPT and INTERSECT decides which rows of the left remain.
            rows |= left.influence | right.influence
        return Relation(columns, rows)

    def _select(self, node: exp.Select, parent: Scope | None, place: Place) -> Relation:
        scope = Scope(parent)
        source = node.args.get("from_")
        if source is not None:
            self._add_item(source.this, scope)
        for join in node.args.get("joins") or ():
            self._join(join, scope)
        columns = self._projections.read(node, scope, place)
        selectors = list(scope.selectors)
        selectors += [
            self._expressions.no_key(node.args[clause].this, scope)
            for clause in ("where", "having", "qualify")
            if node.args.get(clause)
        ]
        selectors += self._groups(node, scope, place)
        self._drop_order(node, scope)
        rows = merged(selectors).sources.union(*(item.relation.rows for item in scope.items))
        return Relation(columns, rows)

    def _groups(self, node: exp.Select, scope: Scope, place: Place) -> list[Lineage]:
        group = node.args.get("group")
        lineages = []
        for expression in list(group.expressions) if group else ():
            if (
                isinstance(expression, exp.Anonymous)
                and expression.name.lower() == PSEUDONYM
                and place.outermost
            ):
                lineages.append(self._projections.pseudonym(expression, scope).plain())
            elif isinstance(expression, exp.Literal):
                position = (
                    int(expression.name) if expression.name.isdecimal() and not expression.is_string else 0
                )
                if not 1 <= position <= len(node.expressions):
                    self._construct(expression, say("GROUP BY names no column of the SELECT here."))
                    continue
                expression.replace(exp.Paren(this=node.expressions[position - 1].this.copy()))
            else:
                lineages.append(self._expressions.value(expression, scope).plain())
        return lineages

    def _drop_order(self, node: exp.Select, scope: Scope) -> None:
        order = node.args.get("order")
        for ordered in list(order.expressions) if order else ():
            if not isinstance(ordered.this, exp.Literal | exp.Var):
                self._expressions.no_key(ordered.this, scope)
        node.set("order", None)

    def _add_item(self, node: exp.Expr, scope: Scope) -> Item:
        relation, name = Relation(), node.alias.lower()
        fresh = self._fresh("r")
        if isinstance(node, exp.Table):
            name = name or node.name.lower()
            relation = self._table(node)
            node.set("alias", _alias(fresh))
        elif isinstance(node, exp.Subquery):
            # With the scope around this one: a derived table cannot look sideways here.
            relation = self._query(node, scope.parent, Place.INNER)
            node.set("alias", _alias(fresh))
        else:
            self._unknown_table(node)
        if any(item.name == name for item in scope.items):
            self._refusals.add(
                "ambiguous",
                node,
                say("Two relations have the same name here."),
                say("Give each its own name with AS."),
            )
        item = Item(name or fresh, fresh, relation)
        scope.items.append(item)
        return item

    def _table(self, node: exp.Table) -> Relation:
        name = node.name.lower()
        if isinstance(node.this, exp.Identifier):
            if name in self._named[-1]:
                fresh, relation = self._named[-1][name]
                node.set("this", exp.to_identifier(fresh, quoted=True))
                return relation
            table = self._schema.table(name)
            if table is not None:
                node.set("this", exp.to_identifier(table.name, quoted=True))
                node.set("db", exp.to_identifier(SOURCE, quoted=True))
                return Relation(
                    {
                        column.name: Lineage(
                            frozenset({f"{table.name}.{column.name}"}),
                            frozenset({column.column_class}),
                            entity=column.entity,
                        )
                        for column in table.columns
                    }
                )
        self._unknown_table(node)
        return Relation()

    def _join(self, join: exp.Join, scope: Scope) -> None:
        before = list(scope.items)
        item = self._add_item(join.this, scope)
        using_to_on(join, before, item, self._refusals)
        condition = join.args.get("on")
        if condition is not None:
            scope.selectors.append(self._expressions.no_key(condition, scope))
        if (join.args.get("kind") or "").upper() in {"SEMI", "ANTI"}:
            item.hidden = True

    def _fresh(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def _unknown_table(self, node: exp.Expr) -> None:
        self._refusals.add(
            "unknown_table",
            node,
            say("This is not a table of the schema. Files and table functions are never read."),
            say("Name a table of the schema."),
        )

    def _construct(self, node: exp.Expr, sentence: Sentence) -> None:
        self._refusals.add(
            "construct",
            node,
            sentence,
            say("Write the view with plain SELECT, JOIN, WHERE, GROUP BY, HAVING, QUALIFY and WITH."),
        )


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name, quoted=True))
