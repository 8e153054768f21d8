"""Stamps: how a step knows that its inputs have not changed.

Rules: a stamp is the SHA-256 of everything a step reads, never a time; it is written after the step succeeded, by a
rename, so that an interrupted step is done again.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(parts: Iterable[bytes | str | Path]) -> str:
    """One SHA-256 over texts, bytes and files, each with its length before it."""
    total = hashlib.sha256()
    for part in parts:
        data = (
            part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        )
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()


class Stamps:
    """The stamps of one clone, a file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self, name: str, value: str) -> bool:
        try:
            return (self._folder / name).read_text(encoding="ascii") == value
        except (OSError, UnicodeDecodeError):
            return False

    def write(self, name: str, value: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._folder / f"{name}.new"
        new.write_text(value, encoding="ascii")
        new.replace(self._folder / name)
