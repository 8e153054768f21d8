"""What the whole desk shares: its way to intake, its purse, what it has seen and refused.

Before the extension has opened the way to intake every record fails and nothing is granted:
no cell runs, no output is shown, no file is opened. All of this lives in one process and one
event loop, and is lost with it; nothing of it is on a disk.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .activity import Activity
from .cells import Recorder, Told
from .intake import AwayError, RefusedError
from .meter import Seen
from .purse import LeaseError, Purse, Till
from .records import FileRecords, Refusals

_PICTURES = 4_096


class Client(Protocol):
    """The intake client, as the office needs it."""

    @property
    def answering(self) -> bool:
        """Whether intake answered last."""

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]: ...


class _Closed:
    """No way to intake yet: nothing is recorded and nothing is granted."""

    answering = False

    def requested(self, event: Mapping[str, Any], told: Told) -> None:  # noqa: ARG002
        told("record_unreachable")

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        """Drop it: what was never requested has no outcome."""

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:  # noqa: ARG002
        raise AwayError


class IntakeTill:
    """Leases over the workspace's own socket."""

    def __init__(self, client: Client, recorder: Recorder) -> None:
        self._client = client
        self._recorder = recorder

    async def lease(self, lease: str, kind: str, least: int, most: int) -> tuple[int, Any]:
        asked = {"lease": lease, "kind": kind, "least": least, "most": most}
        answer = await self._send("POST", "/display/lease", asked)
        granted = answer.get("granted")
        if type(granted) is not int or granted < 0:
            raise LeaseError
        return granted, answer.get("meter")

    async def meter(self) -> Any:
        return await self._send("GET", "/display/meter", None)

    def give_back(self, lease: str, unused: int) -> None:
        self._recorder.report("/display/return", {"lease": lease, "unused": unused})

    async def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            return await self._client.send(method, path, body)
        except (AwayError, RefusedError):
            raise LeaseError from None


def new_id() -> str:
    return uuid.uuid4().hex


@dataclass(slots=True)
class Office:
    """One for the whole server."""

    client: Client
    recorder: Recorder
    purse: Purse
    files: FileRecords
    refusals: Refusals
    activity: Activity
    seen: Seen
    images: Seen


def make_office(client: Client, recorder: Recorder) -> Office:
    till: Till = IntakeTill(client, recorder)
    return Office(
        client=client,
        recorder=recorder,
        purse=Purse(till, new_id, time.monotonic),
        files=FileRecords(client, new_id),
        refusals=Refusals(recorder.report, new_id),
        activity=Activity(time.monotonic),
        seen=Seen(),
        images=Seen(_PICTURES),
    )


class _Current:
    office = make_office(_Closed(), _Closed())


def office() -> Office:
    """The office in use; ask anew each time, because it is opened after the server has started."""
    return _Current.office


def open_office(client: Client, recorder: Recorder) -> Office:
    """From now on there is a way to intake."""
    _Current.office = make_office(client, recorder)
    return _Current.office
