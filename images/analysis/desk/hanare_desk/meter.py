"""What it costs to put something before a person, and what of it is paid. Pure.

1. Two kinds of bytes are counted: text, and pictures after decoding. Whole numbers count as
   their digits.
2. Every message costs at least ``FLOOR`` bytes of text, whatever it holds. A part that was
   paid for before, or that the browser brought in itself, costs no more than the floor again.
   (Not nothing: which of the known parts is repeated is news as well, and sixteen bytes are
   more than it can say.)
3. Bytes are spent from leases. What was granted is spent once, or given back once, never both.
4. What is remembered is bounded; what is forgotten costs again.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NamedTuple

FLOOR: Final = 16
TEXT: Final = "text"
IMAGE: Final = "image"
KINDS: Final = (TEXT, IMAGE)
LEVELS: Final = (100, 80, 50)
MESSAGE_TEXT: Final = 64_000
MESSAGE_IMAGE: Final = 300_000
"""The most that one message shows; intake may say less."""
_REMEMBERED: Final = 16_384


class Verdict(Enum):
    """Whether something may be shown."""

    PAID = "paid"
    OVER = "over"
    AWAY = "away"


class Cost(NamedTuple):
    """Bytes of each kind."""

    text: int = 0
    image: int = 0

    def of(self, kind: str) -> int:
        return self.text if kind == TEXT else self.image


class Limits(NamedTuple):
    """The most of each kind in one message."""

    text: int = MESSAGE_TEXT
    image: int = MESSAGE_IMAGE


@dataclass(slots=True, eq=False)
class Part:
    """One payload as a person would see it, and the word under which it is recorded."""

    kind: str
    payload: bytes
    image: bool = False
    _digest: bytes = b""

    @property
    def digest(self) -> bytes:
        """SHA-256 of the payload, reckoned once."""
        if not self._digest:
            self._digest = hashlib.sha256(self.payload).digest()
        return self._digest


class Seen:
    """Digests of what was paid for or brought in; the oldest are forgotten first."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def __contains__(self, digest: object) -> bool:
        return digest in self._known

    def add(self, digest: bytes) -> None:
        self._known[digest] = None
        self._known.move_to_end(digest)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def add_parts(self, parts: Iterable[Part]) -> None:
        """Remember what is long enough to be worth remembering."""
        for part in parts:
            if len(part.payload) > FLOOR:
                self.add(part.digest)


def price(parts: Iterable[Part], numbers: int, seen: Seen, floor: int = FLOOR) -> Cost:
    """What a message costs; ``numbers`` is how many digits it holds beside its parts."""
    text, image = numbers, 0
    for part in parts:
        length = len(part.payload)
        if length > FLOOR and part.digest in seen:
            text += FLOOR
        elif part.image:
            image += length
        else:
            text += length
    return Cost(max(text, floor), image)


class Book:
    """The leases of one kind that are in hand."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, int] = OrderedDict()

    @property
    def left(self) -> int:
        return sum(self._left.values())

    def grant(self, lease: str, count: int) -> None:
        """Put a lease into the book; the same one twice is one."""
        if count > 0 and lease not in self._left:
            self._left[lease] = count

    def take(self, count: int) -> bool:
        """Spend this many bytes, oldest lease first, or none at all."""
        if count > self.left:
            return False
        while count:
            lease, left = next(iter(self._left.items()))
            spent = min(left, count)
            count -= spent
            if spent == left:
                del self._left[lease]
            else:
                self._left[lease] = left - spent
        return True

    def give_back(self) -> list[tuple[str, int]]:
        """Empty the book: leases with what was not spent of them."""
        unused, self._left = list(self._left.items()), OrderedDict()
        return unused


@dataclass(frozen=True, slots=True)
class Reading:
    """What intake says of a person's budget: used and limit of the hour and of the day."""

    hour: Mapping[str, tuple[int, int]]
    day: Mapping[str, tuple[int, int]]
    limits: Limits

    def room(self, kind: str) -> int:
        """Bytes that intake could still grant."""
        return max(0, min(limit - used for used, limit in (self.hour[kind], self.day[kind])))

    def tightest(self, kind: str, in_hand: int) -> tuple[int, int]:
        """Used and limit of the hour or the day, whichever is fuller; what is in hand is not used yet."""
        windows = [(max(0, used - in_hand), limit) for used, limit in (self.hour[kind], self.day[kind])]
        return max(windows, key=lambda one: one[0] / one[1] if one[1] else 1.0)


def read_meter(document: Any) -> Reading | None:
    """Read what intake told, or give None when it is no meter."""
    try:
        pairs = {
            window: {kind: _pair(document[kind][window]) for kind in KINDS} for window in ("hour", "day")
        }
        message = document["message"]
        limits = Limits(
            min(MESSAGE_TEXT, _number(message[TEXT])), min(MESSAGE_IMAGE, _number(message[IMAGE]))
        )
    except (KeyError, TypeError, ValueError):
        return None
    return Reading(pairs["hour"], pairs["day"], limits)


def level(used: int, limit: int) -> int:
    """0, 50, 80 or 100: how full it is, as steps that are worth a word."""
    if limit <= 0:
        return LEVELS[0]
    return next((step for step in LEVELS if used * 100 >= limit * step), 0)


def _pair(value: Any) -> tuple[int, int]:
    used, limit = value
    return _number(used), _number(limit)


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value
