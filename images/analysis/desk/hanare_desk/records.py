"""Records beside the cells: deeds on files, kernels, refusals, and whether somebody is here.

A deed on a file is recorded before it is done, and what could not be recorded is not done.
Refusals are counted by word and told every few seconds. The rest says what has happened
already and is delivered when intake takes it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from .cells import RecordError
from .intake import AwayError, RefusedError

REFUSALS_SECONDS: Final = 5.0
_MAX_PATH: Final = 4_096


class Way(Protocol):
    """The part of the intake client that records need."""

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]: ...


class FileRecords:
    """Deeds on files, each in the ledger before it is done."""

    def __init__(self, way: Way, new_id: Callable[[], str]) -> None:
        self._way = way
        self._new_id = new_id

    async def record(self, deed: str, path: str, size: int = 0, sha256: str = "") -> None:
        """Return when the deed is recorded.

        Raises:
            RecordError: it was not.
        """
        shown = path.encode("utf-8", "replace").decode()[:_MAX_PATH]
        body = {"event_id": self._new_id(), "deed": deed, "path": shown, "bytes": size, "sha256": sha256}
        try:
            await self._way.send("POST", "/files", body)
        except (AwayError, RefusedError):
            raise RecordError("file_not_recorded") from None


class Refusals:
    """What this desk refused, counted by word until it is told."""

    def __init__(self, report: Callable[[str, Mapping[str, Any]], None], new_id: Callable[[], str]) -> None:
        self._report = report
        self._new_id = new_id
        self._counts: Counter[str] = Counter()

    def add(self, what: str) -> None:
        """Count one refusal; ``what`` is a word of this package, never of a message."""
        self._counts[what] += 1

    def tell(self) -> None:
        counts, self._counts = self._counts, Counter()
        for what, count in sorted(counts.items()):
            self._report("/refusals", {"event_id": self._new_id(), "what": what, "count": count})
