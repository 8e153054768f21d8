"""Which digests are of an identifier of a set: exact, and four bytes for each digest that is known.

People hash an identifier in many written forms, so a set of five million knows fifty-five million digests under each
name; kept in full they would fill the memory of a machine. Kept is, in order of the digests, which form of which
identifier it was, and as much of the digest as is left of 32 bits. A question finds the few whose bits agree; those
are hashed again and compared in full. So nothing is found that is no digest of a member, and none that is one is missed.

A table is made in parts of eight million, one after the other: while it is made, it takes no more than 100 MB beside
what it holds in the end.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]

SIZES = {16: "md5", 20: "sha1", 32: "sha256", 64: "sha512"}
"""Which digest has so many bytes."""
_HASHES: dict[str, Callable[..., Any]] = {name: getattr(hashlib, name) for name in SIZES.values()}
_PLACE_BITS, _MOST_BUCKET_BITS, _PER_BUCKET_BITS = 23, 20, 3
_ENTRY_BITS, _WORD_BITS = 32, 64
_FINGERPRINT = np.uint64((1 << _ENTRY_BITS - _PLACE_BITS) - 1)
_STEP = 200_000
_BIT = np.left_shift(1, np.arange(8)).astype(np.uint8)
_MOST_SEEN_BITS, _FEWEST_SEEN_BITS, _SPARSE = 29, 10, 3
_WINDOWED = "md5"
"""The one that is asked about at every place of a run of digits; of the others whole tokens are."""
_SECOND = np.uint64(20)
"""From which bit on the bitmap is asked a second time."""


class Hashable(Protocol):
    """Identifiers by number, and the byte strings people hash of each: as many of every one."""

    @property
    def forms(self) -> int:
        """How many byte strings there are of one identifier."""

    def __len__(self) -> int:
        """How many identifiers."""

    def written(self, first: int, stop: int) -> Iterable[bytes]:
        """All byte strings of the identifiers from ``first`` on, one identifier after the other."""

    def forms_of(self, numbers: Places, forms: Places) -> Iterable[bytes]:
        """Of each of these identifiers one byte string."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The digests of a stretch of the identifiers: where each bucket begins, and the entries."""

    first: int
    bits: int
    starts: npt.NDArray[np.uint32] = field(repr=False)
    entries: npt.NDArray[np.uint32] = field(repr=False)

    @classmethod
    def of(cls, digests: Words, first: int) -> "_Part":
        """``digests`` are first halves of 64 bits, in order of the identifiers and their forms; they are overwritten."""
        count = len(digests)
        bits = max(1, min(_MOST_BUCKET_BITS, count.bit_length() - _PER_BUCKET_BITS))
        digests >>= np.uint64(_PLACE_BITS)
        digests <<= np.uint64(_PLACE_BITS)
        for at in range(0, count, _STEP):
            digests[at : at + _STEP] |= np.arange(at, min(count, at + _STEP), dtype=np.uint64)
        digests.sort()
        starts = np.zeros((1 << bits) + 1, dtype=np.uint32)
        for at in range(0, count, _STEP):
            buckets = (digests[at : at + _STEP] >> np.uint64(_WORD_BITS - bits)).astype(np.int64)
            low, high = int(buckets[0]), int(buckets[-1])
            starts[low + 1 : high + 2] += np.bincount(buckets - low, minlength=high - low + 1).astype(
                np.uint32
            )
        return cls(first, bits, np.cumsum(starts, dtype=np.uint32), digests.astype(np.uint32))

    def agreeing(self, asked: Words) -> tuple[Places, Places]:
        """Pairs of a question and the entry whose bits agree with it."""
        bucket = (asked >> np.uint64(_WORD_BITS - self.bits)).astype(np.int64)
        low = self.starts[bucket].astype(np.int64)
        many = self.starts[bucket + 1].astype(np.int64) - low
        question = np.repeat(np.arange(len(asked)), many)
        entry = self.entries[np.arange(len(question)) + np.repeat(low - (np.cumsum(many) - many), many)]
        print_of = ((asked >> np.uint64(_PLACE_BITS)) & _FINGERPRINT).astype(np.uint32)
        same = np.flatnonzero((entry >> np.uint32(_PLACE_BITS)) == print_of[question])
        return question[same], (entry[same] & np.uint32((1 << _PLACE_BITS) - 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class DigestTable:
    """The digests of one name of every written form of every identifier of a set."""

    name: str
    of_whom: Hashable = field(repr=False)
    parts: tuple[_Part, ...] = field(repr=False)
    seen: Codes = field(repr=False)
    """A bitmap over the first bits, by which most strangers are known at once."""

    @classmethod
    def of(cls, name: str, of_whom: Hashable, together: int = 1 << _PLACE_BITS) -> "DigestTable":
        """Hash every form of every identifier, so many of them together: about half a microsecond for each."""
        many = len(of_whom) * of_whom.forms
        most = _MOST_SEEN_BITS - (0 if name == _WINDOWED else 2)
        bits = min(most, max(_FEWEST_SEEN_BITS, many.bit_length() + _SPARSE))
        seen = np.zeros(1 << bits >> 3, dtype=np.uint8)
        parts = []
        step = together // of_whom.forms
        for first in range(0, len(of_whom), step):
            digests = _hashed(name, of_whom, first, min(len(of_whom), first + step))
            mark(seen, bits, digests)
            mark(seen, bits, digests << _SECOND)
            parts.append(_Part.of(digests, first))
        return cls(name, of_whom, tuple(parts), seen)

    @property
    def nbytes(self) -> int:
        """What the table holds, in bytes."""
        return self.seen.nbytes + sum(part.starts.nbytes + part.entries.nbytes for part in self.parts)

    def maybe(self, first: Words) -> Places:
        """Which digests with these first 64 bits can be of an identifier."""
        maybe = marked(self.seen, first)
        return maybe[marked(self.seen, first[maybe] << _SECOND)]

    def holds(self, digests: Codes) -> npt.NDArray[np.bool_]:
        """For each row of bytes whether it is the digest of an identifier."""
        held = np.zeros(len(digests), dtype=np.bool_)
        asked = np.ascontiguousarray(digests[:, :8]).view(">u8").ravel().astype(np.uint64)
        maybe = self.maybe(asked)
        hash_of = _HASHES[self.name]
        for part in self.parts if len(maybe) else ():
            questions, places = part.agreeing(asked[maybe])
            if not len(questions):
                continue
            questions = maybe[questions]
            numbers, forms = np.divmod(places, self.of_whom.forms)
            written = self.of_whom.forms_of(part.first + numbers, forms)
            # These are recognised, not relied on: no security rests on md5 or sha1 here.
            made = np.frombuffer(b"".join([hash_of(form).digest() for form in written]), np.uint8)
            same = (made.reshape(len(questions), -1) == digests[questions]).all(axis=1)
            held[questions[same]] = True
        return held


def _hashed(name: str, of_whom: Hashable, first: int, stop: int) -> Words:
    """The first 64 bits of the digests."""
    hash_of, forms = _HASHES[name], of_whom.forms
    made = np.empty((stop - first) * forms, dtype=np.uint64)
    step = max(1, _STEP // forms)
    for at in range(first, stop, step):
        end = min(stop, at + step)
        halves = b"".join([hash_of(form).digest()[:8] for form in of_whom.written(at, end)])
        made[(at - first) * forms : (end - first) * forms] = np.frombuffer(halves, ">u8")
    return made


def mark(seen: Codes, bits: int, values: Words) -> None:
    """Set the bit of the first ``bits`` bits of every value."""
    for start in range(0, len(values), _STEP):
        at = np.sort(values[start : start + _STEP] >> np.uint64(_WORD_BITS - bits))
        places = (at >> np.uint64(3)).astype(np.int64)
        first = np.flatnonzero(np.diff(places, prepend=-1))
        marks = np.left_shift(1, (at & np.uint64(7)).astype(np.uint8)).astype(np.uint8)
        seen[places[first]] |= np.bitwise_or.reduceat(marks, first)


def marked(seen: Codes, values: Words) -> Places:
    """Which of the values have their bit set."""
    bits = len(seen).bit_length() + 2
    at = values >> np.uint64(_WORD_BITS - bits)
    byte = seen[(at >> np.uint64(3)).view(np.int64)]
    return np.flatnonzero(byte & _BIT[(at & np.uint64(7)).view(np.int64)])
