"""The kernels that run: started, asked after, signalled, and cleaned up after.

Each kernel leads a process group of its own. When it ends, what is left of the group is
killed, its sockets and its connection file are removed, and only then does a poll say that it
ended: a restart under the same id finds a clean place. The data key goes to each kernel in a
sealed piece of memory of its own.
"""

import fcntl
import json
import os
import signal
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .command_lines import command, environment
from .questions import Start, UnfitError

MAX_KERNELS: Final = 16
_MAX_ENDED: Final = 256
_SEALS: Final = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
_UMASK: Final = 0o007
"""Files of a kernel and its sockets belong to the workspace's group and to nobody else."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where kernels listen, work and keep their connection files."""

    sockets: Path
    work: Path
    private: Path


@dataclass(slots=True)
class Kernels:
    """Every kernel of this container, by id."""

    places: Places
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ended: dict[str, int] = field(default_factory=dict)
    _data_key: str | None = None

    def take_key(self, data_key: str) -> None:
        """Kernels that start from now on get this key."""
        with self._lock:
            self._data_key = data_key

    def start(self, asked: Start) -> None:
        """Start a kernel; one that still runs under this id is refused."""
        file = self.places.private / f"{asked.kernel_id}.json"
        words = command(asked.kernel, str(file))
        if words is None:
            raise UnfitError("unknown_kernel_name")
        with self._lock:
            if asked.kernel_id in self._running:
                raise UnfitError("still_running")
            if len(self._running) >= MAX_KERNELS:
                raise UnfitError("too_many_kernels")
            _write_private(file, json.dumps(dict(asked.connection)))
            process = self._launch(words)
            self._running[asked.kernel_id] = process
            self._ended.pop(asked.kernel_id, None)
        watcher = threading.Thread(target=self._watch, args=(asked.kernel_id, process), daemon=True)
        watcher.start()

    def poll(self, kernel_id: str) -> int | None:
        """Give the exit status, or None while the kernel runs."""
        with self._lock:
            if kernel_id in self._running:
                return None
            if kernel_id in self._ended:
                return self._ended[kernel_id]
        raise UnfitError("unknown_kernel")

    def signal(self, kernel_id: str, signum: int) -> None:
        """Signal the kernel's group; a kernel that has ended needs none."""
        with self._lock:
            process = self._running.get(kernel_id)
            if process is not None and process.returncode is None:
                _signal_group(process.pid, signum)
            elif kernel_id not in self._ended and process is None:
                raise UnfitError("unknown_kernel")

    def end_all(self) -> None:
        """Kill every kernel, when the container ends."""
        with self._lock:
            for process in self._running.values():
                _signal_group(process.pid, signal.SIGKILL)

    def _launch(self, words: list[str]) -> subprocess.Popen[bytes]:
        key = None if self._data_key is None else _sealed(self._data_key)
        try:
            return subprocess.Popen(
                words,
                env=environment(key),
                cwd=self.places.work,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                umask=_UMASK,
                pass_fds=() if key is None else (key,),
            )
        except OSError:
            raise UnfitError("not_started") from None
        finally:
            if key is not None:
                os.close(key)

    def _watch(self, kernel_id: str, process: subprocess.Popen[bytes]) -> None:
        # Wait without reaping, so that the group's id cannot be given to another before it is killed.
        with suppress(ChildProcessError):
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        _signal_group(process.pid, signal.SIGKILL)
        status = process.wait()
        self._clean(kernel_id)
        with self._lock:
            self._running.pop(kernel_id, None)
            self._ended[kernel_id] = status
            while len(self._ended) > _MAX_ENDED:
                self._ended.pop(next(iter(self._ended)))

    def _clean(self, kernel_id: str) -> None:
        with suppress(OSError):
            (self.places.private / f"{kernel_id}.json").unlink()
        for stale in self.places.sockets.glob(f"{kernel_id}-*"):
            with suppress(OSError):
                stale.unlink()


def _signal_group(group: int, signum: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signum)


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _sealed(data_key: str) -> int:
    """Put the key into memory that nobody can change, and give its descriptor."""
    descriptor = os.memfd_create("hanare-key", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(descriptor, data_key.encode("ascii"))
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    return descriptor
