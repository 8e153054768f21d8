"""Intervals are exactly what enumeration finds, in flows and in integer programs, and knowledge never widens them."""

import itertools
from collections.abc import Hashable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_review.disclosure import intervals
from output_review.disclosure.intervals import (
    UNBOUNDED,
    ContradictionError,
    Equation,
    Interval,
    Known,
    audit,
)

Grid = list[list[int]]
MOST = 5


@st.composite
def hidden_tables(draw: st.DrawFn) -> tuple[Grid, frozenset[tuple[int, int]]]:
    """A small table, and which of its cells are hidden."""
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    counts = st.integers(0, MOST)
    grid = draw(st.lists(st.lists(counts, min_size=width, max_size=width), min_size=height, max_size=height))
    places = [(i, j) for i in range(height) for j in range(width)]
    return grid, draw(st.frozensets(st.sampled_from(places), min_size=1, max_size=6))


def _lines(height: int, width: int) -> Iterator[tuple[Hashable, list[tuple[int, int]]]]:
    for i in range(height):
        yield ("row", i), [(i, j) for j in range(width)]
    for j in range(width):
        yield ("column", j), [(i, j) for i in range(height)]


def _known(grid: Grid, hidden: frozenset[tuple[int, int]], *, slack: int = 0) -> Known:
    """The table with its margins; ``slack`` widens every margin, as rounding does."""
    height, width = len(grid), len(grid[0])
    bounds: dict[Hashable, Interval] = {
        (i, j): Interval(0, MOST) if (i, j) in hidden else Interval(grid[i][j], grid[i][j])
        for i in range(height)
        for j in range(width)
    }
    equations = []
    for total, parts in _lines(height, width):
        value = sum(grid[i][j] for i, j in parts)
        bounds[total] = Interval(max(0, value - slack), value + slack)
        equations.append(Equation(total, tuple(parts)))
    return Known(bounds, tuple(equations))


def _enumerated(known: Known, hidden: list[tuple[int, int]]) -> dict[tuple[int, int], Interval]:
    """The interval of each hidden cell by trying every table."""
    found: dict[tuple[int, int], list[int]] = {cell: [] for cell in hidden}
    ranges = [range(known.bounds[cell].lo, known.bounds[cell].hi + 1) for cell in hidden]
    for values in itertools.product(*ranges):
        table = dict(zip(hidden, values, strict=True))
        if all(
            known.bounds[e.total].lo
            <= sum(table.get(p, known.bounds[p].lo) for p in e.parts)  # type: ignore[call-overload]
            <= known.bounds[e.total].hi
            for e in known.equations
        ):
            for cell, value in table.items():
                found[cell].append(value)
    return {cell: Interval(min(values), max(values)) for cell, values in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("way", ["flow", "program"])
@given(case=hidden_tables(), slack=st.integers(0, 2))
@settings(deadline=None)
def test_an_interval_is_neither_wider_nor_narrower_than_enumeration(
    way: str, case: tuple[Grid, frozenset[tuple[int, int]]], slack: int
) -> None:
    grid, hidden = case
    known = _known(grid, hidden, slack=slack)
    with pytest.MonkeyPatch.context() as patch:
        if way == "program":
            patch.setattr(intervals, "as_network", lambda _: None)
        found = audit(known, sorted(hidden))
    assert found == _enumerated(known, sorted(hidden))


@given(case=hidden_tables(), told=st.integers(0, 8), slack=st.integers(0, 2))
@settings(deadline=None)
def test_more_knowledge_never_widens_an_interval(
    case: tuple[Grid, frozenset[tuple[int, int]]], told: int, slack: int
) -> None:
    grid, hidden = case
    known = _known(grid, hidden, slack=slack)
    cells = sorted(hidden)
    cell = cells[told % len(cells)]
    value = grid[cell[0]][cell[1]]
    more = known.and_also({cell: Interval(max(0, value - 1), value + 1)})
    before, after = audit(known, cells), audit(more, cells)
    assert all(before[c].lo <= after[c].lo <= after[c].hi <= before[c].hi for c in cells)


@given(case=hidden_tables())
@settings(deadline=None)
def test_three_ways_and_links_agree_with_enumeration(
    case: tuple[Grid, frozenset[tuple[int, int]]],
) -> None:
    """An equation across rows and columns makes the system no network; it must stay exact."""
    grid, hidden = case
    known = _known(grid, hidden)
    diagonal = tuple((i, i) for i in range(min(len(grid), len(grid[0]))))
    value = sum(grid[i][i] for i, _ in diagonal)
    known = known.and_also({"diagonal": Interval(value, value)}, [Equation("diagonal", diagonal)])
    assert audit(known, sorted(hidden)) == _enumerated(known, sorted(hidden))


@given(case=hidden_tables())
@settings(deadline=None)
def test_margins_that_no_table_has_are_a_contradiction(
    case: tuple[Grid, frozenset[tuple[int, int]]],
) -> None:
    grid, hidden = case
    known = _known(grid, hidden)
    too_many = sum(map(sum, grid)) + MOST * len(hidden) + 1
    cells = tuple((i, j) for i in range(len(grid)) for j in range(len(grid[0])))
    wrong = known.and_also({"all": Interval(too_many, too_many)}, [Equation("all", cells)])
    with pytest.raises(ContradictionError):
        audit(wrong, sorted(hidden))


def test_without_an_equation_a_number_is_as_free_as_its_bounds() -> None:
    assert audit(Known({"x": Interval(1)}, ()), ["x"]) == {"x": Interval(1, UNBOUNDED)}
    assert audit(Known({}, ()), []) == {}


def test_hidden_numbers_that_balance_each_other_have_no_upper_bound() -> None:
    known = Known({"x": Interval(1), "y": Interval(0)}, (Equation("x", ("y",)),))
    assert audit(known, ["x", "y"]) == {"x": Interval(1, UNBOUNDED), "y": Interval(1, UNBOUNDED)}


def test_a_program_without_a_bound_says_so() -> None:
    """Three equations on one number make no network; nothing bounds it from above."""
    bounds: dict[Hashable, Interval] = {name: Interval(1) for name in "abcxyz"}
    equations = tuple(Equation(total, (part, "x")) for total, part in (("a", "y"), ("b", "z"), ("c", "y")))
    found = audit(Known(bounds, equations), ["x", "a"])
    assert found == {"x": Interval(1, UNBOUNDED), "a": Interval(2, UNBOUNDED)}
