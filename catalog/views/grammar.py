"""The part of SQL a view may use. What is not listed here is refused, whatever it would do.

The tree is judged node by node: an unknown kind of node, or a known one with a part that is
not listed, refuses the view. So nothing reads a file, calls a table function, sets an option,
draws a random number, asks the clock, or takes "some" rows. New SQL enters by a line here and
a test, never by default.
"""

from collections.abc import Mapping

from sqlglot import exp

from catalog.views.refusals import Refusals
from enclave.sentences import say

TRANSFORMS = frozenset({"pseudonym", "birth_month", "age_band"})
"""The approved transforms of this profile."""

_ANONYMOUS = frozenset({"date_part"})
"""DuckDB functions the parser has no class for."""

_PARTS: Mapping[type[exp.Expr], frozenset[str]] = {
    exp.Select: frozenset(
        {"expressions", "from_", "joins", "where", "group", "having", "qualify", "order", "distinct", "with_"}
    ),
    exp.Union: frozenset({"this", "expression", "distinct", "with_", "order"}),
    exp.Except: frozenset({"this", "expression", "distinct", "with_", "order"}),
    exp.Intersect: frozenset({"this", "expression", "distinct", "with_", "order"}),
    exp.Subquery: frozenset({"this", "alias"}),
    exp.With: frozenset({"expressions"}),
    exp.CTE: frozenset({"this", "alias"}),
    exp.TableAlias: frozenset({"this"}),
    exp.Table: frozenset({"this", "alias"}),
    exp.From: frozenset({"this"}),
    exp.Join: frozenset({"this", "on", "using", "side", "kind"}),
    exp.Where: frozenset({"this"}),
    exp.Group: frozenset({"expressions"}),
    exp.Having: frozenset({"this"}),
    exp.Qualify: frozenset({"this"}),
    exp.Order: frozenset({"expressions"}),
    exp.Ordered: frozenset({"this", "desc", "nulls_first"}),
    exp.Distinct: frozenset({"expressions"}),
    exp.Star: frozenset({"except_"}),
    exp.Column: frozenset({"this", "table"}),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Alias: frozenset({"this", "alias"}),
    exp.In: frozenset({"this", "expressions", "query"}),
    exp.Exists: frozenset({"this"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.TryCast: frozenset({"this", "to", "safe"}),
    exp.DataType: frozenset({"this", "expressions"}),
    exp.DataTypeParam: frozenset({"this"}),
    exp.Window: frozenset({"this", "partition_by", "order", "spec", "over"}),
    exp.WindowSpec: frozenset({"kind", "start", "start_side", "end", "end_side"}),
    exp.Count: frozenset({"this", "big_int"}),
    exp.Filter: frozenset({"this", "expression"}),
    exp.Like: frozenset({"this", "expression"}),
    exp.ILike: frozenset({"this", "expression"}),
    exp.Interval: frozenset({"this", "unit"}),
}
"""Kinds of node whose parts are listed one by one."""

_WHOLE: frozenset[type[exp.Expr]] = frozenset(
    {
        # values and logic
        exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Var, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ,
        exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.Between, exp.Case,
        exp.If, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least,
        # arithmetic
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Abs, exp.Round, exp.Floor,
        exp.Ceil, exp.Sqrt, exp.Pow, exp.Exp, exp.Ln, exp.Log, exp.Sign,
        # text
        exp.DPipe, exp.Concat, exp.Lower, exp.Upper, exp.Length, exp.Substring, exp.Left, exp.Right,
        exp.Trim, exp.StartsWith, exp.Contains, exp.Replace, exp.Pad,
        # dates
        exp.DateDiff, exp.DateAdd, exp.DateTrunc, exp.TimestampTrunc, exp.Extract, exp.Year, exp.Quarter,
        exp.Month, exp.Day, exp.DayOfWeek, exp.WeekOfYear, exp.LastDay, exp.Date, exp.TimeToStr,
        # aggregates whose result does not depend on the order of rows
        exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Median, exp.PercentileCont, exp.Stddev, exp.StddevSamp,
        exp.StddevPop, exp.Variance, exp.VariancePop, exp.Corr, exp.CountIf, exp.LogicalAnd, exp.LogicalOr,
        # windows
        exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
    }
)  # fmt: skip
"""Kinds of node that hold nothing but expressions, which are judged in turn."""

_REFUSED_BY_PARENT = frozenset({exp.Limit, exp.Offset, exp.Fetch, exp.TableSample})

_CAST_TO = frozenset(
    {
        exp.DType.BOOLEAN, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT, exp.DType.DOUBLE,
        exp.DType.FLOAT, exp.DType.DECIMAL, exp.DType.VARCHAR, exp.DType.TEXT, exp.DType.DATE,
        exp.DType.TIMESTAMP,
    }
)  # fmt: skip

_JOIN_KINDS = frozenset({"", "INNER", "OUTER", "CROSS", "SEMI", "ANTI"})
_JOIN_SIDES = frozenset({"", "LEFT", "RIGHT", "FULL"})


def check_grammar(tree: exp.Expr, refusals: Refusals) -> None:
    """Refuse everything in the tree that is not part of the language of views."""
    for node in tree.walk():
        kind = type(node)
        parts = _PARTS.get(kind)
        if parts is not None:
            _check_parts(node, parts, refusals)
        elif kind is exp.Anonymous:
            _check_name(node, refusals)
        elif kind not in _WHOLE and kind not in _REFUSED_BY_PARENT:
            _refuse(node, refusals)
        if kind is exp.Join:
            _check_join(node, refusals)
        if kind is exp.Select and not node.expressions:
            refusals.add(
                "no_columns",
                node,
                say("A SELECT here shows no column."),
                say("Name the columns after SELECT."),
            )
        if kind is exp.DataType and node.this not in _CAST_TO:
            refusals.add(
                "type",
                node.parent or node,
                say("A view cannot convert to this type."),
                say("Convert to a number, a date, a timestamp, a boolean or text."),
            )


def _check_parts(node: exp.Expr, parts: frozenset[str], refusals: Refusals) -> None:
    extra = sorted(name for name, part in node.args.items() if part and name not in parts)
    for name in extra:
        if name in {"limit", "offset", "sample"}:
            refusals.add(
                "limit",
                node.args[name] if isinstance(node.args[name], exp.Expr) else node,
                say("LIMIT, OFFSET and SAMPLE take rows that nobody chose."),
                say("Choose rows by a condition in WHERE or QUALIFY."),
            )
            continue
        refusals.add(
            "construct",
            node,
            say(
                "'{part}' of {kind} is not part of the language of views.",
                part=name.strip("_"),
                kind=_name(node),
            ),
            say("Write the view with plain SELECT, JOIN, WHERE, GROUP BY, HAVING, QUALIFY and WITH."),
        )


def _check_name(node: exp.Expr, refusals: Refusals) -> None:
    name = node.name.lower()
    if name not in TRANSFORMS | _ANONYMOUS or not isinstance(node.this, str):
        _refuse_function(node, name, refusals)


def _refuse(node: exp.Expr, refusals: Refusals) -> None:
    if isinstance(node, exp.Func):
        _refuse_function(node, node.sql_name().lower(), refusals)
        return
    refusals.add(
        "construct",
        node,
        say("{kind} is not part of the language of views.", kind=_name(node)),
        say("Write the view with plain SELECT, JOIN, WHERE, GROUP BY, HAVING, QUALIFY and WITH."),
    )


def _refuse_function(node: exp.Expr, name: str, refusals: Refusals) -> None:
    refusals.add(
        "function",
        node,
        say("The function {name} is not on the list of functions for views.", name=name[:60]),
        say("Use a listed function, or ask for this one to be judged and added."),
    )


def _check_join(node: exp.Expr, refusals: Refusals) -> None:
    kind, side = (node.args.get("kind") or "").upper(), (node.args.get("side") or "").upper()
    if kind not in _JOIN_KINDS or side not in _JOIN_SIDES:
        refusals.add(
            "construct",
            node,
            say("This kind of join is not part of the language of views."),
            say("Use INNER, LEFT, RIGHT, FULL, CROSS, SEMI or ANTI with ON or USING."),
        )


def _name(node: exp.Expr) -> str:
    return type(node).__name__
