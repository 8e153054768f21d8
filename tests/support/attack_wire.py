"""A scripted client of a kernel's websocket: sends what it likes, keeps every byte it is given.

It speaks both wire protocols by hand, so that nothing of Jupyter's own client tidies up a forged
message before the test has seen it. Every message received is kept with its size on the wire and
with the channel, envelope, content and buffers as they came.
"""

import itertools
import json
import struct
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

V1 = Subprotocol("v1.kernel.websocket.jupyter.org")
IDLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it came over the wire."""

    channel: str
    header: Mapping[str, Any]
    parent: Mapping[str, Any]
    metadata: Mapping[str, Any]
    content: Mapping[str, Any]
    buffers: tuple[bytes, ...]
    raw: bytes

    @property
    def kind(self) -> str:
        return str(self.header.get("msg_type"))

    def holds(self, mark: str) -> int:
        """How many bytes of a mark that a kernel repeats are in it, wherever they stand."""
        return self.raw.count(mark.encode()) * len(mark)


@dataclass
class Wire:
    """One open websocket."""

    address: str
    headers: Mapping[str, str]
    v1: bool = False
    session_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._open = ExitStack()
        connecting = connect(
            f"{self.address}?session_id={self.session_id}",
            additional_headers=dict(self.headers),
            max_size=None,
            compression=None,
            proxy=None,
            subprotocols=[V1] if self.v1 else None,
            open_timeout=60,
        )
        self._socket: ClientConnection = self._open.enter_context(connecting)
        self.bytes = 0

    def close(self) -> None:
        self._open.close()

    def send(
        self,
        channel: str,
        kind: str,
        content: Mapping[str, Any],
        *,
        parent: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        buffers: Iterable[bytes] = (),
        **header: Any,
    ) -> str:
        """Send one message and give its id."""
        head = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": self.session_id,
            "username": "u",
            "version": "5.3",
            "date": "",
            **header,
        }
        parts = [head, dict(parent or {}), dict(metadata or {}), dict(content)]
        pieces = tuple(buffers)
        if self.v1:
            self._socket.send(pack_v1(channel, [json.dumps(p).encode() for p in parts] + list(pieces)))
        else:
            names = ("header", "parent_header", "metadata", "content")
            whole = {**dict(zip(names, parts, strict=True)), "channel": channel, "buffers": []}
            text = json.dumps(whole)
            self._socket.send(pack_legacy(text, pieces) if pieces else text)
        return str(head["msg_id"])

    def receive(self, seconds: float) -> Heard | None:
        """One message, or None when none came in time or the connection ended."""
        try:
            raw = self._socket.recv(timeout=max(0.01, seconds))
        except (TimeoutError, ConnectionClosed):
            return None
        heard = read_v1(raw) if isinstance(raw, bytes) and self.v1 else read_legacy(raw)
        self.bytes += len(heard.raw)
        self.heard.append(heard)
        return heard

    def until(self, holds: Callable[[Heard], bool], seconds: float = IDLE_SECONDS) -> list[Heard]:
        """What comes until a message for which this holds, that one included, or until time is up."""
        end, found = time.monotonic() + seconds, []
        while (left := end - time.monotonic()) > 0:
            heard = self.receive(left)
            if heard is None:
                break
            found.append(heard)
            if holds(heard):
                break
        return found

    def drain(self, seconds: float = 1.0) -> list[Heard]:
        """What comes until nothing has come for so long."""
        found: list[Heard] = []
        while (heard := self.receive(seconds)) is not None:
            found.append(heard)
        return found

    def execute(self, code: str, seconds: float = IDLE_SECONDS, **content: Any) -> list[Heard]:
        """Run a cell and give all that came until its reply and its idle are both there."""
        asked = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
            **content,
        }
        return self.ask("shell", "execute_request", asked, "execute_reply", seconds)

    def ask(
        self, channel: str, kind: str, content: Mapping[str, Any], reply: str, seconds: float = IDLE_SECONDS
    ) -> list[Heard]:
        """Send a request and give all that came until its reply and its idle are both there."""
        own = self.send(channel, kind, content)
        wanted = {reply, "idle"}

        def done(heard: Heard) -> bool:
            if heard.parent.get("msg_id") == own:
                wanted.discard(heard.kind)
                wanted.discard(str(heard.content.get("execution_state")))
            return not wanted

        return self.until(done, seconds)


def pack_v1(channel: str, parts: list[bytes]) -> bytes:
    """The binary protocol: a count, offsets, the channel, the parts."""
    pieces = [channel.encode(), *parts]
    offsets = [8 * (2 + len(pieces))]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return struct.pack(f"<Q{len(offsets)}Q", len(offsets), *offsets) + b"".join(pieces)


def read_v1(raw: bytes) -> Heard:
    count = struct.unpack_from("<Q", raw)[0]
    offsets = struct.unpack_from(f"<{count}Q", raw, 8)
    pieces = [raw[a:b] for a, b in itertools.pairwise(offsets)]
    header, parent, metadata, content = (json.loads(piece) for piece in pieces[1:5])
    return Heard(pieces[0].decode(), header, parent, metadata, content, tuple(pieces[5:]), raw)


def pack_legacy(text: str, buffers: tuple[bytes, ...]) -> bytes:
    """The older protocol's binary form: a count, offsets, the message, its buffers."""
    pieces = [text.encode(), *buffers]
    offsets = [4 * (len(pieces) + 1)]
    for piece in pieces[:-1]:
        offsets.append(offsets[-1] + len(piece))
    return struct.pack(f"!I{len(offsets)}I", len(pieces), *offsets) + b"".join(pieces)


def read_legacy(raw: str | bytes) -> Heard:
    buffers: tuple[bytes, ...] = ()
    whole = raw.encode() if isinstance(raw, str) else raw
    text = whole
    if isinstance(raw, bytes):
        count = struct.unpack_from("!I", raw)[0]
        offsets = (*struct.unpack_from(f"!{count}I", raw, 4), len(raw))
        pieces = [raw[a:b] for a, b in itertools.pairwise(offsets)]
        text, buffers = pieces[0], tuple(pieces[1:])
    message = json.loads(text)
    return Heard(
        str(message.get("channel")),
        message["header"],
        message.get("parent_header") or {},
        message.get("metadata") or {},
        message["content"],
        buffers,
        whole,
    )
