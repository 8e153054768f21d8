"""Canonical bytes as people read them: every row and line, the exact findings marked. Pure.

What is shown is what leaves, so nothing is cut, guessed or beautified: a table keeps its
cells, a text its lines. Long files are shown in pages with a count of all rows. A finding
marks its cell, its whole row or column where it names only that, its characters in a text,
or the file as a whole; a mark is never the only sign, the list of findings says it in words.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from output_review.disclosure.findings import Finding, Severity

PAGE_ROWS = 1_000
_NUMBER = re.compile(r"[-−+]?[\d,]*\.?\d+%?")
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and the weight of the worst finding on it; empty when there is none."""

    text: str
    severity: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table or a line of a text, counted from 1."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a file."""

    kind: str
    header: Row | None
    rows: tuple[Row, ...]
    total: int
    """Rows or lines of the whole file, the header among them."""
    page: int = 1
    pages: int = 1
    page_of: Mapping[int, int] = field(default_factory=dict)
    """Row number of each finding to the page it is on."""


def make_sheet(kind: str, text: str, findings: Sequence[Finding], page: int = 1) -> Sheet:
    """A page of the file, with its findings marked; those beside its text have no place in it."""
    findings = [finding for finding in findings if finding.where.part is None]
    if kind == "picture":
        return Sheet(kind, None, (), 0)
    if kind == "csv":
        try:
            return _table(list(csv.reader(io.StringIO(text, newline=""))), findings, page)
        except csv.Error:
            pass  # a field too long to be a cell: shown line by line instead, nothing is lost
    return _lines(text, findings, page)


def _table(rows: list[list[str]], findings: Sequence[Finding], page: int) -> Sheet:
    header = rows[0] if rows else []
    width = max((len(row) for row in rows), default=0)
    marks = _cell_marks(header, width, findings)
    body = rows[1:]
    first, pages = _window(len(body), page)
    return Sheet(
        kind="csv",
        header=_row(1, header, width, marks) if rows else None,
        rows=tuple(
            _row(number, row, width, marks)
            for number, row in enumerate(body[first : first + PAGE_ROWS], start=first + 2)
        ),
        total=len(rows),
        page=first // PAGE_ROWS + 1,
        pages=pages,
        page_of={
            f.where.row: max(0, f.where.row - 2) // PAGE_ROWS + 1 for f in findings if f.where.row is not None
        },
    )


Marks = dict[tuple[int | None, int | None], Severity]
"""(row, column index) to the worst finding there; None stands for all of them."""


def _cell_marks(header: Sequence[str], width: int, findings: Sequence[Finding]) -> Marks:
    marks: Marks = {}
    for finding in findings:
        row, name = finding.where.row, finding.where.column
        if row is None and name is None:
            continue
        columns: list[int | None] = [None]
        if name is not None:
            columns = [i for i in range(width) if column_name(header, i) == name] or [None]
        for column in columns:
            place = (1, column) if row is None else (row, column)
            marks[place] = max(marks.get(place, Severity.INFO), finding.severity, key=_WEIGHT.__getitem__)
    return marks


def column_name(header: Sequence[str], index: int) -> str:
    """The header of a column, or its letter where it has none."""
    if index < len(header) and header[index].strip():
        return header[index]
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def _row(number: int, cells: Sequence[str], width: int, marks: Marks) -> Row:
    def piece(index: int) -> Piece:
        text = cells[index] if index < len(cells) else ""
        severity = marks.get((number, index)) or marks.get((number, None))
        return Piece(text, severity.value if severity else "", bool(_NUMBER.fullmatch(text)))

    return Row(number, tuple(piece(index) for index in range(width)))


def _lines(text: str, findings: Sequence[Finding], page: int) -> Sheet:
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    first, pages = _window(len(lines), page)
    starts, position = [], 0
    for line in lines:
        starts.append(position)
        position += len(line) + 1
    shown = range(first, min(len(lines), first + PAGE_ROWS))
    return Sheet(
        kind="text",
        header=None,
        rows=tuple(Row(i + 1, tuple(_marked(lines[i], i + 1, starts[i], findings))) for i in shown),
        total=len(lines),
        page=first // PAGE_ROWS + 1,
        pages=pages,
        page_of={
            f.where.row: (f.where.row - 1) // PAGE_ROWS + 1 for f in findings if f.where.row is not None
        },
    )


def _marked(line: str, number: int, start: int, findings: Sequence[Finding]) -> Iterator[Piece]:
    """The line in pieces, cut wherever a finding begins or ends."""
    spans: list[tuple[int, int, Severity]] = []
    for finding in findings:
        place = finding.where
        if place.offset is not None and place.length:
            begin, end = place.offset - start, place.offset + place.length - start
            if begin < len(line) and end > 0:
                spans.append((max(0, begin), min(len(line), end), finding.severity))
        elif place.row == number:
            spans.append((0, len(line), finding.severity))
    edges = sorted({0, len(line), *(edge for begin, end, _ in spans for edge in (begin, end))})
    for begin, end in pairwise(edges):
        over = [severity for a, b, severity in spans if a <= begin and end <= b]
        worst = max(over, key=_WEIGHT.__getitem__, default=None)
        yield Piece(line[begin:end], worst.value if worst else "")


def _window(rows: int, page: int) -> tuple[int, int]:
    pages = max(1, -(-rows // PAGE_ROWS))
    return (min(max(page, 1), pages) - 1) * PAGE_ROWS, pages
