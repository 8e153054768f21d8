"""A notebook as a browser drives it: the Lab page's token, one kernel, its websocket.

A cell is sent as ``execute_request`` and followed until both its reply and its idle have
come. Text is what streams, results and errors said, in order.
"""

import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.sync.client import ClientConnection, connect

from demo.walk_browser import Browser

READY_SECONDS = 90.0
CELL_SECONDS = 60.0
LARGEST_MESSAGE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Said:
    """What a cell came to."""

    status: str
    text: str
    seconds: float

    @property
    def last(self) -> Any:
        """The JSON on the last line that the cell printed."""
        return json.loads(self.text.strip().splitlines()[-1])


class Notebook:
    """One person's kernel in one workspace."""

    def __init__(self, browser: Browser, project: str) -> None:
        self._browser = browser
        self.place = f"/user/{browser.person.username}/{project}"
        self.token = ""
        self._kernel = ""
        self._line: ClientConnection | None = None

    def open(self) -> float:
        """Start the workspace as the hub's page does; the seconds until Lab was there."""
        began = time.monotonic()
        browser, project = self._browser, self.place.rsplit("/", 1)[1]
        browser.walk(f"{browser.cast.hub}/hub/spawn/{browser.person.username}/{project}")
        while time.monotonic() - began < READY_SECONDS:
            page = browser.walk(f"{browser.cast.hub}{self.place}/lab")
            found = re.search(r'"token":\s*"([^"]+)"', page.text)
            if (
                page.status_code == httpx.codes.OK
                and urlsplit(str(page.url)).path == f"{self.place}/lab"
                and found
            ):
                self.token = found[1]
                return time.monotonic() - began
            time.sleep(0.1)
        raise TimeoutError(f"no workspace after {READY_SECONDS:.0f} s; last answer {page.status_code}")

    @property
    def headers(self) -> dict[str, str]:
        """What the Lab page sends with its own requests."""
        return {"Authorization": f"token {self.token}"}

    def connect(self) -> None:
        """A kernel of its own, and the line to it."""
        answer = self._browser.hub.post(
            f"{self.place}/api/kernels", json={"name": "python3"}, headers=self.headers
        )
        answer.raise_for_status()
        self._kernel = answer.json()["id"]
        address = self._browser.cast.hub.replace("http", "ws", 1)
        self._line = connect(
            f"{address}{self.place}/api/kernels/{self._kernel}/channels?session_id={uuid.uuid4().hex}",
            additional_headers=self.headers,
            origin=None,
            max_size=LARGEST_MESSAGE,
            compression=None,
            proxy=None,
        )

    def run(self, code: str) -> Said:
        """Run a cell to its end."""
        if self._line is None:
            raise RuntimeError("connect first")
        began, message = time.monotonic(), _execute(code)
        self._line.send(json.dumps(message))
        told = Told(message["header"]["msg_id"])
        while not told.over:
            left = CELL_SECONDS - (time.monotonic() - began)
            if left <= 0:
                raise TimeoutError("the cell did not end")
            told.take(json.loads(self._line.recv(timeout=left)))
        return Said(told.status, told.text, time.monotonic() - began)

    def close(self) -> None:
        """Hang up, and let the kernel go."""
        if self._line is not None:
            self._line.close()
            self._browser.hub.delete(f"{self.place}/api/kernels/{self._kernel}", headers=self.headers)


class Told:
    """The messages that answer one cell, gathered."""

    def __init__(self, message_id: str) -> None:
        self._id = message_id
        self._idle = False
        self.status = ""
        self.text = ""

    @property
    def over(self) -> bool:
        return bool(self.status) and self._idle

    def take(self, message: dict[str, Any]) -> None:
        """Add one message if it belongs to this cell."""
        if message.get("parent_header", {}).get("msg_id") != self._id:
            return
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "stream":
            self.text += content["text"]
        elif kind in {"execute_result", "display_data"}:
            self.text += content["data"].get("text/plain", "") + "\n"
        elif kind == "error":
            self.text += f"{content['ename']}: {content['evalue']}\n"
        elif kind == "execute_reply":
            self.status = content["status"]
        elif kind == "status" and content["execution_state"] == "idle":
            self._idle = True


def _execute(code: str) -> dict[str, Any]:
    return {
        "header": {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": uuid.uuid4().hex,
            "username": "",
            "version": "5.3",
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        },
        "parent_header": {},
        "metadata": {},
        "channel": "shell",
        "content": {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        },
        "buffers": [],
    }
