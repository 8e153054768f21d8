"""From the cells of a table to what they mean.

1. A cell's quantity comes from its own unit (``%``, 人) first, then from its column, then from its row.
   A column that says nothing is read by its rows (``describe()`` has its statistics in the rows).
2. Columns of words, of classes (0-4, 85+) or of declared labels name the rows; several of them are a
   hierarchy, in which a blank repeats what stands above. The same label further in is a child.
3. Headers of two rows name a column twice; the upper name reaches over the blanks at its right.
4. A masked cell hides an interval: what its own text says (``<10`` is 1 to 9), else what a legend in
   the notes says of its mark; else nothing is said.
5. A shape of which nothing is known has entries of quantity ``UNKNOWN``. Nothing is left out.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from catalog.identifiers.written_forms import fold
from output_review.disclosure.cells import CellKind
from output_review.disclosure.headers import Topic, classify_header
from output_review.disclosure.margins import Addition, additions, is_total_label
from output_review.disclosure.quantities import COUNTS, LABELS, Quantity, quantities_of
from output_review.disclosure.structure import CellKey, Entry, Line, Mask, Position, Structured, normal
from output_review.disclosure.tables import Cell, Table, is_fourth, is_quarter
from output_review.disclosure.written_numbers import WrittenNumber, written_numbers

_CLASS = re.compile(
    r"[<>≤≥≦≧]?\s*=?\s*\d+(?:\.\d+)?\s*(?:歳|才|年|日|g|kg|か月|ヶ月|%|mg|years?|y)?\s*(?:[-~〜–—]|to)\s*<?\s*\d*(?:\.\d+)?\s*(?:歳|才|年|日|g|kg|か月|ヶ月|%|mg|years?|y)?(?:未満|以下)?"
    r"|\d+\s*(?:歳|才|年|日|g|kg|か月|ヶ月|mg)?\s*(?:以上|未満|以下|超|\+|over)|[<>≤≥≦≧]\s*=?\s*\d+\s*(?:歳|才|g)?|[\[(]\s*-?[\d.]+(?:inf)?\s*,\s*-?[\d.]+(?:inf)?\s*[\])]"
)
_STATISTICS = frozenset(
    [
        "count",
        "n",
        "mean",
        "std",
        "sd",
        "min",
        "max",
        "25%",
        "50%",
        "75%",
        "median",
        "件数",
        "平均",
        "平均値",
        "標準偏差",
        "最小値",
        "最大値",
        "最小",
        "最大",
        "中央値",
        "unique",
        "top",
        "freq",
        "nobs",
        "variance",
        "分散",
    ]
)
_BASE = re.compile(r"(?<![a-z0-9])n\s*[=:]\s*(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![.,]?\d)")
_BASE_JA = re.compile(
    r"(?:対象|全|総数|計|合計|母数|解析)[^\d。\n]{0,12}?(?P<n>\d{1,3}(?:,\d{3})+|\d+)\s*(?:名|例|人|症例)"
)
_BASE_EN = re.compile(
    r"(?:among|of|in|included|enrolled|analy[sz]ed)\s+(?:the\s+|all\s+)?(?P<n>\d{1,3}(?:,\d{3})+|\d+)\s+(?:[a-z-]+\s+){0,2}(?:patients|persons|people|subjects|participants|individuals|cases)"
)
_LEGEND = re.compile(
    r"(?P<mark>[*＊x×#†‡・.…\-–—_]+|秘匿|na|n/a|「[^」]{1,6}」|\"[^\"]{1,6}\")\s*(?:[:=]|は|means?|denotes?|indicates?|・・・|…|印は|…)\s*[^。\n]*?"
    r"(?:(?P<low>\d+)\s*(?:[-~〜–]|から|to)\s*(?P<high>\d+)|(?P<below>\d+)\s*(?:名|例|人|件)?\s*(?:未満)|(?P<most>\d+)\s*(?:名|例|人|件)?\s*以下|(?:<|fewer than|less than|below|under)\s*(?P<under>\d+)|(?:≤|<=|at most)\s*(?P<upto>\d+))"
)
_MASK = re.compile(
    r"(?:<|&lt;)\s*(?P<under>\d+)|(?P<below>\d+)\D*未満|(?:[≤≦]|<=|&lt;=)\s*(?P<upto>\d+)|(?P<most>\d+)\D*以下|(?P<low>\d+)\s*[-~〜–]\s*(?P<high>\d+)"
)


_ONE_GROUP = re.compile(r".+(?:群|[ _](?:group|arm|cohort))")
_GROUPS = re.compile(
    r"(?:年齢|患者|治療|投与|曝露|割付|割り付け|比較|リスク|疾患|薬剤|用量|重症度|解析|研究)?群(?:別|名)?"
    r"|(?:age|treatment|study|patient|exposure|risk|dose|drug|disease|comparison|diagnosis|race|ethnic)[ _](?:group|arm|cohort)"
)


def understand(table: Table, beside: Sequence[str] = ()) -> Structured:
    """What a table means; ``beside`` are words of its file outside it (a legend, a caption).

    Never raises for a table that ``tables`` made; a shape that nothing is known of has entries of
    quantity ``UNKNOWN``.
    """
    notes = (*(cell.text for cell in table.notes), *_stated_alone(table), *beside)
    folded = "\n".join(fold(note).text for note in notes)
    is_described = _has_statistics_in_rows(table)
    names = _column_names(table)
    has_quarters = any(is_fourth(name) for written in names for name in written)
    label_columns = _label_columns(table, names, is_described=is_described)
    columns = tuple(
        _column(index, names[index], is_label=index in label_columns, has_quarters=has_quarters)
        for index in range(len(names))
    )
    if not any(column.quantity in _AVERAGES for column in columns):
        columns = tuple(_as_total(column) for column in columns)
    rows = _rows(table, label_columns)
    legend = _legend(folded)
    entries = dict(_entries(table, rows, columns, legend))
    row_sums = _additions([row for row in rows if _may_add(row)])
    column_sums = _additions([column for column in columns if not column.is_label and _may_add(column)])
    return Structured(table, columns, rows, entries, row_sums, column_sums, legend, notes, _base(folded))


_AVERAGES = frozenset({Quantity.MEAN, Quantity.SD, Quantity.SE, Quantity.MEDIAN, Quantity.AMOUNT})


def _as_total(column: Line) -> Line:
    """合計 adds up the columns beside it, as it does in a row, unless it stands beside a mean."""
    is_bare = column.is_total and column.quantity is Quantity.SUM and is_total_label(column.name)
    return replace(column, quantity=Quantity.UNKNOWN) if is_bare else column


def _stated_alone(table: Table) -> list[str]:
    """A number of persons in a row of its own (N=428 below the rows): a note, though it is a count as well."""
    alone = [[cell for cell in row if cell.text.strip()] for row in table.rows]
    return [row[0].text for row in alone if len(row) == 1 and _BASE.search(fold(row[0].text).text)]


def _additions(lines: Sequence[Line]) -> tuple[Addition, ...]:
    """Additions among some rows or columns, by their positions in the table."""
    return tuple(
        Addition(lines[a.total].index, tuple(lines[part].index for part in a.parts)) for a in additions(lines)
    )


def _may_add(line: Line) -> bool:
    """Whether a row or column may be part of a sum of counts."""
    return line.quantity in {*COUNTS, *LABELS, Quantity.UNKNOWN, Quantity.FACILITIES}


def _column_names(table: Table) -> list[tuple[str, ...]]:
    """Rule 3: the names of each column, the uppermost first."""
    lines = sorted({cell.row for cell in table.header})
    if len(lines) < 2:
        return [(column.header,) for column in table.columns]
    by_line = [{c.column: c.text.strip() for c in table.header if c.row == line} for line in lines]
    names: list[tuple[str, ...]] = []
    reaching = [""] * len(lines)
    for index in range(len(table.columns)):
        for depth, cells in enumerate(by_line):
            # A lower name reaches to the right as long as the one above it does not change.
            fresh = any(by_line[above].get(index) for above in range(depth))
            reaching[depth] = cells.get(index, "") or (
                "" if fresh or depth == len(lines) - 1 else reaching[depth]
            )
        names.append(tuple(reaching))
    return names


def _column(index: int, names: tuple[str, ...], *, is_label: bool, has_quarters: bool) -> Line:
    quantity, inside = Quantity.UNKNOWN, Quantity.UNKNOWN
    for name in reversed(names):
        quantity, inside = quantities_of(_N_BEHIND.sub("", name) or name)
        if has_quarters and is_quarter(name):
            quantity = inside = Quantity.UNKNOWN
        if quantity not in (Quantity.UNKNOWN, Quantity.CLASS, Quantity.LABEL):
            break
    labels = tuple(name for name in names if name) or ("",)
    base = _base("\n".join(fold(name).text for name in names))
    is_total = any(is_total_label(_BASE_PARENTHESIS.sub("", name)) for name in names)
    return Line(index, labels, quantity, inside, is_total, is_label, 0, base)


_N_BEHIND = re.compile(r"[\s,、]+[nNｎＮ]\s*[=＝:]\s*[\d,]+\s*$")
"""The N behind what a column is about (割合(%) n=412)."""
_BASE_PARENTHESIS = re.compile(r"[(（\[].*?[)）\]]")


def _has_statistics_in_rows(table: Table) -> bool:
    first = [normal(row[0].text) for row in table.rows if row]
    return len(_STATISTICS.intersection(first)) >= 3


def _label_columns(table: Table, names: Sequence[tuple[str, ...]], *, is_described: bool) -> tuple[int, ...]:
    """Rule 2: the columns that name rows."""
    if len(table.columns) < 2:
        return ()
    found: list[int] = []
    for column in table.columns:
        cells = [row[column.index] for row in table.rows if column.index < len(row)]
        filled = [cell for cell in cells if cell.text.strip()]
        is_left = len(found) == column.index
        # Of two names the lower one says what the column is; the upper one (性別) says it of several.
        lowest = next((name for name in reversed(names[column.index]) if name), "")
        topic = column.topic if len(names[column.index]) == 1 else classify_header(lowest)
        if filled and _is_label_column(topic, lowest, filled, is_left=is_left, is_described=is_described):
            found.append(column.index)
    return tuple(found) if len(found) < len(table.columns) else tuple(found[:1])


def _is_label_column(
    topic: Topic, header: str, filled: Sequence[Cell], *, is_left: bool, is_described: bool
) -> bool:
    if is_described:
        return is_left and filled[0].column == 0
    quantity = quantities_of(header)[0]
    kinds = [cell.value.kind for cell in filled]
    if quantity in LABELS or topic is Topic.LABEL:
        if filled[0].column > 0 and _is_one_group(header, filled):
            return False
        # Fractions under a name like 年齢 or "age" are statistics on it (a turned table of models).
        return quantity not in (Quantity.CLASS, Quantity.LABEL) or CellKind.NUMBER not in kinds or is_left
    words = kinds.count(CellKind.TEXT)
    numbers = sum(1 for kind in kinds if kind in (CellKind.COUNT, CellKind.NUMBER))
    if (
        words
        and not numbers
        and not any(written_numbers(cell.text) for cell in filled if cell.value.kind is CellKind.TEXT)
    ):
        return True
    if not is_left or quantity not in (Quantity.UNKNOWN, Quantity.COUNT):
        return False
    # Beside a first column that names rows, <10 is a masked count; in the first it may be an age class.
    named = [cell for cell in filled if cell.column == 0 or cell.value.kind is not CellKind.MASKED]
    classes = sum(1 for cell in named if _CLASS.fullmatch(fold(cell.text).text.strip()))
    return words + classes >= len(filled) / 2 or (not header and _is_sequence(filled))


def _is_one_group(header: str, filled: Sequence[Cell]) -> bool:
    """Whether a column is one group (対照群, control group) whose persons it counts, not a list of groups."""
    name = fold(header).text.strip()
    if not _ONE_GROUP.fullmatch(name) or _GROUPS.fullmatch(name):
        return False
    counts = [cell.value.value for cell in filled if cell.value.kind is CellKind.COUNT]
    shown = [cell for cell in filled if cell.value.kind is not CellKind.MASKED]
    return len(counts) == len(shown) and any(count >= 10 for count in counts) and not _is_sequence(filled)


def _is_sequence(filled: Sequence[Cell]) -> bool:
    values = [cell.value.value for cell in filled if cell.value.kind is CellKind.COUNT]
    if len(values) != len(filled) or len(values) < 2:
        return False
    steps = {b - a for a, b in itertools.pairwise(values)}
    return len(steps) == 1 and 0 not in steps


def _rows(table: Table, label_columns: Sequence[int]) -> tuple[Line, ...]:
    lines: list[Line] = []
    above: tuple[str, ...] = ()
    names = [row[column].text for row in table.rows for column in label_columns if column < len(row)]
    has_quarters = any(is_fourth(name) for name in names)
    indents = [_indent(row, label_columns) for row in table.rows]
    steps = sorted({indent for indent in indents if indent is not None})
    for index, row in enumerate(table.rows):
        written = tuple(row[column].text.strip() if column < len(row) else "" for column in label_columns)
        labels = _filled_down(written, above)
        above = labels
        last = next((label for label in reversed(labels) if label), "")
        quantity, inside = (
            (Quantity.UNKNOWN, Quantity.UNKNOWN)
            if is_total_label(last) or (has_quarters and is_quarter(last))
            else quantities_of(last)
        )
        is_total = any(is_total_label(_BASE_PARENTHESIS.sub("", label)) for label in written)
        indent = indents[index]
        level = steps.index(indent) if indent is not None else 0
        lines.append(
            Line(index, labels, quantity, inside, is_total, level=level, base=_base(fold(last).text))
        )
    return tuple(lines)


def _filled_down(written: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """Rule 2: an outer label that is blank repeats the one above, as long as an inner label is written."""
    labels: list[str] = []
    for depth, label in enumerate(written):
        inner = any(written[depth + 1 :])
        labels.append(
            above[depth]
            if not label and inner and depth < len(above) and labels == list(above[:depth])
            else label
        )
    return tuple(labels)


def _indent(row: Sequence[Cell], label_columns: Sequence[int]) -> int | None:
    if len(label_columns) != 1 or label_columns[0] >= len(row):
        return None
    text = row[label_columns[0]].text.replace("\u3000", "  ").replace("\u00a0", " ").replace("&nbsp;", " ")
    marks = re.match(r"[ ]*(?:[-・└├]+[ ]*)?", text)
    return len(marks.group()) if marks and text.strip() else None


def _entries(
    table: Table, rows: Sequence[Line], columns: Sequence[Line], legend: Mapping[str, Mask]
) -> Iterator[tuple[Position, Entry]]:
    folded_rows = [tuple(normal(label) for label in row.labels) for row in rows]
    folded_columns = [tuple(normal(label) for label in column.labels) for column in columns]
    for row, cells in zip(rows, table.rows, strict=True):
        for cell in cells:
            column = columns[cell.column]
            if column.is_label or not cell.text.strip():
                continue
            key = CellKey(folded_rows[row.index], folded_columns[cell.column])
            is_masked = cell.value.kind is CellKind.MASKED
            numbers = () if is_masked else written_numbers(cell.text)
            quantity, inside = _cell_quantity(cell, numbers, row, column)
            if (
                quantity is Quantity.UNKNOWN
                and cell.value.kind is CellKind.COUNT
                and not table.columns[cell.column].has_decimals
            ):
                # pandas writes counts as 33.0 where one of them is missing.
                quantity = Quantity.COUNT
            mask = _mask(cell.text, legend) if is_masked else None
            yield (
                (row.index, cell.column),
                Entry(cell, (row.index, cell.column), key, quantity, inside, numbers, mask),
            )


_BROAD = frozenset({Quantity.UNKNOWN, Quantity.MEASURE, Quantity.COUNT, *LABELS})


def _cell_quantity(
    cell: Cell, numbers: Sequence[WrittenNumber], row: Line, column: Line
) -> tuple[Quantity, Quantity]:
    """Rule 1."""
    inside = column.inside if column.inside is not Quantity.UNKNOWN else row.inside
    if numbers and numbers[0].is_percent:
        return Quantity.PERCENTAGE, inside
    if any(number.is_percent for number in numbers[1:]):
        inside = Quantity.PERCENTAGE
    if cell.value.kind is CellKind.COUNT and cell.value.certain:
        return Quantity.PERSONS, inside
    return _named_quantity(cell, row, column), inside


def _named_quantity(cell: Cell, row: Line, column: Line) -> Quantity:
    """What the names of a cell's column and row say it is, the column first."""
    if column.quantity not in _BROAD:
        return column.quantity
    if row.quantity not in _BROAD:
        return row.quantity
    if Quantity.MEASURE in (column.quantity, row.quantity):
        return Quantity.MEASURE
    if cell.value.kind is CellKind.COUNT and cell.value.whole:
        return Quantity.COUNT
    return Quantity.UNKNOWN


def _legend(folded: str) -> dict[str, Mask]:
    found = {}
    for match in _LEGEND.finditer(folded):
        mask = _interval(match)
        if mask is not None:
            found[match["mark"].strip('「」"')] = mask
    return found


def _mask(text: str, legend: Mapping[str, Mask]) -> Mask:
    """Rule 4."""
    folded = _BASE_PARENTHESIS.sub("", fold(text).text).strip()
    match = _MASK.search(folded)
    own = _interval(match) if match else None
    return own or legend.get(folded) or Mask(1, None)


def _interval(match: re.Match[str]) -> Mask | None:
    groups = match.groupdict()
    if groups["low"] and groups["high"]:
        return Mask(int(groups["low"]), int(groups["high"]))
    for name in ("below", "under"):
        if groups[name]:
            return Mask(1, max(int(groups[name]) - 1, 1))
    for name in ("most", "upto"):
        if groups[name]:
            return Mask(1, int(groups[name]))
    return None


def _base(folded: str) -> int | None:
    """The N of a text when it gives exactly one."""
    found = {
        int(m["n"].replace(",", ""))
        for pattern in (_BASE, _BASE_JA, _BASE_EN)
        for m in pattern.finditer(folded)
    }
    return found.pop() if len(found) == 1 else None
