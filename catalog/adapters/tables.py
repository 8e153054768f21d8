"""The steward's room in the database: builds of extracts, and the risks that were taken on for them."""

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from catalog.builds import Build
from catalog.combination_risk import AssessedRisk, report_of
from enclave.adapters.database import Database
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

catalog_risk = Table(
    "catalog_risk",
    metadata,
    Column("project", String(40), nullable=False),
    Column("basis", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("report", Text, nullable=False),
    Column("accepted_by", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("project", "basis", name="catalog_risk_key"),
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

    def done(self, project: str, before: datetime | None = None) -> tuple[Build, ...]:
        t = catalog_build
        rows = self._connection.execute(
            select(t).where(t.c.project == project, t.c.state == "done").order_by(t.c.number)
        )
        return tuple(
            _build(row) for row in rows if before is None or datetime.fromisoformat(row.at) <= before
        )

    def open(self) -> tuple[Build, ...]:
        t = catalog_build
        rows = self._connection.execute(
            select(t).where(t.c.state == "intended").order_by(t.c.project, t.c.number)
        )
        return tuple(_build(row) for row in rows)


def _build(row: Row[tuple[object, ...]]) -> Build:
    return Build(row.project, row.number, row.state, row.person)


class RiskTables:
    """The ``Risks`` port over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, project: str, basis: str) -> AssessedRisk | None:
        t = catalog_risk
        row = self._connection.execute(
            select(t).where(t.c.project == project, t.c.basis == basis)
        ).one_or_none()
        return None if row is None else _risk(row)

    def latest(self, project: str) -> AssessedRisk | None:
        t = catalog_risk
        row = self._connection.execute(
            select(t).where(t.c.project == project).order_by(t.c.at.desc()).limit(1)
        ).one_or_none()
        return None if row is None else _risk(row)

    def latest_of_all(self) -> tuple[AssessedRisk, ...]:
        """What was assessed last, one for each project, in their order."""
        t = catalog_risk
        rows = self._connection.execute(select(t).order_by(t.c.project, t.c.at))
        latest = {str(row.project): _risk(row) for row in rows}
        return tuple(latest.values())

    def put(self, risk: AssessedRisk, at: datetime) -> None:
        t = catalog_risk
        report = risk.report
        self._connection.execute(delete(t).where(t.c.project == risk.project, t.c.basis == report.basis))
        self._connection.execute(
            insert(t).values(
                project=risk.project,
                basis=report.basis,
                digest=report.digest,
                report=json.dumps(report.document()),
                accepted_by=risk.accepted_by,
                at=at.isoformat(),
            )
        )


def _risk(row: Row[tuple[object, ...]]) -> AssessedRisk:
    return AssessedRisk(row.project, report_of(json.loads(row.report)), row.accepted_by)


def risk_finder(database: Database) -> Callable[[], tuple[AssessedRisk, ...]]:
    """What was assessed last for each project, looked up anew each time."""

    def find() -> tuple[AssessedRisk, ...]:
        with database.read() as looking:
            return RiskTables(looking.connection).latest_of_all()

    return find
