"""What the display budget's store promises, asked of the fake and of the real tables alike."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from enclave.display import Channel, Incident, Lease, Outcome, Use
from enclave.ports import Work
from tests.support.fakes import START, FakeHouse
from tests.support.houses import SqliteHouse
from tests.support.postgres import running_postgres

HOUR = timedelta(hours=1)
TEXT, IMAGE = Channel.TEXT, Channel.IMAGE
LEASE = Lease("a" * 32, "mei", "p-a", TEXT, 500, START)
INCIDENT = Incident("i1", "mei", "p-a", IMAGE, START, START, 1, Outcome.PAUSED)


class House(Protocol):
    """What both kinds of house offer these tests."""

    def begin(self) -> AbstractContextManager[Work]: ...


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def house(request: Any, tmp_path: Path) -> Iterator[House]:
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    built: Any = FakeHouse() if request.param == "fake" else SqliteHouse(tmp_path, url)
    with built.begin() as work:
        work.keyring.make("house", "body")
    yield built
    if isinstance(built, SqliteHouse):
        built.database.close()


def test_use_is_added_up_over_projects_by_hour_and_channel(house: House) -> None:
    with house.begin() as work:
        assert work.displays.uses("mei", START) == ()
        for project in ("p-a", "p-b"):
            work.displays.add_use("mei", project, Use(START, TEXT, 100))
            work.displays.add_use("mei", project, Use(START + HOUR, IMAGE, 7))
        work.displays.add_use("mei", "p-a", Use(START, TEXT, -40))
        work.displays.add_use("mei", "p-a", Use(START - HOUR, TEXT, 5))
        work.displays.add_use("ken", "p-a", Use(START, TEXT, 1))
    with house.begin() as work:
        mine = (Use(START, TEXT, 160), Use(START + HOUR, IMAGE, 14))
        assert work.displays.uses("mei", START) == mine
        assert work.displays.uses("mei", START - HOUR) == (Use(START - HOUR, TEXT, 5), *mine)
        assert work.displays.uses("mei", START + 2 * HOUR) == ()
        assert work.displays.everyones_uses(START) == {"mei": mine, "ken": (Use(START, TEXT, 1),)}


def test_use_that_was_undone_did_not_happen(house: House) -> None:
    with pytest.raises(RuntimeError), house.begin() as work:
        work.displays.add_use("mei", "p-a", Use(START, TEXT, 100))
        work.displays.put_incident(INCIDENT)
        raise RuntimeError("power cut")
    with house.begin() as work:
        assert work.displays.uses("mei", START) == ()
        assert work.displays.incidents(10) == ()


def test_a_lease_belongs_to_one_person_and_project(house: House) -> None:
    with house.begin() as work:
        work.displays.put_lease(LEASE)
        work.displays.put_lease(replace(LEASE, project="p-b", granted=3))
        work.displays.put_lease(replace(LEASE, returned=20))
    with house.begin() as work:
        assert work.displays.find_lease("mei", "p-a", LEASE.id) == replace(LEASE, returned=20)
        found = work.displays.find_lease("mei", "p-b", LEASE.id)
        assert found == replace(LEASE, project="p-b", granted=3)
        assert work.displays.find_lease("ken", "p-a", LEASE.id) is None
        assert work.displays.find_lease("mei", "p-a", "b" * 32) is None


def test_old_leases_are_forgotten_and_their_use_is_not(house: House) -> None:
    with house.begin() as work:
        work.displays.put_lease(LEASE)
        work.displays.put_lease(replace(LEASE, id="b" * 32, at=START + HOUR))
        work.displays.add_use("mei", "p-a", Use(START, TEXT, 500))
        work.displays.drop_leases(START + HOUR)
        assert work.displays.find_lease("mei", "p-a", LEASE.id) is None
        assert work.displays.find_lease("mei", "p-a", "b" * 32) is not None
        assert work.displays.uses("mei", START) == (Use(START, TEXT, 500),)


def test_incidents_count_until_they_are_lifted(house: House) -> None:
    second = replace(INCIDENT, id="i2", first_at=START + HOUR, last_at=START + HOUR)
    others = replace(INCIDENT, id="i3", person="ken", first_at=START + 2 * HOUR)
    with house.begin() as work:
        for one in (second, INCIDENT, others):
            work.displays.put_incident(one)
        changed = replace(INCIDENT, attempts=4, last_at=START + timedelta(minutes=3))
        work.displays.put_incident(changed)
        work.displays.pause("mei", START + HOUR)
        work.displays.pause("ken", START + HOUR)
    with house.begin() as work:
        assert work.displays.open_incidents("mei") == (changed, second)
        assert work.displays.incidents(2) == (others, second)
        assert work.displays.lift("mei", START + HOUR) == 2
        assert work.displays.lift("mei", START + HOUR) == 0
    with house.begin() as work:
        assert work.displays.open_incidents("mei") == ()
        assert work.displays.open_incidents("ken") == (others,)
        lifted = [one for one in work.displays.incidents(9) if one.person == "mei"]
        assert [one.lifted_at for one in lifted] == [START + HOUR, START + HOUR]
        assert work.displays.paused_until("mei") is None
        assert work.displays.paused_until("ken") == START + HOUR


def test_the_last_pause_is_the_one_that_holds(house: House) -> None:
    with house.begin() as work:
        assert work.displays.paused_until("mei") is None
        work.displays.pause("mei", START)
        work.displays.pause("mei", START + HOUR)
        assert work.displays.paused_until("mei") == START + HOUR
