"""Queries of a view, read inside out: what each gives, and which rows it has.

The influence on rows is kept apart from what stands in columns: WHERE, HAVING, QUALIFY, GROUP BY,
join conditions and the rows of inner relations decide together which rows there are, and that
influences every column. ORDER BY has no effect in a view and is dropped: rows leave ordered by
pseudonym. In the outermost SELECT a key appears as ``pseudonym(key)`` and not otherwise; members
of staff do not appear there at all, and institutions only under a pseudonym.
"""

from collections.abc import Iterator

from sqlglot import exp

from catalog.profiles import PSEUDO, Profile
from catalog.schema.columns import Schema
from catalog.views.coded import shown_kinds
from catalog.views.expressions import Expressions
from catalog.views.projections import Place, Projections
from catalog.views.refusals import Refusals
from catalog.views.relations import Relations
from catalog.views.scopes import Lineage, Relation, Scope, merged
from catalog.views.transforms import Transforms
from catalog.views.windows import aggregates_in, is_constant, is_grouped
from enclave.sentences import Sentence, say

_GROUPS = (exp.Rollup, exp.Cube, exp.GroupingSets, exp.Tuple, exp.Group)


class Queries:
    """Reads the queries of one view."""

    def __init__(self, schema: Schema, refusals: Refusals, profile: Profile = PSEUDO) -> None:
        self._refusals = refusals
        self._transforms = transforms = Transforms(refusals, schema, profile)
        self._expressions = Expressions(refusals, self._inner, transforms, shown_kinds(schema))
        self._projections = Projections(schema, refusals, self._expressions, transforms)
        self._relations = Relations(schema, refusals, self._expressions, self._inner)

    def outermost(self, tree: exp.Expr) -> Relation:
        """The relation that a view produces."""
        return self._query(tree, None, Place.OUTERMOST)

    @property
    def ordered_by(self) -> frozenset[str]:
        """The kinds of things whose pseudonyms decide between rows that are otherwise alike."""
        return frozenset(self._expressions.windows.ordered_by)

    def _inner(self, node: exp.Expr, parent: Scope | None) -> Relation:
        return self._query(node, parent, Place.INNER)

    def _query(self, node: exp.Expr, parent: Scope | None, place: Place) -> Relation:
        names = self._relations.with_names
        names.append(dict(names[-1]))
        try:
            self._with(node, parent)
            if isinstance(node, exp.Subquery):
                return self._query(node.this, parent, place)
            if isinstance(node, exp.SetOperation):
                return self._both(node, parent, place)
            if isinstance(node, exp.Select):
                return self._select(node, parent, place)
        finally:
            names.pop()
        self._construct(node, say("A SELECT is expected here."))
        return Relation()

    def _with(self, node: exp.Expr, parent: Scope | None) -> None:
        clause = node.args.get("with_")
        for named in clause.expressions if clause else ():
            name = named.alias.lower()
            relation = self._query(named.this, parent, Place.INNER)
            relation = self._relations.named(named, relation, named.this)
            fresh = self._relations.fresh("c")
            self._relations.with_names[-1] = {**self._relations.with_names[-1], name: (fresh, relation)}
            named.set("alias", exp.TableAlias(this=exp.to_identifier(fresh, quoted=True)))

    def _both(self, node: exp.SetOperation, parent: Scope | None, place: Place) -> Relation:
        by_name = bool(node.args.get("by_name"))
        left = self._query(node.this, parent, place)
        right = self._query(node.expression, parent, place if by_name else place.second)
        if not by_name and len(left.columns) != len(right.columns):
            self._construct(node, say("Both sides of a set operation need the same number of columns."))
            return left
        columns = self._by_name(node, left, right) if by_name else self._by_place(node, left, right)
        rows = left.rows | right.rows
        if not isinstance(node, exp.Union):
            # What stands on the right of EXCEPT and INTERSECT decides which rows of the left remain.
            rows |= left.influence | right.influence
        scope = Scope(parent, given={name: (exp.column(name), lineage) for name, lineage in columns.items()})
        self._drop_order(node, scope)
        return Relation(columns, rows)

    def _by_place(self, node: exp.Expr, left: Relation, right: Relation) -> dict[str, Lineage]:
        return {
            name: self._united(node, [one, other])
            for (name, one), other in zip(left.columns.items(), right.columns.values(), strict=True)
        }

    def _by_name(self, node: exp.Expr, left: Relation, right: Relation) -> dict[str, Lineage]:
        sides = (left.columns, right.columns)
        return {
            name: self._united(node, [side[name] for side in sides if name in side])
            for name in {**left.columns, **right.columns}
        }

    def _united(self, node: exp.Expr, sides: list[Lineage]) -> Lineage:
        entity, shown = self._expressions.keys.one_of(node, sides)
        self._transforms.check_mixed(node, sides)
        both = merged(sides)
        return Lineage(both.sources, both.classes, both.transforms, entity, both.open, shown=shown)

    def _select(self, node: exp.Select, parent: Scope | None, place: Place) -> Relation:
        scope = Scope(parent)
        self._expressions.windows.distinct_on(node)
        self._relations.read(node, scope)
        scope.windows = {window.name.lower(): window for window in node.args.get("windows") or ()}
        node.set("windows", None)
        columns = self._projections.read(node, scope, place)
        selectors = scope.selectors
        selectors += [
            self._expressions.condition(node.args[clause].this, scope)
            for clause in ("where", "having", "qualify")
            if node.args.get(clause)
        ]
        if node.args.get("distinct") and node.args["distinct"].args.get("on"):
            selectors.append(self._expressions.value(node.args["distinct"].args["on"], scope))
        groups = self._groups(node, scope, columns)
        selectors += [lineage for _, lineage in groups]
        self._unused_windows(scope)
        self._drop_order(node, scope)
        rows = merged(selectors).sources.union(*(item.relation.rows for item in scope.items))
        return Relation(columns, rows | self._settle(node, scope, columns, groups))

    def _settle(
        self,
        node: exp.Select,
        scope: Scope,
        columns: dict[str, Lineage],
        groups: list[tuple[exp.Expr, Lineage]],
    ) -> frozenset[str]:
        listed = [*node.expressions, *filter(None, [node.args.get("qualify")])]
        if not scope.unsettled or not is_grouped(node):
            return self._expressions.windows.settle(scope, listed, None)
        parts = [*listed, *filter(None, [node.args.get("having")])]
        more = [(expression, lineage.entity) for expression, lineage in groups]
        more += [(found, "") for part in parts for found in aggregates_in(part)]
        self._expressions.windows.settle(scope, listed, more)
        return merged(columns.values()).sources

    def _groups(
        self, node: exp.Select, scope: Scope, columns: dict[str, Lineage]
    ) -> list[tuple[exp.Expr, Lineage]]:
        """What a SELECT groups by, each expression as it was resolved, with its lineage."""
        group = node.args.get("group")
        if group is None:
            return []
        if group.args.get("all"):
            by = [alias for alias in node.expressions if _is_by_all(alias)]
            if scope.unsettled:
                # What completes a window holds a query, which GROUP BY ALL would try to group by.
                written = exp.Group(expressions=[exp.Paren(this=alias.this.copy()) for alias in by])
                node.set("group", written if by else None)
            return [(alias.this, columns[alias.alias]) for alias in by]
        lineages = []
        for expression in list(_leaves(group)):
            if isinstance(expression, exp.Literal):
                number = expression.name
                position = int(number) if number.isdecimal() and not expression.is_string else 0
                if not 1 <= position <= len(node.expressions):
                    self._construct(expression, say("GROUP BY names no column of the SELECT here."))
                    return []
                alias = node.expressions[position - 1]
                lineages.append(columns[alias.alias])
                expression.replace(exp.Paren(this=alias.this.copy()))
            else:
                lineages.append(self._expressions.value(expression, scope))
        for expression in list(_leaves(group)):
            if is_constant(expression):
                # A bare number would be read as a place in the SELECT list.
                expression.replace(exp.cast(expression.copy(), exp.DType.VARCHAR))
        return list(zip(_leaves(group), lineages, strict=False))

    def _unused_windows(self, scope: Scope) -> None:
        """Read what the WINDOW clause names, used or not: it stands in the view."""
        for window in scope.windows.values():
            for part in [*(window.args.get("partition_by") or ()), *_ordered(window)]:
                self._expressions.value(exp.Paren(this=part.copy()), scope)

    def _drop_order(self, node: exp.Expr, scope: Scope) -> None:
        for value in list(_ordered(node)):
            if isinstance(value, exp.Literal | exp.Var):
                continue
            found = scope.given.get(value.name.lower()) if isinstance(value, exp.Column) else None
            if found is not None and not value.args.get("table"):
                lineage = found[1]
            else:
                lineage = self._expressions.value(value, scope)
            if lineage.entity and not lineage.shown:
                self._expressions.keys.refuse("key_in_order", value)
        node.set("order", None)

    def _construct(self, node: exp.Expr, sentence: Sentence) -> None:
        self._refusals.add(
            "construct",
            node,
            sentence,
            say("Write the view with plain SELECT, JOIN, WHERE, GROUP BY, HAVING, QUALIFY and WITH."),
        )


def _ordered(node: exp.Expr) -> Iterator[exp.Expr]:
    order = node.args.get("order")
    for ordered in order.expressions if order is not None else ():
        yield ordered.this


def _is_by_all(alias: exp.Expr) -> bool:
    """Whether GROUP BY ALL groups by this column."""
    return not aggregates_in(alias) and alias.find(exp.Window) is None and not is_constant(alias)


def _leaves(group: exp.Expr) -> Iterator[exp.Expr]:
    """The expressions that a GROUP BY groups by, in order."""
    for expression in group.expressions:
        if isinstance(expression, _GROUPS):
            yield from _leaves(expression)
        else:
            yield expression
