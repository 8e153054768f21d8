"""A PostgreSQL of the tests' own: a fresh cluster on a unix socket in a private folder.

The server refuses to run as root, so as root it runs as the ``nobody`` user; it listens on no
network address and ends with the session.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_server() -> Path | None:
    """The newest installed server's folder of programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


def _as_user(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd="/")


@contextmanager
def running_postgres() -> Iterator[str]:
    """The server's address as SQLAlchemy writes it, database ``postgres``, while it runs."""
    programs = find_server()
    assert programs is not None, "install the postgresql package: set-up does"
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
        data = folder / "data"
        _run(_as_user([str(programs / "initdb"), "-D", str(data), "-U", "hanare", "-A", "trust", "-N"]))
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        start = [
            str(programs / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-o",
            options,
            "-l",
            str(folder / "log"),
            "start",
        ]
        _run(_as_user(start))
        try:
            yield f"postgresql+psycopg://hanare@/postgres?host={folder}"
        finally:
            stop = [str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
            _run(_as_user(stop))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
