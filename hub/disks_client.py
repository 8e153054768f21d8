"""The way to the disks process: one connection for each request, over its socket.

The hub opens and closes, the sweeper and an operator's shell close and erase. A process that does
not answer is an ``UnavailableError``; every refusal is the error it was there. One client asks one
thing at a time of a workspace's disk, so that a closing never overtakes an opening that nobody
waits for any more.
"""

import socket
import threading
from collections import defaultdict
from pathlib import Path

from enclave.errors import UnavailableError
from enclave.sentences import say
from enclave.settings import Settings
from hub.disks import Ask, DiskState, Request, read_answer, work_is_sealed, write_request
from hub.sessions_house import Users

SECONDS = 60
_ANSWER_MAX = 4096


class DisksClient:
    """What is asked of the disks process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def open(self, wid: str, number: int, key: bytes) -> DiskState:
        """The workspace's disk is shown at its ``work``."""
        return self._ask(Request(Ask.OPEN, wid, number, key))

    def close(self, wid: str) -> DiskState:
        """The disk is shown nowhere and its key is forgotten; it keeps what is on it."""
        return self._ask(Request(Ask.CLOSE, wid))

    def erase(self, wid: str) -> DiskState:
        """The disk is gone."""
        return self._ask(Request(Ask.ERASE, wid))

    def state(self, wid: str) -> DiskState:
        """The disk as it is."""
        return self._ask(Request(Ask.STATE, wid))

    def _ask(self, request: Request) -> DiskState:
        with self._locks[request.wid]:
            return read_answer(self._exchange(request))

    def _exchange(self, request: Request) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(SECONDS)
                connection.connect(str(self._path))
                connection.sendall(write_request(request))
                with connection.makefile("rb") as answers:
                    return answers.readline(_ANSWER_MAX)
        except OSError as error:
            raise UnavailableError(
                "no_disks",
                say("The disks of workspaces cannot be reached. Try again; then ask the operator."),
            ) from error


def reach_disks(settings: Settings, users: Users) -> DisksClient | None:
    """The way to this house's disks; None where it has none (demo strength) and /work is a plain folder."""
    return DisksClient(settings.disks_socket) if work_is_sealed(users) else None
