"""The ledger's shelf for the audit pages, over one reading transaction at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from enclave.adapters.database import Database
from enclave.adapters.ledger_tables import EventFilter, LedgerTables
from enclave.audit.checkpoint import Checkpoint
from enclave.audit.ledger import Entry
from enclave.web.house import LedgerShelf, Wanted


class DatabaseShelf:
    """The ``LedgerShelf`` port over one connection."""

    def __init__(self, tables: LedgerTables) -> None:
        self._tables = tables

    def head(self) -> Checkpoint:
        return self._tables.head()

    def entries(self, first: int = 1) -> Iterator[Entry]:
        return self._tables.entries(first)

    def leaf_hashes(self, size: int) -> list[bytes]:
        return self._tables.leaf_hashes(size)

    def page(self, wanted: Wanted, limit: int, before: int | None = None) -> list[Entry]:
        chosen = EventFilter(**{name: getattr(wanted, name) for name in Wanted.__slots__})
        return self._tables.page(chosen, limit, before)


def shelf_opener(database: Database, origin: str) -> Callable[[], AbstractContextManager[LedgerShelf]]:
    """How the audit pages open the ledger."""

    @contextmanager
    def open_ledger() -> Iterator[LedgerShelf]:
        with database.read() as work:
            yield DatabaseShelf(LedgerTables(work.connection, work.keyring, origin))

    return open_ledger
