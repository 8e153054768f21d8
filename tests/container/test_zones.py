"""Each process has its own uid, and each uid tries every other's files and sockets.

The table says who may open a place; everyone else must fail, and that is tried for real by
becoming that user. The gate's and the disks' process have capabilities beyond their uid; they are named here.
"""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from setup.places import mount_point
from tests.support.product import Product

USERS = ("hub", "gate", "portal", "intake", "worker", "recorder", "producer", "sweeper", "matcher")
STATE = frozenset({"hub", "portal", "intake", "worker", "recorder", "producer", "sweeper"})
VAULT = frozenset({"portal", "intake", "worker"})

PLACES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("enclave", "state/enclave.sqlite", STATE),
    ("enclave", "keys/master.key", STATE),
    ("enclave", "keys/projects/p-diabetes/data.key", STATE),
    ("enclave", "recorder/checkpoint.key", frozenset({"recorder"})),
    ("enclave", "recorder", frozenset({"recorder"})),
    ("enclave", "vault", VAULT),
    ("enclave", "extracts", STATE),
    ("enclave", "workspaces", frozenset({"gate", "hub"})),
    ("enclave", "disks", frozenset()),
    ("enclave", "readers", frozenset({"worker"})),
    ("enclave", "run/proxy", frozenset({"hub"})),
    ("enclave", "run/portal/secrets/portal-client", STATE),
    ("enclave", "run/turns", STATE),
    ("enclave", "hub", frozenset({"hub"})),
    ("enclave", "hub/cookie_secret", frozenset({"hub"})),
    ("producer", "", frozenset({"producer"})),
    ("producer", "source.duckdb", frozenset({"producer"})),
    ("producer", "keys", frozenset({"producer"})),
    ("producer", "matcher/own.set", frozenset({"producer", "matcher"})),
    ("producer", "matcher/own.key", frozenset({"producer", "matcher"})),
    ("producer", "asked", frozenset({"matcher"})),
    ("docker", "/var/run/docker.sock", frozenset({"gate"})),
)


ANSWERED: tuple[tuple[str, bytes, bytes, frozenset[str]], ...] = (
    (
        "run/gate/gate.sock",
        b"GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b" 200 ",
        frozenset({"hub", "worker", "sweeper"}),
    ),
    ("run/disks/disks.sock", b"{}\n", b"bad_request", frozenset({"hub", "sweeper"})),
    ("run/matcher/matcher.sock", b"{}\n", b"bad_question", frozenset({"worker"})),
)
"""Sockets that anybody may open, because the system tells their owner who asks: a question that is harmless,
what only a peer is answered, and the peers."""
ASK = """
import socket, sys
one = socket.socket(socket.AF_UNIX); one.settimeout(5); one.connect(sys.argv[1]); one.sendall(sys.stdin.buffer.read())
sys.stdout.buffer.write(one.recv(4096))
"""


ROOT = Path(__file__).resolve().parents[2]


def as_services_see(path: Path) -> Path:
    """The same place below this clone's own mount; other clones on the machine have theirs."""
    seen = mount_point(ROOT)
    return seen / path.relative_to(ROOT) if seen.is_dir() and path.is_relative_to(ROOT) else path


def can_open(user: str, path: Path) -> bool:
    """Whether this user can read the file, list the folder, or write to the socket."""
    flag = "-w" if path.is_socket() else "-r"
    test = ["setpriv", f"--reuid=hanare-{user}", f"--regid=hanare-{user}", "--init-groups", "--inh-caps=-all"]
    return subprocess.run([*test, "test", flag, str(path)], check=False).returncode == 0


@pytest.mark.parametrize(("zone", "place", "allowed"), PLACES, ids=[f"{z}:{p}" for z, p, _ in PLACES])
def test_only_who_must_can_open(product: Product, zone: str, place: str, allowed: frozenset[str]) -> None:
    home = {"enclave": product.enclave_home, "producer": product.producer_home, "docker": Path("/")}[zone]
    path = home / place.lstrip("/")
    assert path.exists()
    if os.geteuid() != 0:
        assert path.stat().st_mode & 0o007 == 0
        return
    # As services see it: the clone's own folder may be closed to them all, which would prove nothing.
    through = path if zone == "docker" else as_services_see(path)
    assert {user for user in USERS if can_open(user, through)} == allowed


def asked_as(identity: list[str], path: Path, question: bytes) -> bytes:
    """What a socket's owner answers to somebody with this uid."""
    command = ["setpriv", *identity, "--inh-caps=-all", "/usr/bin/python3", "-c", ASK, str(path)]
    return subprocess.run(command, input=question, capture_output=True, check=False, timeout=20).stdout


@pytest.mark.parametrize(("place", "question", "said", "peers"), ANSWERED, ids=[row[0] for row in ANSWERED])
def test_sockets_for_everybody_answer_their_peers_only(
    product: Product, place: str, question: bytes, said: bytes, peers: frozenset[str]
) -> None:
    if os.geteuid() != 0:
        pytest.fail("this test needs root: it becomes every user in turn")
    path = as_services_see(product.enclave_home) / place
    users = {name: [f"--reuid=hanare-{name}", f"--regid=hanare-{name}", "--init-groups"] for name in USERS}
    # A workspace's own users, and nobody: those that a researcher's code could at most become.
    users |= {
        f"uid {uid}": [f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
        for uid in (200_003, 200_004, 199_000, 65_534)
    }
    answers = {name: asked_as(identity, path, question) for name, identity in users.items()}
    assert {name for name, answer in answers.items() if said in answer} == peers, answers
    assert all(answers.values()), answers


@pytest.mark.parametrize("uid", [200_003, 200_004, 200_007, 199_000, 65_534])
def test_users_of_containers_open_nothing_of_the_house(product: Product, uid: int) -> None:
    """A desk's, a kernel's, a neighbour's and a reader's user on the host: no place of any zone."""
    if os.geteuid() != 0:
        pytest.fail("this test needs root: it becomes every user in turn")
    opened = []
    for zone, place, _ in PLACES:
        home = {"enclave": product.enclave_home, "producer": product.producer_home, "docker": Path("/")}[zone]
        path = home / place.lstrip("/")
        through = path if zone == "docker" else as_services_see(path)
        test = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--inh-caps=-all", "test"]
        flag = "-w" if path.is_socket() else "-r"
        if subprocess.run([*test, flag, str(through)], check=False).returncode == 0:
            opened.append(place)
    assert opened == []


def test_each_process_runs_as_its_own_user(product: Product) -> None:
    if os.geteuid() != 0:
        pytest.fail(
            "this test needs root: without it all processes share one user, which set-up calls demo strength"
        )
    wanted = {
        f"hub.processes\0{name}": f"hanare-{name}"
        for name in ("gate", "recorder", "intake", "worker", "portal", "sweeper", "matcher")
    }
    wanted["jupyterhub\0-f"] = "hanare-hub"
    wanted["hub.processes\0disks"] = "root"
    found: dict[str, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_text()
                owner = pwd.getpwuid(entry.stat().st_uid).pw_name
            except (OSError, KeyError):
                continue
            found.update({mark: owner for mark in wanted if mark in command})
    assert found == wanted
    assert product.project


def test_only_gate_and_disks_keep_capabilities(product: Product) -> None:
    kept: dict[str, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            status = dict(
                line.split(":\t", 1) for line in (entry / "status").read_text().splitlines() if ":\t" in line
            )
            owner = pwd.getpwuid(int(status["Uid"].split()[1])).pw_name
            command = (entry / "cmdline").read_text()
        except (OSError, KeyError):
            continue
        if "hub.processes\0disks" in command:
            owner = "hanare-disks"
        if owner.startswith("hanare-"):
            kept[owner] = kept.get(owner, 0) | int(status["CapEff"], 16)
    chown, dac_override, fowner, sys_admin = 1 << 0, 1 << 1, 1 << 3, 1 << 21
    assert kept.pop("hanare-gate") == chown | dac_override | fowner
    assert kept.pop("hanare-disks") == chown | dac_override | fowner | sys_admin
    assert set(kept.values()) == {0}
    assert product.project
