"""What may be asked of the broker, and by whom. What does not fit exactly is refused.

One JSON object in one line of at most 64 KiB. Ids are UUIDs, because they become part of file
names; a kernel listens only on ipc sockets named after its own id; only three signals exist.
Refusals are codes without values.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

MAX_LINE: Final = 64 * 1024
PORTS: Final = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
SIGNALS: Final = frozenset({2, 9, 15})  # interrupt, kill, terminate
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_SIGNING_KEY: Final = re.compile(r"[\x20-\x7e]{16,256}")
_MAX_PORT: Final = 1_000_000


class UnfitError(Exception):
    """The question is refused; ``code`` goes back to the caller."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class GiveKey:
    data_key: str


@dataclass(frozen=True, slots=True)
class Start:
    kernel_id: str
    kernel: str
    connection: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Poll:
    kernel_id: str


@dataclass(frozen=True, slots=True)
class Signal:
    kernel_id: str
    signum: int


Question = GiveKey | Start | Poll | Signal
_FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "key": frozenset({"op", "data_key"}),
        "start": frozenset({"op", "id", "kernel", "conn"}),
        "poll": frozenset({"op", "id"}),
        "signal": frozenset({"op", "id", "signum"}),
    },
)


@dataclass(frozen=True, slots=True)
class Callers:
    """The user ids that the broker knows."""

    desk: int
    hub: int

    def check(self, uid: int, question: Question) -> None:
        """Raise ``UnfitError`` unless this caller may ask this."""
        may = self.hub if isinstance(question, GiveKey) else self.desk
        if uid != may:
            raise UnfitError("not_allowed")

    def knows(self, uid: int) -> bool:
        return uid in {self.desk, self.hub}


def read_question(line: bytes, sockets: str) -> Question:
    """Read one line; ``sockets`` is the folder in which kernels may listen."""
    try:
        asked: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise UnfitError("unreadable") from None
    if not isinstance(asked, dict) or frozenset(asked) != _FIELDS.get(str(asked.get("op"))):
        raise UnfitError("unreadable")
    if asked["op"] == "key":
        return GiveKey(_matching(asked["data_key"], _KEY))
    kernel_id = _matching(asked["id"], _ID)
    if asked["op"] == "poll":
        return Poll(kernel_id)
    if asked["op"] == "signal":
        if type(asked["signum"]) is not int or asked["signum"] not in SIGNALS:
            raise UnfitError("unknown_signal")
        return Signal(kernel_id, asked["signum"])
    if not isinstance(asked["kernel"], str):
        raise UnfitError("unknown_kernel_name")
    return Start(kernel_id, asked["kernel"], _connection(asked["conn"], f"{sockets}/{kernel_id}"))


def _matching(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UnfitError("unreadable")
    return value


def _connection(asked: Any, prefix: str) -> dict[str, str | int]:
    """Take the fields of a connection file that are known, and no others."""
    if not isinstance(asked, dict) or asked.get("transport") != "ipc" or asked.get("ip") != prefix:
        raise UnfitError("unfit_connection")
    if asked.get("signature_scheme") != "hmac-sha256":
        raise UnfitError("unfit_connection")
    ports: dict[str, str | int] = {}
    for name in PORTS:
        port = asked.get(name)
        if type(port) is not int or not 0 < port <= _MAX_PORT:
            raise UnfitError("unfit_connection")
        ports[name] = port
    if len(set(ports.values())) != len(PORTS):
        raise UnfitError("unfit_connection")
    key = _matching(asked.get("key"), _SIGNING_KEY)
    return {"transport": "ipc", "ip": prefix, "signature_scheme": "hmac-sha256", "key": key, **ports}
