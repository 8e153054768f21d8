"""An event of a workspace: whose it is comes from the socket, and nothing can be said twice.

The ledger's id of the event holds the desk's own id and a digest of what was said: the same
report again is the same leaf, another report under a used id is a leaf of its own.
"""

import hashlib
from collections.abc import Mapping

from enclave.audit.canonical import Value, canonical
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from output_review.ports import LiveWorkspace

_DIGITS = 16


def event_of(
    workspace: LiveWorkspace,
    kind: Kind,
    facts: Mapping[str, Value],
    body: Mapping[str, Value] | None = None,
) -> EventDraft:
    """The draft; ``facts`` hold the desk's id as ``event``."""
    said = hashlib.sha256(canonical([facts, body])).hexdigest()[:_DIGITS]
    return EventDraft(
        kind,
        person=workspace.person,
        project=workspace.project,
        subject=workspace.wid,
        facts=facts,
        body=body,
        event_id=f"{kind.value}:{workspace.wid}:{facts['event']}:{said}",
    )
