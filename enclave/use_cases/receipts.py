"""Receipts: proof, for one event, that it stands in the signed ledger.

A receipt is a JSON document that the stand-alone verifier reads: the leaf as it was hashed,
its number, the path to the root, and a signed checkpoint whose tree holds it.
"""

from typing import Any

from enclave.audit.checkpoint import open_checkpoint
from enclave.audit.merkle import inclusion_path
from enclave.errors import UnavailableError
from enclave.ports import CheckpointStore, LedgerReader
from enclave.sentences import say

FORMAT = "hanare-receipt/1"


def make_receipt(reader: LedgerReader, notes: CheckpointStore, number: int, key_name: str) -> dict[str, Any]:
    """The receipt of entry ``number``.

    Raises:
        UnavailableError: no checkpoint covers it yet; the recorder signs within a minute.
    """
    note = notes.at_or_after(number)
    entry = next(reader.entries(number), None)
    if note is None or entry is None or entry.number != number:
        raise UnavailableError(
            "no_checkpoint_yet",
            say("The recorder has not signed a checkpoint over this yet. Try again shortly."),
        )
    public = notes.public_key()
    checkpoint = open_checkpoint(note, key_name, public)
    path = inclusion_path(number - 1, reader.leaf_hashes(checkpoint.size))
    return {
        "format": FORMAT,
        "number": number,
        "leaf": entry.data.decode(),
        "path": [step.hex() for step in path],
        "size": checkpoint.size,
        "checkpoint": note,
        "key_name": key_name,
        "public_key": public.hex(),
    }
