"""How large an invented hospital is, and where its random numbers come from.

Rules:

1. Everything follows from a number of patients, a seed and ``GENERATOR_VERSION``: the same three
   give the same rows on any machine.
2. A hospital is made in parts of at most ``PART`` patients, whatever its size; nothing of one
   part depends on another, so a hundred million rows need the memory of one part.
3. Every random stream is PCG64 from the seed, a name and the part's number: one table can
   change, or be made alone, without moving the others.
4. Keys are dense within a part, and unlike those of any other seed, size, entity or version of
   the generator; they are keys of the source and never leave it.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GENERATOR_VERSION = 2
"""Raised with every change of what a seed gives."""
PART = 20_000
SCALES = {
    "tiny": 200,
    "small": 20_000,
    "medium": 100_000,
    "large": 900_000,
    "prod-like": 1_900_000,
}
"""Patients by the name of a scale; ``large`` has a hundred million laboratory results."""
_PART_BITS, _ROW_BITS = 7, 25


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a hospital, from which seed."""

    patients: int
    seed: int

    def stream(self, name: str, part: int = 0) -> np.random.Generator:
        """The random numbers of one thing."""
        digest = hashlib.sha256(name.encode()).digest()
        return np.random.Generator(np.random.PCG64([self.seed, int.from_bytes(digest[:8], "big"), part]))

    @property
    def parts(self) -> tuple["Part", ...]:
        """The parts it is made in, in order."""
        return tuple(Part(self, number) for number in range(-(-self.patients // PART)))


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a hospital's patients: those from ``first`` on, ``count`` of them."""

    scale: Scale
    number: int = 0

    @property
    def first(self) -> int:
        return self.number * PART

    @property
    def count(self) -> int:
        return min(PART, self.scale.patients - self.first)

    def stream(self, name: str) -> np.random.Generator:
        """The random numbers of one thing in this part."""
        return self.scale.stream(name, self.number)

    def keys(self, entity: str, count: int) -> NDArray[np.int64]:
        """``count`` keys of an entity."""
        if count > 1 << _ROW_BITS or self.number >= 1 << _PART_BITS:
            raise ValueError(f"{entity}: more rows than there are keys")
        named = f"{entity}:{GENERATOR_VERSION}:{self.scale.seed}:{self.scale.patients}"
        prefix = int.from_bytes(hashlib.sha256(named.encode()).digest()[:4], "big") >> 1
        start = (prefix << _PART_BITS + _ROW_BITS) + (self.number << _ROW_BITS)
        return np.int64(start) + np.arange(count, dtype=np.int64)
