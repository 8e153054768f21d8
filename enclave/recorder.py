"""The recorder: the one process that can sign the ledger's head.

It reads new leaves, extends its own compact range from their bytes, and signs when a minute has
passed or when an event asks for a signature at once (a release, an export, a founding). Before
signing it holds the store against what it computed itself: a leaf that does not hash to what is
stored, a head that is not the root of the leaves, or a history that no longer contains the last
signed prefix is never signed. Then it stops and says so; that silence is the alarm.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from enclave.audit.checkpoint import Checkpoint, open_checkpoint
from enclave.audit.kinds import Kind
from enclave.audit.ledger import Entry
from enclave.audit.merkle import CompactRange, leaf_hash
from enclave.errors import TamperedError
from enclave.ports import CheckpointStore, Clock, LedgerReader
from enclave.sentences import say

EVERY = timedelta(seconds=60)
AT_ONCE = frozenset(
    {Kind.HOME_FOUNDED, Kind.RELEASE_DONE, Kind.RELEASE_DOWNLOADED, Kind.LEDGER_EXPORTED, Kind.EXTRACT_DONE}
)
_MARKS = tuple(f'"kind":"{kind.value}"'.encode() for kind in sorted(AT_ONCE))


class Signer(Protocol):
    """Holds the checkpoint key."""

    def sign(self, checkpoint: Checkpoint) -> str: ...


class Recorder:
    """Extends its own view of the tree and signs it."""

    def __init__(
        self,
        readers: Callable[[], AbstractContextManager[LedgerReader]],
        notes: CheckpointStore,
        signer: Signer,
        clock: Clock,
        *,
        origin: str,
        key_name: str,
    ) -> None:
        self._readers, self._notes, self._signer, self._clock = readers, notes, signer, clock
        self._origin, self._key_name = origin, key_name
        self._tree = CompactRange()
        self._signed = 0
        self._signed_at: datetime | None = None
        self._wanted = False
        self._last: Checkpoint | None = None

    def tick(self) -> str | None:
        """Take in what is new; the signed note when one was made.

        Raises:
            TamperedError: the store does not hold what was recorded.
        """
        if self._last is None and (note := self._notes.latest()) is not None:
            self._last = open_checkpoint(note, self._key_name, self._notes.public_key())
            self._signed = self._last.size
        with self._readers() as reader:
            for entry in reader.entries(self._tree.size + 1):
                self._take(entry)
            head = reader.head()
        if (head.size, head.root) != (self._tree.size, self._tree.root()):
            raise _altered()
        if self._last is not None and self._tree.size < self._last.size:
            raise _altered()
        due = self._signed_at is None or self._clock.now() - self._signed_at >= EVERY
        if self._tree.size == self._signed or not (due or self._wanted):
            return None
        note = self._signer.sign(Checkpoint(self._origin, self._tree.size, self._tree.root()))
        self._notes.keep(note)
        self._signed, self._signed_at, self._wanted = self._tree.size, self._clock.now(), False
        return note

    def _take(self, entry: Entry) -> None:
        if entry.number != self._tree.size + 1 or leaf_hash(entry.data) != entry.hash:
            raise _altered()
        self._tree = self._tree.append(entry.hash)
        self._wanted = self._wanted or any(mark in entry.data for mark in _MARKS)
        if self._last and self._tree.size == self._last.size and self._tree.root() != self._last.root:
            raise _altered()


def _altered() -> TamperedError:
    return TamperedError(
        "ledger_altered",
        say("The ledger does not hold what was recorded. Nothing is signed. Run 'enclave audit verify' now."),
    )


def run(
    recorder: Recorder, stopped: Event, pause: float = 0.5, beat: Callable[[], None] = lambda: None
) -> None:
    """Tick until told to end, ``beat`` after each; ends with ``TamperedError`` when the ledger was altered."""
    while not stopped.wait(pause):
        recorder.tick()
        beat()
