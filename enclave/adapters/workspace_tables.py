"""Workspaces in the database: one row per person and project, for good.

The row gives the workspace its number, which decides its user ids and is never used again. The
state says whether it lives: ``starting`` from the intent to the outcome, ``live`` until it is
stopped. The hub writes; intake reads ``live()`` to know which sockets must be there.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, Index, Integer, Row, String, Table, func, insert, select, update

from enclave.adapters.tables import metadata

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
    Index("workspace_person", "person", "state"),
)


class WorkspaceState(StrEnum):
    """Where a workspace stands."""

    STARTING = "starting"
    LIVE = "live"
    STOPPED = "stopped"


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


class WorkspaceTables:
    """Workspaces over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def live(self) -> tuple[Workspace, ...]:
        """All that are starting or live, by number."""
        rows = self._connection.execute(
            select(workspace)
            .where(workspace.c.state != WorkspaceState.STOPPED.value)
            .order_by(workspace.c.number)
        )
        return tuple(_workspace(row) for row in rows)

    def live_of(self, person: str) -> tuple[Workspace, ...]:
        """Those of one person that are starting or live."""
        return tuple(found for found in self.live() if found.person == person)

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
        }
        if known is None:
            last = self._connection.execute(select(func.max(workspace.c.number))).scalar_one_or_none()
            number = (last or 0) + 1
            self._connection.execute(
                insert(workspace).values(wid=wid, number=number, person=person, project=project, **values)
            )
        else:
            number = known.number
            self._connection.execute(update(workspace).where(workspace.c.wid == wid).values(**values))
        return Workspace(wid, number, person, project, WorkspaceState.STARTING, extract, at)

    def put_live(self, wid: str) -> None:
        """The workspace's start is done."""
        self._connection.execute(
            update(workspace).where(workspace.c.wid == wid).values(state=WorkspaceState.LIVE.value)
        )

    def put_stopped(self, wid: str, at: datetime) -> None:
        """The workspace is no more, until it is started again."""
        self._connection.execute(
            update(workspace)
            .where(workspace.c.wid == wid)
            .values(state=WorkspaceState.STOPPED.value, stopped_at=at.isoformat())
        )


def _workspace(row: Row[tuple[object, ...]]) -> Workspace:
    return Workspace(
        wid=row.wid,
        number=row.number,
        person=row.person,
        project=row.project,
        state=WorkspaceState(row.state),
        extract=row.extract,
        started_at=datetime.fromisoformat(row.started_at),
    )
