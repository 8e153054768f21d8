"""Classes as tables write them: 0-4歳, 85+, [0, 5), 2500〜2549g, 13:00-14:00, 7時, <65.

A class is what a label says of a measure: from where, up to where, open at an end or not. The numbers
are those written; whether an upper end belongs to the class is told from the classes beside it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog.identifiers.written_forms import fold

_UNIT = r"\s*(?:歳代|歳|才|年代|代|g|グラム|kg|時間|時台|時|日|years?(?: old)?|yrs?|y/?o|y|h|hours?)?"
_N = r"(\d{1,5}(?:,\d{3})?(?:\.\d+)?)(?::(\d{2}))?"
_RANGE = re.compile(
    rf"[\[(]?\s*{_N}{_UNIT}\s*(?:以上)?\s*(?:[-~〜–—,]|から|to|≤\s*\w+\s*<)\s*{_N}{_UNIT}\s*(?:未満|以下)?\s*[\])]?"
)
_OPEN_TOP = re.compile(
    rf"(?:[>≥≧]\s*=?\s*{_N}{_UNIT}|{_N}{_UNIT}\s*(?:以上|超|\+|[-~〜]|and (?:over|older|above)|or (?:over|older|more)|over))"
)
_OPEN_BOTTOM = re.compile(rf"(?:[<≤≦]\s*=?\s*{_N}{_UNIT}|{_N}{_UNIT}\s*(?:未満|以下)|(?:under|below)\s*{_N})")
_SINGLE = re.compile(rf"(?:満|age\s*=?\s*)?{_N}{_UNIT}")
_DECADE = re.compile(r"(\d{2,3})\s*(?:歳)?代|(\d{2,3})s")


@dataclass(frozen=True, slots=True)
class ClassMark:
    """From ``low`` to ``high`` as written; an open end is None."""

    low: float | None
    high: float | None
    is_single: bool = False
    """One value, not a class: 82, 82歳."""


@lru_cache(maxsize=65536)
def read_class(text: str) -> ClassMark | None:
    """The class that a label writes, or None when it writes none."""
    folded = re.sub(r"^(?:年齢|age)[ _:=]*|^.*?\[t\.", "", fold(text).text.strip()).strip(" ]")
    decade = _DECADE.fullmatch(folded)
    if decade:
        start = float(decade[1] or decade[2])
        return ClassMark(start, start + 9)
    for pattern, is_low in ((_RANGE, None), (_OPEN_TOP, True), (_OPEN_BOTTOM, False), (_SINGLE, None)):
        match = pattern.fullmatch(folded)
        if match is None:
            continue
        found = _numbers(match)
        if pattern is _RANGE:
            return ClassMark(found[0], found[1])
        if pattern is _SINGLE:
            return ClassMark(found[0], found[0], is_single=True)
        return ClassMark(found[0], None) if is_low else ClassMark(None, found[0])
    return None


def _numbers(match: re.Match[str]) -> list[float]:
    groups = match.groups()
    found = []
    for whole, minutes in zip(groups[::2], groups[1::2], strict=True):
        if whole is not None:
            found.append(float(whole.replace(",", "")) + (int(minutes) / 60 if minutes else 0))
    return found


def widths(marks: Sequence[ClassMark]) -> list[tuple[ClassMark, float]]:
    """How wide each closed class is; single values are as wide as the step to the next one.

    An upper end belongs to its class (0-4 is five years) unless the next class begins with it.
    """
    lows = sorted({mark.low for mark in marks if mark.low is not None})
    singles = sorted({mark.low for mark in marks if mark.is_single and mark.low is not None})
    found = []
    for mark in marks:
        if mark.low is None or mark.high is None:
            continue
        if mark.is_single:
            later = [value for value in singles if value > mark.low] or [
                value for value in lows if value > mark.low
            ]
            earlier = [value for value in singles if value < mark.low]
            step = min(
                [value - mark.low for value in later[:1]] + [mark.low - value for value in earlier[-1:]],
                default=1,
            )
            found.append((mark, float(step)))
        else:
            whole = mark.low.is_integer() and mark.high.is_integer()
            is_shared = mark.high in lows
            found.append((mark, mark.high - mark.low + (1 if whole and not is_shared else 0)))
    return found
