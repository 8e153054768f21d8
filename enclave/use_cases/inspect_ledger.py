"""What an auditor does with the ledger: verify it, and carry it away.

A bundle is text, one JSON document a line: a header (format, origin, key, checkpoint), then
every leaf in order with its hash, and its opened body where it may be opened. It is verified offline by
``verify_bundle`` here and by the stand-alone verifier, which shares no code with it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from enclave.audit.checkpoint import Checkpoint, open_checkpoint
from enclave.audit.ledger import Entry, Verified, first_fault
from enclave.errors import InvalidInputError, UnavailableError
from enclave.ports import CheckpointStore, LedgerReader
from enclave.sentences import say

FORMAT = "hanare-ledger-bundle/1"


def verify_ledger(
    reader: LedgerReader, notes: CheckpointStore, key_name: str, earlier: Sequence[str] = ()
) -> Verified:
    """Walk the live ledger against its head, the kept checkpoints, and ``earlier`` ones."""
    kept = notes.all()
    checkpoints = (
        [open_checkpoint(note, key_name, notes.public_key()) for note in (*kept, *earlier)]
        if (kept or earlier)
        else []
    )
    return first_fault(reader.entries(), reader.head(), checkpoints)


def export_bundle(
    reader: LedgerReader, notes: CheckpointStore, key_name: str, *, bodies: bool
) -> Iterator[str]:
    """The bundle's lines, up to the newest checkpoint."""
    note = notes.latest()
    if note is None:
        raise UnavailableError(
            "no_checkpoint_yet",
            say("The recorder has not signed a checkpoint over this yet. Try again shortly."),
        )
    public = notes.public_key()
    checkpoint = open_checkpoint(note, key_name, public)
    header = {
        "format": FORMAT,
        "origin": checkpoint.origin,
        "key_name": key_name,
        "public_key": public.hex(),
        "size": checkpoint.size,
        "checkpoint": note,
    }
    yield json.dumps(header, ensure_ascii=False)
    for entry in reader.entries():
        if entry.number > checkpoint.size:
            return
        line: dict[str, Any] = {
            "n": entry.number,
            "hash": entry.hash.hex(),
            "leaf": entry.data.decode(errors="surrogateescape"),
        }
        if bodies and entry.body is not None:
            line["body"] = entry.body.hex()
        yield json.dumps(line, ensure_ascii=True)


def verify_bundle(lines: Iterable[str], earlier: Sequence[str] = ()) -> Verified:
    """Walk a bundle against its own checkpoint and ``earlier`` ones."""
    stream = iter(lines)
    try:
        header = json.loads(next(stream))
        if header["format"] != FORMAT:
            raise ValueError("format")
        public, name = bytes.fromhex(header["public_key"]), header["key_name"]
        note = header["checkpoint"]
    except (StopIteration, ValueError, KeyError, TypeError) as error:
        raise InvalidInputError(
            "not_a_bundle", say("This file is not a ledger bundle. Export it again.")
        ) from error
    head = open_checkpoint(note, name, public)
    checkpoints: list[Checkpoint] = [open_checkpoint(old, name, public) for old in earlier]
    return first_fault(_bundle_entries(stream), head, checkpoints)


def _bundle_entries(lines: Iterator[str]) -> Iterator[Entry]:
    for position, line in enumerate(lines, start=1):
        try:
            document = json.loads(line)
            data = document["leaf"].encode(errors="surrogateescape")
            body = bytes.fromhex(document["body"]) if "body" in document else None
            yield Entry(document["n"], data, bytes.fromhex(document["hash"]), body)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield Entry(position, b"", b"")
