"""Two homes on one engine, the same person in the same project with the same number in both.

Each has its own gate, and neither sees, stops or sweeps what is the other's: not by name, not by
the engine's id, not in a listing, and not when its sweeper thinks that nothing at all may live.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from docker.errors import APIError

from hub.sessions import ContainerPlan, Session, plan_desk, plan_kernel
from hub.sessions_house import House
from hub.sweeper import Sweeper
from hub.workspaces_effects import Effects
from hub.workspaces_end import Ender, Turns
from hub.workspaces_gate import GateClient
from tests.support.houses import SqliteHouse
from tests.support.hub_home import running_gate, temporary_home

SESSION = Session("mei", "p-a", 3, "v1.duckdb", "0123456789abcdef0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Home:
    """A home with its gate, and the workspace that runs in it."""

    gate: GateClient
    house: House
    folder: Path
    plans: tuple[ContainerPlan, ContainerPlan]

    @property
    def names(self) -> set[str]:
        return {plan.name for plan in self.plans}

    def start(self) -> None:
        self.gate.make_folders(SESSION.wid, SESSION.number)
        for plan in self.plans:
            self.gate.create(plan)
            self.gate.start(plan.name)

    def running(self) -> set[str]:
        return {name for name in self.names if self.gate.running(name)}


@pytest.fixture
def homes() -> Iterator[tuple[Home, Home]]:
    with ExitStack() as open_homes:
        made = []
        for _ in range(2):
            settings = open_homes.enter_context(temporary_home())
            (settings.extracts / "p-a").mkdir(parents=True)
            (settings.extracts / "p-a" / "v1.duckdb").write_bytes(b"x")
            (settings.intake_sockets / SESSION.wid).mkdir(mode=0o711)
            house = open_homes.enter_context(running_gate(settings)).get_house()
            plans = (plan_desk(house, SESSION), plan_kernel(house, SESSION))
            made.append(Home(GateClient(settings.gate_socket), house, settings.enclave_home, plans))
        for home in made:
            home.start()
        yield made[0], made[1]


def test_both_run_side_by_side_and_each_lists_its_own(homes: tuple[Home, Home]) -> None:
    for home in homes:
        assert home.running() == home.names
        assert {name for name, _ in home.gate.workspace_containers()} == home.names
    assert not homes[0].names & homes[1].names


def test_what_is_the_others_is_not_there(homes: tuple[Home, Home]) -> None:
    mine, theirs = homes
    ids = [str((theirs.gate.inspect(name) or {})["Id"]) for name in sorted(theirs.names)]
    for target in (*sorted(theirs.names), *ids):
        assert mine.gate.inspect(target) is None
        for act in ("start", "kill", "remove_container"):
            with pytest.raises(APIError) as refused:
                getattr(mine.gate.api, act)(target)
            assert refused.value.status_code == 404
    assert theirs.running() == theirs.names


def test_a_plan_of_the_others_is_not_created(homes: tuple[Home, Home]) -> None:
    mine, theirs = homes
    theirs.gate.remove(theirs.plans[1].name)
    with pytest.raises(APIError) as refused:
        mine.gate.api.create_container_from_config(dict(theirs.plans[1].body), theirs.plans[1].name)
    assert refused.value.status_code == 403
    assert theirs.gate.inspect(theirs.plans[1].name) is None


def test_a_sweeper_that_knows_no_workspace_ends_its_own_homes_alone(
    homes: tuple[Home, Home], tmp_path: Path
) -> None:
    mine, theirs = homes
    register = SqliteHouse(tmp_path)
    with ThreadPoolExecutor(2) as pool:
        effects = Effects(mine.gate, None, pool, mine.house.places)
        ender = Ender(register.database, effects, Turns(mine.folder / "run" / "turns"), 1.0)
        asyncio.run(Sweeper(register.database, ender, lambda: timedelta(hours=1)).whole())
    register.database.close()
    assert mine.gate.workspace_containers() == ()
    assert theirs.running() == theirs.names
    assert (theirs.folder / "workspaces" / SESSION.wid / "web").exists()
