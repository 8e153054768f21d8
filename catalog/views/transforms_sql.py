"""The plain SQL that each transform stands for: text of ours, with the arguments put in.

What a transform writes into an extract:

- ``birth_month``: ``'2003-02'``. ``age_band``: the lower bound of the band, in years.
- ``bin(53.4, 5)``: ``'50～55'``, from the first number up to but not including the second.
- ``top_code(211, 200)``: ``'201以上'``. A limit written as a whole number speaks of whole numbers:
  a value counts as rounded when it is compared. A limit with decimals says ``'200.0超'``.
  ``bottom_code`` likewise: ``'39以下'``, and ``'36.5未満'``. Other values stand as text, unchanged.
- ``rare_to_other``: the value, or ``'その他'``. ``region_up``: the prefecture of a municipality or of a
  secondary medical area, the region (地方) of a prefecture. Nothing stays nothing everywhere.
- ``scrub``: the text with its identifiers replaced by their kinds (［氏名］), or nothing when it was quarantined.
  ``scrub_status``: ``clean``, ``scrubbed`` or ``quarantined``. ``scrub_hits``: how many were replaced.
"""

from decimal import Decimal

from sqlglot import exp, parse_one

from catalog.views.transforms_needs import (
    COMMON_VALUE,
    SCRUB_SOURCE,
    SHIFT_DAYS,
    SHIFT_KEY,
    Common,
    Scrubbed,
    Shift,
    side_table,
)

OTHER = "その他"
_DIALECT = "duckdb"
_X = "argument1"
_TEXT = f"CASE WHEN TRY_CAST({_X} AS BIGINT) = {_X} THEN CAST(TRY_CAST({_X} AS BIGINT) AS VARCHAR) ELSE CAST({_X} AS VARCHAR) END"
_REGIONS = (
    ("01", "01", "北海道"),
    ("02", "07", "東北"),
    ("08", "14", "関東"),
    ("15", "23", "中部"),
    ("24", "30", "近畿"),
    ("31", "35", "中国"),
    ("36", "39", "四国"),
    ("40", "47", "九州・沖縄"),
)
"""Prefectures by JIS X 0401, and the eight regions of Japan."""


def birth_month(date: exp.Expr) -> exp.Expr:
    return _sql(f"STRFTIME(CAST({_X} AS DATE), '%Y-%m')", date)


def age_band(birth: exp.Expr, at: exp.Expr, width: int) -> exp.Expr:
    years = f"DATESUB('year', CAST({_X} AS DATE), CAST(argument2 AS DATE))"
    return _sql(f"({years} // {width}) * {width}", birth, at)


def date_shift(date: exp.Expr, kind: str, key: exp.Column) -> exp.Expr:
    """``kind`` is the type of the date, ``DATE`` or ``TIMESTAMP``, and that of the result."""
    days = exp.Subquery(
        this=exp.select(_column("s", SHIFT_DAYS))
        .from_(exp.alias_(side_table(Shift()), "s", table=True, quoted=True), copy=False)
        .where(exp.EQ(this=_column("s", SHIFT_KEY), expression=key), copy=False)
    )
    moved = "argument2" if kind == "DATE" else "TO_DAYS(argument2)"
    return _sql(f"CAST({_X} AS {kind}) + {moved}", date, days)


def binned(value: exp.Expr, width: Decimal) -> exp.Expr:
    # Rounded before it is cut down: 0.7 / 0.1 is a little less than 7 in floating point.
    number = f"TRY_CAST(FLOOR(ROUND({_X} / {width:f}, 9)) AS INTEGER)"
    low, high = f"CAST({number} * {width:f} AS VARCHAR)", f"CAST(({number} + 1) * {width:f} AS VARCHAR)"
    return _sql(f"{low} || '～' || {high}", value)


def top_code(value: exp.Expr, limit: Decimal) -> exp.Expr:
    if _whole(limit):
        return _cut(f"ROUND({_X}) > {limit:f}", f"{limit + 1:f}以上", value)
    return _cut(f"{_X} > {limit:f}", f"{limit:f}超", value)


def bottom_code(value: exp.Expr, limit: Decimal) -> exp.Expr:
    if _whole(limit):
        return _cut(f"ROUND({_X}) < {limit:f}", f"{limit - 1:f}以下", value)
    return _cut(f"{_X} < {limit:f}", f"{limit:f}未満", value)


def rare_to_other(value: exp.Expr, common: Common) -> exp.Expr:
    known = exp.select(_column("s", COMMON_VALUE)).from_(
        exp.alias_(side_table(common), "s", table=True, quoted=True), copy=False
    )
    tree = _sql(
        f"CASE WHEN {_X} IS NULL THEN NULL WHEN is_common THEN CAST({_X} AS VARCHAR) ELSE '{OTHER}' END",
        value,
    )
    text = exp.cast(value.copy(), "VARCHAR", dialect=_DIALECT)
    for mark in list(tree.find_all(exp.Column)):
        if mark.name == "is_common" and not mark.table:
            mark.replace(exp.In(this=text, query=exp.Subquery(this=known)))
    return tree


def scrubbed(text: exp.Expr, key: exp.Column, need: Scrubbed, shown: str) -> exp.Expr:
    """``shown`` of the text of this person; nothing when it was quarantined or belongs to nobody."""
    table = exp.alias_(side_table(need), "s", table=True, quoted=True)
    return exp.Subquery(
        this=exp.select(_column("s", shown))
        .from_(table, copy=False)
        .where(exp.EQ(this=_column("s", SHIFT_KEY), expression=key), copy=False)
        .where(exp.EQ(this=_column("s", SCRUB_SOURCE), expression=text.copy()), copy=False)
    )


def region_up(code: exp.Expr) -> exp.Expr:
    regions = " ".join(f"WHEN {_X} BETWEEN '{a}' AND '{b}' THEN '{name}'" for a, b, name in _REGIONS)
    return _sql(
        f"CASE WHEN LENGTH({_X}) > 2 THEN LEFT({_X}, 2) WHEN LENGTH({_X}) = 2 THEN CASE {regions} END END",
        code,
    )


def _cut(beyond: str, words: str, value: exp.Expr) -> exp.Expr:
    return _sql(f"CASE WHEN {beyond} THEN '{words}' ELSE {_TEXT} END", value)


def _whole(limit: Decimal) -> bool:
    return limit.as_tuple().exponent == 0


def _column(table: str, name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(table, quoted=True))


def _sql(template: str, *arguments: exp.Expr) -> exp.Expr:
    """The template's tree, with the arguments where it names them."""
    tree = exp.Paren(this=parse_one(template, dialect=_DIALECT))
    for column in list(tree.find_all(exp.Column)):
        if column.name.startswith("argument") and not column.table:
            column.replace(arguments[int(column.name.removeprefix("argument")) - 1].copy())
    return tree
