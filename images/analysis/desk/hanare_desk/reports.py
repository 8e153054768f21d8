"""Outcomes and counts: told to intake again and again until they are taken.

They say what has already happened, so nobody waits for them, and they wait a moment for each
other: a handful is sent at once, so that intake commits it as one, and the next handful when
that is settled. When intake is away they queue up to a bound; beyond it counts are given up
before outcomes. A report that intake refuses for good is dropped and logged by route only.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from typing import Any, Final, Protocol

from .cells import Told
from .intake import AwayError, RefusedError

MAX_WAITING: Final = 2_000
HANDFUL: Final = 20
_GATHER_SECONDS: Final = 0.1
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 10.0
_FIRST_TO_GO: Final = frozenset({"/outputs", "/refusals", "/display/return"})

_log = logging.getLogger(__name__)


class Way(Protocol):
    """The part of the intake client that records and reports need."""

    def requested(self, event: Mapping[str, Any], told: Told) -> None: ...

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]: ...


class Reports:
    """A recorder for the cell queues: asks at once, reports in the background."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._waiting: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._sending: list[tuple[str, Mapping[str, Any]]] = []
        self._wake = asyncio.Event()

    def requested(self, event: Mapping[str, Any], told: Told) -> None:
        self._way.requested(event, told)

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._make_room()
        self._waiting.append((route, body))
        self._wake.set()

    async def run(self) -> None:
        """Deliver for as long as the desk lives."""
        pause = _FIRST_PAUSE
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(_GATHER_SECONDS)
            while self._waiting:
                if await self._deliver_handful():
                    pause = _FIRST_PAUSE
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)

    async def _deliver_handful(self) -> bool:
        """Send the oldest reports at once; those that were not taken come first the next time."""
        self._sending = [self._waiting.popleft() for _ in range(min(HANDFUL, len(self._waiting)))]
        try:
            taken = await asyncio.gather(*(self._deliver(*report) for report in self._sending))
            self._sending = [
                report for report, is_taken in zip(self._sending, taken, strict=True) if not is_taken
            ]
            return not self._sending
        finally:
            self._waiting.extendleft(reversed(self._sending))
            self._sending = []

    async def _deliver(self, route: str, body: Mapping[str, Any]) -> bool:
        try:
            await self._way.send("POST", route, body)
        except AwayError:
            return False
        except RefusedError as refusal:
            _log.warning("report to %s refused: %s", route, refusal.code)
        return True

    def _make_room(self) -> None:
        for index, (route, _) in enumerate(self._waiting):
            if route in _FIRST_TO_GO:
                del self._waiting[index]
                return
        self._waiting.popleft()
