"""The set of the source's own identifiers in the producer's zone: one file and its key, for the matcher to read.

``own.set`` is a line of JSON (which rules made the forms, which source, how many, a keyed digest of it all)
followed by the sorted hashes and the kinds. It is made whole or not at all. The key is made once and never
leaves this folder. A set that was cut, altered, or made by other rules is not used.
"""

import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np

from catalog.identifiers.own_forms import FORMS_VERSION
from catalog.identifiers.own_set import KEY_BYTES, OwnSet
from enclave.adapters.durable_files import create_durably, write_durably
from enclave.errors import TamperedError
from enclave.ports import Randomness
from enclave.sentences import say

_MODE = 0o640
_ENTRY = 9
_HEADER_MAX = 1024


@dataclass(frozen=True, slots=True)
class KeptSet:
    """A set as it was read, which source it is of, and the short name that answers carry."""

    own: OwnSet
    source: str
    set_id: str


class OwnSetFiles:
    """``own.set`` and ``own.key`` in one folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "own.set"
        self._key = folder / "own.key"

    def key(self, fresh: Randomness) -> bytes:
        """The key of all sets, made now when there was none."""
        found = self._find_key()
        if found is None:
            self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            create_durably(self._key, fresh.token(KEY_BYTES), _MODE)
            return self.key(fresh)
        return found

    def write(self, own: OwnSet, source: str, at: datetime) -> None:
        """This is the set from now on."""
        body = own.hashes.astype("<u8").tobytes() + own.kinds.tobytes()
        facts = {"forms": FORMS_VERSION, "source": source, "count": len(own), "at": at.isoformat()}
        header = {**facts, "mac": _mac(facts, body, own.key)}
        write_durably(self.path, json.dumps(header).encode() + b"\n" + body, _MODE)

    def source(self) -> str:
        """The version of the source that the set is of; empty without a set that can be used."""
        try:
            with self.path.open("rb") as file:
                header = json.loads(file.readline(_HEADER_MAX))
        except (OSError, ValueError):
            return ""
        return str(header["source"]) if header.get("forms") == FORMS_VERSION else ""

    def stamp(self) -> tuple[int, int, int] | None:
        """What changes whenever the set does; None without a set."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def read(self) -> KeptSet | None:
        """The set; None when there is none, or it was made by other rules than today's.

        Raises:
            TamperedError: it is not what was written.
        """
        key = self._find_key()
        if key is None or self.stamp() is None:
            return None
        with self.path.open("rb") as file:
            line = file.readline(_HEADER_MAX)
            body = file.read()
        try:
            header = json.loads(line)
            mac = str(header.pop("mac"))
            whole = (
                hmac.compare_digest(mac, _mac(header, body, key)) and len(body) == _ENTRY * header["count"]
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            raise TamperedError(
                "own_set", say("The set of the source's own identifiers is not what was written.")
            )
        if header["forms"] != FORMS_VERSION:
            return None
        count = int(header["count"])
        own = OwnSet(
            np.frombuffer(body, "<u8", count), np.frombuffer(body, np.uint8, count, offset=8 * count), key
        )
        return KeptSet(own, str(header["source"]), mac[:16])

    def _find_key(self) -> bytes | None:
        try:
            descriptor = os.open(self._key, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            key = file.read(KEY_BYTES + 1)
        if len(key) != KEY_BYTES:
            raise TamperedError(
                "own_key", say("The key of the source's own identifiers does not have 32 bytes.")
            )
        return key


def _mac(facts: dict[str, object], body: bytes, key: bytes) -> str:
    digest = blake2b(key=key, digest_size=32, person=b"hanare own set")
    digest.update(json.dumps(facts, sort_keys=True).encode())
    digest.update(body)
    return digest.hexdigest()
