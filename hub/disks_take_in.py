"""What a plain folder kept moves into a disk, once, and nothing is lost on the way.

Homes that are older than disks have a plain ``work`` folder. Entry by entry it is copied under an
unfinished name, flushed, renamed, and only then removed where it was; a killed process goes on
where it stopped. The folder was written by researchers, so everything is opened through
descriptors of its folder and no link is followed; sockets, pipes and devices keep nothing and
are left out.
"""

import os
import shutil
import stat

_UNFINISHED = ".hanare-taking-in"
_CHUNK = 1 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def take_in(plain: int, sealed: int) -> None:
    """Everything that one open folder held is in the other, and only there."""
    _remove(_UNFINISHED, sealed)
    for name in _names(plain):
        if _copy(name, plain, _UNFINISHED, sealed):
            _remove(name, sealed)
            os.rename(_UNFINISHED, name, src_dir_fd=sealed, dst_dir_fd=sealed)
            os.fsync(sealed)
        _remove(name, plain)


def empty(folder: int) -> None:
    """Nothing is left in an open folder."""
    for name in _names(folder):
        _remove(name, folder)


def _names(folder: int) -> list[str]:
    return sorted(os.listdir(folder))


def _copy(name: str, source: int, new: str, target: int) -> bool:
    """Whether there was something to copy."""
    have = os.stat(name, dir_fd=source, follow_symlinks=False)
    if stat.S_ISLNK(have.st_mode):
        os.symlink(os.readlink(name, dir_fd=source), new, dir_fd=target)
        os.chown(new, have.st_uid, have.st_gid, dir_fd=target, follow_symlinks=False)
        return True
    if stat.S_ISDIR(have.st_mode):
        _copy_folder(name, source, new, target)
        return True
    if stat.S_ISREG(have.st_mode):
        _copy_file(name, source, new, target)
        return True
    return False


def _copy_folder(name: str, source: int, new: str, target: int) -> None:
    os.mkdir(new, 0o700, dir_fd=target)
    below, above = os.open(name, _FOLDER, dir_fd=source), os.open(new, _FOLDER, dir_fd=target)
    try:
        for entry in _names(below):
            _copy(entry, below, entry, above)
        _settle(above, os.fstat(below))
        os.fsync(above)
    finally:
        os.close(below)
        os.close(above)


def _copy_file(name: str, source: int, new: str, target: int) -> None:
    reading = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=source)
    try:
        have = os.fstat(reading)
        if not stat.S_ISREG(have.st_mode):
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(new, flags, 0o600, dir_fd=target), "wb") as writing:
            while chunk := os.read(reading, _CHUNK):
                writing.write(chunk)
            writing.flush()
            _settle(writing.fileno(), have)
            os.fsync(writing.fileno())
    finally:
        os.close(reading)


def _settle(descriptor: int, have: os.stat_result) -> None:
    """Mode while the file is ours, owner after: the set-group bit stays only that way (see gate_folders)."""
    os.fchown(descriptor, os.geteuid(), os.getegid())
    os.fchmod(descriptor, stat.S_IMODE(have.st_mode))
    os.fchown(descriptor, have.st_uid, have.st_gid)
    os.utime(descriptor, ns=(have.st_atime_ns, have.st_mtime_ns))


def _remove(name: str, folder: int) -> None:
    try:
        have = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(have.st_mode):
        shutil.rmtree(name, dir_fd=folder)
    else:
        os.unlink(name, dir_fd=folder)
