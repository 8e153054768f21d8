"""Lines of words above and below the records of a csv, and a header that two rows share.

Programs write a title above the header and a note below the last row, each a line of its own with fewer
cells. Such lines hold words and no number by itself; they stay with the table, below its rows, where the
rules read them as notes. A line with a number in a cell of its own is a record, and a record with another
number of cells than the header is refused, whatever its place: a cell that slipped is never guessed at.

A header that leaves names out or repeats them, over a row of nothing but words, is one header in two rows:
a name that is left out is the one to its left, and the lower name follows the upper one. A third row that names
only what the two left without a name (pandas writes those of its index so) belongs to them.

Several tables below each other, each with a header of words and a blank line before it, are several tables.
"""

import re
from collections import Counter
from collections.abc import Sequence

_NUMBER = re.compile(r"[\s<>≤≥=~(\[*+-]*\d[\d.,eE+%‰)\]\s-]*\S{0,2}")

_VALUE = re.compile(r"(?!(?:19|20)\d\d$)[<>≤≥~+-]*\d[\d.,]*\s*%?")
"""A value that is no year and no name with a number in it (95%CI): no header has one."""

Row = list[str]


def blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """The tables that blank lines part, where each is one by itself with a header of words; else all as one."""
    parts: list[list[Row]] = [[]]
    for row in rows:
        if row:
            parts[-1].append(row)
        elif parts[-1]:
            parts.append([])
    parts = [part for part in parts if part]
    return parts if len(parts) > 1 and all(map(_is_table, parts)) else [list(rows)]


def _is_table(rows: Sequence[Row]) -> bool:
    is_even = len(rows) > 1 and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return is_even and not any(map(_VALUE.fullmatch, rows[0]))


def without_loose_lines(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The records, and the lines of words around them in order; the records as they are where there are none."""
    width = max(Counter(len(row) for row in rows if any(row)).most_common(1), default=(0, 0))[0]
    start, end = 0, len(rows)
    while start < end and _is_loose(rows[start], width):
        start += 1
    while end > start and _is_loose(rows[end - 1], width):
        end -= 1
    above, below = _words(rows[:start]), _words(rows[end:])
    if width < 2 or end - start < 2 or not (above or below) or not any(rows[0]):
        return list(rows), []
    if above and any(map(_VALUE.fullmatch, rows[start])):
        return list(rows), []
    return [list(row) for row in rows[start:end]], [*above, *below]


def _is_loose(row: Sequence[str], width: int) -> bool:
    """Whether a line is blank, or words that do not fill the columns."""
    if not any(row):
        return len(row) <= 1
    filled = [cell for cell in row if cell]
    return (len(row) != width or filled == [row[0]]) and not any(_NUMBER.fullmatch(cell) for cell in filled)


def _words(rows: Sequence[Row]) -> list[str]:
    return [", ".join(cell for cell in row if cell) for row in rows if any(row)]


def with_one_header(rows: list[Row]) -> list[Row]:
    """The rows with a header in two rows written as one."""
    if len(rows) < 3 or len(rows[1]) != len(rows[0]):
        return rows
    upper, lower = rows[0], rows[1]
    names = [name.casefold() for name in upper[1:]]
    if all(names) and len(set(names)) == len(names):
        return rows
    if sum(map(bool, lower)) < 2 or any(_NUMBER.fullmatch(cell) for cell in lower):
        return rows
    filled: list[str] = []
    for index, name in enumerate(upper):
        filled.append(name or (filled[-1] if index > 1 else ""))
    header = [" ".join(filter(None, pair)) for pair in zip(filled, lower, strict=True)]
    return _with_names(header, rows[2:])


def _with_names(header: Row, rows: list[Row]) -> list[Row]:
    """The header with the names that a row of nothing else gives to what it leaves blank."""
    names = rows[0]
    is_for_blanks = len(names) == len(header) and all(
        bool(name) != bool(above) for name, above in zip(names, header, strict=True)
    )
    if not is_for_blanks or not any(names) or any(_NUMBER.fullmatch(name) for name in names):
        return [header, *rows]
    return [[above or name for name, above in zip(names, header, strict=True)], *rows[1:]]
