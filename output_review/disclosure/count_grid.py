"""The count cells of a table and the lines in it that add up, while its sheet is made.

1. A column is counted when its heading names no other quantity and its cells are counts or masks; a row
   of another quantity (a mean, a median) is left out of it.
2. Lines come from labels (``margins``); from evidence (a column that is the sum of all others, runs of rows
   that add up to the N of their column); and, where a table shows no total, as virtual totals.
3. A run that falls short of its N by little, with everything shown, is told apart: something is left out.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from output_review.disclosure.cells import CellKind
from output_review.disclosure.intervals import Interval
from output_review.disclosure.margins import Addition, additions
from output_review.disclosure.quantities import COUNTS, LABELS, Quantity
from output_review.disclosure.structure import Entry, Line, Mask, Structured, normal

Spot = tuple[Hashable, Hashable, Hashable]
"""Sheet, row, column; a row or column that is no number is a virtual total."""
WHOLE = "all"
_SUBTOTAL = re.compile(r"小計|sub[ _-]?total|中計")
_NO_COUNT_MARKS = frozenset({"-", "--", "---", "‐", "…", ".", "..", "_", "・"})
_COUNTED = COUNTS | {Quantity.UNKNOWN} | LABELS
_MOST_ROWS_IN_RUNS = 300


@dataclass(frozen=True, slots=True)
class AddedLine:
    """``total`` is the sum of ``parts``; ``family`` names the lines that hold or fall together."""

    total: Spot
    parts: tuple[Spot, ...]
    family: str

    @property
    def spots(self) -> tuple[Spot, ...]:
        """All spots of the line."""
        return (self.total, *self.parts)


def contradictory(lines: Iterable[AddedLine], shown: Mapping[Spot, int]) -> set[str]:
    """Families in which a fully shown line does not add up exactly."""
    return {
        line.family
        for line in lines
        if shown.keys() >= set(line.spots) and sum(shown[part] for part in line.parts) != shown[line.total]
    }


class CountGrid:
    """The count cells of a table while its sheet is made."""

    def __init__(self, structured: Structured, number: Hashable) -> None:
        self.structured = structured
        self.number = number
        self.shown: dict[Spot, int] = {}
        self.hidden: dict[Spot, Interval] = {}
        self.masked: set[Spot] = set()
        self.short_runs: list[tuple[Spot, int]] = []
        self._value_columns = [c.index for c in structured.columns if self._is_counted(c.index)]
        by_row: dict[int, list[Entry]] = {}
        for (row, column), entry in structured.entries.items():
            if column in self._value_columns:
                by_row.setdefault(row, []).append(entry)
        self._value_rows = sorted(by_row)
        self._measures = {
            row for row in self._value_rows if not _may_count(structured.rows[row], by_row[row])
        }
        for row in self._value_rows:
            for column in self._value_columns:
                self._take(row, column)

    def _is_counted(self, column: int) -> bool:
        line = self.structured.columns[column]
        entries = self.structured.column(column)
        if line.is_label or not _may_count(line, entries):
            return False
        kinds = {entry.cell.value.kind for entry in entries}
        return CellKind.COUNT in kinds or kinds == {CellKind.MASKED}

    def _take(self, row: int, column: int) -> None:
        spot = (self.number, row, column)
        entry = self.structured.entries.get((row, column))
        if entry is None:
            self.hidden[spot] = Interval(0)
        elif row in self._measures:
            return
        elif entry.mask is not None:
            self.hidden[spot] = _admitted(entry, entry.mask)
            self.masked.add(spot)
        elif entry.cell.value.kind is CellKind.COUNT:
            self.shown[spot] = entry.cell.value.value
        elif not entry.numbers:
            self.hidden[spot] = Interval(0)

    def lines_down(self) -> Iterator[AddedLine]:
        for addition in _additions([self.structured.rows[row] for row in self._counted_rows()]):
            for column in self._value_columns:
                yield from self._line(
                    (self.number, addition.total, column),
                    [(self.number, row, column) for row in addition.parts],
                    f"rows {addition.total}",
                )

    def lines_across(self) -> Iterator[AddedLine]:
        for addition in _additions([self.structured.columns[column] for column in self._value_columns]):
            for row in self._value_rows:
                yield from self._line(
                    (self.number, row, addition.total),
                    [
                        (self.number, row, column)
                        for column in addition.parts
                        if column in self._value_columns
                    ],
                    f"columns {addition.total}",
                )

    def _counted_rows(self) -> list[int]:
        return [row for row in self._value_rows if row not in self._measures]

    def _line(self, total: Spot, parts: Sequence[Spot], family: str) -> Iterator[AddedLine]:
        if parts and all(spot in self.shown or spot in self.hidden for spot in (total, *parts)):
            yield AddedLine(total, tuple(parts), family)

    def lines_by_evidence(self, kept: Sequence[AddedLine]) -> Iterator[AddedLine]:
        """Rule 3."""
        families = {line.family.split()[0] for line in kept}
        if "columns" not in families:
            yield from self._sum_of_others(self._value_columns, self._value_rows, across=True)
        if "rows" not in families:
            found = list(self._sum_of_others(self._value_rows, self._value_columns, across=False))
            yield from found
            if not found:
                yield from self._runs()

    def _sum_of_others(
        self, candidates: Sequence[int], crossing: Sequence[int], *, across: bool
    ) -> Iterator[AddedLine]:
        """A line that is the sum of all others wherever everything is shown, twice at least."""
        if len(candidates) < 3:
            return
        for total in (candidates[-1], candidates[0]):
            lines: list[AddedLine] = []
            for cross in crossing:
                spots = [
                    (self.number, cross, line) if across else (self.number, line, cross)
                    for line in candidates
                ]
                total_spot = spots[candidates.index(total)]
                parts = [spot for spot in spots if spot != total_spot]
                family = "columns by sum" if across else "rows by sum"
                lines += self._line(total_spot, parts, family)
            whole = [line for line in lines if self.shown.keys() >= set(line.spots)]
            if (
                len(whole) >= 2
                and any(self.shown[w.total] for w in whole)
                and not contradictory(whole, self.shown)
            ):
                yield from lines
                return

    def _runs(self) -> Iterator[AddedLine]:
        """Runs of rows that add up to the N of each column: the parts of a table of characteristics."""
        bases = {column: self._base(column) for column in self._value_columns}
        columns = [column for column, base in bases.items() if base is not None]
        first = next((row for row in self._value_rows if self.structured.rows[row].is_total), None)
        rows = [row for row in self._value_rows if row != first]
        if not columns or len(rows) > _MOST_ROWS_IN_RUNS:
            return
        for run in self._sections(rows, columns, {c: b[1] for c, b in bases.items() if b is not None}):
            for column in columns:
                base = bases[column]
                if base is None:
                    continue
                spot, value = base
                parts = [(self.number, row, column) for row in run]
                missing = value - sum(self.shown.get(part, 0) for part in parts)
                if missing > 0 and all(part in self.shown for part in parts):
                    self.short_runs.append((spot, missing))
                    continue
                self.shown.setdefault(spot, value)
                yield from self._line(spot, parts, f"run {run[0]}")

    def _base(self, column: int) -> tuple[Spot, int] | None:
        """The N of a column: a total row, the column's own label, or the caption when there is one column."""
        for row in self._value_rows:
            spot = (self.number, row, column)
            if self.structured.rows[row].is_total and spot in self.shown:
                return spot, self.shown[spot]
        line = self.structured.columns[column]
        base = line.base if line.base is not None else None
        if base is None and len(self._value_columns) == 1:
            base = self.structured.base
        return None if base is None else ((self.number, WHOLE, column), base)

    def _sections(
        self, rows: Sequence[int], columns: Sequence[int], bases: Mapping[int, int]
    ) -> Iterator[list[int]]:
        start = 0
        left: list[int] = []
        while start < len(rows):
            end = next(
                (e for e in range(start + 2, len(rows) + 1) if self._adds_up(rows[start:e], columns, bases)),
                None,
            )
            if end is None:
                left.append(rows[start])
                start += 1
                continue
            if self._may_add_up(left, columns, bases):
                yield left
            left = []
            yield list(rows[start:end])
            start = end
        if self._may_add_up(left, columns, bases):
            yield left

    def _adds_up(self, run: Sequence[int], columns: Sequence[int], bases: Mapping[int, int]) -> bool:
        """Whether a run adds up in every column that shows it whole, and there is such a column."""
        proofs = 0
        for column in columns:
            spots = [(self.number, row, column) for row in run]
            total = sum(self.shown.get(spot, 0) for spot in spots)
            whole = all(spot in self.shown for spot in spots)
            if total > bases[column] or (whole and total != bases[column]):
                return False
            proofs += whole
        return proofs > 0

    def _may_add_up(self, run: Sequence[int], columns: Sequence[int], bases: Mapping[int, int]) -> bool:
        """Whether hidden cells of a run could be what is missing, each a small count; or, when all is shown, something left out."""
        if len(run) < 2:
            return False
        spots = [(self.number, row, column) for row in run for column in columns]
        if all(spot in self.shown for spot in spots):
            return True
        for column in columns:
            spots = [(self.number, row, column) for row in run]
            hidden = [spot for spot in spots if spot in self.hidden]
            missing = bases[column] - sum(self.shown.get(spot, 0) for spot in spots)
            most = sum(min(self.hidden[spot].hi, 9) for spot in hidden)
            if not len(hidden) <= missing <= most:
                return False
        return True

    def virtual_lines(self, lines: Sequence[AddedLine]) -> Iterator[AddedLine]:
        """Rule 4: totals that the table does not show, over all rows, all columns, and each label."""
        families = {line.family.split()[0] for line in lines}
        if "columns" not in families and len(self._value_columns) > 1:
            for row in self._value_rows:
                parts = [(self.number, row, column) for column in self._value_columns]
                yield from self._virtual((self.number, row, WHOLE), parts)
        if families.isdisjoint({"rows", "run"}) and len(self._value_rows) > 1:
            for column in self._value_columns:
                parts = [(self.number, row, column) for row in self._value_rows]
                yield from self._virtual((self.number, WHOLE, column), parts)
                yield from self._virtual_labels(column)

    def _virtual_labels(self, column: int) -> Iterator[AddedLine]:
        rows = self.structured.rows
        depth = max((len(rows[row].labels) for row in self._value_rows), default=0)
        for place in range(depth if depth > 1 else 0):
            groups: dict[str, list[Spot]] = {}
            for row in self._value_rows:
                groups.setdefault(normal(rows[row].labels[place]), []).append((self.number, row, column))
            for label, parts in groups.items():
                if len(parts) > 1:
                    yield from self._virtual((self.number, (place, label), column), parts)

    def _virtual(self, total: Spot, parts: Sequence[Spot]) -> Iterator[AddedLine]:
        if all(part in self.shown or part in self.hidden for part in parts):
            yield AddedLine(total, tuple(parts), "virtual")


def _additions(lines: Sequence[Line]) -> Iterator[Addition]:
    """What adds up among some rows or columns by their labels, by their positions in the table."""
    for addition in _by_blocks(lines) or additions(lines):
        yield Addition(lines[addition.total].index, tuple(lines[part].index for part in addition.parts))


def _by_blocks(lines: Sequence[Line]) -> list[Addition]:
    """Several totals over lines of one label each: a subtotal adds up its block, another total everything.

    A block stands above its subtotal, or below it where the lines begin with a subtotal.
    """
    totals = [place for place, line in enumerate(lines) if line.is_total]
    subtotals = [place for place in totals if _SUBTOTAL.search(normal(lines[place].name))]
    if (
        not subtotals or len(totals) < 2 or any(len(line.labels) > 1 or line.level for line in lines)
    ):  # one total is no block
        return []
    plain = [place for place in range(len(lines)) if place not in totals]
    found = [Addition(place, tuple(plain)) for place in totals if place not in subtotals and plain]
    ends = [-1, *totals, len(lines)]
    for place in subtotals:
        at = ends.index(place)
        low, high = (place, ends[at + 1]) if subtotals[0] == 0 else (ends[at - 1], place)
        parts = tuple(part for part in plain if low < part < high)
        if parts:
            found.append(Addition(place, parts))
    return found


def _may_count(line: Line, entries: Sequence[Entry]) -> bool:
    """Whether a row or column may count persons: no other quantity; a single letter and a total say nothing."""
    if line.quantity in _COUNTED:
        return True
    is_letter = len(normal(line.name)) == 1
    return (is_letter or (line.is_total and line.quantity is Quantity.SUM)) and not any(
        entry.cell.value.kind is CellKind.NUMBER for entry in entries
    )


def _admitted(entry: Entry, mask: Mask) -> Interval:
    """What a mark admits; a dash may also stand for nobody."""
    mark = normal(entry.cell.text).split("(")[0].strip()
    lowest = 0 if mark in _NO_COUNT_MARKS else mask.lowest
    return Interval(lowest) if mask.highest is None else Interval(lowest, mask.highest)
