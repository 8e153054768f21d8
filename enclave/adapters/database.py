"""Transactions over the deployment's database, with the ledger inside each one.

``Database.begin`` is the only way to change state. It takes the writer's lock at once (SQLite
``BEGIN IMMEDIATE``; elsewhere a lock on the ledger's head row), so numbers have no gaps and a
reader's decision and its effect see one state. A state change and its events are one commit:
what was not recorded did not happen. SQLite runs in WAL mode with ``synchronous=FULL`` and
``secure_delete``.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, create_engine, event, insert, select, text, update
from sqlalchemy.exc import OperationalError

from enclave.adapters import tables
from enclave.adapters.display_tables import DisplayTables
from enclave.adapters.proposal_tables import ProposalTables
from enclave.adapters.register_tables import RegisterTables
from enclave.audit.event import SALT_BYTES, EventDraft, make_leaf
from enclave.audit.merkle import CompactRange, leaf_hash
from enclave.errors import ConflictError
from enclave.ports import Clock, Keyring, Randomness
from enclave.sentences import say

HOUSE = "house"
"""The keyring's project for bodies that belong to no project."""
_NONCE = 12

# Made once: every executed cell waits for these, and to build a statement anew costs more than to run it.
_leaf, _of_house = tables.ledger_leaf, tables.ledger_head.c.id == 1
_KNOWN = select(_leaf.c.n).where(_leaf.c.event_id == bindparam("event_id")).scalar_subquery()
_HEAD = select(tables.ledger_head.c.size, tables.ledger_head.c.range, _KNOWN.label("known")).where(_of_house)
_ADD_LEAF = insert(_leaf)
_ADD_BODY = insert(tables.ledger_body)
_PUT_HEAD = (
    update(tables.ledger_head)
    .where(_of_house)
    .values(size=bindparam("new_size"), range=bindparam("new_range"))
)


class Transaction:
    """One transaction: its connection, its time, and the ledger that takes its events."""

    def __init__(self, connection: Connection, clock: Clock, fresh: Randomness, keyring: Keyring) -> None:
        self.connection = connection
        self.now = clock.now().astimezone(UTC)
        self.fresh = fresh
        self.keyring = keyring
        self.register = RegisterTables(connection, keyring, fresh)
        self.proposals = ProposalTables(connection)
        self.displays = DisplayTables(connection)

    def record(self, draft: EventDraft) -> int:
        """Append the event; its number. A known ``event_id`` gives its number again."""
        head, known = self._head(draft.event_id)
        if known is not None:
            return known
        leaf = make_leaf(draft, head.size + 1, self.now, self.fresh.token(SALT_BYTES))
        digest = leaf_hash(leaf.data)
        self.connection.execute(
            _ADD_LEAF,
            {
                "n": leaf.number,
                "data": leaf.data,
                "hash": digest,
                "event_id": draft.event_id,
                "at": self.now.isoformat(),
                "kind": draft.kind.value,
                "person": draft.person,
                "project": draft.project,
                "subject": draft.subject,
            },
        )
        if leaf.body is not None:
            self._seal(leaf.number, draft.project or HOUSE, leaf.body)
        self._put_head(head.append(digest))
        return leaf.number

    def _head(self, event_id: str | None) -> tuple[CompactRange, int | None]:
        """The tree as it stands, and the number under which this event is in it already."""
        row = self.connection.execute(_HEAD, {"event_id": event_id}).one_or_none()
        if row is None:
            self.connection.execute(insert(tables.ledger_head).values(id=1, size=0, range="[]"))
            return CompactRange(), None
        return CompactRange(row.size, tuple(bytes.fromhex(h) for h in json.loads(row.range))), row.known

    def _put_head(self, head: CompactRange) -> None:
        told = {"new_size": head.size, "new_range": json.dumps([h.hex() for h in head.hashes])}
        self.connection.execute(_PUT_HEAD, told)

    def _seal(self, number: int, project: str, body: bytes) -> None:
        key = self.keyring.find(project, "body")
        if key is None:
            raise ConflictError(
                "no_body_key",
                say("This project's key does not exist or was destroyed. Nothing can be recorded for it."),
            )
        nonce = self.fresh.token(_NONCE)
        sealed = nonce + AESGCM(key).encrypt(nonce, body, str(number).encode())
        self.connection.execute(_ADD_BODY, {"n": number, "project": project, "sealed": sealed})


class Database:
    """The deployment's database: opens transactions, creates nothing by itself."""

    def __init__(self, url: str, clock: Clock, fresh: Randomness, keyring: Keyring) -> None:
        self._sqlite = url.startswith("sqlite")
        options: dict[str, Any] = (
            {"connect_args": {"timeout": 15, "check_same_thread": False}} if self._sqlite else {}
        )
        self.engine = create_engine(url, **options)
        self._clock, self._fresh, self.keyring = clock, fresh, keyring
        if self._sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A writing transaction: kept when the block ends, undone when it raises."""
        with self.engine.begin() as connection:
            if not self._sqlite:
                connection.execute(text("SELECT size FROM ledger_head WHERE id = 1 FOR UPDATE"))
            yield Transaction(connection, self._clock, self._fresh, self.keyring)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only looks; it waits for no writer and is never kept."""
        reader = self.engine.execution_options(hanare_read=True)
        with reader.connect() as connection, connection.begin() as looking:
            yield Transaction(connection, self._clock, self._fresh, self.keyring)
            looking.rollback()

    def now(self) -> datetime:
        """The clock's time, for callers that hold nothing else."""
        return self._clock.now()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "busy_timeout=15000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("hanare_read", False)
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
    # Straight at the driver: every executed cell waits for this, and it has neither values nor rows.
    cursor = connection.connection.cursor()
    try:
        cursor.execute(begin)
    except connection.dialect.loaded_dbapi.Error as error:
        raise OperationalError(begin, None, error) from error
    finally:
        cursor.close()
