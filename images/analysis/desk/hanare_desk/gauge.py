"""The document that the page's meter reads: how much may still be shown, in plain numbers. Pure.

It costs nothing, so it holds nothing that a kernel could write with: what is used was paid
for, and the disk is told in hundredths only.
"""

from typing import Any, Final

from .meter import KINDS, Reading, level
from .sentences import sentence

_SAYS: Final = {50: "meter_half", 80: "meter_most", 100: "meter_all"}
_DISK_FULL: Final = 80


def gauge(
    reading: Reading | None, in_hand: dict[str, int], disk: tuple[int, int], *, recorded: bool
) -> dict[str, Any]:
    """Write the document."""
    document: dict[str, Any] = {}
    highest = 0
    for kind in KINDS:
        used, limit = (0, 0) if reading is None else reading.tightest(kind, in_hand[kind])
        step = level(used, limit) if reading is not None else 0
        highest = max(highest, step)
        document[kind] = {"used": used, "limit": limit, "level": step}
    disk_used, size = disk
    used = -(-disk_used * 100 // size) * size // 100 if size else 0
    disk_level = level(used, size) if size else 0
    document["disk"] = {"used": used, "size": size, "level": disk_level}
    document["recorded"] = recorded
    code = _code(highest, disk_level, recorded=recorded)
    words = sentence(code) if code else None
    document["say"] = {"ja": words.ja, "en": words.en} if words else None
    return document


def _code(highest: int, disk_level: int, *, recorded: bool) -> str | None:
    if not recorded:
        return "meter_away"
    if disk_level >= _DISK_FULL:
        return "disk_full" if disk_level == 100 else "meter_disk"
    return _SAYS.get(highest)
