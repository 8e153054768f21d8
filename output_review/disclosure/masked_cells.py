"""Masked cells that anyone can compute again from totals.

1. A line (row or column) with a total and one hidden cell gives that cell away. What is found is
   filled in, and the search goes on until nothing more is found.
2. A line with several hidden cells whose sum is itself too small gives a small group away.
3. A total adds up only where the lines without hidden cells say so. Where one contradicts (rounded
   totals, overlapping classes), or hidden cells stay that simple subtraction does not settle,
   nothing is proven either way, and people look.
4. A table without totals hides what it masks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.headers import Topic
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.small_counts import is_too_small
from output_review.disclosure.tables import Cell, Table

DERIVABLE = "SDC.masked_cell_derivable"
UNRESOLVED = "SDC.masked_cell_unresolved"

_TOTAL = re.compile(
    r"(?:総|合)?計(?:[(（].*)?|総数|全体|全例|全患者|小計|.*合計|.*小計|(?:grand |sub|row |column )?total|all|overall|sum|margin"
)
_Key = tuple[int, int]


@dataclass(slots=True)
class _Line:
    """The cells that add up to a total, by key; ``total`` is the total's key."""

    parts: list[_Key]
    total: _Key


@dataclass(slots=True)
class _Grid:
    """The count cells of a table: what is known, what is hidden, and which lines add up."""

    known: dict[_Key, int]
    hidden: dict[_Key, Cell]
    lines: list[_Line]
    contradicted: bool = False


def check_masked_cells(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every masked cell that its table's totals give away, and those that must be looked at."""
    for table in examined.tables:
        grid = _grid(table)
        masked = {key: cell for key, cell in grid.hidden.items() if cell.value.kind is CellKind.MASKED}
        if not grid.hidden or not grid.lines:
            if masked and _has_total_words(table):
                yield from (_unresolved(table, cell) for cell in masked.values())
            continue
        _drop_contradicted(grid)
        given_away = {
            key for key, value in _subtract(grid).items() if value > 0 and is_too_small(value, policy)
        }
        given_away |= _small_groups(grid, policy)
        for key, cell in grid.hidden.items():
            if key in given_away:
                yield _derivable(table, cell)
            elif key in masked and (grid.contradicted or key not in grid.known):
                yield _unresolved(table, cell)


def _grid(table: Table) -> _Grid:
    """Number the count cells, and find the lines that end in a total."""
    rows = {row[0].row: row for row in table.rows if row}
    columns = [
        column.index
        for column in table.columns
        if column.is_count and _counts_in(table, column.index) and column.topic is not Topic.ROWS
    ]
    known: dict[_Key, int] = {}
    hidden: dict[_Key, Cell] = {}
    for number, row in rows.items():
        for cell in row:
            if cell.column not in columns:
                continue
            if cell.value.kind is CellKind.COUNT:
                known[number, cell.column] = cell.value.value
            elif cell.value.kind in (CellKind.MASKED, CellKind.EMPTY):
                hidden[number, cell.column] = cell
    total_rows = [number for number, row in rows.items() if any(_is_total(cell.text) for cell in row)]
    total_columns = [index for index in columns if _is_total(table.columns[index].header)]
    lines: list[_Line] = []
    if len(total_rows) == 1:
        plain = [number for number in rows if number not in total_rows]
        lines += [_Line([(number, c) for number in plain], (total_rows[0], c)) for c in columns]
    if len(total_columns) == 1:
        parts = [index for index in columns if index not in total_columns]
        lines += [_Line([(number, c) for c in parts], (number, total_columns[0])) for number in rows]
    present = known.keys() | hidden.keys()
    usable = [
        line for line in lines if line.parts and line.total in present and present.issuperset(line.parts)
    ]
    return _Grid(known, hidden, usable)


def _counts_in(table: Table, column: int) -> bool:
    kinds = [cell.value.kind for row in table.rows for cell in row if cell.column == column]
    return CellKind.TEXT not in kinds and bool({CellKind.COUNT, CellKind.MASKED} & set(kinds))


def _is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch(fold(text).text.strip()))


def _has_total_words(table: Table) -> bool:
    """Whether any label of the table speaks of a total, though no line could be built from it."""
    cells = [*table.header, *(cell for row in table.rows for cell in row)]
    return any(_is_total(cell.text) for cell in cells)


def _drop_contradicted(grid: _Grid) -> None:
    """Leave out a direction of lines in which a fully known line does not add up."""
    for is_column in (True, False):
        direction = [line for line in grid.lines if _is_column(line) is is_column]
        whole = [line for line in direction if grid.known.keys() >= {*line.parts, line.total}]
        if any(sum(grid.known[key] for key in line.parts) != grid.known[line.total] for line in whole):
            grid.contradicted = True
            grid.lines = [line for line in grid.lines if _is_column(line) is not is_column]


def _is_column(line: _Line) -> bool:
    return line.total[1] == line.parts[0][1]


def _subtract(grid: _Grid) -> dict[_Key, int]:
    """Fill in every cell that is alone in its line, again and again; the cells that were found."""
    found: dict[_Key, int] = {}
    progress = True
    while progress:
        progress = False
        for line in grid.lines:
            missing = [key for key in (*line.parts, line.total) if key not in grid.known]
            if len(missing) != 1:
                continue
            shown = sum(grid.known.get(key, 0) for key in line.parts)
            value = shown if missing[0] == line.total else grid.known[line.total] - shown
            grid.known[missing[0]] = found[missing[0]] = value
            progress = True
    return found


def _small_groups(grid: _Grid, policy: DisclosurePolicy) -> set[_Key]:
    """Hidden cells whose sum over a line is itself too small."""
    groups: set[_Key] = set()
    for line in grid.lines:
        missing = [key for key in line.parts if key not in grid.known]
        if not missing or line.total not in grid.known:
            continue
        rest = grid.known[line.total] - sum(grid.known.get(key, 0) for key in line.parts)
        if rest > 0 and is_too_small(rest, policy):
            groups.update(missing)
    return groups


def _derivable(table: Table, cell: Cell) -> Finding:
    return Finding(
        DERIVABLE,
        Severity.FIX,
        table.place(cell),
        say("This hidden count can be computed from the totals of its row or column."),
        say("Mask a second cell in the same row and in the same column, or mask the totals."),
    )


def _unresolved(table: Table, cell: Cell) -> Finding:
    return Finding(
        UNRESOLVED,
        Severity.REVIEW,
        table.place(cell),
        say("Simple subtraction does not settle whether this hidden count can be computed from the totals."),
        say("Check how narrow the range of possible values is before this table leaves."),
    )
