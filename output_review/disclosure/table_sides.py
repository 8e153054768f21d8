"""A table seen from both sides, so that turning it changes no verdict.

1. Rules look along rows. Each table is looked at twice: as written, and turned so that its columns are
   rows. A finding of the turned side is placed in the table as written.
2. A table of very many rows is not turned: what would be seen is a table of very many columns, and that
   is turned when it comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from output_review.disclosure.cells import CellKind, CellValue
from output_review.disclosure.findings import Place
from output_review.disclosure.headers import Topic
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.structure import Entry, Line, Structured
from output_review.disclosure.tables import Cell, Table, table_from_cells
from output_review.disclosure.understanding import understand

MAX_TURNED_ROWS = 300
_BLANK = CellValue(CellKind.EMPTY)


@dataclass(frozen=True, slots=True)
class Side:
    """A table understood from one side; ``places`` are those of a turned table's cells."""

    structured: Structured
    is_turned: bool = False
    places: Mapping[tuple[int, int], Place] | None = None

    @property
    def table(self) -> Table:
        """The cells of this side."""
        return self.structured.table

    def place(self, cell: Cell) -> Place:
        """Where a cell stands in the table as written."""
        if self.places is None:
            return self.table.place(cell)
        return self.places.get((cell.row, cell.column), Place())

    def header_place(self, column: int) -> Place:
        """Where a column's name stands."""
        cell = next((cell for cell in self.table.header if cell.column == column), None)
        return self.place(cell) if cell is not None else Place(column=self.table.name(column))

    def label_columns(self) -> Iterator[tuple[Line, list[Cell]]]:
        """The columns that name rows, with their cells."""
        for column in self.structured.columns:
            if column.is_label:
                yield column, self.cells(column.index)

    def cells(self, column: int) -> list[Cell]:
        """The filled cells of a column."""
        return [row[column] for row in self.table.rows if column < len(row) and row[column].text.strip()]

    def persons_of(self, entry: Entry) -> int | None:
        """How many persons stand behind a number: its row's count, its column's or its table's N."""
        for other in self.structured.row(entry.position[0]):
            if other.quantity is Quantity.PERSONS and other.count is not None:
                return other.count
        return self.stated_base(entry)

    def stated_base(self, entry: Entry) -> int | None:
        """The N that stands in a number's headings (男性 (N=412)), or in the notes for the whole table."""
        row, column = entry.position
        lines = (self.structured.columns[column], self.structured.rows[row])
        return lines[0].base or lines[1].base or self.structured.base

    def counts_persons(self) -> bool:
        """Whether a header or a row says that it counts persons or rows, with numbers to it."""
        return any(
            line.quantity in (Quantity.PERSONS, Quantity.ROWS, Quantity.AT_RISK)
            for line in (*self.structured.columns, *self.structured.rows)
            if not line.is_label
        ) or any(column.topic in (Topic.PERSONS, Topic.ROWS) for column in self.table.columns)


def sides_of(table: Table, beside: Sequence[str]) -> Iterator[Side]:
    """Both sides of a table, or the one as written."""
    written = understand(table, beside)
    yield Side(written)
    # What names the rows becomes the header, wherever it stands.
    labels = [column.index for column in written.columns if column.is_label]
    order = [*labels, *(column.index for column in written.columns if not column.is_label)]
    turned = _turned(table, order)
    if turned is not None:
        other, places = turned
        yield Side(understand(other, beside), is_turned=True, places=places)


def _turned(table: Table, order: Sequence[int]) -> tuple[Table, dict[tuple[int, int], Place]] | None:
    """The table with columns as rows, and where its cells were; None when there is nothing to turn."""
    if not 1 <= len(table.rows) <= MAX_TURNED_ROWS or len(table.columns) < 2:
        return None
    header_rows = sorted({cell.row for cell in table.header})
    lines = [*([cell for cell in table.header if cell.row == row] for row in header_rows), *table.rows]
    places: dict[tuple[int, int], Place] = {}
    grid: list[tuple[Cell, ...]] = []
    for place, column in enumerate(order):
        cells = []
        for index, line in enumerate(lines):
            cell = next((c for c in (line[column : column + 1] or line) if c.column == column), None)
            if cell is None:
                cells.append(Cell(place + 1, index, "", _BLANK))
                continue
            places[place + 1, index] = table.place(cell)
            cells.append(Cell(place + 1, index, cell.text, cell.value))
        grid.append(tuple(cells))
    turned = table_from_cells(grid)
    if turned is None:
        return None
    notes = (*turned.notes, *table.notes)
    return Table(turned.header, turned.rows, notes, turned.columns), places
