"""The desk's routes and messages: each one judged, and what is closed refused through the front door."""

import json
import subprocess
from typing import Any

import pytest

from tests.support.attack_desk_messages import ENUMERATE_DESK, ENUMERATE_KERNEL, MESSAGES, Goes
from tests.support.attack_desk_routes import DESK_ROUTES, ENUMERATE, METHODS, DeskRoute, unjudged
from tests.support.attack_scene import Scene

SENT_BY_HAND = [route for route in DESK_ROUTES if route.example]


def inside_image(image: str, python: str, program: str) -> Any:
    """What a program prints in an image, with no network and nothing mounted."""
    command = [
        "docker",
        "run",
        "--rm",
        "-i",
        "--network",
        "none",
        "--read-only",
        "--tmpfs",
        "/tmp",
        "--entrypoint",
        python,
        image,
        "-",
    ]
    done = subprocess.run(command, input=program, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def routes() -> list[list[object]]:
    found: list[list[object]] = inside_image("hanare/desk:local", "/opt/desk/bin/python", ENUMERATE)
    return found


def test_every_route_of_the_desk_is_judged(routes: list[list[object]]) -> None:
    assert len(routes) > 50
    assert unjudged(routes) == []


def test_a_route_a_method_or_a_class_that_nobody_judged_is_found(routes: list[list[object]]) -> None:
    pattern, answers, methods = routes[0]
    assert isinstance(methods, list)
    assert unjudged([*routes, ["{desk}/new$", "own.New", ["GET"]]]) == ["{desk}/new$ own.New GET"]
    assert len(unjudged([[pattern, answers, [*methods, "TRACE"]], *routes[1:]])) == 2
    assert len(unjudged([[pattern, "own.Other", methods], *routes[1:]])) == 2
    assert unjudged(routes[1:]) == [f"gone: {pattern} {answers}"]


@pytest.mark.parametrize(
    "route", SENT_BY_HAND, ids=[f"{r.answers.rpartition('.')[2]} {r.example}" for r in SENT_BY_HAND]
)
def test_what_is_not_open_is_closed_through_the_front_door(scene: Scene, route: DeskRoute) -> None:
    place = scene.at("kei")
    for method in METHODS:
        if method in route.opened:
            continue
        status, content = place.raw(method, route.example)
        assert status == 403, (method, status)
        assert method == "HEAD" or b"not_available" in content, (method, content[:200])


def test_every_type_of_message_is_judged() -> None:
    kernel = inside_image("hanare/kernel:local", "/opt/analysis/bin/python", ENUMERATE_KERNEL)
    desk = inside_image("hanare/desk:local", "/opt/desk/bin/python", ENUMERATE_DESK)
    judged = {(m.channel, m.kind) for m in MESSAGES}
    asked = {("shell", kind) for kind in kernel["shell"]} | {("control", kind) for kind in kernel["control"]}
    assert sorted(asked - judged) == []
    opened = {(m.channel, m.kind) for m in MESSAGES if m.goes is not Goes.DROPPED}
    assert {tuple(pair) for pair in desk["passed"]} == {
        (m.channel, m.kind) for m in MESSAGES if m.goes is Goes.PASSED
    }
    assert {tuple(pair) for pair in desk["recorded"]} == {
        (m.channel, m.kind) for m in MESSAGES if m.goes is Goes.RECORDED
    }
    assert opened <= judged


def test_what_is_dropped_never_reaches_a_kernel(scene: Scene) -> None:
    wire = scene.at("kei").forger()
    dropped = [m for m in MESSAGES if m.goes is Goes.DROPPED]
    wire.execute(
        "heard = []\n_dispatch = _kernel.dispatch_shell\n"
        "for table in (_kernel.shell_handlers, _kernel.control_handlers):\n"
        "    for kind, own in list(table.items()):\n"
        "        table[kind] = (lambda own, kind: lambda *a, **k: (heard.append(kind), own(*a, **k))[1])(own, kind)"
    )
    for message in dropped:
        wire.send(message.channel, message.kind, message.content)
    wire.drain(1)
    said = "".join(str(h.content.get("text", "")) for h in wire.execute("print(sorted(set(heard)))"))
    assert said.strip() == "['execute_request']"
