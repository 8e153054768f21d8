"""What `docker build` is given: a tar that depends on names and contents only.

Rules: umask, owner and time of the clone's files never reach an image; a context is read from its own standard input,
so nothing of the clone is in it but what was named.
"""

import io
import tarfile
from collections.abc import Iterable
from pathlib import Path


def context(files: Iterable[tuple[str, Path]]) -> bytes:
    """A build context of these files, by their names in it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, path in files:
            add(tar, name, path)
    return buffer.getvalue()


def add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    """One file, readable by all and owned by root."""
    member = tarfile.TarInfo(name)
    member.size = path.stat().st_size
    member.mode = 0o644
    with path.open("rb") as content:
        tar.addfile(member, content)


def directory(name: str) -> tarfile.TarInfo:
    """A folder that is there even when nothing is in it."""
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    member.mode = 0o755
    return member
