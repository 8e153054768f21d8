"""Listen on the broker's socket: ``python -m hanare_broker``.

``DESK_UID`` and ``HUB_UID`` say who may ask; without them it does not start. A connection
carries one question and one answer and has five seconds for it. No core dump is ever written
and no other process of the same user may look into this one, because it holds the data key.
From then on no other socket can stand where this one does (``fence``).
"""

import ctypes
import json
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

from . import fence
from .kernels import Kernels, Places
from .questions import MAX_LINE, Callers, GiveKey, Poll, Question, Signal, Start, UnfitError, read_question

_SECONDS: Final = 5.0
_HEAR_OUT_SECONDS: Final = 0.5
_LOOK_UP_SECONDS: Final = 1.0
_HEAR_OUT_PIECES: Final = 8
_MAX_AT_ONCE: Final = 32
_PR_SET_DUMPABLE: Final = 4
_PEER: Final = struct.Struct("3i")


def answer(kernels: Kernels, question: Question) -> dict[str, object]:
    """Do what was asked and say so."""
    if isinstance(question, GiveKey):
        kernels.take_key(question.data_key)
    elif isinstance(question, Start):
        kernels.start(question)
    elif isinstance(question, Signal):
        kernels.signal(question.kernel_id, question.signum)
    elif isinstance(question, Poll):
        return {"rc": kernels.poll(question.kernel_id)}
    return {"ok": True}


def _read_line(connection: socket.socket) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = connection.recv(MAX_LINE + 1 - len(line))
        line += piece
        if not piece or len(line) > MAX_LINE:
            raise UnfitError("unreadable")
    return bytes(line)


def _hear_out(connection: socket.socket) -> None:
    """Take what is still coming: closing over unread bytes would destroy the answer on its way."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(_HEAR_OUT_SECONDS)
    for _ in range(_HEAR_OUT_PIECES):
        if not connection.recv(MAX_LINE):
            return


def serve_one(connection: socket.socket, callers: Callers, kernels: Kernels) -> None:
    """Answer one connection, whatever comes over it."""
    with connection:
        connection.settimeout(_SECONDS)
        try:
            peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
            uid = int(_PEER.unpack(peer)[1])
            if not callers.knows(uid):
                raise UnfitError("not_allowed")
            question = read_question(_read_line(connection), str(kernels.places.sockets))
            callers.check(uid, question)
            told = answer(kernels, question)
        except UnfitError as unfit:
            told = {"error": unfit.code}
        except OSError:
            told = {"error": "failed"}
        with suppress(OSError):
            connection.sendall(json.dumps(told).encode() + b"\n")
            _hear_out(connection)


def listen(path: Path) -> socket.socket:
    """Bind under another name and rename, so that the socket never has the wrong mode."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(new))
    new.chmod(0o666)
    server.listen(_MAX_AT_ONCE)
    new.rename(path)
    return server


def serve(server: socket.socket, callers: Callers, kernels: Kernels) -> None:
    """Answer for as long as the container lives."""
    free = threading.BoundedSemaphore(_MAX_AT_ONCE)

    def one(connection: socket.socket) -> None:
        try:
            serve_one(connection, callers, kernels)
        finally:
            free.release()

    # A signal that arrives just before the call of accept would wait for the next caller; so the call ends by itself.
    server.settimeout(_LOOK_UP_SECONDS)
    while True:
        free.acquire()
        try:
            connection, _ = server.accept()
        except TimeoutError:
            free.release()
            continue
        threading.Thread(target=one, args=(connection,), daemon=True).start()


def _close_up() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def main(environment: dict[str, str]) -> int:
    try:
        callers = Callers(int(environment["DESK_UID"]), int(environment["HUB_UID"]))
    except (KeyError, ValueError):
        sys.stderr.write("DESK_UID and HUB_UID must say who may ask\n")
        return 2
    _close_up()
    places = Places(
        sockets=Path(environment.get("HANARE_KERNEL_SOCKETS", "/run/k/rt")),
        work=Path(environment.get("HANARE_WORK", "/work")),
        private=Path(tempfile.mkdtemp(prefix="broker-")),
    )
    kernels = Kernels(places)

    def end(_signum: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    server = listen(Path(environment.get("HANARE_BROKER_SOCKET", "/run/k/b/broker.sock")))
    shared = Path("/dev/shm")
    fence.put_up((places.sockets, places.work, places.private.parent, *([shared] if shared.is_dir() else [])))
    try:
        serve(server, callers, kernels)
    finally:
        kernels.end_all()
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(dict(os.environ)))
