"""The end of a project in a real house: what a researcher took for themselves goes with its keys.

One story, told by a module's fixture, because it can be told once: a kernel copies rows of the
real extract to /work and hands them in, the platform refuses the upload, copies of everything
are put aside, and then ``enclave project erase`` runs while the researcher is still at work.
Each test looks at what is left.
"""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest

from catalog.adapters.erased_extracts import opened_by_any, opens_with
from catalog.cli.officers import limits_of
from catalog.inquiries import Authority
from catalog.use_cases.inquire import new_inquiry
from enclave.adapters.workspace_tables import WorkspaceState, WorkspaceTables
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError
from enclave.use_cases.sign_in import SecondFactor
from hub.disks import key_purpose
from hub.disks_kernel import loops_of, mounts
from hub.sessions_house import workspace_id
from tests.support.catalog_house import PROJECT
from tests.support.hub_disks import small_disks
from tests.support.hub_home import ROOT
from tests.support.hub_running import PASSWORD, RunningHub, running_hub, until
from tests.support.officers import WHY, both_at
from tests.support.real_extract import RealExtract, make_real_extract

pytestmark = [
    pytest.mark.skipif(os.getuid() != 0, reason="only root can mount"),
    pytest.mark.timeout(400),
]
WHO = "mei"
WID = workspace_id(WHO, PROJECT)
NUMBER = "PMDA-2026-0901"
TAKE = """
import enclave_kit as kit, os, pathlib
d = kit.connect()
d.execute("COPY (SELECT * FROM diagnoses) TO '/work/x.parquet' (FORMAT parquet, COMPRESSION uncompressed)")
rows = d.execute("SELECT * FROM diagnoses WHERE receipt_disease_code LIKE 'PLANTED%'").fetchall()
pathlib.Path('/work/rows.txt').write_text(repr(rows))
open('/dev/shm/rows', 'w').write(repr(rows))
pathlib.Path('/work/x.csv').write_bytes(pathlib.Path('/work/x.parquet').read_bytes())
kit.request_release('/work/x.csv', 'rows', 'rows')
os.sync()
print(rows[0][0])
"""


@dataclass
class Told:
    """What was seen before the end, and what the command said of it."""

    hub: RunningHub
    made: RealExtract
    copies: Path
    pseudonym: str = ""
    in_the_open: list[str] = field(default_factory=list)
    layers: list[Path] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    key_before: bytes = b""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def planted(self) -> bytes:
        return self.made.planted.encode()


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    made: list[RealExtract] = []

    def furnish(hub: RunningHub) -> None:
        small_disks(hub)
        made.append(make_real_extract(hub.foundation))

    with running_hub(furnish) as hub, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        told = Told(hub, made[0], Path(folder))
        hub.start("worker")
        try:
            _work(told)
            _look(told)
            _erase(told)
            yield told
        finally:
            hub.end("worker")


def _work(told: Told) -> None:
    """Rows of the extract lie in /work, in memory and, refused, in the vault."""
    hub = told.hub
    mei = hub.person(WHO)
    mei.enter(PROJECT)
    mei.until_ready(PROJECT)
    kernel = mei.kernel(PROJECT)
    status, text = kernel.run(TAKE)
    assert status == "ok", text
    told.pseudonym = text.split()[-1]
    until(lambda: Kind.REQUEST_REFUSED.value in hub.kinds(), 60)
    kernel.close()


def _look(told: Told) -> None:
    """Where the planted value can be read now, and copies of whatever a thief could have taken."""
    home = told.hub.settings.enclave_home
    told.in_the_open = _holding(home, told.planted)
    for room in ("extracts", "vault", "disks", "state"):
        shutil.copytree(home / room, told.copies / room)
    key = told.hub.foundation.keyring.find(PROJECT, "data")
    assert key is not None
    told.key_before = key
    engine = docker.from_env()
    for name in (told.hub.places.desk(WID), told.hub.places.kernel(WID)):
        found = engine.containers.get(name)
        told.containers.append(str(found.id))
        told.layers.append(Path(found.attrs["GraphDriver"]["Data"]["UpperDir"]))
    engine.close()


def _erase(told: Told) -> None:
    hub = told.hub
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", "project", "erase", PROJECT, "--reason", "利用終了", "--as", "ota"],
        cwd=ROOT, input=f"{PASSWORD}\n{hub.code('ota')}\n", capture_output=True, text=True,
        check=False, timeout=180, env=hub.environment,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)
    told.facts = json.loads(done.stdout[done.stdout.index("{") :])


def _holding(folder: Path, value: bytes, since: float = 0.0) -> list[str]:
    """The files below a folder that hold the value, as bytes; the producer's zone is another."""
    files = [p for p in sorted(folder.rglob("*")) if "producer" not in p.parts and _is_file(p, since)]
    return [str(path.relative_to(folder)) for path in files if _holds(path, value)]


def _is_file(path: Path, since: float) -> bool:
    """A file that was changed since; others may go while they are looked at."""
    with suppress(OSError):
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_ctime >= since
    return False


def _holds(path: Path, value: bytes) -> bool:
    """Read in pieces that overlap by the value's length."""
    try:
        with path.open("rb") as file:
            held = b""
            while piece := file.read(1 << 22):
                if value in held + piece:
                    return True
                held = piece[-len(value) :]
    except OSError:
        return False
    return False


def test_it_was_there_to_be_found_and_nowhere_but_in_the_opened_disk(told: Told) -> None:
    work = f"workspaces/{WID}/work/"
    assert f"{work}x.parquet" in told.in_the_open
    assert f"{work}rows.txt" in told.in_the_open
    assert [path for path in told.in_the_open if not path.startswith(work)] == []
    assert list((told.copies / "vault" / PROJECT).iterdir()), "the refused upload lay in the vault"
    assert opens_with(told.copies / "extracts" / PROJECT / "v1.duckdb", told.key_before)


def test_the_workspace_ended_before_anything_was_destroyed(told: Told) -> None:
    kinds = told.hub.kinds()
    order = [
        Kind.PROJECT_ERASURE_INTENDED,
        Kind.WORKSPACE_STOPPED,
        Kind.WORKSPACE_ERASED,
        Kind.PROJECT_ERASED,
    ]
    assert [kind for kind in kinds if kind in {o.value for o in order}] == [o.value for o in order]
    (ended,) = told.hub.events("workspace.stopped")
    assert ended["facts"]["reason"] == "ineligible"
    with told.hub.foundation.database.read() as work:
        row = WorkspaceTables(work.connection).find(WID)
    assert row is not None
    assert row.state is WorkspaceState.STOPPED


def test_the_certificate_names_every_key_and_what_was_only_unlinked(told: Told) -> None:
    assert told.facts["destroyed_by_key"] == ["data", "vault", "body", "work"]
    assert told.facts["unlinked"] == ["extracts: 3 files", "vault: 1 files"]
    assert told.facts["restore_opened"] == 0
    assert told.facts["restore_tried"] > 0


def test_the_planted_value_is_nowhere(told: Told) -> None:
    home = told.hub.settings.enclave_home
    assert _holding(home, told.planted) == []
    assert _holding(Path("/dev/shm"), told.planted) == []
    assert _holding(told.copies, told.planted) == [], "nor in any copy of image, vault, extract or database"
    assert _holding(Path(tempfile.gettempdir()), told.planted, since=home.stat().st_ctime) == []


def test_the_containers_are_gone_with_their_layers_and_no_disk_is_shown(told: Told) -> None:
    engine = docker.from_env()
    for container in told.containers:
        with pytest.raises(docker.errors.NotFound):
            engine.containers.get(container)
    engine.close()
    assert [layer for layer in told.layers if layer.exists()] == []
    home = told.hub.settings.enclave_home
    assert [m.point for m in mounts() if m.point.startswith(f"{home}/")] == []
    assert not (home / "disks" / WID).exists()
    assert loops_of(home / "disks" / WID / "work.img") == ()


def test_no_copy_of_the_extract_opens_with_any_file_that_is_left(told: Told) -> None:
    extract = told.copies / "extracts" / PROJECT / "v1.duckdb"
    left = {key for path in _files_left(told) for key in _keys_of(path)} | set(_keys_left(told))
    assert len(left) > 50
    assert opened_by_any(extract, left) == 0
    assert opened_by_any(extract, [told.key_before]) == 1, "the key itself still does: the copy is whole"


def _files_left(told: Told) -> list[Path]:
    homes = (told.hub.settings.enclave_home, told.hub.settings.producer_home)
    return [p for home in homes for p in home.rglob("*") if p.is_file() and not p.is_symlink()]


def _keys_of(path: Path) -> Iterator[bytes]:
    """What somebody would try first of a file: its ends, its digest, its text as hex."""
    content = path.read_bytes()
    yield hashlib.sha256(content).digest()
    for piece in (content[:32], content[-32:]):
        if len(piece) == 32:
            yield piece
    for word in content.split()[:200] if len(content) < 1 << 16 else ():
        if len(word) == 64 and all(c in b"0123456789abcdef" for c in word):
            yield bytes.fromhex(word.decode())


def _keys_left(told: Told) -> Iterator[bytes]:
    """Every key that the master key still unwraps."""
    keyring = told.hub.foundation.keyring
    for path in (told.hub.settings.keys / "projects").glob("*/*.key"):
        key = keyring.find(path.parent.name, path.stem)
        if key is not None:
            yield key


def test_no_key_of_the_project_can_be_found_or_made_again(told: Told) -> None:
    keyring = told.hub.foundation.keyring
    for purpose in ("data", "vault", "body", key_purpose(WID)):
        assert keyring.find(PROJECT, purpose) is None
        with pytest.raises(ConflictError):
            keyring.make(PROJECT, purpose)


def test_nobody_enters_it_again(told: Told) -> None:
    before = len(told.hub.events("workspace.refused"))
    answer = told.hub.person(WHO).enter(PROJECT)
    assert answer.status_code >= 400
    refused = told.hub.events("workspace.refused")[before:]
    assert [event["subject"] for event in refused] == [WID]
    assert not (told.hub.settings.disks / WID).exists()


def test_an_inquiry_about_it_is_still_answered(told: Told) -> None:
    made, now = told.made, told.hub.foundation.clock.now()
    limits = limits_of(told.hub.foundation.policies())
    asked = new_inquiry(NUMBER, PROJECT, Authority.PMDA.value)
    made.inquiries.open(both_at(now), asked, 10, WHY, limits)
    handed: list[bytes] = []
    made.inquiries.answer(SecondFactor("emi", now), NUMBER, told.pseudonym, limits, handed.append)
    (found,) = json.loads(handed[0])["found"]
    assert found["stands_for"]["key"] == made.person
    assert found["records"]["patient_identity"][0]["patient_key"] == made.person
