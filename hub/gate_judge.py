"""What the docker gate lets through: one pure decision per request.

Closed by default: a request is refused unless a row here answers for it, and what goes on to
Docker is written anew from the verdict, never copied from the request. The hub's user may
speak of desks and kernels, the worker's of readers, the sweeper's of desks and kernels too but
only to end them, anybody else of nothing. A container is
created only when name and whole body equal the plan that the gate makes itself from the
request's labels; the one thing taken over is the desk's token, which must have a token's form.
An id or a name is acted upon only after Docker's own answer says that it is one of ours
(``judge_target``).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from enclave.errors import InvalidInputError
from hub import isolation
from hub.sessions import ContainerPlan, Session, plan_desk, plan_kernel, plan_reader, plan_recount
from hub.sessions_house import House, check_workspace_id

BODY_MAX = 64 * 1024
_NAME = re.compile(r"hanare-([dkr])-([0-9a-f]{12})-([a-z0-9][a-z0-9-]{0,39})")
_TARGET = re.compile(rf"{_NAME.pattern}|[0-9a-f]{{64}}")
_VERSION = re.compile(r"/v1\.\d{1,3}(?=/)")
_TOKEN = "JUPYTERHUB_API_TOKEN="  # noqa: S105  a variable's name


class Peer(StrEnum):
    """Who speaks, by the uid that the kernel reports."""

    HUB = "hub"
    WORKER = "worker"
    SWEEPER = "sweeper"


class Deed(StrEnum):
    """What a verdict lets happen."""

    PING = "ping"
    VERSION = "version"
    LIST = "list"
    CREATE = "create"
    START = "start"
    KILL = "kill"
    INSPECT = "inspect"
    REMOVE = "remove"
    MAKE_FOLDERS = "make_folders"
    REMOVE_FOLDERS = "remove_folders"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a request; a refusal carries status and reason."""

    deed: Deed
    status: int = 200
    message: str = ""
    target: str = ""
    """A container's name or id, or a workspace id."""
    plan: ContainerPlan | None = None
    number: int = 0
    label: str = ""
    """The label that a listing is limited to."""

    @property
    def allowed(self) -> bool:
        return self.deed is not Deed.REFUSE


KINDS: Mapping[Peer, frozenset[str]] = {
    Peer.HUB: frozenset({"desk", "kernel"}),
    Peer.WORKER: frozenset({"reader", "recount"}),
    Peer.SWEEPER: frozenset({"desk", "kernel"}),
}
"""Of which containers a peer may speak."""
LABEL: Mapping[Peer, str] = {
    Peer.HUB: "hanare.workspace",
    Peer.WORKER: "hanare.reader",
    Peer.SWEEPER: "hanare.workspace",
}
_OF_CONTAINERS = frozenset({Deed.LIST, Deed.CREATE, Deed.START, Deed.KILL, Deed.INSPECT, Deed.REMOVE})
MAY: Mapping[Peer, frozenset[Deed]] = {
    Peer.HUB: _OF_CONTAINERS | {Deed.MAKE_FOLDERS, Deed.REMOVE_FOLDERS},
    Peer.WORKER: _OF_CONTAINERS,
    Peer.SWEEPER: _OF_CONTAINERS - {Deed.CREATE, Deed.START} | {Deed.REMOVE_FOLDERS},
}
"""What a peer may do, besides asking whether the engine is there: the sweeper ends and begins nothing."""
UNKNOWN = "This is not a request that the gate knows."
NOTHING_STARTS = (
    "The images are not known, or this machine lacks a part of the host baseline that no policy excepts."
)
ACTS: Mapping[tuple[str, ...], tuple[Deed, Mapping[str, frozenset[str]]]] = {
    ("GET", "json"): (Deed.INSPECT, {}),
    ("POST", "start"): (Deed.START, {}),
    ("POST", "kill"): (Deed.KILL, {"signal": frozenset({"KILL", "SIGKILL", "9"})}),
    ("DELETE",): (
        Deed.REMOVE,
        {name: frozenset({"true", "True", "1", "false", "False", "0"}) for name in ("v", "link", "force")},
    ),
}
"""What may be done to a container, with the query each takes; none of it is passed on."""
_LETTER = {"desk": "d", "kernel": "k", "reader": "r", "recount": "r"}


def refuse(message: str, status: int = 403) -> Verdict:
    """A refusal."""
    return Verdict(Deed.REFUSE, status, message)


def judge(
    peers: frozenset[Peer], method: str, path: str, query: str, body: bytes, house: House | None
) -> Verdict:
    """The verdict on one request. ``house`` is None when it cannot be read, or the images are not known (yet)."""
    if not peers:
        return refuse("This user may not speak to the gate.")
    path = _VERSION.sub("", path, count=1)
    if path in ("/_ping", "/version") and not body:
        if method == "GET" or (method == "HEAD" and path == "/_ping"):
            return Verdict(Deed.PING if path == "/_ping" else Deed.VERSION)
        return refuse(UNKNOWN)
    try:
        return _judge(peers, method, path, dict(parse_qsl(query, keep_blank_values=True)), body, house)
    except (InvalidInputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return refuse("The request does not have the form that requests to the gate have.")


def _judge(
    peers: frozenset[Peer], method: str, path: str, query: Mapping[str, str], body: bytes, house: House | None
) -> Verdict:
    parts = path.split("/")[1:]
    match (method, parts):
        case ("GET", ["containers", "json"]):
            return _list(peers, query)
        case ("POST", ["containers", "create"]):
            return _create(peers, query, body, house)
        case (("POST" | "DELETE"), ["hanare", "workspaces", wid]):
            deed = Deed.REMOVE_FOLDERS if method == "DELETE" else Deed.MAKE_FOLDERS
            return _folders(method, wid, body) if who_may(peers, deed) else refuse(UNKNOWN)
        case (_, ["containers", target, *what]) if (method, *what) in ACTS:
            deed, known = ACTS[(method, *what)]
            fits = all(value in known.get(name, ()) for name, value in query.items())
            return _act(deed, target) if fits and who_may(peers, deed) else refuse(UNKNOWN)
    return refuse(UNKNOWN)


def who_may(peers: frozenset[Peer], deed: Deed, kind: str | None = None) -> frozenset[Peer]:
    """Those of the peers that may do this, to containers of this kind."""
    return frozenset(p for p in peers if deed in MAY[p] and (kind is None or kind in KINDS[p]))


def _act(deed: Deed, target: str) -> Verdict:
    if not _TARGET.fullmatch(target):
        return refuse("No container of the house has this name.", 404)
    return Verdict(deed, target=target)


def _list(peers: frozenset[Peer], query: Mapping[str, str]) -> Verdict:
    """A listing of containers with one label of the peer's, and no other."""
    filters = json.loads(query.get("filters", "{}"))
    wanted = filters.get("label") if set(filters) == {"label"} else None
    labels = list(wanted) if isinstance(wanted, (list, dict)) else []
    if len(labels) != 1:
        return refuse("A listing needs exactly one label of the house.")
    name = labels[0].partition("=")[0]
    if name not in {LABEL[peer] for peer in who_may(peers, Deed.LIST)}:
        return refuse("A listing needs exactly one label of the house.")
    return Verdict(Deed.LIST, label=labels[0])


def _create(peers: frozenset[Peer], query: Mapping[str, str], body: bytes, house: House | None) -> Verdict:
    if house is None or house.missing:
        return refuse(NOTHING_STARTS, 503)
    if len(body) > BODY_MAX or set(query) - {"name", "platform"} or query.get("platform"):
        return refuse("The request does not have the form that requests to the gate have.")
    asked = json.loads(body, object_pairs_hook=_once)
    kind = asked["Labels"]["hanare.kind"]
    if not who_may(peers, Deed.CREATE, kind):
        return refuse("This user may not create containers of this kind.")
    plan = _plan(kind, asked, house)
    if query.get("name") != plan.name or not _same(asked, plan.body):
        return refuse("The container asked for is not the one that was planned.")
    if isolation.shortfalls(plan.body, house.images.all, house.places.home, apparmor=house.apparmor):
        return refuse("The container planned falls short of the baseline.")
    return Verdict(
        Deed.CREATE, target=plan.name, plan=plan, number=int(asked["Labels"].get("hanare.number", "0"))
    )


def _plan(kind: str, asked: Mapping[str, Any], house: House) -> ContainerPlan:
    """The gate's own plan, from the labels alone (and the token, of a desk)."""
    labels = asked["Labels"]
    if kind == "reader":
        return plan_reader(house, labels["hanare.reader"])
    if kind == "recount":
        return plan_recount(
            house, labels["hanare.reader"], labels["hanare.project"], labels["hanare.extract"]
        )
    number = labels["hanare.number"]
    if not re.fullmatch(r"[1-9]\d{0,5}", number):
        raise ValueError("a number")
    tokens = (
        [e.removeprefix(_TOKEN) for e in asked["Env"] if e.startswith(_TOKEN)] if kind == "desk" else [""]
    )
    (token,) = tokens
    session = Session(
        labels["hanare.person"],
        labels["hanare.project"],
        int(number),
        labels["hanare.extract"] or None,
        token,
    )
    return plan_desk(house, session) if kind == "desk" else plan_kernel(house, session)


def _same(asked: object, planned: object) -> bool:
    """Equal as JSON is equal: true is not 1, and nothing is left out or added."""
    return json.dumps(asked, sort_keys=True) == json.dumps(planned, sort_keys=True)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _folders(method: str, wid: str, body: bytes) -> Verdict:
    check_workspace_id(wid)
    if method == "DELETE":
        return Verdict(Deed.REMOVE_FOLDERS, target=wid)
    document = json.loads(body, object_pairs_hook=_once)
    if set(document) != {"number"} or type(document["number"]) is not int:
        return refuse("The request does not have the form that requests to the gate have.")
    return Verdict(Deed.MAKE_FOLDERS, target=wid, number=document["number"])


def judge_target(
    peers: frozenset[Peer], inspected: Mapping[str, Any], home_id: str, deed: Deed = Deed.INSPECT
) -> Verdict:
    """Whether a container, as Docker describes it, is of this home and this peer's to act upon."""
    name = _NAME.fullmatch(str(inspected.get("Name", "")).removeprefix("/"))
    labels = (inspected.get("Config") or {}).get("Labels") or {}
    kind = labels.get("hanare.kind")
    if name is None or not who_may(peers, deed, str(kind)) or _LETTER.get(str(kind)) != name[1]:
        return refuse("No container of the house has this name.", 404)
    if labels.get("hanare.home") != home_id or name[2] != home_id:
        return refuse("No container of the house has this name.", 404)
    own = labels.get("hanare.reader") if kind in KINDS[Peer.WORKER] else labels.get("hanare.workspace")
    if own != name[3]:
        return refuse("No container of the house has this name.", 404)
    return Verdict(Deed.INSPECT, target=str(inspected.get("Id", "")))
