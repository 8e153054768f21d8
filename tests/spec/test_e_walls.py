"""Researcher code runs where there is no network, and data is never where a network is."""

import copy
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import ColumnClass
from catalog.view_compiler import compile_view
from hub.gate_judge import Deed, Peer, judge
from hub.sessions import plan_desk, plan_kernel, plan_reader
from tests.support.hub_plans import HOUSE, SESSION, TOKEN

PLANS = (plan_desk(HOUSE, SESSION), plan_kernel(HOUSE, SESSION), plan_reader(HOUSE, "job-1"))
DESK, KERNEL, READER = PLANS


def mounts(body: Any) -> dict[str, bool]:
    """Place in the container, and whether it can be written."""
    return {m["Target"]: not m.get("ReadOnly", False) for m in body["HostConfig"]["Mounts"]}


@pytest.mark.parametrize("plan", PLANS, ids=["desk", "kernel", "reader"])
def test_30_no_container_has_a_network(plan: Any) -> None:
    """Desk, kernel and reader have no network, no capability, no new privileges, a read-only root, limits, and a closed list of system calls."""
    host = plan.body["HostConfig"]
    assert host["NetworkMode"] == "none"
    assert (host["CapDrop"], host["ReadonlyRootfs"]) == (["ALL"], True)
    assert any(option.startswith("no-new-privileges") for option in host["SecurityOpt"])
    (listed,) = [json.loads(o.partition("=")[2]) for o in host["SecurityOpt"] if o.startswith("seccomp=")]
    assert listed["defaultAction"] == "SCMP_ACT_ERRNO"
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0


def test_31_what_speaks_http_sees_no_data() -> None:
    """The desk has no extract; the kernel has it read-only, and no socket of the hub or of intake."""
    desk, kernel = mounts(DESK.body), mounts(KERNEL.body)
    assert not any(place.startswith("/data") for place in desk)
    assert [writable for place, writable in kernel.items() if place.startswith("/data")] == [False]
    assert not {"/run/hub", "/run/intake", "/run/web"} & set(kernel)


def test_32_a_kernel_has_no_token() -> None:
    """The desk's token is nowhere in what the kernel container is started with."""
    assert TOKEN in json.dumps(DESK.body)
    assert TOKEN not in json.dumps(KERNEL.body)
    assert "TOKEN" not in json.dumps(KERNEL.body["Env"])


def changes(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with one thing different, or one thing more, at every place of its host configuration."""
    for name in body["HostConfig"]:
        changed = copy.deepcopy(body)
        changed["HostConfig"][name] = "changed"
        yield changed
    for name, value in (
        ("Privileged", True),
        ("PidMode", "host"),
        ("CapAdd", ["SYS_ADMIN"]),
        ("Devices", ["/dev/kvm"]),
    ):
        changed = copy.deepcopy(body)
        changed["HostConfig"][name] = value
        yield changed
    for name in ("Image", "User", "Cmd", "Env", "Entrypoint"):
        yield {**copy.deepcopy(body), name: "changed"}


@pytest.mark.parametrize(
    ("plan", "peer"),
    [(DESK, Peer.HUB), (KERNEL, Peer.HUB), (READER, Peer.WORKER)],
    ids=["desk", "kernel", "reader"],
)
def test_33_the_gate_starts_what_it_planned_itself(plan: Any, peer: Peer) -> None:
    """The docker gate starts a container only when its whole specification equals the gate's own plan, and for the right caller only."""

    def asked(body: object, peers: frozenset[Peer]) -> Deed:
        query = urlencode({"name": plan.name})
        return judge(peers, "POST", "/containers/create", query, json.dumps(body).encode(), HOUSE).deed

    assert asked(plan.body, frozenset({peer})) is Deed.CREATE
    assert asked(plan.body, frozenset(set(Peer) - {peer})) is Deed.REFUSE
    for changed in changes(dict(plan.body)):
        assert asked(changed, frozenset({peer})) is Deed.REFUSE


@pytest.mark.parametrize("position", ["output", "condition", "join", "order"])
def test_34_no_identifier_passes_a_view(position: str) -> None:
    """A view in which a direct identifier or free text stands, in its output, a condition, a join or an order, is refused."""
    forbidden = {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.FREE_TEXT}
    tried = 0
    for table in CANONICAL.tables.values():
        for column in table.columns:
            if column.column_class in forbidden:
                text = {
                    "output": f"SELECT {column.name} AS x FROM {table.name}",
                    "condition": f"SELECT count(*) AS n FROM {table.name} WHERE {column.name} IS NOT NULL",
                    "join": f"SELECT count(*) AS n FROM {table.name} a JOIN {table.name} b ON a.{column.name} = b.{column.name}",
                    "order": f"SELECT count(*) AS n FROM {table.name} GROUP BY {column.name} ORDER BY {column.name}",
                }[position]
                assert compile_view(text, CANONICAL).refusals, text
                tried += 1
    assert tried > 10
