"""Keys as files: ``keys/projects/<project>/<purpose>.key``, each wrapped by the master key.

A file holds the key as the master key wrapped it, bound to its own name, so a file moved to
another project does not open. Destroying a key overwrites its file, removes it and leaves a
tombstone beside it: a destroyed key is never made again under the same name. Making and
destroying go on side by side; a rotation of the master key waits for them and they for it, so
that nothing is missed and nothing destroyed comes back. Reading waits for nobody.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_SH, flock
from pathlib import Path

from enclave import data_keys
from enclave.adapters.durable_files import create_durably, flush_folder, hand_to_owner, write_durably
from enclave.adapters.master_keys import KEY_BYTES, FileStore, LocalMasterKey
from enclave.errors import ConflictError, TamperedError
from enclave.identity import check_project_id
from enclave.ports import MasterKey, Randomness
from enclave.sentences import say

PURPOSE = re.compile(rf"body|vault|{data_keys.PATTERN}|credential|work-[0-9a-f]{{12}}")
"""What a key is for; ``work-<workspace>`` is the key of that workspace's own disk."""
_TRIES = 3
"""A rotation may end between reading a file and reading the master key: then both are read again."""
_MODE = 0o640


class KeyringFiles:
    """The ``Keyring`` port over a folder."""

    def __init__(self, folder: Path, fresh: Randomness, master: MasterKey | None = None) -> None:
        self._folder = folder
        self._fresh = fresh
        self._master = master or LocalMasterKey(FileStore(folder / "master.key", fresh), fresh)

    def find(self, project: str, purpose: str) -> bytes | None:
        path = self._path(project, purpose)
        for left in reversed(range(_TRIES)):
            try:
                return self._master.unwrap(path.read_bytes(), _name(project, purpose))
            except FileNotFoundError:
                return None
            except TamperedError as error:
                if left == 0:
                    raise TamperedError(
                        "bad_key_file",
                        say("A key file of project '{project}' does not open.", project=project),
                    ) from error
        raise AssertionError("the last try returns or raises")

    def make(self, project: str, purpose: str) -> bytes:
        found = self.find(project, purpose)
        if found is not None:
            return found
        path = self._path(project, purpose)
        with self._held(LOCK_SH):
            if _tombstone(path).exists():
                raise ConflictError(
                    "key_destroyed",
                    say("The key of project '{project}' was destroyed for good.", project=project),
                )
            for folder in (path.parent.parent, path.parent):
                if not folder.is_dir():
                    folder.mkdir(mode=0o2770, exist_ok=True)
                    hand_to_owner(folder)
                    folder.chmod(0o2770)
            key = self._fresh.token(KEY_BYTES)
            if create_durably(path, self._master.wrap(key, _name(project, purpose)), _MODE):
                return key
        return self.make(project, purpose)

    def destroy(self, project: str, purpose: str) -> None:
        path = self._path(project, purpose)
        with self._held(LOCK_SH):
            if path.exists():
                create_durably(_tombstone(path), b"", _MODE)
                self._overwrite(path)

    def purposes(self, project: str) -> tuple[str, ...]:
        folder = self._folder / "projects" / check_project_id(project)
        return tuple(path.stem for path in sorted(folder.glob("*.key")) if not _tombstone(path).exists())

    def rotate(self) -> int:
        """Every key is wrapped by a newer master key, and the older one is destroyed; how many keys.

        Killed at any point, every key opens, and asking again goes on where it ended. Nothing is
        changed when a key does not open now.

        Raises:
            TamperedError: a key file does not open.
        """
        with self._held(LOCK_EX):
            keys = {path: self._opened(path) for path in self._files()}
            self._master.begin_rotation()
            for path, key in keys.items():
                write_durably(path, self._master.wrap(key, _name_of(path)), _MODE)
            self._master.finish_rotation()
        return len(keys)

    def rotating(self) -> bool:
        """Whether a rotation was begun and not finished."""
        return self._master.rotating()

    def _files(self) -> Iterator[Path]:
        """Every key that is in force; one whose destruction was not finished is destroyed now."""
        for path in sorted(self._folder.glob("projects/*/*.key")):
            if _tombstone(path).exists():
                self._overwrite(path)
            else:
                yield path

    def _opened(self, path: Path) -> bytes:
        key = self.find(path.parent.name, path.stem)
        if key is None:
            raise FileNotFoundError(path)
        return key

    def _overwrite(self, path: Path) -> None:
        with path.open("r+b") as handle:
            handle.write(self._fresh.token(path.stat().st_size))
            handle.flush()
            os.fsync(handle.fileno())
        path.unlink()
        flush_folder(path.parent)

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            flock(descriptor, how)
            yield
        finally:
            os.close(descriptor)

    def _path(self, project: str, purpose: str) -> Path:
        if not PURPOSE.fullmatch(purpose):
            raise ConflictError("no_such_purpose", say("There are no keys of this kind."))
        return self._folder / "projects" / check_project_id(project) / f"{purpose}.key"


def _tombstone(path: Path) -> Path:
    return path.with_suffix(".destroyed")


def _name(project: str, purpose: str) -> bytes:
    return f"hanare:{project}:{purpose}".encode()


def _name_of(path: Path) -> bytes:
    return _name(path.parent.name, path.stem)
