"""What waits to be shown in one window, in the order in which it came.

While there is enough in hand nothing waits. When there is not, the first waits for its lease
and everything behind it waits too, a status word no less than an output, so that no *idle*
overtakes the output before it. The lane is bounded by number and by bytes: what comes when it
is full keeps its place but loses its content.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from .meter import Cost, Part, Verdict
from .purse import Purse
from .requests import Asked

MOST_WAITING: Final = 4_000
MOST_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message, written anew and ready to be put into an envelope."""

    channel: str
    kind: str
    content: bytes
    parts: tuple[Part, ...] = ()
    numbers: int = 0
    msg_id: str = ""
    asked: Asked | None = None
    word: str = ""
    """The bare word that it is, when its request is owed one."""
    bare: bytes = b""
    """What goes when it cannot be paid and the word is owed."""
    free: bool = False
    """The desk's own words cost nothing."""

    @property
    def emptied(self) -> "Parcel":
        return replace(self, content=b"", parts=(), numbers=0)


class Lane:
    """The order of one window."""

    def __init__(
        self,
        purse: Callable[[], Purse],
        price: Callable[[Parcel], Cost],
        show: Callable[[Parcel, Verdict], None],
    ) -> None:
        self._purse = purse
        self._price = price
        self._show = show
        self._waiting: deque[Parcel] = deque()
        self._bytes = 0
        self._work: asyncio.Task[None] | None = None

    def put(self, parcel: Parcel) -> None:
        """Show it now, or let it wait for its turn."""
        if not self._waiting and (parcel.free or self._purse().pay_now(self._price(parcel))):
            self._show(parcel, Verdict.PAID)
            return
        if len(self._waiting) >= 2 * MOST_WAITING:
            return
        full = len(self._waiting) >= MOST_WAITING or self._bytes + len(parcel.content) > MOST_BYTES
        if full and not parcel.free:
            parcel = parcel.emptied
        self._bytes += len(parcel.content)
        self._waiting.append(parcel)
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._drain())

    def close(self) -> None:
        """The window is gone."""
        self._waiting.clear()
        self._bytes = 0
        if self._work is not None:
            self._work.cancel()

    async def _drain(self) -> None:
        while self._waiting:
            parcel = self._waiting[0]
            verdict = await self._verdict(parcel)
            self._waiting.popleft()
            self._bytes -= len(parcel.content)
            self._show(parcel, verdict)

    async def _verdict(self, parcel: Parcel) -> Verdict:
        if parcel.free:
            return Verdict.PAID
        if not parcel.content:
            return Verdict.AWAY
        return await self._purse().pay(lambda: self._price(parcel), quiet=not parcel.parts)
