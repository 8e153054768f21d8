"""The source's own identifiers as a keyed set: who holds it can be asked about a form and nothing else.

A form (``own_forms``) is kept as its keyed BLAKE2b of 64 bits and one byte of kind: 9 bytes, so that five
million take 45 MB. Without the key nobody can try names against it.

A form that is not in the source hits by chance with a probability of at most ``n / 2**64`` for ``n`` forms:
2.7e-13 a question for five million, 1e-9 for 18 thousand million. Every form of the source is found: the same
bytes under the same key are the same 64 bits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from catalog.identifiers.own_forms import OwnKind

KEY_BYTES = 32
_HASH_BYTES = 8
NOT_OURS = 0


@dataclass(frozen=True, slots=True)
class OwnSet:
    """Sorted hashes, and the kind of each; ``key`` is what they were made under."""

    hashes: npt.NDArray[np.uint64]
    kinds: npt.NDArray[np.uint8]
    key: bytes

    def __len__(self) -> int:
        return len(self.hashes)

    def __repr__(self) -> str:
        """The size only: neither key nor hashes get into a log."""
        return f"OwnSet({len(self)} forms)"

    def kinds_of(self, forms: Sequence[str]) -> bytes:
        """One byte for each form: its kind (``OwnKind``), or 0 when it is none of the source's."""
        if not forms or not len(self.hashes):
            return bytes(len(forms))
        asked = hashed(forms, self.key)
        places = np.minimum(np.searchsorted(self.hashes, asked), len(self.hashes) - 1)
        return np.where(self.hashes[places] == asked, self.kinds[places], NOT_OURS).astype(np.uint8).tobytes()


class OwnSetMaker:
    """Collects forms and gives the set of them, each once; of two kinds the first in ``OwnKind`` stays."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("the key of a set has 32 bytes")
        self._key = key
        self._hashes: list[npt.NDArray[np.uint64]] = []
        self._kinds: list[npt.NDArray[np.uint8]] = []

    def add(self, kind: OwnKind, forms: Sequence[str]) -> None:
        """These forms are of this kind."""
        if forms:
            self._hashes.append(hashed(forms, self._key))
            self._kinds.append(np.full(len(forms), kind, dtype=np.uint8))

    def made(self) -> OwnSet:
        """The set of all that was added."""
        if not self._hashes:
            return OwnSet(np.empty(0, np.uint64), np.empty(0, np.uint8), self._key)
        hashes, kinds = np.concatenate(self._hashes), np.concatenate(self._kinds)
        order = np.lexsort((kinds, hashes))
        hashes, kinds = hashes[order], kinds[order]
        first = np.concatenate(([True], hashes[1:] != hashes[:-1]))
        return OwnSet(hashes[first], kinds[first], self._key)


def hashed(forms: Iterable[str], key: bytes) -> npt.NDArray[np.uint64]:
    """The keyed hash of each form."""
    digests = [blake2b(form.encode(), digest_size=_HASH_BYTES, key=key).digest() for form in forms]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64, copy=False)
