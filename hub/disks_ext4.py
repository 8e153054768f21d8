"""Disks on this machine: images below ``disks/<wid>``, opened, closed and destroyed.

``disks/`` is root's alone. An image is mounted at a private place first (``stage``), its folder
unlocked and compared with the key, and only that folder is then shown at the workspace's
``work``, which the gate made. What is mounted is asked of the kernel each time, never
remembered, so a killed process is followed by one that finds what it left: an image gets its
name when it is whole, and a loop device lasts no longer than its mounts. The workspace's folder
belongs to the gate and what it kept was written by researchers: no link on the way is followed.
"""

import contextlib
import errno
import logging
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from enclave.errors import EnclaveError
from hub import disks_kernel
from hub.disks import FOLDER, DiskSize, DiskState, Found, Step, format_command, plan_open, refusal
from hub.disks_take_in import empty, take_in
from hub.gate_folders import read_number
from hub.sessions_house import Users

log = logging.getLogger("hanare.disks")
HEADER = 1 << 20
BUSY_SECONDS = 3.0
PAUSE = 0.02
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Disks:
    """Every disk of a home. One lock for each workspace orders what is asked of it."""

    def __init__(self, home: Path, size: Callable[[], DiskSize]) -> None:
        self._home = home
        self._size = size
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def open(self, wid: str, number: int, key: bytes) -> DiskState:
        """The disk is shown at the workspace's ``work``; a new one is made when there is none.

        Raises:
            EnclaveError: it is not; nothing of it is left mounted by this.
        """
        with self._locks[wid], _said():
            disk = _Disk(self._home, wid)
            if read_number(disk.top) != number:
                raise refusal("other_number")
            disk.open(key, number, self._size)
            return disk.state()

    def close(self, wid: str) -> DiskState:
        """The disk is shown nowhere and the kernel has forgotten its key."""
        with self._locks[wid], _said():
            disk = _Disk(self._home, wid)
            disk.close()
            return disk.state()

    def erase(self, wid: str) -> DiskState:
        """The disk is closed and its image is gone, its header overwritten."""
        with self._locks[wid], _said():
            disk = _Disk(self._home, wid)
            disk.close()
            disk.erase()
            return disk.state()

    def state(self, wid: str) -> DiskState:
        """The disk as it is."""
        with _said():
            return _Disk(self._home, wid).state()

    def recover(self) -> None:
        """Private mounts that a killed process left are gone; what is shown stays."""
        for folder in sorted((self._home / "disks").glob("*/stage")):
            with contextlib.suppress(OSError):
                _Disk(self._home, folder.parent.name).clear_stage()


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """What the machine refused becomes a refusal of ours."""
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        log.exception("a disk could not be used")
        raise refusal("failed") from error


class _Disk:
    """One workspace's disk."""

    def __init__(self, home: Path, wid: str) -> None:
        self.top = home / "workspaces" / wid
        self._folder = home / "disks" / wid
        self._image = self._folder / "work.img"
        self._half = self._folder / "work.img.new"
        self._stage = self._folder / "stage"

    def find(self) -> Found:
        return Found(self._image.exists(), self._half.exists(), self._staged(), self._shown())

    def _staged(self) -> bool:
        return str(self._stage) in {mount.point for mount in disks_kernel.mounts()}

    def _shown(self) -> bool:
        """Whether the folder of this very image is what the workspace's ``work`` shows."""
        devices = {disks_kernel.device_number(device) for device in disks_kernel.loops_of(self._image)}
        point = str(self.top / FOLDER)
        seen = [mount for mount in disks_kernel.mounts() if mount.point == point]
        return bool(seen) and seen[-1].device in devices and seen[-1].root == f"/{FOLDER}"

    def open(self, key: bytes, number: int, size: Callable[[], DiskSize]) -> None:
        found = self.find()
        acts: dict[Step, Callable[[], None]] = {
            Step.CLEAR_STAGE: self.clear_stage,
            Step.DISCARD_HALF: self._half.unlink,
            Step.FORMAT: lambda: self._format(size()),
            Step.STAGE: self._put_on_stage,
            Step.LOCK: lambda: self._lock(key, number),
            Step.UNLOCK: lambda: self._unlock(self.top if found.shown else self._stage, key),
            Step.TAKE_IN: self._take_in,
            Step.SHOW: self._show,
        }
        try:
            for step in plan_open(found):
                acts[step]()
        except BaseException:
            if not found.shown:
                self._let_go()
            raise

    def _let_go(self) -> None:
        """After a failed opening nothing is mounted and the kernel has no key."""
        with contextlib.suppress(OSError, EnclaveError):
            self.close()
        with contextlib.suppress(OSError):
            self.clear_stage()

    def clear_stage(self) -> None:
        while self._staged():
            disks_kernel.unmount(str(self._stage))

    def _format(self, size: DiskSize) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        room = os.statvfs(self._folder)
        if room.f_bavail * room.f_frsize < size.bytes:
            raise refusal("no_room")
        descriptor = os.open(self._half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, size.bytes)
        finally:
            os.close(descriptor)
        words = format_command(str(self._half), size)
        subprocess.run(  # noqa: S603  our own words
            words, check=True, capture_output=True, env={"LANG": "C"}, timeout=60
        )

    def _put_on_stage(self) -> None:
        self._stage.mkdir(mode=0o700, exist_ok=True)
        image = self._image if self._image.exists() else self._half
        with disks_kernel.attached(image) as device:
            disks_kernel.mount_ext4(device, str(self._stage))

    def _lock(self, key: bytes, number: int) -> None:
        _, kernel, group = Users(hub=0, worker=0).of_workspace(number)
        folder = self._stage / FOLDER
        folder.mkdir(mode=0o700)
        with _opened(folder) as descriptor:
            disks_kernel.set_policy(descriptor, disks_kernel.add_key(descriptor, key))
            os.fchmod(descriptor, 0o2770)
            os.fchown(descriptor, kernel, group)
            os.fsync(descriptor)
        with _opened(self._stage) as descriptor:
            os.fsync(descriptor)
        self._half.rename(self._image)
        with _opened(self._folder) as descriptor:
            os.fsync(descriptor)

    def _unlock(self, above: Path, key: bytes) -> None:
        with _opened(above) as parent, _opened(FOLDER, parent) as descriptor:
            identifier = disks_kernel.add_key(descriptor, key)
            if identifier != disks_kernel.policy_of(descriptor):
                disks_kernel.remove_key(descriptor, identifier)
                raise refusal("wrong_key")

    def _take_in(self) -> None:
        inside = self._stage / FOLDER
        with _opened(self.top) as parent, _opened(FOLDER, parent) as plain, _opened(inside) as sealed:
            try:
                take_in(plain, sealed)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise refusal("does_not_fit") from error
                raise

    def _show(self) -> None:
        with _opened(self.top) as parent, _opened(FOLDER, parent) as point:
            disks_kernel.bind(str(self._stage / FOLDER), f"/proc/self/fd/{point}")

    def close(self) -> None:
        """Shown nowhere; then the key is forgotten, asked from outside the encrypted folder."""
        if not disks_kernel.loops_of(self._image):
            return
        if not self._staged():
            self._put_on_stage()
        with contextlib.suppress(FileNotFoundError), _opened(self.top) as parent:
            while self._shown():
                disks_kernel.unmount(f"/proc/self/fd/{parent}/{FOLDER}")
        with _opened(self._stage) as root:
            forgotten = self._forget_key(root)
        self.clear_stage()
        if not forgotten:
            raise refusal("busy")

    def _forget_key(self, root: int) -> bool:
        """Whether the kernel forgot the key and all that it opened; what just ended may take a moment to let go."""
        with _opened(FOLDER, root) as folder:
            identifier = disks_kernel.policy_of(folder)
        until = time.monotonic() + BUSY_SECONDS
        while identifier is not None and not disks_kernel.remove_key(root, identifier):
            if time.monotonic() > until:
                return False
            time.sleep(PAUSE)
        return True

    def erase(self) -> None:
        for image in (self._half, self._image):
            with contextlib.suppress(FileNotFoundError), image.open("r+b") as handle:
                handle.write(secrets.token_bytes(HEADER))
                handle.flush()
                os.fsync(handle.fileno())
                image.unlink()
        shutil.rmtree(self._folder, ignore_errors=True)
        with (
            contextlib.suppress(FileNotFoundError),
            _opened(self.top) as parent,
            _opened(FOLDER, parent) as left,
        ):
            empty(left)

    def state(self) -> DiskState:
        if self._shown():
            now = os.statvfs(self.top / FOLDER)
            size, free = now.f_blocks * now.f_frsize, now.f_bfree * now.f_frsize
            return DiskState(
                open=True,
                used_bytes=size - free,
                size_bytes=size,
                used_inodes=now.f_files - now.f_ffree,
                inodes=now.f_files,
            )
        with contextlib.suppress(FileNotFoundError):
            kept = self._image.stat()
            return DiskState(used_bytes=kept.st_blocks * 512, size_bytes=kept.st_size)
        return DiskState()


@contextlib.contextmanager
def _opened(folder: Path | str, above: int | None = None) -> Iterator[int]:
    """A folder, opened without following a link."""
    descriptor = os.open(folder, _FOLDER_FLAGS, dir_fd=above)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
