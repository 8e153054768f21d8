"""The events of a workspace's files and kernels, and of what its desk refused.

A file's path may hold words or data, so it stands in the erasable body; the leaf holds the
deed, the size and the hash. A kernel's id and name are the desk's own.
"""

from collections.abc import Mapping
from typing import Any

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from output_review.intake_events import event_of
from output_review.intake_fields import count, hex_id, one_of, sha256_of, text, word
from output_review.ports import LiveWorkspace

MAX_PATH = 4096
DEEDS = {
    "opened": Kind.FILE_OPENED,
    "written": Kind.FILE_WRITTEN,
    "moved": Kind.FILE_MOVED,
    "removed": Kind.FILE_REMOVED,
    "copied": Kind.FILE_COPIED,
    "folder_made": Kind.FILE_FOLDER_MADE,
    "listed": Kind.FILE_LISTED,
}
STAGES = {
    "started": Kind.KERNEL_STARTED,
    "restarted": Kind.KERNEL_RESTARTED,
    "ended": Kind.KERNEL_ENDED,
}


def file_draft(workspace: LiveWorkspace, sent: Mapping[str, Any]) -> EventDraft:
    """The event of something that is about to be done to a file or a folder."""
    facts: dict[str, Value] = {
        "event": hex_id(sent, "event_id"),
        "bytes": count(sent, "bytes"),
        "sha256": sha256_of(sent, "sha256", optional=True),
    }
    body: dict[str, Value] = {"path": text(sent.get("path"), "path", MAX_PATH)}
    return event_of(workspace, DEEDS[one_of(sent, "deed", DEEDS)], facts, body)


def refusal_draft(workspace: LiveWorkspace, sent: Mapping[str, Any]) -> EventDraft:
    """The event of what the desk refused some times: closed addresses, dropped messages."""
    facts: dict[str, Value] = {
        "event": hex_id(sent, "event_id"),
        "what": word(sent, "what", needed=True),
        "count": count(sent, "count"),
    }
    return event_of(workspace, Kind.DESK_REFUSED, facts)


def kernel_draft(workspace: LiveWorkspace, sent: Mapping[str, Any]) -> EventDraft:
    """The event of a kernel that started, started anew or ended."""
    facts: dict[str, Value] = {
        "event": hex_id(sent, "event_id"),
        "kernel": word(sent, "kernel_id", needed=True),
        "name": word(sent, "name"),
    }
    return event_of(workspace, STAGES[one_of(sent, "stage", STAGES)], facts)
