"""The edge of the meter: leases are fetched before they run out and returned when idle.

Nothing is shown that was not granted first. One question to intake per kind is on its way at
a time, never one per message: it asks for a chunk, and a next one in the background when a
quarter of it is gone, twice as large when the last one went quickly. A question without an
answer is asked again with the same id, so that it counts once. Whoever waits does so for
three seconds at most.

To ask for more than is left is an attempt over the limit, which has consequences for the
person; so a background question asks for *at least nothing*, as does one on behalf of what
holds no content (*quiet*), and a refusal is remembered for a while.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from .meter import IMAGE, KINDS, TEXT, Book, Cost, Limits, Reading, Verdict, read_meter

WAIT_SECONDS: Final = 3.0
CHUNKS: Final[Mapping[str, int]] = {TEXT: 16_000, IMAGE: 300_000}
"""What is taken ahead of need; a desk that is killed loses it, so it is small until it goes quickly."""
LARGEST: Final[Mapping[str, int]] = {TEXT: 256_000, IMAGE: 2_000_000}
AHEAD: Final = 4
"""Whoever lacks something gets so many times as much: more of the kind is likely to follow."""
IDLE_SECONDS: Final = 3.0
REFUSED_SECONDS: Final = 10.0
AWAY_SECONDS: Final = 1.0
READING_SECONDS: Final = 10.0
_QUICK_SECONDS: Final = 2.0
_ROUND_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


class LeaseError(Exception):
    """Intake gave no answer, or none that can be used."""


class Till(Protocol):
    """The way to intake, as the purse needs it."""

    async def lease(self, lease: str, kind: str, least: int, most: int) -> tuple[int, Any]:
        """Give what was granted and the meter; raise ``LeaseError`` when there was no answer."""

    async def meter(self) -> Any:
        """Give the meter; raise ``LeaseError`` when there was no answer."""

    def give_back(self, lease: str, unused: int) -> None:
        """Return what was not used, sooner or later."""


@dataclass(slots=True)
class _Question:
    lease: str
    least: int
    most: int
    task: "asyncio.Task[int | None] | None" = None


class Purse:
    """What may still be shown, for the whole desk."""

    def __init__(self, till: Till, new_id: Callable[[], str], clock: Callable[[], float]) -> None:
        self._till = till
        self._new_id = new_id
        self._clock = clock
        self._books = {kind: Book() for kind in KINDS}
        self._open: dict[str, _Question] = {}
        self._unanswered: dict[str, _Question] = {}
        self._refused: dict[str, tuple[int, float]] = {}
        self._last_spent = dict.fromkeys(KINDS, -IDLE_SECONDS)
        self._last_grant = dict.fromkeys(KINDS, -IDLE_SECONDS)
        self._chunks = dict(CHUNKS)
        self._has_pictures = False
        self._away_until = 0.0
        self._read_at = -READING_SECONDS
        self.reading: Reading | None = None

    @property
    def limits(self) -> Limits:
        """The most of each kind in one message."""
        return Limits() if self.reading is None else self.reading.limits

    def in_hand(self, kind: str) -> int:
        return self._books[kind].left

    def never_fits(self, cost: Cost) -> bool:
        """Whether it is more than a whole hour holds: then to ask for it is a click, and no attempt."""
        reading = self.reading
        return reading is not None and any(cost.of(kind) > reading.hour[kind][1] for kind in KINDS)

    def pay_now(self, cost: Cost) -> bool:
        """Pay from what is in hand, whole or not at all."""
        if any(cost.of(kind) > self._books[kind].left for kind in KINDS):
            return False
        self._has_pictures = self._has_pictures or cost.image > 0
        for kind in KINDS:
            if cost.of(kind):
                self._books[kind].take(cost.of(kind))
                self._last_spent[kind] = self._clock()
                self._top_up(kind)
        return True

    async def pay(self, price: Callable[[], Cost], *, quiet: bool = False) -> Verdict:
        """Pay, waiting for a lease where there is none; the price is asked at the moment of paying."""
        end = self._clock() + WAIT_SECONDS
        while True:
            cost = price()
            if self.pay_now(cost):
                return Verdict.PAID
            kind = next(one for one in KINDS if cost.of(one) > self._books[one].left)
            verdict = await self._fetch(kind, cost.of(kind) - self._books[kind].left, end, quiet=quiet)
            if verdict is not Verdict.PAID:
                return verdict

    def warm(self) -> None:
        """Something will be shown soon: have some in hand, for pictures if there were any yet."""
        self._top_up(TEXT)
        if self._has_pictures:
            self._top_up(IMAGE)

    async def run(self) -> None:
        """Return what lies idle and keep the reading fresh, for as long as the desk lives."""
        while True:
            await self.round()
            await asyncio.sleep(_ROUND_SECONDS)

    async def round(self) -> None:
        now = self._clock()
        for kind in KINDS:
            if kind not in self._open and now - self._last_spent[kind] > IDLE_SECONDS:
                self._chunks[kind] = CHUNKS[kind]
                for lease, unused in self._books[kind].give_back():
                    self._till.give_back(lease, unused)
        if now - self._read_at >= READING_SECONDS:
            try:
                self._read(await self._till.meter())
            except LeaseError:
                self.reading = None

    async def _fetch(self, kind: str, lack: int, end: float, *, quiet: bool) -> Verdict:
        """Wait for a lease; ``PAID`` says only that it is worth looking again."""
        question, own = self._open.get(kind), False
        if question is None:
            if self._clock() < self._away_until:
                return Verdict.AWAY
            if self._is_refused(kind, lack, quiet=quiet):
                return Verdict.OVER
            question, own = self._ask(kind, 0 if quiet else lack, self._wanted(kind, lack)), True
        assert question.task is not None
        left = end - self._clock()
        if left > 0:
            await asyncio.wait({question.task}, timeout=left)
        granted = question.task.result() if question.task.done() else None
        if granted is None:
            return Verdict.AWAY
        if own and granted < lack and (quiet or question.least >= lack):
            if not quiet:
                self._refused[kind] = (lack, self._clock() + REFUSED_SECONDS)
            return Verdict.OVER
        return Verdict.PAID

    def _wanted(self, kind: str, lack: int) -> int:
        self._chunks[kind] = min(max(self._chunks[kind], AHEAD * lack), LARGEST[kind])
        return max(lack, self._chunks[kind])

    def _ask(self, kind: str, least: int, most: int) -> _Question:
        """Ask, or ask again what was never answered."""
        question = self._unanswered.pop(kind, None) or _Question(self._new_id(), least, most)
        self._open[kind] = question
        question.task = asyncio.get_running_loop().create_task(self._answer(kind, question))
        return question

    async def _answer(self, kind: str, question: _Question) -> int | None:
        granted: int | None = None
        try:
            granted, meter = await self._till.lease(question.lease, kind, question.least, question.most)
            self._read(meter)
            self._away_until = 0.0
        except LeaseError:
            self._unanswered[kind] = question
            self._away_until = self._clock() + AWAY_SECONDS
        finally:
            del self._open[kind]
        if granted:
            granted = min(granted, question.most)
            self._books[kind].grant(question.lease, granted)
            self._last_grant[kind] = self._clock()
            self._last_spent[kind] = max(self._last_spent[kind], self._clock())
        return granted

    def _top_up(self, kind: str) -> None:
        chunk, now = self._chunks[kind], self._clock()
        if kind in self._open or self._books[kind].left * 4 > chunk * 3 or now < self._away_until:
            return
        if self.reading is not None and self.reading.room(kind) == 0:
            return
        if now - self._last_grant[kind] < _QUICK_SECONDS:
            self._chunks[kind] = min(chunk * 2, LARGEST[kind])
        self._ask(kind, 0, self._chunks[kind])

    def _is_refused(self, kind: str, lack: int, *, quiet: bool) -> bool:
        if quiet and self.reading is not None and self.reading.room(kind) < lack:
            return True
        least, until = self._refused.get(kind, (0, 0.0))
        return self._clock() < until and lack >= least

    def _read(self, document: Any) -> None:
        reading = read_meter(document)
        if reading is None:
            _log.warning("intake told a meter that cannot be read")
            return
        self.reading = reading
        self._read_at = self._clock()
