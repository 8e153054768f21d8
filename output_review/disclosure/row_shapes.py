"""Shapes of tables in which a row is a person, without any telling name.

1. Values that only identifiers have (hashes, UUIDs, 症例12, patient_7), different in every row.
2. A count of one in most rows: groups of one person.
3. Personal attributes (age, sex, dates, codes) with no count: combinations that repeat, or far fewer
   combinations than the levels could make. A table of groups has every combination once, and most of them.
4. Exact dates, or places on a map, in every row with no count.
5. Numbers without any label, no two rows alike, in no order: a scatter plot. Residuals, fitted values and
   scores of components are such a scatter by name.
6. What says that it is an aggregate (mean, %, coefficient ...) is one when its rows have labels; without
   any label people look.

7. A list of variables (``variable_lists``) describes no person.

The surest sign is reported, and one only: the remedy is the same.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import prod

from catalog.identifiers.written_forms import fold
from enclave.sentences import Sentence, say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.findings import Severity
from output_review.disclosure.headers import Topic
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity, quantity_of
from output_review.disclosure.structure import Line
from output_review.disclosure.table_sides import Side
from output_review.disclosure.tables import Cell
from output_review.disclosure.variable_lists import lists_types, tells_about_variables

Sign = tuple[Severity, int, Sentence]
"""How sure, in which column, and why."""

PERSONAL = re.compile(
    r"(?:患者|本人|現在の?|診断時|入院時|初診時|手術時)?年齢(?:階級|区分|層)?|年代|性別|性|生年月日|生年|誕生日|死亡日|入院日|退院日|手術日|診断日|初診日|受診日|処方日|郵便番号|住所|居住地|職業|身長|体重|bmi|血圧|既往歴|転帰|診断名?|病名|傷病名?|主病名|在院日数|都道府県|市区町村"
    r"|age(?:[ _](?:group|class|band|years?|at[ _]\w+))?|sex|gender|birth.*|dob|yob|.*[ _]?(?:admission|discharge|death|surgery|diagnosis|visit|event|index)[ _]?(?:date|day)|date[ _]of.*|zip(?:[ _]?code)?|post(?:al)?[ _]?code|address|occupation|height|weight|bmi|sbp|dbp|hba1c|los|outcome|dx|diagnosis|icd(?:10)?(?:[ _]code)?|race|ethnicity|region|prefecture|status|died|dead"
)
_CASE = re.compile(
    r"(?:症例|患者|被験者|対象者|個人|patient|pt|pat|subject|subj|person|case|participant|member|sample|record|row|id|p|s)[ _#.:-]?\d{1,8}"
)
_PERSON_HEADING = re.compile(
    r"(?:患者|症例|被験者|対象者|個人)(?:番号|no\.?|id)?|(?:patient|subject|case|person|participant|pt|individual)s?[ _]?(?:no\.?|id|number|#)?"
)
_HASH = re.compile(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[a-z0-9+/]{22,}={0,2})"
)
_EXACT_DATE = re.compile(
    r"(?:\d{4}|(?:令和|平成|昭和|[rhs])\s*(?:\d{1,2}|元))\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?(?:[t ].*)?|\d{8}|\d{1,2}/\d{1,2}/\d{4}"
)
_PLACE = re.compile(r"(?:緯度|経度|北緯|東経|lat(?:itude)?|lon(?:g(?:itude)?)?|lng|x座標|y座標)")
_AGGREGATES = frozenset(
    {
        Quantity.PERCENTAGE,
        Quantity.PROPORTION,
        Quantity.RATE,
        Quantity.MEAN,
        Quantity.SD,
        Quantity.SE,
        Quantity.VARIANCE,
        Quantity.COVARIANCE,
        Quantity.MEDIAN,
        Quantity.PERCENTILE,
        Quantity.MODE,
        Quantity.MINIMUM,
        Quantity.MAXIMUM,
        Quantity.P_VALUE,
        Quantity.ESTIMATE,
        Quantity.RATIO,
        Quantity.INTERVAL,
        Quantity.LOWER,
        Quantity.UPPER,
        Quantity.STATISTIC,
        Quantity.DOF,
        Quantity.CORRELATION,
        Quantity.SURVIVAL,
        Quantity.SENSITIVITY,
        Quantity.SPECIFICITY,
        Quantity.OBSERVED,
        Quantity.POPULATION,
        Quantity.WEIGHTED,
        Quantity.FACILITIES,
        Quantity.LARGEST,
    }
)
_NUMBERS = (CellKind.COUNT, CellKind.NUMBER)
_FEW_ROWS = 3
_MANY_ROWS = 10


def sign_of_rows(side: Side, policy: DisclosurePolicy) -> Sign | None:
    """The surest sign that a row of this side of the table is a person."""
    if lists_types(side) or side.table.is_correlation:
        return None
    looks = (_by_identifiers, _by_ones, _by_name, _by_attributes, _by_dates, _by_scatter)
    signs = [sign for look in looks if (sign := look(side, policy)) is not None]
    weights = list(Severity)
    return max(signs, key=lambda sign: weights.index(sign[0]), default=None)


def _by_identifiers(side: Side, _: DisclosurePolicy) -> Sign | None:
    """Rule 1."""
    for column in side.structured.columns:
        values = [fold(cell.text).text.strip() for cell in side.cells(column.index)]
        if len(values) < _FEW_ROWS or len(set(values)) < len(values) or len(values) < len(side.table.rows):
            continue
        is_numbered = _PERSON_HEADING.fullmatch(fold(column.name).text.strip()) and sorted(values) == sorted(
            str(number) for number in range(1, len(values) + 1)
        )
        if is_numbered or all(_HASH.fullmatch(value) for value in values):
            return (
                Severity.REJECT,
                column.index,
                say("This column identifies every row; the table looks like one row per person."),
            )
        if (
            all(_CASE.fullmatch(value) for value in values)
            and len(side.table.columns) > 1
            and not _is_terms(side)
        ):
            return (
                Severity.REJECT,
                column.index,
                say("This column identifies every row; the table looks like one row per person."),
            )
    return None


def _is_terms(side: Side) -> bool:
    """Whether the table is one of coefficients, whose rows may be named so; ``models`` judges them."""
    return bool(side.structured.of(Quantity.ESTIMATE, Quantity.RATIO, Quantity.SE, Quantity.P_VALUE))


def _by_ones(side: Side, policy: DisclosurePolicy) -> Sign | None:
    """Rule 2."""
    for column in side.structured.columns:
        if column.is_label or column.quantity not in (
            Quantity.PERSONS,
            Quantity.ROWS,
            Quantity.UNKNOWN,
            Quantity.COUNT,
        ):
            continue
        counts = [cell.value.value for cell in side.cells(column.index) if cell.value.kind is CellKind.COUNT]
        is_named = column.quantity in (Quantity.PERSONS, Quantity.ROWS)
        ones = counts.count(1)
        if (
            len(counts) < max(len(side.table.rows), _FEW_ROWS)
            or ones * 2 < len(counts)
            or max(counts) >= policy.min_persons
        ):
            continue
        if ones == len(counts) or (is_named and len(counts) >= _MANY_ROWS):
            return (
                Severity.REJECT,
                column.index,
                say("Every row counts one; the table is one row per person."),
            )
    return None


def _by_name(side: Side, policy: DisclosurePolicy) -> Sign | None:
    """Rule 5, by name; and maps."""
    places = [c for c in side.structured.columns if _PLACE.fullmatch(fold(c.name).text.strip())]
    if len(places) > 1 and len(side.table.rows) >= _FEW_ROWS and not side.counts_persons():
        return (
            Severity.REJECT,
            places[0].index,
            say("Every row is a place on a map; the table looks like one row per person."),
        )
    for column in side.structured.columns:
        values = [c for c in side.cells(column.index) if c.value.kind in (CellKind.COUNT, CellKind.NUMBER)]
        if column.quantity is Quantity.RESIDUAL and len(values) >= 5 and not _counts_many(side, policy):
            return (
                Severity.REJECT,
                column.index,
                say("Residuals, fitted values and scores have one number for each person."),
            )
    return None


def _counts_many(side: Side, policy: DisclosurePolicy) -> bool:
    """Whether a column counts persons or visits, enough of them in every row: what is fitted is a count, too."""
    return any(
        min((entry.count or 0 for entry in side.structured.column(column.index)), default=0)
        >= policy.min_persons
        for column in side.structured.columns
        if column.quantity in (Quantity.PERSONS, Quantity.ROWS)
    )


def _by_attributes(side: Side, policy: DisclosurePolicy) -> Sign | None:
    """Rule 3."""
    rows = len(side.table.rows)
    if rows < 2 or _has_aggregates(side):
        return None
    personal = [
        c
        for c in side.structured.columns
        if PERSONAL.fullmatch(fold(c.name).text.strip()) and len(side.cells(c.index)) * 2 > rows
    ]
    labels = [c for c in side.structured.columns if c.is_label or c in personal]
    if not personal:
        return _by_repeats(side, labels)
    values = [[_text(row, column.index) for row in side.table.rows] for column in labels]
    combinations = list(zip(*values, strict=True))
    repeats = rows - len(set(combinations))
    if repeats and (len(personal) > 1 or repeats * 4 >= rows):
        return (
            Severity.REJECT,
            personal[0].index,
            say(
                "The same personal attributes appear in several rows; the table looks like one row per person."
            ),
        )
    levels = [len(set(column)) for column in values]
    is_sparse = (
        len(personal) > 1
        and prod(levels) >= 2 * rows
        and len(side.table.columns) >= min(_FEW_ROWS, policy.row_level_columns)
    )
    if is_sparse and not (side.is_turned and tells_about_variables(side)):
        return (
            Severity.REJECT,
            personal[0].index,
            say("Personal attributes are combined as they are in single persons, with no number of persons."),
        )
    if len(personal) > 1:
        return (
            Severity.REVIEW,
            personal[0].index,
            say("The table lists personal attributes without saying how many persons each row stands for."),
        )
    return None


def _by_repeats(side: Side, labels: Sequence[Line]) -> Sign | None:
    """Labels alone that repeat as a whole: rows of a table of groups differ."""
    labels = [label for label in labels if len(side.cells(label.index)) == len(side.table.rows)]
    if len(labels) < 2 or len(labels) < len(side.table.columns):
        return None
    rows = [tuple(_text(row, column.index) for column in labels) for row in side.table.rows]
    if (len(rows) - len(set(rows))) * 5 >= len(rows):
        return (
            Severity.REJECT,
            labels[0].index,
            say(
                "The same labels appear in several rows without any number; the table looks like one row per person."
            ),
        )
    return None


def _by_dates(side: Side, _: DisclosurePolicy) -> Sign | None:
    """Rule 4."""
    if len(side.table.rows) < _FEW_ROWS or _has_aggregates(side) or len(side.table.columns) < 2:
        return None
    for column in side.structured.columns:
        cells = side.cells(column.index)
        dated = [cell for cell in cells if _EXACT_DATE.fullmatch(fold(cell.text).text.strip())]
        is_named = column.quantity is Quantity.DATE or not all(cell.text.strip().isdigit() for cell in dated)
        if cells and len(dated) == len(cells) and is_named and not _has_counts(side):
            return (
                Severity.REJECT,
                column.index,
                say(
                    "Every row has an exact date and no number of persons; the table looks like one row per person."
                ),
            )
    return None


def _by_scatter(side: Side, _: DisclosurePolicy) -> Sign | None:
    """Rules 5 and 6."""
    numeric = _points(side)
    if len(numeric) < 2:
        return None
    rows = side.table.rows
    values = [[_text(row, c.index) for c in numeric] for row in rows]
    is_distinct = len({tuple(row) for row in values}) * 10 >= 9 * len(rows)
    has_fractions = any("." in cell for row in values for cell in row)
    if not is_distinct or not (has_fractions or len(numeric) >= _MANY_ROWS):
        return None
    ordered = [c for c in numeric if _is_ordered([float(_plain(_text(row, c.index))) for row in rows])]
    raw = [c for c in numeric if c not in ordered and c.quantity not in (*_AGGREGATES, *_CURVES)]
    message = say("Every row is a point of its own; the table looks like one row per person.")
    if not ordered and not _has_aggregates(side):
        return Severity.REJECT, numeric[0].index, message
    return (Severity.REVIEW, numeric[0].index, message) if raw or not ordered else None


def _points(side: Side) -> list[Line]:
    """The columns of numbers of a table whose rows nothing names and nothing counts; none for others."""
    rows = side.table.rows
    if len(rows) < _MANY_ROWS or len(side.table.columns) < 2 or _has_named_counts(side):
        return []
    words = [
        c
        for c in side.structured.columns
        if any(cell.value.kind is CellKind.TEXT for cell in side.cells(c.index))
    ]
    levels = [len({cell.text for cell in side.cells(c.index)}) for c in words]
    if any(level * 2 > len(rows) for level in levels) or _are_combinations(side, words):
        return []
    return [c for c in side.structured.columns if c not in words and _is_numeric(side.cells(c.index))]


_CURVES = frozenset({Quantity.TIME, Quantity.PREDICTED, Quantity.DATE})


def _are_combinations(side: Side, words: Sequence[Line]) -> bool:
    """Whether words and leading numbers name each row once, as in a table of groups."""
    if not words:
        return False
    labels = [c for c in side.structured.columns if c.is_label or c in words]
    combinations = {tuple(_text(row, c.index) for c in labels) for row in side.table.rows}
    return len(combinations) == len(side.table.rows) and prod(
        len({_text(row, c.index) for row in side.table.rows}) for c in labels
    ) < 2 * len(side.table.rows)


def _has_aggregates(side: Side) -> bool:
    return (
        _has_named_counts(side)
        or any(
            line.quantity in _AGGREGATES and not (isinstance(line, Line) and line.is_label)
            for line in side.structured.columns
            if not PERSONAL.fullmatch(fold(line.name).text.strip())
        )
        or sum(_is_aggregate(row) for row in side.structured.rows) * 2 > len(side.structured.rows)
    )


def _is_aggregate(row: Line) -> bool:
    """Whether a row is a statistic or a count by what it is called first."""
    first = quantity_of(row.labels[0]) if row.labels else Quantity.UNKNOWN
    return row.quantity in _AGGREGATES or first in _AGGREGATES or first is Quantity.PERSONS


def _has_named_counts(side: Side) -> bool:
    return any(
        column.topic in (Topic.PERSONS, Topic.ROWS)
        and any(cell.value.kind in (*_NUMBERS, CellKind.MASKED) for cell in side.cells(column.index))
        for column in side.table.columns
    ) or any(entry.cell.value.certain for entry in side.structured.entries.values())


def _has_counts(side: Side) -> bool:
    """Named counts, or whole numbers large enough to be counts of groups."""
    return _has_named_counts(side) or any(
        entry.quantity is Quantity.COUNT and (entry.number or 0) >= 100
        for entry in side.structured.entries.values()
    )


def _is_numeric(cells: Sequence[Cell]) -> bool:
    return bool(cells) and all(_is_number(cell.text) for cell in cells)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?|[-+]?\.\d+", fold(text).text.strip()))


def _plain(text: str) -> str:
    return fold(text).text.strip().replace(",", "") or "0"


def _is_ordered(values: Sequence[float]) -> bool:
    """Strictly rising or falling from row to row."""
    steps = [b - a for a, b in pairwise(values)]
    return bool(steps) and (all(step > 0 for step in steps) or all(step < 0 for step in steps))


def _text(row: Sequence[Cell], column: int) -> str:
    return row[column].text.strip() if column < len(row) else ""


def all_signs(sides: Sequence[Side], policy: DisclosurePolicy) -> Iterator[tuple[Side, Sign]]:
    """One sign for each table, from the side that shows it."""
    for side in sides:
        sign = sign_of_rows(side, policy)
        if sign is not None:
            yield side, sign
