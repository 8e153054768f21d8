"""What was taken into the source, and what that added."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """Something that was taken into the source: what it is, and what became of its lines."""

    digest: str
    name: str
    kind: str
    lines: int
    read: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking something into the source added. ``known``: it was there already."""

    file: SourceFile
    added: Mapping[str, int]
    known: bool = False
