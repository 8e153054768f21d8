"""The canonical form of a table: UTF-8, LF, commas, one record per line.

A header of distinct names (the first may be blank: it stands over the labels of rows), as many
cells in every row as in the header, quotation marks only where a cell needs them. Cells keep their
words and lose what is no word: space at their ends, unseen characters, digits beyond the tenth
significant one. Lines of words around the records stand below them (``loose_lines``). Writing the canonical form of a canonical form gives the same bytes.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from .decoding import check_characters, decode
from .figures import shorten
from .formats import Upload
from .loose_lines import blocks, with_one_header, without_loose_lines
from .number_columns import in_one_way
from .refusals import MAX_CELL, MAX_COLUMNS, MAX_FILES, MAX_ROWS, RefusedError
from .results import CSV, Account, CanonicalFile, Reading
from .unseen import clean

_OTHER_SEPARATORS: Final = ";|"
_DECIMAL_COMMA: Final = re.compile(r"^([-+<>]?\d+),(\d+\s*%?)$")


def read_csv(upload: Upload) -> Reading:
    """Read a csv."""
    return _read(upload, ",")


def read_tsv(upload: Upload) -> Reading:
    """Read a table whose cells are separated by tabs."""
    return _read(upload, "\t")


def _read(upload: Upload, separator: str) -> Reading:
    account = Account()
    decoded = decode(upload.content)
    for code in decoded.dropped:
        account.drop(code)
    text = decoded.text.rstrip("\n")
    if not text.strip():
        raise RefusedError("empty")
    if len(decoded.text) - len(text) > 1:
        account.drop("trailing_blank_lines")
    if separator == "\t":
        account.drop("tab_separators")
    if separator == "," and _is_parted_by_semicolons(text):
        account.drop("semicolon_separators")
        separator = ";"
    rows = list(_rows(text, separator, account))
    if separator == ";" and _has_decimal_commas(rows):
        account.drop("number_forms")
        rows = [[_DECIMAL_COMMA.sub(r"\1.\2", cell) for cell in row] for row in rows]
    parts = blocks(rows)
    if len(parts) > MAX_FILES:
        raise RefusedError("too_many_tables", limit=MAX_FILES)
    tables = [_table(part, account) for part in parts]
    rewritten = "\n".join(table.content.decode() for table in tables)
    if separator == "," and not account.dropped.keys() & _REWRITING and rewritten != text + "\n":
        account.drop("quoting")
    return account.reading(*tables)


def _is_parted_by_semicolons(text: str) -> bool:
    """Whether every line has as many semicolons, and the first no comma: how some languages write a csv."""
    lines = [line for line in text.split("\n") if line]
    counts = {line.count(";") for line in lines}
    return "," not in lines[0] and len(lines) > 1 and len(counts) == 1 and min(counts) > 0


def _has_decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    """Whether commas stand in numbers as points do elsewhere: none has a point, and no comma parts thousands."""
    numbers = [cell for row in rows for cell in row if re.fullmatch(r"[-+<>]?\d[\d.,]*\s*%?", cell)]
    return (
        not any("." in number for number in numbers)
        and any(re.fullmatch(r"\D*\d+,\d{1,2}\D*", number) for number in numbers)
        and not any(number.count(",") > 1 for number in numbers)
    )


def _table(given: list[list[str]], account: Account) -> CanonicalFile:
    """The canonical form of one table and the lines of words around it."""
    records, words = without_loose_lines(given)
    header, *below = with_one_header(records)
    notes = [[line, *[""] * (len(header) - 1)] for line in words]
    if [header, *below, *notes] != given:
        account.drop("titles_moved", len(words))
    if all(len(row) == len(header) for row in below):
        below = in_one_way(below, account)
    return write_table([header, *below, *notes])


_REWRITING: Final = frozenset(
    {
        "titles_moved",
        "number_forms",
        "trailing_space",
        "excess_digits",
        "unseen_characters",
        "private_characters",
    }
)


def write_table(rows: Sequence[Sequence[str]]) -> CanonicalFile:
    """The canonical csv of cleaned rows, the header first."""
    header = rows[0]
    _check_header(header)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise RefusedError("ragged_row", row=number, found=len(row), expected=len(header))
    content = "".join(_line(row) for row in rows).encode("utf-8")
    return CanonicalFile(content, CSV, ".csv", len(rows) - 1, len(header))


def clean_cell(cell: str, account: Account, row: int) -> str:
    """A cell without what is no word of it."""
    if cell.isascii() and cell.isprintable() and len(cell) < 10 and cell == cell.strip(" "):
        return cell
    seen = clean(cell, account)
    bare = seen.strip(" \t\u3000\u00a0")
    account.drop("trailing_space", len(seen) - len(bare))
    check_characters(bare, row=row, allowed="")
    short = shorten(bare)
    account.drop("excess_digits", short != bare)
    return short


def _rows(text: str, separator: str, account: Account) -> Iterator[list[str]]:
    """Yield the records; a quotation mark that is never closed is refused."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
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
        if number > MAX_ROWS + 1:
            raise RefusedError("too_many_rows", limit=MAX_ROWS)
        # A line feed inside quotes: seen before the characters are, because it has its own remedy.
        if any("\n" in cell for cell in row):
            raise RefusedError("line_break_in_cell", row=number)
        yield [clean_cell(cell, account, number) for cell in row]


def _check_header(header: Sequence[str]) -> None:
    if not any(header):  # the file begins with an empty line
        raise RefusedError("blank_header", column=1)
    if len(header) > MAX_COLUMNS:
        raise RefusedError("too_many_columns", limit=MAX_COLUMNS)
    seen: set[str] = set()
    for column, name in enumerate(header, start=1):
        plain = name.strip().casefold()
        if not plain and column > 1:
            raise RefusedError("blank_header", column=column)
        if plain in seen:
            raise RefusedError("duplicate_header", column=column)
        seen.add(plain)
    # One column whose name holds another separator would hide every cell from the checks.
    if len(header) == 1 and any(mark in header[0] for mark in _OTHER_SEPARATORS):
        raise RefusedError("separator")


def _line(row: Sequence[str]) -> str:
    if list(row) == [""]:
        return '""\n'  # an empty line would be no record at all
    return ",".join(_quoted(cell) for cell in row) + "\n"


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
