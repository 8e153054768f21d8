"""Windows and aggregates that depend on the order of rows: that order is the view's, never the source's.

1. What counts rows or takes another row's value needs an ORDER BY, and so does a frame of ROWS.
2. ``first`` and ``last`` need an ORDER BY of their own; ``list``, ``string_agg`` and ``any_value``
   take the values in their own order where none is given, also in a window without an order.
3. Rows that are equal in that order lie in any order in a database, so the compiler adds to it
   what the query names besides: values as they are, and keys by their pseudonyms, which tell
   nothing of the keys. ``arg_max``, ``arg_min`` and ``mode`` choose the least of equals. A key
   that has no pseudonym may not be named beside such rows.
4. A named window is written out where it is used.
5. ``DISTINCT ON`` is written as the QUALIFY that it means, and needs an order besides its columns.
"""

from collections.abc import Iterable

from sqlglot import exp

from catalog.views.functions import (
    AGGREGATE_NAMES,
    AGGREGATES,
    NEIGHBOURS,
    NUMBERINGS,
    ORDERED_AGGREGATES,
    SETTLED_AGGREGATES,
)
from catalog.views.places import PSEUDONYM, SOURCE_KEY
from catalog.views.refusals import Refusals
from catalog.views.scopes import Scope
from enclave.sentences import say

_DIALECT = "duckdb"
_IN_ORDER = NUMBERINGS | NEIGHBOURS | {exp.First, exp.Last}
_SAME_FOR_ANY_FRAME = NUMBERINGS | {exp.Lag, exp.Lead}


def function_of(window: exp.Window) -> exp.Expr:
    """The function that a window is of, without FILTER and IGNORE NULLS."""
    function: exp.Expr = window.this
    while isinstance(function, exp.Filter | exp.IgnoreNulls):
        function = function.this
    return function


class Windows:
    """Judges order in one view."""

    def __init__(self, refusals: Refusals, homes: Iterable[str] = ()) -> None:
        self._refusals = refusals
        self._homes = frozenset(homes)
        self.ordered_by: set[str] = set()
        """The kinds of things whose pseudonyms decide between rows that are alike."""

    def write_out(self, window: exp.Window, scope: Scope) -> None:
        """Put a named window in the place of its name."""
        seen: set[str] = set()
        while (named := window.args.get("alias")) is not None:
            name = named.name.lower()
            definition = scope.windows.get(name)
            if definition is None or name in seen:
                self._refusals.add(
                    "construct",
                    window,
                    say("The window {name} is not given in the WINDOW clause.", name=name[:60]),
                    say("Write the window in OVER (…)."),
                )
                window.set("alias", None)
                return
            seen.add(name)
            window.set("alias", None)
            for part in ("partition_by", "order", "spec"):
                if not window.args.get(part) and definition.args.get(part):
                    theirs = definition.args[part]
                    copies = [p.copy() for p in theirs] if isinstance(theirs, list) else theirs.copy()
                    window.set(part, copies)
            if definition.args.get("alias") is not None:
                window.set("alias", definition.args["alias"].copy())

    def check_window(self, window: exp.Window, scope: Scope) -> None:
        """Refuse a window that would number or choose rows in the order of the source."""
        function = type(function_of(window))
        spec = window.args.get("spec")
        rows = spec is not None and str(spec.args.get("kind") or "").upper() == "ROWS"
        if _orders_nothing(window.args.get("order")):
            whole = spec is not None and {spec.args.get("start"), spec.args.get("end")} == {"UNBOUNDED"}
            if function in _IN_ORDER or (rows and not whole):
                self._refusals.add(
                    "window_order",
                    window,
                    say("This window takes rows in the order of the source, which means nothing."),
                    say("Write OVER (PARTITION BY … ORDER BY …) with an order that the data has."),
                )
            return
        bounds = {spec.args.get("start"), spec.args.get("end")} if spec is not None else set()
        by_place = bounds <= {"UNBOUNDED", "CURRENT ROW", None}
        from_first = spec is None or (spec.args.get("start") == "UNBOUNDED" and not spec.args.get("exclude"))
        first = function in {exp.FirstValue, exp.First} and from_first
        if rows or (by_place and (first or function in _SAME_FOR_ANY_FRAME)):
            scope.unsettled.append(window)

    def settle(
        self, scope: Scope, listed: list[exp.Expr], more: Iterable[tuple[exp.Expr, str]] | None
    ) -> frozenset[str]:
        """Complete the order of the windows that need it; which source columns now decide it, too.

        ``listed`` is what the query shows or numbers rows by. ``more`` is what a grouped query has by
        group, each with its entity when it is a key, or None when the query is not grouped.
        """
        if not scope.unsettled:
            return frozenset()
        sources: set[str] = set()
        named = list(more) if more is not None else []
        for item in scope.items if more is None else ():
            for name in () if item.hidden else sorted(item.used):
                lineage = item.relation.columns[name]
                sources |= lineage.sources
                named.append((_column(item.fresh, name), lineage.entity))
        for window in scope.unsettled:
            parted = {key.sql(dialect=_DIALECT) for key in window.args.get("partition_by") or ()}
            self._refuse_homeless(window, self._homeless(scope, listed, grouped=more is not None) - parted)
            extra = [part for part in named if part[0].sql(dialect=_DIALECT) not in parted]
            values = [value for value, entity in extra if not entity]
            keys = [self._pseudonym(key, entity) for key, entity in extra if entity in self._homes]
            _complete(window.args["order"], [*values, *keys])
        return frozenset(sources)

    def _homeless(self, scope: Scope, listed: list[exp.Expr], *, grouped: bool) -> set[str]:
        """The keys named in these expressions that no pseudonym stands for, so that nothing orders them."""
        keys = {
            (item.fresh, name)
            for item in scope.items
            for name, lineage in item.relation.columns.items()
            if lineage.entity and lineage.entity not in self._homes
        }
        found: set[str] = set()
        for part in listed if keys else ():
            settled = {id(n) for one in (aggregates_in(part) if grouped else ()) for n in one.walk()}
            for column in part.find_all(exp.Column):
                if (column.table, column.name) in keys and id(column) not in settled:
                    found.add(column.sql(dialect=_DIALECT))
        return found

    def _refuse_homeless(self, window: exp.Window, keys: set[str]) -> None:
        if keys:
            self._refusals.add(
                "window_order",
                window,
                say("Beside this window a key without a pseudonym tells rows apart that its order does not."),
                say("Put that key into PARTITION BY, or leave it out of the SELECT list."),
            )

    def _pseudonym(self, key: exp.Expr, entity: str) -> exp.Expr:
        """The pseudonym behind a key, as something to order by that tells nothing of the key."""
        self.ordered_by.add(entity)
        place = exp.Table(
            this=exp.to_identifier(entity, quoted=True),
            db=exp.to_identifier(PSEUDONYM, quoted=True),
            alias=exp.TableAlias(this=exp.to_identifier("k", quoted=True)),
        )
        query = exp.select(_column("k", PSEUDONYM)).from_(place, copy=False)
        equal = exp.EQ(this=_column("k", SOURCE_KEY), expression=key.copy())
        return exp.Subquery(this=query.where(equal, copy=False))

    def aggregate(self, node: exp.Expr) -> None:
        """Refuse or complete the order in which an aggregate takes rows, before it is read."""
        kind = type(node)
        in_window = isinstance(_around(node), exp.Window)
        if kind in {exp.First, exp.Last} and in_window:
            return
        if kind in {exp.ArgMax, exp.ArgMin}:
            _settle_extreme(node)
            return
        argument = node.this
        if isinstance(argument, exp.Order) and argument.this is not None:
            argument = _without_constants(node, argument)
        if kind is exp.Mode:
            if argument is not None and not isinstance(argument, exp.Order) and not is_constant(argument):
                node.set("this", _ordered(argument, argument))
            return
        around = _around(node)
        by_rows = isinstance(around, exp.Window) and around.args.get("order") is not None
        any_order = kind is exp.AnyValue or not (by_rows or kind in {exp.First, exp.Last})
        if any_order and argument is not None and not isinstance(argument, exp.Order):
            _in_own_order(node, argument)
        elif not isinstance(argument, exp.Order) or argument.this is None:
            self._refusals.add(
                "aggregate_order",
                node,
                say("This aggregate takes rows in the order of the source, which means nothing."),
                say("Order it inside, as in first(x ORDER BY y), or use min(), max() or count()."),
            )
        else:
            _complete(argument, _arguments(argument.this))

    def distinct_on(self, select: exp.Select) -> None:
        """Write DISTINCT ON as a QUALIFY, before the query is read."""
        distinct = select.args.get("distinct")
        on = distinct.args.get("on") if distinct is not None else None
        if on is None:
            return
        keys = [_meant(key, select) for key in (on.expressions if isinstance(on, exp.Tuple) else [on])]
        order = select.args.get("order")
        written = {key.sql(dialect=_DIALECT) for key in keys}
        rest = [
            ordered.copy()
            for ordered in (order.expressions if order is not None else ())
            if _meant(ordered.this, select).sql(dialect=_DIALECT) not in written
        ]
        if not rest or select.args.get("qualify"):
            self._refusals.add(
                "distinct_on_order",
                distinct,
                say("DISTINCT ON takes the first row in the order of the source, which means nothing."),
                say("Add ORDER BY with what makes a row the first, or use QUALIFY row_number() … = 1."),
            )
            return
        number = exp.Window(
            this=exp.RowNumber(), partition_by=keys, order=exp.Order(expressions=rest), over="OVER"
        )
        select.set("qualify", exp.Qualify(this=exp.EQ(this=number, expression=exp.Literal.number(1))))
        select.set("distinct", None)
        select.set("order", None)


def write_within_group(tree: exp.Expr) -> None:
    """Write ``f(…) WITHIN GROUP (ORDER BY x)`` as the aggregate over x that it is; the rest is left."""
    for node in list(tree.find_all(exp.WithinGroup)):
        ordered = node.expression.expressions if isinstance(node.expression, exp.Order) else []
        if len(ordered) != 1 or ordered[0].args.get("desc"):
            continue
        value = ordered[0].this
        if isinstance(node.this, exp.PercentileCont | exp.PercentileDisc):
            node.replace(type(node.this)(this=value, expression=node.this.this))
        elif isinstance(node.this, exp.Mode) and node.this.this is None:
            node.replace(exp.Mode(this=value))


def is_grouped(select: exp.Select) -> bool:
    """Whether a SELECT has one row by group."""
    if select.args.get("group") is not None or select.args.get("having") is not None:
        return True
    return any(aggregates_in(alias) for alias in select.expressions)


def aggregates_in(node: exp.Expr) -> list[exp.Expr]:
    """The aggregates of this query in an expression: not those of windows, nor of inner queries."""
    found: list[exp.Expr] = []
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, exp.Query):
            continue
        if isinstance(part, exp.Window):
            inner = function_of(part)
            waiting += list(inner.iter_expressions())
            waiting += [p for p in part.iter_expressions() if p is not part.this]
            continue
        if _is_aggregate(part):
            around = part.parent
            found.append(around if isinstance(around, exp.Filter) else part)
            continue
        waiting += list(part.iter_expressions())
    return found


def _is_aggregate(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in AGGREGATE_NAMES
    return isinstance(node, exp.Count) or type(node) in AGGREGATES | ORDERED_AGGREGATES | SETTLED_AGGREGATES


def _around(node: exp.Expr) -> exp.Expr | None:
    around = node.parent
    while isinstance(around, exp.Filter | exp.IgnoreNulls):
        around = around.parent
    return around


def is_constant(value: exp.Expr) -> bool:
    """Whether an expression is the same for every row."""
    return not value.find(exp.Column, exp.Query) and not aggregates_in(value)


def _orders_nothing(order: exp.Expr | None) -> bool:
    """Whether an ORDER BY is missing, or is the same for every row."""
    return all(is_constant(ordered.this) for ordered in (order.expressions if order is not None else ()))


def _without_constants(node: exp.Expr, argument: exp.Order) -> exp.Expr:
    """The argument of an aggregate without what is constant in its order, which the database refuses."""
    kept = [ordered for ordered in argument.expressions if not is_constant(ordered.this)]
    argument.set("expressions", kept)
    if not kept:
        node.set("this", argument.this)
    bare: exp.Expr = node.this
    return bare


def _in_own_order(node: exp.Expr, argument: exp.Expr) -> None:
    """``list(x)`` as ``list(x ORDER BY x)``: of all orders that it may take, one that no source has."""
    by = [exp.Ordered(this=value.copy()) for value in _arguments(argument) if not is_constant(value)]
    if by:
        node.set("this", exp.Order(this=argument.copy(), expressions=by))


def _arguments(argument: exp.Expr) -> list[exp.Expr]:
    return argument.expressions if isinstance(argument, exp.Distinct) else [argument]


def _ordered(value: exp.Expr, by: exp.Expr) -> exp.Order:
    return exp.Order(this=value.copy(), expressions=[exp.Ordered(this=by.copy())])


def _column(table: str, name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(table, quoted=True))


def _complete(order: exp.Expr, extra: Iterable[exp.Expr]) -> None:
    """Add to an ORDER BY what is not in it yet."""
    there = {ordered.this.sql(dialect=_DIALECT) for ordered in order.expressions}
    for expression in extra:
        if not is_constant(expression) and expression.sql(dialect=_DIALECT) not in there:
            order.append("expressions", exp.Ordered(this=expression.copy()))


def _settle_extreme(node: exp.Expr) -> None:
    """``arg_max(v, t)`` as the v of the largest (t, v): equal t choose by v, and no t is no row."""
    value, by = node.this.copy(), node.expression
    pair = exp.Anonymous(this="ROW", expressions=[by.copy(), value])
    empty = exp.Is(this=exp.Paren(this=by.copy()), expression=exp.Null())
    node.set("expression", exp.Case(ifs=[exp.If(this=exp.Not(this=empty), true=pair)]))


def _meant(node: exp.Expr, select: exp.Select) -> exp.Expr:
    """What a place in the SELECT list, one of its names, or a pseudonym stands for."""
    found = node
    if isinstance(found, exp.Literal) and not found.is_string and found.name.isdecimal():
        position = int(found.name)
        if 1 <= position <= len(select.expressions):
            found = select.expressions[position - 1].unalias()
    if isinstance(found, exp.Column) and not found.table:
        for alias in select.expressions:
            if isinstance(alias, exp.Alias) and alias.alias.lower() == found.name.lower():
                found = alias.this
                break
    if isinstance(found, exp.Anonymous) and found.name.lower() == PSEUDONYM and len(found.expressions) == 1:
        found = found.expressions[0]
    return found.copy()
