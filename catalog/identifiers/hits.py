"""What a recogniser says: here stands something of this kind, and how sure that is.

1. Offset and length count characters of the text that was given, never of a folded form.
2. CERTAIN is for what proves itself (a check digit beside its own label, a pseudonym of the set);
   LIKELY for a form or a context that hardly anything else has; WEAK for what people should look at.
3. Of hits that overlap, the more certain stays whole; of equally certain ones the longer, then the
   earlier in the table of recognisers. The other is cut to what sticks out: no character is reported
   twice, and none that was found is forgotten.
4. A hit never holds the value it found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum


class Certainty(IntEnum):
    """How sure a recogniser is, least sure first."""

    WEAK = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """One identifier by kind (``name``, ``my_number``, ``phone`` …), with its place in the original text."""

    kind: str
    offset: int
    length: int
    certainty: Certainty
    form: str = ""
    """How it was written or what gave it away: ``kana``, ``check_digit``, ``label`` …"""

    @property
    def end(self) -> int:
        """The first character behind the hit."""
        return self.offset + self.length


def without_overlaps(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits that stay by rule 3, in order of their places; the given order is the table's."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (-hit.certainty, -hit.length)):
        for start, end in _free_runs(hit, taken):
            kept.append(replace(hit, offset=start, length=end - start))
        taken.update(range(hit.offset, hit.end))
    return tuple(sorted(kept, key=lambda hit: hit.offset))


def _free_runs(hit: Hit, taken: set[int]) -> Iterator[tuple[int, int]]:
    """The runs of a hit's characters that no other hit has taken."""
    start: int | None = None
    for place in range(hit.offset, hit.end):
        if place in taken:
            if start is not None:
                yield start, place
            start = None
        elif start is None:
            start = place
    if start is not None:
        yield start, hit.end
