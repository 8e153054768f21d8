"""The stream at intake's door: the handlers, checks and answers that HTTP has, and no others."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvloop

from enclave.people import AccountState
from images.analysis.desk.hanare_desk import intake as desk_intake
from output_review import intake, intake_door, intake_tokens
from output_review.intake import MESSAGES, ROUTES
from output_review.intake_stream import MAX_OPENING
from output_review.intake_writer import EventWriter
from tests.integration.test_intake_door import ask
from tests.support import intake_doors
from tests.support.intake_doors import CELL, KENS, MEIS, Line, Scene, opened, scene_of_two
from tests.support.people import MEI
from tests.support.review_story import PROJECT

LOOPS = {"asyncio": asyncio.run, "uvloop": uvloop.run}


@pytest.fixture(params=LOOPS)
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """On the loop of the tests and on the one that intake runs on: their transports differ."""
    with scene_of_two(tmp_path, LOOPS[request.param]) as found:
        yield found


def test_the_desk_sends_as_frames_what_intake_takes_as_frames() -> None:
    assert set(MESSAGES) == desk_intake.MESSAGES
    assert {path for method, path, _ in ROUTES if method == "POST"} >= set(MESSAGES)
    assert not any("draft" in path or "release" in path for path in MESSAGES)


def test_a_cell_is_recorded_before_it_is_answered(scene: Scene) -> None:
    async def tale(path: Path) -> None:
        line = await Line.at(path)
        line.ask(7, person="ken", project="p-other", workspace=KENS.wid)
        assert await line.hear() == {"id": 0, "status": 204, "body": None}
        told = await line.hear()
        (leaf,) = scene.leaves()
        assert told == {"id": 7, "status": 200, "body": {"n": leaf["n"]}}
        assert (leaf["person"], leaf["project"], leaf["subject"]) == ("mei", PROJECT, MEIS.wid)
        line.ask(8, event_id=f"{7:032x}", person="ken")
        assert (await line.hear())["body"] == told["body"], "the same event twice is one leaf"
        over_http = {**CELL, "event_id": f"{7:032x}"}
        assert (await ask(path, "POST", "/cells", "mei", json=over_http)).json() == told["body"]
        await line.close()

    scene.play(tale)


@pytest.mark.parametrize("token", ["ken", "stolen", ""])
def test_a_stream_is_opened_by_the_desks_own_token_alone(scene: Scene, token: str) -> None:
    async def tale(path: Path) -> None:
        line = await Line.at(path, token)
        line.ask(1)
        (told,) = await line.ended()
        assert (told["id"], told["status"], told["body"]["error"]["code"]) == (0, 403, "not_this_desk")

    scene.play(tale)
    assert scene.leaves() == []


def test_nothing_is_taken_before_the_token(scene: Scene) -> None:
    openings: list[object] = [
        {"id": 1, "route": "/cells", "body": CELL},
        {"authorization": 1},
        {},
        [],
        b"nonsense",
        {"authorization": "token " + "x" * MAX_OPENING},
    ]

    async def tale(path: Path) -> None:
        for opening in openings:
            line = await Line.at(path, None)
            line.send(opening, {"authorization": "token mei"})
            line.ask(1)
            (told,) = await line.ended()
            assert told["id"] == 0
            assert told["status"] in {413, 422}

    scene.play(tale)
    assert scene.leaves() == []


def test_the_token_is_asked_for_with_every_message(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_tokens, "REMEMBERED_SECONDS", 0.0)

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        line.ask(1)
        assert [(await line.hear())["status"] for _ in range(2)] == [204, 200]
        monkeypatch.setattr(intake_doors, "DESKS", {})
        line.ask(2)
        assert (await line.hear())["status"] == 403
        await line.close()

    scene.play(tale)
    assert len(scene.leaves()) == 1


def test_who_may_not_work_any_more_runs_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "REMEMBERED_SECONDS", 0.0)

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        line.ask(1)
        assert [(await line.hear())["status"] for _ in range(2)] == [204, 200]
        with scene.house.begin() as work:
            work.register.put_account(replace(MEI, state=AccountState.SUSPENDED))
        line.ask(2)
        told = await line.hear()
        assert (told["status"], told["body"]["error"]["code"]) == (403, "suspended")
        line.ask(3, event_id=f"{1:032x}", stage="outcome", outcome="ok")
        assert (await line.hear())["status"] == 200
        await line.close()

    scene.play(tale)
    assert len(scene.leaves()) == 1


def test_a_stream_reaches_messages_and_nothing_else(scene: Scene) -> None:
    routes = ["/releases", "/drafts", "/drafts/x/complete", "/display/meter", "", "cells", "/cells/"]

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        assert (await line.hear())["status"] == 204
        for number, route in enumerate(routes, 1):
            line.ask(number, route)
            told = await line.hear()
            assert (told["id"], told["status"]) == (number, 404)
        line.ask(99)
        assert (await line.hear())["status"] == 200
        await line.close()

    scene.play(tale)


def test_a_field_of_another_form_is_refused_and_the_stream_goes_on(scene: Scene) -> None:
    fields: list[dict[str, Any]] = [{"source": None}, {"event_id": "short"}, {"stage": "done"}]

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        await line.hear()
        for number, field in enumerate(fields, 1):
            line.ask(number, **field)
            told = await line.hear()
            assert (told["id"], told["status"]) == (number, 422)
        line.ask(9)
        assert (await line.hear())["status"] == 200
        await line.close()

    scene.play(tale)
    assert len(scene.leaves()) == 1


def test_what_was_not_begun_when_a_stream_breaks_is_not_done(scene: Scene) -> None:
    held, events = threading.Event(), EventWriter(scene.story.works)
    scene.events = events

    async def tale(path: Path) -> None:
        line, other = await Line.at(path), await Line.at(path)
        await line.hear()
        await other.hear()
        line.ask(1)
        await line.hear()
        blocked = events.write(lambda _: held.wait(5))
        await asyncio.sleep(0.1)
        line.ask(2)
        other.ask(3)
        await asyncio.sleep(0.1)
        await line.close()
        await asyncio.sleep(0.1)
        held.set()
        assert (await other.hear())["status"] == 200
        assert blocked.result(5)
        await other.close()

    scene.play(tale)
    assert [leaf["facts"]["event"][-1] for leaf in scene.leaves()] == ["1", "3"]


def test_no_answer_within_the_limit_is_a_refusal_and_the_stream_goes_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "RECORD_SECONDS", 0.1)
    held, events = threading.Event(), EventWriter(scene.story.works)
    scene.events = events

    async def tale(path: Path) -> None:
        line = await Line.at(path)
        await line.hear()
        line.ask(1)
        await line.hear()
        events.write(lambda _: held.wait(5))
        await asyncio.sleep(0.05)
        line.ask(2)
        told = await line.hear()
        assert (told["status"], told["body"]["error"]["code"]) == (503, "not_recorded")
        held.set()
        line.ask(3)
        assert (await line.hear())["status"] == 200
        await line.close()

    scene.play(tale)
    assert [leaf["facts"]["event"][-1] for leaf in scene.leaves()] == ["1", "3"]


def test_a_workspace_that_ends_takes_its_streams_with_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_door, "POLL_SECONDS", 0.05)

    async def tale(path: Path) -> None:
        line, silent = await Line.at(path), await Line.at(path, None)
        await line.hear()
        scene.live.now_live.clear()
        assert await line.ended() == []
        assert await silent.ended() == []
        assert not path.exists()  # noqa: ASYNC240  a look at a folder in a test

    scene.play(tale)


def test_doors_are_told_apart_by_their_socket(scene: Scene) -> None:
    scene.live.now_live.append(KENS)

    async def tale(path: Path) -> None:
        await opened(scene.folder / KENS.wid / "intake.sock")
        kens = await Line.at(scene.folder / KENS.wid / "intake.sock", "ken")
        meis = await Line.at(path)
        for line in (kens, meis):
            line.ask(1)
            assert [(await line.hear())["status"] for _ in range(2)] == [204, 200]
            await line.close()

    scene.play(tale)
    assert sorted(leaf["person"] for leaf in scene.leaves()) == ["ken", "mei"]
