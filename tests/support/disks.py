"""A home with nothing but what disks need, for tests that mount for real."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.disks import DiskSize
from hub.disks_ext4 import Disks
from hub.disks_kernel import loops_of, mounts
from setup.mounts import unmount_below

WID, NUMBER = "0123456789ab", 7
KERNEL_UID, GROUP = 200_022, 200_023
SMALL = DiskSize(mebibytes=48, inodes=1024)


@dataclass(frozen=True)
class DiskHome:
    """A home, its one workspace, and a key."""

    home: Path
    key: bytes

    @property
    def disks(self) -> Disks:
        """As a new process would have them: nothing is remembered."""
        return Disks(self.home, lambda: SMALL)

    @property
    def work(self) -> Path:
        return self.home / "workspaces" / WID / "work"

    @property
    def image(self) -> Path:
        return self.home / "disks" / WID / "work.img"

    def kept(self) -> list[str]:
        """The names in the workspace's folder as it is shown now."""
        return sorted(entry.name for entry in self.work.iterdir())

    def mounted(self) -> list[str]:
        """Every place below the home where something is mounted."""
        return [mount.point for mount in mounts() if mount.point.startswith(f"{self.home}/")]

    def loops(self) -> tuple[str, ...]:
        return loops_of(self.image)

    def left_open(self) -> list[str]:
        """What stays mounted or attached. A container that just starts anywhere holds every mount for a moment."""
        end = time.monotonic() + 10
        while self.loops() and time.monotonic() < end:
            time.sleep(0.02)
        return [*self.mounted(), *self.loops()]


@contextmanager
def disk_home() -> Iterator[DiskHome]:
    """A home in which one workspace's folders were made, with nothing mounted afterwards."""
    home = Path(tempfile.gettempdir()) / f"hd-{secrets.token_hex(4)}"
    work = home / "workspaces" / WID / "work"
    work.mkdir(parents=True)
    (home / "disks").mkdir(mode=0o700)
    (work.parent / ".number").write_text(str(NUMBER))
    os.chown(work, KERNEL_UID, GROUP)
    work.chmod(0o2770)
    try:
        yield DiskHome(home, secrets.token_bytes(32))
    finally:
        unmount_below(home)
        shutil.rmtree(home)
