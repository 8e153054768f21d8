"""A portal and a small hub on real loopback ports, for tests with a real browser.

The hub is ``127.0.0.1`` and the portal ``localhost``, as in the product. Both servers run in
threads of the test and end with the ``with`` block.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from enclave.adapters.passwords import Argon2Passwords
from enclave.display import CEILING, DisplayRules
from tests.support.portal_house import PortalHouse


@contextmanager
def served_portal(folder: Path, rules: DisplayRules = CEILING) -> Iterator[PortalHouse]:
    """A whole portal at its address, its hub at another."""
    at_hub, at_portal = _listen(), _listen()
    house = PortalHouse(
        folder,
        passwords=Argon2Passwords(),
        portal=f"http://localhost:{at_portal.getsockname()[1]}",
        hub_address=f"http://127.0.0.1:{at_hub.getsockname()[1]}",
        rules=rules,
    )
    with _served(house.hub, at_hub), _served(house.app, at_portal):
        yield house


def _listen() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    return listener


@contextmanager
def _served(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
