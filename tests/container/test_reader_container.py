"""The reader in its container, over a real Docker engine: what it gives, and what it cannot do."""

import gc
import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from enclave.errors import UnavailableError
from hub.host_facts import read_host
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places, Users
from output_review.adapters.container_jobs import PlanReader
from output_review.adapters.reader_containers import ContainerReader

ENGINE = "http+unix:///var/run/docker.sock"
OTHER = "sha256:" + "0" * 64
SLEEPER = ("/opt/reader/bin/python", "-c", "import time; time.sleep(60)")


def image() -> str:
    asked = ("docker", "image", "inspect", "--format", "{{.Id}}", "hanare/reader:local")
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    home = tmp_path_factory.mktemp("home")
    (home / "readers").mkdir()
    own = Users(hub=1, worker=2)
    apparmor = read_host().apparmor is True
    return House(Images(OTHER, OTHER, image()), Limits(), Places(str(home)), own, apparmor=apparmor)


def a_reader(house: House, plan: PlanReader | None = None, seconds: float = 30.0) -> ContainerReader:
    def planned(job: str) -> tuple[str, Mapping[str, Any]]:
        made = plan_reader(house, job)
        return made.name, made.body

    folder = Path(house.places.home) / "readers"
    return ContainerReader(ENGINE, folder, plan or planned, house.images.reader, seconds=seconds)


def running(house: House, command: tuple[str, ...]) -> PlanReader:
    """The plan, but for what is run: a reader that was taken over."""

    def planned(job: str) -> tuple[str, Mapping[str, Any]]:
        made = plan_reader(house, job)
        return made.name, {**made.body, "Cmd": list(command)}

    return planned


def left_over(house: House) -> list[str]:
    """Readers of this house that are still there; those of other houses on the machine are not its own."""
    listed = ("docker", "ps", "-aq", "--filter", f"name=hanare-r-{house.places.home_id}-")
    return subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()


def test_a_table_becomes_canonical(house: House) -> None:
    reader = a_reader(house)
    answer = reader.read("test-1", "表.csv", "性別,人数\r\n男,20\r\n".encode("cp932"))
    (file,) = answer.files
    assert file.content == "性別,人数\n男,20\n".encode()
    assert (file.form.kind, file.form.rows, file.form.columns) == ("csv", 1, 2)
    assert reader.read("test-1", "表.csv", file.content).files[0].content == file.content
    assert left_over(house) == []
    assert list((Path(house.places.home) / "readers").iterdir()) == []


def test_what_it_does_not_know_it_refuses(house: House) -> None:
    assert a_reader(house).read("test-2", "p.xyz", b"\x89PNG").code == "format_refused"
    ragged = a_reader(house).read("test-2", "t.csv", b"a,b\n1\n")
    assert (ragged.admitted, ragged.code) == (False, "ragged_row")


def test_a_reader_that_hangs_is_ended(house: House) -> None:
    begun = time.monotonic()
    answer = a_reader(house, running(house, SLEEPER), seconds=1.0).read("test-3", "t.csv", b"a\n1\n")
    assert (answer.admitted, answer.code) == (False, "too_slow")
    assert time.monotonic() - begun < 20
    assert left_over(house) == []


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(3)",
        "pass",
        "import os; os.symlink('/etc/passwd', '/out/canonical-0'); os.symlink('/in/job.json', '/out/result.json')",
        "import os; os.mkfifo('/out/result.json')",
        f"open('/out/result.json','w').write({json.dumps(json.dumps({'ok': True}))})",
        "open('/out/result.json','w').write('x' * 70000)",
    ],
)
def test_a_reader_that_was_taken_over_is_refused(house: House, code: str) -> None:
    command = ("/opt/reader/bin/python", "-c", code)
    answer = a_reader(house, running(house, command)).read("test-4", "t.csv", b"a\n1\n")
    assert (answer.admitted, answer.code) == (False, "reader_failed")
    assert left_over(house) == []


def test_a_container_left_by_a_killed_worker_is_no_obstacle(house: House) -> None:
    made = plan_reader(house, "test-5")
    create = ("docker", "create", "--name", made.name, house.images.reader, "true")
    subprocess.run(create, check=True, capture_output=True)
    assert a_reader(house).read("test-5", "t.csv", b"a\n1\n").admitted
    assert left_over(house) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # docker-py's own socket
def test_a_gate_that_is_away_is_told_apart(house: House, tmp_path: Path) -> None:
    folder = Path(house.places.home) / "readers"
    reader = ContainerReader(f"http+unix://{tmp_path}/none.sock", folder, running(house, ()), OTHER)
    with pytest.raises(UnavailableError):
        reader.read("test-6", "t.csv", b"a\n1\n")
    del reader
    gc.collect()
