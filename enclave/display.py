"""How much a person may be shown, and what follows when more is asked for. Pure.

1. Two channels are metered: text and pictures. Each has a limit per message (the desk holds
   that one), per hour and per day, for one person over all projects.
2. Bytes are kept by the clock hour (UTC) they were granted in. *Hour* is the running clock
   hour. *Day* is the running clock hour and the 24 before it: at least 24 hours wherever they
   begin, so that no 24 hours ever hold more than the day's limit. Hours later than now count
   too: a clock that was set back gives nothing away.
3. A desk takes leases: what is granted counts at once, what it gives back unused counts no
   more. Less left than the least it asked for is nothing, and an attempt over the limit.
4. Attempts within the merge time of an incident's first one are that incident. A new incident
   pauses compute; the one that makes ``disable_at`` since the last lifting disables the
   account until two people lift it. While paused or disabled nothing is granted.
5. The numbers are the board's (``policies/sessions.yaml``), every one with its source. They
   may tighten the ceilings below, never loosen them; a number that is missing is a refusal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from enclave.decisions import Refusal
from enclave.errors import InvalidInputError
from enclave.sentences import say

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


class Channel(StrEnum):
    """What kind of bytes stands before a person."""

    TEXT = "text"
    IMAGE = "image"


class Outcome(StrEnum):
    """What an incident led to."""

    PAUSED = "paused"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Budget:
    """Bytes of one channel."""

    message: int
    hour: int
    day: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """What follows an attempt over the limit."""

    pause: timedelta = timedelta(minutes=10)
    disable_at: int = 3
    merge: timedelta = timedelta(minutes=90)


@dataclass(frozen=True, slots=True)
class DisplayRules:
    """The numbers in force; without a policy, the ceilings."""

    text: Budget = Budget(64_000, 500_000, 2_000_000)
    image: Budget = Budget(300_000, 5_000_000, 20_000_000)
    ladder: Ladder = Ladder()

    def budget(self, channel: Channel) -> Budget:
        """The limits of a channel."""
        return self.text if channel is Channel.TEXT else self.image


@dataclass(frozen=True, slots=True)
class Idle:
    """After how long without use a kernel and a workspace are ended."""

    kernel: timedelta = timedelta(hours=24)
    workspace: timedelta = timedelta(hours=48)


CEILING = DisplayRules()
"""What a deployment may tighten."""
LARGEST_INCOMING = 256_000
"""Bytes of a file that enters through the browser."""
LONGEST_IDLE = Idle()


@dataclass(frozen=True, slots=True)
class Use:
    """Bytes of a channel that were granted to a person in one clock hour and not given back."""

    hour: datetime
    channel: Channel
    count: int


@dataclass(frozen=True, slots=True)
class Lease:
    """Bytes granted to one desk; ``returned`` is None until what was not used came back."""

    id: str
    person: str
    project: str
    channel: Channel
    granted: int
    at: datetime
    returned: int | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """Attempts of a person to be shown more than the limit, close together."""

    id: str
    person: str
    project: str
    channel: Channel
    first_at: datetime
    last_at: datetime
    attempts: int
    outcome: Outcome
    lifted_at: datetime | None = None


def hour_of(at: datetime) -> datetime:
    """The clock hour a moment lies in."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_begins(now: datetime) -> datetime:
    """The first clock hour that counts towards today's limit."""
    return hour_of(now) - DAY


def spent(uses: Iterable[Use], channel: Channel, now: datetime) -> tuple[int, int]:
    """Bytes of a channel in the running hour and in the day."""
    hour, begin = hour_of(now), day_begins(now)
    of_day = [use for use in uses if use.channel is channel and use.hour >= begin]
    return sum(use.count for use in of_day if use.hour == hour), sum(use.count for use in of_day)


def grantable(budget: Budget, hour: int, day: int, least: int, most: int) -> int:
    """How much of ``most`` can be granted: nothing when less than ``least`` is left."""
    left = max(0, min(budget.hour - hour, budget.day - day))
    return min(left, most) if left >= least else 0


def is_barred(incidents: Iterable[Incident], paused_until: datetime | None, now: datetime) -> bool:
    """Whether nothing at all is granted: paused, or disabled and not lifted."""
    disabled = any(one.outcome is Outcome.DISABLED and one.lifted_at is None for one in incidents)
    return disabled or pause_rule(paused_until, now) is not None


def merged(incidents: Sequence[Incident], ladder: Ladder, now: datetime) -> Incident | None:
    """The incident since the last lifting that an attempt now belongs to, if there is one."""
    open_ones = [one for one in incidents if one.lifted_at is None and now - one.first_at < ladder.merge]
    return max(open_ones, key=lambda one: one.first_at, default=None)


def outcome_of_next(incidents: Iterable[Incident], ladder: Ladder) -> Outcome:
    """What one more incident leads to."""
    open_ones = sum(one.lifted_at is None for one in incidents)
    return Outcome.DISABLED if open_ones + 1 >= ladder.disable_at else Outcome.PAUSED


def pause_rule(paused_until: datetime | None, now: datetime) -> Refusal | None:
    """That compute is not paused for a person."""
    if paused_until is None or now >= paused_until:
        return None
    return Refusal(
        "paused",
        say(
            "More was asked to be shown than the limit allows. Your workspaces are paused: wait {minutes} minutes.",
            minutes=-((now - paused_until) // timedelta(minutes=1)),
        ),
    )


def meter(
    rules: DisplayRules, uses: Sequence[Use], paused_until: datetime | None, now: datetime
) -> dict[str, Any]:
    """Used and limit by channel, as desks and pages read it."""
    document: dict[str, Any] = {}
    for channel in Channel:
        budget, (hour, day) = rules.budget(channel), spent(uses, channel, now)
        document[channel.value] = {"hour": [hour, budget.hour], "day": [day, budget.day]}
    document["message"] = {channel.value: rules.budget(channel).message for channel in Channel}
    paused = paused_until is not None and pause_rule(paused_until, now) is not None
    document["paused_until"] = paused_until.isoformat() if paused and paused_until else None
    return document


def parse_display(document: Mapping[str, Any]) -> DisplayRules:
    """The display limits and the ladder that the policy ``sessions`` states.

    Raises:
        InvalidInputError: a number is missing, has no source, or loosens a ceiling.
    """

    def budget(channel: Channel) -> Budget:
        most = CEILING.budget(channel)
        place = f"display.{channel.value}"
        return Budget(
            _number(document, f"{place}.message_bytes", 1, most.message),
            _number(document, f"{place}.hour_bytes", 1, most.hour),
            _number(document, f"{place}.day_bytes", 1, most.day),
        )

    least_pause = CEILING.ladder.pause // timedelta(minutes=1)
    longest_merge = CEILING.ladder.merge // timedelta(minutes=1)
    ladder = Ladder(
        timedelta(minutes=_number(document, "ladder.pause_minutes", least_pause, 24 * 60)),
        _number(document, "ladder.disable_at", 1, CEILING.ladder.disable_at),
        timedelta(minutes=_number(document, "ladder.merge_minutes", 0, longest_merge)),
    )
    return DisplayRules(budget(Channel.TEXT), budget(Channel.IMAGE), ladder)


def parse_incoming(document: Mapping[str, Any]) -> int:
    """How many bytes a file may hold that enters through the browser."""
    return _number(document, "incoming.file_bytes", 1, LARGEST_INCOMING)


def parse_idle(document: Mapping[str, Any]) -> Idle:
    """After how long kernels and workspaces are idle."""
    minute = timedelta(minutes=1)
    kernel = _number(document, "idle.kernel_minutes", 1, LONGEST_IDLE.kernel // minute)
    workspace = _number(document, "idle.workspace_minutes", 1, LONGEST_IDLE.workspace // minute)
    return Idle(kernel * minute, workspace * minute)


def _number(document: Mapping[str, Any], place: str, least: int, most: int) -> int:
    entry: Any = document
    for name in place.split("."):
        entry = entry.get(name) if isinstance(entry, Mapping) else None
    value = entry.get("value") if isinstance(entry, Mapping) else None
    if type(value) is not int or not entry.get("source"):
        raise InvalidInputError(
            "bad_policy",
            say("The policy 'sessions' lacks a number with its source: {name}.", name=place),
        )
    if not least <= value <= most:
        raise InvalidInputError(
            "limit_loosened",
            say(
                "The policy 'sessions' may tighten {name}, never loosen it: from {least} to {most}.",
                name=place,
                least=least,
                most=most,
            ),
        )
    return value
