"""The docker gate: the one process that may speak to Docker, and the little it passes on.

A threaded HTTP server on a unix socket. The kernel says who speaks (SO_PEERCRED); the verdict
is ``gate_judge``'s; what is done is ``gate_docker``'s and ``gate_folders``'. Taken over whole,
the hub can start nothing but a desk and a kernel as planned, the worker nothing but a reader.
Refusals are answered as Docker answers errors: a JSON object with a ``message``.
"""

import http.server
import json
import logging
import os
import socket
import socketserver
import struct
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from enclave.errors import EnclaveError
from hub.gate_docker import Answer, Docker
from hub.gate_folders import make_folders, number_of, remove_run_folders
from hub.gate_judge import BODY_MAX, Deed, Peer, Verdict, judge, judge_target, refuse
from hub.sessions_house import House, Places, Users, check_socket_path
from hub.workspaces_house import HouseFiles

log = logging.getLogger("hanare.gate")
IDLE_SECONDS = 120


class Gate:
    """Verdicts carried out. One lock over folders; Docker orders the rest itself."""

    def __init__(self, files: HouseFiles, docker: Docker) -> None:
        self._files = files
        self._docker = docker
        self._folders = threading.Lock()
        self._home_id = Places(str(files.settings.enclave_home)).home_id

    @property
    def users(self) -> Users:
        return self._files.users

    def answer(self, peers: frozenset[Peer], method: str, target: str, body: bytes) -> Answer:
        """The answer to one request of these peers."""
        address = urlsplit(target)
        house = self._house()
        verdict = judge(peers, method, address.path, address.query, body, house)
        if verdict.allowed and verdict.deed in (Deed.START, Deed.KILL, Deed.INSPECT, Deed.REMOVE):
            return self._act(peers, verdict)
        if verdict.deed in (Deed.CREATE, Deed.MAKE_FOLDERS, Deed.REMOVE_FOLDERS) and house is not None:
            return self._make(verdict, house)
        match verdict.deed:
            case Deed.PING:
                return self._docker.ping()
            case Deed.VERSION:
                return self._docker.version()
            case Deed.LIST:
                return self._docker.containers(verdict.label, f"hanare.home={self._home_id}")
        log.warning("refused %s %s for %s: %s", method, address.path[:200], sorted(peers), verdict.message)
        return _said(verdict.status, verdict.message)

    def _house(self) -> House | None:
        """The house, or None: what cannot be planned is not started, and can be ended all the same."""
        try:
            return self._files.find_house()
        except EnclaveError:
            log.exception("the house cannot be read; nothing is started")
            return None

    def _act(self, peers: frozenset[Peer], verdict: Verdict) -> Answer:
        """Ask Docker what the target is, judge that, and only then act on its full id."""
        inspected = self._docker.inspect(verdict.target)
        if inspected.status != http.HTTPStatus.OK:
            return inspected
        target = judge_target(peers, inspected.document(), self._home_id, verdict.deed)
        if not target.allowed:
            log.warning("refused %s of %s", verdict.deed, verdict.target)
            return _said(target.status, target.message)
        match verdict.deed:
            case Deed.START:
                return self._docker.start(target.target)
            case Deed.KILL:
                return self._docker.kill(target.target)
            case Deed.REMOVE:
                return self._docker.remove(target.target)
        return inspected

    def _make(self, verdict: Verdict, house: House) -> Answer:
        with self._folders:
            if verdict.deed is Deed.MAKE_FOLDERS:
                make_folders(house, verdict.target, verdict.number)
                return _said(200, "")
            if verdict.deed is Deed.REMOVE_FOLDERS:
                remove_run_folders(house, verdict.target)
                return _said(200, "")
        if verdict.plan is None:
            return _said(500, "No plan.")
        if (
            verdict.number
            and number_of(house, verdict.plan.body["Labels"]["hanare.workspace"]) != verdict.number
        ):
            refusal = refuse("This workspace's folders were made for another number.", 409)
            return _said(refusal.status, refusal.message)
        log.info("create %s", verdict.plan.name)
        return self._docker.create(verdict.plan.name, verdict.plan.body)


def _said(status: int, message: str) -> Answer:
    return Answer(status, json.dumps({"message": message}).encode())


def peers_of(uid: int, users: Users) -> frozenset[Peer]:
    """Whom a uid stands for: nobody, unless it is the hub's, the worker's or the sweeper's."""
    known: Mapping[Peer, int | None] = {
        Peer.HUB: users.hub,
        Peer.WORKER: users.worker,
        Peer.SWEEPER: users.sweeper,
    }
    return frozenset(peer for peer, own in known.items() if own == uid)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    gate: Gate


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: _Server

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the standard library's name
        log.debug(format, *args)

    def _peers(self) -> frozenset[Peer]:
        raw = self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", raw)
        return peers_of(uid, self.server.gate.users)

    def _body(self) -> bytes | None:
        """The request's body, or None when it cannot be framed in the one way we read."""
        if self.headers.get("Transfer-Encoding") or len(self.headers.get_all("Content-Length", [])) > 1:
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > BODY_MAX:
            return None
        return self.rfile.read(int(length))

    def _answer(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._send(_said(413, "The request's body is too long or not framed by its length."))
            return
        try:
            answer = self.server.gate.answer(self._peers(), self.command, self.path, body)
        except EnclaveError as error:
            answer = _said(409, str(error))
        except OSError:
            log.exception("the engine did not answer")
            answer = _said(503, "The container engine does not answer.")
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        body = b"" if answer.status in (204, 304) else answer.body
        self.send_header("Content-Type", "application/json")
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = do_PATCH = do_OPTIONS = _answer  # noqa: N815


def listen(path: Path, gate: Gate) -> socketserver.UnixStreamServer:
    """The server on ``path``: bound under another name, opened to all, listening, then renamed."""
    check_socket_path(str(path))
    beginning = path.with_name(f".{path.name}.{os.getpid()}")
    beginning.unlink(missing_ok=True)
    server = _Server(str(beginning), _Handler, bind_and_activate=False)
    server.gate = gate
    server.server_bind()
    beginning.chmod(0o666)
    server.server_activate()
    beginning.rename(path)
    return server


def serve(files: HouseFiles, path: Path, stopped: threading.Event, docker: Docker | None = None) -> None:
    """Answer on ``path`` until ``stopped`` is set."""
    server = listen(path, Gate(files, docker or Docker()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
    thread.start()
    log.info("listening on %s", path)
    stopped.wait()
    server.shutdown()
    server.server_close()
    path.unlink(missing_ok=True)
