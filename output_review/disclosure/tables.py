"""A table as data: header, rows, places, and which cells count persons.

1. The header is the first row with at least two filled cells (in a table of one column, the
   first row). Rows above it, and rows with one filled cell of words, are notes, not data.
2. Every whole number is a count of persons unless something says otherwise: the column's
   header (a measure, a label), the row's label (平均年齢 | 65), the unit in the cell, or
   decimals in the same column. The position of a row or column never matters.
3. A header row of plain numbers may be data of a table without a header. Its numbers are
   judged as counts unless they are two or more levels in sequence (1, 2, 3) or a single 0.
4. ``row`` is the record in a csv file (header in row 1) or the line in a text file.
5. A header may have several rows: each but the last leaves out or repeats names, or one word stands below all
   names; those below the first are words only. All are in ``header``; the lowest name is the column's, and what it does not say the ones
   above may.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from string import ascii_uppercase

from catalog.identifiers.written_forms import fold
from output_review.disclosure.cells import CellKind, CellValue, read_cell
from output_review.disclosure.findings import Place
from output_review.disclosure.headers import Topic, classify_header

MAX_HEADER_ROWS = 5
_FEWEST_OF_STEP = 6
_FEWEST_VARIABLES = 3
_ITS_N = re.compile(r"\bn\s*=")
_ROMAN = {chr(start + number): number + 1 for start in (0x2160, 0x2170) for number in range(12)}
"""Signs of Roman numbers; under a header of persons they are counts."""
_ALL = re.compile(r"sum|total|all|合計|総計|計|<na>")
_SURVIVAL = re.compile(
    r"(?:km|kaplan-?meier|cumulative|cum|event-?free|overall)?[ _.-]*(?:surv(?:ival)?|incidence|hazard|s\(t\)|生存|km|est(?:imate)?)(?:[ _.-](?:prob(?:ability)?|function|estimate|rate))?"
)
_QUANTILE = re.compile(
    r"median|中央値|[qQ][1-3]|p(?:25|50|75)|(?:25|50|75)(?:th)?\s*%(?:ile)?|第[1-3一二三]四分位数?|(?:lower|upper) quartile"
)
_PERCENTILE = re.compile(
    r"p\d{1,2}(?:\.\d)?|\d{1,2}(?:st|nd|rd|th)?\s*(?:%|%ile|pctl|percentile|パーセンタイル)"
)
"""``P10`` is a percentile where a quartile or the median stands beside it, and may be a class (ICD P10) elsewhere."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as written, and where."""

    row: int
    column: int
    text: str
    value: CellValue
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's header and what it is about."""

    index: int
    header: str
    topic: Topic
    is_count: bool
    """Plain whole numbers in it are counts."""
    has_decimals: bool
    """Some number in it is no whole number, so 7.0 may be a measure."""


@dataclass(frozen=True)
class Table:
    """A table; ``rows`` are the data rows, ``notes`` everything that is not of the grid."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Cell, ...]
    columns: tuple[Column, ...]

    def name(self, column: int) -> str:
        """The header of a column, or its letter."""
        header = self.columns[column].header if column < len(self.columns) else ""
        return letter(column) if column in self._data_columns or not header else header

    @cached_property
    def header_data(self) -> tuple[Cell, ...]:
        """Rule 3: numbers in the header row that are no levels of a sequence and no measure's values."""
        counts = [cell for cell in self.header if cell.value.kind is CellKind.COUNT]
        levels = sorted({cell.value.value for cell in counts})
        in_sequence = (
            bool(levels) and levels == list(range(levels[0], levels[0] + len(levels))) and levels[0] in (0, 1)
        )
        is_scale = len(levels) > 2 and len({b - a for a, b in pairwise(levels)}) == 1 and self._names_times()
        if (in_sequence and (len(levels) > 1 or levels == [0])) or is_scale or _is_measure(self.header):
            return tuple(cell for cell in counts if cell.value.certain)
        return tuple(counts)

    def _names_times(self) -> bool:
        """Whether the first header says that the others are points of time or classes (月, 0, 6, 12)."""
        return bool(self.header) and classify_header(self.header[0].text) is Topic.LABEL

    @cached_property
    def _data_columns(self) -> frozenset[int]:
        return frozenset(cell.column for cell in self.header_data)

    def place(self, cell: Cell) -> Place:
        """Where a cell stands, for a finding."""
        length = len(cell.text) if cell.offset is not None else None
        return Place(row=cell.row, column=self.name(cell.column), offset=cell.offset, length=length)

    @cached_property
    def is_correlation(self) -> bool:
        """Whether it crosses variables with themselves: 1 on the diagonal, decimals beside it."""
        names = [cell.text.strip() for cell in self.header[1:]]
        if len(names) < _FEWEST_VARIABLES or [row[0].text.strip() for row in self.rows if row] != names:
            return False
        return all(
            re.fullmatch(r"1(?:\.0+)?" if place == number else r"[-−]?0?\.\d+|", normal_name(cell.text))
            for number, row in enumerate(self.rows)
            for place, cell in enumerate(row[1:])
        )

    def counts(self) -> Iterator[tuple[Cell, int]]:
        """Every cell that shows a count of persons (or of rows of persons), with the count."""
        if self.is_correlation:
            return
        yield from ((cell, cell.value.value) for cell in self.header_data)
        for row in self.rows:
            row_is_measure = _is_measure(row)
            is_under = _is_of_fractions(row)
            for cell in row:
                if self.is_count(cell, row_is_measure=row_is_measure) and not (
                    is_under and not cell.value.certain
                ):
                    yield cell, cell.value.value
                elif cell.text.strip() in _ROMAN and self.columns[cell.column].topic is Topic.PERSONS:
                    yield cell, _ROMAN[cell.text.strip()]

    def is_count(self, cell: Cell, *, row_is_measure: bool) -> bool:
        """Whether a data cell shows a count, by its own unit, its column and its row."""
        if cell.value.kind is not CellKind.COUNT:
            return False
        if cell.value.certain:
            return True
        column = self.columns[cell.column]
        if column.topic in (Topic.PERSONS, Topic.ROWS):
            # A group's own N in its header does not make the medians of its rows counts.
            return not (row_is_measure and _ITS_N.search(normal_name(column.header)))
        return column.is_count and not row_is_measure and (cell.value.whole or not column.has_decimals)


def _is_measure(row: Sequence[Cell]) -> bool:
    """Whether some label of a row says that its numbers are a measure."""
    return any(
        cell.value.kind is CellKind.TEXT and classify_header(cell.text) is Topic.MEASURE for cell in row
    )


def _is_of_fractions(row: Sequence[Cell]) -> bool:
    """Whether a row without a label holds nothing but fractions: SAS sets the shares under their counts so."""
    if not row or row[0].text.strip():
        return False
    numbers = [cell.value for cell in row if cell.text.strip()]
    return any(value.kind is CellKind.NUMBER for value in numbers) and not any(
        value.kind is not CellKind.NUMBER and (value.kind is not CellKind.COUNT or value.whole)
        for value in numbers
    )


def letter(column: int) -> str:
    """A, B, … Z, AA, as spreadsheets name columns."""
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = ascii_uppercase[place] + name
    return name


def table_from_csv(text: str, delimiter: str = ",") -> Table | None:
    """The one table of a csv (or tsv) text; None when there is no filled cell."""
    lines = (line + "\n" for line in text.split("\n"))
    records = csv.reader(lines, strict=True, delimiter=delimiter)
    grid = [
        tuple(Cell(row, column, cell, read_cell(cell)) for column, cell in enumerate(record))
        for row, record in enumerate(records, 1)
    ]
    return table_from_cells(grid)


def table_from_cells(grid: Sequence[tuple[Cell, ...]]) -> Table | None:
    """Find header, data and notes among the rows of a grid; see the rules above."""
    filled = [row for row in grid if any(cell.text.strip() for cell in row)]
    if not filled:
        return None
    wide = max(_filled_cells(row) for row in filled) > 1
    start = next((i for i, row in enumerate(filled) if not wide or _filled_cells(row) > 1), 0)
    if (
        start
        and len(filled[start - 1]) > 1
        and (start + 1 == len(filled) or any(c.value.kind in _NUMBERS for c in filled[start]))
    ):
        # What looked like a title is the header, with a blank over the numbers: a header has rows, and
        # numbers in a row that could be either are counts until somebody says otherwise.
        start -= 1
    header, body = filled[start], filled[start + 1 :]
    columns = len(header)
    while start and len(filled[start - 1]) == columns and _is_over(filled[start - 1]):
        start -= 1
        header = (*filled[start], *header)
    for _ in range(MAX_HEADER_ROWS - 1):
        if wide and _is_second_header(header, body):
            header, body = (*header, *body[0]), body[1:]
    notes = [cell for row in filled[:start] for cell in row]
    rows: list[tuple[Cell, ...]] = []
    for row in body:
        if wide and _filled_cells(row) == 1 and _only_words(row):
            notes.extend(row)
        else:
            rows.append(row)
    width = max(len(row) for row in filled)
    return Table(header, tuple(rows), tuple(notes), _columns(header, rows, width))


def _is_over(row: Sequence[Cell]) -> bool:
    """Whether a row with one filled cell stands as a name over a column of values, as pandas writes it."""
    filled = [cell for cell in row if cell.text.strip()]
    return len(filled) == 1 and filled[0].column > 0 and _only_words(row)


def _is_second_header(header: Sequence[Cell], body: Sequence[tuple[Cell, ...]]) -> bool:
    """Rule 5: header rows that leave out or repeat names, above a row of nothing but words."""
    names = [cell.text.strip() for cell in header if cell.row == header[-1].row]
    if len(body) < 2 or (len(set(names[1:]) - {""}) >= len(names) - 1 and not _is_one_word(body[0])):
        return False
    numbers = (CellKind.COUNT, CellKind.NUMBER, CellKind.MASKED)
    if not _only_words(body[0]) or not any(cell.value.kind in numbers for row in body[1:] for cell in row):
        return False
    filled = [cell.column for cell in body[0] if cell.text.strip()]
    # pandas writes the names of the index into a row of their own, at the left, below the other headers.
    is_index = filled == list(range(len(filled))) and len(filled) < len(body[0]) and not names[0]
    return len(filled) > 1 or (is_index and header[0].row != header[-1].row) or (is_index and bool(filled))


def _is_one_word(row: Sequence[Cell]) -> bool:
    """A blank, and one word over every other column: what is measured, or its unit."""
    first, *others = [cell.text.strip() for cell in row]
    return not first and len(others) > 1 and len(set(others)) == 1


def _columns(header: tuple[Cell, ...], rows: Sequence[tuple[Cell, ...]], width: int) -> tuple[Column, ...]:
    titles: dict[int, str] = {}
    topics = [Topic.UNKNOWN] * width
    for cell in header:
        # Of two header rows the lower one is written later and names the column, unless it is blank.
        title = cell.text.strip()
        titles[cell.column] = title or titles.get(cell.column, "")
        topics[cell.column] = _named(classify_header(title), topics[cell.column])
    if any(is_fourth(title) for title in titles.values()):
        topics = [
            Topic.UNKNOWN if is_quarter(titles.get(index, "")) else topic
            for index, topic in enumerate(topics)
        ]
    for index, topic in enumerate(topics):
        if topic is Topic.UNKNOWN and _are_codes(header, rows, index, topics):
            topics[index] = Topic.LABEL
    has_quantiles = any(_QUANTILE.fullmatch(normal_name(title)) for title in titles.values())
    for index in range(width):
        name = normal_name(titles.get(index, ""))
        is_share = bool(_SURVIVAL.fullmatch(name)) and _are_shares(rows, index)
        if topics[index] is Topic.UNKNOWN and (is_share or (has_quantiles and _PERCENTILE.fullmatch(name))):
            topics[index] = Topic.MEASURE
    return tuple(
        Column(
            index,
            titles.get(index, ""),
            topics[index],
            topics[index] not in (Topic.LABEL, Topic.MEASURE)
            and not (not titles.get(index) and width > 1 and _is_row_number(rows, index)),
            any(c.value.kind is CellKind.NUMBER for row in (header, *rows) for c in row[index : index + 1]),
        )
        for index in range(width)
    )


def is_fourth(title: str) -> bool:
    """Whether a label is the last of four quarters: beside it Q1 is the first quarter and no quartile."""
    return normal_name(title) in ("q4", "第4四半期", "4q")


def is_quarter(title: str) -> bool:
    """Whether a label may be a quarter of a year."""
    return bool(re.fullmatch(r"q[1-4]|[1-4]q|第[1-4]四半期", normal_name(title)))


def normal_name(title: str) -> str:
    """A header in the form in which it is compared."""
    return fold(title).text.strip()


def _are_shares(rows: Sequence[tuple[Cell, ...]], index: int) -> bool:
    """Whether a column holds fractions between 0 and 1 and nothing larger: a 1 among them is everybody."""
    cells = [cell for row in rows for cell in row[index : index + 1]]
    numbers = [cell for cell in cells if cell.value.kind in (CellKind.COUNT, CellKind.NUMBER)]
    return any(cell.value.kind is CellKind.NUMBER for cell in numbers) and all(
        re.fullmatch(r"[01](?:\.\d*)?|\.\d+", normal_name(cell.text)) for cell in numbers
    )


def _named(lower: Topic, upper: Topic) -> Topic:
    """An upper name may say what is counted or measured; that it names classes makes no number a label."""
    return upper if lower is Topic.UNKNOWN and upper is not Topic.LABEL else lower


def are_levels(numbers: Sequence[int]) -> bool:
    """Whether whole numbers are the levels of a factor in order: 0, 1 or 1, 2, 3 and so on."""
    return len(numbers) > 1 and list(numbers) in (
        list(range(len(numbers))),
        list(range(1, len(numbers) + 1)),
    )


def _are_codes(
    header: Sequence[Cell], rows: Sequence[tuple[Cell, ...]], index: int, topics: Sequence[Topic]
) -> bool:
    """Whether a column of unknown meaning holds codes of classes or points of time, by how its numbers go on."""
    counts_persons = Topic.PERSONS in topics or Topic.ROWS in topics
    cells = [cell for row in rows for cell in row[index : index + 1] if cell.text.strip()]
    numbers = [int(text) for cell in cells if re.fullmatch(r"-?\d{1,3}", text := normal_name(cell.text))]
    are_words = len(numbers) < len(cells) and all(
        cell.value.kind is CellKind.TEXT
        for cell in cells
        if not re.fullmatch(r"-?\d{1,3}", normal_name(cell.text))
    )
    if index == 0 and _crosses_levels(header, rows):
        return True
    kinds = {cell.value.kind for cell in header}
    if index == 0 and numbers and CellKind.NUMBER in kinds and CellKind.TEXT not in kinds:
        # The header was printed apart from the rows, and the first of them stands in its place.
        first = header[0].value.value if header[0].value.kind is CellKind.COUNT else -1
        return are_levels([first, *numbers])
    if min(numbers, default=0) < 0:  # quarters before and after: no count is below nothing
        return numbers == sorted(set(numbers)) and numbers[-1] - numbers[0] <= len(numbers)
    if counts_persons and len(numbers) == len(cells):
        return _is_step(rows, index) or are_levels(numbers)
    goes_on = len(numbers) > 1 and all(after - before == 1 for before, after in pairwise(numbers))
    measures = sum(topic is Topic.MEASURE for topic in topics)
    return index == 0 and are_words and goes_on and (measures > 1 or not header[0].text.strip())


def _crosses_levels(header: Sequence[Cell], rows: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether a table has levels over its columns and levels before its rows, sums aside, as R prints two factors."""
    over = [cell for cell in header if cell.column > 0 and cell.text.strip()]
    before = [cell for row in rows for cell in row[:1]]
    return all(
        are_levels([cell.value.value for cell in cells if cell.value.kind is CellKind.COUNT])
        and all(cell.value.kind is CellKind.COUNT or _ALL.fullmatch(normal_name(cell.text)) for cell in cells)
        for cells in (over, before)
    )


def _is_step(rows: Sequence[tuple[Cell, ...]], index: int) -> bool:
    """Whether a column marks what comes before and after: 0 down to one row and 1 from there on."""
    values = [cell.text.strip() for row in rows for cell in row[index : index + 1]]
    return len(values) >= _FEWEST_OF_STEP and set(values) == {"0", "1"} and values == sorted(values)


def _is_row_number(rows: Sequence[tuple[Cell, ...]], column: int) -> bool:
    """Whether a column without a header is exactly 0..k-1 or 1..k over three rows or more, in any order."""
    cells = [cell.value for row in rows for cell in row if cell.column == column]
    values = sorted(value.value for value in cells if value.kind is CellKind.COUNT)
    if len(values) != len(rows) or len(values) < 3:
        return False
    return values in (list(range(len(values))), list(range(1, len(values) + 1)))


_NUMBERS = frozenset({CellKind.COUNT, CellKind.NUMBER, CellKind.MASKED})


def _filled_cells(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if cell.text.strip())


def _only_words(row: Sequence[Cell]) -> bool:
    return all(cell.value.kind in (CellKind.TEXT, CellKind.EMPTY) for cell in row)
