"""Time boxes: for how long, and for what, the officers opened their box.

Rules:

1. A time box is for building, or for one inquiry and no other; what is open for one is closed
   for the other.
2. It has an end from the beginning, at most ``MOST_MINUTES`` away, and every use asks for it.
3. At most one is open for each purpose and subject.
4. A state is written before the effect it speaks of; a time box whose opening was not finished
   is undone, one whose end has passed, or whose opened half is gone, is closed. In doubt: closed.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from enclave.errors import ConflictError, InvalidInputError
from enclave.sentences import say

MOST_MINUTES = 480
"""A working day: no policy allows more."""


class Purpose(StrEnum):
    """What the box is opened for."""

    BUILD = "build"
    INQUIRY = "inquiry"
    CHANGE = "change"
    """The box itself is made or changed; nothing is opened by it."""


class BoxState(StrEnum):
    """Where a time box stands."""

    INTENDED = "intended"
    OPEN = "open"
    CLOSED = "closed"


class Ending(StrEnum):
    """Why a time box is closed."""

    CLOSED = "closed"
    """Somebody closed it, or its inquiry was answered."""
    EXPIRED = "expired"
    GONE = "gone"
    """The opened half was no longer there: the machine was started anew, or somebody removed it."""
    UNDONE = "undone"
    DONE = "done"
    """The box was changed as intended."""


@dataclass(frozen=True, slots=True)
class TimeBox:
    """One opening."""

    id: str
    purpose: Purpose
    subject: str
    """The inquiry's number; empty for builds."""
    officers: tuple[str, str]
    opened_at: datetime
    expires_at: datetime
    state: BoxState = BoxState.INTENDED
    ending: Ending | None = None

    def past(self, now: datetime) -> bool:
        """Whether its end has come. At the very moment it is over."""
        return now >= self.expires_at

    def opened(self) -> "TimeBox":
        return replace(self, state=BoxState.OPEN)

    def ended(self, ending: Ending) -> "TimeBox":
        return replace(self, state=BoxState.CLOSED, ending=ending)


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened private half of a time box, as the producer's zone holds it while it is open."""

    id: str
    purpose: Purpose
    subject: str
    expires_at: datetime
    private: bytes = field(repr=False)


def check_minutes(minutes: int, most: int) -> timedelta:
    """How long a time box lasts.

    Raises:
        InvalidInputError: shorter than a minute, or longer than the policy allows.
    """
    most = min(most, MOST_MINUTES)
    if 1 <= minutes <= most:
        return timedelta(minutes=minutes)
    raise InvalidInputError("bad_minutes", say("A time box lasts 1 to {most} minutes.", most=most))


def officers_sealed() -> ConflictError:
    """What whoever needs the opened box is told while it is closed."""
    return ConflictError(
        "officers_sealed",
        say("The officers' box is closed. Two officers open it: enclave catalog officers open"),
    )
