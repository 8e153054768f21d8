"""The proxy in front of everything: configurable-http-proxy, its API on a unix socket.

Three corrections to the stock class. JupyterHub writes port 80 behind a socket's path and the
proxy takes ``s.sock:80`` as the file's name: the port is cut going out and put back coming in,
because the hub compares the two. A pid file that outlived its proxy must not make us kill
whoever has that number now. And a public port that somebody else holds is a reason not to
start: the proxy itself would not notice, and the hub would say that all is well.
"""

import errno
import os
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.proxy import ConfigurableHTTPProxy

from enclave.errors import ConflictError
from enclave.sentences import say

_UNIX, _PORT = "http+unix://", ":80"


def outward(target: str) -> str:
    """A route's target as the proxy must get it."""
    return target.removesuffix(_PORT) if target.startswith(_UNIX) else target


def inward(target: str, data: dict[str, Any]) -> str:
    """A route's target as the hub compares it: its own routes to workspaces have the port."""
    return target + _PORT if target.startswith(_UNIX) and "user" in data else target


def check_free(address: str) -> None:
    """Nobody listens at a TCP address.

    Raises:
        ConflictError: somebody does.
    """
    parts = urlsplit(address)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((parts.hostname or "127.0.0.1", parts.port or 80))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise ConflictError(
                "port_taken",
                say(
                    "The address {address} is taken by another program. End it, then start again.",
                    address=address,
                ),
            ) from error


class HouseProxy(ConfigurableHTTPProxy):  # type: ignore[misc]  # JupyterHub's classes are untyped
    """The stock proxy, corrected."""

    async def start(self) -> None:
        self._check_previous_process()
        check_free(self.public_url)
        await super().start()

    def _check_pid(self, pid: int) -> None:
        """The pid is that of a proxy of ours, or ``ProcessLookupError``."""
        super()._check_pid(pid)
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError as error:
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH)) from error
        if self.command[-1] not in command:
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))

    async def add_route(self, routespec: str, target: str, data: dict[str, Any]) -> None:
        await super().add_route(routespec, outward(target), data)

    async def get_all_routes(self) -> dict[str, Any]:
        routes: dict[str, Any] = await super().get_all_routes()
        for route in routes.values():
            route["target"] = inward(route["target"], route["data"])
        return routes
