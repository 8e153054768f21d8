"""Runs of base64 and of hexadecimal in a text, and the bytes that they may stand for: all of a text at once.

A run is as long as it can be. Of base64 (either alphabet, without padding) it may begin at any of its first four
characters, of hexadecimal at either of its first two; for each there is one decoding of the whole text, and a run's
bytes are a stretch of it. What is cut at the ends of a group is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from catalog.identifiers.digest_table import Codes, Places
from catalog.identifiers.uuid_table import BASE64, HEX, NO_DIGIT, NOT_HEX, counted

_TEXT_CHARACTERS = np.zeros(256, dtype=np.bool_)
_TEXT_CHARACTERS[
    np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-", np.uint8)
] = True
_ASCII = 128
_REST_OF_BASE64 = np.array([0, 0, 1, 2])


@dataclass(frozen=True, slots=True)
class Runs:
    """Where runs begin in a text, and how long they are."""

    starts: Places
    lengths: Places

    def windows(self, length: int) -> Places:
        """Every place where so many characters of a run begin."""
        many = np.maximum(self.lengths - length + 1, 0)
        first = np.repeat(self.starts - (np.cumsum(many) - many), many)
        return first + np.arange(len(first))

    def chosen(self, which: "np.typing.NDArray[np.bool_]") -> "Runs":
        """Only those that are marked."""
        return Runs(self.starts[which], self.lengths[which])


@dataclass(frozen=True, slots=True)
class Decoded:
    """The bytes of runs: stretches of ``data`` from ``starts`` on, one for each run."""

    data: Codes = field(repr=False)
    starts: Places
    lengths: Places

    def rows(self, which: Places) -> Codes:
        """The bytes of those runs, which are all of one length, as rows."""
        if not len(which):
            return np.empty((0, 0), dtype=np.uint8)
        return self.data[self.starts[which][:, None] + np.arange(self.lengths[which[0]])]

    def text_like(self, shortest: int, shortest_inside: int) -> list[tuple[int, bytes]]:
        """The runs, by number, whose bytes are ASCII or hold so many letters, digits and hyphens together."""
        ends = self.starts + self.lengths
        foreign = counted(self.data >= _ASCII)
        is_ascii = (foreign[ends] == foreign[self.starts]) & (self.lengths >= shortest)
        other = counted(~_TEXT_CHARACTERS[self.data])
        together = np.zeros(len(other), dtype=np.bool_)
        if len(self.data) >= shortest_inside:
            together[: len(other) - shortest_inside] = other[shortest_inside:] == other[:-shortest_inside]
        begun = counted(together)
        inside = np.maximum(self.starts, ends - shortest_inside + 1)
        holds_text = (begun[inside] > begun[self.starts]) & (self.lengths >= shortest_inside)
        chosen = np.flatnonzero(is_ascii | holds_text)
        data = self.data.tobytes()
        spans = zip(chosen.tolist(), self.starts[chosen].tolist(), ends[chosen].tolist(), strict=True)
        return [(number, data[start:end]) for number, start, end in spans]


def base64_runs(codes: Codes, least: int) -> Runs:
    """Runs of base64 that are not all hexadecimal digits and hyphens: those are read as such."""
    runs = _runs(BASE64[codes] != NO_DIGIT, least)
    lettered = counted(NOT_HEX[codes])
    return runs.chosen(lettered[runs.starts + runs.lengths] > lettered[runs.starts])


def hex_runs(codes: Codes, least: int) -> Runs:
    """Runs of hexadecimal digits in lower case."""
    return _runs(HEX[codes] != NO_DIGIT, least)


def decoded_base64(codes: Codes, runs: Runs) -> Iterator[Decoded]:
    """What runs of base64 stand for, from each of their first four characters."""
    digits = np.concatenate([BASE64[codes], np.zeros(8, dtype=np.uint8)])
    for phase in range(4):
        a, b, c, d = digits[phase : phase + (len(digits) - phase) // 4 * 4].reshape(-1, 4).T
        data = np.empty((len(a), 3), dtype=np.uint8)
        data[:, 0] = (a << 2) | (b >> 4)
        data[:, 1] = (b << 4) | (c >> 2)
        data[:, 2] = (c << 6) | d
        skipped = (phase - runs.starts) % 4
        left = runs.lengths - skipped
        lengths = left // 4 * 3 + _REST_OF_BASE64[left % 4]
        yield Decoded(data.ravel(), (runs.starts + skipped - phase) // 4 * 3, lengths)


def decoded_hex(codes: Codes, runs: Runs) -> Iterator[Decoded]:
    """What runs of hexadecimal digits stand for, from each of their first two digits."""
    digits = np.concatenate([HEX[codes], np.zeros(3, dtype=np.uint8)])
    for phase in range(2):
        high, low = digits[phase : phase + (len(digits) - phase) // 2 * 2].reshape(-1, 2).T
        skipped = (phase - runs.starts) % 2
        yield Decoded((high << 4) | low, (runs.starts + skipped - phase) // 2, (runs.lengths - skipped) // 2)


def _runs(marks: "np.typing.NDArray[np.bool_]", least: int) -> Runs:
    edges = np.flatnonzero(np.diff(marks, prepend=False, append=False))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    long_enough = lengths >= least
    return Runs(starts[long_enough], lengths[long_enough])
