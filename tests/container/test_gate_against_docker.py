"""The gate with the real engine behind it: taken over whole, the hub starts nothing but a plan."""

import copy
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.errors import APIError

from enclave.errors import UnavailableError
from enclave.settings import Settings
from hub import isolation
from hub.sessions import ContainerPlan, Session, plan_desk, plan_kernel, plan_reader
from hub.sessions_house import House, Users
from hub.workspaces_gate import GateClient
from tests.support.hub_home import running_gate

NOBODY = 65534
TOKEN = "0123456789abcdef0123456789abcdef"
SESSION = Session("mei", "p-a", 3, "v1.duckdb", TOKEN)


@pytest.fixture
def house(home: Settings) -> Iterator[House]:
    """The house of a home whose gate runs; both hub and worker are the user of the tests."""
    (home.extracts / "p-a").mkdir(parents=True)
    (home.extracts / "p-a" / "v1.duckdb").write_bytes(b"x")
    (home.intake_sockets / SESSION.wid).mkdir(mode=0o711)
    with running_gate(home) as files:
        yield files.get_house()


@pytest.fixture
def gate(home: Settings, house: House) -> GateClient:
    client = GateClient(home.gate_socket)
    client.make_folders(SESSION.wid, SESSION.number)
    return client


def refusal(gate: GateClient, name: str, body: dict[str, Any]) -> int:
    with pytest.raises(APIError) as refused:
        gate.api.create_container_from_config(body, name)
    assert refused.value.status_code is not None
    return refused.value.status_code


def test_a_desk_and_a_kernel_start_as_planned_and_are_what_was_planned(
    gate: GateClient, house: House
) -> None:
    for plan in (plan_desk(house, SESSION), plan_kernel(house, SESSION)):
        gate.create(plan)
        gate.start(plan.name)
        report = gate.inspect(plan.name)
        assert report is not None
        assert (
            isolation.shortfalls(report, house.images.all, house.places.home, apparmor=house.apparmor) == ()
        )
        assert isolation.differences(plan.body, report) == ()
        assert (plan.name, SESSION.wid) in gate.workspace_containers()
        gate.remove(plan.name)
        assert gate.inspect(plan.name) is None


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "privileged": lambda b: b["HostConfig"].__setitem__("Privileged", True),
    "another image": lambda b: b.__setitem__(
        "Image", b["Image"][:-1] + ("0" if b["Image"][-1] != "0" else "1")
    ),
    "an image by name": lambda b: b.__setitem__("Image", "hanare/kernel:local"),
    "a bind of the host": lambda b: b["HostConfig"].__setitem__("Binds", ["/:/host:rw"]),
    "docker's socket": lambda b: b["HostConfig"]["Mounts"].append(
        {"Type": "bind", "Source": "/var/run/docker.sock", "Target": "/run/docker.sock"}
    ),
    "another network": lambda b: b["HostConfig"].__setitem__("NetworkMode", "bridge"),
    "the host's network": lambda b: b["HostConfig"].__setitem__("NetworkMode", "host"),
    "root": lambda b: b.__setitem__("User", "0:0"),
    "a capability": lambda b: b["HostConfig"].__setitem__("CapAdd", ["NET_ADMIN"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_hub_cannot_create_anything_else(gate: GateClient, house: House, change: str) -> None:
    for plan in (plan_desk(house, SESSION), plan_kernel(house, SESSION)):
        body = copy.deepcopy(dict(plan.body))
        CHANGES[change](body)
        assert refusal(gate, plan.name, body) == 403
    assert gate.workspace_containers() == ()


def test_the_engine_itself_would_have_done_it(house: House) -> None:
    """The control is the gate: Docker creates the very same body without a word."""
    body = copy.deepcopy(dict(plan_kernel(house, SESSION).body))
    body["HostConfig"] = {"Privileged": True, "NetworkMode": "host"}
    body["Labels"] = {}
    engine: Any = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    made = engine.create_container_from_config(body, "hanare-control-off")
    engine.remove_container(made["Id"], force=True)
    engine.close()


def test_a_container_of_somebody_else_cannot_be_touched(gate: GateClient, house: House) -> None:
    engine: Any = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    made = engine.create_container(house.images.reader, name="somebody-elses", command=["true"])
    try:
        for target in (made["Id"], made["Id"][:12], "somebody-elses"):
            for act in ("start", "kill", "inspect_container", "remove_container"):
                with pytest.raises(APIError):
                    getattr(gate.api, act)(target)
        assert engine.inspect_container(made["Id"])["State"]["Status"] == "created"
    finally:
        engine.remove_container(made["Id"], force=True)
        engine.close()


def test_the_worker_cannot_start_a_desk_nor_the_hub_a_reader(home: Settings, house: House) -> None:
    me = os.getuid()
    job = home.readers / "job-1"
    for name in ("in", "out"):
        (job / name).mkdir(parents=True)
    reader = plan_reader(house, "job-1")
    desk = plan_desk(house, SESSION)
    for users, allowed, refused in (
        (Users(hub=NOBODY, worker=me, shared=house.users.shared), reader, desk),
        (Users(hub=me, worker=NOBODY, shared=house.users.shared), None, reader),
    ):
        home.gate_socket.unlink()
        with running_gate(home, users):
            client = GateClient(home.gate_socket)
            assert refusal(client, refused.name, dict(refused.body)) == 403
            if isinstance(allowed, ContainerPlan):
                client.create(allowed)
                client.remove(allowed.name)


def test_the_sweeper_ends_what_the_hub_began_and_begins_nothing(
    home: Settings, gate: GateClient, house: House
) -> None:
    plan = plan_kernel(house, SESSION)
    gate.create(plan)
    gate.start(plan.name)
    home.gate_socket.unlink()
    me = os.getuid()
    with running_gate(home, Users(hub=NOBODY, worker=NOBODY, sweeper=me, shared=house.users.shared)):
        sweeper = GateClient(home.gate_socket)
        assert (plan.name, SESSION.wid) in sweeper.workspace_containers()
        assert sweeper.running(plan.name)
        with pytest.raises(UnavailableError):
            sweeper.make_folders(SESSION.wid, SESSION.number)
        sweeper.api.kill(plan.name)
        with pytest.raises(APIError):
            sweeper.api.start(plan.name)
        sweeper.remove(plan.name)
        assert sweeper.workspace_containers() == ()
        assert refusal(sweeper, plan.name, dict(plan.body)) == 403
        sweeper.remove_run_folders(SESSION.wid)
        assert not (home.workspaces / SESSION.wid / "b").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="speaking as another user takes root")
def test_an_unknown_user_gets_403_and_cannot_read_dockers_socket(home: Settings, house: House) -> None:
    """Asked by a real process of another uid: the kernel says who it is, not the request."""
    program = (
        "import os,socket,sys;os.setgroups([]);os.setgid(65534);os.setuid(65534);"
        "s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1]);"
        "s.sendall(b'GET /_ping HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n');"
        "print(s.makefile().readline().strip())\n"
        "try: socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock'); print('open')\n"
        "except PermissionError: print('closed')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(home.gate_socket)],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stdout.split("\n")[:2] == ["HTTP/1.1 403 Forbidden", "closed"]


def test_dockers_socket_is_closed_to_others() -> None:
    assert not Path("/var/run/docker.sock").stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)


def test_two_workspaces_cannot_have_one_number(gate: GateClient, home: Settings, house: House) -> None:
    with pytest.raises(UnavailableError):
        gate.make_folders("0" * 12, SESSION.number)
    other = Session("rin", "p-b", SESSION.number, None, TOKEN)
    assert refusal(gate, plan_kernel(house, other).name, dict(plan_kernel(house, other).body)) == 409


def test_folders_have_their_owners_and_work_is_kept(gate: GateClient, home: Settings, house: House) -> None:
    top = home.workspaces / SESSION.wid
    (top / "work" / "kept.txt").write_text("x")
    (top / "web" / "s.sock").write_text("stale")
    gate.make_folders(SESSION.wid, SESSION.number)
    assert (top / "work" / "kept.txt").exists()
    assert not (top / "web" / "s.sock").exists()
    desk, kernel, group = house.users.of_workspace(SESSION.number)
    found = {
        n: ((top / n).stat().st_uid, (top / n).stat().st_gid, oct((top / n).stat().st_mode & 0o7777))
        for n in ("web", "b", "work")
    }
    assert found == {
        "web": (desk, group, "0o755"),
        "b": (kernel, group, "0o755"),
        "work": (kernel, group, "0o2770"),
    }
    gate.remove_run_folders(SESSION.wid)
    assert sorted(p.name for p in top.iterdir() if not p.name.startswith(".")) == ["work"]


def raw(path: Path, request: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(str(path))
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "framing",
    [
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 99999999\r\n",
    ],
)
def test_a_body_that_two_programs_could_read_differently_is_refused(
    home: Settings, house: House, framing: bytes
) -> None:
    answer = raw(
        home.gate_socket,
        b"POST /containers/create?name=x HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n0\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_refusals_speak_dockers_language(home: Settings, house: House) -> None:
    answer = raw(home.gate_socket, b"GET /info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 403")
    assert set(json.loads(body)) == {"message"}
