"""/work as a researcher has it: a disk of its own, full when it is full, empty for everybody else.

Everything through the hub and from inside a kernel, with the disks process confined as the
set-up confines it. What that process answers to whom is in test_disks_process.
"""

import argparse
import asyncio
import io
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import docker
import pytest

from enclave.adapters.workspace_tables import WorkspaceState, WorkspaceTables
from enclave.errors import ConflictError, DeniedError, EnclaveError
from enclave.identity import Role
from enclave.people import Account, AccountState
from enclave.use_cases.sign_in import SecondFactor
from hub import workspaces_cli
from hub.disks import key_purpose
from hub.disks_client import DisksClient
from hub.disks_kernel import loops_of, mounts
from hub.sessions_house import workspace_id
from hub.workspaces_end import Turns
from hub.workspaces_erasure import Eraser
from tests.support.disks import SMALL
from tests.support.hub_disks import small_disks
from tests.support.hub_running import Browser, Kernel, RunningHub, running_hub, until

pytestmark = [
    pytest.mark.skipif(os.getuid() != 0, reason="only root can mount"),
    pytest.mark.timeout(400),
]
PLANTED = "planted-5d0c6f19-in-the-open"
WID, NEIGHBOUR = workspace_id("mei", "p-a"), workspace_id("rin", "p-a")
FILL = """
import errno, os
try:
    with open('/work/big', 'wb', buffering=0) as big:
        while True:
            big.write(os.urandom(1 << 20))
except OSError as error:
    print(errno.errorcode[error.errno])
"""
FILL_INODES = """
import errno, os
os.remove('/work/big')
made = 0
try:
    while True:
        open(f'/work/f{made}', 'w').close()
        made += 1
except OSError as error:
    print(errno.errorcode[error.errno], made)
for n in range(made):
    os.remove(f'/work/f{n}')
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[RunningHub]:
    with running_hub(small_disks) as running:
        yield running


def enter(hub: RunningHub, person: str, project: str = "p-a") -> tuple[Browser, Kernel]:
    browser = hub.person(person)
    browser.enter(project)
    browser.until_ready(project)
    return browser, browser.kernel(project)


def leave(hub: RunningHub, browser: Browser, wid: str, project: str = "p-a") -> None:
    browser.leave(project)
    until(lambda: state(hub, wid) is WorkspaceState.STOPPED, 20)


def state(hub: RunningHub, wid: str) -> WorkspaceState | None:
    with hub.foundation.database.read() as work:
        found = WorkspaceTables(work.connection).find(wid)
    return None if found is None else found.state


def answers(hub: RunningHub) -> bool:
    """Whether the disks process does."""
    try:
        DisksClient(hub.settings.disks_socket).state(WID)
    except EnclaveError:
        return False
    return True


def image(hub: RunningHub, wid: str) -> Path:
    return hub.settings.disks / wid / "work.img"


def shown(hub: RunningHub) -> list[str]:
    return [m.point for m in mounts() if m.point.startswith(f"{hub.settings.enclave_home}/")]


def free_on_host(hub: RunningHub) -> int:
    now = os.statvfs(hub.settings.enclave_home)
    return now.f_bavail * now.f_frsize


def ask(kernel: Kernel, code: str, seconds: float = 60) -> str:
    status, text = kernel.run(code, seconds)
    assert status == "ok", text
    return text


def test_what_a_kernel_writes_is_ciphertext_on_the_host_and_stays(hub: RunningHub) -> None:
    mei, kernel = enter(hub, "mei")
    ask(kernel, f"open('/work/{PLANTED}.txt', 'w').write({PLANTED!r} * 1000); import os; os.sync()")
    bytes_on_host = image(hub, WID).read_bytes()
    assert PLANTED.encode() not in bytes_on_host
    point = str(hub.settings.workspaces / WID / "work")
    assert shown(hub) == [point]
    assert (Path(point) / f"{PLANTED}.txt").read_text() == PLANTED * 1000
    kernel.close()
    leave(hub, mei, WID)
    assert shown(hub) == []
    until(lambda: loops_of(image(hub, WID)) == (), 10)
    assert list(Path(point).iterdir()) == []
    mei, kernel = enter(hub, "mei")
    assert ask(kernel, f"print(open('/work/{PLANTED}.txt').read() == {PLANTED!r} * 1000)") == "True"
    kernel.close()
    made = [e for e in hub.events("key.made") if e["subject"] == WID]
    used = [e["facts"] for e in hub.events("key.used") if e["subject"] == WID]
    assert [e["facts"] for e in made] == [{"purpose": "work"}]
    assert used.count({"purpose": "work"}) == 2
    leave(hub, mei, WID)


def test_the_mount_is_the_encrypted_folder_alone_and_runs_no_programs(hub: RunningHub) -> None:
    mei, kernel = enter(hub, "mei")
    table = ask(kernel, "print(open('/proc/self/mountinfo').read())")
    (row,) = [line.split() for line in table.splitlines() if line.split()[4] == "/work"]
    assert row[3] == "/work"
    assert {"nosuid", "nodev", "noexec", "rw"} <= set(row[5].split(","))
    assert "shared:" not in " ".join(row)
    assert ask(kernel, "import os; print(sorted(os.listdir('/work')))").startswith("[")
    script = "open('/work/s.py', 'w').write('print(6 * 7)'); import subprocess, sys"
    assert (
        ask(kernel, f"{script}\nprint(subprocess.check_output([sys.executable, '/work/s.py']))") == "b'42\\n'"
    )
    program = "import os, shutil; shutil.copy('/bin/true', '/work/t'); os.chmod('/work/t', 0o755)"
    status, text = kernel.run(f"{program}\nimport subprocess; subprocess.run(['/work/t'])")
    assert (status, "PermissionError" in text) == ("error", True)
    kernel.close()
    leave(hub, mei, WID)


def test_the_key_is_nowhere_but_in_the_kernel_and_the_keyring(hub: RunningHub) -> None:
    mei, kernel = enter(hub, "mei")
    key = hub.foundation.keyring.find("p-a", key_purpose(WID))
    assert key is not None
    forms = (key, key.hex().encode())
    engine: Any = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        both = (hub.places.desk(WID), hub.places.kernel(WID))
        told = [json.dumps(engine.inspect_container(name)) for name in both]
    finally:
        engine.close()
    logs = [path.read_bytes() for path in (hub.settings.enclave_home / "logs").iterdir()]
    for process in hub.processes.values():
        logs += [Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "environ")]
    said = [*(t.encode() for t in told), *logs, image(hub, WID).read_bytes()]
    assert not [1 for text in said for form in forms if form in text]
    kernel.close()
    leave(hub, mei, WID)


def test_a_full_disk_is_the_persons_own_and_says_so(hub: RunningHub) -> None:
    mei, kernel = enter(hub, "mei")
    rin, other = enter(hub, "rin")
    before = free_on_host(hub)
    assert ask(kernel, FILL) == "ENOSPC"
    assert before - free_on_host(hub) < SMALL.bytes + (32 << 20)
    assert image(hub, WID).stat().st_blocks * 512 <= SMALL.bytes
    assert ask(other, "print(open('/work/mine', 'w').write('x' * 100000))") == "100000"
    status, text = kernel.run("open('/work/more', 'w').write('x' * 100000)")
    assert (status, "No space left on device" in text) == ("error", True)
    code, made = ask(kernel, FILL_INODES).split()
    assert code == "ENOSPC"
    assert int(made) <= SMALL.inodes
    meter = ask(kernel, "import os; s = os.statvfs('/work'); print(s.f_blocks * s.f_frsize, s.f_files)")
    size, inodes = map(int, meter.split())
    assert inodes == SMALL.inodes
    assert 0.8 * SMALL.bytes < size <= SMALL.bytes
    assert ask(kernel, "print(open('/work/again', 'w').write('x' * 100000))") == "100000"
    other.close()
    kernel.close()
    leave(hub, rin, NEIGHBOUR)
    leave(hub, mei, WID)


def test_the_kit_says_that_the_disk_is_full(hub: RunningHub) -> None:
    mei, kernel = enter(hub, "mei")
    assert ask(kernel, FILL) == "ENOSPC"
    asking = "import enclave_kit as kit; kit.request_release({'t.csv': 'a,b\\n' * 20000}, 't', 'w')"
    try:
        status, text = kernel.run(asking)
        assert status == "error", text
        assert "/work) is full" in text, text
    finally:
        ask(kernel, "import os; os.remove('/work/big')")
        kernel.close()
        leave(hub, mei, WID)


def test_what_an_older_home_kept_is_on_the_disk_after_the_first_start(hub: RunningHub) -> None:
    wid = workspace_id("mei", "p-b")
    old = hub.settings.workspaces / wid / "work" / "folder"
    old.mkdir(parents=True)
    (old / "old.txt").write_text(PLANTED)
    mei, kernel = enter(hub, "mei", "p-b")
    assert ask(kernel, "print(open('/work/folder/old.txt').read())") == PLANTED
    kernel.close()
    leave(hub, mei, wid, "p-b")
    assert list(old.parent.iterdir()) == []


def test_the_disks_process_may_die_while_people_work(hub: RunningHub) -> None:
    mei, kernel = enter(hub, "mei")
    hub.end("disks", signal.SIGKILL)
    try:
        assert ask(kernel, "print(open('/work/still', 'w').write('here'))") == "4"
        answer = hub.person("rin").enter("p-a")
        assert answer.status_code == 503
        assert "disks of workspaces cannot be reached" in answer.text
        assert state(hub, NEIGHBOUR) is not WorkspaceState.LIVE
    finally:
        hub.start("disks")
        until(partial(answers, hub), 20)
    assert ask(kernel, "print(open('/work/still').read())") == "here"
    kernel.close()
    leave(hub, mei, WID)
    until(lambda: shown(hub) == [], 20)
    until(lambda: state(hub, NEIGHBOUR) is WorkspaceState.STOPPED, 60)
    rin, kernel = enter(hub, "rin")
    kernel.close()
    leave(hub, rin, NEIGHBOUR)


def eraser(hub: RunningHub) -> Eraser:
    settings = hub.settings
    disks = DisksClient(settings.disks_socket)
    return Eraser(
        hub.foundation.database, hub.foundation.keyring, Turns(settings.turns), disks, settings.workspaces
    )


def erase(hub: RunningHub, username: str, wid: str) -> str:
    return asyncio.run(eraser(hub).erase(SecondFactor(username, datetime.now(UTC)), wid))


@pytest.fixture
def operator(hub: RunningHub) -> str:
    account = Account(
        "ota", "Ota", "univ", frozenset({Role.OPERATOR}), AccountState.ACTIVE, date(2099, 12, 31),
        datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    with hub.foundation.database.begin() as work:
        work.register.put_account(account)
    return "ota"


def test_an_erased_workspace_is_gone_with_its_key_and_on_record(hub: RunningHub, operator: str) -> None:
    rin, kernel = enter(hub, "rin")
    ask(kernel, f"open('/work/{PLANTED}', 'w').write({PLANTED!r}); import os; os.sync()")
    kept = image(hub, NEIGHBOUR).read_bytes()
    with pytest.raises(DeniedError) as caught:
        erase(hub, operator, NEIGHBOUR)
    assert caught.value.code == "still_live"
    kernel.close()
    leave(hub, rin, NEIGHBOUR)
    with pytest.raises(DeniedError):
        erase(hub, "rin", NEIGHBOUR)
    listed = io.StringIO()
    with redirect_stdout(listed):
        workspaces_cli._list(argparse.Namespace(), lambda: hub.foundation)
    (row,) = [line for line in listed.getvalue().splitlines() if NEIGHBOUR in line]
    assert re.search(rf"rin +p-a +stopped +[\d.]+/{SMALL.mebibytes} MiB, closed", row)

    assert erase(hub, operator, NEIGHBOUR) == "key"
    assert not image(hub, NEIGHBOUR).parent.exists()
    assert hub.foundation.keyring.find("p-a", key_purpose(NEIGHBOUR)) is None
    with pytest.raises(ConflictError):
        hub.foundation.keyring.make("p-a", key_purpose(NEIGHBOUR))
    assert PLANTED.encode() not in kept
    kinds = [
        e for e in hub.kinds() if e in ("workspace.erase_intended", "key.destroyed", "workspace.erase_done")
    ]
    assert kinds == ["workspace.erase_intended", "key.destroyed", "workspace.erase_done"]
    (done,) = hub.events("workspace.erase_done")
    assert (done["person"], done["subject"], done["facts"]) == (
        "ota",
        NEIGHBOUR,
        {"of": "rin", "destroyed_by": "key"},
    )

    answer = hub.person("rin").enter("p-a")
    assert answer.status_code == 409
    assert "was erased" in answer.text
    until(lambda: state(hub, NEIGHBOUR) is WorkspaceState.STOPPED, 20)
    assert not image(hub, NEIGHBOUR).exists()


def test_an_erasure_without_the_disks_process_destroys_nothing(hub: RunningHub, operator: str) -> None:
    hub.end("disks")
    try:
        with pytest.raises(EnclaveError) as caught:
            erase(hub, operator, WID)
        assert caught.value.code == "no_disks"
        assert hub.foundation.keyring.find("p-a", key_purpose(WID)) is not None
    finally:
        hub.start("disks")
        until(partial(answers, hub), 20)


def test_nothing_is_left_open_when_everybody_has_left(hub: RunningHub) -> None:
    assert shown(hub) == []
    images = list(hub.settings.disks.glob("*/work.img"))
    assert images
    until(lambda: not any(loops_of(one) for one in images), 10)
