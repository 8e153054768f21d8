"""Columns on their way into the source.

A column is an array, or ``Coded``: small integers into a list of values (-1 is empty), which
is how a hundred million test codes fit into memory. A column that is not named is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = "NDArray[np.int64]"
Strings: TypeAlias = "NDArray[np.object_]"
Days: TypeAlias = "NDArray[np.datetime64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Reals: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of repeated values."""

    codes: NDArray[Any]
    listed: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.codes)


ColumnData: TypeAlias = "NDArray[Any] | Coded"
TableData: TypeAlias = "Mapping[str, ColumnData]"
Tables: TypeAlias = "Mapping[str, TableData]"


def same(value: object, count: int) -> Coded:
    """One value in every row."""
    return Coded(np.zeros(count, dtype=np.int8), (value,))


def listed(values: "list[object] | list[str] | list[str | None]") -> Strings:
    """A column of Python values, each on its own."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def padded(numbers: NDArray[Any], width: int) -> Strings:
    """Numbers as digits of one width."""
    return listed([f"{number:0{width}d}" for number in numbers.tolist()])


def drawn(
    fresh: np.random.Generator, shares: tuple[float, ...], values: tuple[Any, ...], count: int
) -> Coded:
    """One of the values in every row, by their shares."""
    return Coded(fresh.choice(len(shares), count, p=shares).astype(np.int8), values)
