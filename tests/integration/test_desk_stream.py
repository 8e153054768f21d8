"""The desk's end of the stream: with the real door, and with an intake that behaves badly."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from images.analysis.desk.hanare_desk import stream
from images.analysis.desk.hanare_desk.intake import AwayError, Intake, RefusedError
from tests.support.intake_doors import CELL, MEIS, frame, recorded, scene_of_two

Bad = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LEASE = {"lease": "b" * 32, "kind": "text", "least": 1, "most": 1}


async def take(reader: asyncio.StreamReader) -> dict[str, Any]:
    length = int.from_bytes(await reader.readexactly(4), "big")
    told: dict[str, Any] = json.loads(await reader.readexactly(length))
    return told


def play(folder: Path, bad: Bad, story: Callable[[Intake], Awaitable[None]]) -> None:
    """A story with an intake that reads the opening and then does as it likes."""

    async def begin() -> None:
        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                assert await take(reader) == {"authorization": "token desk-token"}
                await bad(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                return
            finally:
                writer.transport.abort()

        server = await asyncio.start_unix_server(meet, folder / "intake.sock")
        intake = Intake(str(folder / "intake.sock"), "desk-token")
        try:
            await story(intake)
        finally:
            await intake.close()
            server.close()

    asyncio.run(begin())


def test_with_the_real_door_a_cell_is_recorded_or_refused(tmp_path: Path) -> None:
    with scene_of_two(tmp_path, asyncio.run) as scene:

        async def tale(path: Path) -> None:
            intake = Intake(str(path), "mei")
            cells = [{**CELL, "event_id": f"{n:032x}"} for n in range(30)]
            assert set(await asyncio.gather(*(recorded(intake, cell) for cell in cells))) == {None}
            assert intake.answering
            answer = await intake.send("POST", "/display/lease", LEASE)
            assert answer["granted"] == 1
            assert await recorded(intake, {**CELL, "event_id": "short"}) == "record_refused"
            with pytest.raises(RefusedError) as refused:
                await intake.send("POST", "/outputs", {})
            assert (refused.value.code, bool(refused.value.ja)) == ("bad_message", True)
            await intake.close()
            stranger = Intake(str(path), "ken")
            assert await recorded(stranger, {**CELL, "event_id": "c" * 32}) == "record_unreachable"
            await stranger.close()

        scene.play(tale)
        assert len(scene.leaves()) == 30
        assert {leaf["subject"] for leaf in scene.leaves()} == {MEIS.wid}


def test_a_door_that_opens_again_is_found_again(tmp_path: Path) -> None:
    with scene_of_two(tmp_path, asyncio.run) as scene:
        intake = Intake(str(scene.folder / MEIS.wid / "intake.sock"), "mei")

        async def tale(_path: Path) -> None:
            assert await recorded(intake, {**CELL, "event_id": "1" * 32}) is None
            scene.live.now_live.clear()
            for _ in range(100):
                await asyncio.sleep(0.02)
                if told := await recorded(intake, {**CELL, "event_id": "2" * 32}):
                    assert told == "record_unreachable"
                    break
            assert not intake.answering
            scene.live.now_live.append(MEIS)
            for _ in range(100):
                await asyncio.sleep(0.02)
                if await recorded(intake, {**CELL, "event_id": "3" * 32}) is None:
                    break
            assert intake.answering
            await intake.close()

        scene.play(tale)
        assert {leaf["facts"]["event"][0] for leaf in scene.leaves()} >= {"1", "3"}


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        frame(b"nonsense"),
        frame([]),
        frame({"id": 1, "status": 200}),
        frame({"id": "1", "status": 200, "body": {}}),
        frame({"id": 1, "status": "200", "body": {}}),
        (2**31).to_bytes(4, "big"),
        b"",
    ],
)
def test_what_is_no_answer_is_none(tmp_path: Path, said: bytes) -> None:
    async def bad(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await take(reader)
        writer.write(said)
        await writer.drain()
        if said:
            await reader.read()

    async def story(intake: Intake) -> None:
        for _ in range(2):
            assert await recorded(intake, CELL) == "record_unreachable"
            with pytest.raises(AwayError):
                await intake.send("POST", "/outputs", {})

    play(tmp_path, bad, story)


def test_answers_find_their_questions_in_any_order_and_in_pieces(tmp_path: Path) -> None:
    async def bad(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = [await take(reader) for _ in range(5)]
        assert [one["route"] for one in asked] == ["/outputs"] * 5
        strange = [frame({"id": number, "status": 500, "body": None}) for number in (0, 99, -1)]
        answers = [frame({"id": one["id"], "status": 200, "body": one["body"]}) for one in reversed(asked)]
        for byte in b"".join((*strange, *answers)):
            writer.write(bytes([byte]))
            await writer.drain()
        await reader.read()

    async def story(intake: Intake) -> None:
        sent = [intake.send("POST", "/outputs", {"n": number}) for number in range(5)]
        assert [one["n"] for one in await asyncio.gather(*sent)] == list(range(5))

    play(tmp_path, bad, story)


def test_who_fails_over_an_answer_takes_no_other_with_it(tmp_path: Path) -> None:
    async def bad(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = [await take(reader) for _ in range(2)]
        writer.write(b"".join(frame({"id": one["id"], "status": 200, "body": one["body"]}) for one in asked))
        await reader.read()

    async def story(intake: Intake) -> None:
        def fails(_: str | None) -> None:
            raise OSError

        intake.requested({"n": 1}, fails)
        assert await intake.send("POST", "/outputs", {"n": 2}) == {"n": 2}

    play(tmp_path, bad, story)


def test_an_intake_that_does_not_answer_is_away_after_the_limit(tmp_path: Path) -> None:
    async def bad(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def story(intake: Intake) -> None:
        intake.answering = True
        with pytest.raises(AwayError):
            await intake.send("POST", "/outputs", {}, 0.05)
        assert not intake.answering

    play(tmp_path, bad, story)


def test_an_intake_that_does_not_read_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MOST_UNREAD", 300_000)
    connections = 0

    async def bad(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await asyncio.sleep(5)

    async def story(intake: Intake) -> None:
        for _ in range(3):
            told: list[str | None] = []
            intake.requested({"source": "x" * 100_000}, told.append)
            await asyncio.sleep(0.05)
            for _ in range(12):
                intake.requested({"source": "x" * 100_000}, told.append)
            await asyncio.sleep(0.05)
            assert set(told) == {"record_unreachable"}
            assert 4 <= len(told) <= 13, "what is asked after the end waits for the next connection"
        assert connections == 3

    play(tmp_path, bad, story)


def test_what_no_frame_holds_is_refused_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MAX_FRAME", 1_000)

    async def bad(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        raise AssertionError(await reader.read())

    async def story(intake: Intake) -> None:
        assert await recorded(intake, {"source": "x" * 1_000}) == "record_refused"

    play(tmp_path, bad, story)
