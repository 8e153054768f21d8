"""Intake's doors over real sockets: one per live workspace, and the socket is the identity."""

import asyncio
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.errors import UnavailableError
from output_review.adapters.hub_tokens import HubTokens
from output_review.adapters.intake_sockets import listen_at
from output_review.adapters.live_workspaces import TableWorkspaces
from output_review.ports import LiveWorkspace
from tests.support.houses import SqliteHouse
from tests.support.intake_doors import CELL, KENS, MEIS, doors, house_of_two, opened
from tests.support.review_fakes import FakeWorkspaces
from tests.support.review_story import PROJECT, Story


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Story, SqliteHouse]]:
    with house_of_two(tmp_path) as found:
        yield found


async def ask(path: Path, method: str, route: str, token: str, **sent: Any) -> httpx.Response:
    transport = httpx.AsyncHTTPTransport(uds=str(path))
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
        return await client.request(method, route, headers={"Authorization": f"token {token}"}, **sent)


def test_a_door_opens_with_its_workspace_and_closes_with_it(
    told: tuple[Story, SqliteHouse], tmp_path: Path
) -> None:
    folder, live = tmp_path / "intake", FakeWorkspaces([MEIS])
    folder.mkdir()
    path = folder / MEIS.wid / "intake.sock"

    async def tale() -> None:
        async with doors(told[0], live, folder):
            await opened(path)
            assert stat.S_IMODE(path.stat().st_mode) == 0o666
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o711
            assert (await ask(path, "POST", "/cells", "mei", json=CELL)).status_code == 200
            live.now_live.clear()
            await opened(path, there=False)
            live.now_live.append(MEIS)
            await opened(path)
            assert (await ask(path, "GET", "/releases", "mei")).status_code == 200
        assert not path.exists()

    asyncio.run(tale())


def test_one_desks_token_is_no_use_at_anothers_door(told: tuple[Story, SqliteHouse], tmp_path: Path) -> None:
    folder, live = tmp_path / "intake", FakeWorkspaces([MEIS, KENS])
    folder.mkdir()
    meis, kens = (folder / wid / "intake.sock" for wid in (MEIS.wid, KENS.wid))

    async def tale() -> None:
        async with doors(told[0], live, folder):
            await opened(meis)
            await opened(kens)
            assert (await ask(meis, "GET", "/releases", "ken")).status_code == 403
            assert (await ask(kens, "GET", "/releases", "mei")).status_code == 403
            first = await ask(meis, "POST", "/cells", "mei", json=CELL)
            second = await ask(kens, "POST", "/cells", "ken", json=CELL)
            assert first.json()["n"] != second.json()["n"], "the same event id at two doors is two events"

    asyncio.run(tale())


def test_a_wid_that_changes_hands_changes_its_door(told: tuple[Story, SqliteHouse], tmp_path: Path) -> None:
    folder, live = tmp_path / "intake", FakeWorkspaces([MEIS])
    folder.mkdir()
    path = folder / MEIS.wid / "intake.sock"

    async def tale() -> None:
        async with doors(told[0], live, folder):
            await opened(path)
            live.now_live[:] = [replace(KENS, wid=MEIS.wid)]
            for _ in range(200):
                await asyncio.sleep(0.02)
                try:
                    answer = await ask(path, "GET", "/releases", "mei")
                except httpx.TransportError:
                    continue
                if answer.status_code == 403:
                    break
            else:
                raise AssertionError("the door still answers the one before")

    asyncio.run(tale())


def test_a_stale_socket_and_a_dead_database_are_no_obstacle(
    told: tuple[Story, SqliteHouse], tmp_path: Path
) -> None:
    folder = tmp_path / "intake"
    (folder / MEIS.wid).mkdir(parents=True)
    path = folder / MEIS.wid / "intake.sock"
    listen_at(path).close()

    class Sometimes(FakeWorkspaces):
        asked = 0

        def live(self) -> tuple[LiveWorkspace, ...]:
            self.asked += 1
            if self.asked % 2:
                raise OSError("away")
            return super().live()

    async def tale() -> None:
        async with doors(told[0], Sometimes([MEIS]), folder):
            for _ in range(200):
                await asyncio.sleep(0.02)
                try:
                    answer = await ask(path, "GET", "/releases", "mei")
                except httpx.TransportError:
                    continue
                assert answer.status_code == 200
                return
            raise AssertionError("no door")

    asyncio.run(tale())


def test_the_workspaces_are_those_of_the_hubs_table(told: tuple[Story, SqliteHouse]) -> None:
    _, house = told
    table = TableWorkspaces(house.database)
    assert table.live() == ()
    with house.begin() as work:
        rows = WorkspaceTables(work.connection)
        rows.begin_start(MEIS.wid, "mei", PROJECT, "", work.now)
    assert table.live() == (MEIS,)
    with house.begin() as work:
        WorkspaceTables(work.connection).put_stopped(MEIS.wid, work.now)
    assert table.live() == ()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"name": "mei", "scopes": ["a", "b"]}', frozenset({"a", "b"})),
        (403, b"{}", None),
        (404, b"{}", None),
        (500, b"{}", "away"),
        (302, b"", "away"),
        (200, b"nonsense", "away"),
        (200, b'{"scopes": "all"}', "away"),
        (200, b"[]", "away"),
    ],
)
def test_the_hubs_answer(tmp_path: Path, status: int, body: bytes, expected: Any) -> None:
    async def tale() -> None:
        asked: list[bytes] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
            writer.close()

        server = await asyncio.start_unix_server(answer, tmp_path / "hub.sock")
        hub = HubTokens(tmp_path / "hub.sock")
        async with server:
            if expected == "away":
                with pytest.raises(UnavailableError):
                    await hub("t0ken")
            else:
                assert await hub("t0ken") == expected
        await hub.close()
        assert b"GET /hub/api/user HTTP/1.1" in asked[0]
        assert b"authorization: token t0ken" in asked[0].lower()

    asyncio.run(tale())


def test_a_hub_that_is_not_there_is_away(tmp_path: Path) -> None:
    async def tale() -> None:
        hub = HubTokens(tmp_path / "none.sock")
        with pytest.raises(UnavailableError):
            await hub("t")
        with pytest.raises(UnavailableError):
            await hub("t\r\nX: y")
        await hub.close()

    asyncio.run(tale())
