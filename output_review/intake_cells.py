"""The events of a cell: asked for, ended, and what it showed.

What a cell showed is told by kind, parts, bytes and hash: never the content.
"""

import re
from collections.abc import Mapping
from typing import Any

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from output_review.intake_events import event_of
from output_review.intake_fields import bad, count, hex_id, sha256_of, text, word
from output_review.ports import LiveWorkspace

MAX_SOURCE = 1_000_000
MAX_SHOWN = 64
OUTCOMES = frozenset({"ok", "error", "aborted", "refused"})
_MEDIA = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,40}(/[a-z0-9][a-z0-9.+_-]{0,60})?")


def cell_draft(workspace: LiveWorkspace, sent: Mapping[str, Any]) -> EventDraft:
    """The event of a cell that was asked for, or of how it ended.

    Raises:
        InvalidInputError: a field is missing or has another form.
    """
    stage = sent.get("stage")
    facts: dict[str, Value] = {
        "event": hex_id(sent, "event_id"),
        "kernel": word(sent, "kernel_id"),
        "channel": word(sent, "channel"),
        "type": word(sent, "msg_type"),
    }
    body: dict[str, Value] | None = None
    if stage == "requested":
        expressions = sent.get("expressions", [])
        if not isinstance(expressions, list):
            raise bad("expressions")
        facts["silent"] = sent.get("silent") is True
        facts["expressions"] = len(expressions)
        body = {
            "source": text(sent.get("source"), "source", MAX_SOURCE),
            "expressions": [text(expression, "expressions", MAX_SOURCE) for expression in expressions],
        }
        kind = Kind.CELL_REQUESTED
    elif stage == "outcome" and sent.get("outcome") in OUTCOMES:
        facts["outcome"] = str(sent["outcome"])
        kind = Kind.CELL_OUTCOME
    else:
        raise bad("stage")
    return event_of(workspace, kind, facts, body)


def output_draft(workspace: LiveWorkspace, sent: Mapping[str, Any]) -> EventDraft:
    """The event of what a cell showed: bytes per channel, and kind, parts, bytes and hash of each."""
    counted, shown = sent.get("bytes"), sent.get("shown")
    if not isinstance(counted, Mapping):
        raise bad("bytes")
    if not isinstance(shown, list) or len(shown) > MAX_SHOWN:
        raise bad("shown")
    facts: dict[str, Value] = {
        "event": hex_id(sent, "event_id"),
        "text": count(counted, "text"),
        "image": count(counted, "image"),
        "shown": [_shown(one) for one in shown],
    }
    return event_of(workspace, Kind.OUTPUT_SHOWN, facts)


def _shown(one: object) -> dict[str, Value]:
    if not isinstance(one, Mapping):
        raise bad("shown")
    kind = one.get("kind")
    if not isinstance(kind, str) or not _MEDIA.fullmatch(kind):
        raise bad("kind")
    return {
        "kind": kind,
        "parts": count(one, "parts"),
        "bytes": count(one, "bytes"),
        "sha256": sha256_of(one, "sha256"),
    }
