"""Each process has its own uid, and each uid tries every other's files and sockets.

The table says who may open a place; everyone else must fail, and that is tried for real by
becoming that user. The gate's process has capabilities beyond its uid; they are named here.
"""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from tests.support.product import Product

USERS = ("hub", "gate", "portal", "intake", "worker", "recorder", "producer")
STATE = frozenset({"hub", "portal", "intake", "worker", "recorder", "producer"})
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
    ("enclave", "readers", frozenset({"worker"})),
    ("enclave", "run/proxy", frozenset({"hub"})),
    ("enclave", "run/portal/secrets/portal-client", STATE),
    ("enclave", "hub", frozenset({"hub"})),
    ("enclave", "hub/cookie_secret", frozenset({"hub"})),
    ("producer", "", frozenset({"producer"})),
    ("producer", "source.duckdb", frozenset({"producer"})),
    ("producer", "keys", frozenset({"producer"})),
    ("docker", "/var/run/docker.sock", frozenset({"gate"})),
)


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
    seen = next(Path("/run/hanare").glob("*"), None) if zone != "docker" else None
    through = seen / path.relative_to(Path(__file__).resolve().parents[2]) if seen else path
    assert {user for user in USERS if can_open(user, through)} == allowed


def test_each_process_runs_as_its_own_user(product: Product) -> None:
    if os.geteuid() != 0:
        pytest.fail(
            "this test needs root: without it all processes share one user, which set-up calls demo strength"
        )
    wanted = {
        f"hub.processes\0{name}": f"hanare-{name}"
        for name in ("gate", "recorder", "intake", "worker", "portal")
    }
    wanted["jupyterhub\0-f"] = "hanare-hub"
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


def test_only_the_gate_keeps_capabilities(product: Product) -> None:
    kept: dict[str, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            status = dict(
                line.split(":\t", 1) for line in (entry / "status").read_text().splitlines() if ":\t" in line
            )
            owner = pwd.getpwuid(int(status["Uid"].split()[1])).pw_name
        except (OSError, KeyError):
            continue
        if owner.startswith("hanare-"):
            kept[owner] = kept.get(owner, 0) | int(status["CapEff"], 16)
    chown, dac_override, fowner = 1 << 0, 1 << 1, 1 << 3
    assert kept.pop("hanare-gate") == chown | dac_override | fowner
    assert set(kept.values()) == {0}
    assert product.project
