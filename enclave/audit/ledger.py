"""The rules a ledger must satisfy, checked over its entries. Pure.

``first_fault`` walks the entries in order and names the first that is wrong:

1. numbers run from 1 without a gap;
2. the stored hash is the RFC 6962 leaf hash of the stored bytes;
3. the bytes are the canonical form of what they say, and say their own number;
4. times never run backwards by more than ``CLOCK_SLACK``;
5. a body, where it can be opened, is the one the leaf committed to.

At the end the root must equal the head's, and every checkpoint given must be the root of
the prefix of its size: that finds truncation and a history that was rewritten and signed anew.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from enclave.audit.canonical import canonical
from enclave.audit.checkpoint import Checkpoint
from enclave.audit.event import opens
from enclave.audit.merkle import CompactRange, leaf_hash
from enclave.sentences import Sentence, say

CLOCK_SLACK = timedelta(seconds=5)
"""Processes of one house share a clock; a step back of more than this is a fault."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored leaf: its number, its bytes, the hash kept beside them, the opened body."""

    number: int
    data: bytes
    hash: bytes
    body: bytes | None = None
    """``salt || body`` where it could be decrypted; None where erased or absent."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is wrong, and how."""

    number: int
    code: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk over a whole ledger found."""

    size: int
    root: bytes
    fault: Fault | None = None


def first_fault(
    entries: Iterable[Entry], head: Checkpoint | None = None, checkpoints: Sequence[Checkpoint] = ()
) -> Verified:
    """Walk the ledger; ``head`` is what the store claims, ``checkpoints`` were signed earlier."""
    tree, before = CompactRange(), None
    due = {c.size: c for c in checkpoints}
    for expected, entry in enumerate(entries, start=1):
        fault = _entry_fault(entry, expected, before)
        if fault:
            return Verified(tree.size, tree.root(), fault)
        before = _time_of(entry.data)
        tree = tree.append(entry.hash)
        kept = due.pop(tree.size, None)
        if kept and kept.root != tree.root():
            return Verified(tree.size, tree.root(), _rewritten(kept.size))
    if due and min(due) != 0:
        size = min(due)
        return Verified(tree.size, tree.root(), _truncated(tree.size, size))
    if head and (head.size, head.root) != (tree.size, tree.root()):
        return Verified(tree.size, tree.root(), _head(tree.size))
    return Verified(tree.size, tree.root())


def _time_of(data: bytes) -> datetime:
    return datetime.strptime(json.loads(data)["at"], "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007  the Z is in the text


def _entry_fault(entry: Entry, expected: int, before: datetime | None) -> Fault | None:
    if entry.number != expected:
        return Fault(expected, "gap", say("Entry {n} is missing.", n=expected))
    if leaf_hash(entry.data) != entry.hash:
        return Fault(expected, "altered", say("Entry {n} does not match its hash.", n=expected))
    try:
        document = json.loads(entry.data)
        whole = canonical(document) == entry.data and document["n"] == expected
        at = _time_of(entry.data)
    except (ValueError, TypeError, KeyError):
        whole, at = False, datetime.min  # noqa: DTZ901  compared with nothing: the entry is refused
    if not whole:
        return Fault(expected, "not_canonical", say("Entry {n} is not in its canonical form.", n=expected))
    if before and at < before - CLOCK_SLACK:
        return Fault(expected, "time", say("Entry {n} is older than the entry before it.", n=expected))
    if entry.body is not None and not opens(entry.data, entry.body):
        return Fault(
            expected, "body", say("The body of entry {n} is not the one it committed to.", n=expected)
        )
    return None


def _rewritten(size: int) -> Fault:
    return Fault(
        size,
        "rewritten",
        say("The first {n} entries are not those of the checkpoint: the history was rewritten.", n=size),
    )


def _truncated(size: int, wanted: int) -> Fault:
    return Fault(
        size + 1,
        "truncated",
        say("The ledger ends at entry {n}, but a checkpoint was signed at {wanted}.", n=size, wanted=wanted),
    )


def _head(size: int) -> Fault:
    return Fault(size, "head", say("The head of the ledger does not match its {n} entries.", n=size))
