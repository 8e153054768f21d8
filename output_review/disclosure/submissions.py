"""What the checks are given: the files of one submission, already decoded, and nothing else.

A file arrives as canonical text with its kind, or as a kind that says why there is no text.
The checks never open a file and never decode a byte.
"""

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What a file is, as the reader found it."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    TEXT = "text"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"


GRIDS = frozenset({FileKind.CSV, FileKind.TSV})
"""Files that are one table and nothing else."""
READABLE = frozenset({*GRIDS, FileKind.JSON, FileKind.TEXT})
"""Files with a text that the checks know how to take apart."""


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """One file: the name it would leave under, its kind, and its text where it has one."""

    name: str
    kind: FileKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """Files that leave together, or were released together before."""

    name: str
    files: tuple[SubmittedFile, ...]
    members: tuple[str, ...] = ()
    """Names of the people on the project's permit."""
    authors: tuple[str, ...] = ()
    """Names that the request states as its authors'."""
