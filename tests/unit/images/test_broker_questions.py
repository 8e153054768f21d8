"""What may be asked of the broker, by whom; what does not fit exactly is refused."""

import json
from typing import Any

import pytest

from images.analysis.kernel.hanare_broker.command_lines import command, environment
from images.analysis.kernel.hanare_broker.questions import (
    PORTS,
    Callers,
    GiveKey,
    Poll,
    Question,
    Signal,
    Start,
    UnfitError,
    read_question,
)

KERNEL = "957448be-5d59-40fc-b7db-0a873e622d70"
SOCKETS = "/run/k/rt"


def connection(**changes: Any) -> dict[str, Any]:
    whole = {
        "transport": "ipc",
        "ip": f"{SOCKETS}/{KERNEL}",
        "key": "0123456789abcdef-signing",
        "signature_scheme": "hmac-sha256",
        **{name: number for number, name in enumerate(PORTS, start=1)},
    }
    return {**whole, **changes}


def read(question: dict[str, Any]) -> Question:
    return read_question(json.dumps(question).encode() + b"\n", SOCKETS)


def refused(question: dict[str, Any]) -> str:
    with pytest.raises(UnfitError) as caught:
        read(question)
    return caught.value.code


def test_the_four_questions() -> None:
    assert read({"op": "key", "data_key": "ab" * 32}) == GiveKey("ab" * 32)
    assert read({"op": "poll", "id": KERNEL}) == Poll(KERNEL)
    assert read({"op": "signal", "id": KERNEL, "signum": 2}) == Signal(KERNEL, 2)
    asked = read({"op": "start", "id": KERNEL, "kernel": "python3", "conn": connection()})
    assert isinstance(asked, Start)
    assert dict(asked.connection) == connection()


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"op": "run"},
        {"op": "poll"},
        {"op": "poll", "id": "../../x"},
        {"op": "poll", "id": KERNEL.upper()},
        {"op": "poll", "id": KERNEL, "more": 1},
        {"op": "poll", "id": [KERNEL]},
        {"op": "key", "data_key": "ab"},
        {"op": "key", "data_key": "AB" * 32},
        {"op": ["poll"], "id": KERNEL},
    ],
)
def test_what_does_not_fit_is_unreadable(question: dict[str, Any]) -> None:
    assert refused(question) == "unreadable"


@pytest.mark.parametrize("line", [b"", b"\n", b"[]\n", b"nonsense\n", b"\xff\n", b"[" * 60_000 + b"\n"])
def test_a_line_that_is_no_question_is_unreadable(line: bytes) -> None:
    with pytest.raises(UnfitError):
        read_question(line, SOCKETS)


@pytest.mark.parametrize("signum", [0, 1, 19, 1000, "2", True, None])
def test_only_three_signals_exist(signum: object) -> None:
    assert refused({"op": "signal", "id": KERNEL, "signum": signum}) == "unknown_signal"


@pytest.mark.parametrize(
    "changes",
    [
        {"transport": "tcp"},
        {"ip": "127.0.0.1"},
        {"ip": f"{SOCKETS}/../b/{KERNEL}"},
        {"ip": f"{SOCKETS}/other"},
        {"signature_scheme": "none"},
        {"shell_port": 2},
        {"shell_port": 0},
        {"shell_port": "1"},
        {"hb_port": True},
    ],
)
def test_a_kernel_listens_only_where_its_id_says(changes: dict[str, Any]) -> None:
    question = {"op": "start", "id": KERNEL, "kernel": "python3", "conn": connection(**changes)}
    assert refused(question) == "unfit_connection"


def test_unknown_fields_of_a_connection_are_left_behind() -> None:
    asked = read({"op": "start", "id": KERNEL, "kernel": "python3", "conn": connection(curve_secretkey="x")})
    assert isinstance(asked, Start)
    assert "curve_secretkey" not in asked.connection


def test_nobody_may_ask_what_is_the_others() -> None:
    callers = Callers(desk=1001, hub=1002)
    callers.check(1002, GiveKey("ab" * 32))
    callers.check(1001, Poll(KERNEL))
    wrong: list[tuple[int, Question]] = [
        (1001, GiveKey("ab" * 32)),
        (1002, Poll(KERNEL)),
        (0, Poll(KERNEL)),
        (0, GiveKey("a")),
    ]
    for uid, question in wrong:
        with pytest.raises(UnfitError) as caught:
            callers.check(uid, question)
        assert caught.value.code == "not_allowed"
    assert not callers.knows(0)


def test_a_kernel_that_is_not_listed_has_no_command() -> None:
    assert command("bash", "/tmp/c.json") is None
    words = command("python3", "/tmp/c.json")
    assert words is not None
    assert words[-2:] == ["-f", "/tmp/c.json"]


def test_the_environment_is_the_kernels_own() -> None:
    assert "HANARE_KEY_FD" not in environment(None)
    own = environment(7)
    assert own["HANARE_KEY_FD"] == "7"
    assert not [name for name in own if "TOKEN" in name or "JUPYTERHUB" in name or "UID" in name]
