"""Keys as files: ``keys/projects/<project>/<purpose>.key``, each sealed under the master key.

A file holds ``nonce || AES-256-GCM(master, key)`` with its own name as associated data, so a
file moved to another project does not open. Destroying a key overwrites its file, removes it and leaves
a tombstone beside it: a destroyed key is never made again under the same name.
"""

import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enclave.adapters.durable_files import create_durably, flush_folder, hand_to_owner
from enclave.errors import ConflictError, TamperedError, UnavailableError
from enclave.identity import check_project_id
from enclave.ports import Randomness
from enclave.sentences import say

KEY_BYTES = 32
_NONCE = 12
PURPOSE = re.compile(r"body|vault|data|credential|work-[0-9a-f]{12}")
"""What a key is for; ``work-<workspace>`` is the key of that workspace's own disk."""


class KeyringFiles:
    """The ``Keyring`` port over a folder."""

    def __init__(self, folder: Path, fresh: Randomness) -> None:
        self._folder = folder
        self._fresh = fresh

    def find(self, project: str, purpose: str) -> bytes | None:
        path = self._path(project, purpose)
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return AESGCM(self._master()).decrypt(sealed[:_NONCE], sealed[_NONCE:], _name(project, purpose))
        except InvalidTag as error:
            raise TamperedError(
                "bad_key_file", say("A key file of project '{project}' does not open.", project=project)
            ) from error

    def make(self, project: str, purpose: str) -> bytes:
        found = self.find(project, purpose)
        if found is not None:
            return found
        path = self._path(project, purpose)
        if path.with_suffix(".destroyed").exists():
            raise ConflictError(
                "key_destroyed",
                say("The key of project '{project}' was destroyed for good.", project=project),
            )
        for folder in (path.parent.parent, path.parent):
            if not folder.is_dir():
                folder.mkdir(mode=0o2770, exist_ok=True)
                hand_to_owner(folder)
                folder.chmod(0o2770)
        key, nonce = self._fresh.token(KEY_BYTES), self._fresh.token(_NONCE)
        sealed = nonce + AESGCM(self._master()).encrypt(nonce, key, _name(project, purpose))
        if create_durably(path, sealed, 0o640):
            return key
        return self.make(project, purpose)

    def destroy(self, project: str, purpose: str) -> None:
        path = self._path(project, purpose)
        if not path.exists():
            return
        create_durably(path.with_suffix(".destroyed"), b"", 0o640)
        with path.open("r+b") as handle:
            handle.write(self._fresh.token(path.stat().st_size))
            handle.flush()
            os.fsync(handle.fileno())
        path.unlink()
        flush_folder(path.parent)

    def _path(self, project: str, purpose: str) -> Path:
        if not PURPOSE.fullmatch(purpose):
            raise ConflictError("no_such_purpose", say("There are no keys of this kind."))
        return self._folder / "projects" / check_project_id(project) / f"{purpose}.key"

    def _master(self) -> bytes:
        try:
            key = (self._folder / "master.key").read_bytes()
        except FileNotFoundError as error:
            raise UnavailableError(
                "no_master_key", say("The master key is missing. Run the set-up, or restore it.")
            ) from error
        if len(key) != KEY_BYTES:
            raise TamperedError("bad_master_key", say("The master key does not have 32 bytes. Restore it."))
        return key


def _name(project: str, purpose: str) -> bytes:
    return f"hanare:{project}:{purpose}".encode()
