"""Looking for very many byte strings in very many bytes, and for numbers in both byte orders.

A string is looked for wherever it could begin: by a table over its first three bytes, then by
its first eight among all first eights, then whole. So strings have eight bytes at least; what is
shorter stands in any file by chance and is compared with whole cells instead.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEAD = 8
_CHUNK = 1 << 24
_LONGEST = 400


class _Heads:
    """The first eight bytes of what is looked for."""

    def __init__(self, heads: NDArray[np.uint8]) -> None:
        self._heads = np.unique(heads.copy().view(">u8").ravel().astype(np.uint64))
        self._first = np.zeros(1 << 24, dtype=bool)
        self._first[_three(heads)] = True

    def places_in(self, chunk: NDArray[np.uint8]) -> list[int]:
        """Where one of them stands."""
        windows = np.lib.stride_tricks.sliding_window_view(chunk, HEAD)
        at = np.flatnonzero(self._first[_three(windows)])
        seen = windows[at].copy().view(">u8").ravel().astype(np.uint64)
        places: list[int] = at[_among(self._heads, seen)].tolist()
        return places


class Strings:
    """Many strings of eight bytes or more."""

    def __init__(self, strings: Iterable[str]) -> None:
        self.all = set(strings)
        self._encoded = {one.encode() for one in self.all}
        if any(not HEAD <= len(one) <= _LONGEST for one in self._encoded):
            raise ValueError("too short or too long to look for")
        self._lengths: dict[bytes, set[int]] = defaultdict(set)
        for one in self._encoded:
            self._lengths[one[:HEAD]].add(len(one))
        self._heads = _Heads(np.frombuffer(b"".join(self._lengths), dtype=np.uint8).reshape(-1, HEAD))

    def found_in(self, path: Path) -> set[str]:
        """Those that stand in a file."""
        found: set[bytes] = set()
        for chunk in _chunks(path):
            raw = chunk.tobytes()
            for place in self._heads.places_in(chunk):
                for length in self._lengths[raw[place : place + HEAD]]:
                    if (one := raw[place : place + length]) in self._encoded:
                        found.add(one)
        return {one.decode() for one in found}


class Decimals:
    """Many numbers of eight digits or more, written as text."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._all = np.unique(numbers.astype(np.uint64))
        if self._all[0] < 10 ** (HEAD - 1):
            raise ValueError("too short to look for")
        written = self._all.astype(np.bytes_)
        self._lengths = sorted(set(np.char.str_len(written).tolist()))
        digits = written.view(np.uint8).reshape(len(written), -1)[:, :HEAD]
        self._heads = _Heads(digits)

    def found_in(self, path: Path) -> set[int]:
        """Those that stand in a file."""
        seen: set[int] = set()
        for chunk in _chunks(path):
            raw = chunk.tobytes()
            for place in self._heads.places_in(chunk):
                for length in self._lengths:
                    if (digits := raw[place : place + length]).isdigit():
                        seen.add(int(digits))
        listed = np.array(sorted(seen), dtype=np.uint64)
        return set(listed[_among(self._all, listed)].tolist())


class Numbers:
    """Many numbers of 64 bits whose upper two bytes are few: source keys."""

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        self._all = np.unique(numbers.astype(np.uint64))
        self._upper = np.zeros(1 << 16, dtype=bool)
        self._upper[(self._all >> np.uint64(48)).astype(np.int64)] = True

    def found_in(self, path: Path) -> set[int]:
        """Those that stand in a file as eight bytes, the lowest or the highest first."""
        found: set[int] = set()
        for chunk in _chunks(path):
            windows = np.lib.stride_tricks.sliding_window_view(chunk, HEAD)
            for order, high, low in (("<u8", 7, 6), (">u8", 0, 1)):
                upper = windows[:, high].astype(np.uint16) << 8 | windows[:, low]
                seen = (
                    windows[np.flatnonzero(self._upper[upper])].copy().view(order).ravel().astype(np.uint64)
                )
                found.update(seen[_among(self._all, seen)].tolist())
        return found


def _three(windows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    first, second = windows[:, 0].astype(np.uint32), windows[:, 1].astype(np.uint32)
    three: NDArray[np.uint32] = first << np.uint32(16) | second << np.uint32(8) | windows[:, 2]
    return three


def _among(ordered: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> NDArray[np.bool_]:
    places = np.searchsorted(ordered, wanted).clip(max=len(ordered) - 1)
    there: NDArray[np.bool_] = ordered[places] == wanted
    return there


def _chunks(path: Path) -> Iterator[NDArray[np.uint8]]:
    """The file, each piece with what the next begins with, and zeros after its end."""
    content = np.memmap(path, dtype=np.uint8, mode="r")
    for start in range(0, len(content), _CHUNK):
        piece = np.asarray(content[start : start + _CHUNK + _LONGEST])
        yield np.concatenate([piece, np.zeros(_LONGEST, dtype=np.uint8)])
