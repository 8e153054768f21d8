"""What reading an upload gives: canonical files, what was dropped, what was found on the way.

One upload becomes one or several canonical files (a workbook becomes one csv per table). Beside
them stand three lists that never mix. *Dropped* says by code and count what the upload held and
the canonical bytes do not. *Signs* are properties that people must weigh, by code and count.
*Found* is text for the recognisers: what stood in hidden places (it does not leave), and what a
reader of the canonical bytes would read in them though no text is there (a picture's words).
Facts are whole numbers. Nothing of the file is in a code, a sign or a fact.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from .refusals import MAX_CELL, MAX_FILES, MAX_FOUND, RefusedError

CSV: Final = "csv"
TEXT: Final = "text"
PICTURE: Final = "picture"
OVERLAP: Final = 500
"""Characters that both parts of a divided line have, so that no identifier is cut in two."""
KINDS: Final = frozenset({CSV, TEXT, PICTURE})
"""What canonical bytes are: a table, lines of text, or a re-encoded png."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """Words for the recognisers, apart from canonical bytes.

    ``part`` is a code for the place (``comment``, ``hidden_sheet``, ``picture_words``). ``kind``
    is ``text`` or ``csv``. ``leaves`` says whether who receives the canonical bytes can read it.
    ``number`` counts sheets or pages from 1; 0 means the file as a whole.
    """

    part: str
    text: str
    kind: str = TEXT
    leaves: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class CanonicalFile:
    """The bytes that are reviewed and leave, and what is told about them."""

    content: bytes
    kind: str
    suffix: str
    """The ending under which they leave, with its dot."""
    rows: int = 0
    """Rows below the header of a csv; lines of a text; height of a picture in pixels."""
    columns: int = 0
    """Columns of a csv; 0 of a text; width of a picture in pixels."""
    dropped: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    found: tuple[FoundText, ...] = ()
    facts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one upload; ``dropped``, ``signs`` and ``found`` speak of all its files."""

    files: tuple[CanonicalFile, ...]
    dropped: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    found: tuple[FoundText, ...] = ()

    def __post_init__(self) -> None:
        """A reading has at least one file, and no more files or words than people can look at."""
        if not self.files:
            raise RefusedError("empty")
        if len(self.files) > MAX_FILES:
            raise RefusedError("too_many_tables", limit=MAX_FILES)
        texts = [*self.found, *(text for file in self.files for text in file.found)]
        if sum(len(text.text) for text in texts) > MAX_FOUND:
            raise RefusedError("too_much_hidden")

    def answer(self) -> dict[str, object]:
        """What ``result.json`` says; the bytes and the found text lie beside it."""
        return {
            "ok": True,
            "dropped": list(self.dropped),
            "signs": list(self.signs),
            "files": [
                {
                    "kind": file.kind,
                    "suffix": file.suffix,
                    "rows": file.rows,
                    "columns": file.columns,
                    "dropped": list(file.dropped),
                    "signs": list(file.signs),
                    "facts": dict(file.facts),
                }
                for file in self.files
            ],
        }

    def found_by_file(self) -> list[list[dict[str, object]]]:
        """What ``found.json`` holds: for each file the words of its own, then those of the whole upload."""
        return [[_as_mapping(text) for text in (*file.found, *self.found)] for file in self.files]


def _as_mapping(text: FoundText) -> dict[str, object]:
    return {
        "part": text.part,
        "kind": text.kind,
        "leaves": text.leaves,
        "number": text.number,
        "text": text.text,
    }


@dataclass(slots=True)
class Account:
    """Kept while a file is read: what is dropped, noticed and found, in the order of first mention."""

    dropped: Counter[str] = field(default_factory=Counter)
    signs: Counter[str] = field(default_factory=Counter)
    found: list[FoundText] = field(default_factory=list)

    def drop(self, code: str, count: int = 1) -> None:
        """Something of the upload is not in the canonical bytes."""
        if count > 0:
            self.dropped[code] += count

    def sign(self, code: str, count: int = 1) -> None:
        """Something that people must weigh."""
        if count > 0:
            self.signs[code] += count

    def hide(self, part: str, text: str, *, kind: str = TEXT, number: int = 0) -> None:
        """Words from a place that does not leave; nothing when there are none."""
        if text.strip():
            self.found.append(FoundText(part, _divided(text), kind, leaves=False, number=number))

    def reading(self, *files: CanonicalFile) -> Reading:
        """The reading that this account belongs to."""
        return Reading(files, coded(self.dropped), coded(self.signs), tuple(self.found))


def _divided(text: str) -> str:
    """The text with no line so long that a rule would take too long over it; divided lines overlap."""
    if len(text) <= MAX_CELL:
        return text
    step = MAX_CELL - OVERLAP
    lines = text.split("\n")
    return "\n".join(
        line[at : at + MAX_CELL] for line in lines for at in range(0, max(len(line) - OVERLAP, 1), step)
    )


def coded(counts: Counter[str]) -> tuple[str, ...]:
    """Codes with their counts (``formulas:3``); a code that is counted once stands alone."""
    return tuple(code if count == 1 else f"{code}:{min(count, 999_999)}" for code, count in counts.items())
