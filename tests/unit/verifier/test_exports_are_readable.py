"""What the house exports is what the stand-alone verifier reads: bundles, receipts, checkpoints."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enclave.audit.checkpoint import Checkpoint
from enclave.audit.ledger import Entry
from enclave.audit.merkle import leaf_hash
from enclave.use_cases.inspect_ledger import export_bundle
from enclave.use_cases.receipts import make_receipt
from tests.unit.verifier.test_standalone_verifier import told
from tests.unit.verifier.written_ledger import KEY, ORIGIN, PACKAGE, WrittenLedger, a_ledger


class Reader:
    """A written ledger behind the port."""

    def __init__(self, ledger: WrittenLedger) -> None:
        self._ledger = ledger

    def head(self) -> Checkpoint:
        return Checkpoint(ORIGIN, len(self._ledger.leaves), self._ledger.root())

    def entries(self, first: int = 1) -> Iterator[Entry]:
        for leaf in self._ledger.leaves[first - 1 :]:
            yield Entry(leaf.number, leaf.data, leaf_hash(leaf.data), leaf.body)

    def leaf_hashes(self, size: int) -> list[bytes]:
        return [leaf_hash(leaf.data) for leaf in self._ledger.leaves[:size]]


class Notes:
    """One checkpoint, over as many entries as asked."""

    def __init__(self, ledger: WrittenLedger, size: int) -> None:
        self._note = ledger.note(size)

    def latest(self) -> str | None:
        return self._note

    def at_or_after(self, size: int) -> str | None:
        return self._note if int(self._note.split("\n")[1]) >= size else None

    def all(self) -> tuple[str, ...]:
        return (self._note,)

    def keep(self, note: str) -> None:
        self._note = note

    def public_key(self) -> bytes:
        return KEY.public_key().public_bytes_raw()


def exported(size: int = 9, *, bodies: bool = True) -> bytes:
    ledger = a_ledger(9)
    lines = export_bundle(Reader(ledger), Notes(ledger, size), ORIGIN, bodies=bodies)
    return "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize("bodies", [True, False])
@pytest.mark.parametrize("size", [1, 6, 9])
def test_an_exported_bundle_verifies_up_to_its_checkpoint(tmp_path: Path, size: int, *, bodies: bool) -> None:
    bundle = exported(size, bodies=bodies)
    assert bundle.count(b"\n") == size + 1
    assert told(tmp_path, bundle) == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_changed_byte_of_an_exported_bundle_is_found(tmp_path: Path, data: st.DataObject) -> None:
    bundle = bytearray(exported(4))
    bundle[data.draw(st.integers(0, len(bundle) - 1))] ^= data.draw(st.integers(1, 255))
    assert told(tmp_path, bytes(bundle))


def test_a_changed_letter_in_an_exported_leaf_names_its_entry(tmp_path: Path) -> None:
    lines = exported().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"p-diabetes", b"p-diabetis")
    assert told(tmp_path, b"".join(lines)) == "entry 3 does not match its hash"


def test_the_receipt_of_a_release_proves_its_package(tmp_path: Path) -> None:
    ledger = a_ledger(9)
    receipt = make_receipt(Reader(ledger), Notes(ledger, 7), 5, ORIGIN)
    packed = json.dumps(receipt).encode()
    assert told(tmp_path, exported(), receipt=packed, file=PACKAGE) == ""
    assert told(tmp_path, None, receipt=packed, file=PACKAGE + b" ").startswith("the file ")
