"""What counting again promises, asked of the fake and of the adapter with the reader's own program."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from output_review.adapters.recount_containers import ContainerRecounter
from output_review.disclosure.recount import Group
from output_review.ports import Recounter
from tests.support.houses import SqliteHouse
from tests.support.people import PERMIT
from tests.support.recounting import BY_DIAGNOSIS, FakeRecounter, ProcessDocker, make_extract

PROJECT = PERMIT.project


@pytest.fixture
def docker() -> ProcessDocker:
    return ProcessDocker()


def real(folder: Path, docker: ProcessDocker) -> tuple[ContainerRecounter, SqliteHouse]:
    house = SqliteHouse(folder)
    house.keyring.make(PROJECT, "data")
    key = house.keyring.find(PROJECT, "data")
    assert key is not None
    extract = folder / "extracts" / PROJECT / "v1.duckdb"
    make_extract(extract, key)
    (folder / "readers").mkdir()

    def plan(job: str, project: str, name: str) -> tuple[str, Mapping[str, Any]]:
        sources = {"/in": folder / "readers" / job / "in", "/out": folder / "readers" / job / "out"}
        sources["/data/extract.duckdb"] = folder / "extracts" / project / name
        mounts = [{"Source": str(source), "Target": target} for target, source in sources.items()]
        return f"hanare-r-{job}", {"HostConfig": {"Mounts": mounts}}

    connect: Any = docker
    folders = (folder / "readers", folder / "extracts")
    return ContainerRecounter("", folders, house.keyring, plan, seconds=20, connect=connect), house


@pytest.fixture(params=["fake", "process"])
def recounter(request: Any, tmp_path: Path, docker: ProcessDocker) -> Iterator[Recounter]:
    if request.param == "fake":
        yield FakeRecounter()
        return
    made, house = real(tmp_path, docker)
    yield made
    house.database.close()


def test_rows_and_distinct_persons_of_every_group_and_margin(recounter: Recounter) -> None:
    recounted = recounter.recount("job-1", PROJECT, "v1", BY_DIAGNOSIS)
    assert recounted.code == ""
    assert set(recounted.groups) == {
        Group((("icd10", "E11"),), 48, 8),
        Group((("icd10", "I10"),), 52, 52),
        Group((), 100, 52),
    }


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "DROP TABLE claims",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT icd10 FROM claims",
        "SELECT claim_key, count(*) FROM claims GROUP BY 1",
        "SELECT missing, count(*) FROM claims GROUP BY 1",
    ],
)
def test_what_is_not_checked_is_not_counted(recounter: Recounter, sql: str) -> None:
    recounted = recounter.recount("job-1", PROJECT, "v1", sql)
    assert recounted.groups == ()
    assert recounted.code


def test_without_the_extract_nothing_is_counted(recounter: Recounter) -> None:
    assert recounter.recount("job-1", PROJECT, "v2", BY_DIAGNOSIS).code == "no_extract"
    assert recounter.recount("job-1", PROJECT, "", BY_DIAGNOSIS).code == "no_extract"


def test_the_key_is_seen_nowhere_and_nothing_is_left(tmp_path: Path, docker: ProcessDocker) -> None:
    made, house = real(tmp_path, docker)
    key = house.keyring.find(PROJECT, "data")
    assert key is not None
    assert made.recount("job-1", PROJECT, "v1", BY_DIAGNOSIS).groups
    assert docker.seen
    assert not any(key.hex() in seen for seen in docker.seen)
    assert list((tmp_path / "readers").iterdir()) == []
    assert docker.bodies == {}
    house.database.close()


def test_a_key_that_does_not_fit_is_a_recount_that_was_not_made(
    tmp_path: Path, docker: ProcessDocker
) -> None:
    made, house = real(tmp_path, docker)
    make_extract(tmp_path / "extracts" / PROJECT / "v3.duckdb", b"\x07" * 32)
    recounted = made.recount("job-1", PROJECT, "v3", BY_DIAGNOSIS)
    assert (recounted.groups, recounted.code) == ((), "recount_failed")
    house.database.close()
