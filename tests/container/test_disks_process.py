"""The disks process as the set-up starts it: whom it answers, what it holds, and what an opening costs."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from enclave.errors import EnclaveError
from hub.disks_client import DisksClient
from setup.programs import PROGRAMS, confined
from tests.support.disks import NUMBER, WID, DiskHome, disk_home
from tests.support.hub_home import ROOT, home_environment
from tests.support.hub_running import until

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can mount")
(PROGRAM,) = [program for program in PROGRAMS if program.name == "disks"]


@dataclass(frozen=True)
class Running:
    """A home and the process that serves it."""

    place: DiskHome
    process: subprocess.Popen[bytes]

    @property
    def socket(self) -> Path:
        return self.place.home / "run" / "disks" / "disks.sock"

    @property
    def client(self) -> DisksClient:
        return DisksClient(self.socket)

    def answers(self) -> bool:
        try:
            self.client.state(WID)
        except EnclaveError:
            return False
        return True


def start(place: DiskHome) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **home_environment(place.home, 1), "HANARE_POLICIES": str(ROOT / "policies")}
    words = [*confined(PROGRAM), sys.executable, "-m", "hub.processes", "disks"]
    return subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with disk_home() as place:
        (place.home / "run" / "disks").mkdir(parents=True)
        found = Running(place, start(place))
        try:
            until(found.answers, 20)
            yield found
        finally:
            found.process.terminate()
            found.process.wait(10)


ASKING = """
import os, socket, sys
os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
s = socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(sys.argv[1])
s.sendall(sys.argv[3].encode() + b"\\n"); print(s.makefile().readline())
"""


@pytest.mark.parametrize("asked", ["open", "close", "erase", "state"])
def test_nobody_but_its_peers_is_answered(running: Running, asked: str) -> None:
    document: dict[str, object] = {"ask": asked, "wid": WID}
    if asked == "open":
        document |= {"number": NUMBER, "key": running.place.key.hex()}
    for uid in (65534, 200_004, 200_005):
        words = [sys.executable, "-c", ASKING, str(running.socket), str(uid), json.dumps(document)]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=30)
        assert json.loads(done.stdout) == {"refused": "not_allowed"}
    assert not running.place.image.exists()


def test_words_that_are_no_request_are_refused(running: Running) -> None:
    for words in (b"\n", b"GET / HTTP/1.1\r\n", b"{}\n", b"x" * 5000):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(15)
            connection.connect(str(running.socket))
            connection.sendall(words)
            assert json.loads(connection.makefile().readline()) == {"refused": "bad_request"}


def test_it_has_no_network_and_four_capabilities(running: Running) -> None:
    pid = running.process.pid
    status = Path(f"/proc/{pid}/status").read_text()
    chown, dac_override, fowner, sys_admin = 1 << 0, 1 << 1, 1 << 3, 1 << 21
    for name in ("CapPrm", "CapEff", "CapBnd"):
        (held,) = re.findall(rf"{name}:\t(\w+)", status)
        assert int(held, 16) == chown | dac_override | fowner | sys_admin
    assert "NoNewPrivs:\t1" in status
    assert Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    assert Path(f"/proc/{pid}/ns/mnt").readlink() == Path("/proc/self/ns/mnt").readlink()
    devices = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in devices] == ["lo"]


def test_a_second_process_waits_for_the_first(running: Running) -> None:
    second = start(running.place)
    try:
        time.sleep(1.5)
        assert second.poll() is None
        assert running.answers()
    finally:
        second.kill()
        second.wait(5)
    assert running.answers()


def test_opening_costs_little(running: Running) -> None:
    """Spawn time is what people wait for: a disk that exists, and one that has to be made, of the policy's size."""
    key = os.urandom(32)
    took: dict[str, list[float]] = {"new": [], "old": [], "close": []}
    for count in range(5):
        wid = f"{count:012x}"
        top = running.place.home / "workspaces" / wid
        (top / "work").mkdir(parents=True)
        (top / ".number").write_text(str(90_000 + count))
        for name in ("new", "old"):
            took[name].append(timed(partial(running.client.open, wid, 90_000 + count, key)))
            took["close"].append(timed(partial(running.client.close, wid)))
    shown = {name: [round(1000 * t, 1) for t in times] for name, times in took.items()}
    assert sorted(took["old"])[2] < 0.06, shown
    assert sorted(took["new"])[2] < 0.3, shown


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
