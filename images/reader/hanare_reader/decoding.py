"""Bytes into text, strictly, and the same text every time.

UTF-8 first (a byte order mark is dropped), then CP932; nothing is guessed and nothing is
replaced. Line ends become LF. What a reviewer cannot see on a page is refused: control
characters, line and paragraph separators, a byte order mark inside the text, and the marks
that turn the direction of writing, with which a line can read otherwise than it is stored.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from .refusals import MAX_BYTES, RefusedError

_TURNS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SEPARATORS: Final = frozenset("\u2028\u2029")
_BYTE_ORDER_MARK: Final = "\ufeff"
_CP932_HOLES: Final = frozenset("\uf8f0\uf8f1\uf8f2\uf8f3")
"""What Python's cp932 makes of bytes to which CP932 gives no meaning."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text with LF line ends, and codes for what was dropped on the way."""

    text: str
    dropped: tuple[str, ...]


def decode(content: bytes) -> Decoded:
    """Read the bytes as UTF-8 or, when they are not, as CP932."""
    if len(content) > MAX_BYTES:
        raise RefusedError("too_large", limit=MAX_BYTES)
    dropped: list[str] = []
    text = _utf8(content)
    if text is None:
        text = _cp932(content)
        dropped.append("encoding_cp932")
    if text.startswith(_BYTE_ORDER_MARK):
        text = text[1:]
        dropped.append("byte_order_mark")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        dropped.append("line_endings")
    return Decoded(text, tuple(dropped))


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _cp932(content: bytes) -> str:
    try:
        text = content.decode("cp932")
    except UnicodeDecodeError:
        raise RefusedError("encoding") from None
    if not _CP932_HOLES.isdisjoint(text):
        raise RefusedError("encoding")
    return text


def check_characters(text: str, *, row: int, allowed: str) -> None:
    """Refuse a text that holds a character nobody can see, naming its row."""
    if text.isascii() and text.isprintable():
        return
    for character in text:
        if character not in allowed and _is_unseen(character):
            raise RefusedError("control_character", row=row, point=ord(character))


def _is_unseen(character: str) -> bool:
    return (
        unicodedata.category(character) == "Cc"
        or character in _TURNS
        or character in _SEPARATORS
        or character == _BYTE_ORDER_MARK
    )
