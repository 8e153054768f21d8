"""Broken files in the reader's own container: an answer for each, in time, and never a pass for what it hides.

One container reads a batch, each file in a process of its own, by the same code as the worker's readers:
starting a container for each of thousands would measure the engine. A few dozen go the whole way.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from catalog.identifiers.pseudonyms import PseudonymSet
from hub.host_facts import read_host
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places, Users
from output_review.adapters.reader_containers import ContainerReader, _collect
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Verdict
from output_review.ports import ReaderAnswer
from tests.support.mutated_files import SECRET, mutations, seeds
from tests.support.read_files import POLICY, as_submission

OTHER = "sha256:" + "0" * 64
SOAK = os.environ.get("HANARE_SOAK") == "1"
COUNT = 10_000 if SOAK else 200
BATCH = 500
IDS = PseudonymSet.of([SECRET])
BATCH_READER = """
import os, signal, sys, time
from pathlib import Path
from hanare_reader import __main__ as reader
from hanare_reader.formats import all_formats
all_formats()
for job in sorted(Path("/in").iterdir()):
    out = Path("/out") / job.name
    out.mkdir()
    child = os.fork()
    if child == 0:
        devnull = os.open("/dev/null", os.O_WRONLY)
        os.dup2(devnull, 1); os.dup2(devnull, 2)
        os._exit(reader.main([str(job / "upload"), str(out)]))
    _, status = os.waitpid(child, 0)
    (out / "status").write_text(str(status))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    home = tmp_path_factory.mktemp("home")
    (home / "readers").mkdir()
    asked = ("docker", "image", "inspect", "--format", "{{.Id}}", "hanare/reader:local")
    image = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    apparmor = read_host().apparmor is True
    return House(
        Images(OTHER, OTHER, image), Limits(), Places(str(home)), Users(hub=1, worker=2), apparmor=apparmor
    )


def read_batch(house: House, files: list[tuple[str, bytes]]) -> Iterator[tuple[int, ReaderAnswer]]:
    """For each file the status of the process that read it, and what it left."""
    place = Path(house.places.home) / "readers" / "batch"
    shutil.rmtree(place, ignore_errors=True)
    (place / "out").mkdir(parents=True)
    (place / "out").chmod(0o777)
    for number, (name, content) in enumerate(files):
        folder = place / "in" / f"{number:05d}"
        folder.mkdir(parents=True)
        (folder / "upload").write_bytes(content)
        (folder / "job.json").write_text(json.dumps({"name": name}), encoding="utf-8")
    made = plan_reader(house, "batch")
    body: dict[str, Any] = {**made.body, "Cmd": ["/opt/reader/bin/python", "-c", BATCH_READER]}
    client = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        created = client.create_container_from_config(body, made.name)["Id"]  # type: ignore[no-untyped-call]
        client.start(created)
        assert client.wait(created, timeout=600)["StatusCode"] == 0
    finally:
        subprocess.run(("docker", "rm", "-f", made.name), check=False, capture_output=True)
        client.close()
    for number in range(len(files)):
        out = place / "out" / f"{number:05d}"
        yield int((out / "status").read_text()), _collect(out)
    shutil.rmtree(place)


@pytest.mark.timeout(7200 if SOAK else 600)
@pytest.mark.parametrize("format_name", sorted(seeds()))
def test_a_broken_file_gets_an_answer_and_hides_nothing(house: House, format_name: str) -> None:
    admitted = failed = 0
    for start in range(0, COUNT, BATCH):
        files = list(mutations(format_name, min(BATCH, COUNT - start), start))
        for number, (status, answer) in enumerate(read_batch(house, files)):
            place = f"{format_name} {start + number}"
            assert os.WIFEXITED(status), f"{place}: the reader was killed"
            assert os.WEXITSTATUS(status) in {0, 1}, place
            failed += os.WEXITSTATUS(status)
            admitted += answer.admitted
            _hides_nothing(place, *files[number], answer)
    assert failed <= COUNT // 100, f"{failed} readers failed of themselves"


def _hides_nothing(place: str, name: str, content: bytes, answer: ReaderAnswer) -> None:
    """What is admitted passes only without the secret; what holds it is told."""
    if not answer.admitted:
        assert answer.reason is not None, place
        return
    report = run_checks(as_submission(name, answer), POLICY, IDS, ())
    assert "SDC.unchecked" not in {f.rule for file in report.files for f in file.findings}, place
    for read, file in zip(answer.files, report.files, strict=True):
        if SECRET.encode() in read.content:
            assert file.verdict is not Verdict.PASS, place


@pytest.mark.parametrize("format_name", sorted(seeds()))
def test_some_go_the_whole_way(house: House, format_name: str) -> None:
    def planned(job: str) -> tuple[str, Any]:
        made = plan_reader(house, job)
        return made.name, made.body

    folder = Path(house.places.home) / "readers"
    reader = ContainerReader("http+unix:///var/run/docker.sock", folder, planned, house.images.reader)
    for number, (name, content) in enumerate(mutations(format_name, 3, start=100_000)):
        _hides_nothing(f"{format_name} {number}", name, content, reader.read("whole", name, content))
