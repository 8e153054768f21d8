"""Tables inside plain text: Markdown, and columns set with tabs, commas or blanks.

1. A table is two or more lines in a row that split into the same number of cells, at least two.
2. Separators are tried from the surest to the least sure: ``|``, tab, comma, semicolon, two or more
   blanks, one blank. The last two count only when every line after the first holds a number,
   or prose would be taken for a table.
3. Every cell keeps its offset from the start of the file; ``row`` is the line of the file.
4. A Markdown rule line (``|---|---|``) belongs to the table and is no row of it.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from output_review.disclosure.cells import CellKind, read_cell
from output_review.disclosure.tables import Cell, Table, table_from_cells

_RULE_LINE = re.compile(r"[\s|:+=\-─━┼┌┐└┘├┤┬┴]*[-=─━]{2,}[\s|:+=\-─━┼┌┐└┘├┤┬┴]*")
_SEPARATORS = (
    re.compile(r"[|│┃｜]"),
    re.compile(r"\t"),
    re.compile(r"[,，、](?!\d{3}(?!\d))"),
    re.compile(r"[;；]"),
    re.compile(r"(?<=\S)[ \u3000]{2,}(?=\S)"),
    re.compile(r"(?<=\S)[ \u3000]+(?=\S)"),
)
_BLANKS = _SEPARATORS[-2:]
Line = tuple[int, int, str]
"""Line number, offset, text."""


def tables_from_text(text: str) -> tuple[Table, ...]:
    """Every table of a plain text, in order."""
    tables = []
    for block in _blocks(text):
        taken: set[int] = set()
        for separator in _SEPARATORS:
            for run in _runs(block, separator, taken):
                table = table_from_cells([_cells(line, separator) for line in run])
                if table is not None:
                    tables.append(table)
                    taken.update(line[0] for line in run)
    return tuple(tables)


def _blocks(text: str) -> Iterator[list[Line]]:
    """Lines without a blank line between them; rule lines are left out."""
    offset = 0
    lines: list[Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        lines.append((number, offset, line.rstrip("\r")))
        offset += len(line) + 1
    for filled, group in groupby(lines, key=lambda line: bool(line[2].strip())):
        if filled:
            yield [line for line in group if not _RULE_LINE.fullmatch(line[2])]


def _runs(block: list[Line], separator: re.Pattern[str], taken: set[int]) -> Iterator[list[Line]]:
    """Neighbouring free lines that split into the same number of cells."""
    free = [line for line in block if line[0] not in taken]
    for width, group in groupby(free, key=lambda line: len(_cells(line, separator))):
        run = list(group)
        if width > 1 and len(run) > 1 and _has_numbers(run, separator):
            yield run


def _has_numbers(run: list[Line], separator: re.Pattern[str]) -> bool:
    """Rule 2: some line below the first holds a number; with blanks as separators, every line does."""
    numbers = [
        any(
            cell.value.kind in (CellKind.COUNT, CellKind.NUMBER, CellKind.MASKED)
            for cell in _cells(line, separator)
        )
        for line in run[1:]
    ]
    return all(numbers) if separator in _BLANKS else any(numbers)


def _cells(line: Line, separator: re.Pattern[str]) -> tuple[Cell, ...]:
    """The cells of a line; the empty ends that Markdown's outer bars make are dropped."""
    number, offset, text = line
    edges = [match.span() for match in separator.finditer(text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(text)]
    spans = list(zip(starts, ends, strict=True))
    if separator is _SEPARATORS[0] and edges:
        spans = spans[(0 if text[: edges[0][0]].strip() else 1) :]
        spans = spans[: (None if text[edges[-1][1] :].strip() else -1)]
    cells = []
    for column, (start, end) in enumerate(spans):
        part = text[start:end]
        content = part.strip().strip("*").strip() or part.strip()
        lead = part.find(content) if content else 0
        cells.append(Cell(number, column, content, read_cell(content), offset + start + lead))
    return tuple(cells)
