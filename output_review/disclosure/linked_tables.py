"""Tables that speak of the same cells: files of one submission, and earlier releases.

1. Two sheets are linked when some of their cells have the same name and nothing says that they are
   of different people: no cell that both show differs, and at least one agrees, or at least two
   cells that one shows are what the other hides.
2. Linked cells are one number. What a sheet hides and another shows is known.
3. A sheet is linked with everything that is linked with what it is linked with.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from output_review.disclosure.count_grid import Spot
from output_review.disclosure.intervals import Equation, Interval, Known
from output_review.disclosure.known_numbers import Sheet
from output_review.disclosure.roundings import Rounding

_LEAST_UNPROVEN = 2


@dataclass(frozen=True, slots=True)
class Joint:
    """Linked sheets as one system; ``place`` says which variable a spot is."""

    known: Known
    place: dict[Spot, Hashable]


def linked_with(sheet: Sheet, others: Sequence[Sheet]) -> list[Sheet]:
    """The sheets among ``others`` that are linked with a sheet, near or far."""
    values = {id(one): _values(one) for one in (sheet, *others)}
    found: list[Sheet] = []
    frontier = [sheet]
    for one in frontier:
        fresh = [
            other
            for other in others
            if other not in frontier and _are_linked(values[id(one)], values[id(other)])
        ]
        found += fresh
        frontier += fresh
    return found


def _values(sheet: Sheet) -> dict[frozenset[str], int | None]:
    """Every named cell with its number, None where it is hidden; virtual totals are computed."""
    shown = dict(sheet.shown)
    for line in sheet.lines:
        if line.total not in shown and all(part in sheet.shown for part in line.parts):
            shown[line.total] = sum(sheet.shown[part] for part in line.parts)
    return {name: shown.get(spot) for spot, name in sheet.names.items()}


def _are_linked(one: dict[frozenset[str], int | None], two: dict[frozenset[str], int | None]) -> bool:
    """Rule 1."""
    shared = one.keys() & two.keys()
    pairs = [(one[name], two[name]) for name in shared]
    if any(a != b for a, b in pairs if a is not None and b is not None):
        return False
    agreed = sum(
        1 for name in shared if one[name] is not None and one[name] == two[name] and (name or one[name])
    )
    told = sum(1 for name in shared if name and (one[name] is None) != (two[name] is None))
    return agreed > 0 or told >= _LEAST_UNPROVEN


def join(sheets: Sequence[tuple[Sheet, Rounding]]) -> Joint:
    """Sheets as one system in which cells of one name are one number."""
    place: dict[Spot, Hashable] = {}
    known = Known({}, ())
    for sheet, rounding in sheets:
        alone = sheet.known(rounding)
        for spot in alone.bounds:
            name = sheet.names.get(spot) if isinstance(spot, tuple) else None
            place[spot] = spot if name is None else name  # type: ignore[index]
        bounds: dict[Hashable, Interval] = {}
        for spot, interval in alone.bounds.items():
            where = place[spot]  # type: ignore[index]
            have = bounds.get(where, Interval(0))
            bounds[where] = Interval(max(have.lo, interval.lo), min(have.hi, interval.hi))
        known = known.and_also(bounds, list(_renamed(alone.equations, place)))
    return Joint(known, place)


def _renamed(equations: Sequence[Equation], place: dict[Spot, Hashable]) -> Iterator[Equation]:
    for equation in equations:
        parts = tuple(place[part] for part in equation.parts)  # type: ignore[index]
        yield Equation(place[equation.total], parts)  # type: ignore[index]
