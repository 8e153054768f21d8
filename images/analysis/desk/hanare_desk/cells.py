"""No log, no run: a cell reaches its kernel only after intake has its *requested* event.

One queue for each kernel, shared by all its browser windows, keeps the order of the shell
channel: what is sent behind a waiting cell waits too. When an event is not confirmed within
the limit, the cell is refused as a kernel would refuse it, and the cells queued behind it are
given up, as after an error. Interrupt gives up whatever waits. Recorded is not run: the
*outcome* is a second event with the same id, sent when the kernel replies.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from .messages import MAX_SOURCE, Message
from .meter import Part
from .sentences import Sentence, sentence
from .shown import ShownLog

LIMIT_SECONDS: Final = 3.0
_REMEMBERED: Final = 1_000
"""Cells whose outputs can still be counted under their own event."""


class RecordError(Exception):
    """The event was not taken; ``code`` is the sentence to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Told = Callable[[str | None], None]
"""Called with None when the event is in the ledger, or with the code of what stands in the way."""


class Recorder(Protocol):
    """The way to intake, as the queue needs it."""

    def requested(self, event: Mapping[str, Any], told: Told) -> None:
        """Ask for the event's record; ``told`` hears what came of it, once, at the moment it is known."""

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        """Deliver an outcome or a count later, again and again until it is taken."""


class Window(Protocol):
    """One browser window's connection to the kernel."""

    def forward(self, message: Message) -> None:
        """Send the message on to the kernel."""

    def refuse(self, message: Message, reason: Sentence) -> None:
        """Answer as a kernel would that did not run it."""


@dataclass(slots=True)
class _Waiting:
    window: Window
    message: Message


@dataclass(slots=True)
class _Asked:
    """The event of the first that waits, on its way to the ledger."""

    event: Mapping[str, Any]
    limit: asyncio.TimerHandle


class CellQueue:
    """What waits for its record, and what runs, on one kernel."""

    def __init__(self, kernel_id: str, recorder: Recorder, new_id: Callable[[], str]) -> None:
        self.kernel_id = kernel_id
        self._recorder = recorder
        self._new_id = new_id
        self._waiting: deque[_Waiting] = deque()
        self._running: dict[str, Mapping[str, Any]] = {}
        self._events: OrderedDict[str, str] = OrderedDict()
        self._shown = ShownLog()
        self._asked: _Asked | None = None
        self.last_used = time.time()
        """When a window last asked something of the kernel, or it last answered a cell."""

    def put(self, window: Window, message: Message) -> None:
        """Take a message: it goes on at once, or waits for its record and its turn."""
        self.last_used = time.time()
        if not message.recorded and (message.channel != "shell" or not self._waiting):
            window.forward(message)
            return
        self._waiting.append(_Waiting(window, message))
        if self._asked is None:
            self._go_on()

    def interrupt(self, reason: str = "interrupted") -> None:
        """Give up every cell that still waits."""
        if self._asked is not None:
            self._settle(self._asked.event, reason)

    def kernel_ended(self) -> None:
        """Give up what waits; what ran will have no reply, and its outcome says so."""
        for event in self._running.values():
            self._outcome(event, "aborted")
        self._running.clear()
        self.interrupt("kernel_gone")

    def replied(self, msg_id: str, status: str) -> None:
        """Report a cell's outcome when its reply passes."""
        event = self._running.pop(msg_id, None)
        if event is not None:
            self.last_used = time.time()
            self._outcome(event, status if status in {"ok", "aborted"} else "error")

    @property
    def busy(self) -> bool:
        """Whether a cell runs or waits."""
        return bool(self._running or self._waiting)

    def shown(self, msg_id: str, parts: Iterable[Part]) -> None:
        """Note what a window was given, under the cell that made it or else the last one."""
        event_id = self._events.get(msg_id) or next(reversed(self._events.values()), None)
        if event_id is not None:
            self._shown.add(event_id, parts)

    def report_shown(self) -> None:
        """Send what was noted since the last time."""
        for body in self._shown.take():
            self._recorder.report("/outputs", body)

    def _go_on(self) -> None:
        """Forward what waits, up to the first cell; that one's event is on its way when this returns."""
        while self._waiting and self._asked is None:
            head = self._waiting[0]
            if not head.message.recorded:
                self._waiting.popleft()
                head.window.forward(head.message)
            elif head.message.length > MAX_SOURCE:
                self._refuse("cell_too_long")
            else:
                self._admit(head.message)

    def _admit(self, message: Message) -> None:
        """Ask for the cell's record; nothing behind it moves until that is settled."""
        event = self._event(message, self._new_id())
        told = partial(self._settle, event)
        limit = asyncio.get_running_loop().call_later(LIMIT_SECONDS, told, "record_no_answer")
        self._asked = _Asked(event, limit)
        self._recorder.requested(event, told)

    def _settle(self, event: Mapping[str, Any], problem: str | None) -> None:
        """The first that waits is recorded, or will not run; what is said of it later counts no more."""
        asked = self._asked
        if asked is None or asked.event is not event:
            return
        self._asked = None
        asked.limit.cancel()
        try:
            if problem is None:
                head = self._waiting.popleft()
                self._remember(head.message, event)
                head.window.forward(head.message)
            else:
                # A time-out may still have been recorded: the outcome says that it did not run.
                self._outcome(event, "refused")
                self._refuse(problem)
        finally:
            self._go_on()

    def _event(self, message: Message, event_id: str) -> dict[str, Any]:
        return {
            "event_id": event_id,
            "stage": "requested",
            "kernel_id": self.kernel_id,
            "channel": message.channel,
            "msg_type": message.msg_type,
            "source": message.source,
            "silent": bool(message.content.get("silent", False)),
            "expressions": message.expressions,
        }

    def _remember(self, message: Message, event: Mapping[str, Any]) -> None:
        if not message.is_cell:
            return
        self._running[message.msg_id] = event
        self._events[message.msg_id] = event["event_id"]
        self._events.move_to_end(message.msg_id)
        while len(self._events) > _REMEMBERED:
            self._events.popitem(last=False)

    def _outcome(self, event: Mapping[str, Any], outcome: str) -> None:
        told = {**event, "stage": "outcome", "outcome": outcome, "source": "", "expressions": []}
        self._recorder.report("/cells", told)

    def _refuse(self, problem: str) -> None:
        """Give up everything that waits."""
        waiting, self._waiting = list(self._waiting), deque()
        follows = problem if problem in {"interrupted", "kernel_gone"} else "cell_before_refused"
        for number, one in enumerate(waiting):
            if one.message.recorded:
                one.window.refuse(one.message, sentence(problem if number == 0 else follows))
            else:
                one.window.forward(one.message)
