"""The tables of a sheet: where one ends and the next begins, and the header each gets.

The header is the first row with two filled cells or more, or with a name spread over columns behind the
first. Words merged over several rows stand in each of them. Names that a merged cell writes over
several columns are repeated, and joined with the row below when that holds words only. A column
without a name gets its number; a name that stands twice gets a count. No number of a data row is
ever taken for a name unless it stands in the header row, where the rules still see it.
"""

from collections.abc import Sequence
from typing import Final

from .refusals import MAX_COLUMNS, MAX_ROWS, RefusedError
from .results import Account
from .workbook_cells import Grid, Value

Row = list[Value]
_EMPTY: Final = Value("")


def text_lines(grid: Grid) -> list[str]:
    """The lines of a sheet that is one column of words; none when it is a table."""
    rows: dict[int, list[Value]] = {}
    for (row, _), value in sorted(grid.cells.items()):
        rows.setdefault(row, []).append(value)
    if any(len(values) > 1 for values in rows.values()) or any(v[0].is_number for v in rows.values()):
        return []
    lines: list[str] = []
    before = 0
    for row, values in rows.items():
        lines += [""] * min(row - before - 1, 1) + values[0].text.replace("\r\n", "\n").split("\n")
        before = row
    return lines


def tables_of(grid: Grid, account: Account) -> list[list[list[str]]]:
    """Each table as rows of text, its header first."""
    _fill_down(grid)
    numbers = sorted({row for row, _ in grid.cells})
    columns = sorted({column for _, column in grid.cells})
    if len(numbers) > MAX_ROWS + 1:
        raise RefusedError("too_many_rows", limit=MAX_ROWS)
    if len(columns) > MAX_COLUMNS:
        raise RefusedError("too_many_columns", limit=MAX_COLUMNS)
    lines = [(row, [grid.cells.get((row, column), _EMPTY) for column in columns]) for row in numbers]
    account.drop("empty_cells", numbers[-1] - len(numbers) + columns[-1] - len(columns))
    return [_table(block, columns, grid, account) for block in _blocks(lines)]


def _fill_down(grid: Grid) -> None:
    """Words merged over several rows of one column stand in each of them, so that every row says what it is."""
    shown = {row for row, _ in grid.cells}
    for top, left, bottom, right in grid.merged:
        value = grid.cells.get((top, left))
        if left == right and value and not value.is_number and bottom - top < MAX_ROWS:
            for row in shown.intersection(range(top + 1, bottom + 1)):
                grid.cells.setdefault((row, left), value)


Lines = list[tuple[int, Row]]


def _blocks(lines: Lines) -> list[Lines]:
    """The lines cut into tables."""
    segments: list[Lines] = []
    for line in lines:
        if segments and line[0] == segments[-1][-1][0] + 1:
            segments[-1].append(line)
        else:
            segments.append([line])
    blocks: list[Lines] = []
    title: Lines = []
    for segment in segments:
        if _begins_table(segment) or not (blocks or title):
            has_table = any(_filled(row) > 1 for _, row in segment)
            if has_table:
                blocks.append([*title, *segment])
                title = []
            else:
                title += segment
        elif title:
            title += segment
            if any(_filled(row) > 1 for _, row in segment):
                blocks.append(title)
                title = []
        else:
            blocks[-1] += segment
    if title and blocks:
        blocks[-1] += title
    return blocks or [title]


def _begins_table(segment: Lines) -> bool:
    """Whether a segment has a header of words over at least one more row of several cells."""
    wide = [row for _, row in segment if _filled(row) > 1]
    return len(wide) > 1 and not any(value.is_number for value in wide[0])


def _filled(row: Sequence[Value]) -> int:
    return sum(1 for value in row if value.text.strip())


def _table(block: Lines, columns: Sequence[int], grid: Grid, account: Account) -> list[list[str]]:
    spread = {top for top, left, _, right in grid.merged if right > left > columns[0]}
    start = next((i for i, (n, row) in enumerate(block) if _filled(row) > 1 or n in spread), 0)
    names, body_from = _header(block, start, columns, grid)
    body = [row for _, row in block[body_from:]]
    titles = [row for _, row in block[:start]]
    account.drop("titles_moved", len(titles))
    kept = [
        i
        for i in range(len(columns))
        if names[i].strip() or any(row[i].text.strip() for row in (*body, *titles))
    ]
    rows = [[row[i].text for i in kept] for row in body]
    rows += [_left([row[i].text for i in kept]) for row in titles]
    return [_distinct([names[i] for i in kept]), *rows]


def _left(cells: list[str]) -> list[str]:
    """A line of one cell with its words in the first column."""
    filled = [cell for cell in cells if cell.strip()]
    return [*filled, *[""] * (len(cells) - len(filled))]


def _header(block: Lines, start: int, columns: Sequence[int], grid: Grid) -> tuple[list[str], int]:
    """The names of the columns, and the line at which the data begins."""
    number, row = block[start]
    names = [value.text.strip() for value in row]
    spread = False
    for top, left, bottom, right in grid.merged:
        if top == number and right > left:
            spread = True
            wide = [i for i, column in enumerate(columns) if left <= column <= right]
            for i in wide:
                names[i] = names[wide[0]]
        spread = spread or (top == number and bottom > top)
    if not spread or start + 2 >= len(block):
        return names, start + 1
    below = block[start + 1][1]
    if any(value.is_number for value in below) or _filled(below) < 1:
        return names, start + 1
    joined = [
        " ".join(filter(None, (name, value.text.strip()))) for name, value in zip(names, below, strict=True)
    ]
    return joined, start + 2


def _distinct(names: Sequence[str]) -> list[str]:
    made: list[str] = []
    seen: set[str] = set()
    for index, name in enumerate(names):
        plain = " ".join(name.split()) or ("" if index == 0 else f"column {index + 1}")
        chosen, count = plain, 1
        while chosen.casefold() in seen:
            count += 1
            chosen = f"{plain} ({count})"
        seen.add(chosen.casefold())
        made.append(chosen)
    return made
