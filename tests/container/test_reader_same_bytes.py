"""The same upload gives the same bytes: twice, in every surrounding that can be changed here, and on other machines.

``canonical/`` holds one upload of each format, as files, because the programs that make them write clocks
and versions. ``digests.json`` beside them says which canonical bytes they become: a machine on which one
differs fails here. Words that were read in pictures are compared between runs, but are no part of the digests.
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hub.sessions import plan_reader
from hub.sessions_house import House
from images.reader.hanare_reader.formats import all_formats
from output_review.adapters.reader_containers import ContainerReader
from output_review.ports import ReaderAnswer
from tests.support.reader_batch import a_house, read_batch

FOLDER = Path(__file__).parent / "canonical"
UPLOADS = sorted(path for path in FOLDER.iterdir() if path.name != "digests.json")
OTHER_TIME = """
import datetime, time
_began = 1_900_000_000
class _Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return cls.fromtimestamp(_began, tz)
    @classmethod
    def utcnow(cls): return cls(2030, 3, 17)
    today = now
_local, _gm = time.localtime, time.gmtime
time.time = lambda: float(_began)
time.time_ns = lambda: _began * 10**9
time.localtime = lambda when=None: _local(_began if when is None else when)
time.gmtime = lambda when=None: _gm(_began if when is None else when)
datetime.datetime = _Moved
assert datetime.datetime.now().year == 2030
"""
ASKED_FEATURES = "from numpy._core._multiarray_umath import __cpu_dispatch__ as d; print(*d)"


def environment(**values: str) -> dict[str, Any]:
    return {"Env": ["HOME=/tmp", *(f"{name}={value}" for name, value in values.items())]}


SURROUNDINGS: dict[str, dict[str, Any]] = {
    "time zone": {"changed": environment(TZ="Pacific/Kiritimati")},
    "language": {"changed": environment(LANG="ja_JP.SJIS", LC_ALL="tr_TR.UTF-8", PYTHONUTF8="0")},
    "hash seed": {"changed": environment(PYTHONHASHSEED="4711")},
    "host name": {"changed": {"Hostname": "another-machine"}},
    "clock": {"before": OTHER_TIME},
    "user": {"changed": {"User": "12345:54321"}},
    "one processor": {"of_host": {"CpusetCpus": "0", "NanoCpus": 500_000_000}},
    "threads": {"changed": environment(OMP_NUM_THREADS="4", OPENBLAS_NUM_THREADS="4", OMP_THREAD_LIMIT="8")},
    "library threads": {
        "changed": environment(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", ARROW_CPU_COUNT="1")
    },
    "old processor": {
        "changed": environment(
            OPENBLAS_CORETYPE="Prescott",
            JSIMD_FORCENONE="1",
            ARROW_USER_SIMD_LEVEL="NONE",
            GLIBC_TUNABLES="glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-FMA,-BMI2,-SSE4_2,-ERMS",
        )
    },
    "less memory": {"of_host": {"ShmSize": 1_048_576, "Memory": 1_000_000_000, "MemorySwap": 1_000_000_000}},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("home"))


def answers(house: House, **surrounding: Any) -> dict[str, ReaderAnswer]:
    files = [(path.name, path.read_bytes()) for path in UPLOADS]
    made = {}
    for path, (status, answer) in zip(UPLOADS, read_batch(house, files, **surrounding), strict=True):
        assert os.WEXITSTATUS(status) == 0, path.name
        assert answer.admitted, (path.name, answer.code)
        made[path.name] = answer
    return made


@pytest.fixture(scope="module")
def usual(house: House) -> dict[str, ReaderAnswer]:
    return answers(house)


def digests(answer: ReaderAnswer) -> list[str]:
    return [hashlib.sha256(file.content).hexdigest() for file in answer.files]


def test_every_format_that_leaves_is_here() -> None:
    suffixes = {path.suffix for path in UPLOADS}
    missing = {entry.name for entry in all_formats() if entry.reader and suffixes.isdisjoint(entry.suffixes)}
    assert missing == set()


def test_the_bytes_are_those_of_other_machines(usual: dict[str, ReaderAnswer]) -> None:
    known = json.loads((FOLDER / "digests.json").read_text(encoding="utf-8"))
    assert {name: digests(answer) for name, answer in usual.items()} == known


def test_canonical_bytes_read_again_are_the_same(house: House, usual: dict[str, ReaderAnswer]) -> None:
    made = [(f"x{file.suffix}", file.content) for answer in usual.values() for file in answer.files]
    for (name, content), (_, again) in zip(made, read_batch(house, made), strict=True):
        assert [file.content for file in again.files] == [content], name


@pytest.mark.timeout(600)
@pytest.mark.parametrize("surrounding", sorted(SURROUNDINGS))
def test_nothing_around_the_reader_changes_its_answer(
    house: House, usual: dict[str, ReaderAnswer], surrounding: str
) -> None:
    assert answers(house, **SURROUNDINGS[surrounding]) == usual


def test_processors_without_wide_registers_give_the_same(
    house: House, usual: dict[str, ReaderAnswer]
) -> None:
    asked = (
        "docker",
        "run",
        "--rm",
        "--network",
        "none",
        house.images.reader,
        "/opt/reader/bin/python",
        "-c",
        ASKED_FEATURES,
    )
    features = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    assert features
    assert answers(house, changed=environment(NPY_DISABLE_CPU_FEATURES=features)) == usual


def test_a_container_of_its_own_gives_the_same(house: House, usual: dict[str, ReaderAnswer]) -> None:
    def planned(job: str) -> tuple[str, Any]:
        made = plan_reader(house, job)
        return made.name, made.body

    folder = Path(house.places.home) / "readers"
    reader = ContainerReader("http+unix:///var/run/docker.sock", folder, planned, house.images.reader)
    for path in UPLOADS:
        assert reader.read("whole", path.name, path.read_bytes()) == usual[path.name], path.name
