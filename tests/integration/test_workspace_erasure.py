"""Erasing a workspace over a real database: who may, when, what is destroyed in which order, what is recorded."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from enclave.adapters import tables
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.errors import ConflictError, DeniedError, EnclaveError, NotFoundError, UnavailableError
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind
from enclave.use_cases.sign_in import SecondFactor
from hub import workspaces
from hub.disks import DiskState, key_purpose
from hub.disks_client import DisksClient
from hub.sessions import Session
from hub.sessions_house import workspace_id
from hub.workspaces_end import Turns
from hub.workspaces_erasure import Eraser
from hub.workspaces_keys import use_work_key
from tests.support.houses import SqliteHouse

ENDS = date(2027, 3, 31)
WID = workspace_id("mei", "p-a")
SESSION = Session("mei", "p-a", 1, "v1.duckdb", "x" * 32)
ROLES = {"mei": Role.RESEARCHER, "ota": Role.OPERATOR, "chie": Role.CHECKER}


class Disks:
    """Disks that say what was asked of them, and fail where they are told to."""

    def __init__(self, fails: str = "") -> None:
        self.fails = fails
        self.asked: list[str] = []

    def _answer(self, what: str) -> DiskState:
        if what == self.fails:
            raise UnavailableError("no_disks", workspaces.just_ended().sentence)
        self.asked.append(what)
        return DiskState()

    def state(self, _wid: str) -> DiskState:
        return self._answer("state")

    def erase(self, _wid: str) -> DiskState:
        return self._answer("erase")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SqliteHouse]:
    made = SqliteHouse(tmp_path)
    enrolled = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    with made.begin() as work:
        work.register.put_organisation(Organisation("univ", "大学", OrganisationKind.TYPE_TWO_USER, ENDS))
        for name, role in ROLES.items():
            work.register.put_account(
                Account(name, name, "univ", frozenset({role}), AccountState.ACTIVE, ENDS, enrolled)
            )
        WorkspaceTables(work.connection).begin_start(WID, "mei", "p-a", "v1.duckdb", work.now)
    yield made
    made.database.close()


def eraser(house: SqliteHouse, tmp_path: Path, disks: Disks | None) -> Eraser:
    turns = tmp_path / "turns"
    turns.mkdir(exist_ok=True)
    client = cast("DisksClient | None", disks)
    return Eraser(house.database, cast("Any", house.keyring), Turns(turns), client, tmp_path / "workspaces")


def erase(of: Eraser, username: str = "ota", wid: str = WID) -> str:
    proof = SecondFactor(username, datetime.fromisoformat("2026-07-01T00:00:00+00:00"))
    return asyncio.run(of.erase(proof, wid))


def stop(house: SqliteHouse) -> None:
    workspaces.begin_end(house.database, WID, "stop")
    workspaces.finish_end(house.database, WID)


def recorded(house: SqliteHouse) -> list[dict[str, Any]]:
    with house.read() as work:
        rows = work.connection.execute(tables.ledger_leaf.select().order_by(tables.ledger_leaf.c.n))
        return [json.loads(row.data) for row in rows]


def test_a_workspace_that_never_was_is_not_erased(house: SqliteHouse, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        erase(eraser(house, tmp_path, Disks()), wid=workspace_id("mei", "p-b"))
    assert recorded(house) == []


@pytest.mark.parametrize("username", ["mei", "chie", "nobody"])
def test_only_an_operator_erases(house: SqliteHouse, tmp_path: Path, username: str) -> None:
    stop(house)
    use_work_key(house.database, SESSION)
    disks = Disks()
    with pytest.raises(EnclaveError):
        erase(eraser(house, tmp_path, disks), username)
    assert "erase" not in disks.asked
    assert house.keyring.find("p-a", key_purpose(WID)) is not None


def test_one_that_lives_is_not_erased(house: SqliteHouse, tmp_path: Path) -> None:
    use_work_key(house.database, SESSION)
    disks = Disks()
    with pytest.raises(DeniedError) as caught:
        erase(eraser(house, tmp_path, disks))
    assert caught.value.code == "still_live"
    workspaces.begin_end(house.database, WID, "stop")
    with pytest.raises(DeniedError):
        erase(eraser(house, tmp_path, disks))
    assert "erase" not in disks.asked
    assert house.keyring.find("p-a", key_purpose(WID)) is not None


def test_the_intent_comes_first_and_the_key_goes_before_the_disk(house: SqliteHouse, tmp_path: Path) -> None:
    stop(house)
    use_work_key(house.database, SESSION)
    broken = Disks(fails="erase")
    with pytest.raises(UnavailableError):
        erase(eraser(house, tmp_path, broken))
    assert recorded(house)[-1]["kind"] == "workspace.erase_intended"
    assert house.keyring.find("p-a", key_purpose(WID)) is None
    assert erase(eraser(house, tmp_path, Disks())) == "key"
    kinds = [event["kind"] for event in recorded(house)][-3:]
    assert kinds == ["workspace.erase_intended", "key.destroyed", "workspace.erase_done"]
    done = recorded(house)[-1]
    assert (done["person"], done["project"], done["subject"]) == ("ota", "p-a", WID)
    assert done["facts"] == {"of": "mei", "destroyed_by": "key"}


def test_a_disk_that_cannot_be_reached_keeps_its_key(house: SqliteHouse, tmp_path: Path) -> None:
    stop(house)
    use_work_key(house.database, SESSION)
    before = recorded(house)
    with pytest.raises(UnavailableError):
        erase(eraser(house, tmp_path, Disks(fails="state")))
    assert recorded(house) == before
    assert house.keyring.find("p-a", key_purpose(WID)) is not None


def test_an_erased_workspace_has_no_new_key(house: SqliteHouse, tmp_path: Path) -> None:
    stop(house)
    first = use_work_key(house.database, SESSION)
    assert use_work_key(house.database, SESSION) == first
    kinds = [event["kind"] for event in recorded(house) if event["subject"] == WID]
    assert kinds.count("key.made") == 1
    assert kinds.count("key.used") == 2
    erase(eraser(house, tmp_path, Disks()))
    with pytest.raises(ConflictError) as caught:
        use_work_key(house.database, SESSION)
    assert caught.value.code == "workspace_erased"


def test_a_plain_folder_is_only_unlinked_and_that_is_said(house: SqliteHouse, tmp_path: Path) -> None:
    stop(house)
    folder = tmp_path / "workspaces" / WID / "work"
    folder.mkdir(parents=True)
    (folder / "kept").write_text("x")
    assert erase(eraser(house, tmp_path, None)) == "unlinked"
    assert not folder.exists()
    kinds = [event["kind"] for event in recorded(house)]
    assert "key.destroyed" not in kinds
    assert recorded(house)[-1]["facts"]["destroyed_by"] == "unlinked"
