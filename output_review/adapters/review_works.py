"""Transactions over the room's tables and the foundation's, with the ledger inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from enclave.adapters.database import Database, Transaction
from enclave.audit.event import EventDraft
from enclave.ports import Displays, Keyring, Proposals, Randomness, Register
from output_review.adapters.check_tables import CheckTables
from output_review.adapters.number_tables import NumberTables
from output_review.adapters.release_tables import ReleaseTables
from output_review.adapters.request_tables import RequestTables
from output_review.adapters.review_tables import ReviewTables
from output_review.adapters.sealed_words import SealedWords


class ReviewTransaction:
    """The ``ReviewWork`` port over one of the foundation's transactions."""

    def __init__(self, inner: Transaction) -> None:
        words = SealedWords(inner.keyring, inner.fresh)
        self.inner = inner
        self.requests = RequestTables(inner.connection, words)
        self.reviews = ReviewTables(inner.connection, words)
        self.releases = ReleaseTables(inner.connection, words)
        self.numbers = NumberTables(inner.connection, words)
        self.checks = CheckTables(inner.connection, words)

    @property
    def register(self) -> Register:
        return self.inner.register

    @property
    def proposals(self) -> Proposals:
        return self.inner.proposals

    @property
    def displays(self) -> Displays:
        return self.inner.displays

    @property
    def now(self) -> datetime:
        return self.inner.now

    @property
    def fresh(self) -> Randomness:
        return self.inner.fresh

    @property
    def keyring(self) -> Keyring:
        return self.inner.keyring

    def record(self, draft: EventDraft) -> int:
        return self.inner.record(draft)


class DatabaseReviewWorks:
    """The ``ReviewWorks`` port over the deployment's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def begin(self) -> Iterator[ReviewTransaction]:
        with self._database.begin() as inner:
            yield ReviewTransaction(inner)

    @contextmanager
    def read(self) -> Iterator[ReviewTransaction]:
        with self._database.read() as inner:
            yield ReviewTransaction(inner)
