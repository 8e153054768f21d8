"""Every touch of the shared folder goes through descriptors and follows no link.

The kernel can write the same folder, so any name in it can change between a look and a use.
A path is therefore opened once, with ``openat2`` beneath the folder's own descriptor, with no
symbolic link, no other file system and no way up; then the opened thing is judged, not the
name: a regular file, with one name, below a size. Writing makes a new file beside the target
and renames it. Where the system cannot do this, everything is refused.
"""

import ctypes
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_SYS_OPENAT2: Final = 437
_RESOLVE: Final = 0x01 | 0x04 | 0x08  # NO_XDEV | NO_SYMLINKS | BENEATH
_RENAME_NOREPLACE: Final = 1
_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY
_CHUNK: Final = 1024 * 1024


class NotPlainError(OSError):
    """The name is a link, a pipe, a device, a file with two names, or outside the folder."""


class TooLargeError(OSError):
    """The file is larger than the reader takes."""


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def _openat2(folder: int, path: str, flags: int, mode: int = 0) -> int:
    how = _OpenHow(flags | os.O_CLOEXEC, mode, _RESOLVE)
    descriptor: int = _LIBC.syscall(
        ctypes.c_long(_SYS_OPENAT2),
        ctypes.c_int(folder),
        ctypes.c_char_p(os.fsencode(path)),
        ctypes.byref(how),
        ctypes.c_size_t(ctypes.sizeof(how)),
    )
    if descriptor >= 0:
        return descriptor
    number = ctypes.get_errno()
    if number in {errno.ELOOP, errno.EXDEV, errno.ENXIO}:
        raise NotPlainError(number, os.strerror(number))
    raise OSError(number, os.strerror(number))


class WorkFolder:
    """The shared folder, held by its descriptor; paths are relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = os.open(root, _FOLDER | os.O_CLOEXEC)

    def close(self) -> None:
        os.close(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def look(self, path: str) -> os.stat_result:
        """Give the status of a folder or a plain file."""
        descriptor = _openat2(self._folder, _inside(path), os.O_PATH)
        try:
            status = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if not stat.S_ISDIR(status.st_mode):
            _check_file(status)
        return status

    def scan(self, path: str, most: int) -> list[tuple[str, os.stat_result]]:
        """List the folders and plain files in a folder with their status, sorted by name."""
        found = []
        with self.folder(path) as folder:
            for name in sorted(os.listdir(folder))[:most]:  # noqa: PTH208  # of a descriptor
                with suppress(OSError):
                    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    if not stat.S_ISDIR(status.st_mode):
                        _check_file(status)
                    found.append((name, status))
        return found

    def room(self) -> tuple[int, int]:
        """Bytes used and bytes altogether of the disk that the folder lies on."""
        disk = os.fstatvfs(self._folder)
        return (disk.f_blocks - disk.f_bfree) * disk.f_frsize, disk.f_blocks * disk.f_frsize

    @contextmanager
    def folder(self, path: str) -> Iterator[int]:
        """Open a folder beneath this one."""
        descriptor = _openat2(self._folder, _inside(path), _FOLDER)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def names(self, path: str) -> list[str]:
        """List a folder's names, sorted."""
        with self.folder(path) as folder:
            return sorted(os.listdir(folder))  # noqa: PTH208  # of a descriptor

    def open_file(self, path: str) -> int:
        """Open a plain file for reading and give its descriptor."""
        descriptor = _openat2(self._folder, _inside(path), os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        try:
            _check_file(os.fstat(descriptor))
        except NotPlainError:
            os.close(descriptor)
            raise
        return descriptor

    def read(self, path: str, limit: int) -> bytes:
        """Read a plain file of at most ``limit`` bytes."""
        with os.fdopen(self.open_file(path), "rb") as file:
            if os.fstat(file.fileno()).st_size > limit:
                raise TooLargeError(errno.EFBIG, os.strerror(errno.EFBIG))
            content = bytearray()
            # The size was true a moment ago; the file may still grow.
            while chunk := file.read(min(_CHUNK, limit + 1 - len(content))):
                content += chunk
                if len(content) > limit:
                    raise TooLargeError(errno.EFBIG, os.strerror(errno.EFBIG))
        return bytes(content)

    @contextmanager
    def writing(self, path: str) -> Iterator[int]:
        """Give a new file's descriptor; it takes the path's place when all went well."""
        parent, name = _split(path)
        with self.folder(parent) as folder:
            temporary = f".~{secrets.token_hex(8)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(temporary, flags, 0o660, dir_fd=folder)
            try:
                yield descriptor
                os.fsync(descriptor)
                os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                os.unlink(temporary, dir_fd=folder)
                raise
            finally:
                os.close(descriptor)

    def write(self, path: str, content: bytes) -> os.stat_result:
        """Put these bytes at the path, whole or not at all, and give the new file's status."""
        with self.writing(path) as descriptor:
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
            return os.fstat(descriptor)

    def make_folder(self, path: str) -> None:
        """Make a folder; one that is there already is fine."""
        parent, name = _split(path)
        with self.folder(parent) as folder, suppress(FileExistsError):
            os.mkdir(name, 0o770, dir_fd=folder)
        with self.folder(path):
            pass

    def move(self, old: str, new: str) -> None:
        """Rename within the folder; a name that is taken is never replaced."""
        old_parent, old_name = _split(old)
        new_parent, new_name = _split(new)
        with self.folder(old_parent) as source, self.folder(new_parent) as target:
            failed = _LIBC.renameat2(
                source,
                os.fsencode(old_name),
                target,
                os.fsencode(new_name),
                _RENAME_NOREPLACE,
            )
            if failed:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))

    def remove(self, path: str) -> None:
        """Remove a file (the name only) or an empty folder."""
        parent, name = _split(path)
        with self.folder(parent) as folder:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                os.rmdir(name, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)


def _inside(path: str) -> str:
    return path.strip("/") or "."


def _split(path: str) -> tuple[str, str]:
    parent, _, name = path.strip("/").rpartition("/")
    if name in {"", ".", ".."}:
        raise NotPlainError(errno.EINVAL, os.strerror(errno.EINVAL))
    return parent, name


def _check_file(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        raise NotPlainError(errno.EINVAL, os.strerror(errno.EINVAL))
