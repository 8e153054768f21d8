"""One event, and the leaf it becomes.

A leaf is canonical JSON: version, number (from 1, no gaps), time, kind, person, project,
subject, facts and a commitment. *Facts* are codes, counts, hashes and ids of ours. Whatever
may hold data or words of people (cell text, file names, comments) goes into the *body*,
which is stored beside the leaf under the project's key; the leaf holds only
``sha256(salt || body)``. Destroying the key erases the body and breaks no proof.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from enclave.audit.canonical import Value, canonical
from enclave.audit.kinds import Kind

LEAF_VERSION = 1
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What happened, before the ledger gives it a number and a time."""

    kind: Kind
    person: str
    """The username that acted, or ``platform``."""
    project: str = ""
    subject: str = ""
    """The id of the thing acted upon: request, workspace, proposal, file digest."""
    facts: Mapping[str, Value] = field(default_factory=dict)
    body: Mapping[str, Value] | None = None
    """May hold data or words of people; erasable."""
    event_id: str | None = None
    """An id from outside, unique in the ledger: the same event twice is one leaf."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An event in its place: the bytes that are hashed, and the body they commit to."""

    number: int
    data: bytes
    body: bytes | None
    """``salt || canonical body``, to be sealed under the project's key."""


def make_leaf(draft: EventDraft, number: int, at: datetime, salt: bytes) -> Leaf:
    """The leaf of an event. ``at`` is UTC; ``salt`` is fresh random bytes (16)."""
    body = None if draft.body is None else salt + canonical(draft.body)
    document: dict[str, Value] = {
        "v": LEAF_VERSION,
        "n": number,
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "kind": draft.kind.value,
        "person": draft.person,
        "project": draft.project,
        "subject": draft.subject,
        "facts": dict(draft.facts),
        "body": None if body is None else hashlib.sha256(body).hexdigest(),
    }
    return Leaf(number, canonical(document), body)


def opens(leaf_data: bytes, body: bytes) -> bool:
    """Whether ``body`` (salt and all) is the one this leaf committed to."""
    committed = json.loads(leaf_data).get("body")
    return bool(committed == hashlib.sha256(body).hexdigest())


def body_of(body: bytes) -> dict[str, Value]:
    """The body's document, salt cut off."""
    document: dict[str, Value] = json.loads(body[SALT_BYTES:])
    return document
