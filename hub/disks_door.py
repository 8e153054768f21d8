"""The socket of the disks process: one line in, one line out, and the kernel says who asks.

Nothing is kept between requests and no request is answered for a uid that is not a peer. What
goes wrong is answered by its code alone; keys are in no log and in no answer.
"""

import logging
import pwd
import socket
import socketserver
import struct
import threading
from pathlib import Path

from enclave.errors import EnclaveError
from hub.disks import (
    PEER_USERS,
    REQUEST_MAX,
    Ask,
    DiskState,
    Peer,
    Request,
    judge,
    peers_of,
    write_answer,
    write_refusal,
)
from hub.disks_ext4 import Disks
from hub.sessions_house import check_socket_path

log = logging.getLogger("hanare.disks")
IDLE_SECONDS = 10


def known_users() -> dict[str, int]:
    """The peers' system users that exist on this machine now."""
    found = {}
    for name in PEER_USERS.values():
        try:
            found[name] = pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return found


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    disks: Disks


class _Handler(socketserver.StreamRequestHandler):
    timeout = IDLE_SECONDS
    server: _Server

    def handle(self) -> None:
        peers = self._peers()
        try:
            request = judge(peers, self.rfile.readline(REQUEST_MAX + 1))
            answer = write_answer(_act(self.server.disks, request))
            log.info("%s", request)
        except EnclaveError as error:
            log.warning("refused %s for %s", error.code, sorted(peers))
            answer = write_refusal(error.code.removeprefix("disk_"))
        except OSError:
            return
        self.wfile.write(answer)

    def _peers(self) -> frozenset[Peer]:
        raw = self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        _, uid, _ = struct.unpack("3i", raw)
        return peers_of(uid, known_users())


def _act(disks: Disks, request: Request) -> DiskState:
    match request.ask:
        case Ask.OPEN:
            return disks.open(request.wid, request.number, request.key)
        case Ask.CLOSE:
            return disks.close(request.wid)
        case Ask.ERASE:
            return disks.erase(request.wid)
        case Ask.STATE:
            return disks.state(request.wid)


def listen(path: Path, disks: Disks) -> socketserver.UnixStreamServer:
    """The server on ``path``: bound under another name, opened to all, listening, then renamed."""
    check_socket_path(str(path))
    beginning = path.with_name(f".{path.name}.new")
    beginning.unlink(missing_ok=True)
    server = _Server(str(beginning), _Handler, bind_and_activate=False)
    server.disks = disks
    server.server_bind()
    beginning.chmod(0o666)
    server.server_activate()
    beginning.rename(path)
    return server


def serve(disks: Disks, path: Path, stopped: threading.Event) -> None:
    """Answer on ``path`` until ``stopped`` is set; what is shown then stays shown."""
    server = listen(path, disks)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
    thread.start()
    log.info("listening on %s", path)
    stopped.wait()
    server.shutdown()
    server.server_close()
    path.unlink(missing_ok=True)
