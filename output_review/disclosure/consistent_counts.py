"""Which counts a rounded share is consistent with, with and without the number of persons it is a share of.

1. A number written with ``d`` decimals stands for everything within half a unit of its last place; both
   ends count, because half up and half even differ there.
2. With N known, the consistent counts of a percentage are those k with 100 k / N in that range.
3. Without N, the smallest N with which all shares are consistent is what an attacker takes. By chance
   some N fits any shares; ``luck`` is how many N up to that one would be expected to. Only where it is
   small does the smallest N say something.

Source: Brown and Heathers, "The GRIM test", Social Psychological and Personality Science 8 (2017).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from output_review.disclosure.written_numbers import WrittenNumber

_WHOLE = Decimal(100)
_ROUND_OFF = Decimal("0.6")
MOST_PERSONS = 400
"""Up to which N the smallest consistent one is sought."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share as a fraction of one: the least and the most it stands for."""

    low: Decimal
    high: Decimal

    @property
    def width(self) -> Decimal:
        """How precisely it was written."""
        return self.high - self.low

    def counts(self, persons: int) -> range:
        """The consistent counts among so many persons; empty when there are none."""
        low = max(0, ceil(self.low * persons))
        high = min(persons, floor(self.high * persons))
        return range(low, high + 1)


def half_unit(number: WrittenNumber) -> Decimal:
    """Half a unit of the last written place."""
    return Decimal(5).scaleb(-number.places - 1)


def share_of(number: WrittenNumber, *, is_percentage: bool) -> Share:
    """The share that a percentage, or a proportion of one, stands for."""
    whole = _WHOLE if is_percentage else Decimal(1)
    half = half_unit(number)
    return Share(max(Decimal(0), number.value - half) / whole, (number.value + half) / whole)


def smallest_persons(wholes: Sequence[Sequence[Share]]) -> int | None:
    """The smallest N with which the shares of every whole are consistent; the shares of a whole are everybody."""
    for persons in range(1, MOST_PERSONS + 1):
        if all(_fits(shares, persons) for shares in wholes):
            return persons
    return None


def _fits(shares: Sequence[Share], persons: int) -> bool:
    ranges = [share.counts(persons) for share in shares]
    return all(ranges) and sum(r[0] for r in ranges) <= persons <= sum(r[-1] for r in ranges)


def luck(wholes: Sequence[Sequence[Share]], persons: int) -> float:
    """How many N up to ``persons`` would be expected to fit shares that say nothing.

    Of each whole one share, the widest, follows from the others.
    """
    free = [width for shares in wholes for width in sorted(float(share.width) for share in shares)[:-1]]
    expected = 0.0
    for number in range(1, persons + 1):
        chance = 1.0
        for width in free:
            chance *= min(1.0, number * width)
        expected += chance
    return expected


def runs_of_wholes(shares: Sequence[Share]) -> Iterator[range]:
    """Runs of neighbouring shares that are everybody together, by their places."""
    start = 0
    while start < len(shares):
        total = slack = Decimal(0)
        for end in range(start, len(shares)):
            total += (shares[end].low + shares[end].high) / 2
            slack += shares[end].width * _ROUND_OFF
            if end > start and abs(total - 1) <= slack:
                yield range(start, end + 1)
                start = end
                break
            if total > 1 + slack:
                break
        start += 1


def persons_behind(pairs: Sequence[tuple[int, Share]], *, slack: Decimal = Decimal(0)) -> range:
    """The N with which every shown count is its share, as a range; empty when they contradict.

    ``slack`` is by how much each count may have been rounded.
    """
    low, high = 1, 10**9
    for count, share in pairs:
        if share.high > 0:
            low = max(low, ceil((count - slack) / share.high))
        if share.low > 0:
            high = min(high, floor((count + slack) / share.low))
    return range(low, high + 1)


def denominator(number: WrittenNumber, most: int) -> int | None:
    """The smallest denominator up to ``most`` of a number with four decimals or more; None where none fits."""
    half = half_unit(number)
    for persons in range(1, most + 1):
        whole = (number.value * persons).to_integral_value()
        if abs(whole / persons - number.value) <= half:
            return persons
    return None
