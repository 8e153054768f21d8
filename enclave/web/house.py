"""What the foundation's pages are given: state, ledger, checkpoints, second factor, rendering.

Built once in the composition root; no page reaches for anything that is not in here.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from enclave.audit.checkpoint import Checkpoint
from enclave.audit.ledger import Entry
from enclave.display import DisplayRules
from enclave.identity import Person
from enclave.ports import CheckpointStore, LedgerReader, Passwords, Work
from enclave.sentences import Sentence
from enclave.web.pages import Pages
from enclave.web.visits import Records


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events to list; empty fields filter nothing. Times are ISO 8601 UTC, inclusive."""

    kind: str = ""
    person: str = ""
    project: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""


class LedgerShelf(LedgerReader, Protocol):
    """The ledger as auditors browse it: newest first, a page at a time."""

    def head(self) -> Checkpoint: ...
    def page(self, wanted: Wanted, limit: int, before: int | None = None) -> list[Entry]:
        """Up to ``limit`` events that fit, with numbers below ``before``."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person, shown on their first page."""

    path: str
    what: Sentence
    count: int


Errands = Callable[[Work, Person], tuple[Waiting, ...]]
"""What of a room waits for a person."""


@dataclass(frozen=True, slots=True)
class House:
    """The foundation's side of the portal."""

    records: Records
    open_ledger: Callable[[], AbstractContextManager[LedgerShelf]]
    notes: CheckpointStore
    key_name: str
    passwords: Passwords
    pages: Pages
    rules: DisplayRules
