"""Every number that a cell writes, as a decimal with the precision it was written in.

1. A number keeps its written decimals: ``14.30`` says more than ``14.3``, and a check of what a
   percentage gives away needs to know which was meant.
2. Thousands may be set with commas, blanks, apostrophes or their full-width forms. A comma that does
   not group three digits is a decimal comma only in a cell that holds no point.
3. ``△`` and ``▲`` are minus signs, as Japanese tables write them. Kanji numerals are read whole.
4. A cell may hold several numbers: ``7 (14.3%)``, ``53.0 ± 12.1``, ``1.20 [0.95-1.51]``, ``7/45``.
   The place of each says what it is: first, inside parentheses, after a slash, ends of an interval.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from catalog.identifiers.numerals import read_whole_number
from catalog.identifiers.written_forms import fold


class Part(StrEnum):
    """Where in its cell a number stands."""

    FIRST = "first"
    INSIDE = "inside"
    SPREAD = "spread"
    DENOMINATOR = "denominator"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """One number of a cell.

    ``places`` is how many decimals were written, so the true value lies within half a unit of the last
    place. ``unit`` is what follows the number, folded (``%``, ``人``, ``円``), or empty.
    """

    value: Decimal
    places: int
    part: Part = Part.FIRST
    unit: str = ""

    @property
    def is_percent(self) -> bool:
        """Whether a percent sign follows."""
        return self.unit.startswith("%")


_DIGITS = r"(?:\d{1,3}(?:[,、'’_ \u2009\u202f]\d{3})+(?![\d])|\d+)"
_NUMBER = rf"(?P<sign>[-+△▲])?(?P<whole>{_DIGITS})?(?P<fraction>[.．]\d+)?(?P<power>e[-+]?\d{{1,3}})?"
_ONE = re.compile(rf"(?<![\w.])(?=[-+△▲.]?\d){_NUMBER}\s*(?P<unit>%|‰|[^\d\s()\[\]±,;/~–-]{{0,12}})?")
_MEMBERS = frozenset("([【〔")


@lru_cache(maxsize=65536)
def written_numbers(text: str) -> tuple[WrittenNumber, ...]:
    """The numbers of a cell in the order they are written; none for words without a number."""
    folded = fold(text).text.strip().strip("'’‘`\"*†‡§¶# ").strip()
    if not folded:
        return ()
    if not any(character.isdigit() for character in folded):
        whole = read_whole_number(re.sub(r"(?:人|名|例|症例|件)$", "", folded))
        return () if whole is None else (WrittenNumber(Decimal(whole), 0),)
    if re.search(r"[一二三四五六七八九十百千万億]", folded):
        whole = read_whole_number(re.sub(r"(?:人|名|例|症例|件|円)$", "", folded))
        if whole is not None:
            return (WrittenNumber(Decimal(whole), 0),)
    found: list[WrittenNumber] = []
    depth, last, after = 0, 0, ""
    for match in _ONE.finditer(folded):
        between = folded[last : match.start()]
        depth += sum(character in _MEMBERS for character in between)
        after = between.strip()[-1:] if between.strip() else ""
        number = _read(match, _part(found, depth=depth, after=after))
        if number is not None:
            found.append(number)
        depth -= sum(character in ")]】〕" for character in match.group())
        last = match.end()
    return tuple(found)


def _part(found: list[WrittenNumber], *, depth: int, after: str) -> Part:
    if not found:
        return Part.FIRST
    if after == "/":
        return Part.DENOMINATOR
    if after == "±":
        return Part.SPREAD
    if after in {"-", "~", "–", "〜", ",", ";", "、", "o"} and found[-1].part in (Part.INSIDE, Part.LOW):
        found[-1] = WrittenNumber(found[-1].value, found[-1].places, Part.LOW, found[-1].unit)
        return Part.HIGH
    return Part.INSIDE if depth > 0 else Part.HIGH


def _read(match: re.Match[str], part: Part) -> WrittenNumber | None:
    whole = re.sub(r"\D", "", match["whole"] or "")
    fraction = (match["fraction"] or "")[1:]
    if not whole and not fraction:
        return None
    sign = "-" if (match["sign"] or "") in ("-", "△", "▲") and match["sign"] else ""
    power = match["power"] or ""
    try:
        value = Decimal(f"{sign}{whole or '0'}{'.' + fraction if fraction else ''}{power}")
    except InvalidOperation:
        return None
    if not power or part is Part.FIRST:
        places = max(len(fraction) - (int(power[1:]) if power else 0), 0)
        return WrittenNumber(value, places, part, (match["unit"] or "").strip())
    return WrittenNumber(value, len(fraction), part, (match["unit"] or "").strip())
