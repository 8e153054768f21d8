"""Many texts read as one, with the way back to each: what is done once for all is done at the speed of arrays.

The texts stand one after the other, folded and as they are, with a NUL between them that nothing matches. ``bare``
is the folded whole without what separates letters and digits; a character beyond ASCII that is a letter or digit
stays, as one that no identifier is written with.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from catalog.identifiers.encoded_runs import Runs, base64_runs, hex_runs
from catalog.identifiers.written_forms import Folded, fold

_BETWEEN = "\0"
SHORTEST_DIGEST = 32
"""Hexadecimal digits of an md5."""
SHORTEST_BASE64 = 20
"""Fewer characters of base64 hold nothing that is looked for."""
_STRANGER = ord("~")
_ALNUM = np.array([chr(code).isalnum() for code in range(128)] + [True] * 128)


class JoinedTexts:
    """Texts as one; places in ``text`` and ``original`` lead back to a text and an offset in it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.original = _BETWEEN.join(texts)
        if self.original.count(_BETWEEN) >= max(1, len(texts)):
            self.original = _BETWEEN.join([one.replace(_BETWEEN, " ") for one in texts])
        self._texts = texts
        self._ascii = self.original.isascii()
        self._starts = _starts_of(list(map(len, texts)))

    @cached_property
    def folded(self) -> list[Folded]:
        """Each text folded."""
        return [fold(text) for text in self._texts]

    @cached_property
    def text(self) -> str:
        """The folded whole."""
        if self._ascii:
            return self.original.lower()
        return _BETWEEN.join([one.text.replace(_BETWEEN, " ") for one in self.folded])

    @cached_property
    def _folded_starts(self) -> npt.NDArray[np.int64]:
        return self._starts if self._ascii else _starts_of([len(one.text) for one in self.folded])

    @cached_property
    def bare(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """The letters and digits of the folded whole, and the place of each in it."""
        codes = self.codes
        keep = _ALNUM[codes] | (codes == 0)
        if not self._ascii:
            wide = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), "<u4")
            for code in np.unique(wide[wide > 127]).tolist():
                if not chr(code).isalnum():
                    keep[wide == code] = False
        kept = np.flatnonzero(keep)
        return codes[kept], kept

    @cached_property
    def codes(self) -> npt.NDArray[np.uint8]:
        """The folded whole as codes; what is beyond ASCII is a stranger."""
        return _codes(self.text)

    @cached_property
    def hex_runs(self) -> Runs:
        """Where hexadecimal digits stand together in the folded whole, as many as an md5 has or more."""
        return hex_runs(self.codes, SHORTEST_DIGEST)

    @cached_property
    def base64_runs(self) -> Runs:
        """Where base64 stands in the original whole."""
        return base64_runs(self.original_codes, SHORTEST_BASE64)

    @cached_property
    def original_codes(self) -> npt.NDArray[np.uint8]:
        """The original whole as codes; what is beyond ASCII is a stranger."""
        return _codes(self.original)

    def span(self, start: int, end: int) -> tuple[int, int, int]:
        """Which text, and the offset and length in its original, of places ``start`` to ``end`` of ``text``."""
        index = int(np.searchsorted(self._folded_starts, start, side="right")) - 1
        base = int(self._folded_starts[index])
        if self._ascii:
            return index, start - base, end - start
        return index, *self.folded[index].span(start - base, end - base)

    def spans(
        self, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
    ) -> Iterator[tuple[int, int, int]]:
        """``span`` for many places at once."""
        indexes = np.searchsorted(self._folded_starts, starts, side="right") - 1
        bases = self._folded_starts[indexes]
        listed = indexes.tolist()
        if self._ascii:
            return zip(listed, (starts - bases).tolist(), (ends - starts).tolist(), strict=True)
        edges = zip(listed, (starts - bases).tolist(), (ends - bases).tolist(), strict=True)
        return ((index, *self.folded[index].span(start, end)) for index, start, end in edges)

    def places(self, starts: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
        """For places of ``original``: which text, and the offset in it."""
        indexes = np.searchsorted(self._starts, starts, side="right") - 1
        return list(zip(indexes.tolist(), (starts - self._starts[indexes]).tolist(), strict=True))


def _starts_of(lengths: Sequence[int]) -> npt.NDArray[np.int64]:
    """Where each text begins, with one character between two."""
    starts = np.zeros(len(lengths), dtype=np.int64)
    np.cumsum(np.array(lengths[:-1], dtype=np.int64) + 1, out=starts[1:])
    return starts


def _codes(text: str) -> npt.NDArray[np.uint8]:
    if text.isascii():
        return np.frombuffer(text.encode(), np.uint8)
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return np.where(wide < 128, wide, _STRANGER).astype(np.uint8)
