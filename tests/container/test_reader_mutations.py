"""Broken files in the reader's own container: an answer for each, in time, and never a pass for what it hides.

One container reads a batch, each file in a process of its own, by the same code as the worker's readers:
starting a container for each of thousands would measure the engine. A few dozen go the whole way.
"""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from catalog.identifiers.pseudonyms import PseudonymSet
from hub.sessions import plan_reader
from hub.sessions_house import House
from output_review.adapters.reader_containers import ContainerReader
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Verdict
from output_review.ports import ReaderAnswer
from tests.support.mutated_files import SECRET, mutations, seeds
from tests.support.read_files import POLICY, as_submission
from tests.support.reader_batch import a_house, read_batch

SOAK = os.environ.get("HANARE_SOAK") == "1"
COUNT = 10_000 if SOAK else 200
BATCH = 500
IDS = PseudonymSet.of([SECRET])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("home"))


@pytest.mark.timeout(7200 if SOAK else 600)
@pytest.mark.parametrize("format_name", sorted(seeds()))
def test_a_broken_file_gets_an_answer_and_hides_nothing(house: House, format_name: str) -> None:
    admitted = failed = 0
    for start in range(0, COUNT, BATCH):
        files = list(mutations(format_name, min(BATCH, COUNT - start), start))
        for number, (status, answer) in enumerate(read_batch(house, files)):
            place = f"{format_name} {start + number}"
            # A library may end its process (one aborts over a broken footer): then nothing is admitted.
            exited = os.waitstatus_to_exitcode(status)
            assert exited in {0, 1} or (exited == -signal.SIGABRT and not answer.admitted), place
            failed += exited != 0
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


def whole_way(house: House) -> ContainerReader:
    """The reader as the worker uses it, a container for each file."""

    def planned(job: str) -> tuple[str, Any]:
        made = plan_reader(house, job)
        return made.name, made.body

    folder = Path(house.places.home) / "readers"
    return ContainerReader("http+unix:///var/run/docker.sock", folder, planned, house.images.reader)


@pytest.mark.parametrize("format_name", sorted(seeds()))
def test_some_go_the_whole_way(house: House, format_name: str) -> None:
    reader = whole_way(house)
    for number, (name, content) in enumerate(mutations(format_name, 3, start=100_000)):
        _hides_nothing(f"{format_name} {number}", name, content, reader.read("whole", name, content))


def test_a_library_that_ends_itself_is_a_refusal(house: House) -> None:
    """Number 7,528 is a parquet over whose statistics the library aborts."""
    (name, content), *_ = mutations("parquet", 1, start=7_528)
    ((status, _),) = read_batch(house, [(name, content)])
    assert os.waitstatus_to_exitcode(status) == -signal.SIGABRT
    answer = whole_way(house).read("aborted", name, content)
    assert (answer.admitted, answer.code) == (False, "reader_failed")
