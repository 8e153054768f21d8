"""Events from desks into the ledger, many at a time: one writer, group commit.

Whoever records waits for the commit; meanwhile others arrive, and the writer takes all that
wait into one transaction. If that fails, each is tried by itself, so that one bad event does
not take the others with it. What was not committed is never acknowledged.
"""

import queue
import re
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.ports import LiveWorkspace, ReviewWorks

BATCH = 100
MAX_SOURCE = 1_000_000
OUTCOMES = frozenset({"ok", "error", "aborted", "refused"})
_EVENT_ID = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[A-Za-z0-9_-]{0,64}")


def cell_draft(workspace: LiveWorkspace, sent: Mapping[str, Any]) -> EventDraft:
    """The event of a cell that was asked for, or of how it ended.

    Person and project are the workspace's, whatever was sent.

    Raises:
        InvalidInputError: a field is missing or has another form.
    """
    event_id, stage = _event_id(sent), sent.get("stage")
    facts: dict[str, Value] = {
        "event": event_id,
        "kernel": _word(sent, "kernel_id"),
        "channel": _word(sent, "channel"),
        "type": _word(sent, "msg_type"),
    }
    body: dict[str, Value] | None = None
    if stage == "requested":
        expressions = sent.get("expressions", [])
        if not isinstance(expressions, list):
            raise _bad("expressions")
        facts["silent"] = sent.get("silent") is True
        facts["expressions"] = len(expressions)
        body = {
            "source": _text(sent.get("source"), "source"),
            "expressions": [_text(expression, "expressions") for expression in expressions],
        }
        kind = Kind.CELL_REQUESTED
    elif stage == "outcome" and sent.get("outcome") in OUTCOMES:
        facts["outcome"] = str(sent["outcome"])
        kind = Kind.CELL_OUTCOME
    else:
        raise _bad("stage")
    return EventDraft(
        kind,
        person=workspace.person,
        project=workspace.project,
        subject=workspace.wid,
        facts=facts,
        body=body,
        event_id=f"cell:{workspace.wid}:{event_id}:{stage}",
    )


def output_draft(workspace: LiveWorkspace, sent: Mapping[str, Any]) -> EventDraft:
    """The event of what a cell showed, in bytes per channel."""
    event_id, shown = _event_id(sent), sent.get("bytes")
    if not isinstance(shown, Mapping):
        raise _bad("bytes")
    facts: dict[str, Value] = {"event": event_id}
    for channel in ("text", "image"):
        count = shown.get(channel, 0)
        if type(count) is not int or not 0 <= count <= 2**40:
            raise _bad("bytes")
        facts[channel] = count
    return EventDraft(
        Kind.OUTPUT_SHOWN,
        person=workspace.person,
        project=workspace.project,
        subject=workspace.wid,
        facts=facts,
        event_id=f"output:{workspace.wid}:{event_id}",
    )


class EventWriter:
    """One thread that commits whatever waits."""

    def __init__(self, works: ReviewWorks) -> None:
        self._works = works
        self._waiting: queue.SimpleQueue[tuple[EventDraft, Future[int]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="event-writer", daemon=True)
        self._thread.start()

    def record(self, draft: EventDraft) -> "Future[int]":
        """The number of the event, once it is committed."""
        future: Future[int] = Future()
        self._waiting.put((draft, future))
        return future

    def close(self) -> None:
        """Commit what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            taken = [self._waiting.get()]
            while len(taken) < BATCH and not self._waiting.empty():
                taken.append(self._waiting.get())
            open_ = None not in taken
            # A waiter that gave up withdrew its event: what nobody waits for is not recorded.
            batch = [one for one in taken if one is not None and one[1].set_running_or_notify_cancel()]
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[tuple[EventDraft, "Future[int]"]]) -> None:
        try:
            with self._works.begin() as work:
                numbers = [work.record(draft) for draft, _ in batch]
        except Exception as error:  # noqa: BLE001  each waiter gets its own answer
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for one in batch:
                self._commit([one])
            return
        for (_, future), number in zip(batch, numbers, strict=True):
            future.set_result(number)


def _event_id(sent: Mapping[str, Any]) -> str:
    event_id = sent.get("event_id")
    if not isinstance(event_id, str) or not _EVENT_ID.fullmatch(event_id):
        raise _bad("event_id")
    return event_id


def _word(sent: Mapping[str, Any], name: str) -> str:
    """A short identifier, or nothing."""
    value = sent.get(name, "")
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise _bad(name)
    return value


def _text(value: object, name: str) -> str:
    """Text that is text and not too long."""
    if not isinstance(value, str) or len(value) > MAX_SOURCE:
        raise _bad(name)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _bad(name) from error
    return value


def _bad(name: str) -> InvalidInputError:
    return InvalidInputError(
        "bad_message", say("The field '{name}' is missing or has another form.", name=name)
    )
