"""Plans: what each container may see, which names fit a socket, and limits that only tighten."""

from dataclasses import replace
from typing import Any

import pytest

from enclave.errors import InvalidInputError
from hub.sessions import (
    Session,
    desk_environment,
    plan_desk,
    plan_folders,
    plan_kernel,
    plan_reader,
    plan_recount,
)
from hub.sessions_house import Images, Limit, Places, Users, parse_limits, socket_url, workspace_id
from tests.support.hub_plans import HOUSE, SESSION, SHARED, TOKEN


def text_of(body: Any) -> str:
    return repr(body)


def test_a_session_without_a_name_has_no_plan() -> None:
    for person, project in (("", "p-a"), ("mei", ""), ("Mei", "p-a"), ("mei", "p/../x"), ("mei", "P")):
        with pytest.raises(InvalidInputError):
            plan_desk(HOUSE, Session(person, project, 1, None, TOKEN))


def test_the_token_stands_in_the_desk_alone() -> None:
    assert TOKEN in text_of(plan_desk(HOUSE, SESSION).body)
    assert TOKEN not in text_of(plan_kernel(HOUSE, SESSION).body)


def test_the_extract_is_mounted_read_only_in_the_kernel_alone() -> None:
    assert "extracts" not in text_of(plan_desk(HOUSE, SESSION).body["HostConfig"])
    mounts = plan_kernel(HOUSE, SESSION).body["HostConfig"]["Mounts"]
    (data,) = [m for m in mounts if "extracts" in m["Source"]]
    assert data["ReadOnly"] is True
    assert data["Source"] == "/srv/hn/extracts/p-a/v1.duckdb"


def test_the_kernel_sees_neither_hub_nor_intake_nor_web() -> None:
    targets = {m["Target"] for m in plan_kernel(HOUSE, SESSION).body["HostConfig"]["Mounts"]}
    assert targets == {"/run/k/b", "/run/k/rt", "/work", "/data/extract.duckdb"}


def test_two_workspaces_share_no_user_id() -> None:
    ids = [uid for number in range(1, 50) for uid in HOUSE.users.of_workspace(number)]
    assert len(ids) == len(set(ids))
    assert min(ids) >= 200_000


@pytest.mark.parametrize("number", [0, -1, 100_001, True, "1", None])
def test_a_number_that_is_none_gives_no_user_ids(number: Any) -> None:
    with pytest.raises(InvalidInputError):
        HOUSE.users.of_workspace(number)


def test_at_demo_strength_everything_belongs_to_the_one_user() -> None:
    assert plan_desk(SHARED, SESSION).body["User"] == "1000:1000"
    assert plan_kernel(SHARED, SESSION).body["User"] == "1000:1000"
    assert plan_reader(SHARED, "j1").body["User"] == "1000:1000"
    assert {(f.uid, f.gid) for f in plan_folders(SHARED, SESSION.wid, 7)} == {(1000, 1000)}


def test_the_runtime_folder_is_sticky_and_nobodys() -> None:
    folders = {f.path.rsplit("/", 1)[1]: f for f in plan_folders(HOUSE, SESSION.wid, 7)}
    assert (folders["rt"].uid, oct(folders["rt"].mode)) == (0, "0o3770")
    assert folders["work"].kept
    assert not folders["web"].kept


def test_names_are_a_short_lower_case_hash() -> None:
    assert workspace_id("mei", "p-a") == SESSION.wid
    assert workspace_id("mei-p", "a") != workspace_id("mei", "p-a")
    assert plan_desk(HOUSE, SESSION).name == f"hanare-d-{HOUSE.places.home_id}-{SESSION.wid}"


def test_no_name_of_one_home_is_a_name_of_another() -> None:
    other = replace(HOUSE, places=Places("/srv/hn2"))
    for mine, theirs in (
        (plan_desk(HOUSE, SESSION), plan_desk(other, SESSION)),
        (plan_kernel(HOUSE, SESSION), plan_kernel(other, SESSION)),
        (plan_reader(HOUSE, "job-1"), plan_reader(other, "job-1")),
    ):
        assert mine.name != theirs.name
        assert len(mine.name) < 64, "a container's name is a host name too"


def test_client_ids_do_not_collide_where_hyphens_would() -> None:
    one = desk_environment(Session("mei-a", "b", 1, None, TOKEN), HOUSE.limits)
    other = desk_environment(Session("mei", "a-b", 2, None, TOKEN), HOUSE.limits)
    assert one["JUPYTERHUB_CLIENT_ID"] != other["JUPYTERHUB_CLIENT_ID"]


def test_a_socket_path_is_lower_case_and_fits() -> None:
    with pytest.raises(InvalidInputError):
        socket_url("/srv/Hn/s.sock")
    with pytest.raises(InvalidInputError):
        socket_url("/" + "a" * 107)
    assert socket_url("/srv/hn/s.sock") == "http+unix://%2Fsrv%2Fhn%2Fs.sock"
    with pytest.raises(InvalidInputError):
        Places("/home/" + "x" * 80).web_socket(SESSION.wid)


@pytest.mark.parametrize("token", ["", "short", "x" * 20 + "\n", "a b" * 10])
def test_a_token_has_a_tokens_form(token: str) -> None:
    with pytest.raises(InvalidInputError):
        plan_desk(HOUSE, Session("mei", "p-a", 1, None, token))


@pytest.mark.parametrize("name", ["../keys/master.key", "v1", "/etc/passwd", "v1.duckdb/x", "V1.duckdb", ""])
def test_an_extract_is_a_file_of_its_project(name: str) -> None:
    with pytest.raises(InvalidInputError):
        plan_kernel(HOUSE, Session("mei", "p-a", 1, name, TOKEN))


@pytest.mark.parametrize("job", ["", "../x", "A", "x" * 41])
def test_a_reader_job_has_a_jobs_form(job: str) -> None:
    with pytest.raises(InvalidInputError):
        plan_reader(HOUSE, job)


def test_images_are_digests() -> None:
    with pytest.raises(InvalidInputError):
        Images("hanare/desk:local", HOUSE.images.kernel, HOUSE.images.reader)


def limits(memory: object = 512, source: str = "chosen") -> dict[str, Any]:
    kinds = ("desk", "kernel", "reader")
    number = {"value": memory, "source": source}
    return {
        "containers": {
            k: {"memory_mib": number, "processes": {"value": 60, "source": "chosen"}} for k in kinds
        },
        "incoming": {"file_bytes": {"value": 1000, "source": "chosen"}},
        "idle": {
            "kernel_minutes": {"value": 30, "source": "chosen"},
            "workspace_minutes": {"value": 60, "source": "chosen"},
        },
    }


def test_no_policy_is_no_limits() -> None:
    with pytest.raises(InvalidInputError):
        parse_limits({})


def test_a_policy_tightens() -> None:
    found = parse_limits(limits())
    assert found.desk == Limit(512 << 20, 60)
    environment = desk_environment(Session("mei", "a-b", 2, None, TOKEN), found)
    assert environment["HANARE_CULL_SECONDS"] == "1800"
    assert environment["HANARE_INCOMING_BYTES"] == "1000"


@pytest.mark.parametrize("missing", ["containers", "incoming", "idle"])
def test_a_policy_lacks_nothing(missing: str) -> None:
    document = {name: part for name, part in limits().items() if name != missing}
    with pytest.raises(InvalidInputError):
        parse_limits(document)


@pytest.mark.parametrize("document", [limits(1025), limits(0), limits("512"), limits(True), limits(512, "")])
def test_a_policy_never_loosens_and_names_its_sources(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        parse_limits(document)


def test_readers_have_a_user_of_their_own() -> None:
    assert Users(hub=1, worker=2).of_reader() == (199_000, 199_000)


def test_a_recount_sees_the_extract_read_only_and_no_key_stands_in_its_plan() -> None:
    body = plan_recount(HOUSE, "job-1", "p-a", "v1.duckdb").body
    mounts = {m["Target"]: (m["Source"], m["ReadOnly"]) for m in body["HostConfig"]["Mounts"]}
    assert mounts == {
        "/in": ("/srv/hn/readers/job-1/in", True),
        "/out": ("/srv/hn/readers/job-1/out", False),
        "/data/extract.duckdb": ("/srv/hn/extracts/p-a/v1.duckdb", True),
    }
    assert "key" not in text_of([body["Env"], body["Cmd"], body["Labels"]]).lower()


@pytest.mark.parametrize(
    ("job", "project", "extract"),
    [
        ("../x", "p-a", "v1.duckdb"),
        ("j", "../p", "v1.duckdb"),
        ("j", "p-a", "../v1.duckdb"),
        ("j", "p-a", "v1"),
    ],
)
def test_a_recount_has_no_plan_for_other_places(job: str, project: str, extract: str) -> None:
    with pytest.raises(InvalidInputError):
        plan_recount(HOUSE, job, project, extract)
