"""Whole numbers in every way a Japanese table writes them.

``7``, ``７``, ``7.0``, ``007``, ``7e0``, ``1,234``, ``七``, ``〇``, ``十二``, ``二三``, ``1万2千`` and the
formal ``壱弐参`` are all read; anything that is not exactly one whole number is ``None``.
The text is expected in folded form (``written_forms.fold``) without surrounding blanks.
"""

import re

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "壱": 1,
    "弐": 2,
    "参": 3,
    "伍": 5,
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "億": 100_000_000}
KANJI_NUMERALS = "".join([*_DIGITS, *_UNITS, *_MYRIADS])
_WESTERN = re.compile(r"\+?(\d{1,3}(?:[, '_]\d{3})+|\d+)(\.0*)?(?:e\+?0+)?")
_EXPONENT = re.compile(r"\+?(\d+)(?:\.(\d*))?e\+?(\d{1,2})")
_MIXED = re.compile(rf"[0-9{KANJI_NUMERALS}]+")
_MOST_DIGITS = 18


def read_whole_number(folded: str) -> int | None:
    """The whole number that a folded text writes, or None when it writes anything else."""
    western = _WESTERN.fullmatch(folded)
    if western:
        digits = re.sub(r"\D", "", western.group(1))
        return int(digits) if len(digits.lstrip("0")) <= _MOST_DIGITS else None
    exponent = _EXPONENT.fullmatch(folded)
    if exponent:
        return _read_exponent(exponent.group(1), exponent.group(2) or "", int(exponent.group(3)))
    if len(folded) <= _MOST_DIGITS and _MIXED.fullmatch(folded):
        return _read_kanji(folded)
    return None


def _read_exponent(whole: str, fraction: str, power: int) -> int | None:
    """``1.2e1`` is 12; ``1.25e1`` is no whole number."""
    fraction = fraction.rstrip("0")
    if len(fraction) > power or len(whole) + power > _MOST_DIGITS:
        return None
    return int(whole + fraction.ljust(power, "0"))


def _read_kanji(text: str) -> int | None:
    """Read positional (二三) and multiplicative (二十三, 1万2千) kanji numerals."""
    total = section = 0
    run = ""
    for character in text:
        if character in _MYRIADS:
            total += (section + int(run or (0 if section else 1))) * _MYRIADS[character]
            section, run = 0, ""
        elif character in _UNITS:
            section += int(run or 1) * _UNITS[character]
            run = ""
        else:
            run += character if character.isdigit() and character.isascii() else str(_DIGITS[character])
    return total + section + int(run or 0)
