"""Another origin on this machine: it counts who calls, over TCP and UDP, and answers whoever does.

What it gives back could be read from anywhere: if a page gets nothing, the page's own rules held it.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nAccess-Control-Allow-Origin: *\r\n"
    b"Connection: close\r\nContent-Length: 18\r\n\r\nHANARE-OTHER-PLACE"
)


class Listener:
    """Who called: the first line of each connection, and each datagram."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._serve, self._hear)]
        for thread in self._threads:
            thread.start()

    @property
    def address(self) -> str:
        """Its origin; another host name than the house's, so that no cookie and no port matters."""
        return f"http://localhost:{self.port}"

    def channels(self) -> set[str]:
        """The first part of each path that was asked for; ``udp`` and ``connection`` for what has none."""
        return {call.partition("?")[0] for call in self.calls}

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(3)
            try:
                words = connection.recv(4_096).split()
            except TimeoutError:
                words = []
            self.calls.append(words[1].decode("latin-1").strip("/") if len(words) > 1 else "connection")
            connection.sendall(ANSWER)

    def _hear(self) -> None:
        while True:
            try:
                datagram = self._udp.recv(2_048)
            except OSError:
                return
            if not datagram:  # what a socket gives that was shut down
                return
            self.calls.append("udp")

    def close(self) -> None:
        for one in (self._tcp, self._udp):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(2)


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener that ends with the block."""
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()
