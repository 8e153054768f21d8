"""The text of a page, divided into what can be seen and what cannot.

A character is seen when painting the page's text changes pixels within its box. That covers text
without ink, text in the colour of its ground, text under a picture, outside the page, or too small
for one pixel. Text that is shown without ink (modes 3 and 7) is unseen even when other text lies over it,
and so is a character in the very box of another one. A word that is unseen for the greater part is
unseen as a whole.
"""

import ctypes
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from .refusals import RefusedError

SEEN: Final = 12
"""Levels by which a pixel must change."""
MARKS: Final = frozenset("●○■□▲△▼▽◆◇★☆•◦⚫⚪✕✖")
MAX_CHARACTERS: Final = 60_000
_NO_INK: Final = frozenset({3, 7})


@dataclass(slots=True)
class PageText:
    """What can be seen, what cannot, and signs that may be marks (sign, x, y in pixels)."""

    seen: str = ""
    unseen: str = ""
    marks: list[tuple[str, float, float]] = field(default_factory=list)
    unseen_count: int = 0
    letters: list[tuple[str, float, float]] = field(default_factory=list)
    """Every other seen sign, with its place in pixels."""


def page_text(page: Any, with_text: Any, without_text: Any) -> PageText:
    """The text of a pypdfium2 page, given the page painted with and without text (arrays h, w, 3)."""
    height, width = with_text.shape[:2]
    changed = (np.abs(with_text.astype(np.int16) - without_text.astype(np.int16)) > SEEN).any(axis=2)
    sums = np.zeros((height + 1, width + 1), dtype=np.int64)
    sums[1:, 1:] = changed.cumsum(axis=0).cumsum(axis=1)
    text = page.get_textpage()
    made = PageText()
    run: list[tuple[str, bool]] = []
    boxes: dict[tuple[int, int, int, int], str] = {}
    if text.count_chars() > MAX_CHARACTERS:
        raise RefusedError("too_much_hidden")
    for index in range(text.count_chars()):
        sign = _character(text, index)
        if sign.isspace() or not sign:
            _settle(run, "\n" if sign in "\r\n" else " ", made)
            run = []
            continue
        box = _pixels(page, text.get_charbox(index), width, height)
        if boxes.get(box) == sign:
            continue  # painted twice to look bold
        is_free = box not in boxes or (
            sign in "fil" and boxes[box] == "f"
        )  # the letters of a ligature share a box
        seen = _is_seen(box, sums) and is_free and _mode(text, index) not in _NO_INK
        boxes.setdefault(box, sign)
        run.append((sign, seen))
        if seen:
            place = (sign, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            (made.marks if sign in MARKS else made.letters).append(place)
    _settle(run, "\n", made)
    text.close()
    made.seen, made.unseen = _lines(made.seen), _lines(made.unseen)
    return made


def _settle(run: list[tuple[str, bool]], end: str, made: PageText) -> None:
    """Put a run without spaces where it belongs; white text over a line shows a part of itself."""
    word = "".join(sign for sign, _ in run)
    unseen = sum(not seen for _, seen in run)
    if unseen:
        made.unseen += word
        made.unseen_count += unseen
    if unseen * 2 <= len(run):
        made.seen += word
    made.seen += end
    made.unseen += end


def _character(text: Any, index: int) -> str:
    from pypdfium2 import raw  # noqa: PLC0415

    point = raw.FPDFText_GetUnicode(text.raw, index)
    return chr(point) if 0 < point < 0x110000 and not 0xD800 <= point < 0xE000 else ""


def _mode(text: Any, index: int) -> int:
    from pypdfium2 import raw  # noqa: PLC0415

    shown = raw.FPDFText_GetTextObject(text.raw, index)
    return int(raw.FPDFTextObj_GetTextRenderMode(shown)) if shown else 0


def _pixels(
    page: Any, box: tuple[float, float, float, float], width: int, height: int
) -> tuple[int, int, int, int]:
    """A box of the page (left, bottom, right, top) in pixels (left, top, right, bottom)."""
    from pypdfium2 import raw  # noqa: PLC0415

    xs, ys = [], []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, across, down)
        xs.append(across.value)
        ys.append(down.value)
    return (min(xs), min(ys), max(xs) + 1, max(ys) + 1)


def _is_seen(box: tuple[int, int, int, int], sums: Any) -> bool:
    height, width = sums.shape[0] - 1, sums.shape[1] - 1
    left, right = max(0, min(box[0], width)), max(0, min(box[2], width))
    top, bottom = max(0, min(box[1], height)), max(0, min(box[3], height))
    if right <= left or bottom <= top:
        return False
    inked = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return bool(inked >= 1)


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
