"""A small ledger made with the house's own modules, written as a bundle, receipts and notes."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enclave.audit.canonical import Value, canonical
from enclave.audit.checkpoint import Checkpoint, sign_checkpoint
from enclave.audit.event import EventDraft, Leaf, make_leaf
from enclave.audit.kinds import Kind
from enclave.audit.merkle import inclusion_path, leaf_hash, root_of

ORIGIN = "hanare.local/ledger"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
START = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
PACKAGE = b"PK\x03\x04 the released package"


def written(value: Value) -> bytes:
    """One line of a bundle."""
    return canonical(value) + b"\n"


@dataclass
class WrittenLedger:
    """Leaves in order; everything else is derived, with whichever key is asked for."""

    leaves: list[Leaf] = field(default_factory=list)

    def add(
        self, kind: Kind, *, after: float = 1.0, body: dict[str, Value] | None = None, **facts: Value
    ) -> int:
        """The number of an event that happened ``after`` seconds past its place's usual time."""
        number = len(self.leaves) + 1
        draft = EventDraft(kind, "mei", "p-diabetes", f"thing-{number}", facts, body)
        at = START + timedelta(seconds=10 * number + after)
        self.leaves.append(make_leaf(draft, number, at, bytes([number]) * 16))
        return number

    def root(self, size: int | None = None) -> bytes:
        return root_of([leaf_hash(leaf.data) for leaf in self.leaves[:size]])

    def note(self, size: int | None = None, key: Ed25519PrivateKey = KEY, name: str = ORIGIN) -> str:
        size = len(self.leaves) if size is None else size
        return sign_checkpoint(Checkpoint(ORIGIN, size, self.root(size)), name, key)

    def header(self, size: int | None = None, key: Ed25519PrivateKey = KEY) -> dict[str, Value]:
        size = len(self.leaves) if size is None else size
        return {
            "format": "hanare-ledger-bundle/1",
            "origin": ORIGIN,
            "key_name": ORIGIN,
            "public_key": key.public_key().public_bytes_raw().hex(),
            "size": size,
            "checkpoint": self.note(size, key),
        }

    def entry(self, number: int, *, hashed: bool = True, body: bool = True) -> dict[str, Value]:
        leaf = self.leaves[number - 1]
        entry: dict[str, Value] = {"n": number, "leaf": leaf.data.decode()}
        if hashed:
            entry["hash"] = leaf_hash(leaf.data).hex()
        if body and leaf.body is not None:
            entry["body"] = leaf.body.hex()
        return entry

    def bundle(self, *, hashed: bool = True, body: bool = True) -> bytes:
        numbers = range(1, len(self.leaves) + 1)
        entries = (written(self.entry(n, hashed=hashed, body=body)) for n in numbers)
        return written(self.header()) + b"".join(entries)

    def receipt(self, number: int, size: int | None = None) -> dict[str, Any]:
        size = len(self.leaves) if size is None else size
        hashes = [leaf_hash(leaf.data) for leaf in self.leaves[:size]]
        facts = json.loads(self.leaves[number - 1].data)["facts"]
        return {
            "format": "hanare-receipt/1",
            "number": number,
            "leaf": self.leaves[number - 1].data.decode(),
            "path": [step.hex() for step in inclusion_path(number - 1, hashes)],
            "size": size,
            "checkpoint": self.note(size),
            "public_key": KEY.public_key().public_bytes_raw().hex(),
            "key_name": ORIGIN,
            "package_sha256": facts.get("package", ""),
        }


def a_ledger(size: int = 9) -> WrittenLedger:
    """Cells with bodies, and a release in the middle."""
    ledger = WrittenLedger()
    for number in range(1, size + 1):
        if number == (size + 1) // 2:
            ledger.add(Kind.RELEASE_DONE, package=hashlib.sha256(PACKAGE).hexdigest())
        else:
            ledger.add(Kind.CELL_REQUESTED, body={"source": f"連番 = {number}"}, channel="shell")
    return ledger
