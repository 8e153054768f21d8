"""The desk's queues, one for each kernel, for the whole server.

A kernel's queue is shared by every browser window on it, and the provisioner must reach it to
give up waiting cells; both ask here. Beside the queue stand what was asked of this kernel and
the writer of its envelopes, which all its windows share too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .cells import CellQueue, Told
from .envelopes import Envelopes
from .office import new_id, office
from .requests import Requests


class _Way:
    """The recorder in use; queues made before the way was opened use it as well."""

    def requested(self, event: Mapping[str, Any], told: Told) -> None:
        office().recorder.requested(event, told)

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        office().recorder.report(route, body)


@dataclass(slots=True)
class Line:
    """Everything that the windows on one kernel share."""

    queue: CellQueue
    envelopes: Envelopes
    requests: Requests = field(default_factory=Requests)


_way = _Way()
_lines: dict[str, Line] = {}


def line_of(kernel_id: str) -> Line:
    """Give a kernel's line, made at the first asking."""
    line = _lines.get(kernel_id)
    if line is None:
        queue = CellQueue(kernel_id, _way, new_id)
        line = _lines[kernel_id] = Line(queue, Envelopes(kernel_id))
    return line


def queue_of(kernel_id: str) -> CellQueue:
    return line_of(kernel_id).queue


def all_queues() -> list[CellQueue]:
    return [line.queue for line in _lines.values()]


def drop_line(kernel_id: str) -> None:
    """The kernel will not come back: report what it showed last and forget it."""
    line = _lines.pop(kernel_id, None)
    if line is not None:
        line.queue.report_shown()
