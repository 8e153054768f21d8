"""The vault: ``vault/<project>/<sha256 of the plain bytes>``, sealed with the project's key.

A file is ``nonce || AES-256-GCM(vault key, bytes)`` with project and digest as associated
data. It is written whole or not at all and flushed before it is spoken of. What is read is
verified against its name, so a file that was altered, swapped or moved is never handed out.
"""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enclave.adapters.durable_files import flush_folder, write_durably
from enclave.errors import ConflictError, InvalidInputError, NotFoundError, TamperedError
from enclave.identity import check_project_id
from enclave.ports import Keyring, Randomness
from enclave.sentences import say

_NONCE = 12
_MODE = 0o640
_FOLDER_MODE = 0o2770


class VaultFolder:
    """The ``FileVault`` port over a folder."""

    def __init__(self, folder: Path, keyring: Keyring, fresh: Randomness) -> None:
        self._folder = folder
        self._keyring = keyring
        self._fresh = fresh

    def put(self, project: str, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(project, digest)
        if self._holds(project, digest):
            return digest
        key = self._key(project)
        nonce = self._fresh.token(_NONCE)
        sealed = nonce + AESGCM(key).encrypt(nonce, content, _context(project, digest))
        self._make_folder(path.parent)
        write_durably(path, sealed, _MODE)
        return digest

    def get(self, project: str, sha256: str) -> bytes:
        path = self._path(project, sha256)
        try:
            sealed = path.read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError("not_in_vault", say("These bytes are not in the vault.")) from error
        try:
            key = self._key(project)
            content = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _context(project, sha256))
        except (InvalidTag, ValueError) as error:
            raise _tampered() from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _tampered()
        return content

    def has(self, project: str, sha256: str) -> bool:
        return self._path(project, sha256).is_file()

    def drop(self, project: str, sha256: str) -> None:
        path = self._path(project, sha256)
        if path.exists():
            path.unlink(missing_ok=True)
            flush_folder(path.parent)

    def _holds(self, project: str, sha256: str) -> bool:
        """Whether exactly these bytes are kept; damaged ones are written anew."""
        try:
            self.get(project, sha256)
        except (NotFoundError, TamperedError):
            return False
        return True

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
            folder.chmod(_FOLDER_MODE)
            flush_folder(self._folder)

    def _path(self, project: str, sha256: str) -> Path:
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise InvalidInputError("bad_digest", say("A SHA-256 is 64 lower-case hexadecimal digits."))
        return self._folder / check_project_id(project) / sha256

    def _key(self, project: str) -> bytes:
        key = self._keyring.find(project, "vault")
        if key is None:
            raise ConflictError(
                "no_vault_key",
                say("This project's key does not exist or was destroyed. Nothing can be kept for it."),
            )
        return key


def _context(project: str, sha256: str) -> bytes:
    return f"hanare:vault:{project}:{sha256}".encode()


def _tampered() -> TamperedError:
    return TamperedError(
        "vault_altered", say("A file in the vault is not what was put there. Tell the operator.")
    )
