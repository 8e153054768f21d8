"""Counting again in the reader's image, over a real engine: what it gives, and what its container cannot do."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hub import isolation
from hub.host_facts import read_host
from hub.sessions import plan_recount
from hub.sessions_house import House, Images, Limits, Places, Users
from output_review.adapters.recount_containers import ContainerRecounter, job_files
from output_review.disclosure.recount import Group
from output_review.recount_sql import CountingQuery
from tests.support.houses import SqliteHouse
from tests.support.people import PERMIT
from tests.support.recounting import BY_DIAGNOSIS, make_extract

ENGINE = "http+unix:///var/run/docker.sock"
OTHER = "sha256:" + "0" * 64
PROJECT = PERMIT.project


def image() -> str:
    asked = ("docker", "image", "inspect", "--format", "{{.Id}}", "hanare/reader:local")
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[House, SqliteHouse]]:
    tmp_path.chmod(0o711)
    own = SqliteHouse(tmp_path)
    own.keyring.make(PROJECT, "data")
    key = own.keyring.find(PROJECT, "data")
    assert key is not None
    extract = tmp_path / "extracts" / PROJECT / "v1.duckdb"
    make_extract(extract, key)
    extract.chmod(0o644)
    (tmp_path / "readers").mkdir()
    apparmor = read_host().apparmor is True
    users = Users(hub=1, worker=2)
    yield House(Images(OTHER, OTHER, image()), Limits(), Places(str(tmp_path)), users, apparmor=apparmor), own
    own.database.close()


def recounter(house: House, own: SqliteHouse, command: tuple[str, ...] = ()) -> ContainerRecounter:
    def plan(job: str, project: str, extract: str) -> tuple[str, Mapping[str, Any]]:
        made = plan_recount(house, job, project, extract)
        body = json.loads(json.dumps(made.body))
        return made.name, {**body, "Cmd": list(command)} if command else body

    folders = (Path(house.places.home) / "readers", Path(house.places.home) / "extracts")
    return ContainerRecounter(ENGINE, folders, own.keyring, plan, seconds=30)


def test_48_claims_are_8_persons(home: tuple[House, SqliteHouse]) -> None:
    recounted = recounter(*home).recount("job-1", PROJECT, "v1", BY_DIAGNOSIS)
    assert Group((("icd10", "E11"),), 48, 8) in recounted.groups
    assert list((Path(home[0].places.home) / "readers").iterdir()) == []


def test_the_plan_keeps_the_baseline(home: tuple[House, SqliteHouse]) -> None:
    house, _ = home
    body = plan_recount(house, "job-1", PROJECT, "v1.duckdb").body
    assert not isolation.shortfalls(body, house.images.all, house.places.home, apparmor=house.apparmor)


def test_inside_there_is_no_network_and_the_extract_cannot_be_written(
    home: tuple[House, SqliteHouse],
) -> None:
    code = (
        "import json,os,socket\n"
        "os.read(os.open('/in/key',os.O_RDONLY),64)\n"
        "def cannot(act):\n"
        "    try: act()\n"
        "    except OSError: return True\n"
        "    return False\n"
        "held=[cannot(lambda: open('/data/extract.duckdb','ab')), cannot(lambda: open('/in/x','w')),"
        " cannot(lambda: socket.create_connection(('1.1.1.1',53),1)), 'key' not in str(os.environ).lower()]\n"
        "json.dump({'ok':True,'answers':[[[str(held),1,1]],[[1,1]]]},open('/out/result.json','w'))\n"
    )
    command = ("/opt/reader/bin/python", "-c", code)
    recounted = recounter(*home, command).recount("job-2", PROJECT, "v1", BY_DIAGNOSIS)
    assert recounted.groups[0].labels == (("icd10", "[True, True, True, True]"),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT content, 1, 1 FROM read_text('/in/job.json')",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "ATTACH '/out/x.duckdb' AS x",
        "COPY (SELECT 1) TO '/out/x.csv'",
        "INSERT INTO extract.main.claims SELECT * FROM extract.main.claims",
    ],
)
def test_duckdb_is_locked_even_for_a_query_that_nobody_checked(
    home: tuple[House, SqliteHouse], sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = recounter(*home)

    def unchecked(queries: tuple[CountingQuery, ...]) -> dict[str, bytes]:
        return job_files(tuple(CountingQuery(query.headers, sql) for query in queries))

    monkeypatch.setattr("output_review.adapters.recount_containers.job_files", unchecked)
    recounted = made.recount("job-3", PROJECT, "v1", BY_DIAGNOSIS)
    assert (recounted.groups, recounted.code) == ((), "recount_failed")
