"""One live workspace, looked at from inside both containers and from the ledger.

Inside a kernel there is only ``lo``, no token in any environment or file, and no process of the
desk; inside a desk there is no extract. What each test looks for is put there first, or shown to
be findable in the place where it belongs.
"""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import docker
import pytest
import requests

from hub import isolation
from hub.sessions_house import workspace_id
from hub.workspaces_house import HouseFiles
from tests.support.hub_running import Browser, Kernel, RunningHub

WID = workspace_id("mei", "p-a")
HUNT = """
import os
def lines(path):
    try:
        with open(path, 'rb') as handle:
            return handle.read()
    except OSError:
        return b''
wanted = tuple(w[::-1] for w in {backwards!r})
found = []
for pid in filter(str.isdigit, os.listdir('/proc')):
    for name in ('environ', 'cmdline'):
        if any(w in lines(f'/proc/{{pid}}/{{name}}') for w in wanted):
            found.append((pid, name))
for top in {places!r}:
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and os.path.getsize(path) < 1 << 20 and any(w in lines(path) for w in wanted):
                found.append(path)
print(found)
"""


def hunt_for(*wanted: bytes, places: tuple[str, ...]) -> str:
    """A cell that looks for bytes; it carries them backwards, because IPython keeps what a cell said."""
    return HUNT.format(backwards=tuple(w[::-1] for w in wanted), places=places)


@pytest.fixture(scope="module")
def mei(hub: RunningHub) -> Browser:
    """Mei in her workspace."""
    browser = hub.person("mei")
    browser.enter("p-a")
    browser.until_ready("p-a")
    return browser


@pytest.fixture(scope="module")
def kernel(mei: Browser) -> Iterator[Kernel]:
    connected = mei.kernel("p-a")
    yield connected
    connected.close()


def inside(container: str, *command: str) -> str:
    """What a command says in a container, asked by the engine's owner and not by the house."""
    done = subprocess.run(
        ["docker", "exec", container, *command], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr


def inspect(name: str) -> dict[str, Any]:
    engine = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        found: dict[str, Any] = engine.inspect_container(name)
        return found
    finally:
        engine.close()


def desk_token(hub: RunningHub) -> str:
    """The desk's token, from where it belongs."""
    environment = inspect(hub.places.desk(WID))["Config"]["Env"]
    return next(str(e).split("=", 1)[1] for e in environment if e.startswith("JUPYTERHUB_API_TOKEN="))


def test_a_cell_runs_and_reads_what_is_mounted(kernel: Kernel) -> None:
    assert kernel.run("print(open('/data/extract.duckdb').read())") == ("ok", "not really an extract of p-a")


def test_a_kernel_has_no_interface_but_lo(kernel: Kernel) -> None:
    assert kernel.run("import os; print(os.listdir('/sys/class/net'))") == ("ok", "['lo']")
    status, said = kernel.run("import socket; socket.create_connection(('127.0.0.1', 8000), 2)")
    assert status == "error", said
    status, said = kernel.run("import socket; socket.getaddrinfo('example.org', 80)")
    assert status == "error", said


def test_a_kernel_finds_no_token_in_any_environment_or_file(
    hub: RunningHub, mei: Browser, kernel: Kernel
) -> None:
    secrets = [desk_token(hub), mei.page_token("p-a")]
    secrets += [
        p.read_text().strip()
        for p in (hub.settings.portal_secret_file, hub.settings.enclave_home / "hub" / "proxy.token")
    ]
    places = ("/work", "/tmp", "/run", "/etc", "/home", "/root", "/dev/shm", "/var")
    hunt = hunt_for(*(s.encode() for s in (*secrets, "JUPYTERHUB_API_")), places=places)
    assert kernel.run("open('/work/planted.txt', 'w').write('JUPYTERHUB_' + 'API_x')")[0] == "ok"
    assert kernel.run(hunt) == ("ok", "['/work/planted.txt']")
    assert kernel.run("os.remove('/work/planted.txt')")[0] == "ok"
    assert kernel.run(hunt) == ("ok", "[]")


def test_the_desk_holds_the_token_that_the_kernel_does_not(hub: RunningHub, kernel: Kernel) -> None:
    assert desk_token(hub) in inside(
        hub.places.desk(WID), "/opt/desk/bin/python", "-c", "import os; print(os.environ)"
    )


def test_a_kernel_sees_no_process_of_the_desk(hub: RunningHub, kernel: Kernel) -> None:
    program = "import os; print({open(f'/proc/{p}/status').read().split('Uid:')[1].split()[0] for p in os.listdir('/proc') if p.isdigit()})"
    users = HouseFiles.of_this_process(hub.settings).users
    desk, own, _ = users.of_workspace(hub.events("workspace.start_done")[0]["facts"]["number"])
    assert kernel.run(program) == ("ok", repr({str(own)}))
    assert own != desk or users.shared
    status, said = kernel.run(
        "print([open(f'/proc/{p}/cmdline').read() for p in os.listdir('/proc') if p.isdigit()])"
    )
    assert status == "ok"
    assert "hanare_broker" in said
    assert "jupyterhub" not in said


def test_a_kernel_has_neither_hub_nor_intake_nor_web(kernel: Kernel) -> None:
    looked = "print([os.path.exists('/run/' + n) for n in ('hub', 'intake', 'web', 'k')], sorted(os.listdir('/run/k')))"
    assert kernel.run(looked) == ("ok", "[False, False, False, True] ['b', 'rt']")
    mounted = "print(sorted(l.split()[4] for l in open('/proc/self/mountinfo') if l.split()[4][:5] in ('/run/', '/work', '/data')))"
    assert kernel.run(mounted) == ("ok", "['/data/extract.duckdb', '/run/k/b', '/run/k/rt', '/work']")


def test_a_kernel_cannot_write_its_root_nor_the_extract(kernel: Kernel) -> None:
    for path in ("/x", "/usr/x", "/data/x", "/data/extract.duckdb", "/opt/analysis/x"):
        status, said = kernel.run(f"open({path!r}, 'ab')")
        assert status == "error", (path, said)


def test_inside_a_desk_there_is_no_extract(hub: RunningHub) -> None:
    marker = "not really an extract"
    assert marker in inside(hub.places.kernel(WID), "cat", "/data/extract.duckdb")
    desk = hub.places.desk(WID)
    assert "No such file" in inside(desk, "ls", "/data")
    assert (
        inside(desk, "grep", "-rls", marker, "/work", "/run", "/tmp", "/etc", "/mnt", "/srv", "/home").strip()
        == ""
    )
    assert "extract" not in json.dumps(inspect(desk)["Mounts"])


def test_neither_container_has_a_network_and_both_are_what_was_planned(hub: RunningHub) -> None:
    house = HouseFiles.of_this_process(hub.settings).get_house()
    for name in (hub.places.desk(WID), hub.places.kernel(WID)):
        report = inspect(name)
        assert (
            isolation.shortfalls(report, house.images.all, house.places.home, apparmor=house.apparmor) == ()
        )
        assert inside(name, "ls", "/sys/class/net").split() == ["lo"]
        assert "nobody" not in inside(name, "cat", "/proc/1/status")
        assert "CapEff:\t0000000000000000" in inside(name, "cat", "/proc/1/status")
        assert "NoNewPrivs:\t1" in inside(name, "cat", "/proc/1/status")


def test_the_key_stands_in_no_inspect_document_and_no_file(hub: RunningHub, kernel: Kernel) -> None:
    key = hub.foundation.keyring.find("p-a", "data")
    assert key is not None
    for name in (hub.places.desk(WID), hub.places.kernel(WID)):
        assert key.hex() not in json.dumps(inspect(name))
    hunt = hunt_for(key, key.hex().encode(), places=("/work", "/tmp", "/run"))
    assert kernel.run(hunt) == ("ok", "[]")


def test_the_ledger_holds_what_was_started(hub: RunningHub, mei: Browser) -> None:
    (intended,), (done,) = hub.events("workspace.start_intended"), hub.events("workspace.start_done")
    assert intended["n"] < done["n"]
    house = HouseFiles.of_this_process(hub.settings).get_house()
    assert done["facts"]["image_desk"] == house.images.desk
    assert done["facts"]["image_kernel"] == house.images.kernel
    assert done["facts"]["extract"] == "v1"
    assert done["facts"]["container_desk"] == inspect(hub.places.desk(WID))["Id"]
    assert (done["person"], done["project"], done["subject"]) == ("mei", "p-a", WID)
    (body,) = hub.bodies("workspace.start_done")
    assert body["kernel"]["HostConfig"]["NetworkMode"] == "none"
    assert body["desk"]["HostConfig"]["NetworkMode"] == "none"
    assert desk_token(hub) not in json.dumps(body)
    assert "JUPYTERHUB_API_TOKEN=(removed)" in body["desk"]["Config"]["Env"]


def test_every_cell_was_recorded_before_it_ran(hub: RunningHub, kernel: Kernel) -> None:
    before = len(hub.events("cell.requested"))
    assert kernel.run("6 * 7") == ("ok", "42")
    assert len(hub.events("cell.requested")) == before + 1


def test_nobody_else_enters(hub: RunningHub, mei: Browser) -> None:
    rin = hub.person("rin")
    assert rin.get("/user/mei/p-a/lab").status_code in (403, 404)
    assert rin.get("/user/mei/p-a/api/contents").status_code in (403, 404)
    assert rin.session.post(
        f"{hub.url}/hub/spawn/mei/p-b", data={"_xsrf": rin.xsrf("/hub/")}, timeout=30
    ).status_code in (403, 404)


def test_nobody_mints_a_token_nor_becomes_administrator(hub: RunningHub, mei: Browser) -> None:
    for method, path, body in (
        ("POST", "/users/mei/tokens", {"note": "mine"}),
        ("POST", "/users/rin/tokens", {}),
        ("PATCH", "/users/mei", {"admin": True}),
        ("POST", "/users/mallory", {}),
        ("POST", "/shares/mei/p-a", {"user": "rin"}),
        ("POST", "/share-codes/mei/p-a", {}),
        ("GET", "/users", None),
        ("GET", "/proxy", None),
        ("POST", "/shutdown", {}),
        ("GET", "/services/portal", None),
    ):
        answer = mei.ask(method, f"/hub/api{path}", body)
        assert answer.status_code in (403, 404), (method, path, answer.status_code, answer.text[:200])


def test_the_hub_socket_gives_a_desk_nothing_but_its_own(hub: RunningHub) -> None:
    """The desk's token, used by somebody who took the desk over."""
    headers = {"Authorization": f"token {desk_token(hub)}"}
    own = requests.get(f"{hub.url}/hub/api/user", headers=headers, timeout=30).json()
    assert own["name"] == "mei"
    assert all("mei" in s or s.startswith("read:users:") for s in own["scopes"]), own["scopes"]
    for path in ("/users/rin", "/users", "/services", "/proxy", "/info"):
        assert requests.get(f"{hub.url}/hub/api{path}", headers=headers, timeout=30).status_code in (403, 404)
    started = requests.post(f"{hub.url}/hub/api/users/mei/servers/p-b", headers=headers, timeout=30)
    assert started.status_code in (403, 404)
