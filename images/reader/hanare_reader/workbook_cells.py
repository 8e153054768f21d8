"""The cells of one sheet as they are stored: shown values, formulas, and everything that is hidden.

Formula and cached value are read from the same place, so neither can say what the other does not.
A value under a merged cell is kept by the file and shown by nobody; so are values in hidden rows and
columns, and in cells whose style shows nothing. None of these leave; all of them are found words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from .archives import attribute, local, words_of
from .refusals import MAX_CELL, MAX_ROWS, RefusedError
from .results import CSV, Account
from .workbook_styles import Style, is_unseen_run

_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ACTIVE: Final = re.compile(
    r"\b(?:HYPERLINK|WEBSERVICE|FILTERXML|IMPORT[A-Z]*|CALL|EXEC|REGISTER(?:\.ID)?|RTD|DDE|IMAGE|PY)\s*\(|\|\s*'",
    re.IGNORECASE,
)
_QUIET: Final = frozenset(
    {"sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "mergeCells", "phoneticPr",
     "pageMargins", "pageSetup", "printOptions", "rowBreaks", "colBreaks", "ignoredErrors", "sheetCalcPr",
     "drawing", "legacyDrawing", "legacyDrawingHF", "tableParts", "picture", "autoFilter", "sortState",
     "sheetProtection", "smartTags"}
)  # fmt: skip
MAX_CELLS: Final = 400_000
_FAR: Final = 16_384
_NARROWEST: Final = 0.5
"""Characters below which a column shows no letter."""
_LOWEST: Final = 4.0
"""Points below which a row shows no letter."""


@dataclass(frozen=True, slots=True)
class Value:
    """One shown cell."""

    text: str
    is_number: bool = False


@dataclass(slots=True)
class Grid:
    """A sheet: shown cells by (row, column) from 1, and its merged ranges."""

    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""


@dataclass(frozen=True, slots=True)
class Book:
    """What every sheet of a workbook shares."""

    strings: Sequence[str]
    styles: Sequence[Style]
    since_1904: bool
    used: set[int]
    """Shared strings that some cell names."""


def read_sheet(root: Element, book: Book, account: Account, number: int, *, hidden: bool) -> Grid:
    """One worksheet; of a hidden one, every word is found and no cell is shown."""
    grid, unseen = Grid(), _Unseen()
    grid.merged = _merged(root)
    hidden_columns = _hidden_columns(root)
    covered = _covered(grid.merged)
    read = 0
    for row, elements in _rows(root):
        for position, cell in enumerate(elements, start=1):
            read += 1
            if read > MAX_CELLS:
                raise RefusedError("unpacks_too_large")
            column = _column(cell, position)
            value = _value(cell, book, row, account)
            style = _style(cell, book)
            formula = next((f for f in cell if local(f) == "f"), None)
            if value is not None and value.text:
                place = (
                    "hidden_row" if row in unseen.rows_of(root) else "hidden_column" if column in hidden_columns
                    else "unseen_cell" if style.unseen or (row, column) in covered else ""
                )  # fmt: skip
                if place and not hidden:
                    unseen.add(place, row, column, value.text)
                    if formula is not None and value.is_number:
                        account.sign("hidden_result")
                else:
                    grid.cells[row, column] = value
            if formula is not None:
                _formula(formula, value, account, number)
    unseen.tell(account, number)
    _beside(root, account, number)
    account.drop("merged_cells", len(grid.merged))
    return grid


class _Unseen:
    """Values that a shown sheet holds and does not show."""

    def __init__(self) -> None:
        self._found: dict[str, dict[int, list[str]]] = {}
        self._lines: dict[str, set[int]] = {}
        self._rows: frozenset[int] | None = None

    def rows_of(self, root: Element) -> frozenset[int]:
        """The hidden rows of the sheet."""
        if self._rows is None:
            self._rows = frozenset(
                int(row.get("r", "0"))
                for data in root
                if local(data) == "sheetData"
                for row in data
                if row.get("hidden") in {"1", "true"} or float(row.get("ht", "15")) < _LOWEST
            )
        return self._rows

    def add(self, place: str, row: int, column: int, text: str) -> None:
        self._found.setdefault(place, {}).setdefault(row, []).append(text)
        self._lines.setdefault(place, set()).add(column if place == "hidden_column" else row)

    def tell(self, account: Account, number: int) -> None:
        """Count rows and columns by themselves, other cells one by one."""
        for place, rows in self._found.items():
            cells = sum(map(len, rows.values()))
            count = cells if place == "unseen_cell" else len(self._lines[place])
            account.drop(
                {"hidden_row": "hidden_rows", "hidden_column": "hidden_columns"}.get(place, "unseen_cells"),
                count,
            )
            account.hide(place, "\n".join(" ".join(texts) for texts in rows.values()), number=number)


def as_csv(grid: Grid) -> str:
    """All cells of a grid as csv text, for the recognisers."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), value in grid.cells.items():
        rows.setdefault(row, {})[column] = value.text
    first = min((c for cells in rows.values() for c in cells), default=1)
    width = max((c for cells in rows.values() for c in cells), default=1)
    if width - first > 1000:
        first, width = 1, 0  # cells far apart: one after another, so that no line is mostly commas
    lines = []
    for _, cells in sorted(rows.items()):
        texts = [cells.get(c, "") for c in range(first, width + 1)] or list(cells.values())
        lines.append(",".join('"' + text.replace('"', '""').replace("\n", " ") + '"' for text in texts))
    return "\n".join(lines) + "\n"


def hide_sheet(grid: Grid, account: Account, number: int) -> None:
    """Every word of a sheet that does not leave."""
    if grid.cells:
        account.hide("hidden_sheet", as_csv(grid), kind=CSV, number=number)


def _rows(root: Element) -> list[tuple[int, Element]]:
    data = next((child for child in root if local(child) == "sheetData"), None)
    if data is None:
        return []
    rows, last = [], 0
    for element in data:
        last = int(element.get("r", last + 1))
        rows.append((last, element))
    if len(rows) > MAX_ROWS * 2 or len({row for row, _ in rows}) != len(rows):
        raise RefusedError("too_many_rows", limit=MAX_ROWS)
    return rows


def _column(cell: Element, position: int) -> int:
    found = _REFERENCE.fullmatch(cell.get("r", ""))
    return column_number(found[1]) if found else position


def column_number(letters: str) -> int:
    """A column's number from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if number > _FAR:
        raise RefusedError("structure")
    return number


def _style(cell: Element, book: Book) -> Style:
    index = int(cell.get("s", "0"))
    return book.styles[index] if index < len(book.styles) else Style()


def string_of(item: Element, account: Account) -> str:
    """The shown text of a string; readings above its words and runs that nobody sees are found words."""
    shown: list[str] = []
    for run in item:
        text = "".join(t.text or "" for t in run.iter() if local(t) == "t")
        if local(run) == "t":
            shown.append(text)
        elif local(run) == "rPh":
            account.drop("phonetic_guides")
            account.hide("phonetic", text)
        elif local(run) == "r" and any(is_unseen_run(e) for e in run if local(e) == "rPr"):
            account.drop("unseen_cells", bool(text.strip()))
            account.hide("unseen_cell", text)
        elif local(run) == "r":
            shown.append(text)
    return "".join(shown)


def _text(text: str, row: int) -> Value:
    if len(text) > MAX_CELL:
        raise RefusedError("cell_too_long", row=row, limit=MAX_CELL)
    return Value(text)


def _value(cell: Element, book: Book, row: int, account: Account) -> Value | None:
    kind = cell.get("t", "n")
    stored = next((v.text or "" for v in cell if local(v) == "v"), None)
    if kind == "inlineStr":
        return _text("".join(string_of(i, account) for i in cell if local(i) == "is"), row)
    if not stored:
        return None
    if kind == "s":
        index = int(stored)
        if not 0 <= index < len(book.strings):
            raise RefusedError("structure")
        book.used.add(index)
        return _text(book.strings[index], row)
    if kind == "b":
        return Value("TRUE" if stored.strip() == "1" else "FALSE")
    if kind == "n":
        return Value(_style(cell, book).show(float(stored), since_1904=book.since_1904), is_number=True)
    return Value(stored)


def _formula(formula: Element, value: Value | None, account: Account, number: int) -> None:
    text = formula.text or ""
    if _ACTIVE.search(text) or formula.get("t") == "dataTable":
        raise RefusedError("active_content")
    account.drop("formulas")
    if value is None or not value.text:
        account.drop("formulas_without_value")
    literals = "\n".join(re.findall(r'"((?:[^"]|"")*)"', text))
    account.hide("formula", literals, number=number)


def _merged(root: Element) -> list[tuple[int, int, int, int]]:
    ranges = []
    for merges in (child for child in root if local(child) == "mergeCells"):
        for merge in merges:
            ends = [_REFERENCE.fullmatch(end) for end in merge.get("ref", "").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                (a, b), (c, d) = ((int(e[2]), column_number(e[1])) for e in ends if e)
                ranges.append((a, b, c, d))
    if len(ranges) > MAX_ROWS:
        raise RefusedError("too_many_rows", limit=MAX_ROWS)
    return ranges


def _covered(merged: Sequence[tuple[int, int, int, int]]) -> set[tuple[int, int]]:
    """The places under merged ranges, but for the one that is shown; of huge ranges, none."""
    places: set[tuple[int, int]] = set()
    for top, left, bottom, right in merged:
        if (bottom - top + 1) * (right - left + 1) <= 10_000:
            places |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)} - {(top, left)}
    return places


def _hidden_columns(root: Element) -> frozenset[int]:
    hidden: set[int] = set()
    for columns in (child for child in root if local(child) == "cols"):
        for column in columns:
            if column.get("hidden") in {"1", "true"} or float(column.get("width", "9")) < _NARROWEST:
                first, last = int(column.get("min", "1")), int(column.get("max", "1"))
                hidden |= set(range(first, min(last, _FAR) + 1))
    return frozenset(hidden)


def _beside(root: Element, account: Account, number: int) -> None:
    """What a sheet holds beside its cells."""
    for child in root:
        name = local(child)
        if name == "headerFooter" and words_of(child):
            account.drop("headers_footers", len([part for part in child if part.text]))
            account.hide("header_footer", words_of(child), number=number)
        elif name == "dataValidations":
            account.drop("data_validations", len(child))
            words = [words_of(child), *(v for e in child for k, v in e.attrib.items() if k in _SAID)]
            account.hide("validation", "\n".join(words), number=number)
        elif name == "hyperlinks":
            account.drop("hyperlinks", len(child))
            words = [attribute(link, k) for link in child for k in ("display", "tooltip", "location")]
            account.hide("link", "\n".join(filter(None, words)), number=number)
        elif name in {"oleObjects", "controls"}:
            raise RefusedError("active_content")
        elif name not in _QUIET and name != "conditionalFormatting":
            words = [
                words_of(child),
                *_said(child),
            ]
            text = "\n".join(filter(None, words))
            account.drop("custom_parts", bool(text))
            account.hide("part", text, number=number)
        elif name == "conditionalFormatting":
            account.hide(
                "formula", "\n".join(re.findall(r'"((?:[^"]|"")*)"', words_of(child))), number=number
            )


def _said(element: Element) -> Iterator[str]:
    """Attributes that hold words: no number, no reference to cells, no mark of a program."""
    for inner in element.iter():
        for name, value in inner.attrib.items():
            quiet = _QUIET_VALUE.fullmatch(value) or name.rpartition("}")[2] in {"uri", "id", "sqref", "ref"}
            if not quiet:
                yield value


_QUIET_VALUE: Final = re.compile(r"[\d.,:+\-]*|true|false|[A-Z]{1,3}[0-9]+|\{[0-9A-Fa-f-]+\}|[a-z][A-Za-z]*")
_SAID: Final = frozenset({"prompt", "promptTitle", "error", "errorTitle"})
