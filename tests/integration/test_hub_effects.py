"""Between intent and outcome: sockets are waited for, the key is handed over, a wrong container is found."""

import asyncio
import copy
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from enclave.errors import TamperedError, UnavailableError
from hub.sessions import plan_desk, plan_kernel
from hub.workspaces_effects import Effects, check_as_planned, hand_key
from tests.support.hub_plans import HOUSE, SESSION, inspected

KEY = bytes(range(32))


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(tempfile.gettempdir()) / f"hn-{secrets.token_hex(4)}"
    folder.mkdir()
    yield folder / "b.sock"
    shutil.rmtree(folder)


def broker(answer: bytes, path: Path, heard: list[bytes]) -> Any:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(answer)
        await writer.drain()
        writer.close()

    return asyncio.start_unix_server(serve, str(path))


def test_the_key_is_one_line_of_json(place: Path) -> None:
    heard: list[bytes] = []

    async def act() -> None:
        async with await broker(b'{"ok": true}\n', place, heard):
            await hand_key(str(place), KEY)

    asyncio.run(act())
    assert [json.loads(line) for line in heard] == [{"op": "key", "data_key": KEY.hex()}]


@pytest.mark.parametrize("answer", [b"", b"\n", b'{"error": "not_you"}\n', b'{"ok": false}\n', b"ok\n"])
def test_a_broker_that_did_not_take_the_key_stops_the_start(place: Path, answer: bytes) -> None:
    async def act() -> None:
        async with await broker(answer, place, []):
            await hand_key(str(place), KEY)

    with pytest.raises(UnavailableError) as refused:
        asyncio.run(act())
    assert KEY.hex() not in str(refused.value)


def test_no_broker_stops_the_start(place: Path) -> None:
    with pytest.raises(UnavailableError):
        asyncio.run(hand_key(str(place), KEY))


class Gate:
    """A gate whose container ended, or runs."""

    def __init__(self, why: str) -> None:
        self._why = why

    def why_not_running(self, _name: str) -> str:
        return self._why


def wait(path: Path, seconds: float, why: str, container: str | None) -> None:
    with ThreadPoolExecutor(1) as executor:
        effects = Effects(cast("Any", Gate(why)), None, executor, HOUSE.places)
        asyncio.run(effects.until_listening(str(path), seconds, container))


def test_a_socket_that_never_answers_is_not_waited_for_longer_than_said(place: Path) -> None:
    started = time.monotonic()
    with pytest.raises(UnavailableError):
        wait(place, 0.3, "", None)
    assert time.monotonic() - started < 2


def test_a_container_that_ended_is_not_waited_for(place: Path) -> None:
    started = time.monotonic()
    with pytest.raises(UnavailableError, match="exit code 3"):
        wait(place, 60, "exit code 3", "hanare-d-0123456789ab")
    assert time.monotonic() - started < 5


def changed(report: dict[str, Any], where: str, value: object) -> Mapping[str, Any]:
    report["HostConfig"][where] = value
    return report


def test_a_container_as_planned_passes() -> None:
    for plan in (plan_desk(HOUSE, SESSION), plan_kernel(HOUSE, SESSION)):
        check_as_planned(HOUSE, plan, inspected(copy.deepcopy(dict(plan.body))))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("Privileged", True),
        ("NetworkMode", "bridge"),
        ("PidsLimit", 100),
        ("Mounts", []),
        ("CapAdd", ["ALL"]),
    ],
)
def test_a_container_that_is_not_as_planned_stops_the_start(where: str, value: object) -> None:
    plan = plan_kernel(HOUSE, SESSION)
    report = changed(inspected(copy.deepcopy(dict(plan.body))), where, value)
    with pytest.raises(TamperedError, match=where):
        check_as_planned(HOUSE, plan, report)


def test_another_workspaces_container_is_not_this_one() -> None:
    plan = plan_kernel(HOUSE, SESSION)
    other = inspected(copy.deepcopy(dict(plan_desk(HOUSE, SESSION).body)))
    with pytest.raises(TamperedError):
        check_as_planned(HOUSE, plan, other)
