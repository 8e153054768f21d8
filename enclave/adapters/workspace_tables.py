"""Workspaces in the database: one row per person and project, for good.

The row gives the workspace its number, which decides its user ids and is never used again. The
state says whether it lives: ``starting`` from the intent to the outcome, ``live`` until its end
begins, ``ending`` (or ``undoing``, of a start that was not done) until no container is left. Who
begins the end writes its reason, and nobody changes it after: two processes may end the same
workspace. Hub and sweeper write; intake reads ``serving()`` to know which sockets must be there
and keeps ``active_at``, the last moment somebody worked in it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    func,
    insert,
    or_,
    select,
    update,
)

from enclave.adapters.display_tables import display_pause
from enclave.adapters.tables import account, metadata
from enclave.people import AccountState

workspace = Table(
    "workspace",
    metadata,
    Column("wid", String(12), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("person", String(40), nullable=False),
    Column("project", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("extract", String(80), nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("stopped_at", String(32), nullable=True),
    Column("active_at", String(32), nullable=True),
    Column("end_reason", String(20), nullable=True),
    Column("end_code", String(40), nullable=True),
    Index("workspace_person", "person", "state"),
)


class WorkspaceState(StrEnum):
    """Where a workspace stands."""

    STARTING = "starting"
    LIVE = "live"
    ENDING = "ending"
    """It was live; its end has begun and has a reason."""
    UNDOING = "undoing"
    """Its start was not done; that it is undone has begun and has a reason."""
    STOPPED = "stopped"


SERVING = frozenset({WorkspaceState.STARTING, WorkspaceState.LIVE})
ENDS = {WorkspaceState.STARTING: WorkspaceState.UNDOING, WorkspaceState.LIVE: WorkspaceState.ENDING}
"""What a state becomes when the end begins."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One person's workspace for one project."""

    wid: str
    number: int
    person: str
    project: str
    state: WorkspaceState
    extract: str
    """File name of the extract it was started with, or nothing."""
    started_at: datetime
    active_at: datetime | None = None
    """When somebody last worked in it, as its desk reported; None when it never said."""
    end_reason: str = ""
    """Why its last life ended, or is ending."""
    end_code: str = ""
    stopped_at: datetime | None = None

    @property
    def ending(self) -> bool:
        """Whether its end has begun and is not done."""
        return self.state in ENDS.values()

    @property
    def last_used(self) -> datetime:
        """The last sign of use; a desk that reports nothing was last used when it started."""
        return max(self.started_at, self.active_at or self.started_at)


class WorkspaceTables:
    """Workspaces over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def live(self) -> tuple[Workspace, ...]:
        """All that are not stopped, those that are just ending included, by number."""
        return self._all(_not_stopped())

    def live_of(self, person: str) -> tuple[Workspace, ...]:
        """Those of one person that are not stopped."""
        return self._all(_not_stopped().where(workspace.c.person == person))

    def serving(self) -> tuple[Workspace, ...]:
        """All that are starting or live: whoever is ending is served no more."""
        return tuple(found for found in self.live() if found.state in SERVING)

    def of_shut_out(self, now: datetime) -> tuple[Workspace, ...]:
        """Those not stopped whose person has no active account, or is paused. Asked every second: one query."""
        joined = workspace.outerjoin(account, account.c.username == workspace.c.person).outerjoin(
            display_pause, display_pause.c.person == workspace.c.person
        )
        shut_out = or_(
            account.c.username.is_(None),
            account.c.state != AccountState.ACTIVE.value,
            display_pause.c.until > now.astimezone(UTC).isoformat(timespec="microseconds"),
        )
        return self._all(_not_stopped().select_from(joined).where(shut_out))

    def of_person(self, person: str) -> tuple[Workspace, ...]:
        """All of one person, whatever their state."""
        return self._all(select(workspace).where(workspace.c.person == person))

    def all(self) -> tuple[Workspace, ...]:
        """Every workspace there ever was, by number."""
        return self._all(select(workspace))

    def _all(self, query: Select[tuple[object, ...]]) -> tuple[Workspace, ...]:
        return tuple(_workspace(row) for row in self._connection.execute(query.order_by(workspace.c.number)))

    def find(self, wid: str) -> Workspace | None:
        row = self._connection.execute(select(workspace).where(workspace.c.wid == wid)).one_or_none()
        return None if row is None else _workspace(row)

    def begin_start(self, wid: str, person: str, project: str, extract: str, at: datetime) -> Workspace:
        """The workspace is ``starting``; a new one gets the next number."""
        known = self.find(wid)
        values = {
            "state": WorkspaceState.STARTING.value,
            "extract": extract,
            "started_at": at.isoformat(),
            "stopped_at": None,
            "active_at": None,
            "end_reason": None,
            "end_code": None,
        }
        if known is None:
            last = self._connection.execute(select(func.max(workspace.c.number))).scalar_one_or_none()
            number = (last or 0) + 1
            self._connection.execute(
                insert(workspace).values(wid=wid, number=number, person=person, project=project, **values)
            )
        else:
            number = known.number
            self._put(wid, **values)
        return Workspace(wid, number, person, project, WorkspaceState.STARTING, extract, at)

    def put_live(self, wid: str) -> None:
        """The workspace's start is done."""
        self._put(wid, state=WorkspaceState.LIVE.value)

    def put_active(self, wid: str, at: datetime) -> None:
        """Somebody worked in it at this moment; an earlier moment than the one known changes nothing."""
        known = self.find(wid)
        if known is not None and known.state in SERVING and at > known.last_used:
            self._put(wid, active_at=at.isoformat())

    def put_ending(self, wid: str, reason: str, code: str) -> None:
        """The end has begun, for this reason. The first one stands."""
        known = self.find(wid)
        if known is not None and known.state in ENDS:
            self._put(wid, state=ENDS[known.state].value, end_reason=reason, end_code=code)

    def put_stopped(self, wid: str, at: datetime) -> None:
        """The workspace is no more, until it is started again."""
        self._put(wid, state=WorkspaceState.STOPPED.value, stopped_at=at.isoformat())

    def _put(self, wid: str, **values: str | None) -> None:
        self._connection.execute(update(workspace).where(workspace.c.wid == wid).values(**values))


def _not_stopped() -> Select[tuple[object, ...]]:
    return select(workspace).where(workspace.c.state != WorkspaceState.STOPPED.value)


def _workspace(row: Row[tuple[object, ...]]) -> Workspace:
    return Workspace(
        wid=row.wid,
        number=row.number,
        person=row.person,
        project=row.project,
        state=WorkspaceState(row.state),
        extract=row.extract,
        started_at=datetime.fromisoformat(row.started_at),
        active_at=None if row.active_at is None else datetime.fromisoformat(row.active_at),
        end_reason=row.end_reason or "",
        end_code=row.end_code or "",
        stopped_at=None if row.stopped_at is None else datetime.fromisoformat(row.stopped_at),
    )
