"""Other ways of writing a value: what a recogniser of identifiers has to see through.

Nineteen values of twenty stand as they are; the twentieth is written in one of the ways of its
shape: full-width, kanji digits, another hyphen, none, blanks, half-width kana, Latin letters, an
era's date, or as a scanner misreads it.
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from catalog.hospital.dice import Dice
from catalog.hospital.given_names import latin

PLAIN = "plain"
_HARD_EVERY = 20
_FULL = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
_KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")
_HYPHENS = "‐−ー–"
_SCANNED = str.maketrans("0158", "OlSB")
_ERAS = (
    (date(2019, 5, 1), "令和", "R", 2018),
    (date(1989, 1, 8), "平成", "H", 1988),
    (date(1926, 12, 25), "昭和", "S", 1925),
)


def _half_kana() -> dict[str, str]:
    half = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}
    for mark in ("ﾞ", "ﾟ"):
        for c in range(0xFF66, 0xFF9E):
            joined = unicodedata.normalize("NFKC", chr(c) + mark)
            if len(joined) == 1:
                half[joined] = chr(c) + mark
    return half


_HALF_KANA = str.maketrans(_half_kana())


def _grouped(value: str) -> str:
    return " ".join(value[at : at + 4] for at in range(0, len(value), 4))


def _era(value: str, *, short: bool) -> str:
    """A day as its era writes it; the kanji months and days follow the long form."""
    day = date.fromisoformat(value)
    for first, name, letter, before in _ERAS:
        if day >= first:
            year = day.year - before
            if short:
                return f"{letter}{year}.{day.month}.{day.day}"
            return f"{name}{year if year > 1 else '元'}年{day.month}月{day.day}日"
    return f"大正{day.year - 1911}年{day.month}月{day.day}日"


Variant = Callable[[str, Dice], str]
_NUMBER: Mapping[str, Variant] = {
    "full_width": lambda value, _: value.translate(_FULL),
    "kanji_digits": lambda value, _: value.translate(_KANJI),
    "spaces": lambda value, _: _grouped(value),
    "scanned": lambda value, _: value.translate(_SCANNED),
    "split": lambda value, _: value[: len(value) // 2] + "\n" + value[len(value) // 2 :],
}
_HYPHENED: Mapping[str, Variant] = {
    "full_width": lambda value, _: value.translate(_FULL),
    "hyphen": lambda value, dice: value.replace("-", dice.one_of(_HYPHENS)),
    "no_hyphen": lambda value, _: value.replace("-", ""),
    "spaces": lambda value, _: value.replace("-", " "),
    "kanji_digits": lambda value, _: value.translate(_KANJI),
}
SHAPES: Mapping[str, Mapping[str, Variant]] = {
    "number": _NUMBER,
    "hyphened": _HYPHENED,
    "name": {
        "no_space": lambda value, _: value.replace("　", ""),
        "half_space": lambda value, _: value.replace("　", " "),
        "family_only": lambda value, _: value.partition("　")[0],
    },
    "kana": {
        "half_kana": lambda value, _: value.translate(_HALF_KANA),
        "romaji": lambda value, _: latin(value).upper() or value,
    },
    "text": {"full_width": lambda value, _: value.translate(_FULL)},
}
DATES: Mapping[str, Variant] = {
    "iso": lambda value, _: value,
    "slashes": lambda value, _: "/".join(str(int(part)) for part in value.split("-")),
    "digits": lambda value, _: value.replace("-", ""),
    "kanji": lambda value, _: "{}年{}月{}日".format(*(int(part) for part in value.split("-"))),
    "era": lambda value, _: _era(value, short=False),
    "short_era": lambda value, _: _era(value, short=True),
}
"""A date has no plain form: each of the six is as usual as the others."""


def vary(shape: str, value: str, dice: Dice) -> tuple[str, str]:
    """The value as it is written, and the name of that way."""
    if shape == "date":
        name = dice.one_of(tuple(DATES))
        return DATES[name](value, dice), name
    if dice.below(_HARD_EVERY):
        return value, PLAIN
    name = dice.one_of(tuple(SHAPES[shape]))
    written = SHAPES[shape][name](value, dice)
    return (written, name) if written != value else (value, PLAIN)
