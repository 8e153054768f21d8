"""The only two ways a request changes its state: with a permit, or by the platform unasked.

Both look the move up in ``workflow.MOVES``, store the request under its version and record
the move's event, in the caller's transaction. A move that names an action is made only with a
permit for that action on this version of this request.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.decisions import Permit
from enclave.errors import ConflictError
from enclave.sentences import say
from output_review.permissions import PLATFORM, subject_of
from output_review.ports import ReviewWork
from output_review.requests import ReleaseRequest
from output_review.workflow import STATE_WORDS, Move, State, find_move


def make_move(
    work: ReviewWork,
    permit: Permit,
    request: ReleaseRequest,
    target: State,
    *,
    facts: Mapping[str, Value] | None = None,
    body: Mapping[str, Value] | None = None,
    **changes: Any,
) -> ReleaseRequest:
    """The request in its new state, with what changed beside the state; recorded.

    Raises:
        ConflictError: no such move, or the permit is for something else.
    """
    move = find_move(request.state, target)
    if move is None or (permit.action, permit.subject) != (move.action, subject_of(request)):
        raise _not_now(request)
    return _apply(work, move, permit.person.username, request, facts, body, changes)[0]


def make_step(
    work: ReviewWork,
    request: ReleaseRequest,
    target: State,
    *,
    facts: Mapping[str, Value] | None = None,
    body: Mapping[str, Value] | None = None,
    **changes: Any,
) -> ReleaseRequest:
    """The same for what the platform does unasked: moves of the table without an action."""
    move = find_move(request.state, target)
    if move is None or move.action is not None:
        raise _not_now(request)
    return _apply(work, move, PLATFORM.username, request, facts, body, changes)[0]


def make_release_move(
    work: ReviewWork, permit: Permit, request: ReleaseRequest, facts: Mapping[str, Value]
) -> tuple[ReleaseRequest, int]:
    """The released request, and the number of the event that proves it."""
    move = find_move(request.state, State.RELEASED)
    if move is None or (permit.action, permit.subject) != (move.action, subject_of(request)):
        raise _not_now(request)
    return _apply(work, move, permit.person.username, request, facts, None, {})


def _apply(
    work: ReviewWork,
    move: Move,
    actor: str,
    request: ReleaseRequest,
    facts: Mapping[str, Value] | None,
    body: Mapping[str, Value] | None,
    changes: Mapping[str, Any],
) -> tuple[ReleaseRequest, int]:
    stored = work.requests.put(replace(request, state=move.target, **{"changed_at": work.now, **changes}))
    number = work.record(
        EventDraft(
            move.kind,
            person=actor,
            project=request.project,
            subject=request.id,
            facts={
                "from": move.source.value,
                "to": move.target.value,
                "round": request.round,
                **(facts or {}),
            },
            body=body,
        )
    )
    return stored, number


def _not_now(request: ReleaseRequest) -> ConflictError:
    return ConflictError(
        "not_now",
        say(
            "This cannot be done while the request is '{state}'. Look again.",
            state=STATE_WORDS[request.state],
        ),
    )
