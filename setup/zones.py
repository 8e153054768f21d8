"""Users, groups, folders and secrets of the two zones.

Rules: one table says who owns what; each process has its own system user and reaches another's files only through a
group that this table names; making it again changes nothing that is right. Secrets are random for each home, made once,
and never printed. Without root everything belongs to the one user, and set-up says "demo strength".
"""

import contextlib
import grp
import os
import pwd
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from setup.commands import run
from setup.places import Places

HUB, GATE, PORTAL, INTAKE, WORKER, RECORDER, PRODUCER, SWEEPER, MATCHER = (
    f"hanare-{name}"
    for name in ("hub", "gate", "portal", "intake", "worker", "recorder", "producer", "sweeper", "matcher")
)
STATE, VAULT, WAY = "hanare-state", "hanare-vault", "hanare-way"
USERS = (HUB, GATE, PORTAL, INTAKE, WORKER, RECORDER, PRODUCER, SWEEPER, MATCHER)
MEMBERS = {
    STATE: (HUB, PORTAL, INTAKE, WORKER, RECORDER, PRODUCER, SWEEPER),
    VAULT: (PORTAL, INTAKE, WORKER),
    # Through the producer's home to its own folders, and to nothing else there: no group may list the home.
    WAY: (PRODUCER, MATCHER),
}
DATABASE = "state/enclave.sqlite"
DOCKER_SOCKET = Path("/var/run/docker.sock")


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder below $ENCLAVE_HOME; `files` is the mode of what lies in it, None where its owner decides alone."""

    path: str
    owner: str
    group: str
    mode: int
    files: int | None = None
    nested: bool = False
    """Its folders get owner and mode as well, at any depth."""


ENCLAVE = (
    Folder("", "root", "root", 0o755),
    Folder("state", PORTAL, STATE, 0o2770, files=0o660),
    Folder("keys", PORTAL, STATE, 0o2770, files=0o640, nested=True),
    Folder("recorder", RECORDER, RECORDER, 0o700, files=0o600),
    Folder("checkpoints", RECORDER, STATE, 0o755, files=0o644),
    Folder("vault", WORKER, VAULT, 0o2770, files=0o640, nested=True),
    # The folder keeps other host users out; the file itself is read by the kernel's own uid through its mount.
    Folder("extracts", PRODUCER, STATE, 0o2750, files=0o644, nested=True),
    Folder("workspaces", GATE, HUB, 0o750),
    Folder("disks", "root", "root", 0o700),
    Folder("readers", WORKER, WORKER, 0o700),
    Folder("run", "root", "root", 0o755),
    Folder("run/hub", HUB, HUB, 0o711),
    Folder("run/proxy", HUB, HUB, 0o700),
    Folder("run/gate", GATE, GATE, 0o711),
    Folder("run/disks", "root", "root", 0o711),
    Folder("run/intake", INTAKE, INTAKE, 0o711),
    Folder("run/portal", PORTAL, STATE, 0o710),
    Folder("run/sweeper", SWEEPER, SWEEPER, 0o755, files=0o644),
    Folder("run/worker", WORKER, WORKER, 0o755, files=0o644),
    Folder("run/recorder", RECORDER, RECORDER, 0o755, files=0o644),
    Folder("run/matcher", MATCHER, MATCHER, 0o755, files=0o644),
    Folder("run/turns", SWEEPER, STATE, 0o2770, files=0o660),
    Folder("run/portal/secrets", PORTAL, STATE, 0o750, files=0o640),
    Folder("hub", HUB, HUB, 0o700, files=0o600),
    Folder("logs", "root", "root", 0o750),
)
PRODUCER_ZONE = (
    Folder("", PRODUCER, WAY, 0o710, files=0o600),
    Folder("keys", PRODUCER, PRODUCER, 0o700, files=0o600, nested=True),
    Folder("builds", PRODUCER, PRODUCER, 0o700, files=0o600, nested=True),
    Folder("matcher", PRODUCER, MATCHER, 0o2750, files=0o640),
    Folder("asked", MATCHER, MATCHER, 0o700, files=0o600),
)
SECRETS = (
    ("keys/master.key", "bytes"),
    ("hub/cookie_secret", "hex"),
    ("hub/crypt.key", "hex"),
    ("hub/proxy.token", "hex"),
    ("run/portal/secrets/portal-client", "hex"),
)
"""Secrets that exist before any process starts; keys of projects and the recorder's are made by their owners."""


def _group(name: str) -> int | None:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def _user(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def _account(*command: str) -> None:
    run(command, what="Making the system users", what_ja="システムユーザーの作成")


def socket_group(path: Path = DOCKER_SOCKET) -> str | None:
    """The group that may speak to Docker, None when there is no socket or it is root's own."""
    try:
        gid = path.stat().st_gid
        return grp.getgrgid(gid).gr_name if gid else None
    except (OSError, KeyError):
        return None


def make_users() -> int:
    """Make what is missing of users, groups and memberships; how many changes it took."""
    changes = 0
    for group in MEMBERS:
        if _group(group) is None:
            _account("groupadd", "--system", group)
            changes += 1
    for user in USERS:
        if _user(user) is None:
            _account(
                "useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                "--shell", "/usr/sbin/nologin", user,
            )  # fmt: skip
            changes += 1
    docker = socket_group()
    wanted = {**MEMBERS, **({docker: (GATE,)} if docker else {})}
    for group, members in wanted.items():
        for user in members:
            if user not in grp.getgrnam(group).gr_mem:
                _account("usermod", "--append", "--groups", group, user)
                changes += 1
    return changes


def _settle(path: Path, owner: str, group: str, mode: int, *, as_root: bool) -> None:
    """Owner first, then mode: changing the owner clears the set-group bit."""
    have = path.lstat()
    if stat.S_ISLNK(have.st_mode):
        return
    if as_root:
        uid, gid = pwd.getpwnam(owner).pw_uid, grp.getgrnam(group).gr_gid
        if (have.st_uid, have.st_gid) != (uid, gid):
            os.chown(path, uid, gid, follow_symlinks=False)
            have = path.lstat()
    if stat.S_IMODE(have.st_mode) != mode:
        path.chmod(mode)


def _settle_contents(folder: Path, row: Folder, *, as_root: bool) -> None:
    if row.files is None:
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.is_socket():
            continue
        with contextlib.suppress(FileNotFoundError):  # a running process may remove its journal meanwhile
            if entry.is_file():
                _settle(entry, row.owner, row.group, row.files, as_root=as_root)
            elif entry.is_dir() and row.nested:
                _settle(entry, row.owner, row.group, row.mode, as_root=as_root)
                _settle_contents(entry, row, as_root=as_root)


def make_folders(places: Places) -> None:
    """Make both zones' folders and put every owner and mode right."""
    for home, table in ((places.enclave_home, ENCLAVE), (places.producer_home, PRODUCER_ZONE)):
        for row in table:
            folder = home / row.path
            folder.mkdir(parents=True, exist_ok=True)
            _settle(folder, row.owner, row.group, row.mode, as_root=places.as_root)
            _settle_contents(folder, row, as_root=places.as_root)


def make_secrets(places: Places) -> int:
    """Make the secrets that are missing; how many."""
    made = 0
    for path, kind in SECRETS:
        file = places.enclave_home / path
        if not file.exists():
            value = secrets.token_bytes(32)
            new = file.with_suffix(".new")
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
                output.write(value if kind == "bytes" else value.hex().encode("ascii"))
            new.replace(file)
            made += 1
    return made


def make_database_file(places: Places) -> None:
    """An empty file is an empty SQLite database: made here, its journal files take the group's mode from the start."""
    (places.enclave_home / DATABASE).touch(mode=0o660)


def ensure(places: Places) -> str:
    """Have both zones as the table says; the words say at which strength."""
    changes = make_users() if places.as_root else 0
    make_folders(places)
    made = make_secrets(places)
    make_database_file(places)
    make_folders(places)
    if not places.as_root:
        return "demo strength: all processes run as one user (not root)"
    return f"{len(USERS)} users ({changes} changes), {made} new secrets"
