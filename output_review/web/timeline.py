"""The road of a request, step by step, with the times that the ledger holds.

Only moves of the request itself are told: an author learns from the road that checks ran and
that it was decided, never who voted when.
"""

import json
from dataclasses import dataclass

from enclave.audit.kinds import Kind
from enclave.sentences import Sentence, say
from enclave.web.house import LedgerShelf, Wanted
from output_review.requests import ReleaseRequest
from output_review.workflow import State

ROAD = (
    State.HANDED_IN,
    State.AWAITING_AUTHOR,
    State.CHECKING,
    State.IN_REVIEW,
    State.APPROVED,
    State.RELEASED,
)
_WORDS = {
    State.HANDED_IN: say("Handed in"),
    State.AWAITING_AUTHOR: say("Read"),
    State.CHECKING: say("Confirmed"),
    State.IN_REVIEW: say("Checked"),
    State.APPROVED: say("Approved by two"),
    State.RELEASED: say("Released"),
    State.RETURNED: say("Returned"),
    State.REJECTED: say("Rejected"),
    State.WITHDRAWN: say("Withdrawn"),
    State.REFUSED: say("Refused"),
}
_KINDS = {
    State.HANDED_IN: Kind.REQUEST_HANDED_IN,
    State.AWAITING_AUTHOR: Kind.REQUEST_READ,
    State.CHECKING: Kind.REQUEST_CONFIRMED,
    State.IN_REVIEW: Kind.REQUEST_CHECKED,
    State.APPROVED: Kind.REQUEST_APPROVED,
    State.RELEASED: Kind.RELEASE_DONE,
    State.RETURNED: Kind.REQUEST_RETURNED,
    State.REJECTED: Kind.REQUEST_REJECTED,
    State.WITHDRAWN: Kind.REQUEST_WITHDRAWN,
    State.REFUSED: Kind.REQUEST_REFUSED,
}
_BAD_ENDS = frozenset({State.REJECTED, State.REFUSED, State.RETURNED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the road: ``past``, ``now`` or ``ahead``."""

    words: Sentence
    place: str
    at: str = ""


def timeline(ledger: LedgerShelf, request: ReleaseRequest) -> tuple[Step, ...]:
    """The steps taken, where it stands, and what lies ahead."""
    taken = {state: _when(ledger, request.id, kind) for state, kind in _KINDS.items()}
    if request.state in _BAD_ENDS:
        past = [state for state in ROAD if taken[state]]
        steps = [Step(_WORDS[state], "past", taken[state]) for state in past]
        return (*steps, Step(_WORDS[request.state], "now end-bad", taken[request.state]))
    here = ROAD.index(request.state) if request.state in ROAD else -1
    end = "now end-good" if request.state is State.RELEASED else "now"
    return tuple(
        Step(
            _WORDS[state],
            "past" if i < here else end if i == here else "ahead",
            taken[state] if i <= here else "",
        )
        for i, state in enumerate(ROAD)
    )


def _when(ledger: LedgerShelf, request_id: str, kind: Kind) -> str:
    found = ledger.page(Wanted(kind=kind.value, subject=request_id), 1)
    return str(json.loads(found[0].data)["at"]) if found else ""
