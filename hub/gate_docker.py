"""The gate's own way to Docker: a handful of requests, written by us, over its socket.

Nothing a caller sent is passed on: method, path, query and body of every request are made
here from a verdict's values. Paths carry no version, so the engine answers with its own.
"""

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

DOCKER_SOCKET = "/var/run/docker.sock"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """Docker's answer: status and body."""

    status: int
    body: bytes

    def document(self) -> Any:
        return json.loads(self.body)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("docker", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


class Docker:
    """What the gate asks of the engine."""

    def __init__(self, path: str = DOCKER_SOCKET) -> None:
        self._path = path

    def ping(self) -> Answer:
        return self._ask("GET", "/_ping")

    def version(self) -> Answer:
        return self._ask("GET", "/version")

    def containers(self, *labels: str) -> Answer:
        """Containers that carry all of these labels, running or not."""
        query = {"all": "true", "filters": json.dumps({"label": labels})}
        return self._ask("GET", "/containers/json", query)

    def create(self, name: str, body: Mapping[str, Any]) -> Answer:
        return self._ask("POST", "/containers/create", {"name": name}, body)

    def info(self) -> Answer:
        """What the engine says of itself and its machine; no peer may ask it, ``enclave doctor`` does."""
        return self._ask("GET", "/info")

    def image(self, digest: str) -> Answer:
        """Whether an image is there; for ``enclave doctor`` too."""
        return self._ask("GET", f"/images/{digest}/json")

    def inspect(self, target: str) -> Answer:
        return self._ask("GET", f"/containers/{target}/json")

    def start(self, target: str) -> Answer:
        return self._ask("POST", f"/containers/{target}/start")

    def kill(self, target: str) -> Answer:
        return self._ask("POST", f"/containers/{target}/kill", {"signal": "KILL"})

    def remove(self, target: str) -> Answer:
        return self._ask("DELETE", f"/containers/{target}", {"force": "true", "v": "true"})

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        connection = _UnixConnection(self._path)
        try:
            data = None if body is None else json.dumps(body).encode()
            headers = {"Content-Type": "application/json"} if data is not None else {}
            connection.request(method, f"{path}?{urlencode(query)}" if query else path, data, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read())
        finally:
            connection.close()
