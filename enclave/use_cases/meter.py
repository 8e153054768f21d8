"""Grant what may still be shown, and climb the ladder when more is asked for.

Asking, counting and what follows are one transaction: a refusal that is answered was noted,
and an incident stands in the ledger together with the pause or the disabled account it led to.
The same lease asked for twice is granted, or refused, once.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.display import (
    Channel,
    DisplayRules,
    Incident,
    Lease,
    Outcome,
    Use,
    day_begins,
    grantable,
    hour_of,
    is_barred,
    merged,
    meter,
    outcome_of_next,
    spent,
)
from enclave.errors import InvalidInputError
from enclave.people import AccountState
from enclave.ports import Work
from enclave.sentences import say

PLATFORM = "platform"
LEASES_KEPT = timedelta(hours=48)
_INCIDENT_ID = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What a desk asks for: between ``least`` and ``most`` bytes of one channel."""

    lease: str
    channel: Channel
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What may be shown, and where that leaves the person."""

    count: int
    meter: dict[str, Any]


def lease(work: Work, rules: DisplayRules, person: str, project: str, asked: Asked) -> Granted:
    """The bytes that may be shown; they count from now on.

    Raises:
        InvalidInputError: this lease was taken for the other channel.
    """
    known = work.displays.find_lease(person, project, asked.lease)
    if known is not None and known.channel is not asked.channel:
        raise InvalidInputError("other_lease", say("This lease was taken for another channel."))
    count = known.granted if known else _grant(work, rules, person, project, asked)
    return Granted(count, read_meter(work, rules, person))


def give_back(
    work: Work, rules: DisplayRules, person: str, project: str, lease_id: str, unused: int
) -> dict[str, Any]:
    """What was not used counts no more: once per lease, at most what was granted."""
    known = work.displays.find_lease(person, project, lease_id)
    if known is not None and known.returned is None:
        back = min(unused, known.granted)
        work.displays.put_lease(replace(known, returned=back))
        work.displays.add_use(person, project, Use(hour_of(known.at), known.channel, -back))
    return read_meter(work, rules, person)


def read_meter(work: Work, rules: DisplayRules, person: str) -> dict[str, Any]:
    """Used and limit by channel."""
    uses = work.displays.uses(person, day_begins(work.now))
    return meter(rules, uses, work.displays.paused_until(person), work.now)


def _grant(work: Work, rules: DisplayRules, person: str, project: str, asked: Asked) -> int:
    displays, now = work.displays, work.now
    incidents = displays.open_incidents(person)
    uses = displays.uses(person, day_begins(now))
    hour, day = spent(uses, asked.channel, now)
    barred = is_barred(incidents, displays.paused_until(person), now)
    count = 0
    if not barred:
        count = grantable(rules.budget(asked.channel), hour, day, asked.least, asked.most)
        if count < asked.least:
            _note(work, rules, Attempt(person, project, asked, hour, day), incidents)
    if not any(use.hour == hour_of(now) for use in uses):
        displays.drop_leases(now - LEASES_KEPT)
    displays.put_lease(Lease(asked.lease, person, project, asked.channel, count, now))
    if count:
        displays.add_use(person, project, Use(hour_of(now), asked.channel, count))
    return count


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody was to be shown more than the limit."""

    person: str
    project: str
    asked: Asked
    hour: int
    day: int


def _note(work: Work, rules: DisplayRules, attempt: Attempt, incidents: tuple[Incident, ...]) -> None:
    """The attempt belongs to an incident; a new one has its outcome at once."""
    known = merged(incidents, rules.ladder, work.now)
    if known is not None:
        later = max(known.last_at, work.now)
        work.displays.put_incident(replace(known, last_at=later, attempts=known.attempts + 1))
        return
    outcome = outcome_of_next(incidents, rules.ladder)
    number, now, channel = len(incidents) + 1, work.now, attempt.asked.channel
    made = Incident(
        work.fresh.token(_INCIDENT_ID).hex(), attempt.person, attempt.project, channel, now, now, 1, outcome
    )
    work.displays.put_incident(made)
    work.record(
        EventDraft(
            Kind.EGRESS_INCIDENT,
            person=attempt.person,
            project=attempt.project,
            subject=made.id,
            facts={
                "channel": channel.value,
                "asked": attempt.asked.least,
                "hour": attempt.hour,
                "day": attempt.day,
                "number": number,
                "outcome": outcome.value,
            },
        )
    )
    if outcome is Outcome.PAUSED:
        _pause(work, rules, made)
    else:
        _disable(work, made)


def _pause(work: Work, rules: DisplayRules, incident: Incident) -> None:
    until = work.now + rules.ladder.pause
    work.displays.pause(incident.person, until)
    facts = {"incident": incident.id, "until": until.isoformat()}
    work.record(EventDraft(Kind.EGRESS_PAUSED, PLATFORM, incident.project, incident.person, facts))


def _disable(work: Work, incident: Incident) -> None:
    account = work.register.find_account(incident.person)
    if account is not None and account.state is AccountState.ACTIVE:
        work.register.put_account(account.closed(AccountState.DISABLED, work.now, incident.id))
    facts = {"incident": incident.id}
    work.record(EventDraft(Kind.EGRESS_DISABLED, PLATFORM, incident.project, incident.person, facts))
