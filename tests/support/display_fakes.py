"""The display budget in dictionaries; passes the same contract tests as the tables."""

from dataclasses import replace
from datetime import datetime

from enclave.display import Channel, Incident, Lease, Use


class FakeDisplays:
    """What was shown, leases, incidents and pauses."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str, datetime, Channel], int] = {}
        self._leases: dict[tuple[str, str, str], Lease] = {}
        self._incidents: dict[str, Incident] = {}
        self._paused: dict[str, datetime] = {}

    def uses(self, person: str, since: datetime) -> tuple[Use, ...]:
        return self.everyones_uses(since).get(person, ())

    def everyones_uses(self, since: datetime) -> dict[str, tuple[Use, ...]]:
        sums: dict[str, dict[tuple[datetime, Channel], int]] = {}
        for (person, _, hour, channel), count in self._used.items():
            if hour >= since:
                own = sums.setdefault(person, {})
                own[hour, channel] = own.get((hour, channel), 0) + count
        return {
            person: tuple(Use(hour, channel, own[hour, channel]) for hour, channel in sorted(own))
            for person, own in sums.items()
        }

    def add_use(self, person: str, project: str, use: Use) -> None:
        key = (person, project, use.hour, use.channel)
        self._used[key] = self._used.get(key, 0) + use.count

    def find_lease(self, person: str, project: str, lease: str) -> Lease | None:
        return self._leases.get((person, project, lease))

    def put_lease(self, lease: Lease) -> None:
        self._leases[lease.person, lease.project, lease.id] = lease

    def drop_leases(self, before: datetime) -> None:
        self._leases = {key: lease for key, lease in self._leases.items() if lease.at >= before}

    def open_incidents(self, person: str) -> tuple[Incident, ...]:
        own = (i for i in self._incidents.values() if i.person == person and i.lifted_at is None)
        return tuple(sorted(own, key=lambda i: (i.first_at, i.id)))

    def incidents(self, limit: int) -> tuple[Incident, ...]:
        ordered = sorted(self._incidents.values(), key=lambda i: (i.first_at, i.id), reverse=True)
        return tuple(ordered[:limit])

    def put_incident(self, incident: Incident) -> None:
        self._incidents[incident.id] = incident

    def paused_until(self, person: str) -> datetime | None:
        return self._paused.get(person)

    def pause(self, person: str, until: datetime) -> None:
        self._paused[person] = until

    def lift(self, person: str, at: datetime) -> int:
        counted = self.open_incidents(person)
        self._incidents.update({one.id: replace(one, lifted_at=at) for one in counted})
        self._paused.pop(person, None)
        return len(counted)
