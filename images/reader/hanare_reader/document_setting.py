"""Where each line of a document stands on its pages: pure geometry over the widths of letters.

Pages are A4, upright, in pixels. A line is divided between words of Latin script and between any two
Japanese characters, but no line begins with what closes a sentence or a bracket. Columns get the width
that their cells ask for, or a fair share of the page.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

from .document_lines import HEADING, PLAIN, ROW, RULE, Line, Shown
from .typeface import typeface

WIDTH: Final = 1_131
HEIGHT: Final = 1_600
MARGIN: Final = 90
INSIDE: Final = WIDTH - 2 * MARGIN
SIZES: Final = (34, 28, 24, 22)
"""Pixels of headings, from the first level on; the last is for all below."""
BODY: Final = 20
TABLE: Final = 18
HIGHEST_PICTURE: Final = 640
PADDING: Final = 8
NARROWEST: Final = 36
"""Pixels of a column's words."""
_PIECES: Final = re.compile(
    r"[\x21-\x7e\u00a1-\u2e7f]+ *|.[、。,.)」』】〉》”’!?・:;ーぁぃぅぇぉっゃゅょァィゥェォッャュョ]*",
    re.DOTALL,
)
"""What is not divided at the end of a line: a word, or a character with what may not begin a line."""
_TAB: Final = "    "


@dataclass(slots=True)
class Page:
    """What is set on one page, and all that it says."""

    y: int = MARGIN
    words: list[tuple[int, int, int, str]] = field(default_factory=list)
    """Left, top, size, text."""
    frames: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Left, top, right, bottom."""
    pictures: list[tuple[tuple[int, int, int, int], Shown]] = field(default_factory=list)
    """Left, top, width, height."""
    said: list[str] = field(default_factory=list)


class _FullError(Exception):
    """There is no further page."""


def _high(size: int) -> int:
    """Pixels from one line to the next."""
    return size * 3 // 2


class Setter:
    """Sets lines one below another, on as many pages as there may be."""

    def __init__(self, face: str, sizes: dict[Shown, tuple[int, int]], most: int) -> None:
        """``sizes`` are width and height of each picture in pixels."""
        self.pages = [Page()]
        self._face = face
        self._sizes = sizes
        self._most = most
        self._fonts: dict[int, Any] = {}
        self._widths: dict[tuple[str, int], float] = {}
        self._set = 0

    def font(self, size: int) -> Any:
        """The font at a size in pixels."""
        if size not in self._fonts:
            self._fonts[size] = typeface(size, self._face)
        return self._fonts[size]

    def set_lines(self, lines: list[Line]) -> int:
        """Set the lines; how many of them stand on the pages as a whole."""
        try:
            while self._set < len(lines):
                end = self._set
                while end < len(lines) and lines[end].form in {ROW, RULE}:
                    end += 1
                if end > self._set:
                    self._table(lines[self._set : end])
                else:
                    self._line(lines[self._set])
        except _FullError:
            pass
        return self._set

    def _room(self, height: int) -> Page:
        """A page with so much room."""
        page = self.pages[-1]
        if page.y > MARGIN and page.y + height > HEIGHT - MARGIN:
            if len(self.pages) == self._most:
                raise _FullError
            page = Page()
            self.pages.append(page)
        return page

    def _line(self, line: Line) -> None:
        is_heading = HEADING <= line.form < ROW
        size = SIZES[min(line.form - HEADING, len(SIZES) - 1)] if is_heading else BODY
        if is_heading and self.pages[-1].y > MARGIN:
            self.pages[-1].y += size // 2
        seen: Page | None = None
        for row in self._wrapped(line.text, size, INSIDE):
            page = self._room(_high(size))
            if page is not seen and line.text:
                page.said.append(line.text)
            seen = page
            page.words.append((MARGIN, page.y, size, row))
            page.y += _high(size)
        for picture in line.pictures:
            self._picture(picture)
        self._set += 1

    def _picture(self, picture: Shown) -> None:
        width, height = self._sizes[picture]
        if width > INSIDE or height > HIGHEST_PICTURE:
            by_width = width * HIGHEST_PICTURE > height * INSIDE
            over, under = (INSIDE, width) if by_width else (HIGHEST_PICTURE, height)
            width, height = max(1, width * over // under), max(1, height * over // under)
        page = self._room(height + BODY)
        page.pictures.append(((MARGIN, page.y, width, height), picture))
        page.y += height + BODY

    def _table(self, lines: list[Line]) -> None:
        """Set the rows of a table, the first again on top of each further page."""
        table = [line.text[2:-2].split(" | ") for line in lines if line.form == ROW]
        widths = self._columns(table)
        rows = [self._cells(cells, widths) for cells in table] if widths else []
        heights = [_high(TABLE) * max(map(len, row)) + PADDING for row in rows]
        if not widths or heights[0] + max(heights) > HEIGHT - 2 * MARGIN:
            for line in lines:
                self._line(replace(line, form=PLAIN))
            return
        words = [line.text for line in lines if line.form == ROW]
        names = [words[0], *(line.text for line in lines if line.form == RULE)]
        for number, row in enumerate(rows):
            before = self.pages[-1]
            page = self._room(heights[number])
            if number and page is not before:
                self._row(page, rows[0], widths, heights[0])
                page.said += names
            self._row(page, row, widths, heights[number])
            page.said += [words[number]] if number else names
            self._set += 1 if number else len(names)

    def _columns(self, table: list[list[str]]) -> list[int]:
        """The width of the words of each column; none when the page is too narrow for so many."""
        count = max(map(len, table))
        room = INSIDE - 2 * PADDING * count
        if room < NARROWEST * count:
            return []
        asked = [
            max(NARROWEST, int(max(self._width(row[n], TABLE) for row in table if n < len(row))) + 2)
            for n in range(count)
        ]
        if sum(asked) <= room:
            return asked
        fair = room // count
        spare = room - sum(min(width, fair) for width in asked)
        wanting = sum(width - fair for width in asked if width > fair)
        return [min(width, fair) + (max(0, width - fair) * spare // wanting) for width in asked]

    def _cells(self, cells: list[str], widths: list[int]) -> list[list[str]]:
        return [self._wrapped(cell, TABLE, width) for cell, width in zip(cells, widths, strict=False)]

    def _row(self, page: Page, row: list[list[str]], widths: list[int], height: int) -> None:
        left = MARGIN
        for cell, width in zip(row, widths, strict=False):
            page.frames.append((left, page.y, left + width + 2 * PADDING, page.y + height))
            for number, text in enumerate(cell):
                page.words.append(
                    (left + PADDING, page.y + PADDING // 2 + number * _high(TABLE), TABLE, text)
                )
            left += width + 2 * PADDING
        page.y += height

    def _wrapped(self, text: str, size: int, room: int) -> list[str]:
        """A line as the rows that it takes; an empty line takes one."""
        rows, row, used = [], "", 0.0
        for piece in _PIECES.findall(text.replace("\t", _TAB)):
            width = self._width(piece.rstrip(" "), size)
            if row and used + width > room:
                rows.append(row)
                row, used = "", 0.0
            if width <= room:
                row, used = row + piece, used + self._width(piece, size)
                continue
            for character in piece:
                step = self._width(character, size)
                if row and used + step > room:
                    rows.append(row)
                    row, used = "", 0.0
                row, used = row + character, used + step
        return [*rows, row]

    def _width(self, text: str, size: int) -> float:
        total = 0.0
        for character in text:
            width = self._widths.get((character, size))
            if width is None:
                width = self._widths[character, size] = float(self.font(size).getlength(character))
            total += width
        return total
