"""Characters that nobody can see are taken out and counted; what they spelt is kept for the recognisers.

Taken out: format characters (zero width, direction, tags), variation selectors, fillers and
unassigned code points. A character of private use is shown otherwise by every font, so it becomes
the geta mark, which Japanese print sets for a missing glyph. Two kinds carry whole texts unseen:
tags spell ASCII, variation selectors spell bytes; both are decoded and handed on as found words.
"""

import re
import unicodedata
from typing import Final

from .results import Account

GETA: Final = "\u3013"
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800")
_SUSPECT: Final = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U000fffff\U00100000-\U0010ffff]"
)


def clean(text: str, account: Account) -> str:
    """The text without what cannot be seen."""
    if text.isascii() or not _SUSPECT.search(text):
        return text
    kept: list[str] = []
    private = unseen = drawn = 0
    for place, character in enumerate(text):
        if _is_private(character):
            private += 1
            kept.append(GETA)
        elif _draws(text, place):
            drawn += 1
        elif _is_unseen(character):
            unseen += 1
        else:
            kept.append(character)
    account.drop("variant_selectors", drawn)
    account.drop("private_characters", private)
    account.drop("unseen_characters", unseen)
    account.sign("unseen_characters", unseen)
    account.hide("decoded", _spelt(text))
    return "".join(kept)


def _draws(text: str, place: int) -> bool:
    """Whether a variation selector stands once, behind what it can draw otherwise."""
    if not place or not _is_selector(text[place]):
        return False
    before = text[place - 1]
    return unicodedata.category(before) in {"So", "Sm", "Po", "Nd"} or "\u3400" <= before <= "\u9fff"


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _is_private(character: str) -> bool:
    return unicodedata.category(character) == "Co"


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cf", "Cn"} or character in _FILLERS or _is_selector(character)


def _spelt(text: str) -> str:
    """What tags and variation selectors spell; empty when that is nothing."""
    tags = "".join(chr(ord(c) - 0xE0000) for c in text if 0xE0020 <= ord(c) <= 0xE007E)
    selectors = bytes(
        point - 0xFE00 if point < 0x10000 else point - 0xE0100 + 16
        for c in text
        if 0xFE00 <= (point := ord(c)) <= 0xFE0F or 0xE0100 <= point <= 0xE01EF
    )
    try:
        spelt = selectors.decode("utf-8")
    except UnicodeDecodeError:
        spelt = ""
    spelt = "".join(c for c in spelt if c.isprintable())
    return "\n".join(word for word in (tags, spelt if len(spelt) > 1 else "") if word)
