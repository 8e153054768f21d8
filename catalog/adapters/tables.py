"""The steward's room in the database: builds of extracts, from intent to outcome."""

from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from catalog.builds import Build
from enclave.adapters.tables import metadata

catalog_build = Table(
    "catalog_build",
    metadata,
    Column("project", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("person", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("project", "number", name="catalog_build_key"),
)


class BuildTables:
    """The ``Builds`` port over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, project: str) -> int:
        t = catalog_build
        highest = self._connection.execute(
            select(func.max(t.c.number)).where(t.c.project == project)
        ).scalar_one()
        return 1 if highest is None else int(highest) + 1

    def put(self, build: Build, at: datetime) -> None:
        t = catalog_build
        self._connection.execute(delete(t).where(t.c.project == build.project, t.c.number == build.number))
        self._connection.execute(
            insert(t).values(
                project=build.project,
                number=build.number,
                state=build.state,
                person=build.person,
                at=at.isoformat(),
            )
        )

    def open(self) -> tuple[Build, ...]:
        t = catalog_build
        rows = self._connection.execute(
            select(t).where(t.c.state == "intended").order_by(t.c.project, t.c.number)
        )
        return tuple(_build(row) for row in rows)


def _build(row: Row[tuple[object, ...]]) -> Build:
    return Build(row.project, row.number, row.state, row.person)
