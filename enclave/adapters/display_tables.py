"""What was shown to whom, in the database: bytes by clock hour, leases, incidents, pauses.

Times are ISO 8601 text in UTC with the same number of digits, so that they sort as they pass.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Row,
    Select,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from enclave.adapters.tables import metadata
from enclave.display import Channel, Incident, Lease, Outcome, Use

display_use = Table(
    "display_use",
    metadata,
    Column("person", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("hour", String(32), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("bytes", Integer, nullable=False),
    PrimaryKeyConstraint("person", "hour", "kind", "project", name="display_use_key"),
    Index("display_use_hour", "hour"),
)

display_lease = Table(
    "display_lease",
    metadata,
    Column("lease", String(32), nullable=False),
    Column("person", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("granted", Integer, nullable=False),
    Column("returned", Integer, nullable=True),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("lease", "person", "project", name="display_lease_key"),
    Index("display_lease_at", "at"),
)

egress_incident = Table(
    "egress_incident",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("first_at", String(32), nullable=False),
    Column("last_at", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("lifted", String(32), nullable=True),
    Index("egress_incident_person", "person", "lifted"),
)

display_pause = Table(
    "display_pause",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("until", String(32), nullable=False),
)


class DisplayTables:
    """The ``Displays`` port over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def uses(self, person: str, since: datetime) -> tuple[Use, ...]:
        t = display_use
        rows = self._connection.execute(_sums(since).where(t.c.person == person))
        return tuple(_use(row) for row in rows)

    def everyones_uses(self, since: datetime) -> dict[str, tuple[Use, ...]]:
        found: dict[str, list[Use]] = {}
        for row in self._connection.execute(_sums(since)):
            found.setdefault(row.person, []).append(_use(row))
        return {person: tuple(uses) for person, uses in found.items()}

    def add_use(self, person: str, project: str, use: Use) -> None:
        t = display_use
        key = {
            "person": person,
            "project": project,
            "hour": _text(use.hour),
            "kind": use.channel.value,
        }
        changed = self._connection.execute(
            update(t)
            .where(*(t.c[name] == value for name, value in key.items()))
            .values(bytes=t.c.bytes + use.count)
        )
        if changed.rowcount == 0:
            self._connection.execute(insert(t).values(**key, bytes=use.count))

    def find_lease(self, person: str, project: str, lease: str) -> Lease | None:
        t = display_lease
        row = self._connection.execute(
            select(t).where(t.c.lease == lease, t.c.person == person, t.c.project == project)
        ).one_or_none()
        if row is None:
            return None
        at = datetime.fromisoformat(row.at)
        return Lease(row.lease, row.person, row.project, Channel(row.kind), row.granted, at, row.returned)

    def put_lease(self, lease: Lease) -> None:
        t = display_lease
        self._connection.execute(
            delete(t).where(t.c.lease == lease.id, t.c.person == lease.person, t.c.project == lease.project)
        )
        self._connection.execute(
            insert(t).values(
                lease=lease.id,
                person=lease.person,
                project=lease.project,
                kind=lease.channel.value,
                granted=lease.granted,
                returned=lease.returned,
                at=_text(lease.at),
            )
        )

    def drop_leases(self, before: datetime) -> None:
        self._connection.execute(delete(display_lease).where(display_lease.c.at < _text(before)))

    def open_incidents(self, person: str) -> tuple[Incident, ...]:
        t = egress_incident
        return self._incidents(
            select(t).where(t.c.person == person, t.c.lifted.is_(None)).order_by(t.c.first_at, t.c.id)
        )

    def incidents(self, limit: int) -> tuple[Incident, ...]:
        t = egress_incident
        return self._incidents(select(t).order_by(t.c.first_at.desc(), t.c.id.desc()).limit(limit))

    def put_incident(self, incident: Incident) -> None:
        t = egress_incident
        self._connection.execute(delete(t).where(t.c.id == incident.id))
        self._connection.execute(
            insert(t).values(
                id=incident.id,
                person=incident.person,
                project=incident.project,
                first_at=_text(incident.first_at),
                last_at=_text(incident.last_at),
                attempts=incident.attempts,
                kind=incident.channel.value,
                outcome=incident.outcome.value,
                lifted=None if incident.lifted_at is None else _text(incident.lifted_at),
            )
        )

    def paused_until(self, person: str) -> datetime | None:
        t = display_pause
        until = self._connection.execute(select(t.c.until).where(t.c.person == person)).scalar_one_or_none()
        return None if until is None else datetime.fromisoformat(until)

    def pause(self, person: str, until: datetime) -> None:
        t = display_pause
        self._connection.execute(delete(t).where(t.c.person == person))
        self._connection.execute(insert(t).values(person=person, until=_text(until)))

    def lift(self, person: str, at: datetime) -> int:
        t = egress_incident
        lifted = self._connection.execute(
            update(t).where(t.c.person == person, t.c.lifted.is_(None)).values(lifted=_text(at))
        )
        self._connection.execute(delete(display_pause).where(display_pause.c.person == person))
        return lifted.rowcount

    def _incidents(self, asked: Select[tuple[object, ...]]) -> tuple[Incident, ...]:
        return tuple(_incident(row) for row in self._connection.execute(asked))


def _sums(since: datetime) -> Select[tuple[object, ...]]:
    """Bytes by person, hour and channel, over all projects."""
    t = display_use
    by = (t.c.person, t.c.hour, t.c.kind)
    return (
        select(*by, func.sum(t.c.bytes).label("total"))
        .where(t.c.hour >= _text(since))
        .group_by(*by)
        .order_by(*by)
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _use(row: Row[tuple[object, ...]]) -> Use:
    return Use(datetime.fromisoformat(row.hour), Channel(row.kind), int(row.total))


def _incident(row: Row[tuple[object, ...]]) -> Incident:
    return Incident(
        row.id,
        row.person,
        row.project,
        Channel(row.kind),
        datetime.fromisoformat(row.first_at),
        datetime.fromisoformat(row.last_at),
        row.attempts,
        Outcome(row.outcome),
        None if row.lifted is None else datetime.fromisoformat(row.lifted),
    )
