"""Whatever is asked for, what the gate creates is one of its own plans above the baseline."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub import isolation
from hub.gate_judge import Deed, Peer, judge, judge_target
from hub.sessions import ContainerPlan, plan_desk, plan_kernel, plan_reader
from tests.support.hub_plans import HOUSE, SESSION, inspected

PLANS = (plan_desk(HOUSE, SESSION), plan_kernel(HOUSE, SESSION), plan_reader(HOUSE, "job-1"))
BOTH = frozenset(Peer)
_LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["host", "bridge", "ALL", "0:0", "/"])
)
JSON = st.recursive(
    _LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        found += paths(item, (*here, key))
    return found


@st.composite
def mutilated(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    plan = draw(st.sampled_from(PLANS))
    body = copy.deepcopy(dict(plan.body))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(paths(body)))
        holder: Any = body
        for key in path[:-1]:
            holder = holder[key]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "remove":
                del holder[path[-1]]
            case "add" if isinstance(holder, dict):
                holder[
                    draw(st.sampled_from(["Privileged", "CapAdd", "Binds", "PidMode", "Devices", "x"]))
                ] = draw(JSON)
            case "add":
                holder.append(draw(JSON))
            case _:
                holder[path[-1]] = draw(JSON)
        if not body:
            break
    return plan.name, body


def hold(name: str, body: Any) -> None:
    verdict = judge(
        BOTH, "POST", "/v1.41/containers/create", f"name={name}", json.dumps(body).encode(), HOUSE
    )
    if verdict.deed is Deed.CREATE:
        assert verdict.plan is not None
        assert json.dumps(verdict.plan.body, sort_keys=True) == json.dumps(body, sort_keys=True)
        assert isolation.shortfalls(verdict.plan.body, HOUSE.images.all, HOUSE.places.home) == ()
    else:
        assert verdict.status in (403, 503)


@given(mutilated())
@settings(max_examples=300, deadline=None)
def test_a_mutilated_plan_is_refused_or_is_a_plan(asked: tuple[str, dict[str, Any]]) -> None:
    hold(*asked)


@given(st.sampled_from([p.name for p in PLANS]), JSON)
@settings(max_examples=200, deadline=None)
def test_any_json_is_answered_with_a_verdict(name: str, body: object) -> None:
    hold(name, body)


WORDS = st.sampled_from(
    ["containers", "create", "json", "start", "kill", "hanare", "workspaces", SESSION.wid, "v1.41", "x"]
    + [plan.name for plan in PLANS]
)
PATHS = st.lists(WORDS, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts)) | st.text(
    max_size=60
)
BODIES = st.sampled_from([json.dumps(plan.body).encode() for plan in PLANS]) | st.sampled_from(
    [b"", b'{"number": 7}', b'{"Detach": false}']
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
QUERIES = st.sampled_from(["", "force=1&v=1", "signal=KILL", *(f"name={plan.name}" for plan in PLANS)])
ENDS_OR_LOOKS = {
    Deed.PING, Deed.VERSION, Deed.LIST, Deed.INSPECT, Deed.KILL, Deed.REMOVE, Deed.REMOVE_FOLDERS, Deed.REFUSE
}  # fmt: skip


@given(METHODS, PATHS, QUERIES, BODIES)
@settings(max_examples=600, deadline=None)
def test_whatever_the_sweeper_asks_it_begins_nothing(method: str, path: str, query: str, body: bytes) -> None:
    sweeper = frozenset({Peer.SWEEPER})
    assert judge(sweeper, method, path, query, body, HOUSE).deed in ENDS_OR_LOOKS


@given(st.sampled_from(list(Deed)), st.sampled_from(PLANS), st.frozensets(st.sampled_from(list(Peer))))
@settings(max_examples=300, deadline=None)
def test_peers_together_may_no_more_than_one_of_them(
    deed: Deed, plan: ContainerPlan, peers: frozenset[Peer]
) -> None:
    """At demo strength one user is several peers: what none of them may, they may not together."""
    report = inspected(copy.deepcopy(dict(plan.body)), plan.name)
    alone = any(judge_target(frozenset({peer}), report, HOUSE.places.home_id, deed).allowed for peer in peers)
    assert judge_target(peers, report, HOUSE.places.home_id, deed).allowed == alone


@given(st.text(max_size=40), st.text(max_size=60), st.text(max_size=40), st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_request_of_nobody_is_refused(method: str, path: str, query: str, body: bytes) -> None:
    assert not judge(frozenset(), method, path, query, body, HOUSE).allowed
