"""What a window was given, gathered by cell and kind until it is reported. Pure.

For each kind: how many parts, how many bytes, and a SHA-256 over the payloads in the order in
which they were shown. A report covers what was shown since the one before; the hash is
reckoned when the report is due, not while somebody waits for an output.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .meter import Part


@dataclass(slots=True)
class _Kind:
    size: int = 0
    payloads: list[bytes] = field(default_factory=list)

    def told(self, name: str) -> dict[str, Any]:
        digest = hashlib.sha256()
        for payload in self.payloads:
            digest.update(payload)
        return {"kind": name, "parts": len(self.payloads), "bytes": self.size, "sha256": digest.hexdigest()}


@dataclass(slots=True)
class _Cell:
    text: int = 0
    image: int = 0
    kinds: dict[str, _Kind] = field(default_factory=dict)


class ShownLog:
    """What was shown since the last report, by event."""

    def __init__(self) -> None:
        self._cells: dict[str, _Cell] = {}

    def add(self, event_id: str, parts: Iterable[Part]) -> None:
        for part in parts:
            cell = self._cells.setdefault(event_id, _Cell())
            size = len(part.payload)
            if part.image:
                cell.image += size
            else:
                cell.text += size
            kind = cell.kinds.setdefault(part.kind, _Kind())
            kind.size += size
            kind.payloads.append(part.payload)

    def take(self) -> list[dict[str, Any]]:
        """Give the bodies of the reports that are due, and begin anew."""
        cells, self._cells = self._cells, {}
        return [
            {
                "event_id": event_id,
                "bytes": {"text": cell.text, "image": cell.image},
                "shown": [kind.told(name) for name, kind in sorted(cell.kinds.items())],
            }
            for event_id, cell in cells.items()
        ]
