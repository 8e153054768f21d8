"""What somebody can compute about numbers that a table hides: the smallest and largest possible value.

1. The attacker knows bounds for every number (a shown number is a bound of width one, a rounded
   number the interval it was rounded from, a masked one what its legend says) and equations between
   them (a total is the sum of its parts). Values are whole numbers.
2. ``audit`` gives the exact interval of every number asked for. Nothing is estimated: bounds are
   narrowed by the equations first; what belongs together is then solved as a flow problem where its
   equations form a network (a table with margins always does, also with a hierarchy in one
   direction), and by integer programming (HiGHS) where they do not.
3. A system that no whole numbers satisfy raises ``ContradictionError``: the equations do not hold
   (overlapping classes, a rounding nobody declared), so nothing follows from them.
4. Work is bounded. What cannot be settled within the bounds raises ``UnsettledError``; a caller must
   let that block. It is never an interval.
5. More knowledge never widens an interval.

Method: Fischetti and Salazar-González, "Models and algorithms for the 2-dimensional cell suppression
problem in statistical disclosure control", Mathematical Programming 84 (1999), attacker's problems.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from output_review.disclosure.intervals_integer import integer_bounds
from output_review.disclosure.intervals_network import as_network, flow_bounds
from output_review.disclosure.intervals_system import (
    UNBOUNDED,
    Component,
    ContradictionError,
    UnsettledError,
    narrow,
)

__all__ = ["UNBOUNDED", "ContradictionError", "Equation", "Interval", "Known", "UnsettledError", "audit"]

Key = Hashable
_MOST_UNKNOWN = 20_000


@dataclass(frozen=True, slots=True)
class Interval:
    """All whole numbers from ``lo`` to ``hi``, both included; ``hi`` UNBOUNDED means no upper bound."""

    lo: int
    hi: int = UNBOUNDED

    @property
    def width(self) -> int:
        """How many values are possible."""
        return self.hi - self.lo + 1

    @property
    def is_exact(self) -> bool:
        """Whether one value only is possible."""
        return self.lo == self.hi


@dataclass(frozen=True, slots=True)
class Equation:
    """``total`` is the sum of ``parts``; no key appears twice."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the attacker knows; every key of an equation has bounds."""

    bounds: Mapping[Key, Interval]
    equations: tuple[Equation, ...]

    def and_also(self, bounds: Mapping[Key, Interval], equations: Iterable[Equation] = ()) -> "Known":
        """The same with more known: where both bound a number, both bounds hold."""
        merged = dict(self.bounds)
        for key, more in bounds.items():
            have = merged.get(key, Interval(0))
            merged[key] = Interval(max(have.lo, more.lo), min(have.hi, more.hi))
        return Known(merged, (*self.equations, *equations))


def audit(known: Known, asked: Sequence[Key], seconds: float = 10.0) -> dict[Key, Interval]:
    """The attacker's interval for every key asked for; ``seconds`` bounds the integer programs.

    Raises:
        ContradictionError: no whole numbers satisfy what is known.
        UnsettledError: not settled within the bounds on work.
    """
    keys = list(known.bounds)
    numbers = {key: number for number, key in enumerate(keys)}
    lower = [known.bounds[key].lo for key in keys]
    upper = [known.bounds[key].hi for key in keys]
    if any(low > high for low, high in zip(lower, upper, strict=True)):
        raise ContradictionError
    rows = [
        {numbers[equation.total]: -1, **{numbers[part]: 1 for part in equation.parts}}
        for equation in _telling(known, set(asked))
    ]
    narrow(rows, lower, upper)
    components = _components(rows, lower, upper)
    if sum(len(component.variables) for component in components) > _MOST_UNKNOWN:
        raise UnsettledError
    wanted = {numbers[key] for key in asked}
    for component in components:
        _settle(component, wanted, lower, upper, seconds / len(components))
    return {key: Interval(lower[numbers[key]], upper[numbers[key]]) for key in asked}


def _telling(known: Known, asked: set[Key]) -> list[Equation]:
    """The equations that say something: not those whose total nobody knows, asks for or uses elsewhere."""
    uses = Counter(key for equation in known.equations for key in (equation.total, *equation.parts))
    return [
        equation
        for equation in known.equations
        if equation.total in asked
        or uses[equation.total] > 1
        or known.bounds[equation.total].hi < UNBOUNDED
        or known.bounds[equation.total].lo > 0
    ]


def _settle(
    component: Component, wanted: set[int], lower: list[int], upper: list[int], seconds: float
) -> None:
    """Write the exact bounds of the wanted variables of a component into ``lower`` and ``upper``."""
    targets = [place for place, variable in enumerate(component.variables) if variable in wanted]
    network = as_network(component)
    bounds = (
        flow_bounds(component, network, targets)
        if network is not None
        else integer_bounds(component, targets, seconds)
    )
    for place, (low, high) in zip(targets, bounds, strict=True):
        lower[component.variables[place]] = low
        upper[component.variables[place]] = high


def _components(rows: Sequence[Mapping[int, int]], lower: list[int], upper: list[int]) -> list[Component]:
    """Unknown variables that equations connect, with known values moved to the right-hand side."""
    open_rows: list[tuple[dict[int, int], int]] = []
    seen: set[tuple[tuple[int, int], ...]] = set()
    for row in rows:
        unknown = {v: c for v, c in row.items() if lower[v] != upper[v]}
        right = -sum(c * lower[v] for v, c in row.items() if lower[v] == upper[v])
        signature = tuple(sorted(unknown.items()))
        if unknown and signature not in seen:
            seen.add(signature)
            open_rows.append((unknown, right))
        elif not unknown and right:
            raise ContradictionError
    rows_of: dict[int, list[int]] = defaultdict(list)
    for number, (unknown, _) in enumerate(open_rows):
        for variable in unknown:
            rows_of[variable].append(number)
    components: list[Component] = []
    done: set[int] = set()
    for start in range(len(open_rows)):
        if start in done:
            continue
        reached, members = {start}, [start]
        for number in members:
            for variable in open_rows[number][0]:
                fresh = [other for other in rows_of[variable] if other not in reached]
                reached.update(fresh)
                members.extend(fresh)
        done |= reached
        components.append(_component([open_rows[number] for number in members], lower, upper))
    return components


def _component(rows: list[tuple[dict[int, int], int]], lower: list[int], upper: list[int]) -> Component:
    variables = sorted({variable for row, _ in rows for variable in row})
    places = {variable: place for place, variable in enumerate(variables)}
    return Component(
        tuple(variables),
        tuple({places[v]: c for v, c in row.items()} for row, _ in rows),
        tuple(right for _, right in rows),
        tuple(lower[v] for v in variables),
        tuple(upper[v] for v in variables),
    )
