"""How many persons are behind a share that is shown with its 95 % confidence interval.

1. For every number of persons up to ``MOST``, the count nearest to the share is taken, and its interval computed in
   the ways in which programs compute it: Wald, Wilson (1927), Agresti and Coull (1998), Clopper and Pearson (1934).
2. A number of persons fits when share, lower and upper end all lie within what their written decimals admit, for
   one of these ways. The smallest that fits is what somebody who computes would take.
3. Shares of 0 and 1 have intervals too (Wilson, Clopper and Pearson): they tell the number of persons directly.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

MOST = 2000
_Z = 1.959964
_Numbers = NDArray[np.float64]
_Ends = tuple[_Numbers, _Numbers]


@dataclass(frozen=True, slots=True)
class Fit:
    """Persons, and how many of them the share counts."""

    persons: int
    count: int


def fitting(share: tuple[float, float], lower: tuple[float, float], upper: tuple[float, float]) -> Fit | None:
    """The smallest fit; each argument is the least and the most that a written number may stand for."""
    persons = np.arange(2, MOST + 1, dtype=np.float64)
    counts = np.clip(np.rint(persons * (share[0] + share[1]) / 2), 0, persons)
    exact = counts / persons
    is_share = (exact >= share[0]) & (exact <= share[1])
    fits = np.zeros(persons.shape, dtype=bool)
    for method in _METHODS:
        low, high = method(counts, persons)
        fits |= (low >= lower[0]) & (low <= lower[1]) & (high >= upper[0]) & (high <= upper[1])
    found = np.flatnonzero(fits & is_share)
    if not found.size:
        return None
    return Fit(int(persons[found[0]]), int(counts[found[0]]))


def _wald(counts: _Numbers, persons: _Numbers) -> _Ends:
    share = counts / persons
    half = _Z * np.sqrt(share * (1 - share) / persons)
    return share - half, share + half


def _wilson(counts: _Numbers, persons: _Numbers) -> _Ends:
    share, more = counts / persons, _Z**2 / persons
    middle = (share + more / 2) / (1 + more)
    half = _Z * np.sqrt(share * (1 - share) / persons + more / (4 * persons)) / (1 + more)
    return middle - half, middle + half


def _agresti_coull(counts: _Numbers, persons: _Numbers) -> _Ends:
    return _wald(counts + _Z**2 / 2, persons + _Z**2)


def _clopper_pearson(counts: _Numbers, persons: _Numbers) -> _Ends:
    rest = persons - counts
    low = np.where(counts > 0, betaincinv(np.maximum(counts, 1), rest + 1, 0.025), 0.0)
    high = np.where(rest > 0, betaincinv(counts + 1, np.maximum(rest, 1), 0.975), 1.0)
    return low, high


_METHODS: tuple[Callable[[_Numbers, _Numbers], _Ends], ...] = (
    _wald,
    _wilson,
    _agresti_coull,
    _clopper_pearson,
)
