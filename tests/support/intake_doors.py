"""Intake's doors over real sockets and a real database, for two desks, and frames to speak at them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from enclave.adapters.translations import both
from enclave.display import DisplayRules
from images.analysis.desk.hanare_desk.intake import Intake
from output_review.intake import IntakeDeps
from output_review.intake_door import IntakeDoor
from output_review.intake_tokens import TokenDoor, scopes_of
from output_review.intake_writer import EventWriter
from output_review.ports import LiveWorkspace
from tests.support.houses import SqliteHouse
from tests.support.people import PERMIT
from tests.support.review_fakes import FakeWorkspaces
from tests.support.review_houses import sqlite_story
from tests.support.review_story import PROJECT, Story

MEIS = LiveWorkspace("0123456789ab", "mei", PROJECT, PROJECT)
KENS = LiveWorkspace("ba9876543210", "ken", PROJECT, PROJECT)
DESKS = {"mei": MEIS, "ken": KENS}
CHECKS_PER_HOUR = 3
CELL = {"event_id": "a" * 32, "stage": "requested", "source": "1+1", "expressions": []}
_LEAVES = "SELECT data FROM ledger_leaf ORDER BY n"


async def any_desk(token: str) -> frozenset[str] | None:
    """A hub at which every desk's token is its person's name."""
    return scopes_of(DESKS[token]) if token in DESKS else None


@contextmanager
def house_of_two(folder: Path) -> Iterator[tuple[Story, SqliteHouse]]:
    """A house in which both may work in the project."""
    story, house = sqlite_story(folder)
    with house.begin() as work:
        work.register.put_permit(replace(PERMIT, people=("mei", "ken")))
    yield story, house
    house.database.close()


@asynccontextmanager
async def doors(
    story: Story, workspaces: Any, folder: Path, events: EventWriter | None = None
) -> AsyncIterator[IntakeDoor]:
    """The doors of whatever lives; ``events`` is a writer that the test keeps its hand on."""
    own = EventWriter(story.works) if events is None else events
    tokens = TokenDoor(any_desk, time.monotonic)
    deps = IntakeDeps(
        story.works,
        story.vault,
        own,
        tokens,
        both,
        time.monotonic,
        DisplayRules(),
        workspaces,
        CHECKS_PER_HOUR,
    )
    door, stop = IntakeDoor(deps, workspaces, folder), asyncio.Event()
    running = asyncio.create_task(door.run(stop))
    try:
        yield door
    finally:
        stop.set()
        await running
        own.close()


async def opened(path: Path, *, there: bool = True) -> None:
    """The door is there, or is gone."""
    for _ in range(200):
        if path.exists() is there:  # noqa: ASYNC240  a look at a folder in a test
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{path} did not {'appear' if there else 'go'}")


class Scene:
    """The doors of some desks, and what the ledger says afterwards."""

    def __init__(self, story: Story, house: SqliteHouse, folder: Path, run: Callable[[Any], None]) -> None:
        self.story, self.house, self.folder, self.run = story, house, folder, run
        self.live = FakeWorkspaces([MEIS])
        self.events: EventWriter | None = None

    def play(self, tale: Callable[[Path], Awaitable[None]]) -> None:
        """Tell it at Mei's open door."""

        async def begin() -> None:
            async with doors(self.story, self.live, self.folder, self.events):
                path = self.folder / MEIS.wid / "intake.sock"
                await opened(path)
                await tale(path)

        self.run(begin())

    def leaves(self, kind: str = "cell.requested") -> list[dict[str, Any]]:
        with self.house.read() as work:
            told = [json.loads(row.data) for row in work.connection.exec_driver_sql(_LEAVES)]
        return [leaf for leaf in told if leaf["kind"] == kind]


@contextmanager
def scene_of_two(folder: Path, run: Callable[[Any], None]) -> Iterator[Scene]:
    """A house in which both may work in the project; Mei's workspace lives."""
    doors_folder = folder / "intake"
    doors_folder.mkdir()
    with house_of_two(folder) as (story, house):
        yield Scene(story, house, doors_folder, run)


def frame(told: object) -> bytes:
    """A frame of whatever it is."""
    content = told if isinstance(told, bytes) else json.dumps(told).encode()
    return len(content).to_bytes(4, "big") + content


class Line:
    """A stream as a test speaks it: frames, halves of frames, or anything else."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def at(cls, path: Path, token: str | None = "mei") -> "Line":
        """Connected, and opened with a token unless there is to be none."""
        line = cls(*await asyncio.open_unix_connection(path))
        if token is not None:
            line.send({"authorization": f"token {token}"})
        return line

    def send(self, *told: object) -> None:
        self.writer.write(b"".join(map(frame, told)))

    def ask(self, number: int, route: str = "/cells", **body: Any) -> None:
        self.send({"id": number, "route": route, "body": {**CELL, "event_id": f"{number:032x}", **body}})

    async def hear(self, seconds: float = 5.0) -> dict[str, Any]:
        """The next answer."""
        async with asyncio.timeout(seconds):
            length = int.from_bytes(await self.reader.readexactly(4), "big")
            told: dict[str, Any] = json.loads(await self.reader.readexactly(length))
        return told

    async def ended(self, seconds: float = 5.0) -> list[dict[str, Any]]:
        """Everything that is still said until the other side closes."""
        heard = []
        try:
            while True:
                heard.append(await self.hear(seconds))
        except (asyncio.IncompleteReadError, ConnectionError):
            return heard
        finally:
            await self.close()

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return


async def recorded(intake: Intake, event: Mapping[str, Any]) -> str | None:
    """What a desk's client tells of a record: None, or a problem's code."""
    told: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    intake.requested(event, told.set_result)
    return await told
