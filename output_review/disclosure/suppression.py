"""The smallest further suppression that hides what masks alone do not hide.

1. A target is a group of hidden cells whose sum must have at least so many possible values. A cell that
   may be masked costs one, a little more the larger its count, and a total costs four, because readers
   need totals most.
2. For each target two tables are sought that the published numbers both allow and whose sums over the
   target lie far enough apart; cells differ from what is shown only where they are masked. Choosing
   the cheapest masks is an integer program over all targets together, solved to its optimum while it is
   small; beyond that one target after the other, each with the masks already chosen for free.
3. Cells masked on the way must be hidden themselves, so the choice is audited, and what is still too
   narrow becomes a target, until nothing is.

Source: Fischetti and Salazar-González, "Solving the cell suppression problem on tabular data with
linear constraints", Management Science 47 (2001).
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from output_review.disclosure.intervals import UNBOUNDED, Interval, Known

Target = tuple[Hashable, ...]
_MOST_VARIABLES = 12_000
_MOST_ROUNDS = 12
_FAR = 10**6


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be masked: the price of each cell, and what a mask then admits."""

    prices: Mapping[Hashable, float]
    masks: Mapping[Hashable, Interval]


def further_masks(
    known: Callable[[Collection[Hashable]], Known],
    narrow: Callable[[Collection[Hashable]], Sequence[Target]],
    choices: Choices,
    width: int,
    seconds: float,
) -> frozenset[Hashable] | None:
    """Cells to mask further so that nothing is too narrow; None where nothing mends it.

    ``known`` and ``narrow`` give, for masks chosen further, what is known then and the groups of cells
    that are too narrow then.
    """
    chosen: set[Hashable] = set()
    targets: list[Target] = []
    for _ in range(_MOST_ROUNDS):
        fresh = [target for target in narrow(chosen) if target not in targets]
        if not fresh:
            return frozenset(chosen) if not narrow(chosen) else None
        targets += fresh
        picked = _pick(known(()), targets, choices, width, seconds / _MOST_ROUNDS)
        if picked is None:
            picked = _one_by_one(known(()), fresh, choices, width, seconds / _MOST_ROUNDS, chosen)
        if picked is None:
            return None
        chosen = set(picked)
    return None


def _one_by_one(
    known: Known,
    targets: Sequence[Target],
    choices: Choices,
    width: int,
    seconds: float,
    chosen: set[Hashable],
) -> set[Hashable] | None:
    """Each target in its turn, with what was chosen before for free."""
    picked = set(chosen)
    for target in targets:
        free = {**choices.prices, **dict.fromkeys(picked, 0.0)}
        more = _pick(
            known, [target], Choices(free, choices.masks), width, seconds / len(targets), is_alone=True
        )
        if more is None:
            return None
        picked |= more
    return picked


@dataclass(slots=True)
class _Rows:
    """Constraints as they are collected: entries of a sparse matrix with bounds for each row."""

    entries: list[tuple[int, int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, terms: Collection[tuple[int, float]], low: float, high: float) -> None:
        self.entries += [(len(self.low), column, value) for column, value in terms]
        self.low.append(low)
        self.high.append(high)


def _pick(
    known: Known,
    targets: Sequence[Target],
    choices: Choices,
    width: int,
    seconds: float,
    *,
    is_alone: bool = False,
) -> set[Hashable] | None:
    """The cheapest masks for some targets; None where there are none, or the program is too large."""
    keys = [key for key, bound in known.bounds.items() if not bound.is_exact or key in choices.prices]
    count, copies = len(keys), 2 * len(targets)
    if not is_alone and count * copies > _MOST_VARIABLES:
        return None
    cells = [key for key in keys if key in choices.prices]
    mask_of = {key: count * copies + place for place, key in enumerate(cells)}
    rows = _Rows()
    low, high = np.empty(count * copies + len(cells)), np.empty(count * copies + len(cells))
    low[count * copies :], high[count * copies :] = 0, 1
    for copy in range(copies):
        at = {key: copy * count + place for place, key in enumerate(keys)}
        _bound(known, at, mask_of, choices, rows, low, high)
        _add_up(known, at, rows)
    for number, target in enumerate(targets):
        most = [(2 * number * count + keys.index(key), 1.0) for key in target]
        least = [((2 * number + 1) * count + keys.index(key), -1.0) for key in target]
        rows.add([*most, *least], width - 1, np.inf)
    objective = np.zeros(len(low))
    objective[count * copies :] = [choices.prices[key] for key in cells]
    whole = np.zeros(len(low))
    whole[count * copies :] = 1
    solution = _solve(objective, rows, low, high, whole, seconds)
    return None if solution is None else {key for key, place in mask_of.items() if solution[place] > 1 / 2}


def _bound(
    known: Known,
    at: Mapping[Hashable, int],
    mask_of: Mapping[Hashable, int],
    choices: Choices,
    rows: _Rows,
    low: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    high: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> None:
    """Bounds of one copy: what is shown stays within its bounds unless it is masked."""
    for key, place in at.items():
        bound = known.bounds[key]
        if key not in mask_of:
            low[place], high[place] = bound.lo, min(bound.hi, _FAR)
            continue
        mask = choices.masks[key]
        widest = min(mask.hi, bound.hi + _reach(bound)) if mask.hi < UNBOUNDED else bound.hi + _reach(bound)
        deepest = max(mask.lo, bound.lo - _reach(bound))
        low[place], high[place] = min(deepest, bound.lo), max(widest, bound.hi)
        rows.add([(place, 1.0), (mask_of[key], -(high[place] - bound.hi))], -np.inf, bound.hi)
        rows.add([(place, 1.0), (mask_of[key], bound.lo - low[place])], bound.lo, np.inf)


def _reach(bound: Interval) -> int:
    """How far a masked cell need move: chains of cells pass on no more than a small count."""
    return max(20, (bound.hi - bound.lo) * 2)


def _add_up(known: Known, at: Mapping[Hashable, int], rows: _Rows) -> None:
    for equation in known.equations:
        terms = [(at[part], 1.0) for part in equation.parts if part in at]
        constant = sum(known.bounds[part].lo for part in equation.parts if part not in at)
        if equation.total in at:
            terms.append((at[equation.total], -1.0))
        else:
            constant -= known.bounds[equation.total].lo
        if terms:
            rows.add(terms, -constant, -constant)


def _solve(
    objective: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    rows: _Rows,
    low: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    high: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    whole: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    seconds: float,
) -> "np.ndarray[tuple[int], np.dtype[np.float64]] | None":
    places = [(row, column) for row, column, _ in rows.entries]
    values = [value for _, _, value in rows.entries]
    matrix = sparse.csr_matrix((values, tuple(zip(*places, strict=True))), shape=(len(rows.low), len(low)))
    result = milp(
        objective,
        constraints=LinearConstraint(matrix, rows.low, rows.high),
        bounds=Bounds(low, high),
        integrality=whole,
        options={"time_limit": max(seconds, 0.05), "mip_rel_gap": 0.0},
    )
    solution: np.ndarray[tuple[int], np.dtype[np.float64]] | None = result.x
    return solution
