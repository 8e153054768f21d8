"""A grid of cells written as a file: csv, tsv, json, Markdown, printed columns, LaTeX; turned or not."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Case:
    """A result that must or must not leave, as a grid with notes, or as a text of its own.

    ``worst`` is the heaviest verdict that is right for it, ``least`` the lightest.
    """

    name: str
    least: str
    grid: Grid | None = None
    text: str | None = None
    kind: str = "txt"
    notes: tuple[str, ...] = ()
    worst: str = "reject"
    turned: bool = True
    """Whether the table means the same when it is turned."""
    kinds: tuple[str, ...] = field(default=("csv", "tsv", "json", "md", "txt", "tex"))


def turned(grid: Grid) -> list[list[str]]:
    """Rows as columns."""
    return [list(row) for row in zip(*grid, strict=True)]


def written(grid: Grid, kind: str, notes: Sequence[str] = ()) -> str:
    """The text of a file of a kind."""
    return WRITERS[kind](grid, notes)


def _separated(delimiter: str) -> Callable[[Grid, Sequence[str]], str]:
    def write(grid: Grid, notes: Sequence[str]) -> str:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerows([note] for note in notes)
        writer.writerows(grid)
        return out.getvalue()

    return write


def _json(grid: Grid, notes: Sequence[str]) -> str:
    header = [name or f"column{index}" for index, name in enumerate(grid[0])]
    if len(set(header)) < len(header):
        data = [list(map(_value, row)) for row in grid[1:]]
        return json.dumps({"notes": list(notes), "columns": list(grid[0]), "data": data}, ensure_ascii=False)
    records = [dict(zip(header, map(_value, row), strict=True)) for row in grid[1:]]
    return json.dumps({"notes": list(notes), "table": records} if notes else records, ensure_ascii=False)


def _value(text: str) -> object:
    try:
        return int(text) if text.isascii() and str(int(text)) == text else float(text)
    except ValueError:
        return text


def _markdown(grid: Grid, notes: Sequence[str]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in grid]
    lines.insert(1, "|" + "---|" * len(grid[0]))
    return "\n".join(["# 結果", "", *notes, "", *lines, ""])


def _printed(grid: Grid, notes: Sequence[str]) -> str:
    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(c) in "FW" else 1 for c in text)

    widths = [max(width(row[i]) for row in grid) for i in range(len(grid[0]))]
    lines = [
        "  ".join(" " * (w - width(cell)) + cell for cell, w in zip(row, widths, strict=True)) for row in grid
    ]
    return "\n".join([*notes, "", *lines, ""])


def _latex(grid: Grid, notes: Sequence[str]) -> str:
    def cell(text: str) -> str:
        for mark in "%_#&$":
            text = text.replace(mark, "\\" + mark)
        return text

    lines = [" & ".join(map(cell, row)) + r" \\" for row in grid]
    return "\n".join([*notes, r"\begin{tabular}{l}", r"\hline", *lines, r"\hline", r"\end{tabular}", ""])


WRITERS: dict[str, Callable[[Grid, Sequence[str]], str]] = {
    "csv": _separated(","),
    "tsv": _separated("\t"),
    "json": _json,
    "md": _markdown,
    "txt": _printed,
    "tex": _latex,
}
