"""What the desk does with a kernel that forges, with two windows, and with files. Each is one test."""

import asyncio
import base64
import json
from typing import Any

from scene import Scene, Window

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200
FORGED = {
    "msg_id": "F" * 40,
    "username": "F" * 40,
    "session": "F" * 40,
    "date": "2026-01-01T00:00:00.000000Z",
    "version": "F",
    "more": "F" * 40,
}


def say(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "stream", "content": {"name": "stdout", "text": text}, **more}


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [one["content"]["text"] for one in messages if one["header"]["msg_type"] == "stream"]


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [one["content"].get("execution_state") or one["header"]["msg_type"] for one in messages]


async def both_windows(scene: Scene) -> list[Window]:
    kernel = await scene.kernel()
    return [await scene.window(kernel, v1=v1) for v1 in (True, False)]


async def test_a_cell_runs_over_both_protocols(scene: Scene) -> None:
    for v1 in (True, False):
        window = await scene.window(await scene.kernel(), v1=v1)
        assert window.v1 == v1
        told = await window.run(say("梅\n"), {"type": "error", "content": {"ename": "E", "evalue": "v"}})
        assert texts(told) == ["梅\n"]
        mine = [one for one in told if one["parent_header"]]
        # Replies and iopub come over sockets of their own; in each the order stands.
        iopub = kinds([one for one in mine if one["channel"] == "iopub"])
        assert iopub == ["busy", "execute_input", "stream", "error", "idle"]


async def test_nothing_of_a_forged_envelope_survives(scene: Scene) -> None:
    for v1 in (True, False):
        window = await scene.window(await scene.kernel(), v1=v1)
        forged = say(
            "x", header=FORGED, parent={**FORGED, "msg_type": "F"}, metadata={"F": "F"}, buffers=["F" * 9]
        )
        reply = {"type": "execute_reply", "channel": "shell", "header": FORGED, "content": {"status": "ok"}}
        told = await window.run(
            forged, {**reply, "parent": FORGED}, {"type": "comm_msg", "content": {"F": "F"}}
        )
        assert "FF" not in json.dumps(
            [{**one, "content": {}} for one in told if one["content"].get("code") is None]
        )
        (shown,) = [one for one in told if one["header"]["msg_type"] == "stream"]
        assert (shown["parent_header"], shown["metadata"]) == ({}, {})
        assert {one["header"]["session"] for one in told} == {shown["header"]["session"]}
        assert "comm_msg" not in kinds(told)


async def test_two_windows_on_one_kernel_see_the_same_and_it_is_paid_once(scene: Scene) -> None:
    first, second = await both_windows(scene)
    await first.run(say("warm"))
    before = await used(scene)
    msg_id = await first.ask("execute_request", {"code": json.dumps([say("y" * 30_000)])})
    one, two = await first.until_done(msg_id), []
    while not two or two[-1]["content"].get("execution_state") != "idle":
        message = await second.receive()
        if message["parent_header"].get("msg_id") == msg_id:
            two.append(message)
    assert texts(one) == texts(two) == ["y" * 30_000]
    assert two[0]["parent_header"] in [message["parent_header"] for message in one]
    after = await used(scene)
    assert 30_000 < after - before < 30_000 + 40 * 16 + 200


async def used(scene: Scene) -> int:
    """What was spent, in the desk's own words; the property of leases is tested elsewhere."""
    _, told = await scene.get("/hanare/meter")
    return int(told["text"]["used"] + told["image"]["used"])


async def test_every_message_costs_something(scene: Scene) -> None:
    window = await scene.window(await scene.kernel())
    before = await used(scene)
    await window.run({"type": "clear_output", "content": {"wait": True}}, say("z" * 5_000))
    now = await used(scene)
    assert now - before >= 5_000 + 5 * 16
    many = {"type": "clear_output", "content": {"wait": True}, "times": 500}
    await window.run(many)
    assert await used(scene) - now >= 500 * 16


async def test_every_message_is_paid_before_it_is_shown(scene: Scene) -> None:
    window = await scene.window(await scene.kernel())
    before, cost = scene.intake.left["text"], 0
    scene.intake.delay = 0.3
    wanted = [say(f"{number}:" + "z" * 20_000) for number in range(12)]
    msg_id = await window.ask("execute_request", {"code": json.dumps(wanted)})
    found: list[dict[str, Any]] = []
    while not found or kinds(found)[-1] != "idle" or found[-1]["parent_header"].get("msg_id") != msg_id:
        found.append(await window.receive())
        cost += max(16, sum(map(len, texts(found[-1:]))))
        assert cost <= before - scene.intake.left["text"], f"message {len(found)} was not paid for yet"
    assert len(texts(found)) == 12


async def test_what_cannot_be_paid_is_withheld_with_one_sentence(scene: Scene) -> None:
    window = await scene.window(await scene.kernel())
    await window.run(say("warm"))
    scene.intake.left["text"] = 0
    told = await window.run(
        say("q" * 60_000), say("q" * 60_000, times=5), {"type": "clear_output", "times": 3}
    )
    for number in range(4):
        told = await window.run(say(f"{number}" * 50_000, times=5), say("r" * 40_000))
    said = texts(told)
    assert len(said) == 1, said
    assert "the limit" in said[0]
    assert scene.intake.attempts >= 1
    assert kinds([one for one in told if one["channel"] == "iopub"])[-1] == "idle"
    assert "rrr" not in json.dumps([one for one in told if one["header"]["msg_type"] != "execute_input"])


async def test_without_intake_nothing_is_shown_and_it_comes_back(scene: Scene) -> None:
    window = await scene.window(await scene.kernel())
    scene.intake.away = {"/display/lease"}
    told = await window.run(say("s" * 60_000), say("t" * 60_000))
    for _ in range(4):
        told = await window.run(say("u" * 60_000))
    assert len(texts(told)) == 1
    assert "could not be recorded" in texts(told)[0]
    scene.intake.away = set()
    await asyncio.sleep(1.2)
    assert texts(await window.run(say("v" * 60_000))) == ["v" * 60_000]


async def test_order_is_kept_while_a_lease_is_slow(scene: Scene) -> None:
    window = await scene.window(await scene.kernel())
    scene.intake.delay = 0.2
    told = await window.run(*(say(f"{number}:" + "w" * 20_000) for number in range(12)))
    assert [text.split(":")[0] for text in texts(told)] == [str(number) for number in range(12)]
    assert kinds([one for one in told if one["channel"] == "iopub" and one["parent_header"]])[-1] == "idle"


async def test_outputs_without_a_window_come_later_through_the_same_tables(scene: Scene) -> None:
    kernel_id = await scene.kernel()
    first = await scene.window(kernel_id, session="same")
    await first.run(say("x"))
    await first.socket.close()
    await asyncio.sleep(0.3)
    kernel = scene.broker.kernels[kernel_id]
    asked = next(one for one in kernel.asked if one["header"]["msg_type"] == "execute_request")
    before = await used(scene)
    for one in (
        say("a" * 9_000),
        {"type": "comm_msg", "content": {"data": "F" * 99}},
        say("b", header=FORGED),
    ):
        kernel.forge(one, asked, [b"x"], kernel.sockets["shell"])
    await asyncio.sleep(0.3)
    again = await scene.window(kernel_id, session="same")
    found = []
    while len(texts(found)) < 2:
        found.append(await again.receive())
    assert texts(found) == ["a" * 9_000, "b"]
    assert "FF" not in json.dumps(found)
    assert found[-1]["parent_header"]["msg_id"] == asked["header"]["msg_id"]
    assert await used(scene) - before >= 9_000


async def test_what_was_shown_is_reported(scene: Scene) -> None:
    window = await scene.window(await scene.kernel())
    data = {"image/png": base64.b64encode(PNG).decode(), "text/plain": "<figure>"}
    await window.run(say("1"), say("2"), {"type": "display_data", "content": {"data": data}})
    await asyncio.sleep(2.5)
    told = scene.intake.told("/outputs")[-1]
    shown = {one["kind"]: (one["parts"], one["bytes"]) for one in told["shown"]}
    assert shown == {"stream": (2, 2), "image/png": (1, len(PNG)), "text/plain": (1, 8)}
    assert told["bytes"] == {"text": 10, "image": len(PNG)}
    started = scene.intake.told("/kernels")
    assert {one["stage"] for one in started} == {"started"}


async def test_lists_of_kernels_hold_nothing_of_a_kernels(scene: Scene) -> None:
    kernel_id = await scene.kernel()
    window = await scene.window(kernel_id)
    state = {"type": "status", "content": {"execution_state": "F" * 5_000}}
    await window.run(state, {**state, "parent": {"msg_type": "execute_request"}})
    for path in ("/api/kernels", f"/api/kernels/{kernel_id}"):
        _, told = await scene.get(path)
        assert "FF" not in json.dumps(told)
    _, (model, *_) = await scene.get("/api/kernels")
    assert set(model) == {"id", "name", "last_activity", "execution_state", "connections"}
    before = model["last_activity"]
    kernel = scene.broker.kernels[kernel_id]
    kernel.forge({"type": "execute_reply", "content": {}}, kernel.asked[0], [b"x"], None)
    await asyncio.sleep(0.2)
    assert (await scene.get(f"/api/kernels/{kernel_id}"))[1]["last_activity"] == before


async def test_a_brokers_words_reach_nobody(scene: Scene) -> None:
    scene.broker.error = "F" * 60
    for path, body in (
        ("/api/kernels", {"name": "python3"}),
        ("/api/sessions", {"path": "a.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}),
    ):
        status, told = await scene.ask("POST", path, body)
        assert status >= 500
        assert "FF" not in json.dumps(told)
        assert told["ja"]
    scene.broker.error = None
    status, session = await scene.ask(
        "POST",
        "/api/sessions",
        {"path": "a.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}},
    )
    assert status == 201
    scene.broker.error = "F" * 60
    status, told = await scene.ask("PATCH", f"/api/sessions/{session['id']}", {"kernel": {"name": "python3"}})
    assert "FF" not in json.dumps(told)


async def test_a_session_of_no_kernel_there_could_be_is_refused_with_a_sentence(scene: Scene) -> None:
    for named in ("../../etc", "x", "00000000-0000-4000-8000-00000000000g"):
        asked = {"path": "a.ipynb", "type": "notebook", "name": "", "kernel": {"id": named}}
        status, told = await scene.ask("POST", "/api/sessions", asked)
        assert (status, told["code"]) == (400, "http_not_understood")
        assert told["ja"]
        assert told["en"]
    assert (await scene.get("/api/kernels"))[1] == []
    assert (await scene.get("/api/sessions"))[1] == []


async def test_files_go_through_the_desk_alone(scene: Scene) -> None:
    scene.put("a.py", b"x = 1\n")
    scene.put("data.csv", b"a\n")
    (scene.work / "sub").mkdir(exist_ok=True)
    (scene.work / "out.py").symlink_to("/proc/self/environ")
    (scene.work / "up").symlink_to("/")
    status, told = await scene.get("/api/contents")
    assert status == 200
    names = {one["name"] for one in told["content"]}
    assert {"a.py", "data.csv", "sub"} <= names
    assert not names & {"out.py", "up"}
    status, told = await scene.get("/api/contents/a.py?content=1&type=file&format=text&hash=1")
    assert (status, told["content"], told["format"], len(told["hash"])) == (200, "x = 1\n", "text", 64)
    for path, wanted in (
        ("data.csv?content=1", 403),
        ("a.py?content=1&format=base64", 403),
        ("a.py?content=1&type=notebook", 403),
        ("a.py?content=1&type=directory", 403),
        ("out.py?content=1", 404),
        ("out.py?content=0", 404),
        ("up/etc/passwd?content=1", 404),
        ("up?content=1&type=directory", 404),
        ("absent.py", 404),
        (".hidden", 404),
    ):
        status, told = await scene.get(f"/api/contents/{path}")
        assert status == wanted, (path, status, told)
    status, told = await scene.get("/api/contents/data.csv?content=0")
    assert (status, told["size"], told["writable"], told["hash"]) == (200, 2, True, None)


async def test_a_notebook_is_saved_opened_and_refused(scene: Scene) -> None:
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {"trusted": True},
        "source": "1",
        "outputs": [],
        "execution_count": 1,
    }
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    model = {"type": "notebook", "format": "json", "content": content}
    status, told = await scene.ask("PUT", "/api/contents/n.ipynb", model)
    assert status == 201, told
    before = await used(scene)
    status, told = await scene.get("/api/contents/n.ipynb?content=1&type=notebook&hash=1")
    assert (status, told["content"]["cells"][0]["source"]) == (200, "1")
    assert "message" not in told
    assert await used(scene) == before
    written = scene.intake.told("/files")
    assert [one["deed"] for one in written[-2:]] == ["written", "opened"]
    big = {**model, "content": {**content, "cells": [{**cell, "source": "x" * 300_000}]}}
    assert (await scene.ask("PUT", "/api/contents/n.ipynb", big))[0] == 413
    attached = {**cell, "cell_type": "markdown", "attachments": {"a.png": {"image/png": "eA=="}}}
    status, told = await scene.ask(
        "PUT", "/api/contents/n.ipynb", {**model, "content": {**content, "cells": [attached]}}
    )
    assert (status, told["code"]) == (403, "no_attachments")
    chunk = {"type": "file", "format": "text", "content": "x", "chunk": 1}
    assert (await scene.ask("PUT", "/api/contents/c.txt", chunk))[0] == 413
    base64_ = {"type": "file", "format": "base64", "content": "eA=="}
    assert (await scene.ask("PUT", "/api/contents/c.txt", base64_))[0] == 403
    scene.intake.away = {"/files"}
    status, told = await scene.ask("PUT", "/api/contents/n.ipynb", model)
    assert (status, told["code"]) == (503, "file_not_recorded")
    assert told["message"] == f"{told['ja']} / {told['en']}"


async def test_a_picture_that_was_shown_does_not_count_when_it_is_saved(scene: Scene) -> None:
    window = await scene.window(await scene.kernel())
    pictures = [PNG + bytes([number]) * 20_000 for number in range(4)]
    shown = [{"image/png": base64.b64encode(one).decode()} for one in pictures]
    for data in shown:
        await window.run({"type": "display_data", "content": {"data": data}})
    outputs = [{"output_type": "display_data", "data": data, "metadata": {}} for data in shown]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": 1}
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**cell, "outputs": outputs}]}
    model = {"type": "notebook", "format": "json", "content": content}
    status, told = await scene.ask("PUT", "/api/contents/pictures.ipynb", model)
    assert status == 201, told
    strange = base64.b64encode(PNG + b"~" * 250_000).decode()
    outputs[0]["data"] = {"image/png": strange}
    assert (await scene.ask("PUT", "/api/contents/pictures.ipynb", model))[0] == 413


async def test_words_of_a_file_are_in_no_error(scene: Scene) -> None:
    scene.put("bad.ipynb", b"FFFFFFFFFFFFFFFFFFFF is no notebook")
    scene.put("odd.ipynb", b'{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"FFFF":"FFFFFFFF"}]}')
    for name in ("bad.ipynb", "odd.ipynb"):
        status, told = await scene.get(f"/api/contents/{name}?content=1&type=notebook")
        assert (status, told["code"]) == (400, "file_unreadable")
        assert "FF" not in json.dumps(told)


async def test_files_are_moved_copied_and_removed(scene: Scene) -> None:
    scene.put("m.py", b"1")
    status, told = await scene.ask("PATCH", "/api/contents/m.py", {"path": "moved.py"})
    assert (status, told["path"]) == (200, "moved.py")
    status, told = await scene.ask("POST", "/api/contents/", {"copy_from": "moved.py"})
    assert (status, told.get("name")) == (201, "moved-Copy1.py"), told
    status, told = await scene.ask("POST", "/api/contents/", {"type": "notebook"})
    assert (status, told["name"]) == (201, "Untitled.ipynb")
    status, told = await scene.ask("POST", "/api/contents/", {"type": "directory"})
    assert (status, told["type"]) == (201, "directory")
    for path, wanted in (("moved.py", 204), ("moved.py", 404), ("Untitled.ipynb", 204)):
        assert (await scene.ask("DELETE", f"/api/contents/{path}"))[0] == wanted
    for old, new in (("moved-Copy1.py", ".hidden.py"), (".x", "y.py"), ("moved-Copy1.py", "../z.py")):
        status, _ = await scene.ask("PATCH", f"/api/contents/{old}", {"path": new})
        assert status in {400, 403, 404}, (old, new, status)
    assert (await scene.ask("POST", "/api/contents/moved-Copy1.py/trust"))[0] in {403, 404}


async def test_closed_addresses_are_told_to_intake(scene: Scene) -> None:
    for path in ("/files/a.py", "/api/terminals", "/metrics", "/api/status"):
        assert (await scene.get(path))[0] == 403
    for _ in range(80):
        refused = [one for one in scene.intake.told("/refusals") if one["what"] == "address"]
        if refused:
            break
        await asyncio.sleep(0.1)
    assert sum(one["count"] for one in refused) == 4


async def until_told(scene: Scene, *stages: str) -> None:
    """Intake has been told of these stages of a kernel's life; reports take a moment."""
    for _ in range(50):
        told = [one["stage"] for one in scene.intake.told("/kernels")]
        if set(stages) <= set(told):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(told)


async def test_a_restart_is_a_new_session_and_the_page_goes_on(scene: Scene) -> None:
    kernel_id = await scene.kernel()
    window = await scene.window(kernel_id)
    told = await window.run(say("1"))
    first = told[0]["header"]["session"]
    status, _ = await scene.ask("POST", f"/api/kernels/{kernel_id}/restart")
    assert status == 200
    again = await scene.window(kernel_id)
    told = await again.run(say("2"))
    assert texts(told) == ["2"]
    assert told[-1]["header"]["session"] != first
    await until_told(scene, "started", "restarted")
    assert (await scene.ask("DELETE", f"/api/kernels/{kernel_id}"))[0] == 204
    await until_told(scene, "started", "restarted", "ended")


async def test_the_meter_tells_the_disk_and_the_budget(scene: Scene) -> None:
    status, told = await scene.get("/hanare/meter")
    assert status == 200
    assert set(told) == {"text", "image", "disk", "recorded", "say"}
    assert told["disk"]["size"] > 0
    assert (told["recorded"], told["say"]) == (True, None)


STORIES = {name: story for name, story in list(globals().items()) if name.startswith("test_")}
