"""The second way to speak at an intake socket: numbered messages over one lasting connection.

A cell waits for its record, and most of what HTTP costs it is not the record. So what is a
message and nothing else may come as a frame too, to the same handlers, with the same checks.

1. A connection whose first byte is nought is a stream, every other is HTTP: a frame's length
   begins with nought, a request with a letter.
2. A frame is four bytes of length and a JSON object. The first is ``{"authorization"}``; nothing
   behind it is looked at before it was found good, and it is asked for again with every message.
3. Every other is ``{"id", "route", "body"}`` and is answered, in whatever order, by
   ``{"id", "status", "body"}``. A frame that is none of this is answered once with id 0, and then
   the stream is closed: nobody knows what such a desk means by the next one.
4. Everything has a bound: the length of a frame, the time that one takes to arrive, what is being
   answered at once (beyond it nothing is read), what waits to be taken by the desk (then
   neither), and the streams of one workspace.
5. When a stream ends, what was not begun of its messages is not done: nobody would hear of it.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, TypeAlias, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from enclave.errors import EnclaveError, InvalidInputError, UnavailableError
from enclave.sentences import say

MAX_FRAME = 4 * 1024 * 1024
MAX_OPENING = 4 * 1024
FRAME_SECONDS = 10.0
MOST_AT_ONCE = 64
MOST_BYTES_AT_ONCE = 8 * 1024 * 1024
MOST_STREAMS = 4
_LENGTH = 4
_LARGEST_ID = 2**53
NOT_A_FRAME = InvalidInputError("bad_message", say("The message is not JSON."))
TOO_SLOW = UnavailableError("too_slow", say("The message did not arrive in time."))
log = logging.getLogger("hanare.intake")

Reply: TypeAlias = "tuple[int, object]"
"""A status as in HTTP, and the answer."""


class Desk(Protocol):
    """Who answers the messages of one workspace."""

    async def admit(self, authorization: str) -> Reply:
        """Whether this is the workspace's desk; 204 if so."""

    async def answer(self, authorization: str, route: str, message: Mapping[str, Any]) -> Reply:
        """The answer to a message."""

    def refusal(self, error: Exception) -> Reply:
        """The answer in place of one that an error prevents."""

    def too_large(self, limit: int) -> EnclaveError:
        """The error of what has more bytes than are taken."""


class Stream(asyncio.Protocol):
    """One connection of frames."""

    def __init__(self, desk: Desk, state: ServerState, streams: "set[Stream]") -> None:
        self._desk = desk
        self._connections: set[Any] = state.connections
        self._streams = streams
        self._transport: asyncio.Transport | None = None
        self._taken = bytearray()
        self._authorization = ""
        self._is_open = self._is_ended = self._is_clogged = self._is_paused = False
        self._at_once: dict[asyncio.Task[None], int] = {}
        self._slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by their class
        self._connections.add(self)
        if len(self._streams) >= MOST_STREAMS:
            self._is_ended = True
            self._transport.abort()
        self._streams.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's own signature
        self._is_ended = True
        self._connections.discard(self)
        self._streams.discard(self)
        self._be_patient()
        for task in self._at_once:
            task.cancel()

    def shutdown(self) -> None:
        """The server ends."""
        self._is_ended = True
        if self._transport is not None:
            self._transport.close()

    def pause_writing(self) -> None:
        self._is_clogged = True
        self._read()

    def resume_writing(self) -> None:
        self._is_clogged = False
        self._read()

    def data_received(self, data: bytes) -> None:
        self._taken += data
        self._read()

    def _read(self) -> None:
        """Take every frame that is there, as far as there is room for their answers."""
        while not self._is_ended and not self._is_full:
            frame = self._next()
            if frame is None:
                break
            self._be_patient()
            self._take(frame)
        self._wait_for_more()

    @property
    def _is_full(self) -> bool:
        opening = not self._is_open and bool(self._at_once)
        many = len(self._at_once) >= MOST_AT_ONCE or sum(self._at_once.values()) >= MOST_BYTES_AT_ONCE
        return self._is_clogged or opening or many

    def _wait_for_more(self) -> None:
        if self._is_ended or self._transport is None:
            return
        if self._is_full is not self._is_paused:
            self._is_paused = self._is_full
            (self._transport.pause_reading if self._is_paused else self._transport.resume_reading)()
        if self._is_paused or not self._taken:
            self._be_patient()
        elif self._slow is None:
            self._slow = asyncio.get_running_loop().call_later(FRAME_SECONDS, self._end, TOO_SLOW)

    def _be_patient(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _next(self) -> bytes | None:
        if len(self._taken) < _LENGTH:
            return None
        end = _LENGTH + int.from_bytes(self._taken[:_LENGTH], "big")
        limit = MAX_FRAME if self._is_open else MAX_OPENING
        if end > _LENGTH + limit:
            self._end(self._desk.too_large(limit))
            return None
        if len(self._taken) < end:
            return None
        frame = bytes(self._taken[_LENGTH:end])
        del self._taken[:end]
        return frame

    def _take(self, frame: bytes) -> None:
        try:
            message = json.loads(frame)
        except (ValueError, RecursionError):
            message = None
        match message:
            case {"authorization": str(authorization)} if not self._is_open:
                self._authorization = authorization
                self._begin(self._open(authorization), len(frame))
            case {"id": int(number), "route": str(route), "body": dict(body)} if (
                self._is_open and 0 < number < _LARGEST_ID and number is not True
            ):
                self._begin(self._answer(number, route, body), len(frame))
            case _:
                self._end(NOT_A_FRAME)

    def _begin(self, answering: Any, size: int) -> None:
        task = asyncio.get_running_loop().create_task(answering)
        self._at_once[task] = size
        task.add_done_callback(self._is_answered)

    def _is_answered(self, task: "asyncio.Task[None]") -> None:
        del self._at_once[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a message could not be answered: %s", type(error).__name__)
            self._end(UnavailableError("not_recorded", say("The message could not be answered.")))
        if self._is_paused or self._taken:
            self._read()

    async def _open(self, authorization: str) -> None:
        status, told = await self._desk.admit(authorization)
        self._write(0, status, told)
        self._is_open = status < 300
        if not self._is_open:
            self.shutdown()

    async def _answer(self, number: int, route: str, body: Mapping[str, Any]) -> None:
        status, told = await self._desk.answer(self._authorization, route, body)
        self._write(number, status, told)

    def _write(self, number: int, status: int, told: object) -> None:
        if self._is_ended or self._transport is None:
            return
        answer = {"id": number, "status": status, "body": told}
        frame = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        self._transport.write(len(frame).to_bytes(_LENGTH, "big") + frame)

    def _end(self, error: Exception) -> None:
        """Say why, and close."""
        self._write(0, *self._desk.refusal(error))
        self._taken.clear()
        self.shutdown()


class Doorstep(asyncio.Protocol):
    """A connection before its first byte, which says what it is."""

    http: ClassVar[Any]
    desk: ClassVar[Desk]
    streams: ClassVar[set[Stream]]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._arguments = (config, server_state, app_state, _loop)
        self._state = server_state
        self._connections: set[Any] = server_state.connections
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's own signature
        self._connections.discard(self)

    def shutdown(self) -> None:
        """The server ends."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._connections.discard(self)
        is_stream = data[0] == 0
        spoken: asyncio.Protocol = (
            Stream(self.desk, self._state, self.streams) if is_stream else self.http(*self._arguments)
        )
        self._transport.set_protocol(spoken)
        spoken.connection_made(self._transport)
        spoken.data_received(data)


class BothWays(Config):
    """A server's configuration under which its socket takes HTTP and streams."""

    def __init__(self, app: Any, desk: Desk, **settings: Any) -> None:
        super().__init__(app, **settings)
        self._desk = desk

    def load(self) -> None:
        super().load()
        told = {"http": self.http_protocol_class, "desk": self._desk, "streams": set()}
        self.http_protocol_class = type("Doorstep", (Doorstep,), told)
