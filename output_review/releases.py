"""A release: what leaves, its record, the links it is fetched by. Pure.

The package is one zip whose bytes follow from its content alone: names in order, one fixed
time, no compression choices, so that whoever makes it again gets the same SHA-256. Beside
the released files it holds ``record.json``: under which rules and policy, with which
findings, by whom approved, from which extract and images.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from enclave.audit.canonical import Value, canonical
from output_review.requests import RECORD_NAME

RECORD_FORMAT = "hanare-release-record/1"
LINK_LIFETIME = timedelta(hours=1)
LINK_ATTEMPTS = 3
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


class ReleaseState(StrEnum):
    """Where the effect of a release stands."""

    INTENDED = "intended"
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Release:
    """The decision to let files leave, and the package that carries them."""

    request_id: str
    project: str
    state: ReleaseState
    record: bytes
    """``record.json`` as it stands in the package: canonical JSON."""
    files: tuple[tuple[str, str], ...]
    """Name and canonical SHA-256 of what leaves, in order."""
    reviewers: tuple[str, ...]
    intended_at: datetime
    attempt: int = 1
    package_sha256: str = ""
    package_size: int = 0
    leaf: int = 0
    """The number of ``release.done`` in the ledger, which the receipt proves."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way to fetch a package; the token itself is never stored."""

    token_sha256: str
    request_id: str
    person: str
    expires_at: datetime
    attempts_left: int

    def refusal(self, person: str, now: datetime) -> str:
        """The code of what speaks against using it now; empty when nothing does."""
        if person != self.person:
            return "not_yours"
        if now >= self.expires_at:
            return "link_expired"
        return "" if self.attempts_left > 0 else "link_used_up"


def link_digest(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_record(content: Mapping[str, Value]) -> bytes:
    """The bytes of ``record.json``."""
    return canonical({"format": RECORD_FORMAT, **content})


def make_package(record: bytes, files: Mapping[str, bytes]) -> bytes:
    """The package of a record and the files that leave; the same input gives the same bytes.

    Raises:
        ValueError: no file, or a file that would hide the record.
    """
    if not files or RECORD_NAME in {name.casefold() for name in files}:
        raise ValueError("a package holds at least one file, none named like its record")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, content in [(RECORD_NAME, record), *sorted(files.items())]:
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            package.writestr(entry, content)
    return packed.getvalue()
