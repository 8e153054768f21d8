"""Reading the ledger from the database, bodies opened where their key still exists."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select

from enclave.adapters import tables
from enclave.audit.checkpoint import Checkpoint
from enclave.audit.ledger import Entry
from enclave.audit.merkle import CompactRange
from enclave.ports import Keyring

_NONCE = 12


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events to list; empty fields filter nothing. Times are ISO 8601 UTC, inclusive."""

    kind: str = ""
    person: str = ""
    project: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""


class LedgerTables:
    """The ``LedgerReader`` port over one connection, plus listing for the audit pages."""

    def __init__(self, connection: Connection, keyring: Keyring, origin: str) -> None:
        self._connection = connection
        self._keyring = keyring
        self._origin = origin

    def head(self) -> Checkpoint:
        row = self._connection.execute(
            select(tables.ledger_head.c.size, tables.ledger_head.c.range).where(tables.ledger_head.c.id == 1)
        ).one_or_none()
        if row is None:
            return Checkpoint(self._origin, 0, CompactRange().root())
        tree = CompactRange(row.size, tuple(bytes.fromhex(h) for h in json.loads(row.range)))
        return Checkpoint(self._origin, tree.size, tree.root())

    def entries(self, first: int = 1) -> Iterator[Entry]:
        """Every leaf from ``first``, in order, with its body where it opens."""
        leaf, body = tables.ledger_leaf, tables.ledger_body
        joined = leaf.outerjoin(body, leaf.c.n == body.c.n)
        rows = self._connection.execute(
            select(leaf.c.n, leaf.c.data, leaf.c.hash, body.c.project, body.c.sealed)
            .select_from(joined)
            .where(leaf.c.n >= first)
            .order_by(leaf.c.n)
        )
        for row in rows:
            yield Entry(row.n, row.data, row.hash, self._open(row.n, row.project, row.sealed))

    def leaf_hashes(self, size: int) -> list[bytes]:
        leaf = tables.ledger_leaf
        return list(
            self._connection.execute(select(leaf.c.hash).where(leaf.c.n <= size).order_by(leaf.c.n)).scalars()
        )

    def entry(self, number: int) -> Entry | None:
        """One leaf, or None."""
        found = next(self.entries(number), None)
        return found if found and found.number == number else None

    def last(self, wanted: EventFilter) -> Entry | None:
        """The newest event that fits."""
        return next(iter(self.page(wanted, 1)), None)

    def page(self, wanted: EventFilter, limit: int, before: int | None = None) -> list[Entry]:
        """Up to ``limit`` events that fit, newest first, with numbers below ``before``."""
        leaf, body = tables.ledger_leaf, tables.ledger_body
        query = select(leaf.c.n, leaf.c.data, leaf.c.hash, body.c.project, body.c.sealed).select_from(
            leaf.outerjoin(body, leaf.c.n == body.c.n)
        )
        for column in ("kind", "person", "project", "subject"):
            if value := getattr(wanted, column):
                query = query.where(leaf.c[column] == value)
        if wanted.since:
            query = query.where(leaf.c.at >= wanted.since)
        if wanted.until:
            query = query.where(leaf.c.at <= wanted.until)
        if before is not None:
            query = query.where(leaf.c.n < before)
        rows = self._connection.execute(query.order_by(leaf.c.n.desc()).limit(limit))
        return [Entry(r.n, r.data, r.hash, self._open(r.n, r.project, r.sealed)) for r in rows]

    def _open(self, number: int, project: str | None, sealed: bytes | None) -> bytes | None:
        if project is None or sealed is None:
            return None
        key = self._keyring.find(project, "body")
        if key is None:
            return None
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], str(number).encode())
        except InvalidTag:
            return b""  # opens() compares it with the commitment, which it cannot match
