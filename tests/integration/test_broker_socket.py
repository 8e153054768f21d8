"""The broker over a real socket: who may ask, what starts, and what is left when it ends."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

KERNEL_ROOM = Path(__file__).parents[2] / "images" / "analysis" / "kernel"
KEY = "ab" * 32
# Stands in for the kernel program: writes down what it was given, then waits or makes a child.
FAKE_KERNEL = """
import json, os, subprocess, sys, time
connection = json.load(open(sys.argv[sys.argv.index("-f") + 1]))
number = os.environ.get("HANARE_KEY_FD")
seen = {
    "environment": dict(os.environ), "argv": sys.argv, "connection": connection, "umask": os.umask(0), "pid": os.getpid(),
    "cwd": os.getcwd(), "key": os.pread(int(number), 99, 0).decode() if number else None,
    "session": os.getsid(0) == os.getpid(), "open": sorted(os.listdir("/proc/self/fd"), key=int),
    "core": __import__("resource").getrlimit(__import__("resource").RLIMIT_CORE),
}
try:
    os.pwrite(int(number), b"x", 0)
    seen["sealed"] = False
except (OSError, TypeError):
    seen["sealed"] = True
open(connection["ip"] + "-1", "w").close()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
seen["child"] = child.pid
open("seen.tmp", "w").write(json.dumps(seen))
os.rename("seen.tmp", "seen.json")
time.sleep(60)
"""


@dataclass
class Broker:
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def socket(self) -> Path:
        return self.folder / "b" / "broker.sock"

    def ask_line(self, line: bytes) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.socket))
            connection.sendall(line)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        told: dict[str, Any] = json.loads(answer)
        return told

    def ask(self, **question: Any) -> dict[str, Any]:
        return self.ask_line(json.dumps(question).encode() + b"\n")

    def start(self, kernel_id: str) -> dict[str, Any]:
        names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
        where = {
            "transport": "ipc",
            "ip": str(self.folder / "rt" / kernel_id),
            "key": "signing-key-of-the-test",
            "signature_scheme": "hmac-sha256",
            **{name: number for number, name in enumerate(names, start=1)},
        }
        return self.ask(op="start", id=kernel_id, kernel="python3", conn=where)

    def seen(self) -> dict[str, Any]:
        path = self.folder / "work" / "seen.json"
        wait_until(path.exists)
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return told


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False


def begin(folder: Path, desk: int, hub: int) -> Broker:
    for name in ("b", "rt", "work", "modules", "tmp"):
        (folder / name).mkdir()
    (folder / "modules" / "ipykernel_launcher.py").write_text(FAKE_KERNEL, encoding="utf-8")
    environment = {
        "PYTHONPATH": str(KERNEL_ROOM),
        "DESK_UID": str(desk),
        "HUB_UID": str(hub),
        "HANARE_BROKER_SOCKET": str(folder / "b" / "broker.sock"),
        "HANARE_KERNEL_SOCKETS": str(folder / "rt"),
        "HANARE_WORK": str(folder / "work"),
        "TMPDIR": str(folder / "tmp"),
        "SECRET_OF_THE_BROKER": "x",
    }
    # A module in the working folder is found first, so the fake stands where ipykernel would be.
    (folder / "work" / "ipykernel_launcher.py").symlink_to(folder / "modules" / "ipykernel_launcher.py")
    process = subprocess.Popen([sys.executable, "-m", "hanare_broker"], cwd=folder, env=environment)
    broker = Broker(folder, process)
    wait_until(broker.socket.exists)
    return broker


def end(broker: Broker) -> None:
    broker.process.send_signal(signal.SIGTERM)
    assert broker.process.wait(timeout=10) == 0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    running = begin(tmp_path, os.getuid(), os.getuid())
    yield running
    end(running)


def test_without_callers_it_does_not_start() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hanare_broker"],
        cwd=KERNEL_ROOM,
        env={},
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 2


def test_another_user_is_refused_whatever_it_asks(tmp_path: Path) -> None:
    other = begin(tmp_path, os.getuid() + 1, os.getuid() + 2)
    try:
        assert other.ask(op="poll", id=str(uuid.uuid4())) == {"error": "not_allowed"}
        assert other.ask(op="key", data_key=KEY) == {"error": "not_allowed"}
        assert other.ask_line(b"nonsense\n") == {"error": "not_allowed"}
    finally:
        end(other)


def test_the_desk_cannot_give_a_key(tmp_path: Path) -> None:
    desk_only = begin(tmp_path, os.getuid(), os.getuid() + 1)
    try:
        assert desk_only.ask(op="key", data_key=KEY) == {"error": "not_allowed"}
        assert desk_only.ask(op="poll", id=str(uuid.uuid4())) == {"error": "unknown_kernel"}
    finally:
        end(desk_only)


def test_a_kernel_gets_the_key_and_an_environment_of_its_own(broker: Broker) -> None:
    assert broker.ask(op="key", data_key=KEY) == {"ok": True}
    kernel_id = str(uuid.uuid4())
    assert broker.start(kernel_id) == {"ok": True}
    seen = broker.seen()
    assert seen["key"] == KEY
    assert seen["sealed"]
    assert KEY not in json.dumps(seen["environment"]) + json.dumps(seen["argv"])
    assert "SECRET_OF_THE_BROKER" not in seen["environment"]
    assert "DESK_UID" not in seen["environment"]
    assert seen["umask"] == 0o007
    assert seen["session"]
    assert seen["cwd"] == str(broker.folder / "work")
    assert seen["core"] == [0, 0]
    assert len(seen["open"]) == 5, "standard streams, the key, and the listing itself"
    assert broker.ask(op="poll", id=kernel_id) == {"rc": None}
    assert KEY not in "".join(path.read_text(encoding="utf-8") for path in broker.folder.rglob("*.json"))


def test_a_kernel_before_the_key_has_none(broker: Broker) -> None:
    assert broker.start(str(uuid.uuid4())) == {"ok": True}
    assert broker.seen()["key"] is None


def test_a_kernel_that_ends_leaves_nothing(broker: Broker) -> None:
    kernel_id = str(uuid.uuid4())
    broker.start(kernel_id)
    seen = broker.seen()
    connection_files = list((broker.folder / "tmp").rglob(f"{kernel_id}.json"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in connection_files] == [0o600]
    assert (broker.folder / "rt" / f"{kernel_id}-1").exists()
    assert broker.ask(op="signal", id=kernel_id, signum=9) == {"ok": True}
    wait_until(lambda: broker.ask(op="poll", id=kernel_id) == {"rc": -9})
    wait_until(lambda: not is_alive(seen["child"]))
    assert not is_alive(seen["pid"])
    assert list((broker.folder / "rt").iterdir()) == []
    assert not connection_files[0].exists()
    assert broker.ask(op="signal", id=kernel_id, signum=9) == {"ok": True}


def test_a_running_id_is_not_started_twice_but_an_ended_one_is(broker: Broker) -> None:
    kernel_id = str(uuid.uuid4())
    broker.start(kernel_id)
    first = broker.seen()["pid"]
    assert broker.start(kernel_id) == {"error": "still_running"}
    broker.ask(op="signal", id=kernel_id, signum=15)
    wait_until(lambda: broker.ask(op="poll", id=kernel_id)["rc"] is not None)
    assert broker.start(kernel_id) == {"ok": True}
    assert broker.seen()["pid"] != first


@pytest.mark.parametrize("line", [b"", b"\n", b"{}\n", b"x" * 70_000 + b"\n", b'{"op": "poll"'])
def test_a_bad_line_gets_a_code_and_does_no_harm(broker: Broker, line: bytes) -> None:
    assert broker.ask_line(line) == {"error": "unreadable"}
    assert broker.ask(op="poll", id=str(uuid.uuid4())) == {"error": "unknown_kernel"}


def test_an_unknown_kernel_name_starts_nothing(broker: Broker) -> None:
    kernel_id = str(uuid.uuid4())
    names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
    where = {
        "transport": "ipc",
        "ip": str(broker.folder / "rt" / kernel_id),
        "key": "signing-key-of-the-test",
        "signature_scheme": "hmac-sha256",
        **{name: number for number, name in enumerate(names, start=1)},
    }
    assert broker.ask(op="start", id=kernel_id, kernel="bash", conn=where) == {"error": "unknown_kernel_name"}


def test_many_at_once(broker: Broker) -> None:
    silent = [socket.socket(socket.AF_UNIX) for _ in range(20)]
    try:
        for one in silent:
            one.connect(str(broker.socket))
        assert broker.ask(op="poll", id=str(uuid.uuid4())) == {"error": "unknown_kernel"}
    finally:
        for one in silent:
            one.close()


def test_the_end_of_the_broker_ends_its_kernels(tmp_path: Path) -> None:
    running = begin(tmp_path, os.getuid(), os.getuid())
    running.start(str(uuid.uuid4()))
    seen = running.seen()
    end(running)
    wait_until(lambda: not is_alive(seen["pid"]) and not is_alive(seen["child"]))


def test_nobody_of_the_same_user_may_look_into_it(broker: Broker) -> None:
    assert Path(f"/proc/{broker.process.pid}/mem").stat().st_uid == 0
    if os.getuid() != 0:
        with pytest.raises(PermissionError):
            Path(f"/proc/{broker.process.pid}/environ").read_bytes()
