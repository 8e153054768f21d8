"""Lines of a plain text that are a csv, where a comma may also group thousands.

1. Under a first line of names, lines are a csv when all hold as many commas as it does and whatever stands behind a
   first cell is a number, a mask or nothing: then every comma parts cells, and ``A,120,300`` are two counts.
2. Without names, three cells or more in every line and no blank anywhere say the same, where reading the commas as
   thousands would give lines of different lengths.
3. Everything else is left to those who take a comma before three digits for a thousands' mark.
"""

import re
from collections.abc import Iterator, Sequence

from output_review.disclosure.cells import CellKind, read_cell

COMMA = re.compile(r"[,，、]")
_PARTING = re.compile(r"(?<!\d)[,，、]|[,，、](?!\d{3}(?!\d))")
_VALUES = frozenset({CellKind.COUNT, CellKind.NUMBER, CellKind.MASKED, CellKind.EMPTY})


def csv_runs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and the last (excluded) line of each run of neighbouring lines that is a csv."""
    counts = [len(COMMA.findall(line)) for line in lines]
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and counts[end] == counts[start]:
            end += 1
        if counts[start] and _is_csv(lines[start:end]):
            yield start, end
        start = end


def _is_csv(lines: Sequence[str]) -> bool:
    if len(lines) < 2:
        return False
    names, rows = lines[0], lines[1:]
    if not re.search(r"\d", names):
        return all(map(_is_row, rows))
    if any(re.search(r"\s", line.strip()) for line in lines) or len(COMMA.findall(names)) < 2:
        return False
    return all(map(_is_row, lines)) and len({len(_PARTING.split(line)) for line in lines}) > 1


def _is_row(line: str) -> bool:
    first, *others = COMMA.split(line)
    return bool(first.strip()) and all(read_cell(cell).kind in _VALUES for cell in others)
