"""What the name of a file says of the numbers in it.

1. Programs write a table of one statistic without naming it (pandas: ``aggfunc="mean"``); its author names the
   file instead (``mean_stay.csv``, 平均在院日数.csv). A name that says one statistic stands over the columns of
   which nothing else is said.
2. A name never makes a small count safe: it holds only where every number is written with decimals, or, for
   sums, where none could be a count of too few. Otherwise the numbers stay counts.
3. A name that says two things, or nothing known, says nothing.
"""

import re
from dataclasses import replace

from output_review.disclosure.cells import CellKind, CellValue
from output_review.disclosure.headers import Topic
from output_review.disclosure.quantities import Quantity, quantity_of
from output_review.disclosure.tables import Cell, Table

_SAID = frozenset(
    {
        Quantity.PERSONS,
        Quantity.MEAN,
        Quantity.SD,
        Quantity.SE,
        Quantity.VARIANCE,
        Quantity.SUM,
        Quantity.MEDIAN,
    }
)
_BETWEEN = re.compile(r"[\s_.+()\[\]-]+")
_ABOVE_ALL = 0
"""The row of a name that no row of the file holds."""
_FEWEST = 10
"""A whole number below it may be a count of too few; the floor of every policy."""


def quantity_in_name(name: str) -> Quantity:
    """The one statistic that a file's name says, ``UNKNOWN`` where it says none or several."""
    stem = name.rpartition("/")[2].rpartition(".")[0]
    said = {quantity_of(word) for word in _BETWEEN.split(stem) if word} & _SAID
    return said.pop() if len(said) == 1 else Quantity.UNKNOWN


def under_name(table: Table, name: str) -> Table:
    """The table with what its file's name says over its columns, or the table as it is."""
    said = quantity_in_name(name)
    if said in (Quantity.UNKNOWN, Quantity.PERSONS):
        return table
    cells = [cell for row in table.rows for cell in row if cell.value.kind in _NUMBERS]
    columns = {cell.column for cell in cells}
    if not cells or any(table.columns[column].topic is not Topic.UNKNOWN for column in columns):
        return table
    if not all(_fits(cell, said) for cell in cells):
        return table
    word = CellValue(CellKind.TEXT)
    over = tuple(Cell(_ABOVE_ALL, column, said.value, word) for column in sorted(columns))
    named = tuple(
        replace(column, topic=Topic.MEASURE, is_count=False) if column.index in columns else column
        for column in table.columns
    )
    return Table((*table.header, *over), table.rows, table.notes, named)


_NUMBERS = (CellKind.COUNT, CellKind.NUMBER)


def _fits(cell: Cell, said: Quantity) -> bool:
    if cell.value.certain:
        return False
    if cell.value.kind is CellKind.NUMBER or not cell.value.whole:
        return True
    return said is Quantity.SUM and (cell.value.value == 0 or cell.value.value >= _FEWEST)
