"""A stream at intake's door in hostile hands: every bound holds, and only that one stream ends."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop

from output_review import intake, intake_stream
from output_review.intake_stream import MAX_FRAME, MOST_AT_ONCE, MOST_STREAMS
from tests.integration.test_intake_door import ask
from tests.support.intake_doors import CELL, KENS, Line, Scene, frame, opened, scene_of_two

NO_MESSAGES: tuple[object, ...] = (
    b"",
    b"nonsense",
    b"\xff\xfe",
    b"[" * 50_000,
    [],
    1,
    {},
    {"id": 1, "route": "/cells"},
    {"id": 1, "body": {}},
    {"id": 1, "route": "/cells", "body": []},
    {"id": 1.0, "route": "/cells", "body": {}},
    {"id": "1", "route": "/cells", "body": {}},
    {"id": True, "route": "/cells", "body": {}},
    {"id": 0, "route": "/cells", "body": {}},
    {"id": 2**53, "route": "/cells", "body": {}},
    {"authorization": "token ken"},
)
LOOPS = {"asyncio": asyncio.run, "uvloop": uvloop.run}


@pytest.fixture(params=LOOPS)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """On the loop of the tests and on the one that intake runs on: their transports differ."""
    with scene_of_two(tmp_path, LOOPS[request.param]) as found:
        yield found


def test_what_is_no_message_ends_the_stream_and_nothing_else(scene: Scene) -> None:
    async def tale(path: Path) -> None:
        other = await Line.at(path)
        assert (await other.hear())["status"] == 204
        for number, bad in enumerate(NO_MESSAGES, 1):
            line = await Line.at(path)
            await line.hear()
            line.send(bad)
            line.ask(100)
            (told,) = await line.ended()
            assert (told["id"], told["status"], told["body"]["error"]["code"]) == (0, 422, "bad_message")
            other.ask(number)
            assert (await other.hear())["status"] == 200
        await other.close()

    scene.play(tale)
    assert len(scene.leaves()) == len(NO_MESSAGES)


def test_a_frame_that_is_too_long_is_not_waited_for(scene: Scene) -> None:
    async def tale(path: Path) -> None:
        for length in (MAX_FRAME + 1, 2**32 - 1):
            line = await Line.at(path)
            await line.hear()
            line.writer.write(length.to_bytes(4, "big") + b"{")
            (told,) = await line.ended()
            assert (told["id"], told["status"], told["body"]["error"]["code"]) == (0, 413, "too_large")

    scene.play(tale)


def test_the_longest_frame_may_come_in_pieces(scene: Scene) -> None:
    async def tale(path: Path) -> None:
        line = await Line.at(path)
        await line.hear()
        whole = json.dumps({"id": 1, "route": "/cells", "body": {**CELL, "event_id": "1" * 32}}).encode()
        whole = frame(whole + b" " * (MAX_FRAME - len(whole)))
        for start in (0, 1, 3, 4, 5, 70_000):
            line.writer.write(whole[start : {0: 1, 1: 3, 3: 4, 4: 5, 5: 70_000}.get(start, len(whole))])
            await line.writer.drain()
            await asyncio.sleep(0.01)
        assert (await line.hear())["status"] == 200
        await line.close()

    scene.play(tale)
    assert len(scene.leaves()) == 1


def test_half_a_frame_is_waited_for_and_then_no_longer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_stream, "FRAME_SECONDS", 0.15)

    async def tale(path: Path) -> None:
        for number, sent in enumerate((b"\0", b"\0\0\0\x20", b"\0\0\0\x20{"), 1):
            unopened, line = await Line.at(path, None), await Line.at(path)
            await line.hear()
            await asyncio.sleep(0.3)
            unopened.writer.write(sent)
            line.ask(number)
            line.writer.write(sent)
            assert (await line.hear())["status"] == 200, "who is silent between frames is not slow"
            for one in (unopened, line):
                (told,) = await one.ended()
                assert (told["status"], told["body"]["error"]["code"]) == (503, "too_slow")

    scene.play(tale)


def test_a_drop_now_and_then_does_not_buy_time(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_stream, "FRAME_SECONDS", 0.2)

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        await line.hear()
        line.writer.write((1_000).to_bytes(4, "big"))
        began = asyncio.get_running_loop().time()
        ending = asyncio.create_task(line.ended())
        while not ending.done():
            line.writer.write(b" ")
            await asyncio.sleep(0.02)
        assert asyncio.get_running_loop().time() - began < 2
        assert [one["status"] for one in ending.result()] in ([503], [])

    scene.play(tale)


def test_a_flood_is_answered_whole_and_never_more_than_so_much_at_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, most = 0, 0
    real = intake.Intake.answer

    async def counted(*arguments: Any) -> Any:
        nonlocal at_once, most
        at_once, most = at_once + 1, max(most, at_once + 1)
        try:
            return await real(*arguments)
        finally:
            at_once -= 1

    monkeypatch.setattr(intake.Intake, "answer", counted)

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        for number in range(1, 401):
            line.ask(number)
        told = [await line.hear() for _ in range(401)]
        assert {one["id"] for one in told if one["status"] == 200} == set(range(1, 401))
        await line.close()

    scene.play(tale)
    assert 1 < most <= MOST_AT_ONCE
    assert len({leaf["n"] for leaf in scene.leaves()}) == 400


def test_who_does_not_listen_is_not_read_from(scene: Scene) -> None:
    async def tale(path: Path) -> None:
        line = await Line.at(path)
        line.reader._limit = 1  # type: ignore[attr-defined]  # the test's own side takes nothing ahead
        asked = frame({"id": 1, "route": "x" * 60_000, "body": {}})
        sent = 0
        for _ in range(2_000):
            line.writer.write(asked)
            sent += 1
            try:
                async with asyncio.timeout(0.5):
                    await line.writer.drain()
            except TimeoutError:
                break
        else:
            raise AssertionError("a hundred megabytes were taken from a desk that reads nothing")
        line.reader._limit = 2**16  # type: ignore[attr-defined]
        told = [await line.hear(20) for _ in range(sent + 1)]
        assert {one["status"] for one in told} == {204, 404}
        await line.close()

    scene.play(tale)


def test_one_workspace_has_a_few_streams_and_another_its_own(scene: Scene) -> None:
    scene.live.now_live.append(KENS)

    async def tale(path: Path) -> None:
        lines = [await Line.at(path) for _ in range(MOST_STREAMS)]
        for line in lines:
            await line.hear()
        assert await (await Line.at(path)).ended() == []
        await opened(scene.folder / KENS.wid / "intake.sock")
        kens = await Line.at(scene.folder / KENS.wid / "intake.sock", "ken")
        assert (await kens.hear())["status"] == 204
        assert (await ask(path, "POST", "/cells", "mei", json=CELL)).status_code == 200
        await lines[0].close()
        await asyncio.sleep(0.1)
        again = await Line.at(path)
        assert (await again.hear())["status"] == 204
        for line in (*lines[1:], again, kens):
            await line.close()

    scene.play(tale)


def test_an_error_that_nobody_foresaw_ends_the_stream_with_an_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> Any:
        raise ZeroDivisionError("words of somebody's data")

    monkeypatch.setattr(intake.Intake, "answer", fails)

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        line.ask(1)
        _, told = await line.ended()
        assert (told["id"], told["status"]) == (0, 503)
        assert "somebody" not in json.dumps(told)

    scene.play(tale)
