"""Files that are there whole or not at all.

Write to a temporary name in the same folder, flush to the disk, rename, flush the folder:
after a power cut the file is the old one or the new one, never half of either. What root makes
is handed to the owner of the folder it lies in: a command run by root must not leave a file
that the process it belongs to cannot use.
"""

import os
import secrets
from pathlib import Path


def write_durably(path: Path, data: bytes, mode: int = 0o640) -> None:
    """``path`` holds exactly ``data`` afterwards, with this mode."""
    temporary = _write_beside(path, data, mode)
    try:
        os.replace(temporary, path)  # noqa: PTH105  the crash tests count renames by this name
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def create_durably(path: Path, data: bytes, mode: int = 0o640) -> bool:
    """Write ``path`` unless something is there already; whether it was written now."""
    temporary = _write_beside(path, data, mode)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)
    return True


def _write_beside(path: Path, data: bytes, mode: int) -> Path:
    """A flushed file with the data under a temporary name in the same folder."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fchmod(handle.fileno(), mode)
            hand_to_owner(temporary)
            os.fsync(handle.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def flush_folder(folder: Path) -> None:
    """The folder's entries are on the disk afterwards."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hand_to_owner(path: Path) -> None:
    """When root made ``path``, it belongs to its folder's owner and group afterwards."""
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid, follow_symlinks=False)
