"""What must not live is ended: the ineligible, the idle, the half-ended, the strays, and nothing else."""

import asyncio
import fcntl
import json
import os
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.errors import UnavailableError
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind
from enclave.projects import Cohort, ProjectPermit
from enclave.sentences import say
from hub import servers, workspaces
from hub.sessions_house import workspace_id
from hub.spawner import Keeper
from hub.sweeper import Sweeper, every
from hub.workspaces_end import Ender, Turns
from hub.workspaces_extracts import Extract
from tests.support.adopted import adopt_policies
from tests.support.houses import SqliteHouse
from tests.support.hub_plans import HOUSE, TOKEN
from tests.support.people import contract_with

ENDS = date(2027, 3, 31)
MEI, RIN = workspace_id("mei", "p-a"), workspace_id("rin", "p-a")
STRAY = "0123456789ab"
HOME = HOUSE.places.home_id
IDLE = timedelta(hours=8)


@dataclass
class Engine:
    """Containers by name, as the gate would show them; what is taken down is gone."""

    containers: dict[str, str] = field(default_factory=dict)
    down: list[str] = field(default_factory=list)
    meanwhile: Callable[[str], Coroutine[Any, Any, None]] | None = None
    """What happens while a workspace is being taken down."""

    @property
    def gate(self) -> "Engine":
        return self

    def workspace_containers(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.containers.items())

    async def ask(self, call: Callable[..., Any], *arguments: object) -> Any:
        return call(*arguments)

    async def take_down(self, wid: str) -> None:
        self.down.append(wid)
        if self.meanwhile is not None:
            await self.meanwhile(wid)
        self.containers = {name: own for name, own in self.containers.items() if own != wid}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SqliteHouse]:
    made = SqliteHouse(tmp_path)
    with made.begin() as work:
        work.register.put_organisation(Organisation("univ", "大学", OrganisationKind.TYPE_TWO_USER, ENDS))
        work.register.put_contract(contract_with("univ"))
        adopt_policies(work, HOUSE.policy_digest)
        for name in ("mei", "rin"):
            put_account(work, name, AccountState.ACTIVE)
        permit = ProjectPermit(
            "p-a", "題", "univ", ("mei", "rin"), "試験", {"t": ("c",)}, Cohort(everyone=True), ENDS, ("table",)
        )  # fmt: skip
        work.register.put_permit(permit)
    for name in ("mei", "rin"):
        workspaces.intend_start(made.database, HOUSE, name, "p-a", Extract("v1.duckdb", "0" * 64), TOKEN)
        with made.begin() as work:
            WorkspaceTables(work.connection).put_live(workspace_id(name, "p-a"))
    yield made
    made.database.close()


def put_account(work: Any, name: str, state: AccountState, trained_until: date = ENDS) -> None:
    enrolled = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    roles = frozenset({Role.RESEARCHER})
    work.register.put_account(Account(name, name, "univ", roles, state, trained_until, enrolled))


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    folder = tmp_path / "turns"
    folder.mkdir()
    return folder


@pytest.fixture
def engine() -> Engine:
    return Engine({f"hanare-{letter}-{HOME}-{wid}": wid for wid in (MEI, RIN) for letter in "dk"})


@pytest.fixture
def ender(house: SqliteHouse, engine: Engine, turns: Path) -> Ender:
    return Ender(house.database, cast("Any", engine), Turns(turns), 0.1)


@pytest.fixture
def sweeper(house: SqliteHouse, ender: Ender) -> Sweeper:
    return Sweeper(house.database, ender, lambda: IDLE)


def live(house: SqliteHouse) -> set[str]:
    return {row.wid for row in workspaces.live(house.database)}


def ends(house: SqliteHouse) -> list[tuple[str, str, str]]:
    """Workspace, reason and code of every end that is done, in order."""
    with house.read() as looking:
        entries = LedgerTables(looking.connection, house.keyring, "o").entries()
        events = [json.loads(entry.data) for entry in entries]
    done = ("workspace.stopped", "workspace.start_undone")
    return [(e["subject"], e["facts"]["reason"], e["facts"]["code"]) for e in events if e["kind"] in done]


def suspend(house: SqliteHouse, name: str = "mei") -> None:
    with house.begin() as work:
        put_account(work, name, AccountState.SUSPENDED)


def test_what_may_live_is_left_alone(house: SqliteHouse, sweeper: Sweeper, engine: Engine) -> None:
    asyncio.run(sweeper.quick())
    asyncio.run(sweeper.whole())
    assert engine.down == []
    assert live(house) == {MEI, RIN}


def test_the_quick_round_ends_the_suspended_and_nobody_else(
    house: SqliteHouse, sweeper: Sweeper, engine: Engine
) -> None:
    suspend(house)
    asyncio.run(sweeper.quick())
    assert set(engine.down) == {MEI}
    assert live(house) == {RIN}
    assert ends(house) == [(MEI, "ineligible", "suspended")]


def test_the_whole_round_ends_who_lost_eligibility_in_any_other_way(
    house: SqliteHouse, sweeper: Sweeper
) -> None:
    with house.begin() as work:
        put_account(work, "mei", AccountState.ACTIVE, date(2020, 1, 1))
    asyncio.run(sweeper.quick())
    assert live(house) == {MEI, RIN}
    asyncio.run(sweeper.whole())
    assert ends(house) == [(MEI, "ineligible", "training_lapsed")]


def test_a_workspace_that_nobody_used_is_ended(house: SqliteHouse, sweeper: Sweeper) -> None:
    """mei's desk never reported, rin's did."""
    house.clock.forward(IDLE - timedelta(minutes=1))
    with house.begin() as work:
        WorkspaceTables(work.connection).put_active(RIN, work.now)
    asyncio.run(sweeper.whole())
    assert live(house) == {MEI, RIN}
    house.clock.forward(timedelta(minutes=1))
    asyncio.run(sweeper.whole())
    assert ends(house) == [(MEI, "idle", "")]


def test_a_container_without_a_row_is_removed(sweeper: Sweeper, engine: Engine) -> None:
    engine.containers[f"hanare-k-{HOME}-{STRAY}"] = STRAY
    asyncio.run(sweeper.whole())
    assert engine.down == [STRAY]


def test_an_end_whose_process_died_is_finished_for_its_own_reason(
    house: SqliteHouse, sweeper: Sweeper, engine: Engine
) -> None:
    workspaces.begin_end(house.database, MEI, "stop")
    asyncio.run(sweeper.whole())
    assert set(engine.down) == {MEI}
    assert ends(house) == [(MEI, "stop", "")]


def test_one_that_cannot_be_ended_holds_up_no_other(
    house: SqliteHouse, sweeper: Sweeper, engine: Engine
) -> None:
    async def meanwhile(wid: str) -> None:
        if wid == MEI:
            raise UnavailableError("gate_refused", say("No."))

    engine.meanwhile = meanwhile
    suspend(house)
    suspend(house, "rin")
    with pytest.raises(UnavailableError):
        asyncio.run(sweeper.quick())
    assert live(house) == {MEI}
    engine.meanwhile = None
    asyncio.run(sweeper.quick())
    assert live(house) == set()
    assert {e[1:] for e in ends(house)} == {("ineligible", "suspended")}


# ---------------------------------------------------------------- two processes, one workspace


def test_a_poll_in_the_middle_of_an_end_does_not_say_why_it_ended(
    house: SqliteHouse, ender: Ender, engine: Engine, turns: Path
) -> None:
    """The other process finds half a workspace while this one takes it down."""
    other = Ender(house.database, cast("Any", Engine()), Turns(turns), 5)
    polls: list[asyncio.Task[None]] = []

    async def meanwhile(wid: str) -> None:
        polls.append(asyncio.create_task(other.end(wid, "found_dead")))
        await asyncio.sleep(0.1)

    async def both() -> None:
        engine.meanwhile = meanwhile
        await ender.end(MEI, "ineligible", "suspended")
        await asyncio.gather(*polls)

    asyncio.run(both())
    assert ends(house) == [(MEI, "ineligible", "suspended")]
    assert cast("Any", other.effects).down == []


def test_a_poll_that_is_first_says_ineligible_of_the_suspended(
    house: SqliteHouse, ender: Ender, sweeper: Sweeper
) -> None:
    suspend(house)
    asyncio.run(ender.end(MEI, "found_dead"))
    asyncio.run(sweeper.quick())
    assert ends(house) == [(MEI, "ineligible", "suspended")]


def test_who_hangs_with_the_turn_keeps_nothing_alive_and_has_not_the_last_word(
    house: SqliteHouse, sweeper: Sweeper, engine: Engine, turns: Path
) -> None:
    """Control: the lock is held by somebody who never gives it back."""
    suspend(house)
    held = os.open(turns / f"{MEI}.turn", os.O_CREAT | os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    asyncio.run(sweeper.quick())
    assert not any(wid == MEI for wid in engine.containers.values())
    assert ends(house) == []
    os.close(held)
    asyncio.run(sweeper.quick())
    assert ends(house) == [(MEI, "ineligible", "suspended")]


def test_a_start_during_the_sweep_of_strays_is_left_alone(
    house: SqliteHouse, ender: Ender, engine: Engine, turns: Path
) -> None:
    held = os.open(turns / f"{STRAY}.turn", os.O_CREAT | os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    asyncio.run(ender.remove_stray(STRAY))
    assert engine.down == []
    os.close(held)
    asyncio.run(ender.remove_stray(MEI))
    assert engine.down == []
    asyncio.run(ender.remove_stray(STRAY))
    assert engine.down == [STRAY]


def test_a_failed_start_leaves_nothing_even_when_somebody_else_ended_it(
    house: SqliteHouse, ender: Ender, engine: Engine
) -> None:
    asyncio.run(ender.end(MEI, "ineligible", "suspended"))
    asyncio.run(ender.undo_start(MEI, "start_failed", "not_up"))
    assert engine.down == [MEI, MEI]
    assert ends(house) == [(MEI, "ineligible", "suspended")]


# ---------------------------------------------------------------- the hub's own sweep


@dataclass
class Known:
    """The hub's servers."""

    running: set[tuple[str, str]]

    def active(self, person: str, project: str) -> bool:
        return (person, project) in self.running


def test_a_row_without_a_server_is_ended_unless_it_is_being_started(house: SqliteHouse, ender: Ender) -> None:
    foundation = SimpleNamespace(database=house.database)
    nothing = cast("Any", None)
    keeper = Keeper(cast("Any", foundation), nothing, ender.effects, ender, nothing, HOUSE.places)
    asyncio.run(servers.sweep(keeper, Known({("mei", "p-a"), ("rin", "p-a")})))
    assert live(house) == {MEI, RIN}
    keeper.starting.add(RIN)
    asyncio.run(servers.sweep(keeper, Known(set())))
    assert ends(house) == [(MEI, "no_server", "")]
    assert live(house) == {RIN}


def test_a_sweep_that_fails_is_tried_again() -> None:
    times: list[int] = []
    third = asyncio.Event()

    async def act() -> None:
        times.append(1)
        if len(times) == 1:
            raise UnavailableError("gate_refused", say("No."))
        if len(times) == 2:
            raise RuntimeError("unforeseen")
        third.set()

    async def three_times() -> None:
        task = asyncio.create_task(every(0.001, act))
        await third.wait()
        task.cancel()

    asyncio.run(asyncio.wait_for(three_times(), 10))
    assert len(times) >= 3
