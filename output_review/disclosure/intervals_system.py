"""A system of equations over whole numbers with bounds, and narrowing the bounds by each equation alone.

1. Every equation is a row ``sum(c * x) = right`` with ``c`` of 1 or -1.
2. Narrowing repeats until nothing changes: what all other terms leave for a variable bounds it. It
   keeps every solution, so it is exact in what it excludes.
3. ``UNBOUNDED`` stands for no upper bound; sums that hold it are unbounded themselves.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

UNBOUNDED = 10**12
"""Larger than any count of persons."""


class ContradictionError(Exception):
    """No whole numbers satisfy what is known."""


class UnsettledError(Exception):
    """The work allowed did not settle the question."""


@dataclass(frozen=True, slots=True)
class Component:
    """Unknown variables that belong together: rows, right-hand sides and bounds, by place."""

    variables: tuple[int, ...]
    rows: tuple[Mapping[int, int], ...]
    right: tuple[int, ...]
    lower: tuple[int, ...]
    upper: tuple[int, ...]


def narrow(rows: Sequence[Mapping[int, int]], lower: list[int], upper: list[int]) -> None:
    """Narrow the bounds in place by every row ``sum(c * x) = 0``.

    Raises:
        ContradictionError: a variable is left without a value.
    """
    rows_of: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        for variable in row:
            rows_of.setdefault(variable, []).append(number)
    waiting = deque(range(len(rows)))
    queued = set(waiting)
    # Narrowing of unbounded systems can creep by one a time; the exact solvers finish what is left.
    for _ in range(20 * len(rows) + 1):
        if not waiting:
            return
        number = waiting.popleft()
        queued.discard(number)
        for variable in _narrow_row(rows[number], lower, upper):
            for other in rows_of[variable]:
                if other != number and other not in queued:
                    queued.add(other)
                    waiting.append(other)


def _narrow_row(row: Mapping[int, int], lower: list[int], upper: list[int]) -> list[int]:
    """The variables of one row whose bounds became narrower."""
    low_sum = high_sum = low_open = high_open = 0
    for variable, sign in row.items():
        low, high = lower[variable], upper[variable]
        is_open = high >= UNBOUNDED
        if sign > 0:
            low_sum += low
            high_open, high_sum = (high_open + 1, high_sum) if is_open else (high_open, high_sum + high)
        else:
            high_sum -= low
            low_open, low_sum = (low_open + 1, low_sum) if is_open else (low_open, low_sum - high)
    changed = []
    for variable, sign in row.items():
        low, high = lower[variable], upper[variable]
        is_open = high >= UNBOUNDED
        if sign > 0:
            rest_low, rest_low_open = low_sum - low, low_open
            rest_high, rest_high_open = high_sum - (0 if is_open else high), high_open - is_open
            new_low, low_known = -rest_high, not rest_high_open
            new_high, high_known = -rest_low, not rest_low_open
        else:
            rest_high, rest_high_open = high_sum + low, high_open
            rest_low, rest_low_open = low_sum + (0 if is_open else high), low_open - is_open
            new_low, low_known = rest_low, not rest_low_open
            new_high, high_known = rest_high, not rest_high_open
        new_low = max(low, new_low) if low_known else low
        new_high = min(high, new_high) if high_known else high
        if new_low > new_high:
            raise ContradictionError
        if (new_low, new_high) != (low, high):
            # The sums above keep the older, wider bounds: still valid, and the row is seen again.
            lower[variable], upper[variable] = new_low, new_high
            changed.append(variable)
    return changed
