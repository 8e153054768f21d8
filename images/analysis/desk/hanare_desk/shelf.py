"""What the browser was told of the names in the work folder. Pure.

A name, a size and a time are content: a kernel chooses them. So each is told once and paid
for; as long as it stays what was told, telling it again is free. A change costs at least the
floor, also when it is a change back, and so does the end of something that was told. Times
are whole seconds and there is one per name. What was never told and is not there costs
nothing. The memory is bounded: a forgotten name costs again.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .meter import FLOOR

_REMEMBERED: Final = 20_000
_LATEST: Final = 4_102_444_800


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder as a browser is told of it."""

    name: str
    is_folder: bool
    size: int
    time: int

    @property
    def cost(self) -> int:
        return max(
            FLOOR, len(self.name.encode("utf-8", "replace")) + len(str(self.size)) + len(str(self.time))
        )


def entry_of(name: str, *, is_folder: bool, size: int, time: float) -> Entry:
    """An entry with nothing in it that a page cannot use: folders have no size and no time."""
    if is_folder:
        return Entry(name, is_folder=True, size=0, time=0)
    return Entry(name, is_folder=False, size=max(0, size), time=min(max(0, int(time)), _LATEST))


class Shelf:
    """What was told, by folder and name."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._told: OrderedDict[str, dict[str, Entry]] = OrderedDict()
        self._count = 0

    def told(self, folder: str) -> Mapping[str, Entry]:
        return self._told.get(folder, {})

    def cost_of_listing(self, folder: str, entries: Iterable[Entry]) -> int:
        """What it costs to tell a whole listing."""
        known, now = self.told(folder), {entry.name: entry for entry in entries}
        news = sum(entry.cost for name, entry in now.items() if known.get(name) != entry)
        return news + FLOOR * sum(name not in now for name in known)

    def tell_listing(self, folder: str, entries: Iterable[Entry]) -> None:
        self._forget(folder)
        self._keep(folder, {entry.name: entry for entry in entries})

    def cost_of(self, folder: str, name: str, entry: Entry | None) -> int:
        """What it costs to tell of one name; None says that it is not there."""
        known = self.told(folder).get(name)
        if known == entry:
            return 0
        return FLOOR if entry is None else entry.cost

    def tell(self, folder: str, name: str, entry: Entry | None) -> None:
        entries = dict(self.told(folder))
        entries.pop(name, None)
        if entry is not None:
            entries[name] = entry
        self._forget(folder)
        self._keep(folder, entries)

    def _forget(self, folder: str) -> None:
        dropped = self._told.pop(folder, None)
        if dropped is not None:
            self._count -= 1 + len(dropped)

    def _keep(self, folder: str, entries: dict[str, Entry]) -> None:
        self._told[folder] = entries
        self._count += 1 + len(entries)
        while self._count > self._most and len(self._told) > 1:
            _, dropped = self._told.popitem(last=False)
            self._count -= 1 + len(dropped)
