"""The part of SQL a view may use. What is not listed here is refused, whatever it would do.

The tree is judged node by node: an unknown kind of node, or a known one with a part that is
not listed, refuses the view. So nothing reads a file, calls a table function, sets an option,
draws a random number, asks the clock, or takes "some" rows. New SQL enters by a line here or in
``catalog.views.functions`` and a test, never by default.
"""

from collections.abc import Mapping

from sqlglot import exp

from catalog.profiles import TRANSFORMS
from catalog.views.functions import CAST_TO, CHANGING, CHANGING_NAMES, NAMES, UNITS, WHOLE
from catalog.views.refusals import Refusals
from enclave.sentences import Sentence, say

_SET_OPERATION = frozenset({"this", "expression", "distinct", "with_", "order", "by_name"})
_PARTS: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(
        {
            "expressions", "from_", "joins", "where", "group", "having", "qualify", "order", "distinct", "with_",
            "windows",
        }
    ),
    exp.Union: _SET_OPERATION,
    exp.Except: _SET_OPERATION,
    exp.Intersect: _SET_OPERATION,
    exp.Subquery: frozenset({"this", "alias", "with_"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias", "materialized"}),
    exp.TableAlias: frozenset({"this", "columns"}),
    exp.Table: frozenset({"this", "alias", "joins"}),
    exp.Lateral: frozenset({"this", "alias"}),
    exp.Values: frozenset({"expressions", "alias"}),
    exp.Unnest: frozenset({"expressions", "alias"}),
    exp.From: frozenset({"this"}),
    exp.Join: frozenset({"this", "on", "using", "side", "kind", "method"}),
    exp.Where: frozenset({"this"}),
    exp.Group: frozenset({"expressions", "all"}),
    exp.Rollup: frozenset({"expressions"}),
    exp.Cube: frozenset({"expressions"}),
    exp.GroupingSets: frozenset({"expressions"}),
    exp.Having: frozenset({"this"}),
    exp.Qualify: frozenset({"this"}),
    exp.Order: frozenset({"this", "expressions"}),
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Distinct: frozenset({"expressions", "on"}),
    exp.Star: frozenset({"except_", "replace", "rename"}),
    exp.Column: frozenset({"this", "table", "db"}),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Alias: frozenset({"this", "alias"}),
    exp.In: frozenset({"this", "expressions", "query"}),
    exp.Exists: frozenset({"this"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.TryCast: frozenset({"this", "to", "safe"}),
    exp.DataType: frozenset({"this", "expressions", "nested"}),
    exp.DataTypeParam: frozenset({"this"}),
    exp.Window: frozenset({"this", "partition_by", "order", "spec", "over", "alias"}),
    exp.WindowSpec: frozenset({"kind", "start", "start_side", "end", "end_side", "exclude"}),
    exp.RowNumber: frozenset(),
    exp.Count: frozenset({"this", "big_int"}),
    exp.Filter: frozenset({"this", "expression"}),
    exp.Interval: frozenset({"this", "unit"}),
}  # fmt: skip
"""Kinds of node whose parts are listed one by one."""

_REFUSED_BY_PARENT = frozenset({exp.Limit, exp.Offset, exp.Fetch, exp.LimitOptions, exp.TableSample})
_JOIN_KINDS = frozenset({"", "INNER", "OUTER", "CROSS", "SEMI", "ANTI"})
_JOIN_SIDES = frozenset({"", "LEFT", "RIGHT", "FULL"})
_PLAIN = say("Write the view with plain SELECT, JOIN, WHERE, GROUP BY, HAVING, QUALIFY and WITH.")


def check_grammar(tree: exp.Expr, refusals: Refusals) -> None:
    """Refuse everything in the tree that is not part of the language of views."""
    for node in tree.walk():
        kind = type(node)
        parts = _PARTS.get(kind)
        if _is_table_function(node):
            refusals.add(
                "table_function",
                node,
                say("A view reads tables of the schema. Files and table functions are never read."),
                say("Name a table of the schema."),
            )
        elif parts is not None:
            _check_parts(node, parts, refusals)
        elif kind is exp.Anonymous:
            _check_name(node, refusals)
        elif kind in CHANGING:
            _refuse_changing(node, refusals)
        elif kind not in WHOLE and kind not in _REFUSED_BY_PARENT:
            _refuse(node, refusals)
        _check_whole(node, refusals)
        _check_kind(node, refusals)


def _check_whole(node: exp.Expr, refusals: Refusals) -> None:
    """Refuse a node with a part missing that its kind cannot be without."""
    for name, part in {**dict.fromkeys(node.arg_types), **node.args}.items():
        missing = part is None and node.arg_types.get(name)
        if missing or (isinstance(part, list) and any(one is None for one in part)):
            refusals.add(
                "syntax", node, say("The SQL cannot be read here."), say("Correct the SELECT at this place.")
            )
            return


def _check_kind(node: exp.Expr, refusals: Refusals) -> None:
    """What is asked of some kinds of node besides their parts."""
    if isinstance(node, exp.Join):
        _check_join(node, refusals)
    elif isinstance(node, exp.Select) and not node.expressions:
        refusals.add(
            "no_columns", node, say("A SELECT here shows no column."), say("Name the columns after SELECT.")
        )
    elif isinstance(node, exp.DataType) and node.this not in CAST_TO:
        refusals.add(
            "type",
            node.parent or node,
            say("A view cannot convert to this type."),
            say("Convert to a number, a date, a timestamp, a boolean or text."),
        )
    elif isinstance(node, exp.Var) and not _is_word(node) and not _of_sample(node):
        _construct(node, say("{kind} is not part of the language of views.", kind=node.name[:60]), refusals)
    elif isinstance(node, exp.Any | exp.All) and isinstance(node.parent, exp.Like | exp.ILike):
        # The parser would leave the word out: what ran would compare with one pattern.
        _construct(node.parent, say("A pattern is compared with one text at a time."), refusals)
    elif isinstance(node, exp.Columns):
        refusals.add(
            "columns_expression",
            node,
            say("COLUMNS(…) names columns by a pattern: which ones cannot be judged."),
            say("Name the columns."),
        )
    elif isinstance(node, exp.PositionalColumn):
        refusals.add(
            "positional_column",
            node,
            say("A column is named by its name, never by its place."),
            say("Name the columns."),
        )


def _is_table_function(node: exp.Expr) -> bool:
    """A function that stands where a table can, or is known to read files."""
    if isinstance(node, exp.ReadCSV | exp.ReadParquet):
        return True
    in_from = isinstance(node.parent, exp.Table) and node.arg_key == "this"
    return in_from and isinstance(node, exp.Func) and not isinstance(node, exp.GenerateSeries)


def _check_parts(node: exp.Expr, parts: frozenset[str], refusals: Refusals) -> None:
    for name in sorted(name for name, part in node.args.items() if part and name not in parts):
        place = node.args[name] if isinstance(node.args[name], exp.Expr) else node
        if name == "sample":
            refusals.add(
                "sample",
                place,
                say("SAMPLE takes rows by chance."),
                say("Choose rows by a condition in WHERE or QUALIFY."),
            )
        elif name in {"limit", "offset"}:
            refusals.add(
                "limit",
                place,
                say("LIMIT and OFFSET take rows that nobody chose."),
                say("Choose rows by a condition in WHERE or QUALIFY."),
            )
        elif name == "recursive":
            refusals.add(
                "recursive",
                node,
                say("A view does not call itself: WITH RECURSIVE is not part of its language."),
                _PLAIN,
            )
        else:
            part, kind = name.strip("_"), type(node).__name__
            _construct(
                node,
                say("'{part}' of {kind} is not part of the language of views.", part=part, kind=kind),
                refusals,
            )


def _check_name(node: exp.Expr, refusals: Refusals) -> None:
    name = node.name.lower()
    known = isinstance(node.this, str) and name in TRANSFORMS | NAMES
    if name in CHANGING_NAMES or (name == "age" and len(node.expressions) < _AGE_OF_TWO):
        _refuse_changing(node, refusals)
    elif not known:
        _refuse_function(node, name, refusals)


_AGE_OF_TWO = 2
"""``age(a, b)`` is between two dates; ``age(a)`` would ask the clock."""


def _refuse(node: exp.Expr, refusals: Refusals) -> None:
    if isinstance(node, exp.Columns | exp.PositionalColumn):
        return
    if isinstance(node, exp.Func):
        _refuse_function(node, node.sql_name().lower(), refusals)
        return
    _construct(node, say("{kind} is not part of the language of views.", kind=type(node).__name__), refusals)


def _refuse_function(node: exp.Expr, name: str, refusals: Refusals) -> None:
    refusals.add(
        "function",
        node,
        say("The function {name} is not on the list of functions for views.", name=name[:60]),
        say("Use a listed function, or ask for this one to be judged and added."),
    )


def _refuse_changing(node: exp.Expr, refusals: Refusals) -> None:
    refusals.add(
        "changing_function",
        node,
        say("This function gives something else on every run: it draws, or asks the clock."),
        say("Write the date or number that you mean into the view."),
    )


def _check_join(node: exp.Expr, refusals: Refusals) -> None:
    kind, side = (node.args.get("kind") or "").upper(), (node.args.get("side") or "").upper()
    if node.args.get("method") or kind not in _JOIN_KINDS or side not in _JOIN_SIDES:
        refusals.add(
            "join_kind",
            node,
            say("This kind of join compares columns nobody named, or rows by their place."),
            say("Use INNER, LEFT, RIGHT, FULL, CROSS, SEMI or ANTI with ON or USING."),
        )


def _is_word(node: exp.Expr) -> bool:
    """Whether a bare word stands where one is known: a unit of time, or the ALL of ORDER BY ALL in a query."""
    if node.name.upper() != "ALL":
        return node.name.upper() in UNITS
    order = node.parent.parent if isinstance(node.parent, exp.Ordered) else None
    return order is not None and isinstance(order.parent, exp.Query)


def _of_sample(node: exp.Expr) -> bool:
    return isinstance(node.parent, exp.TableSample)


def _construct(node: exp.Expr, sentence: Sentence, refusals: Refusals) -> None:
    refusals.add("construct", node, sentence, _PLAIN)
