"""Where the opened half of the officers' box lies while a time box lasts: in memory, for one user.

A file per time box, mode 0600, in a folder of the producer's user (0700) on a file system that
is memory: a machine that is started anew has lost it. The end stands in the file, and whoever
reads a file whose end has come removes it. Beside that a small process of its own waits for the
end and removes the file, so that it is gone in time although nobody asks.
"""

import json
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from catalog.officers_box import no_box
from catalog.time_boxes import Opened, Purpose
from enclave.adapters.memory_files import lies_in_memory
from enclave.errors import ConflictError, UnavailableError
from enclave.sentences import say

Watch = Callable[[Path, datetime], None]
"""Sees to it that a file is removed at a time."""
_WAIT = (
    '( while [ -e "$1" ] && [ "$(date +%s)" -lt "$2" ]; do sleep 2; done; rm -f -- "$1"; rmdir -- "$3" )'
    " </dev/null >/dev/null 2>&1 &"
)


def wait_beside(path: Path, end: datetime) -> None:
    """A process of its own removes the file at its end, whatever becomes of this one."""
    words = [
        "/bin/sh",
        "-c",
        _WAIT,
        "hanare-time-box",
        str(path),
        str(int(end.timestamp())),
        str(path.parent),
    ]
    subprocess.run(words, check=True, start_new_session=True, close_fds=True)  # noqa: S603  fixed words, our own path


class OpenedFiles:
    """What is open now. ``home`` is the producer's home: its owner owns what lies here."""

    def __init__(self, folder: Path, home: Path, watch: Watch = wait_beside) -> None:
        self._folder = folder
        self._home = home
        self._watch = watch

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """The lock of opening and settling; the system lets it go when the process ends.

        Raises:
            ConflictError: there is no producer's home here, so there is no box either.
        """
        try:
            descriptor = os.open(self._home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise no_box() from error
        try:
            flock(descriptor, LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def put(self, opened: Opened) -> None:
        """It can be used from now on.

        Raises:
            UnavailableError: the place is not in memory, or belongs to somebody else.
        """
        self._make_folder()
        document = {
            "id": opened.id,
            "purpose": opened.purpose.value,
            "subject": opened.subject,
            "expires_at": opened.expires_at.isoformat(),
            "private": opened.private.hex(),
        }
        path = self._path(opened.id)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as handle:
            self._give(path)
            self._watch(path, opened.expires_at)  # from here on it is removed, whatever becomes of us
            handle.write(json.dumps(document).encode())

    def find(self, purpose: Purpose, subject: str, now: datetime) -> Opened | None:
        """What is open for this; whatever has come to its end is removed."""
        for opened in self._all(now):
            if (opened.purpose, opened.subject) == (purpose, subject):
                return opened
        return None

    def ids(self, now: datetime) -> frozenset[str]:
        """The time boxes whose opened half is here; those at their end are removed first."""
        return frozenset(opened.id for opened in self._all(now))

    def drop(self, time_box: str) -> None:
        """It is closed."""
        self._path(time_box).unlink(missing_ok=True)
        with suppress(OSError):  # others may be open
            self._folder.rmdir()

    def _all(self, now: datetime) -> tuple[Opened, ...]:
        if not self._folder.is_dir():
            return ()
        whole = [path for path in sorted(self._folder.glob("*.json")) if path.stat().st_size]
        found = [(path, _read(path)) for path in whole]
        for path, opened in found:
            if opened is None or now >= opened.expires_at:
                self.drop(path.stem)
        return tuple(opened for _, opened in found if opened is not None and now < opened.expires_at)

    def _path(self, time_box: str) -> Path:
        return self._folder / f"{time_box}.json"

    def _make_folder(self) -> None:
        with suppress(FileExistsError):
            self._folder.mkdir(mode=0o700, parents=True)
            self._give(self._folder)
        have, home = self._folder.lstat(), self._home.stat()
        ours = stat.S_ISDIR(have.st_mode) and have.st_uid == home.st_uid and not have.st_mode & 0o077
        if not ours:
            raise ConflictError(
                "opened_not_ours",
                say(
                    "The folder for what is opened is not the producer's alone: {path}.",
                    path=str(self._folder),
                ),
            )
        self._check_memory()

    def _check_memory(self) -> None:
        if not lies_in_memory(self._folder):
            raise UnavailableError(
                "not_in_memory",
                say(
                    "What is opened may lie in memory only, and {path} is not. Set HANARE_OPENED.",
                    path=str(self._folder),
                ),
            )

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            home = self._home.stat()
            os.chown(path, home.st_uid, home.st_gid, follow_symlinks=False)


def _read(path: Path) -> Opened | None:
    try:
        document = json.loads(path.read_bytes())
        return Opened(
            id=path.stem,
            purpose=Purpose(document["purpose"]),
            subject=str(document["subject"]),
            expires_at=datetime.fromisoformat(document["expires_at"]),
            private=bytes.fromhex(document["private"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
