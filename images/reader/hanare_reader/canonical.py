"""The canonical form of every kind that is admitted; a kind without a writer is refused.

csv: UTF-8, LF, commas, quotation marks only where a cell needs them, one record per line,
a header of distinct names, as many cells in every row as in the header. Cells are text and
stay as they are; cells that a spreadsheet would take for a formula are kept and counted.
text: UTF-8, LF, one line end at the end. Writing the canonical form of a canonical form
gives the same bytes. The kind follows from the file's name and from nothing else.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from .decoding import check_characters, decode
from .refusals import MAX_CELL, MAX_COLUMNS, MAX_ROWS, RefusedError

KINDS: Final[Mapping[str, str]] = MappingProxyType({".csv": "csv", ".txt": "text", ".md": "text"})
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_OTHER_SEPARATORS: Final = ";|"


@dataclass(frozen=True, slots=True)
class Canonical:
    """The bytes that are reviewed and leave, and what is told about them."""

    content: bytes
    kind: str
    rows: int
    """Rows below the header of a csv; lines of a text."""
    columns: int
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def answer(self) -> dict[str, object]:
        return {
            "ok": True,
            "kind": self.kind,
            "dropped": list(self.dropped),
            "notes": list(self.notes),
            "rows": self.rows,
            "columns": self.columns,
        }


def kind_of(name: str) -> str:
    """Tell the kind by the extension; what is not in the table is refused."""
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise RefusedError("format_refused")
    return kind


def canonical(kind: str, content: bytes) -> Canonical:
    """Give the canonical form, or refuse the file."""
    if kind == "csv":
        return canonical_csv(content)
    if kind == "text":
        return canonical_text(content)
    raise RefusedError("format_refused")


def canonical_text(content: bytes) -> Canonical:
    """Give a text as UTF-8 lines, each ended by LF."""
    decoded = decode(content)
    if not decoded.text.strip():
        raise RefusedError("empty")
    dropped = decoded.dropped
    text = decoded.text
    if not text.endswith("\n"):
        text += "\n"
        dropped = (*dropped, "missing_final_line_end")
    lines = text[:-1].split("\n")
    if len(lines) > MAX_ROWS:
        raise RefusedError("too_many_rows", limit=MAX_ROWS)
    for number, line in enumerate(lines, start=1):
        check_characters(line, row=number, allowed="\t")
    return Canonical(text.encode("utf-8"), "text", len(lines), 0, dropped)


def canonical_csv(content: bytes) -> Canonical:
    """Write a csv again, with the same cells and one way of saying each."""
    decoded = decode(content)
    text = decoded.text.rstrip("\n")
    if not text.strip():
        raise RefusedError("empty")
    rows = _rows(text)
    header = next(rows)
    _check_header(header)
    lines = [_line(header)]
    formulas = _formulas(header)
    for number, row in enumerate(rows, start=2):
        if number - 1 > MAX_ROWS:
            raise RefusedError("too_many_rows", limit=MAX_ROWS)
        if len(row) != len(header):
            raise RefusedError("ragged_row", row=number, found=len(row), expected=len(header))
        _check_cells(row, number)
        formulas += _formulas(row)
        lines.append(_line(row))
    written = "".join(lines)
    dropped = decoded.dropped
    if written.rstrip("\n") != text:
        dropped = (*dropped, "quoting")
    if len(decoded.text) - len(text) > 1:
        dropped = (*dropped, "trailing_blank_lines")
    notes = (f"formula_cells:{formulas}",) if formulas else ()
    return Canonical(written.encode("utf-8"), "csv", len(lines) - 1, len(header), dropped, notes)


def _rows(text: str) -> Iterator[list[str]]:
    """Yield the records; a quotation mark that is never closed is refused."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise RefusedError("cell_too_long", row=number, limit=MAX_CELL) from None
            raise RefusedError("quoting", row=number) from None
        # A line feed inside quotes: seen before the characters are, because it has its own remedy.
        if any("\n" in cell for cell in row):
            raise RefusedError("line_break_in_cell", row=number)
        yield row


def _check_header(header: list[str]) -> None:
    if not header:  # the file begins with an empty line
        raise RefusedError("blank_header", column=1)
    if len(header) > MAX_COLUMNS:
        raise RefusedError("too_many_columns", limit=MAX_COLUMNS)
    _check_cells(header, 1)
    seen: set[str] = set()
    for column, name in enumerate(header, start=1):
        plain = name.strip().casefold()
        if not plain:
            raise RefusedError("blank_header", column=column)
        if plain in seen:
            raise RefusedError("duplicate_header", column=column)
        seen.add(plain)
    # One column whose name holds another separator would hide every cell from the checks.
    if len(header) == 1 and any(mark in header[0] for mark in _OTHER_SEPARATORS):
        raise RefusedError("separator")


def _check_cells(row: list[str], number: int) -> None:
    for cell in row:
        check_characters(cell, row=number, allowed="")


def _formulas(row: list[str]) -> int:
    return sum(1 for cell in row if cell.lstrip().startswith(_FORMULA_STARTS) and not _is_number(cell))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _line(row: list[str]) -> str:
    if row == [""]:
        return '""\n'  # an empty line would be no record at all
    return ",".join(_quoted(cell) for cell in row) + "\n"


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
