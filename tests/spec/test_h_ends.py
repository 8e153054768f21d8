"""Who may no longer work here works no longer, whatever else is dead."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.workspace_tables import WorkspaceState, WorkspaceTables
from enclave.errors import DeniedError, TamperedError
from enclave.people import AccountState
from hub import workspaces
from hub.gate_judge import MAY, Deed, Peer, judge
from hub.host_baseline import EXCEPTABLE, HostFacts, missing, parse_exceptions
from hub.sessions import plan_desk
from hub.sessions_house import House
from hub.sweeper import QUICK_SECONDS, WHOLE_SECONDS, Sweeper
from hub.workspaces_end import Ender, Turns
from hub.workspaces_extracts import Extract, Extracts
from tests.support.adopted import adopt_policies
from tests.support.handed_over import PUBLIC, put_extract
from tests.support.houses import SqliteHouse
from tests.support.hub_plans import HOUSE, SESSION, TOKEN
from tests.support.people import MEI, settle

PROJECT = "p-diabetes"


class Engine:
    """Remembers what was killed."""

    def __init__(self) -> None:
        self.down: list[str] = []

    @property
    def gate(self) -> Any:
        return self

    def workspace_containers(self) -> tuple[tuple[str, str], ...]:
        return ()

    async def ask(self, call: Any, *arguments: object) -> Any:
        return call(*arguments)

    async def take_down(self, wid: str) -> None:
        self.down.append(wid)


def settled(folder: Path) -> SqliteHouse:
    house = SqliteHouse(folder)
    with house.begin() as work:
        settle(work)
        adopt_policies(work, HOUSE.policy_digest)
    return house


def start(house: SqliteHouse, plan: House = HOUSE) -> str:
    session = workspaces.intend_start(
        house.database, plan, "mei", PROJECT, Extract("v1.duckdb", "0" * 64), TOKEN
    )
    with house.begin() as work:
        WorkspaceTables(work.connection).put_live(session.wid)
    return session.wid


def sweeper_of(house: SqliteHouse, folder: Path) -> tuple[Sweeper, Engine]:
    engine, turns = Engine(), folder / "turns"
    turns.mkdir()
    ender = Ender(house.database, cast("Any", engine), Turns(turns), 1)
    return Sweeper(house.database, ender, lambda: timedelta(hours=4)), engine


@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.DISABLED])
def test_40_who_is_shut_out_loses_the_workspace_at_once(tmp_path: Path, state: AccountState) -> None:
    """A person who is suspended or disabled has no workspace a second's round later: it is killed, not asked; the hub and the portal are not needed for it."""
    house = settled(tmp_path)
    sweeper, engine = sweeper_of(house, tmp_path)
    wid = start(house)
    asyncio.run(sweeper.quick())
    assert engine.down == []
    with house.begin() as work:
        work.register.put_account(replace(MEI, state=state))
    asyncio.run(sweeper.quick())
    assert engine.down == [wid]
    assert workspaces.state_of(house.database, wid) is WorkspaceState.STOPPED
    assert QUICK_SECONDS <= 1
    assert WHOLE_SECONDS <= 15


def test_41_an_end_has_one_reason(tmp_path: Path) -> None:
    """Whoever ends a workspace first writes why before a container is touched, and nobody changes it; what is found dead of somebody who may no longer work is not called an accident."""
    house = settled(tmp_path)
    sweeper, _ = sweeper_of(house, tmp_path)
    wid = start(house)
    with house.begin() as work:
        work.register.put_account(replace(MEI, state=AccountState.SUSPENDED))
    asyncio.run(sweeper.ender.end(wid, "found_dead"))
    asyncio.run(sweeper.quick())
    with house.read() as work:
        entries = LedgerTables(work.connection, house.keyring, "o").entries()
        told = [json.loads(entry.data) for entry in entries]
    ends = [(e["kind"], e["facts"]["reason"], e["facts"]["code"]) for e in told if "reason" in e["facts"]]
    assert ends == [
        ("workspace.end_intended", "ineligible", "suspended"),
        ("workspace.stopped", "ineligible", "suspended"),
    ]


def test_42_the_sweeper_begins_nothing() -> None:
    """The process that ends what must not live can create no container, start none and make no folder."""
    assert not MAY[Peer.SWEEPER] & {Deed.CREATE, Deed.START, Deed.MAKE_FOLDERS}
    plan = plan_desk(HOUSE, SESSION)
    asked = judge(
        frozenset({Peer.SWEEPER}),
        "POST",
        "/containers/create",
        f"name={plan.name}",
        json.dumps(plan.body).encode(),
        HOUSE,
    )
    assert asked.deed is Deed.REFUSE


def test_43_a_host_below_the_baseline_starts_nothing(tmp_path: Path) -> None:
    """On a machine without AppArmor, Yama, seccomp or limits no workspace starts, unless an adopted policy names the first two with a reason and a source."""
    assert len(missing(HostFacts(), {})) == 5
    exempt = parse_exceptions(
        {"exceptions": {part.value: {"reason": "r", "source": "s"} for part in EXCEPTABLE}}
    )
    assert missing(HostFacts(), exempt) == ("seccomp", "memory_limit", "pids_limit")
    house = settled(tmp_path)
    for part in missing(HostFacts(), {}):
        with pytest.raises(DeniedError) as refused:
            start(house, replace(HOUSE, missing=(part,)))
        assert refused.value.code == f"host_{part}"


def test_44_nothing_starts_under_policies_that_nobody_adopted(tmp_path: Path) -> None:
    """A workspace starts only while the policies on the disk are byte for byte those that two people adopted."""
    house = settled(tmp_path)
    for digest in ("", "b" * 64):
        with pytest.raises(DeniedError) as refused:
            start(house, replace(HOUSE, policy_digest=digest))
        assert refused.value.code == "policy_not_adopted"
    start(house)


def test_45_what_is_mounted_is_what_was_built(tmp_path: Path) -> None:
    """A kernel is given an extract only when the producer's signature holds and its bytes are those that the ledger says were built."""
    put_extract(tmp_path, "p-a", "v1", b"rows")
    facts = json.loads((tmp_path / "p-a" / "v1.manifest.json").read_text())["manifest"]
    built = str(facts["content_sha256"])
    assert Extracts(tmp_path).get("p-a", lambda _: built).version == "v1"
    with pytest.raises(TamperedError):
        Extracts(tmp_path).get("p-a", lambda _: "0" * 64)
    (tmp_path / "producer.pub").write_bytes(PUBLIC[::-1])
    with pytest.raises(TamperedError):
        Extracts(tmp_path).get("p-a", lambda _: built)
    put_extract(tmp_path, "p-a", "v1", b"rows")
    (tmp_path / "p-a" / "v1.duckdb").write_bytes(b"rowz")
    with pytest.raises(TamperedError):
        Extracts(tmp_path).get("p-a", lambda _: built)
