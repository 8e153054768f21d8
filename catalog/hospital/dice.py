"""Whole random numbers one at a time, drawn by the thousand: what makes texts needs many small ones."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_BLOCK = 1 << 16
T = TypeVar("T")


class Dice:
    """An endless row of numbers from one stream."""

    def __init__(self, fresh: np.random.Generator) -> None:
        self._fresh = fresh
        self._block: list[int] = []

    def below(self, limit: int) -> int:
        """0 to ``limit`` - 1."""
        if not self._block:
            self._block = self._fresh.integers(0, 1 << 62, _BLOCK).tolist()
        return self._block.pop() % limit

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def digits(self, count: int) -> str:
        """So many digits, the first not 0."""
        return str(10 ** (count - 1) + self.below(9 * 10 ** (count - 1)))
