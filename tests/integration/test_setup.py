"""Set-up on a real machine: users, owners, mounts, a real supervisor.

What needs root says so when it is skipped. Programs of the operating system that a test must not run for real
(package manager, engine) are stood in for by small scripts on the PATH.
"""

import configparser
import os
import re
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup import (
    debian_image,
    engine,
    environment,
    mounts,
    packages,
    programs,
    supervision,
    zones,
)
from setup.console import SetupError
from setup.places import Places, check_paths, find, mount_point

AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="users, owners and mounts are made as root")


def as_user(user: str, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
    become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
    return subprocess.run([*become, *map(str, command)], capture_output=True, check=False, cwd="/")


def places_in(root: Path, *, as_root: bool) -> Places:
    return find(root, {}, as_root=as_root)


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Places]:
    """A clone in a private folder whose name has capitals, mounted where services see it."""
    root = tmp_path / "Private" / "CLONE"
    root.mkdir(parents=True)
    (root / "module.py").write_text("VALUE = 1\n")
    (root / "module.py").chmod(0o600)
    (tmp_path / "Private").chmod(0o700)
    root.chmod(0o700)
    places = places_in(root, as_root=True)
    yield places
    mounts.unmount(places)


# ---------------------------------------------------------------- the clone where services can reach it


@needs_root
def test_a_service_user_reads_the_code_of_a_clone_in_a_private_folder(clone: Places) -> None:
    zones.make_users()
    assert as_user(zones.HUB, "cat", clone.root / "module.py").returncode != 0
    mounts.open_for_reading(clone.root)
    assert mounts.mount(clone)
    assert as_user(zones.HUB, "cat", clone.seen / "module.py").stdout == b"VALUE = 1\n"
    assert as_user(zones.HUB, "cat", clone.root / "module.py").returncode != 0


@needs_root
def test_the_mount_is_made_once_and_made_again_when_the_clone_was_replaced(clone: Places) -> None:
    assert mounts.mount(clone)
    assert not mounts.mount(clone)
    clone.root.rename(clone.root.with_name("OLD"))
    clone.root.mkdir()
    (clone.root / "new").touch()
    assert not mounts.mounted(clone)
    assert mounts.mount(clone)
    assert (clone.seen / "new").exists()
    mounts.unmount(clone)
    assert not clone.seen.exists()


def test_opening_the_code_never_opens_the_state(tmp_path: Path) -> None:
    secret = tmp_path / "var" / "enclave" / "keys" / "master.key"
    code = tmp_path / "hub" / "module.py"
    for file in (secret, code):
        file.parent.mkdir(parents=True)
        file.touch(mode=0o600)
        file.parent.chmod(0o700)
    mounts.open_for_reading(tmp_path)
    assert stat.S_IMODE(code.stat().st_mode) == 0o644
    assert stat.S_IMODE(code.parent.stat().st_mode) == 0o755
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700


def test_as_root_every_socket_path_is_short_and_lower_case_wherever_the_clone_lies() -> None:
    root = Path("/home") / ("Very" * 30) / "Deep"
    places = places_in(root, as_root=True)
    check_paths(places)
    assert places.enclave_home == mount_point(root) / "var" / "enclave"
    assert places.enclave_home != mount_point(root.parent) / "var" / "enclave"


@pytest.mark.parametrize("root", ["/srv/Capital", "/srv/" + "long/" * 20 + "clone"])
def test_without_root_a_path_that_no_socket_fits_is_refused(root: str) -> None:
    check_paths(places_in(Path("/srv/hanare"), as_root=False))
    with pytest.raises(SetupError, match="ENCLAVE_HOME"):
        check_paths(places_in(Path(root), as_root=False))


# ---------------------------------------------------------------- users, owners, secrets


def test_no_folder_of_the_table_can_be_written_by_everyone() -> None:
    for row in (*zones.ENCLAVE, *zones.PRODUCER_ZONE):
        assert not row.mode & 0o002, row.path
        assert not (row.files or 0) & 0o002, row.path


def test_every_process_is_its_own_user_and_the_gate_is_in_no_group_of_state() -> None:
    users = [program.user for program in programs.PROGRAMS]
    assert len(users) == len(set(users))
    assert zones.PRODUCER not in users
    assert all(zones.GATE not in members for members in zones.MEMBERS.values())
    assert zones.HUB not in zones.MEMBERS[zones.VAULT]


@needs_root
def test_owners_and_modes_are_as_the_table_says_and_are_put_right_again(clone: Places) -> None:
    mounts.open_for_reading(clone.root)
    mounts.mount(clone)
    zones.ensure(clone)
    stray = clone.enclave_home / "extracts" / "project" / "1.duckdb"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    (clone.enclave_home / "recorder").chmod(0o777)
    assert zones.make_users() == 0
    assert zones.make_secrets(clone) == 0
    zones.make_folders(clone)
    for home, table in ((clone.enclave_home, zones.ENCLAVE), (clone.producer_home, zones.PRODUCER_ZONE)):
        for row in table:
            folder = home / row.path
            found = (folder.owner(), folder.group(), stat.S_IMODE(folder.stat().st_mode))
            assert found == (row.owner, row.group, row.mode), row.path
    assert (stray.owner(), stat.S_IMODE(stray.stat().st_mode)) == (zones.PRODUCER, 0o644)
    assert (stray.parent.owner(), stat.S_IMODE(stray.parent.stat().st_mode)) == (zones.PRODUCER, 0o2750)


@needs_root
def test_each_user_reads_its_own_secrets_and_nobody_elses(clone: Places) -> None:
    mounts.open_for_reading(clone.root)
    mounts.mount(clone)
    zones.ensure(clone)
    (clone.enclave_home / "recorder" / "checkpoint.key").write_bytes(b"k" * 32)
    (clone.enclave_home / "vault" / "file").write_bytes(b"v")
    (clone.enclave_home / "extracts" / "e.duckdb").write_bytes(b"e")
    (clone.producer_home / "source.duckdb").write_bytes(b"s")
    zones.make_folders(clone)
    state = set(zones.MEMBERS[zones.STATE])
    readers = {
        clone.enclave_home / "keys" / "master.key": state,
        clone.enclave_home / "state" / "enclave.sqlite": state,
        clone.enclave_home / "run" / "portal" / "secrets" / "portal-client": state,
        clone.enclave_home / "extracts" / "e.duckdb": state,
        clone.enclave_home / "vault" / "file": {zones.PORTAL, zones.INTAKE, zones.WORKER},
        clone.enclave_home / "recorder" / "checkpoint.key": {zones.RECORDER},
        clone.enclave_home / "hub" / "cookie_secret": {zones.HUB},
        clone.enclave_home / "hub" / "crypt.key": {zones.HUB},
        clone.producer_home / "source.duckdb": {zones.PRODUCER},
    }
    for file, allowed in readers.items():
        can = {user for user in zones.USERS if as_user(user, "cat", file).returncode == 0}
        assert can == allowed, file


def test_secrets_differ_between_homes_and_stay_within_one(tmp_path: Path) -> None:
    homes = [places_in(tmp_path / name, as_root=False) for name in ("one", "two")]
    for places in homes:
        zones.make_folders(places)
        assert zones.make_secrets(places) == len(zones.SECRETS)
        assert zones.make_secrets(places) == 0
    for path, kind in zones.SECRETS:
        one, two = ((places.enclave_home / path).read_bytes() for places in homes)
        assert one != two
        assert len(one) == (32 if kind == "bytes" else 64)
        assert not (homes[0].enclave_home / path).stat().st_mode & 0o007


def test_without_root_the_zones_say_demo_strength(tmp_path: Path) -> None:
    assert "demo strength" in zones.ensure(places_in(tmp_path, as_root=False))


# ---------------------------------------------------------------- the supervisor


def test_a_program_is_told_where_things_are_and_no_secret() -> None:
    places = places_in(Path("/srv/hanare"), as_root=True)
    text = programs.configuration(places)
    parsed = configparser.RawConfigParser()
    parsed.read_string(text)
    for program in programs.PROGRAMS:
        given = parsed[f"program:{program.name}"]["environment"]
        names = re.findall(r'(\w+)="', given)
        extra = {"HANARE_NODE", "HANARE_CHP"} if program.name == "hub" else set()
        assert set(names) == {*programs.shared_environment(places), "HOME", *extra}
        assert not re.search(r"SECRET|TOKEN|PASSWORD|_KEY", given)
        assert parsed[f"program:{program.name}"]["autorestart"] == "true"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


SERVER = """
import http.server, os, sys, time
name = sys.argv[1] if len(sys.argv) == 2 else "hub"
port = {"hub": %d, "portal": %d}.get(name)
if name == os.environ.get("STAND_IN_FAILS") or os.path.exists(os.environ["ENCLAVE_HOME"] + "/fails-" + name):
    sys.exit("stand-in: " + name + " has nothing to run on")
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words):
        pass
if port:
    http.server.HTTPServer(("127.0.0.1", port), Page).serve_forever()
time.sleep(600)
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """A clone whose six programs are stand-ins, under the real supervisor, on ports of its own."""
    root = Path(os.path.realpath(tmp_path)) / "house"
    hub, portal = free_port(), free_port()
    for package, module in (("hub", "processes"), ("jupyterhub", "__main__")):
        (root / package).mkdir(parents=True)
        (root / package / "__init__.py").touch()
        (root / package / f"{module}.py").write_text(SERVER % (hub, portal))
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (root / ".venv" / "bin" / "python").chmod(0o755)
    places = Places(root, root, root / "var" / "enclave", root / "var" / "producer", as_root=False)
    monkeypatch.setattr(supervision, "HUB", ("127.0.0.1", hub, "/", f"127.0.0.1:{hub}"))
    monkeypatch.setattr(supervision, "PORTAL", ("127.0.0.1", portal, "/", f"localhost:{portal}"))
    zones.ensure(places)
    yield places
    supervision.stop(places)


def children_of(pid: int) -> set[int]:
    return supervision._children({pid}) - {pid}


def test_up_starts_six_programs_once_and_down_leaves_none(house: Places) -> None:
    supervision.start(house)
    first = supervision.supervisor_pid(house)
    assert first is not None
    assert set(supervision.states(house).values()) == {"RUNNING"}
    programs_running = children_of(first)
    assert len(programs_running) == len(programs.supervised(house))
    supervision.start(house)
    assert supervision.supervisor_pid(house) == first
    supervision.stop(house)
    assert supervision.supervisor_pid(house) is None
    assert not any(supervision._alive(pid) for pid in {first, *programs_running})
    assert not supervision.port_taken(supervision.HUB[1])


def test_a_killed_program_comes_back(house: Places) -> None:
    supervision.start(house)
    pid = supervision.supervisor_pid(house)
    assert pid is not None
    before = children_of(pid)
    killed = min(before)
    os.kill(killed, 9)
    until, now = time.monotonic() + 20, before
    while time.monotonic() < until and (killed in now or len(now) < len(before)):
        time.sleep(0.1)
        now = children_of(pid)
    assert killed not in now
    assert len(now) == len(before)


def test_up_names_the_program_that_failed_and_shows_its_log(house: Places) -> None:
    (house.enclave_home / "fails-worker").touch()
    with pytest.raises(SetupError, match="worker does not stay up") as failed:
        supervision.start(house)
    assert "stand-in: worker has nothing to run on" in failed.value.detail
    assert supervision.supervisor_pid(house) is None


def test_up_says_which_port_is_taken_and_starts_nothing(house: Places) -> None:
    port = supervision.PORTAL[1]
    with socket.create_server(("127.0.0.1", port)), pytest.raises(SetupError, match=f"Port {port} is taken"):
        supervision.start(house)
    assert supervision.supervisor_pid(house) is None


def test_down_removes_this_homes_containers_and_no_other_clones(house: Places, tmp_path: Path) -> None:
    made = {}
    for name, folder in (
        ("ours", house.enclave_home / "workspaces"),
        ("theirs", tmp_path / "other" / "workspaces"),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        command = ["docker", "create", "--network", "none", "--label", "hanare.workspace=0123456789ab"]
        words = [*command, "--volume", f"{folder}:/work", debian_image.COMMON.tag, "true"]
        made[name] = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    try:
        supervision.stop(house)
        left = subprocess.run(
            ["docker", "ps", "--all", "--quiet", "--no-trunc"], check=True, capture_output=True, text=True
        )
        assert made["ours"] not in left.stdout
        assert made["theirs"] in left.stdout
    finally:
        subprocess.run(["docker", "rm", "--force", *made.values()], check=False, capture_output=True)


# ---------------------------------------------------------------- the machine


def script(folder: Path, name: str, body: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_an_engine_that_does_not_answer_is_started_and_its_log_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, started = tmp_path / "bin", tmp_path / "started"
    script(tools, "docker", f"test -e {started} && echo 20.10 overlay2")
    script(tools, "dockerd", f"echo engine speaks; touch {started}")
    script(tools, "iptables", "true")
    script(tools, "systemctl", "exit 1")
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    log = tmp_path / "var" / "dockerd.log"
    assert "started by us" in engine.ensure(log, as_root=True)
    assert log.read_text() == "engine speaks\n"
    assert engine.ensure(log, as_root=True).startswith("answers")


def test_without_root_and_without_an_engine_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "bin", "docker", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    with pytest.raises(SetupError, match=r"install docker\.io") as refused:
        engine.ensure(tmp_path / "log", as_root=False)
    assert "docker.io" in refused.value.ja


def test_only_missing_packages_are_installed_after_one_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    script(tmp_path / "bin", "apt-get", f'echo "$@" >> {calls}')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    needs = (packages.Need("there", lambda: True), packages.Need("absent", lambda: False))
    packages.install(packages.missing(needs), as_root=True)
    assert calls.read_text().splitlines() == ["update -q", "install -q -y --no-install-recommends absent"]
    calls.unlink()
    packages.install([], as_root=True)
    assert not calls.exists()
    with pytest.raises(SetupError, match="absent"):
        packages.install(["absent"], as_root=False)
    assert not calls.exists()


def test_an_interpreter_in_a_private_home_is_not_chosen_for_service_users(tmp_path: Path) -> None:
    private = tmp_path / "home" / "python3"
    private.parent.mkdir(mode=0o700)
    private.symlink_to("/usr/bin/env")
    hidden = tmp_path / "home" / "bin"
    script(hidden, "python3", "echo True")
    assert not environment.everyone_can_execute(hidden / "python3")
    with pytest.raises(SetupError, match="newer with its venv"):
        environment.base_python([str(hidden / "python3")], as_root=True)
    assert environment.base_python([str(hidden / "python3")], as_root=False) == hidden / "python3"
