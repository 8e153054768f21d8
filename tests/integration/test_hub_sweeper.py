"""What must not live is ended: the ineligible, the orphans, the strays, and nothing else."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from enclave.adapters.ledger_tables import LedgerTables
from enclave.errors import UnavailableError
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind
from enclave.projects import Cohort, ProjectPermit
from enclave.sentences import say
from hub import workspaces
from hub.sessions_house import workspace_id
from hub.spawner import Keeper
from hub.sweeper import every, sweep
from hub.workspaces_extracts import Extract
from tests.support.houses import SqliteHouse
from tests.support.hub_plans import HOUSE, TOKEN

ENDS = date(2027, 3, 31)
MEI, RIN = workspace_id("mei", "p-a"), workspace_id("rin", "p-a")


@dataclass
class Engine:
    """Containers by name, as the gate would show them; what is taken down is gone."""

    containers: dict[str, str] = field(default_factory=dict)
    down: list[str] = field(default_factory=list)

    @property
    def gate(self) -> "Engine":
        return self

    def workspace_containers(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.containers.items())

    async def ask(self, call: Callable[..., Any], *arguments: object) -> Any:
        return call(*arguments)

    async def take_down(self, wid: str) -> None:
        self.down.append(wid)
        self.containers = {name: own for name, own in self.containers.items() if own != wid}


@dataclass
class Known:
    """The hub's servers."""

    running: set[tuple[str, str]] = field(default_factory=set)
    stopped: list[tuple[str, str]] = field(default_factory=list)

    def active(self, person: str, project: str) -> bool:
        return (person, project) in self.running

    async def stop(self, person: str, project: str) -> None:
        self.stopped.append((person, project))
        self.running.discard((person, project))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SqliteHouse]:
    made = SqliteHouse(tmp_path)
    with made.begin() as work:
        work.register.put_organisation(Organisation("univ", "大学", OrganisationKind.TYPE_TWO_USER, ENDS))
        for name in ("mei", "rin"):
            put_account(work, name, AccountState.ACTIVE)
        work.register.put_permit(
            ProjectPermit(
                "p-a",
                "題",
                "univ",
                ("mei", "rin"),
                "試験",
                {"t": ("c",)},
                Cohort(everyone=True),
                ENDS,
                ("table",),
            )
        )
    for name in ("mei", "rin"):
        workspaces.intend_start(made.database, HOUSE, name, "p-a", Extract("v1.duckdb", "0" * 64), TOKEN)
    yield made
    made.database.close()


def put_account(work: Any, name: str, state: AccountState) -> None:
    enrolled = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    work.register.put_account(
        Account(name, name, "univ", frozenset({Role.RESEARCHER}), state, ENDS, enrolled)
    )


def keeper_of(house: SqliteHouse, engine: Engine) -> Keeper:
    return Keeper(
        cast("Any", SimpleNamespace(database=house.database)), cast("Any", None), cast("Any", engine)
    )


def both_running() -> tuple[Engine, Known]:
    engine = Engine({f"hanare-{letter}-{wid}": wid for wid in (MEI, RIN) for letter in "dk"})
    return engine, Known({("mei", "p-a"), ("rin", "p-a")})


def live(house: SqliteHouse) -> set[str]:
    return {row.wid for row in workspaces.live(house.database)}


def test_what_may_live_is_left_alone(house: SqliteHouse) -> None:
    engine, known = both_running()
    asyncio.run(sweep(keeper_of(house, engine), known))
    assert engine.down == []
    assert live(house) == {MEI, RIN}


def test_the_ineligible_are_ended_and_nobody_else(house: SqliteHouse) -> None:
    engine, known = both_running()
    with house.begin() as work:
        put_account(work, "mei", AccountState.SUSPENDED)
    asyncio.run(sweep(keeper_of(house, engine), known))
    assert engine.down == [MEI]
    assert known.stopped == [("mei", "p-a")]
    assert live(house) == {RIN}


def test_whoever_begins_an_end_names_its_reason(house: SqliteHouse) -> None:
    """A poll that finds half a workspace while it is being taken down does not say why it ended."""

    @dataclass
    class Slow(Engine):
        async def take_down(self, wid: str) -> None:
            slow, self.down = not self.down, [*self.down, wid]
            await asyncio.sleep(
                0.2 if slow else 0
            )  # the first takes its time, the second finds nothing to do

    keeper = keeper_of(house, Slow())

    async def both() -> None:
        await asyncio.gather(keeper.end(MEI, "ineligible", "suspended"), keeper.end(MEI, "found_dead"))

    asyncio.run(both())
    with house.read() as looking:
        entries = LedgerTables(looking.connection, house.keyring, "o").entries()
        facts = [json.loads(e.data)["facts"] for e in entries if b'"workspace.start_undone"' in e.data]
    assert [(one["reason"], one["code"]) for one in facts] == [("ineligible", "suspended")]


def test_a_row_without_a_server_is_ended_unless_it_is_being_started(house: SqliteHouse) -> None:
    engine, known = both_running()
    known.running.clear()
    keeper = keeper_of(house, engine)
    keeper.starting.add(RIN)
    asyncio.run(sweep(keeper, known))
    assert engine.down == [MEI]
    assert live(house) == {RIN}


def test_a_container_without_a_row_is_removed(house: SqliteHouse) -> None:
    engine, known = both_running()
    engine.containers["hanare-k-0123456789ab"] = "0123456789ab"
    asyncio.run(sweep(keeper_of(house, engine), known))
    assert engine.down == ["0123456789ab"]


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
