"""What the gate lets through: nothing by default, and a container only as planned."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from hub.gate import peers_of
from hub.gate_judge import BODY_MAX, Deed, Peer, Verdict, judge, judge_target
from hub.sessions import ContainerPlan, plan_desk, plan_kernel, plan_reader
from hub.sessions_house import Places, Users
from tests.support.hub_plans import HOUSE, SESSION, inspected

HOME = HOUSE.places.home_id
HUB, WORKER, NOBODY = frozenset({Peer.HUB}), frozenset({Peer.WORKER}), frozenset[Peer]()
SWEEPER = frozenset({Peer.SWEEPER})
OTHERS = Places("/srv/hn2").desk(SESSION.wid)
"""The name of the same person's desk for the same project in another home."""
DESK, KERNEL, READER = plan_desk(HOUSE, SESSION), plan_kernel(HOUSE, SESSION), plan_reader(HOUSE, "job-1")


def create(peers: frozenset[Peer], body: object, name: str, prefix: str = "/v1.41") -> Verdict:
    query = urlencode({"name": name})
    return judge(peers, "POST", f"{prefix}/containers/create", query, json.dumps(body).encode(), HOUSE)


def test_nobody_may_do_anything() -> None:
    for method, path in (("GET", "/_ping"), ("GET", "/version"), ("POST", "/containers/create")):
        verdict = judge(NOBODY, method, path, "", b"", HOUSE)
        assert (verdict.deed, verdict.status) == (Deed.REFUSE, 403)


def test_a_uid_that_is_no_peers_is_nobody() -> None:
    assert peers_of(901, HOUSE.users) == HUB
    assert peers_of(902, HOUSE.users) == WORKER
    assert peers_of(0, HOUSE.users) == NOBODY
    assert peers_of(903, HOUSE.users) == SWEEPER
    assert peers_of(904, HOUSE.users) == NOBODY
    assert Peer.SWEEPER not in peers_of(0, Users(hub=0, worker=0))


@pytest.mark.parametrize(
    ("plan", "peers"), [(DESK, HUB), (KERNEL, HUB), (READER, WORKER)], ids=["d", "k", "r"]
)
@pytest.mark.parametrize("prefix", ["", "/v1.41", "/v1.50"])
def test_a_plan_is_created_as_it_stands(plan: ContainerPlan, peers: frozenset[Peer], prefix: str) -> None:
    verdict = create(peers, plan.body, plan.name, prefix)
    assert verdict.deed is Deed.CREATE
    assert verdict.plan == plan


@pytest.mark.parametrize(
    ("plan", "peers"), [(DESK, WORKER), (KERNEL, WORKER), (READER, HUB)], ids=["d", "k", "r"]
)
def test_each_peer_has_its_own_kinds(plan: ContainerPlan, peers: frozenset[Peer]) -> None:
    assert create(peers, plan.body, plan.name).status == 403
    assert create(HUB | WORKER, plan.body, plan.name).allowed


def test_without_images_nothing_is_created() -> None:
    query = urlencode({"name": DESK.name})
    verdict = judge(HUB, "POST", "/containers/create", query, json.dumps(DESK.body).encode(), None)
    assert (verdict.deed, verdict.status) == (Deed.REFUSE, 503)


def test_on_a_host_below_the_baseline_nothing_is_created() -> None:
    query = urlencode({"name": DESK.name})
    below = replace(HOUSE, missing=("apparmor",))
    verdict = judge(HUB, "POST", "/containers/create", query, json.dumps(DESK.body).encode(), below)
    assert (verdict.deed, verdict.status) == (Deed.REFUSE, 503)
    assert judge(HUB, "DELETE", f"/containers/{DESK.name}", "force=1", b"", below).allowed


def test_the_sweeper_ends_and_begins_nothing() -> None:
    name, folders = f"/containers/{DESK.name}", f"/hanare/workspaces/{SESSION.wid}"
    listing = urlencode({"filters": '{"label": ["hanare.workspace"]}'})
    assert judge(SWEEPER, "GET", "/containers/json", listing, b"", HOUSE).deed is Deed.LIST
    assert judge(SWEEPER, "GET", f"{name}/json", "", b"", HOUSE).deed is Deed.INSPECT
    assert judge(SWEEPER, "POST", f"{name}/kill", "", b"", HOUSE).deed is Deed.KILL
    assert judge(SWEEPER, "DELETE", name, "force=1", b"", HOUSE).deed is Deed.REMOVE
    assert judge(SWEEPER, "DELETE", folders, "", b"", HOUSE).deed is Deed.REMOVE_FOLDERS
    assert not judge(SWEEPER, "POST", f"{name}/start", "", b"", HOUSE).allowed
    assert not judge(SWEEPER, "POST", folders, "", b'{"number": 7}', HOUSE).allowed
    readers = urlencode({"filters": '{"label": ["hanare.reader"]}'})
    assert not judge(SWEEPER, "GET", "/containers/json", readers, b"", HOUSE).allowed
    for plan in (DESK, KERNEL, READER):
        assert create(SWEEPER, plan.body, plan.name).status == 403


def test_the_sweeper_and_the_worker_together_start_no_desk() -> None:
    ours = inspected(copy.deepcopy(dict(DESK.body)), DESK.name)
    assert judge_target(SWEEPER, ours, HOME, Deed.KILL).allowed
    assert not judge_target(SWEEPER | WORKER, ours, HOME, Deed.START).allowed
    assert judge_target(SWEEPER | HUB, ours, HOME, Deed.START).allowed


def host(key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda body: body["HostConfig"].__setitem__(key, value)


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "privileged": host("Privileged", True),
    "privileged, said to be false": host("Privileged", False),
    "bridge": host("NetworkMode", "bridge"),
    "docker's socket": lambda b: b["HostConfig"]["Mounts"].append(
        {"Type": "bind", "Source": "/var/run/docker.sock", "Target": "/d", "ReadOnly": False}
    ),
    "the host": host("Binds", ["/:/host"]),
    "another image": lambda b: b.__setitem__("Image", "sha256:" + "0" * 64),
    "the kernel's image": lambda b: b.__setitem__("Image", HOUSE.images.kernel),
    "root": lambda b: b.__setitem__("User", "0:0"),
    "another's user": lambda b: b.__setitem__("User", "200024:200026"),
    "another command": lambda b: b.__setitem__("Cmd", ["/bin/sh"]),
    "an entry point": lambda b: b.__setitem__("Entrypoint", ["/bin/sh"]),
    "more environment": lambda b: b["Env"].append("LD_PRELOAD=/work/x.so"),
    "two tokens": lambda b: b["Env"].append("JUPYTERHUB_API_TOKEN=" + "0" * 32),
    "no token": lambda b: b.__setitem__("Env", b["Env"][:-1]),
    "another person": lambda b: b["Labels"].__setitem__("hanare.person", "rin"),
    "another project": lambda b: b["Labels"].__setitem__("hanare.project", "p-b"),
    "another number": lambda b: b["Labels"].__setitem__("hanare.number", "8"),
    "a number written otherwise": lambda b: b["Labels"].__setitem__("hanare.number", "07"),
    "another workspace": lambda b: b["Labels"].__setitem__("hanare.workspace", "0" * 12),
    "one more label": lambda b: b["Labels"].__setitem__("x", "y"),
    "no labels": lambda b: b.pop("Labels"),
    "another kind": lambda b: b["Labels"].__setitem__("hanare.kind", "kernel"),
    "no host settings": lambda b: b.pop("HostConfig"),
    "a wider limit": host("PidsLimit", 129),
    "no limit": host("PidsLimit", None),
    "one for true": host("ReadonlyRootfs", 1),
    "another spelling": lambda b: b.__setitem__("user", "0:0"),
    "networking": lambda b: b.__setitem__("NetworkingConfig", {"EndpointsConfig": {"bridge": {}}}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_desk_that_differs_in_anything_is_refused(name: str) -> None:
    body = copy.deepcopy(dict(DESK.body))
    CHANGES[name](body)
    assert body != DESK.body or name == "one for true"
    assert create(HUB, body, DESK.name).status == 403


def test_the_name_belongs_to_the_plan() -> None:
    for name in ("", f"hanare-d-{HOME}-000000000000", f"hanare-d-{SESSION.wid}", OTHERS, KERNEL.name, "x"):
        assert create(HUB, DESK.body, name).status == 403


def test_a_key_that_stands_twice_is_refused() -> None:
    text = json.dumps(DESK.body).replace('{"Image"', '{"Image": "sha256:0", "Image"', 1)
    query = urlencode({"name": DESK.name})
    assert judge(HUB, "POST", "/containers/create", query, text.encode(), HOUSE).status == 403


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"1", b"{", b"\xff", b'{"Labels": 1}', b"[" * 5000])
def test_what_is_no_plan_is_refused(body: bytes) -> None:
    assert judge(HUB, "POST", "/containers/create", "name=x", body, HOUSE).status == 403


def test_a_body_that_is_too_long_is_refused_unread() -> None:
    body = json.dumps({**DESK.body, "x": "y" * BODY_MAX}).encode()
    assert judge(HUB, "POST", "/containers/create", "name=x", body, HOUSE).status == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/info"),
        ("GET", "/images/json"),
        ("POST", "/images/create"),
        ("POST", "/build"),
        ("POST", "/containers/{name}/exec"),
        ("POST", "/exec/abc/start"),
        ("POST", "/containers/{name}/attach"),
        ("GET", "/containers/{name}/archive"),
        ("PUT", "/containers/{name}/archive"),
        ("GET", "/containers/{name}/logs"),
        ("POST", "/containers/{name}/update"),
        ("POST", "/containers/{name}/rename"),
        ("POST", "/networks/none/connect"),
        ("POST", "/volumes/create"),
        ("POST", "/session"),
        ("POST", "/grpc"),
        ("POST", "/v1.41/v1.41/containers/create"),
        ("POST", "//containers/create"),
        ("POST", "/containers/create/"),
        ("POST", "/containers/../containers/create"),
        ("GET", "/v2.0/containers/json"),
        ("POST", "/version"),
        ("POST", "/_ping"),
        ("HEAD", "/version"),
        ("DELETE", "/containers/hanare-d-../x"),
        ("DELETE", "/containers/hanare-d-0123456789ab"),
        ("DELETE", "/containers/%68anare"),
        ("POST", "/hanare/workspaces/../x"),
        ("POST", "/hanare/workspaces/ABCDEF012345"),
        ("PUT", "/hanare/workspaces/0123456789ab"),
    ],
)
def test_every_other_request_is_refused(method: str, path: str) -> None:
    verdict = judge(HUB | WORKER, method, path.format(name=DESK.name), "", b"", HOUSE)
    assert verdict.deed is Deed.REFUSE


def test_docker_pys_own_forms_are_understood() -> None:
    target = f"/v1.41/containers/{DESK.name}"
    assert judge(HUB, "GET", "/version", "", b"", HOUSE).deed is Deed.VERSION
    assert judge(HUB, "GET", f"{target}/json", "", b"", HOUSE).deed is Deed.INSPECT
    assert judge(HUB, "POST", f"{target}/start", "", b"", HOUSE).deed is Deed.START
    assert judge(HUB, "POST", f"{target}/kill", "", b"", HOUSE).deed is Deed.KILL
    assert judge(HUB, "POST", f"{target}/kill", "signal=SIGKILL", b"", HOUSE).deed is Deed.KILL
    assert judge(HUB, "POST", f"{target}/kill", "signal=SIGSTOP", b"", HOUSE).deed is Deed.REFUSE
    assert judge(HUB, "DELETE", target, "v=True&link=False&force=True", b"", HOUSE).deed is Deed.REMOVE
    listing = urlencode(
        {"limit": -1, "all": 1, "size": 0, "trunc_cmd": 0, "filters": '{"label": ["hanare.workspace"]}'}
    )
    assert judge(HUB, "GET", "/v1.41/containers/json", listing, b"", HOUSE).label == "hanare.workspace"


@pytest.mark.parametrize(
    "filters",
    ["", "{}", "[]", '{"label": []}', '{"label": ["x"]}', '{"label": ["hanare.reader"]}', '{"name": ["x"]}'],
)
def test_a_listing_shows_the_peers_own_containers_only(filters: str) -> None:
    query = urlencode({"filters": filters})
    assert judge(HUB, "GET", "/containers/json", query, b"", HOUSE).deed is Deed.REFUSE


def test_folders_are_made_for_the_hub_alone() -> None:
    path = f"/hanare/workspaces/{SESSION.wid}"
    verdict = judge(HUB, "POST", path, "", b'{"number": 7}', HOUSE)
    assert (verdict.deed, verdict.target, verdict.number) == (Deed.MAKE_FOLDERS, SESSION.wid, 7)
    assert judge(HUB, "DELETE", path, "", b"", HOUSE).deed is Deed.REMOVE_FOLDERS
    for body in (b"", b"{}", b'{"number": true}', b'{"number": "7"}', b'{"number": 7, "mode": 511}'):
        assert judge(HUB, "POST", path, "", body, HOUSE).deed is Deed.REFUSE
    assert judge(WORKER, "POST", path, "", b'{"number": 7}', HOUSE).deed is Deed.REFUSE


def test_only_a_container_of_ours_is_acted_upon() -> None:
    ours = inspected(copy.deepcopy(dict(DESK.body)), DESK.name)
    assert judge_target(HUB, ours, HOME).target == "a" * 64
    assert not judge_target(WORKER, ours, HOME).allowed
    assert not judge_target(NOBODY, ours, HOME).allowed
    assert not judge_target(HUB, {}, HOME).allowed
    changes: tuple[Callable[[dict[str, Any]], object], ...] = (
        lambda d: d.__setitem__("Name", "/postgres"),
        lambda d: d.__setitem__("Name", f"/{KERNEL.name}"),
        lambda d: d.__setitem__("Name", f"/hanare-d-{HOME}-000000000000"),
        lambda d: d.__setitem__("Name", f"/{OTHERS}"),
        lambda d: d["Config"].__setitem__("Labels", None),
        lambda d: d["Config"]["Labels"].pop("hanare.kind"),
        lambda d: d["Config"]["Labels"].__setitem__("hanare.home", "0" * 12),
        lambda d: d["Config"]["Labels"].__setitem__("hanare.kind", "reader"),
    )
    for change in changes:
        other = copy.deepcopy(ours)
        change(other)
        assert not judge_target(HUB | WORKER, other, HOME).allowed
