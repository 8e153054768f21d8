"""Messages to intake over one connection that lasts: asked at once, answered by number.

A cell waits for its record, so nothing here waits that need not: a question is written where it
is asked, and whoever asked is called when its answer arrives. A frame is four bytes of length
and a JSON object; the first holds the desk's token. When the connection is lost, or something
comes that is no frame, every question on its way has no answer, and the next one connects anew.
What an intake that does not read would let pile up here is bounded, and so is what it says.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

MAX_FRAME: Final = 4 * 1024 * 1024
MOST_UNREAD: Final = 8 * 1024 * 1024
_LENGTH: Final = 4

_log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """A status as in HTTP, and what was said."""

    status: int
    body: Any


Answered = Callable[[Answer | None], None]
"""Called once with the answer, or with None when there will be none."""


class Stream(asyncio.Protocol):
    """The desk's one connection of frames; there is at most one at a time."""

    def __init__(self, socket: str, token: str) -> None:
        self._socket = socket
        self._opening = frame_of({"authorization": f"token {token}"})
        self._transport: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._unsent: list[bytes] = []
        self._asked: dict[int, Answered] = {}
        self._taken = bytearray()
        self._number = 0
        self._lost = asyncio.Event()

    def ask(self, route: str, body: Mapping[str, Any], answered: Answered) -> None:
        """Put a question; it is on its way when this returns, if there is a connection."""
        self._number += 1
        frame = frame_of({"id": self._number, "route": route, "body": body})
        if len(frame) > MAX_FRAME:
            answered(Answer(413, None))
            return
        self._asked[self._number] = answered
        if self._transport is None:
            self._unsent.append(frame)
            if self._connecting is None:
                self._connecting = asyncio.get_running_loop().create_task(self._connect())
            return
        self._transport.write(frame)
        if self._transport.get_write_buffer_size() > MOST_UNREAD:
            self._transport.abort()

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._transport is not None:
            self._transport.abort()
            await self._lost.wait()
        self._lose()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._lost.clear()
        transport.write(b"".join((self._opening, *self._unsent)))
        self._unsent.clear()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's own signature
        self._transport = None
        self._lost.set()
        self._lose()

    def data_received(self, data: bytes) -> None:
        self._taken += data
        while len(self._taken) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._taken[:_LENGTH], "big")
            if end > _LENGTH + MAX_FRAME:
                self._give_up()
                return
            if len(self._taken) < end:
                return
            frame = bytes(self._taken[_LENGTH:end])
            del self._taken[:end]
            if not self._hear(frame):
                self._give_up()
                return

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_unix_connection(lambda: self, self._socket)
        except OSError:
            self._lose()
        finally:
            self._connecting = None

    def _hear(self, frame: bytes) -> bool:
        try:
            told = json.loads(frame)
            number, answer = told["id"], Answer(told["status"], told["body"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return False
        if type(number) is not int or type(answer.status) is not int:
            return False
        answered = self._asked.pop(number, None)
        if answered is not None:
            _tell(answered, answer)
        return True

    def _give_up(self) -> None:
        self._taken.clear()
        if self._transport is not None:
            self._transport.abort()

    def _lose(self) -> None:
        lost, self._asked = self._asked, {}
        self._unsent.clear()
        self._taken.clear()
        for answered in lost.values():
            _tell(answered, None)


def _tell(answered: Answered, answer: Answer | None) -> None:
    """Whoever asked may fail over the answer; the others' answers come all the same."""
    try:
        answered(answer)
    except Exception as error:  # noqa: BLE001  what it was is its own affair
        _log.error("an answer of intake's could not be used: %s", type(error).__name__)


def frame_of(told: Mapping[str, Any]) -> bytes:
    """The frame of a message; what is no Unicode is replaced."""
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return len(content).to_bytes(_LENGTH, "big") + content
