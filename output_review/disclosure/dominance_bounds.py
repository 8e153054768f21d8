"""What the number of persons, the mean and the standard deviation tell of the largest contributions.

For values that cannot be negative, with n persons, mean m, sum S = n m and sample deviation s:

1. The sum of squares is Q = (n - 1) s² + n m², and Q is at most the largest value times S. So the largest value is
   at least Q / S. Where that exceeds S, some value is negative and nothing is concluded.
2. The k largest values have a mean of at most m + s √((n - 1) / n) √((n - k) / k): Samuelson 1968 for k = 1,
   Wolkowicz and Styan 1979 for any k.
3. With the first bound a sum can be shown to be dominated, with the second that it cannot be. In between nothing
   is known. Written numbers are taken at the end of their rounding that is worse for the conclusion.
"""

from dataclasses import dataclass
from enum import Enum
from math import sqrt

from output_review.disclosure.consistent_counts import half_unit
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.written_numbers import WrittenNumber

_ROUNDING = 1e-6


class Dominated(Enum):
    """Whether one or two persons make up too much of a sum."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Amounts:
    """A group's persons, and the ranges in which its written mean and standard deviation lie."""

    persons: int
    mean: tuple[float, float]
    deviation: tuple[float, float]

    @staticmethod
    def of(persons: int, mean: WrittenNumber, deviation: WrittenNumber, *, is_sum: bool) -> "Amounts":
        """``mean`` may be the sum of the group: then ``is_sum``."""
        half, spread = float(half_unit(mean)), float(half_unit(deviation))
        ends = (float(mean.value) - half, float(mean.value) + half)
        per = persons if is_sum else 1
        return Amounts(
            persons,
            (ends[0] / per, ends[1] / per),
            (max(float(deviation.value) - spread, 0.0), float(deviation.value) + spread),
        )


def dominated(amounts: Amounts, policy: DisclosurePolicy) -> Dominated:
    """By (n,k) or p%, as the policy has them; see the rules."""
    n = amounts.persons
    if n < 2 or amounts.mean[0] <= 0:
        return Dominated.UNKNOWN
    share, part = policy.dominance_percent / 100, policy.p_percent / 100
    low, high = amounts.mean
    whole = n * high
    largest = ((n - 1) * amounts.deviation[0] ** 2 + n * low**2) / whole
    if largest > whole * (1 + _ROUNDING):
        return Dominated.UNKNOWN
    if largest > share * whole or whole - largest < part * largest:
        return Dominated.YES
    spread = amounts.deviation[1] * sqrt((n - 1) / n)
    k = min(policy.dominance_persons, n)
    whole = n * low
    first = min(low + spread * sqrt(n - 1), whole)
    two = min(2 * (low + spread * sqrt((n - 2) / 2)), whole)
    several = min(k * (low + spread * sqrt((n - k) / k)), whole)
    is_safe = several <= share * whole and whole - two >= part * first
    return Dominated.NO if is_safe else Dominated.UNKNOWN
