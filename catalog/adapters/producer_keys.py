"""Keys of the producer's zone: the officers' box, pseudonym keys by project, the key that signs manifests.

Files of mode 0600 in folders of the producer's own user. A pseudonym key is sealed to the
officers' box when it is made and is read only while a time box is open; there is no other copy.
The signing key leads to nobody and lies there as it is. They are made once and never leave:
nothing here writes one anywhere else, and no error names one.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from catalog.adapters.opened_files import OpenedFiles
from catalog.officers_box import Box, Stretching, box_bytes, make_box, no_box, read_box, seal, unseal, wrap
from catalog.pseudonyms import KEY_BYTES
from catalog.time_boxes import Purpose, officers_sealed
from enclave.adapters.durable_files import create_durably, flush_folder, hand_to_owner, write_durably
from enclave.errors import TamperedError
from enclave.identity import check_project_id
from enclave.ports import Clock, Randomness
from enclave.sentences import say

PLAIN, SEALED = ".key", ".sealed"


class OfficersBoxFile:
    """The ``OfficersBox`` port: the box in one file, its opened half in ``opened``."""

    def __init__(
        self, path: Path, opened: OpenedFiles, fresh: Randomness, clock: Clock, cost: Stretching
    ) -> None:
        self._path = path
        self._fresh = fresh
        self._clock = clock
        self._cost = cost
        self.opened = opened

    def find(self) -> Box | None:
        try:
            return read_box(self._path.read_bytes())
        except FileNotFoundError:
            return None

    def propose(self, organisation: str, passphrases: Mapping[str, str], private: bytes | None = None) -> Box:
        if private is None:
            return make_box(organisation, passphrases, self._cost, self._fresh.token)
        return wrap(private, organisation, passphrases, self._cost, self._fresh.token)

    def keep(self, box: Box) -> None:
        _make_folder(self._path.parent)
        write_durably(self._path, box_bytes(box), 0o600)

    def seal(self, content: bytes, label: str = "") -> bytes:
        box = self.find()
        if box is None:
            raise no_box()
        return seal(box.public, content, label, self._fresh.token)

    def unseal(
        self, sealed: bytes, label: str = "", purpose: Purpose = Purpose.BUILD, subject: str = ""
    ) -> bytes:
        return unseal(self.private_half(purpose, subject), sealed, label)

    def private_half(self, purpose: Purpose, subject: str = "") -> bytes:
        """The opened half, while a time box is open for this.

        Raises:
            ConflictError: none is.
        """
        found = self.opened.find(purpose, subject, self._clock.now())
        if found is None:
            raise officers_sealed()
        return found.private


class PseudonymKeyFiles:
    """The ``PseudonymKeys`` port over a folder, each key sealed to the officers' box."""

    def __init__(self, folder: Path, fresh: Randomness, box: OfficersBoxFile) -> None:
        self._folder = folder
        self._fresh = fresh
        self._box = box

    def find(self, project: str, purpose: Purpose = Purpose.BUILD, subject: str = "") -> bytes | None:
        self.seal_plain()
        path = self._path(project)
        private = self._box.private_half(purpose, subject)
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            return None
        key = unseal(private, sealed, _label(project))
        if len(key) != KEY_BYTES:
            raise _damaged()
        return key

    def make(self, project: str) -> bytes:
        found = self.find(project)
        if found is not None:
            return found
        _make_folder(self._folder)
        key = self._fresh.token(KEY_BYTES)
        sealed = self._box.seal(key, _label(project))
        return key if create_durably(self._path(project), sealed, 0o600) else self.make(project)

    def known(self, project: str) -> bool:
        return self._path(project).is_file()

    def seal_plain(self) -> tuple[str, ...]:
        """Keys that lie here as they are, from before there was a box, are sealed, then overwritten."""
        plain = sorted(self._folder.glob(f"*{PLAIN}"))
        if not plain or self._box.find() is None:
            return ()
        for path in plain:
            key = _read(path)
            if key is not None:
                create_durably(self._path(path.stem), self._box.seal(key, _label(path.stem)), 0o600)
                _overwrite(path, self._fresh)
        return tuple(path.stem for path in plain)

    def _path(self, project: str) -> Path:
        return self._folder / f"{check_project_id(project)}{SEALED}"


class SigningKeyFile:
    """The producer's Ed25519 key; made at its first use."""

    def __init__(self, path: Path, fresh: Randomness) -> None:
        self._path = path
        self._fresh = fresh

    def sign(self, message: bytes) -> bytes:
        return self._private().sign(message)

    def public_key(self) -> bytes:
        """The 32 bytes that verify what was signed."""
        return self._private().public_key().public_bytes_raw()

    def _private(self) -> Ed25519PrivateKey:
        key = _read(self._path)
        if key is None:
            _make_folder(self._path.parent)
            create_durably(self._path, self._fresh.token(KEY_BYTES), 0o600)
            return self._private()
        return Ed25519PrivateKey.from_private_bytes(key)


def holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this signature over the message is of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _label(project: str) -> str:
    return f"pseudonym:{project}"


def _read(path: Path) -> bytes | None:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(key) != KEY_BYTES:
        raise _damaged()
    return key


def _damaged() -> TamperedError:
    return TamperedError("bad_key_file", say("A key of the producer does not have 32 bytes. Restore it."))


def _overwrite(path: Path, fresh: Randomness) -> None:
    with path.open("r+b") as handle:
        handle.write(fresh.token(path.stat().st_size))
        handle.flush()
        os.fsync(handle.fileno())
    path.unlink()
    flush_folder(path.parent)


def _make_folder(folder: Path) -> None:
    for missing in [f for f in (folder.parent, folder) if not f.is_dir()]:
        missing.mkdir(mode=0o700, parents=True, exist_ok=True)
        hand_to_owner(missing)
