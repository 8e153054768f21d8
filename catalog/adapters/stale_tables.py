"""Stale extracts in the database. Times are ISO 8601 text in UTC, so that they sort as they pass."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from sqlalchemy import Column, Connection, PrimaryKeyConstraint, Row, String, Table, delete, insert, select

from catalog.optouts import Stale
from enclave.adapters.database import Database
from enclave.adapters.tables import metadata

catalog_stale = Table(
    "catalog_stale",
    metadata,
    Column("project", String(40), nullable=False),
    Column("version", String(60), nullable=False),
    Column("since", String(32), nullable=False),
    Column("due", String(32), nullable=False),
    PrimaryKeyConstraint("project", "version", name="catalog_stale_key"),
)


class StaleTables:
    """The ``StaleExtracts`` port over one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, stale: Stale) -> None:
        t = catalog_stale
        if self.find(stale.project, stale.version) is None:
            values = {"project": stale.project, "version": stale.version}
            self._connection.execute(
                insert(t).values(**values, since=_text(stale.since), due=_text(stale.due))
            )

    def find(self, project: str, version: str) -> Stale | None:
        """The mark of one version, if it has one."""
        t = catalog_stale
        row = self._connection.execute(
            select(t).where(t.c.project == project, t.c.version == version)
        ).one_or_none()
        return None if row is None else _stale(row)

    def of(self, project: str) -> tuple[Stale, ...]:
        return tuple(stale for stale in self.all() if stale.project == project)

    def all(self) -> tuple[Stale, ...]:
        t = catalog_stale
        rows = self._connection.execute(select(t).order_by(t.c.due, t.c.project, t.c.version))
        return tuple(_stale(row) for row in rows)

    def clear(self, project: str, versions: Iterable[str]) -> None:
        t = catalog_stale
        self._connection.execute(delete(t).where(t.c.project == project, t.c.version.in_(tuple(versions))))


def stale_finder(database: Database) -> Callable[[], tuple[Stale, ...]]:
    """Every stale extract, looked up anew each time."""

    def find() -> tuple[Stale, ...]:
        with database.read() as looking:
            return StaleTables(looking.connection).all()

    return find


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _stale(row: Row[tuple[object, ...]]) -> Stale:
    return Stale(row.project, row.version, datetime.fromisoformat(row.since), datetime.fromisoformat(row.due))
