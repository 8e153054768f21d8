"""How a transaction begins: the writer's lock at once, and a lock that is held is an error of the database's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from tests.support.houses import SqliteHouse
from tests.support.review_houses import sqlite_story


def _impatient(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=0")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SqliteHouse]:
    _, made = sqlite_story(tmp_path)
    made.database.engine.dispose()
    event.listen(made.database.engine, "connect", _impatient)
    yield made
    made.database.close()


def test_a_second_writer_is_told_before_it_reads_anything(house: SqliteHouse) -> None:
    with house.begin() as first:
        with pytest.raises(OperationalError), house.begin():
            raise AssertionError("two writers at once")
        first.record(EventDraft(Kind.CELL_OUTCOME, "mei", event_id="one"))
    with house.begin() as second:
        assert second.record(EventDraft(Kind.CELL_OUTCOME, "mei", event_id="one")) == 1


def test_who_only_looks_waits_for_no_writer_and_sees_the_state_before(house: SqliteHouse) -> None:
    with house.begin() as writer:
        writer.record(EventDraft(Kind.CELL_OUTCOME, "mei"))
        with house.read() as looking:
            found = looking.connection.exec_driver_sql("SELECT count(*) FROM ledger_leaf").scalar_one()
    assert found == 0
