"""What the disks process asks of the kernel: loop devices, mounts and encryption keys.

System calls and nothing else. No program is started for them, so that a key stands in no
argument list, and opening a disk costs milliseconds. The structures are those of
``linux/loop.h`` and ``linux/fscrypt.h``; both number a request by its direction, its size and a
letter, the same on every machine we run on. A folder's policy is always version 2: AES-256-XTS
for contents, AES-256-CTS for names, names padded to 32 bytes.
"""

import ctypes
import errno
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_NOSUID, _NODEV, _NOEXEC, _NOATIME, _BIND = 2, 4, 8, 1024, 4096
SEALED = _NOSUID | _NODEV | _NOEXEC | _NOATIME
_MNT_DETACH, _UMOUNT_NOFOLLOW = 2, 8

_LOOP_CTL_GET_FREE, _LOOP_CONFIGURE, _LOOP_CLR_FD, _LOOP_GET_STATUS = 0x4C82, 0x4C0A, 0x4C01, 0x4C05
_LOOP_INFO = struct.Struct("=5Q4I64s64s32s2Q")
_AUTOCLEAR = 4
_TRIES = 64

_SET_POLICY, _GET_POLICY_EX = 0x800C6613, 0xC0096616
_ADD_KEY, _REMOVE_KEY = 0xC0506617, 0xC0406618
_POLICY = struct.Struct("=4BB3x16s")
_SPECIFIER = struct.Struct("=2I16s16x")
_BY_IDENTIFIER, _VERSION_2, _AES_256_XTS, _AES_256_CTS, _PADDED_TO_32 = 2, 2, 1, 4, 3
_STILL_BUSY = 1


@dataclass(frozen=True, slots=True)
class Mount:
    """One row of the mount table: which device, which folder of it, and where it is shown."""

    device: str
    """``major:minor``."""
    root: str
    point: str


def parse_mounts(table: str) -> tuple[Mount, ...]:
    """The mounts that ``/proc/self/mountinfo`` lists, in the order in which they were made."""
    rows = (row.split() for row in table.splitlines())
    return tuple(Mount(row[2], row[3], _plain(row[4])) for row in rows if len(row) > 4)


def mounts() -> tuple[Mount, ...]:
    """Every mount that this process sees."""
    return parse_mounts(Path("/proc/self/mountinfo").read_text(encoding="utf-8"))


def _plain(text: str) -> str:
    """The table writes blanks, tabs, line ends and backslashes as octal numbers."""
    for code in ("\\040", "\\011", "\\012", "\\134"):
        text = text.replace(code, chr(int(code[1:], 8)))
    return text


def _call(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)


def mount_ext4(device: str, point: str) -> None:
    """The file system of a device is shown at ``point``: no set-uid, no devices, no programs."""
    options = (
        b"noinit_itable,discard,errors=remount-ro"  # a new image is all zeros: nothing to wipe behind it
    )
    _call(_LIBC.mount(device.encode(), point.encode(), b"ext4", SEALED, options), point)


def bind(folder: str, point: str) -> None:
    """A folder is shown at another place too, with the flags of the mount it lies in."""
    _call(_LIBC.mount(folder.encode(), point.encode(), None, _BIND, None), point)


def unmount(point: str) -> None:
    """The topmost mount at a place is gone from there, also when it is in use; a link there is not followed."""
    _call(_LIBC.umount2(point.encode(), _UMOUNT_NOFOLLOW | _MNT_DETACH), point)


@contextmanager
def attached(image: Path) -> Iterator[str]:
    """A loop device over the image: the one that is there already, or a new one.

    It lasts for the block, and after it for as long as something of it is mounted: the kernel
    frees it then, also when this process is killed.
    """
    device, opened = next(((d, os.open(d, os.O_RDWR | os.O_CLOEXEC)) for d in loops_of(image)), ("", -1))
    if opened < 0:
        device, opened = _attach(image)
    try:
        yield device
    finally:
        os.close(opened)


def _attach(image: Path) -> tuple[str, int]:
    descriptor = os.open(image, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    control = os.open("/dev/loop-control", os.O_RDWR | os.O_CLOEXEC)
    try:
        for _ in range(_TRIES):
            device = f"/dev/loop{fcntl.ioctl(control, _LOOP_CTL_GET_FREE)}"
            opened = _configure(device, descriptor)
            if opened is not None:
                return device, opened
    finally:
        os.close(control)
        os.close(descriptor)
    raise OSError(errno.EBUSY, "no loop device is free", str(image))


def _configure(device: str, image: int) -> int | None:
    """The device, opened and over the image; None when another process took it meanwhile."""
    info = _LOOP_INFO.pack(0, 0, 0, 0, 0, 0, 0, 0, _AUTOCLEAR, b"", b"", b"", 0, 0)
    asked = bytearray(struct.pack("=2I", image, 0) + info + bytes(64))
    opened = -1
    try:
        opened = os.open(device, os.O_RDWR | os.O_CLOEXEC)
        fcntl.ioctl(opened, _LOOP_CONFIGURE, asked)
    except OSError as error:
        if opened >= 0:
            os.close(opened)
        if error.errno in (errno.EBUSY, errno.ENOENT, errno.ENXIO):
            return None
        raise
    return opened


def loops_of(image: Path) -> tuple[str, ...]:
    """The loop devices over this very file, whatever name it was attached by."""
    try:
        wanted = image.stat()
    except FileNotFoundError:
        return ()
    return tuple(device for device, inode in _attached() if inode == (wanted.st_dev, wanted.st_ino))


def _attached() -> Iterator[tuple[str, tuple[int, int]]]:
    for folder in sorted(Path("/sys/block").glob("loop*/loop")):
        device = f"/dev/{folder.parent.name}"
        status = bytearray(_LOOP_INFO.size)
        try:
            opened = os.open(device, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            fcntl.ioctl(opened, _LOOP_GET_STATUS, status)
        except OSError:
            continue
        finally:
            os.close(opened)
        number, inode = _LOOP_INFO.unpack(status)[:2]
        minor = number & 0xFF | number >> 12 & 0xFFF00
        yield device, (os.makedev((number & 0xFFF00) >> 8, minor), inode)


def detach(device: str) -> None:
    """The loop device is free, now or as soon as nobody uses it."""
    try:
        opened = os.open(device, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.ioctl(opened, _LOOP_CLR_FD)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno not in (errno.ENXIO, errno.ENOENT):
            raise


def device_number(device: str) -> str:
    """``major:minor`` of a device, as the mount table writes it."""
    number = Path(device).stat().st_rdev
    return f"{os.major(number)}:{os.minor(number)}"


def add_key(descriptor: int, key: bytes) -> bytes:
    """The file system of this folder can use the key; the key's public name, made from it by the kernel."""
    head = _SPECIFIER.pack(_BY_IDENTIFIER, 0, bytes(16)) + struct.pack("=I", len(key)) + bytes(36)
    asked = bytearray(head + key)
    try:
        fcntl.ioctl(descriptor, _ADD_KEY, asked)
        identifier: bytes = _SPECIFIER.unpack_from(asked)[2]
    finally:
        asked[:] = bytes(len(asked))
    return identifier


def remove_key(descriptor: int, identifier: bytes) -> bool:
    """The kernel forgot the key; whether nothing that it opened is in use any more."""
    asked = bytearray(_SPECIFIER.pack(_BY_IDENTIFIER, 0, identifier) + bytes(24))
    try:
        fcntl.ioctl(descriptor, _REMOVE_KEY, asked)
    except OSError as error:
        if error.errno == errno.ENOKEY:
            return True
        raise
    flags: int = struct.unpack_from("=I", asked, _SPECIFIER.size)[0]
    return not flags & _STILL_BUSY


def set_policy(descriptor: int, identifier: bytes) -> None:
    """Whatever is written below this empty folder from now on is encrypted with the key of this name."""
    policy = _POLICY.pack(_VERSION_2, _AES_256_XTS, _AES_256_CTS, _PADDED_TO_32, 0, identifier)
    fcntl.ioctl(descriptor, _SET_POLICY, policy)


def policy_of(descriptor: int) -> bytes | None:
    """The name of the key that a folder is encrypted with as we encrypt; None for any other folder."""
    asked = bytearray(struct.pack("=Q", _POLICY.size) + bytes(_POLICY.size))
    try:
        fcntl.ioctl(descriptor, _GET_POLICY_EX, asked)
    except OSError as error:
        if error.errno == errno.ENODATA:
            return None
        raise
    version, contents, names, flags, _, identifier = _POLICY.unpack_from(asked, 8)
    ours = (version, contents, names, flags) == (_VERSION_2, _AES_256_XTS, _AES_256_CTS, _PADDED_TO_32)
    return bytes(identifier) if ours else None
