"""An extract that holds somebody who opted out: used for the policy's days, and not a moment longer."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from catalog.adapters.stale_tables import StaleTables
from catalog.optouts import Stale
from enclave.errors import DeniedError
from enclave.projects import Cohort, ProjectPermit
from hub import workspaces
from hub.doctor_checks import check_stale
from hub.host_baseline import State
from hub.sessions import Session
from hub.workspaces_extracts import Extract
from tests.support.adopted import adopt_policies
from tests.support.fakes import START
from tests.support.houses import SqliteHouse
from tests.support.hub_plans import HOUSE, TOKEN
from tests.support.people import settle

PROJECT, DAYS = "p-a", timedelta(days=30)
DUE = START + DAYS
MOMENT = timedelta(microseconds=1)


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[SqliteHouse]:
    made = SqliteHouse(tmp_path)
    with made.begin() as work:
        settle(work)
        adopt_policies(work, HOUSE.policy_digest)
        work.register.put_permit(
            ProjectPermit(
                PROJECT, "題", "daigaku", ("mei",), "試験", {"t": ("c",)}, Cohort(everyone=True),
                date(2027, 3, 31), ("table",),
            )
        )  # fmt: skip
        made.keyring.make(PROJECT, "body")
        StaleTables(work.connection).put(Stale(PROJECT, "v1", START, DUE))
    yield made
    made.database.close()


def start(house: SqliteHouse, version: str = "v1") -> Session:
    extract = Extract(f"{version}.duckdb", "a" * 64)
    return workspaces.intend_start(house.database, HOUSE, "mei", PROJECT, extract, TOKEN)


def test_until_it_is_due_a_stale_extract_may_be_used(house: SqliteHouse) -> None:
    house.clock.at = DUE - MOMENT
    assert start(house).project == PROJECT


@pytest.mark.parametrize("late", [timedelta(0), MOMENT, timedelta(days=40)])
def test_when_it_is_due_nothing_starts_on_it_and_that_is_on_record(
    house: SqliteHouse, late: timedelta
) -> None:
    house.clock.at = DUE + late
    with pytest.raises(DeniedError) as refused:
        start(house)
    assert refused.value.code == "extract_overdue"
    assert workspaces.live(house.database) == ()
    with house.read() as work:
        kinds = [str(row[0]) for row in work.connection.exec_driver_sql("SELECT kind FROM ledger_leaf")]
    assert kinds == ["workspace.refused"]


def test_the_version_that_was_built_since_may_be_used(house: SqliteHouse) -> None:
    house.clock.at = DUE + DAYS
    assert start(house, "v2").extract == "v2.duckdb"


def test_it_is_this_projects_mark_alone(house: SqliteHouse) -> None:
    with house.begin() as work:
        StaleTables(work.connection).clear(PROJECT, ["v1"])
        StaleTables(work.connection).put(Stale("p-other", "v1", START, DUE))
    house.clock.at = DUE + DAYS
    assert start(house)


def test_the_doctor_says_when_a_rebuild_is_due_and_is_red_when_it_is_overdue(house: SqliteHouse) -> None:
    with house.read() as work:
        stale = StaleTables(work.connection).all()
    assert check_stale((), DUE).state is State.GREEN
    coming = check_stale(stale, DUE - MOMENT)
    assert (coming.state, coming.seen.values["due"]) == (State.ADVISED, DUE.date().isoformat())
    assert check_stale(stale, DUE).state is State.RED
    assert PROJECT not in check_stale(stale, DUE).seen.en, "a finding names no project"
