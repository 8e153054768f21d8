"""Keys of the producer's zone: pseudonym keys by project, and the key that signs manifests.

Files of 32 bytes, mode 0600, in folders of the producer's own user. They are made once and
never leave: nothing here writes one anywhere else, and no error names one.
"""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from catalog.pseudonyms import KEY_BYTES
from enclave.adapters.durable_files import create_durably, hand_to_owner
from enclave.errors import TamperedError
from enclave.identity import check_project_id
from enclave.ports import Randomness
from enclave.sentences import say


class PseudonymKeyFiles:
    """The ``PseudonymKeys`` port over a folder."""

    def __init__(self, folder: Path, fresh: Randomness) -> None:
        self._folder = folder
        self._fresh = fresh

    def find(self, project: str) -> bytes | None:
        return _read(self._path(project))

    def make(self, project: str) -> bytes:
        found = self.find(project)
        if found is not None:
            return found
        path = self._path(project)
        _make_folder(path.parent)
        key = self._fresh.token(KEY_BYTES)
        return key if create_durably(path, key, 0o600) else self.make(project)

    def _path(self, project: str) -> Path:
        return self._folder / f"{check_project_id(project)}.key"


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


def _read(path: Path) -> bytes | None:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(key) != KEY_BYTES:
        raise TamperedError("bad_key_file", say("A key of the producer does not have 32 bytes. Restore it."))
    return key


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        hand_to_owner(folder)
