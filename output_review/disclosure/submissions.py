"""What the checks are given: the files of one submission, already decoded, and nothing else.

A file arrives as canonical text with its kind, or as a kind that says why there is no text.
The checks never open a file and never decode a byte.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from enclave.sentences import Sentence


class FileKind(StrEnum):
    """What a file is, as the reader found it."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    TEXT = "text"
    PICTURE = "picture"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FoundText:
    """Words that a reader found beside the canonical text: in a hidden place, or in a picture.

    ``leaves`` says whether whoever receives the file can read them; if not, only what identifies
    a person matters in them. ``part`` is a code of ``output_review.readings.places``.
    """

    part: str
    text: str
    kind: FileKind = FileKind.TEXT
    leaves: bool = False
    number: int = 0
    """The sheet or page, from 1; 0 for the file as a whole."""


def found_as_bytes(found: Sequence[FoundText]) -> bytes:
    """Found words as they are kept, the same words as the same bytes."""
    return json.dumps([asdict(text) for text in found], ensure_ascii=False, sort_keys=True).encode(
        "utf-8", "replace"
    )


def found_from_bytes(kept: bytes) -> tuple[FoundText, ...]:
    """Kept words again.

    Raises:
        ValueError: these bytes were not made by ``found_as_bytes``.
    """
    try:
        return tuple(FoundText(**{**text, "kind": FileKind(text["kind"])}) for text in json.loads(kept))
    except (TypeError, KeyError) as error:
        raise ValueError("no found words") from error


GRIDS = frozenset({FileKind.CSV, FileKind.TSV})
"""Files that are one table and nothing else."""
READABLE = frozenset({*GRIDS, FileKind.JSON, FileKind.TEXT})
"""Files with a text that the checks know how to take apart."""
SCRIPTS = (".py", ".r", ".sql", ".do")
"""Endings of programs."""


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """One file: the name it would leave under, its kind, its text where it has one, and its reading."""

    name: str
    kind: FileKind
    text: str = ""
    found: tuple[FoundText, ...] = ()
    dropped: tuple[str, ...] = ()
    """What the reader left out, as codes with counts."""
    signs: tuple[str, ...] = ()
    """What the reader noticed, as codes with counts."""
    facts: tuple[tuple[str, int], ...] = ()
    """What the reader counted, by name."""
    upload: str = ""
    """The name it was sent under, where that is another."""
    refusal: tuple[str, Sentence] | None = None
    """Why a reader refused it: code and words."""

    @property
    def is_script(self) -> bool:
        """Whether it is a program, by its name; calls and numbers in it are no tables and no lists."""
        return self.name.lower().endswith(SCRIPTS)


@dataclass(frozen=True, slots=True)
class Submission:
    """Files that leave together, or were released together before."""

    name: str
    files: tuple[SubmittedFile, ...]
    members: tuple[str, ...] = ()
    """Names of the people on the project's permit."""
    authors: tuple[str, ...] = ()
    """Names that the request states as its authors'."""
