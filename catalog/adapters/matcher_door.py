"""The matcher's socket: the kernel says who asks, and only the worker's user is answered.

One question at a time, each with a bounded size and a bounded time; whoever is somebody else is refused
before anything is looked at. Nothing of a question is kept or logged. What goes wrong is answered by its code.
"""

import contextlib
import logging
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from catalog.adapters.matcher import Matcher
from catalog.own_questions import HEADER_MAX, read_forms, read_header, write_answer, write_refusal
from enclave.errors import EnclaveError

log = logging.getLogger("hanare.matcher")
SECONDS = 10.0
_STRANGER_SECONDS = 0.1
_PIECE = 65_536


class _Server(socketserver.UnixStreamServer):
    request_queue_size = 16
    matcher: Matcher
    peer: int


class _Handler(socketserver.StreamRequestHandler):
    timeout = SECONDS
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            if self._uid() == self.server.peer:
                self.wfile.write(self._answer())
            else:
                self._refuse_stranger()

    def _refuse_stranger(self) -> None:
        """Told at once; what they send meanwhile is taken off the wire for a moment, so that they can read it."""
        log.warning("refused uid %s", self._uid())
        self.wfile.write(write_refusal("not_allowed"))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_STRANGER_SECONDS)
        self.connection.recv(HEADER_MAX)

    def _answer(self) -> bytes:
        try:
            question = read_header(self.rfile.readline(HEADER_MAX + 1))
            set_id, kinds = self.server.matcher.answer(
                question, read_forms(question, self._body(question.size))
            )
            log.info("%s: %s forms", question.project, question.forms)
            return write_answer(set_id, kinds)
        except EnclaveError as error:
            log.warning("refused %s", error.code)
            return write_refusal(error.code.removeprefix("own_"))

    def _body(self, size: int) -> bytes:
        """So many bytes, all of them within the time of one question: a slow peer must not hold the door."""
        until, pieces = time.monotonic() + SECONDS, list[bytes]()
        while size and time.monotonic() < until:
            piece = self.rfile.read1(min(size, _PIECE))
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _uid(self) -> int:
        raw = self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", raw)[1])


def listen(path: Path, matcher: Matcher, peer: int) -> socketserver.UnixStreamServer:
    """The server on ``path``: bound under another name, opened to all, listening, then renamed."""
    beginning = path.with_name(f".{path.name}.new")
    beginning.unlink(missing_ok=True)
    server = _Server(str(beginning), _Handler, bind_and_activate=False)
    server.matcher, server.peer = matcher, peer
    server.server_bind()
    beginning.chmod(0o666)
    server.server_activate()
    beginning.rename(path)
    return server


def serve(
    matcher: Matcher, path: Path, peer: int, beat: Callable[[], None], stopped: threading.Event
) -> None:
    """Answer on ``path`` until ``stopped`` is set; a sign of life is given while there is a set to answer from."""
    server = listen(path, matcher, peer)
    server.timeout = 1.0
    log.info("listening on %s", path)
    try:
        while not stopped.is_set():
            beat()
            matcher.ready()
            server.handle_request()
    finally:
        server.server_close()
        path.unlink(missing_ok=True)
