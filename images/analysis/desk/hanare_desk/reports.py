"""Outcomes and counts: told to intake in order, again and again until they are taken.

They say what has already happened, so nobody waits for them. When intake is away they queue
up to a bound; beyond it counts are given up before outcomes. A report that intake refuses for
good is dropped and logged by route only.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from typing import Any, Final, Protocol

from .intake import AwayError, RefusedError

MAX_WAITING: Final = 2_000
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 10.0

_log = logging.getLogger(__name__)


class Way(Protocol):
    """The part of the intake client that records and reports need."""

    async def requested(self, event: Mapping[str, Any]) -> None: ...

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]: ...


class Reports:
    """A recorder for the cell queues: asks at once, reports in the background."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._waiting: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._wake = asyncio.Event()

    async def requested(self, event: Mapping[str, Any]) -> None:
        await self._way.requested(event)

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._make_room()
        self._waiting.append((route, body))
        self._wake.set()

    async def run(self) -> None:
        """Deliver for as long as the desk lives."""
        pause = _FIRST_PAUSE
        while True:
            while self._waiting:
                if await self._deliver(*self._waiting[0]):
                    self._waiting.popleft()
                    pause = _FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
            self._wake.clear()
            await self._wake.wait()

    async def _deliver(self, route: str, body: Mapping[str, Any]) -> bool:
        try:
            await self._way.send("POST", route, body)
        except AwayError:
            return False
        except RefusedError as refusal:
            _log.warning("report to %s refused: %s", route, refusal.code)
        return True

    def _make_room(self) -> None:
        for index in range(1, len(self._waiting)):
            if self._waiting[index][0] == "/outputs":
                del self._waiting[index]
                return
        # The first may be on its way; the second is the oldest that is not.
        del self._waiting[min(1, len(self._waiting) - 1)]
