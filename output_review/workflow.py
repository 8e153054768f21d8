"""The one table of states and moves of a release request.

Everything else that knows about states is derived from ``MOVES``: which moves are legal,
whose turn it is, which event a move leaves in the ledger, and the diagram in the docs. Three
rules hold over the table and are tested on it:

1. without the checkers' moves, ``RELEASED`` cannot be reached;
2. a move that a person makes names the action that the person must be permitted;
3. nothing leaves a closed state: what was returned, refused, rejected, withdrawn or released
   stays so, and a correction is a new request that names the one it replaces.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from enclave.actions import Action as Do
from enclave.audit.kinds import Kind
from enclave.sentences import Sentence, say


class State(StrEnum):
    """Where a request stands. The value is stable: it stands in the ledger and in answers."""

    DRAFT = "draft"
    """Announced; its files are still arriving."""
    HANDED_IN = "handed_in"
    """Complete; a reader makes the canonical bytes."""
    AWAITING_AUTHOR = "awaiting_author"
    """The canonical bytes exist; the author has not confirmed them yet."""
    CHECKING = "checking"
    """Confirmed; the automatic checks run."""
    IN_REVIEW = "in_review"
    """Two checkers read it, neither seeing what the other thinks."""
    APPROVED = "approved"
    """Two people approved at least one file; the platform releases it."""
    RELEASED = "released"
    RETURNED = "returned"
    """Something must be changed first; the author was told what."""
    REJECTED = "rejected"
    """Two people looked and no file was approved by both."""
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    """The platform could not read or check it, so it does not go on."""


class Hand(StrEnum):
    """Who holds the pen while a request is in a state."""

    AUTHOR = "author"
    CHECKERS = "checkers"
    PLATFORM = "platform"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Move:
    """One legal step, who makes it, what it takes and what it leaves in the ledger."""

    source: State
    target: State
    by: Hand
    kind: Kind
    action: Do | None = None
    """What must be permitted. Absent on what the platform does unasked and undone by nobody."""


MOVES = (
    Move(State.DRAFT, State.HANDED_IN, Hand.AUTHOR, Kind.REQUEST_HANDED_IN, Do.HAND_IN),
    Move(State.DRAFT, State.WITHDRAWN, Hand.AUTHOR, Kind.REQUEST_WITHDRAWN, Do.WITHDRAW_REQUEST),
    Move(State.HANDED_IN, State.AWAITING_AUTHOR, Hand.PLATFORM, Kind.REQUEST_READ),
    Move(State.HANDED_IN, State.REFUSED, Hand.PLATFORM, Kind.REQUEST_REFUSED),
    Move(State.HANDED_IN, State.WITHDRAWN, Hand.AUTHOR, Kind.REQUEST_WITHDRAWN, Do.WITHDRAW_REQUEST),
    Move(State.AWAITING_AUTHOR, State.CHECKING, Hand.AUTHOR, Kind.REQUEST_CONFIRMED, Do.CONFIRM_REQUEST),
    Move(State.AWAITING_AUTHOR, State.WITHDRAWN, Hand.AUTHOR, Kind.REQUEST_WITHDRAWN, Do.WITHDRAW_REQUEST),
    Move(State.CHECKING, State.IN_REVIEW, Hand.PLATFORM, Kind.REQUEST_CHECKED),
    Move(State.CHECKING, State.RETURNED, Hand.PLATFORM, Kind.REQUEST_RETURNED),
    Move(State.CHECKING, State.REFUSED, Hand.PLATFORM, Kind.REQUEST_REFUSED),
    Move(State.CHECKING, State.WITHDRAWN, Hand.AUTHOR, Kind.REQUEST_WITHDRAWN, Do.WITHDRAW_REQUEST),
    Move(State.IN_REVIEW, State.APPROVED, Hand.CHECKERS, Kind.REQUEST_APPROVED, Do.COMPLETE_REVIEW),
    Move(State.IN_REVIEW, State.REJECTED, Hand.CHECKERS, Kind.REQUEST_REJECTED, Do.COMPLETE_REVIEW),
    Move(State.IN_REVIEW, State.RETURNED, Hand.CHECKERS, Kind.REQUEST_RETURNED, Do.RETURN_REQUEST),
    Move(State.IN_REVIEW, State.CHECKING, Hand.PLATFORM, Kind.REVIEW_REFUSED),
    Move(State.IN_REVIEW, State.WITHDRAWN, Hand.AUTHOR, Kind.REQUEST_WITHDRAWN, Do.WITHDRAW_REQUEST),
    Move(State.APPROVED, State.RELEASED, Hand.PLATFORM, Kind.RELEASE_DONE, Do.RELEASE_REQUEST),
    Move(State.APPROVED, State.IN_REVIEW, Hand.PLATFORM, Kind.REVIEW_REFUSED),
    Move(State.APPROVED, State.CHECKING, Hand.PLATFORM, Kind.REVIEW_REFUSED),
    Move(State.APPROVED, State.REFUSED, Hand.PLATFORM, Kind.REQUEST_REFUSED),
)

STATE_WORDS: dict[State, Sentence] = {
    State.DRAFT: say("arriving"),
    State.HANDED_IN: say("being read"),
    State.AWAITING_AUTHOR: say("waiting for its author"),
    State.CHECKING: say("being checked"),
    State.IN_REVIEW: say("in review"),
    State.APPROVED: say("approved"),
    State.RELEASED: say("released"),
    State.RETURNED: say("returned"),
    State.REJECTED: say("rejected"),
    State.WITHDRAWN: say("withdrawn"),
    State.REFUSED: say("refused"),
}
"""How a state is called in a sentence."""

CLOSED = frozenset(State) - {m.source for m in MOVES}
"""States that nothing leaves."""


def find_move(source: State, target: State) -> Move | None:
    """The move from one state to another, if the table has it."""
    return next((m for m in MOVES if (m.source, m.target) == (source, target)), None)


def moves_for(source: State, action: Do) -> tuple[Move, ...]:
    """The moves that an action can make from a state; none means not now."""
    return tuple(m for m in MOVES if m.source is source and m.action is action)


def whose_hand(state: State) -> Hand:
    """Whose turn it is. Withdrawing is always possible and makes it nobody's turn."""
    turns = (m.by for m in MOVES if m.source is state and m.action is not Do.WITHDRAW_REQUEST)
    return next(turns, Hand.NOBODY)


def reachable(moves: Iterable[Move], start: State = State.DRAFT) -> frozenset[State]:
    """Every state that these moves can lead to from ``start``."""
    table, found, edge = tuple(moves), {start}, {start}
    while edge:
        edge = {m.target for m in table if m.source in edge} - found
        found |= edge
    return frozenset(found)
