"""The house that sessions are planned in: its images, limits, places and user ids.

All of it is the same for every plan of one deployment and is read once by whoever plans: the
hub in order to ask, the docker gate in order to compare. Names of folders, sockets and
containers are a short lower-case hash: a socket path holds 107 bytes, and an upper-case letter
in it never becomes ready.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from enclave.display import parse_idle, parse_incoming
from enclave.errors import InvalidInputError
from enclave.identity import check_project_id, check_username
from enclave.sentences import say
from hub.isolation import DIGEST, LARGEST_MEMORY, MEBIBYTE, MOST_PROCESSES

SUN_PATH_MAX = 107
"""``sizeof(sun_path)`` is 108, the closing NUL included."""
MOST_WORKSPACES = 100_000
FIRST_UID = 200_000
READER_UID = 199_000

_JOB = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_WID = re.compile(r"[0-9a-f]{12}")


def workspace_id(person: str, project: str) -> str:
    """The workspace's short name: 12 hex digits of ``person/project``."""
    return hashlib.sha256(f"{check_username(person)}/{check_project_id(project)}".encode()).hexdigest()[:12]


def check_workspace_id(text: str) -> str:
    """The text itself when it is a workspace id."""
    return check_form(_WID, text, "bad_workspace_id")


def check_job(text: str) -> str:
    """The text itself when it can name a reader job."""
    return check_form(_JOB, text, "bad_job")


def check_form(pattern: re.Pattern[str], text: str, code: str) -> str:
    """The text itself when it matches whole.

    Raises:
        InvalidInputError: it does not.
    """
    if isinstance(text, str) and pattern.fullmatch(text):
        return text
    raise InvalidInputError(code, say("This name does not have the form that names of its kind have."))


@dataclass(frozen=True, slots=True)
class Images:
    """The three images, by digest."""

    desk: str
    kernel: str
    reader: str

    def __post_init__(self) -> None:
        for digest in (self.desk, self.kernel, self.reader):
            check_form(DIGEST, digest, "bad_digest")

    @property
    def all(self) -> frozenset[str]:
        return frozenset({self.desk, self.kernel, self.reader})


@dataclass(frozen=True, slots=True)
class Limit:
    """Memory in bytes and processes of one kind of container; never above the baseline."""

    memory: int
    processes: int

    def __post_init__(self) -> None:
        if not (0 < self.memory <= LARGEST_MEMORY and 0 < self.processes <= MOST_PROCESSES):
            raise InvalidInputError(
                "limit_loosened", say("A policy may tighten the limits of containers, never loosen them.")
            )


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the three kinds, and what a desk holds itself to (``policies/sessions.yaml``)."""

    desk: Limit = Limit(1024 * MEBIBYTE, 128)
    kernel: Limit = Limit(1024 * MEBIBYTE, 256)
    reader: Limit = Limit(512 * MEBIBYTE, 64)
    cull_after: timedelta = timedelta(hours=2)
    """How long a kernel may idle."""
    incoming: int = 256_000
    """Bytes of a file that enters through the browser."""


def parse_limits(document: Mapping[str, Any]) -> Limits:
    """The limits a policy document states.

    Raises:
        InvalidInputError: a limit is missing, not a whole number, or above the baseline.
    """

    def number(kind: str, name: str) -> int:
        entry = (document.get("containers") or {}).get(kind, {}).get(name, {})
        value = entry.get("value") if isinstance(entry, Mapping) else None
        if type(value) is not int or not entry.get("source"):
            raise InvalidInputError(
                "bad_policy",
                say("The policy 'sessions' lacks a number with its source: {name}.", name=f"{kind}.{name}"),
            )
        return value

    def limit(kind: str) -> Limit:
        return Limit(number(kind, "memory_mib") * MEBIBYTE, number(kind, "processes"))

    idle, incoming = parse_idle(document), parse_incoming(document)
    return Limits(limit("desk"), limit("kernel"), limit("reader"), idle.kernel, incoming)


@dataclass(frozen=True, slots=True)
class Users:
    """Which user ids stand for whom on this machine."""

    hub: int
    worker: int
    shared: tuple[int, int] | None = None
    """uid and gid of every container where nothing can be given away (demo strength); else None."""
    sweeper: int | None = None
    """Who ends what must not live; None: nobody."""

    def of_workspace(self, number: int) -> tuple[int, int, int]:
        """Desk uid, kernel uid and gid of a workspace."""
        if not (type(number) is int and 1 <= number <= MOST_WORKSPACES):
            raise InvalidInputError("bad_number", say("A workspace's number is a whole number from 1."))
        if self.shared:
            return self.shared[0], self.shared[0], self.shared[1]
        first = FIRST_UID + 3 * number
        return first, first + 1, first + 2

    def of_reader(self) -> tuple[int, int]:
        return self.shared or (READER_UID, READER_UID)


@dataclass(frozen=True, slots=True)
class Places:
    """The places below one home that containers see, and the sockets in them."""

    home: str

    @property
    def home_id(self) -> str:
        """The home's own label: two homes on one machine must not touch each other's containers."""
        return hashlib.sha256(self.home.encode()).hexdigest()[:12]

    def desk(self, wid: str) -> str:
        """The name of a workspace's desk; with the home in it, because an engine knows each name once."""
        return f"hanare-d-{self.home_id}-{check_workspace_id(wid)}"

    def kernel(self, wid: str) -> str:
        """The name of a workspace's kernel container."""
        return f"hanare-k-{self.home_id}-{check_workspace_id(wid)}"

    def reader(self, job: str) -> str:
        """The name of a reader."""
        return f"hanare-r-{self.home_id}-{check_job(job)}"

    def workspace(self, wid: str) -> str:
        return f"{self.home}/workspaces/{check_workspace_id(wid)}"

    def web_socket(self, wid: str) -> str:
        return check_socket_path(f"{self.workspace(wid)}/web/s.sock")

    def broker_socket(self, wid: str) -> str:
        return check_socket_path(f"{self.workspace(wid)}/b/broker.sock")

    def intake_socket(self, wid: str) -> str:
        return check_socket_path(f"{self.home}/run/intake/{check_workspace_id(wid)}/intake.sock")


def check_socket_path(path: str) -> str:
    """The path itself when a socket can be bound there and be named in a URL."""
    if path != path.lower() or len(path.encode()) > SUN_PATH_MAX or re.search(r"[^a-z0-9._/-]", path):
        raise InvalidInputError(
            "bad_socket_path",
            say(
                "The home's path must be short and lower case, or sockets below it cannot be used: {path}.",
                path=path,
            ),
        )
    return path


def socket_url(path: str) -> str:
    """The address of a unix socket as JupyterHub and its proxy write it."""
    return "http+unix://" + quote(check_socket_path(path), safe="")


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for every plan of one deployment."""

    images: Images
    limits: Limits
    places: Places
    users: Users
    secure: bool = False
    """Whether browsers come over TLS, so that the desk's cookies may say so."""
    apparmor: bool = True
    """Whether containers run under the engine's AppArmor profile: always, unless a policy excepts it."""
    missing: tuple[str, ...] = ()
    """What this host lacks of the baseline and no policy excepts; with anything here nothing is started."""
    policy_digest: str = ""
    """Of the policies as they lie on the disk; nothing is started until two people adopted it."""
