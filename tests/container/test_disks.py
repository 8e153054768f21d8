"""Disks for real: mounted, filled, killed half-way, opened again, and destroyed.

No container and no hub here, only the kernel: what is written under ``work`` is not in the
image, a wrong key opens nothing, and whatever a killed process left, the next one opens the disk
with everything on it and leaves no mount and no loop device behind.
"""

import os
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from enclave.errors import ConflictError, UnavailableError
from hub import disks_ext4, disks_kernel, disks_take_in
from hub.disks import DiskSize
from hub.disks_ext4 import Disks
from tests.support.disks import GROUP, KERNEL_UID, NUMBER, WID, DiskHome, disk_home

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can mount")
PLANTED = "planted-0f4b8e2a-in-the-open"
LIMITS = DiskSize(mebibytes=48, inodes=1024)


@pytest.fixture
def place() -> Iterator[DiskHome]:
    with disk_home() as made:
        yield made


def opened(place: DiskHome) -> None:
    place.disks.open(WID, NUMBER, place.key)


def test_a_new_disk_is_the_kernel_users_and_runs_no_programs(place: DiskHome) -> None:
    state = place.disks.open(WID, NUMBER, place.key)
    have = place.work.stat()
    assert (have.st_uid, have.st_gid, stat.S_IMODE(have.st_mode)) == (KERNEL_UID, GROUP, 0o2770)
    assert place.kept() == []
    flags = os.statvfs(place.work).f_flag
    assert flags & os.ST_NOSUID
    assert flags & os.ST_NODEV
    assert flags & os.ST_NOEXEC
    assert (state.open, state.inodes) == (True, LIMITS.inodes)
    assert 0.8 * LIMITS.bytes < state.size_bytes <= LIMITS.bytes
    assert place.mounted() == [str(place.work)]
    assert stat.S_IMODE(place.image.stat().st_mode) == 0o600
    assert place.image.stat().st_blocks * 512 < LIMITS.bytes / 8


def test_what_is_written_stays_and_is_not_in_the_image(place: DiskHome) -> None:
    opened(place)
    (place.work / f"{PLANTED}.txt").write_text(PLANTED * 500)
    os.sync()
    assert PLANTED.encode() not in place.image.read_bytes()
    place.disks.close(WID)
    assert place.left_open() == []
    assert place.kept() == []
    assert PLANTED.encode() not in place.image.read_bytes()
    opened(place)
    assert (place.work / f"{PLANTED}.txt").read_text() == PLANTED * 500


def test_opening_twice_and_closing_twice_is_harmless(place: DiskHome) -> None:
    for _ in range(3):
        opened(place)
        assert place.mounted() == [str(place.work)]
        assert len(place.loops()) == 1
    for _ in range(3):
        assert not place.disks.close(WID).open
        assert place.left_open() == []


def test_a_wrong_key_opens_nothing_open_or_closed(place: DiskHome) -> None:
    opened(place)
    (place.work / "kept").write_text("x")
    wrong = bytes(32)
    with pytest.raises(ConflictError) as caught:
        place.disks.open(WID, NUMBER, wrong)
    assert caught.value.code == "disk_wrong_key"
    assert (place.work / "kept").read_text() == "x"
    place.disks.close(WID)
    with pytest.raises(ConflictError):
        place.disks.open(WID, NUMBER, wrong)
    assert (place.left_open(), place.kept()) == ([], [])
    opened(place)
    assert (place.work / "kept").read_text() == "x"


def test_another_workspaces_number_opens_nothing(place: DiskHome) -> None:
    with pytest.raises(ConflictError) as caught:
        place.disks.open(WID, NUMBER + 1, place.key)
    assert caught.value.code == "disk_other_number"
    assert not place.image.exists()


def test_the_disk_is_the_quota_for_bytes_and_for_files(place: DiskHome) -> None:
    opened(place)
    before = os.statvfs(place.home).f_bavail * os.statvfs(place.home).f_frsize
    with pytest.raises(OSError, match="No space left"), (place.work / "big").open("wb", buffering=0) as big:
        while True:
            big.write(os.urandom(1 << 20))
    after = os.statvfs(place.home).f_bavail * os.statvfs(place.home).f_frsize
    assert place.image.stat().st_blocks * 512 <= LIMITS.bytes
    assert before - after < LIMITS.bytes + (64 << 20)
    (place.work / "big").unlink()
    made = 0
    with pytest.raises(OSError, match="No space left"):
        for made in range(LIMITS.inodes + 1):
            (place.work / f"f{made}").touch()
    assert made <= LIMITS.inodes
    state = place.disks.state(WID)
    assert state.used_inodes == state.inodes


def test_an_erased_image_cannot_be_read_with_the_key(place: DiskHome, tmp_path: Path) -> None:
    opened(place)
    (place.work / "secret").write_text(PLANTED)
    place.disks.close(WID)
    with place.image.open("rb") as held:
        assert not place.disks.erase(WID).size_bytes
        assert not place.image.parent.exists()
        left = tmp_path / "left.img"
        left.write_bytes(held.read())
    assert PLANTED.encode() not in left.read_bytes()
    point = tmp_path / "point"
    point.mkdir()
    with pytest.raises(OSError, match="point"), disks_kernel.attached(left) as device:
        disks_kernel.mount_ext4(device, str(point))


def test_without_the_key_an_old_copy_of_the_image_shows_no_name_and_no_byte(
    place: DiskHome, tmp_path: Path
) -> None:
    """Erasure destroys the key; a copy of the image that was kept elsewhere is worth nothing then."""
    opened(place)
    (place.work / f"{PLANTED}.txt").write_text(PLANTED)
    place.disks.close(WID)
    copy, point = tmp_path / "copy.img", tmp_path / "point"
    copy.write_bytes(place.image.read_bytes())
    point.mkdir()
    with disks_kernel.attached(copy) as device:
        disks_kernel.mount_ext4(device, str(point))
    try:
        (name,) = [entry.name for entry in (point / "work").iterdir()]
        assert PLANTED not in name
        with pytest.raises(OSError, match="Required key not available"):
            (point / "work" / name).read_bytes()
        with pytest.raises(OSError, match="Required key not available"):
            (point / "work" / "new").write_text("x")
    finally:
        disks_kernel.unmount(str(point))


def test_a_disk_in_use_says_so_and_keeps_no_key_when_it_is_let_go(
    place: DiskHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks_ext4, "BUSY_SECONDS", 0.1)
    opened(place)
    with (place.work / "held").open("w"):
        with pytest.raises(UnavailableError) as caught:
            place.disks.close(WID)
        assert caught.value.code == "disk_busy"
        assert place.kept() == []
    opened(place)
    (place.work / "held").unlink()
    assert not place.disks.close(WID).open
    assert place.left_open() == []


def test_what_a_plain_folder_kept_is_taken_in(place: DiskHome) -> None:
    deep = place.work / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "note.txt").write_text(PLANTED)
    os.chown(deep / "note.txt", KERNEL_UID, GROUP)
    (deep / "note.txt").chmod(0o640)
    (place.work / "link").symlink_to("/etc/hostname")
    os.mkfifo(place.work / "pipe")
    opened(place)
    note = place.work / "a" / "b" / "note.txt"
    have = note.stat()
    assert (note.read_text(), have.st_uid, stat.S_IMODE(have.st_mode)) == (PLANTED, KERNEL_UID, 0o640)
    assert (place.work / "link").readlink() == Path("/etc/hostname")
    assert not (place.work / "pipe").exists()
    place.disks.close(WID)
    assert place.kept() == []


def test_what_does_not_fit_is_left_where_it_was(place: DiskHome) -> None:
    (place.work / "big").write_bytes(bytes(LIMITS.bytes + 1))
    with pytest.raises(UnavailableError) as caught:
        opened(place)
    assert caught.value.code == "disk_does_not_fit"
    assert (place.work / "big").stat().st_size == LIMITS.bytes + 1
    assert place.left_open() == []


def test_a_link_in_the_place_of_the_folder_is_not_followed(place: DiskHome, tmp_path: Path) -> None:
    place.work.rmdir()
    place.work.symlink_to(tmp_path)
    with pytest.raises(UnavailableError):
        opened(place)
    assert place.mounted() == []
    assert not tmp_path.is_mount()


CALLS: tuple[tuple[object, str], ...] = (
    (disks_kernel, "mount_ext4"),
    (disks_kernel, "bind"),
    (disks_kernel, "unmount"),
    (disks_kernel, "add_key"),
    (disks_kernel, "set_policy"),
    (disks_kernel, "remove_key"),
    (disks_kernel, "_attach"),
    (disks_take_in, "_copy"),
    (disks_take_in, "_remove"),
    (subprocess, "run"),
    (os, "fsync"),
    (os, "rename"),
    (Path, "rename"),
    (Path, "mkdir"),
    (Path, "unlink"),
    (os, "ftruncate"),
)
"""Everything that changes the world while a disk is opened, closed or erased."""


def killed_at(number: int, act: Callable[[], object]) -> bool:
    """Whether a process that does this was killed: before its call ``number`` when odd, after it when even."""
    child = os.fork()
    if child == 0:
        seen = 0

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*given: object, **named: object) -> object:
                nonlocal seen
                seen += 1
                mine = seen
                if number == 2 * mine - 1:
                    os.kill(os.getpid(), signal.SIGKILL)
                done = real(*given, **named)
                if number == 2 * mine:
                    os.kill(os.getpid(), signal.SIGKILL)
                return done

            return call

        code = 1
        try:
            for owner, name in CALLS:
                setattr(owner, name, counted(getattr(owner, name)))
            act()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or status == 0
    return os.WIFSIGNALED(status)


def check_whole(place: DiskHome) -> None:
    """The next process opens it with everything on it, and closing leaves nothing."""
    disks = Disks(place.home, lambda: LIMITS)
    disks.recover()
    disks.open(WID, NUMBER, place.key)
    assert (place.work / "kept.txt").read_text() == PLANTED
    assert (place.work / "folder" / "more.txt").read_text() == PLANTED
    assert place.mounted() == [str(place.work)]
    assert len(place.loops()) == 1
    disks.close(WID)
    assert (place.left_open(), place.kept()) == ([], [])


def plant(place: DiskHome) -> None:
    (place.work / "kept.txt").write_text(PLANTED)
    (place.work / "folder").mkdir()
    (place.work / "folder" / "more.txt").write_text(PLANTED)


def test_killed_anywhere_while_a_disk_is_made_nothing_is_lost() -> None:
    number, killed = 0, True
    while killed:
        number += 1
        with disk_home() as place:
            plant(place)
            killed = killed_at(number, lambda place=place: opened(place))  # type: ignore[misc]
            check_whole(place)
    assert number > 60


def test_killed_anywhere_while_a_disk_is_opened_or_closed_nothing_is_lost(place: DiskHome) -> None:
    plant(place)
    check_whole(place)
    for act in (opened, lambda here: here.disks.close(WID)):
        number, killed = 0, True
        while killed:
            number += 1
            opened(place)
            if act is opened:
                place.disks.close(WID)
            killed = killed_at(number, lambda act=act: act(place))  # type: ignore[misc]
            check_whole(place)
        assert number >= 10


def test_killed_anywhere_while_a_disk_is_erased_it_can_be_erased_again() -> None:
    number, killed = 0, True
    while killed:
        number += 1
        with disk_home() as place:
            opened(place)
            (place.work / "secret").write_text(PLANTED)
            killed = killed_at(number, lambda place=place: place.disks.erase(WID))  # type: ignore[misc]
            Disks(place.home, lambda: LIMITS).erase(WID)
            assert not place.image.parent.exists()
            assert place.left_open() == []
    assert number > 10
