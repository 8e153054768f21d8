"""Signed notes as files that can be copied off-site: ``<size, 12 digits>.note``.

The recorder writes them; everybody else reads. Its private key lies in the recorder's own
folder, and only ``CheckpointSigner`` opens it.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enclave.adapters.durable_files import create_durably, write_durably
from enclave.audit.checkpoint import Checkpoint, sign_checkpoint
from enclave.errors import UnavailableError
from enclave.sentences import say


class CheckpointFiles:
    """The ``CheckpointStore`` port over a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def latest(self) -> str | None:
        notes = self._notes()
        return notes[-1].read_text() if notes else None

    def at_or_after(self, size: int) -> str | None:
        fitting = [path for path in self._notes() if int(path.stem) >= size]
        return fitting[0].read_text() if fitting else None

    def all(self) -> tuple[str, ...]:
        return tuple(path.read_text() for path in self._notes())

    def keep(self, note: str) -> None:
        size = int(note.split("\n")[1])
        create_durably(self._folder / f"{size:012d}.note", note.encode(), 0o644)
        write_durably(self._folder / "latest.note", note.encode(), 0o644)

    def public_key(self) -> bytes:
        try:
            return (self._folder / "checkpoint.pub").read_bytes()
        except FileNotFoundError as error:
            raise UnavailableError(
                "no_recorder", say("The recorder has not started yet: there is no checkpoint key.")
            ) from error

    def _notes(self) -> list[Path]:
        return sorted(path for path in self._folder.glob("*.note") if path.stem.isdecimal())


class CheckpointSigner:
    """Holds the checkpoint key. Only the recorder's process makes one."""

    def __init__(self, folder: Path, published: Path, name: str) -> None:
        path = folder / "checkpoint.key"
        if not path.exists():
            create_durably(path, Ed25519PrivateKey.generate().private_bytes_raw(), 0o600)
        self._key = Ed25519PrivateKey.from_private_bytes(path.read_bytes())
        self._name = name
        public = self._key.public_key().public_bytes_raw()
        if not (published / "checkpoint.pub").exists():
            write_durably(published / "checkpoint.pub", public, 0o644)
        os.chmod(path, 0o600)  # noqa: PTH101  also when an older run left it wider

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a signed note."""
        return sign_checkpoint(checkpoint, self._name, self._key)
