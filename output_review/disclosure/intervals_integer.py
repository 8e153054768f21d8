"""Exact bounds by integer programming, for equations that form no network (three-way tables, links).

1. One model, many objectives: the matrix is built once, each bound is one more solve by HiGHS.
2. Every solution found is remembered. A bound that some solution already reaches and that narrowing
   excludes to pass is exact without another solve.
3. The time allowed is divided among the solves. A solve that does not end in a proven optimum raises.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from output_review.disclosure.intervals_system import (
    UNBOUNDED,
    Component,
    ContradictionError,
    UnsettledError,
)

_OPTIMAL, _INFEASIBLE, _NO_BOUND, _UNCLEAR = 0, 2, 3, 4


def integer_bounds(component: Component, targets: Sequence[int], seconds: float) -> list[tuple[int, int]]:
    """The exact (lowest, highest) value of each target, in order.

    Raises:
        ContradictionError: no whole numbers satisfy the component.
        UnsettledError: a solve did not end in time.
    """
    model = _Model(component, seconds / max(1, 2 * len(targets)))
    first = model.solve(np.zeros(len(component.variables)))
    if first is None:
        raise UnsettledError
    lowest, highest = first.copy(), first.copy()
    found: list[tuple[int, int]] = []
    for target in targets:
        ends = []
        for sign, reached in ((1, lowest), (-1, highest)):
            bound = component.lower[target] if sign > 0 else component.upper[target]
            if reached[target] != bound:
                objective = np.zeros(len(component.variables))
                objective[target] = sign
                solution = model.solve(objective)
                if solution is None:
                    ends.append(UNBOUNDED)
                    continue
                np.minimum(lowest, solution, out=lowest)
                np.maximum(highest, solution, out=highest)
                bound = int(solution[target])
            ends.append(bound)
        found.append((ends[0], ends[1]))
    return found


class _Model:
    """The component as a matrix, solved again for each objective."""

    def __init__(self, component: Component, seconds: float) -> None:
        count = len(component.variables)
        entries = [(r, v, c) for r, row in enumerate(component.rows) for v, c in row.items()]
        rows, columns, values = zip(*entries, strict=True)
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(component.rows), count), dtype=float)
        self._constraint = LinearConstraint(matrix, component.right, component.right)
        upper = np.array([np.inf if high >= UNBOUNDED else high for high in component.upper], dtype=float)
        self._bounds = Bounds(np.array(component.lower, dtype=float), upper)
        self._whole = np.ones(count)
        self._options = {"time_limit": seconds, "mip_rel_gap": 0.0}

    def solve(
        self, objective: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    ) -> "np.ndarray[tuple[int], np.dtype[np.int64]] | None":
        """A solution that minimises the objective; None where it has no bound."""
        result = milp(
            objective,
            constraints=self._constraint,
            bounds=self._bounds,
            integrality=self._whole,
            options=self._options,
        )
        if result.status == _INFEASIBLE:
            raise ContradictionError
        if result.status == _NO_BOUND or (result.status == _UNCLEAR and self._has_no_bound(objective)):
            return None
        if result.status != _OPTIMAL or result.x is None:
            raise UnsettledError
        solution: np.ndarray[tuple[int], np.dtype[np.int64]] = np.rint(result.x).astype(np.int64)
        return solution

    def _has_no_bound(self, objective: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bool:
        """Whether fractions have no bound; then whole numbers, of which some are known to fit, have none."""
        result = milp(
            objective,
            constraints=self._constraint,
            bounds=self._bounds,
            options={**self._options, "presolve": False},
        )
        return bool(result.status == _NO_BOUND)
