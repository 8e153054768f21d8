"""A table understood: what each row, column and cell is, what a mask hides, and what adds up.

1. ``tables`` says which cells there are; a ``Structured`` (made by ``understanding.understand``) says
   what they mean. Both stay: the rule on small counts looks at the cells themselves, so nothing that
   is misread here makes a count safe.
2. A masked cell hides an interval; where neither its text nor a legend says how large it may be,
   ``Mask.highest`` is None and the policy's number decides.
3. The key of a cell is its row labels and its column labels in folded form. ``key.labels`` is the same
   set of words however the table is turned or sorted, so history compares by it.
4. Whether cells that should add up do so as written is not said here: totals may be rounded, and
   classes may overlap.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from catalog.identifiers.written_forms import fold
from output_review.disclosure.margins import Addition
from output_review.disclosure.quantities import COUNTS, Quantity
from output_review.disclosure.tables import Cell, Table
from output_review.disclosure.written_numbers import Part, WrittenNumber

Position = tuple[int, int]
"""Row and column, counted from 0 in ``Structured.rows`` and ``Structured.columns``."""


@lru_cache(maxsize=65536)
def normal(label: str) -> str:
    """A label in the form in which labels are compared."""
    return re.sub(r"\s+", " ", fold(label).text).strip()


@dataclass(frozen=True, slots=True)
class CellKey:
    """What a cell is about, for history: folded labels of its row and of its column, outer first."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def labels(self) -> frozenset[str]:
        """All labels, the same for a transposed or sorted table."""
        return frozenset(label for label in (*self.rows, *self.columns) if label)


@dataclass(frozen=True, slots=True)
class Mask:
    """What a masked cell admits: ``lowest`` to ``highest`` persons; ``highest`` is None when nothing says."""

    lowest: int
    highest: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column.

    ``index`` is the position in ``Structured.rows`` / ``Structured.columns``; ``labels`` are as written,
    outer first; ``level`` is how far a row's label is set in; ``base`` is the N that the label itself
    gives (男性 (N=412)); ``is_label`` marks a column that names rows.
    """

    index: int
    labels: tuple[str, ...]
    quantity: Quantity
    inside: Quantity
    is_total: bool
    is_label: bool = False
    level: int = 0
    base: int | None = None

    @property
    def name(self) -> str:
        """The labels in one text."""
        return " ".join(label for label in self.labels if label)


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell that is neither label nor blank: its numbers or its mask."""

    cell: Cell
    position: Position
    key: CellKey
    quantity: Quantity
    """What the first number is."""
    inside: Quantity
    """What the number in parentheses is; UNKNOWN when there is none."""
    numbers: tuple[WrittenNumber, ...]
    mask: Mask | None

    @property
    def number(self) -> Decimal | None:
        """The first number, None where the cell is masked or holds words."""
        return self.numbers[0].value if self.numbers and self.mask is None else None

    @property
    def places(self) -> int:
        """Written decimals of the first number."""
        return self.numbers[0].places if self.numbers else 0

    @property
    def count(self) -> int | None:
        """The first number as a count, when it is one."""
        value = self.number
        if value is None or self.quantity not in COUNTS or value != value.to_integral_value():
            return None
        return int(value)

    @property
    def percentage(self) -> WrittenNumber | None:
        """The percentage in the cell, first or in parentheses."""
        for number, quantity in zip(self.numbers, self._quantities(), strict=True):
            if quantity is Quantity.PERCENTAGE:
                return number
        return None

    def _quantities(self) -> tuple[Quantity, ...]:
        return tuple(
            self.quantity
            if number.part is Part.FIRST
            else Quantity.PERCENTAGE
            if number.is_percent
            else self.inside
            for number in self.numbers
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """Cells that add up to another one, all of one quantity; ``along`` is ``rows`` or ``columns``.

    Whether they do add up as written is not said: totals may be rounded and classes may overlap.
    """

    total: Position
    parts: tuple[Position, ...]
    along: str


def _gathered(entries: Iterable[Entry], side: int) -> dict[int, tuple[Entry, ...]]:
    """Entries by row (side 0) or by column (side 1), in order."""
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.position[side], []).append(entry)
    return {index: tuple(line) for index, line in found.items()}


@dataclass(frozen=True)
class Structured:
    """A table understood; see the rules of this module."""

    table: Table
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    entries: Mapping[Position, Entry]
    row_sums: tuple[Addition, ...]
    """Rows that add up to another row."""
    column_sums: tuple[Addition, ...]
    """Columns that add up to another column."""
    legend: Mapping[str, Mask]
    """What notes say of a mark: ``*`` is 1 to 9."""
    notes: tuple[str, ...]
    """Words above, below and beside the table."""
    base: int | None
    """The one N that the notes give for the whole table, if they give one."""

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Every addition of count cells, cell by cell, in both directions."""
        return (*self._sums_down(), *self._sums_across())

    def column(self, index: int) -> tuple[Entry, ...]:
        """The entries of a column, from top to bottom."""
        return self._by_column.get(index, ())

    def row(self, index: int) -> tuple[Entry, ...]:
        """The entries of a row, from left to right."""
        return self._by_row.get(index, ())

    @cached_property
    def _by_row(self) -> Mapping[int, tuple[Entry, ...]]:
        return _gathered(self.entries.values(), 0)

    @cached_property
    def _by_column(self) -> Mapping[int, tuple[Entry, ...]]:
        return _gathered(self.entries.values(), 1)

    def of(self, *quantities: Quantity) -> tuple[Entry, ...]:
        """The entries of some quantities."""
        if self._quantities.isdisjoint(quantities):
            return ()
        return tuple(entry for entry in self.entries.values() if entry.quantity in quantities)

    @cached_property
    def _quantities(self) -> frozenset[Quantity]:
        """Every quantity that some entry has."""
        return frozenset(entry.quantity for entry in self.entries.values())

    def masked(self) -> tuple[Entry, ...]:
        """The entries that hide a count."""
        return tuple(entry for entry in self.entries.values() if entry.mask is not None)

    def _sums_down(self) -> Iterator[Sum]:
        for addition in self.row_sums:
            for column in self.columns:
                if not column.is_label and self._are_counts(
                    [(r, column.index) for r in (addition.total, *addition.parts)]
                ):
                    parts = tuple((row, column.index) for row in addition.parts)
                    yield Sum((addition.total, column.index), parts, "rows")

    def _sums_across(self) -> Iterator[Sum]:
        for addition in self.column_sums:
            for row in self.rows:
                if self._are_counts([(row.index, c) for c in (addition.total, *addition.parts)]):
                    parts = tuple((row.index, column) for column in addition.parts)
                    yield Sum((row.index, addition.total), parts, "columns")

    def _are_counts(self, positions: Sequence[Position]) -> bool:
        entries = [self.entries.get(position) for position in positions]
        return all(
            entry is not None and (entry.quantity in COUNTS or entry.mask is not None) for entry in entries
        ) and any(entry is not None and entry.number is not None for entry in entries)
