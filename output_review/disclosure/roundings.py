"""How the numbers of a table may have been rounded, and what a rounded number admits.

1. A rounding is a way (nearest with half up, up, down, midpoint of six), a base, and whether every
   number was rounded or the totals alone. A shown number then stands for an interval.
2. The words beside a table may declare it. Where they do, that rounding holds.
3. Where they do not, every rounding that the shown numbers allow is possible: all of them (or all
   totals) are multiples of the base. What is concluded must say under which of them it holds.

Sources: half-up, up and totals-only rounding to tens, long-term care insurance database, open data
paper, 2023-06-12, p. 16; midpoint six, OpenSAFELY documentation, outputs/sdc.md (revision 41030f3).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.identifiers.written_forms import fold
from output_review.disclosure.intervals import Interval


class Way(StrEnum):
    """How a number is rounded."""

    NONE = "none"
    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"
    MIDPOINT = "midpoint"


@dataclass(frozen=True, slots=True)
class Rounding:
    """A way of rounding; ``totals_only`` leaves the other numbers exact."""

    way: Way
    base: int = 1
    totals_only: bool = False

    def admits(self, shown: int, *, is_total: bool) -> Interval:
        """The values that are shown as this number."""
        if self.way is Way.NONE or (self.totals_only and not is_total):
            return Interval(shown, shown)
        if self.way is Way.UP:
            return Interval(max(0, shown - self.base + 1), shown)
        if self.way is Way.DOWN:
            return Interval(shown, shown + self.base - 1)
        if self.way is Way.MIDPOINT:
            half = self.base // 2
            return Interval(shown - half + 1, shown + half) if shown else Interval(0, 0)
        return Interval(max(0, shown - self.base // 2), shown + (self.base + 1) // 2 - 1)

    def rounds(self, value: int) -> int:
        """The number that is shown for a value."""
        if self.way is Way.UP:
            return -(-value // self.base) * self.base
        if self.way is Way.DOWN:
            return value // self.base * self.base
        if self.way is Way.MIDPOINT:
            return -(-value // self.base) * self.base - self.base // 2 if value else 0
        return (value + self.base // 2) // self.base * self.base if self.way is Way.NEAREST else value


EXACT = Rounding(Way.NONE)
_BASES = (100, 50, 10, 5)
_LEAST_NUMBERS = 6
"""Of fewer numbers it may be chance that all are multiples."""
_BASE = r"(?P<base>5|10|50|100|1000)"
_DECLARED = (
    (Way.MIDPOINT, re.compile(r"mid-?point[ _-]?(?P<base>6)|中点(?P<base2>6)|(?P<base3>6)の中点")),
    (
        Way.UP,
        re.compile(
            rf"{_BASE}(?:の倍数|人|名|例|件)?(?:単位|刻み)?[にで]?切り?上げ|round(?:ed|ing)? up[^.\n]{{0,24}}?{_BASE.replace('base', 'base2')}(?!\d)"
            rf"|切り?上げ[^。\n]{{0,12}}?{_BASE.replace('base', 'base3')}(?:の倍数|単位|人単位)"
        ),
    ),
    (
        Way.DOWN,
        re.compile(
            rf"{_BASE}(?:の倍数|人|名|例|件)?(?:単位|刻み)?[にで]?切り?捨て|round(?:ed|ing)? down[^.\n]{{0,24}}?{_BASE.replace('base', 'base2')}(?!\d)"
        ),
    ),
    (
        Way.NEAREST,
        re.compile(
            rf"{_BASE}(?:の倍数|人|名|例|件)?(?:単位|刻み)?[にで]?(?:四捨五入|丸め)|round(?:ed|ing)?(?: off)?(?: to)?(?: the)?(?: nearest)?[^.\n]{{0,16}}?{_BASE.replace('base', 'base2')}(?![\d.])"
            rf"|(?:四捨五入|丸め)[^。\n]{{0,12}}?{_BASE.replace('base', 'base3')}(?:の倍数|単位|人単位)"
        ),
    ),
)
_ONES = re.compile(r"1の位(?:を|で)?(?P<way>四捨五入|切り?上げ|切り?捨て)")
_ONES_WAYS = {
    "四捨五入": Way.NEAREST,
    "切上げ": Way.UP,
    "切り上げ": Way.UP,
    "切捨て": Way.DOWN,
    "切り捨て": Way.DOWN,
}
_TOTALS_ONLY = re.compile(
    r"(?:計|合計|総数|小計|totals?)(?:欄|値|行|列)?(?:のみ|だけ| only)|(?:合計|総数|小計|計)(?:値|欄)?(?:は|を)[^。\n]{0,16}(?:丸め|四捨五入|切り?上げ)"
    r"|(?:only )?(?:the )?(?:row and column |marginal )?totals (?:only )?(?:are|were|have been) rounded"
)


def declared_rounding(notes: Sequence[str]) -> Rounding | None:
    """The rounding that the words beside a table declare, if they do."""
    text = "\n".join(fold(note).text for note in notes)
    totals_only = bool(_TOTALS_ONLY.search(text))
    ones = _ONES.search(text)
    if ones:
        return Rounding(_ONES_WAYS[ones["way"]], 10, totals_only)
    for way, pattern in _DECLARED:
        match = pattern.search(text)
        if match:
            base = next(
                value for name, value in match.groupdict().items() if name.startswith("base") and value
            )
            return Rounding(way, int(base), totals_only)
    return None


def possible_roundings(numbers: Collection[int], totals: Collection[int]) -> Iterator[Rounding]:
    """Every rounding that the shown numbers (``totals`` among them) allow; rule 3."""
    shown = [number for number in numbers if number]
    if len(shown) >= _LEAST_NUMBERS:
        yield from _multiples(shown, totals_only=False)
        if all(number % 6 == 3 for number in shown):
            yield Rounding(Way.MIDPOINT, 6)
    shown_totals = [total for total in totals if total]
    if len(shown_totals) >= 2 and len(shown_totals) < len(shown):
        yield from _multiples(shown_totals, totals_only=True)


def _multiples(shown: Sequence[int], *, totals_only: bool) -> Iterator[Rounding]:
    base = next((base for base in _BASES if all(number % base == 0 for number in shown)), None)
    if base is not None:
        for way in (Way.NEAREST, Way.UP, Way.DOWN):
            yield Rounding(way, base, totals_only)
