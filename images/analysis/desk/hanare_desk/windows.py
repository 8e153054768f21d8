"""The desk's queues and its way to intake, one set for the whole server.

A kernel's queue is shared by every browser window on it, and the provisioner must reach it to
give up waiting cells; both ask here. Before the extension has opened the way to intake,
every record fails, so no cell runs.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from .cells import CellQueue, Recorder, RecordError


class _Closed:
    """No way to intake yet: nothing is recorded, so nothing runs."""

    async def requested(self, event: Mapping[str, Any]) -> None:  # noqa: ARG002
        raise RecordError("record_unreachable")

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        """Drop it: what was never requested has no outcome."""


class _Way:
    """The recorder in use; queues made before it was opened use it as well."""

    recorder: Recorder = _Closed()

    async def requested(self, event: Mapping[str, Any]) -> None:
        await self.recorder.requested(event)

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        self.recorder.report(route, body)


_way = _Way()
_queues: dict[str, CellQueue] = {}


def open_way(recorder: Recorder) -> None:
    """From now on cells are recorded here."""
    _way.recorder = recorder


def queue_of(kernel_id: str) -> CellQueue:
    """Give the kernel's queue, made at the first asking."""
    queue = _queues.get(kernel_id)
    if queue is None:
        queue = _queues[kernel_id] = CellQueue(kernel_id, _way, lambda: uuid.uuid4().hex)
    return queue


def all_queues() -> list[CellQueue]:
    return list(_queues.values())
