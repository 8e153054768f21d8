"""Bytes into text, strictly, and the same text every time.

A byte order mark decides for UTF-8 or UTF-16; escape sequences between seven-bit bytes decide for
ISO-2022-JP. Then UTF-8, then CP932, then EUC-JP, each strictly. Bytes that are both CP932 and
EUC-JP are taken as CP932 only when they hold no half-width kana, which is what EUC-JP looks like in
CP932; else they are refused: nothing is guessed and nothing is replaced. Line ends become LF.
Control characters other than tab and line end are refused.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from .refusals import MAX_BYTES, RefusedError

_BYTE_ORDER_MARK: Final = "\ufeff"
_CP932_HOLES: Final = frozenset("\uf8f0\uf8f1\uf8f2\uf8f3")
"""What Python's cp932 makes of bytes to which CP932 gives no meaning."""
_LEAST_EUC: Final = 3
"""Characters beyond ASCII below which a text is no evidence for EUC-JP."""
_LINE_SEPARATORS: Final = frozenset("\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text with LF line ends, and codes for what was dropped on the way."""

    text: str
    dropped: tuple[str, ...]


def decode(content: bytes) -> Decoded:
    """Read the bytes in the one encoding that they are in."""
    if len(content) > MAX_BYTES:
        raise RefusedError("too_large", limit=MAX_BYTES)
    text, encoding = _text(content)
    dropped = [f"encoding_{encoding}"] if encoding else []
    if text.startswith(_BYTE_ORDER_MARK):
        text = text[1:]
        dropped.append("byte_order_mark")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        dropped.append("line_endings")
    return Decoded(text, tuple(dropped))


def _text(content: bytes) -> tuple[str, str]:
    """The text, and the code of its encoding; empty for UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _strict(content, "utf-16")
        if text is None or "\x00" in text:
            raise RefusedError("encoding")
        return text, "utf16"
    if b"\x1b" in content and content.isascii():
        text = _strict(content, "iso2022_jp")
        if text is not None and "\x1b" not in text:
            return text, "iso2022_jp"
    text = _strict(content, "utf-8")
    return (text, "") if text is not None else _japanese(content)


def _japanese(content: bytes) -> tuple[str, str]:
    cp932, euc = _strict(content, "cp932"), _strict(content, "euc_jp")
    if cp932 is not None and not _CP932_HOLES.isdisjoint(cp932):
        cp932 = None
    if euc is not None and sum(not c.isascii() for c in euc) < _LEAST_EUC:
        euc = None
    if cp932 is not None and (euc is None or not any("\uff61" <= c <= "\uff9f" for c in cp932)):
        return cp932, "cp932"
    if euc is not None and cp932 is None:
        return euc, "euc_jp"
    raise RefusedError("encoding")


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def check_characters(text: str, *, row: int, allowed: str) -> None:
    """Refuse a text with a control character or a line end of another kind, naming its row."""
    if text.isascii() and text.isprintable():
        return
    for character in text:
        if character in allowed:
            continue
        if unicodedata.category(character) in {"Cc", "Cs"} or character in _LINE_SEPARATORS:
            raise RefusedError("control_character", row=row, point=ord(character))
