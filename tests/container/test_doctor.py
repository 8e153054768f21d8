"""``enclave doctor`` over a running home: green when it is well, and red by name for each thing broken."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.adapters.stale_tables import StaleTables
from catalog.optouts import Stale
from enclave.adapters import tables
from hub.host_baseline import excepted_here
from hub.host_facts import read_host
from tests.support.hub_home import ROOT
from tests.support.hub_running import RunningHub, until

pytestmark = pytest.mark.timeout(400)
HELD = {"process portal", "process matcher"}
"""What this home does not run."""


def doctor(hub: RunningHub, *words: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", "doctor", "--json", *words],
        cwd=ROOT, env=hub.environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module", autouse=True)
def recorder(hub: RunningHub) -> Iterator[None]:
    """The recorder too, and modes as the set-up leaves them."""
    hub.start("recorder")
    until((hub.settings.checkpoints / "latest.note").exists, 30)
    hub.start("worker")
    for name in ("intake", "recorder", "sweeper", "worker"):
        until(hub.settings.beat(name).exists, 30)
    (hub.settings.enclave_home / "hub" / "crypt.key").write_text("0" * 64)
    for name in ("keys", "workspaces"):
        (hub.settings.enclave_home / name).chmod(0o750)
    for name in ("hub/crypt.key", "hub/proxy.token", "keys/master.key", "run/portal/secrets/portal-client"):
        (hub.settings.enclave_home / name).chmod(0o600)
    yield
    hub.end("recorder")
    hub.end("worker")


def red(hub: RunningHub) -> set[str]:
    """What is red besides what this home does not run; owners are the set-up's and not this home's."""
    _, report = doctor(hub)
    owners = {c["name"] for c in report["checks"] if c["seen"]["en"].startswith("belongs to")}
    return {c["name"] for c in report["checks"] if c["state"] == "red"} - HELD - owners


def test_a_home_that_is_well_has_nothing_red(hub: RunningHub) -> None:
    assert red(hub) == set()


def test_every_exception_of_the_policies_is_shown_and_none_is_needless(hub: RunningHub) -> None:
    _, report = doctor(hub)
    excepted = {c["name"] for c in report["checks"] if c["state"] == "excepted"}
    assert excepted == {part.value for part in excepted_here(read_host())} == set(report["exceptions_needed"])
    for check in report["checks"]:
        assert check["seen"]["ja"]
        assert check["seen"]["en"]
        assert check["do"] is not None or check["state"] == "green"


@contextmanager
def changed(path: Path, change: Callable[[Path], object]) -> Iterator[None]:
    before, mode = path.read_bytes(), path.stat().st_mode
    try:
        change(path)
        yield
    finally:
        path.write_bytes(before)
        path.chmod(mode)


BROKEN: dict[str, tuple[str, Callable[[Path], object]]] = {
    "keys/master.key": ("keys/master.key", lambda p: p.chmod(0o644)),
    "hub/cookie_secret": ("hub/cookie_secret", lambda p: p.chmod(0o640)),
    "images": ("images.json", lambda p: p.write_text(re.sub("[0-9a-f]{64}", "0" * 64, p.read_text()))),
    "policies": ("policies/sessions.yaml", lambda p: p.write_text(p.read_text() + "x: {y: 1}\n")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_red_by_name(hub: RunningHub, name: str) -> None:
    path, change = BROKEN[name]
    with changed(hub.settings.enclave_home / path, change):
        assert name in red(hub)
        assert doctor(hub)[0] == 1
    assert name not in red(hub)


@pytest.mark.parametrize("name", ["gate", "intake", "recorder", "sweeper", "worker"])
def test_a_dead_process_is_red_by_name(hub: RunningHub, name: str) -> None:
    hub.end(name, signal.SIGKILL)
    try:
        if name != "gate":  # instead of waiting until its last sign is old
            os.utime(hub.settings.beat(name), (1, 1))
        assert red(hub) == {f"process {name}"}
    finally:
        hub.start(name)
        until(lambda: f"process {name}" not in red(hub), 30, 0.5)


def test_a_tampered_ledger_is_red(hub: RunningHub) -> None:
    leaf = tables.ledger_leaf
    with hub.foundation.database.engine.begin() as connection:
        before = connection.execute(leaf.select().where(leaf.c.n == 2)).one().data
        changed_leaf = before.replace(b'"facts"', b'"Facts"')
        connection.execute(leaf.update().where(leaf.c.n == 2).values(data=changed_leaf))
    try:
        assert "ledger" in red(hub)
    finally:
        with hub.foundation.database.engine.begin() as connection:
            connection.execute(leaf.update().where(leaf.c.n == 2).values(data=before))


def test_an_extract_that_was_not_rebuilt_after_an_opt_out_is_red(hub: RunningHub) -> None:
    with hub.foundation.database.begin() as work:
        month_ago = work.now - timedelta(days=30)
        StaleTables(work.connection).put(Stale("p-a", "v1", month_ago, work.now))
    try:
        assert "opt-outs" in red(hub)
    finally:
        with hub.foundation.database.begin() as work:
            StaleTables(work.connection).clear("p-a", ["v1"])
    assert "opt-outs" not in red(hub)


def test_the_report_holds_no_secret(hub: RunningHub) -> None:
    text = json.dumps(doctor(hub)[1])
    for path in ("hub/proxy.token", "run/portal/secrets/portal-client", "hub/crypt.key"):
        assert (hub.settings.enclave_home / path).read_text().strip() not in text
    assert hub.settings.enclave_home.name not in text


def test_an_exception_that_this_machine_does_not_need_is_red(hub: RunningHub) -> None:
    path = hub.settings.policies / "exceptions.yaml"
    unneeded = {"core_pattern": {"reason": "r", "source": "s"}}
    if "core_pattern" in {part.value for part in excepted_here(read_host())}:
        unneeded = {"fscrypt": {"reason": "r", "source": "s"}}
    with changed(path, lambda p: p.write_text(json.dumps({"exceptions": unneeded}))):
        assert set(unneeded) <= red(hub)


def test_without_exceptions_this_machine_starts_nothing_or_needs_none(hub: RunningHub) -> None:
    """The refusal, for real: the exceptions are taken away and a start is asked for."""
    path = hub.settings.policies / "exceptions.yaml"
    lacking = excepted_here(read_host())
    with changed(path, lambda p: p.write_text('{"exceptions": {}}')):
        answer = hub.person("mei").enter("p-a")
    assert answer.status_code == 403
    codes = hub.events("workspace.refused")[-1]["facts"]["codes"]
    assert [c for c in codes if c.startswith("host_")] == [f"host_{part.value}" for part in lacking]
