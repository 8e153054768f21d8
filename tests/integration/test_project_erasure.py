"""Ending a project for good: what is destroyed, what is only unlinked, what still answers an inquiry."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from catalog.adapters.erased_extracts import keys_in_files, opened_by_any, opens_with
from catalog.adapters.kept_projects import KeptProjects
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import (
    ConflictError,
    DeniedError,
    EnclaveError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
)
from enclave.use_cases.sign_in import SecondFactor
from hub.project_erasure import PURPOSES, Certificate, ProjectEraser
from hub.sessions_house import workspace_id
from hub.workspaces_end import Turns
from hub.workspaces_erasure import Eraser
from output_review.adapters.file_vault import VaultFolder
from tests.support.catalog_house import POLICY_DIGEST, PROJECT
from tests.support.inquiry_house import InquiryHouse

PLANTED = b"PLANTED-ROW-00417"
WID = workspace_id("mei", PROJECT)


@pytest.fixture
def house(tmp_path: Path) -> InquiryHouse:
    """Built, with a workspace that ended, a refused upload in the vault and a cell's text in the ledger."""
    house = InquiryHouse(tmp_path / "home")
    for purpose in ("vault", "body"):
        house.keyring.make(PROJECT, purpose)
    house.settings.vault.mkdir()
    VaultFolder(house.settings.vault, house.keyring, house.fresh).put(PROJECT, PLANTED)
    with house.begin() as work:
        work.record(EventDraft(Kind.CELL_REQUESTED, "mei", PROJECT, WID, {}, {"code": PLANTED.decode()}))
        rows = WorkspaceTables(work.connection)
        rows.begin_start(WID, "mei", PROJECT, "v1.duckdb", work.now)
        rows.put_stopped(WID, work.now)
    folder = house.settings.workspaces / WID / "work"
    folder.mkdir(parents=True)
    (folder / "x.parquet").write_bytes(PLANTED)
    return house


def eraser(house: InquiryHouse, patience: float = 0.0) -> ProjectEraser:
    turns = house.settings.enclave_home / "turns"
    turns.mkdir(exist_ok=True)
    workspaces = Eraser(house.database, house.keyring, Turns(turns), None, house.settings.workspaces)
    kept = KeptProjects(house.settings.producer_home, house.producer.box)
    return ProjectEraser(house.database, house.keyring, house.settings, workspaces, kept, 10, patience)


def erase(
    house: InquiryHouse, username: str = "ota", project: str = PROJECT, reason: str = "利用終了"
) -> Certificate:
    return eraser(house).erase(SecondFactor(username, house.clock.now()), project, reason)


def leaves(house: InquiryHouse) -> list[dict[str, Any]]:
    with house.read() as work:
        rows = work.connection.exec_driver_sql("SELECT data FROM ledger_leaf ORDER BY n").fetchall()
    return [json.loads(row[0]) for row in rows]


def test_the_certificate_says_what_was_destroyed_and_what_was_tried(house: InquiryHouse) -> None:
    certificate = erase(house)
    facts = cast("dict[str, Any]", certificate.facts)
    assert facts["destroyed_by_key"] == ["data", "vault", "body"]
    assert facts["unlinked"] == [f"workspace {WID}", "extracts: 3 files", "vault: 1 files"]
    assert facts["restore_tried"] >= 1
    assert facts["restore_opened"] == 0
    last = leaves(house)[-1]
    assert (last["kind"], last["n"], last["subject"]) == (
        Kind.PROJECT_ERASED.value,
        certificate.number,
        PROJECT,
    )
    destroyed = [
        leaf["facts"]["purpose"] for leaf in leaves(house) if leaf["kind"] == Kind.KEY_DESTROYED.value
    ]
    assert destroyed == list(PURPOSES)


def test_no_copy_of_anything_opens_with_any_file_that_is_left(house: InquiryHouse, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    shutil.copytree(
        house.settings.enclave_home, copies / "before", ignore=shutil.ignore_patterns("keys", "producer")
    )
    extract = copies / "before" / "extracts" / PROJECT / "v1.duckdb"
    data = house.keyring.find(PROJECT, "data")
    assert data is not None
    assert opens_with(extract, data), "it opened before: otherwise nothing is shown"
    erase(house)
    left = {*keys_in_files(house.settings.enclave_home), *_every_key(house)}
    assert len(left) >= 2
    assert opened_by_any(extract, left) == 0
    sealed = next((copies / "before" / "vault" / PROJECT).iterdir()).read_bytes()
    for key in left:
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(sealed[:12], sealed[12:], f"hanare:vault:{PROJECT}:x".encode())


def test_a_planted_value_is_nowhere_in_the_enclaves_zone(house: InquiryHouse) -> None:
    assert _holding(house, PLANTED), "it lay in /work before: otherwise nothing is shown"
    erase(house)
    assert _holding(house, PLANTED) == []
    assert not (house.settings.extracts / PROJECT).exists()
    assert not (house.settings.vault / PROJECT).exists()


def test_the_proofs_of_the_ledger_survive_and_its_bodies_do_not(house: InquiryHouse) -> None:
    with house.read() as work:
        before = [
            str(row[0]) for row in work.connection.exec_driver_sql("SELECT hash FROM ledger_leaf ORDER BY n")
        ]
    erase(house)
    with house.read() as work:
        after = [
            str(row[0]) for row in work.connection.exec_driver_sql("SELECT hash FROM ledger_leaf ORDER BY n")
        ]
    assert after[: len(before)] == before
    assert PLANTED.decode() not in house.ledger()


def test_an_inquiry_is_still_answered(house: InquiryHouse) -> None:
    asked = house.shown()[0]
    erase(house)
    house.unseal()
    assert house.answer(asked)["found"]


def test_what_outlives_the_project_needs_both_officers(house: InquiryHouse) -> None:
    erase(house)
    kept = KeptProjects(house.settings.producer_home, house.producer.box)
    with pytest.raises(ConflictError) as refused:
        kept.opened(PROJECT)
    assert refused.value.code == "officers_sealed"
    house.open_box()
    document = kept.opened(PROJECT)
    assert document["project"] == PROJECT
    assert len(document["views"]) == 4
    assert document["manifests"][0]["source"] == house.source_version
    sealed = (house.settings.producer_home / "kept" / f"{PROJECT}.sealed").read_bytes()
    assert b"SELECT" not in sealed


def test_nothing_of_it_is_built_or_made_again(house: InquiryHouse) -> None:
    erase(house)
    house.open_box()
    with pytest.raises(ConflictError) as refused:
        house.steward.build("ste", PROJECT, POLICY_DIGEST)
    assert refused.value.code == "project_ended"
    for purpose in PURPOSES:
        with pytest.raises(ConflictError):
            house.keyring.make(PROJECT, purpose)


def test_a_key_that_was_never_made_cannot_be_made_afterwards(tmp_path: Path) -> None:
    house = InquiryHouse(tmp_path / "home")
    (house.settings.keys / "projects" / PROJECT / "vault.key").unlink()
    assert house.keyring.find(PROJECT, "vault") is None
    erase(house)
    with pytest.raises(ConflictError):
        house.keyring.make(PROJECT, "vault")


def test_asked_for_twice_there_is_one_certificate(house: InquiryHouse) -> None:
    first = erase(house)
    assert erase(house).number == first.number
    assert [leaf["kind"] for leaf in leaves(house)].count(Kind.PROJECT_ERASED.value) == 1


@pytest.mark.parametrize(
    "step", ["_until_ended", "_erase_workspaces", "_destroy_keys", "_try_what_is_left", "_unlink"]
)
def test_an_erasure_that_was_killed_is_finished_by_asking_again(
    house: InquiryHouse, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(ProjectEraser, step, die)
        with pytest.raises(KeyboardInterrupt):
            erase(house)
    erase(house)
    assert _holding(house, PLANTED) == []
    assert all(house.keyring.find(PROJECT, purpose) is None for purpose in PURPOSES)
    assert leaves(house)[-1]["kind"] == Kind.PROJECT_ERASED.value


def test_while_a_workspace_runs_nothing_is_destroyed(house: InquiryHouse) -> None:
    with house.begin() as work:
        WorkspaceTables(work.connection).begin_start(WID, "mei", PROJECT, "v1.duckdb", work.now)
    with pytest.raises(UnavailableError) as refused:
        erase(house)
    assert refused.value.code == "still_running"
    assert house.keyring.find(PROJECT, "data") is not None
    with house.read() as work:
        permit = work.register.find_permit(PROJECT)
        assert permit is not None
        assert permit.ends_on < work.now.date(), "so that the sweeper ends it and nothing starts"


def test_an_extract_that_still_opens_stops_the_erasure(
    house: InquiryHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = house.keyring.find(PROJECT, "data")
    assert data is not None
    (house.settings.keys / "forgotten").write_bytes(data)
    with pytest.raises(ConflictError) as refused:
        erase(house)
    assert refused.value.code == "not_erased"
    assert Kind.PROJECT_ERASED.value not in [leaf["kind"] for leaf in leaves(house)]


@pytest.mark.parametrize("person", ["ste", "mei", "kan", "bo", "emi", "nobody"])
def test_only_an_operator_erases(house: InquiryHouse, person: str) -> None:
    with pytest.raises(DeniedError):
        erase(house, person)
    assert house.keyring.find(PROJECT, "data") is not None


@pytest.mark.parametrize(
    ("project", "reason", "kind"),
    [
        (PROJECT, " ", InvalidInputError),
        (PROJECT, "x" * 2001, InvalidInputError),
        ("p-none", "over", NotFoundError),
    ],
)
def test_what_is_asked_wrongly_destroys_nothing(
    house: InquiryHouse, project: str, reason: str, kind: type[EnclaveError]
) -> None:
    with pytest.raises(kind):
        erase(house, project=project, reason=reason)
    assert house.keyring.find(PROJECT, "data") is not None


def test_the_reason_is_in_the_ledger_and_outlives_the_projects_key(house: InquiryHouse) -> None:
    erase(house, reason="契約の終了による")
    assert "契約の終了による" in house.ledger()


def _holding(house: InquiryHouse, value: bytes) -> list[str]:
    files = (p for p in house.settings.enclave_home.rglob("*") if p.is_file() and "producer" not in p.parts)
    return [path.name for path in files if value in path.read_bytes()]


def _every_key(house: InquiryHouse) -> list[bytes]:
    paths = sorted((house.settings.keys / "projects").glob("*/*.key"))
    found = [house.keyring.find(path.parent.name, path.stem) for path in paths]
    return [key for key in found if key is not None]


def test_a_day_before_the_end_it_is_ended_and_years_are_counted_from_then(house: InquiryHouse) -> None:
    facts = erase(house).facts
    ended = house.clock.now().date() - timedelta(days=1)
    assert facts["kept_until"] == ended.replace(year=ended.year + 10).isoformat()
