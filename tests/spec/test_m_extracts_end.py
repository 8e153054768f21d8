"""What a project is given was looked at first, can be asked back, and ends."""

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from catalog.adapters.erased_extracts import keys_in_files, opened_by_any, opens_with
from catalog.adapters.kept_projects import KeptProjects
from catalog.cli.risk import risks_of
from catalog.combination_risk import AssessedRisk
from catalog.optouts import Named
from enclave.adoptions import ProposalKind
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, DeniedError, EnclaveError
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose import POLICIES, propose
from enclave.use_cases.sign_in import SecondFactor
from hub import workspaces
from hub.project_erasure import PURPOSES, ProjectEraser
from hub.workspaces_end import Turns
from hub.workspaces_erasure import Eraser
from hub.workspaces_extracts import Extract
from output_review.adapters.file_vault import VaultFolder
from tests.support.catalog_house import LIMITS, POLICY_DIGEST, PROJECT, WIDE_PERMIT, CatalogHouse
from tests.support.hub_plans import HOUSE, TOKEN
from tests.support.inquiry_house import InquiryHouse
from tests.support.optout_people import PEOPLE, fill, people

DAYS = 30
OTHER_POLICIES = "1" * 64
MONTHS = PEOPLE.replace("SELECT", "-- column born: 生年月 / month of birth\nSELECT").replace(
    ", sex FROM", ", sex, birth_month(birth_date) AS born FROM"
)


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> CatalogHouse:
    house = CatalogHouse(tmp_path / "home")
    fill(house)
    house.adopt_views([("people", PEOPLE)])
    return house


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()


def refused(act: Any) -> str:
    with pytest.raises(EnclaveError) as caught:
        act()
    return caught.value.code


def build(house: CatalogHouse, policies: str = POLICY_DIGEST) -> str:
    """What a build is refused for, or nothing."""
    try:
        house.steward.build("ste", PROJECT, policies)
    except EnclaveError as error:
        return error.code
    return ""


def take_on(house: CatalogHouse, policies: str = POLICY_DIGEST) -> None:
    digest = house.risks.assess("ste", PROJECT, policies, house.limits).report.digest
    house.risks.accept("ste", PROJECT, digest, "seen", policies, house.limits)


def test_64_nothing_is_built_whose_combination_risk_was_not_taken_on(house: CatalogHouse) -> None:
    """An extract is built only when a steward took on, with a reason, the combination risk of exactly what is in force: another view, permit, policy or source asks for another acceptance."""
    assert build(house) == "risk_not_accepted"
    digest = house.risks.assess("ste", PROJECT, POLICY_DIGEST, house.limits).report.digest
    assert build(house) == "risk_not_accepted", "counted is not accepted"

    def accept(who: str, what: str, why: str) -> str:
        return refused(
            lambda: house.risks.accept(who, PROJECT, what, why, POLICY_DIGEST, house.limits),
        )

    assert accept("ste", "0" * 64, "seen") == "risk_not_assessed"
    assert accept("ste", digest, " ") == "no_reason"
    for who in ("mei", "ota", "bo", "kan"):
        accept(who, digest, "seen")
    assert build(house) == "risk_not_accepted"
    house.risks.accept("ste", PROJECT, digest, "seen", POLICY_DIGEST, house.limits)
    assert build(house) == ""
    policies = POLICY_DIGEST

    def other_policies() -> None:
        with house.begin() as work:
            policy = propose(work, "bo", ProposalKind.POLICY, POLICIES, {"set": OTHER_POLICIES})
            adopt(work, SecondFactor("ben", work.now), policy.id, policy.digest)

    def other_permit() -> None:
        with house.begin() as work:
            work.register.put_permit(replace(WIDE_PERMIT, purpose="別の目的"))

    changes = (
        lambda: house.adopt_views([("people", MONTHS)]),
        other_permit,
        lambda: house.fill(patients=5),
        other_policies,
    )
    for change in changes:
        change()
        policies = OTHER_POLICIES if change is other_policies else policies
        assert build(house, policies) == "risk_not_accepted"
        take_on(house, policies)
        assert build(house, policies) == ""


def test_65_what_is_anonymised_is_never_built_under_its_k(house: CatalogHouse) -> None:
    """Under `anon` an extract with a class of fewer persons than the policy's k is built by nobody: its risk cannot be taken on, and one that was taken on under another number, or was written into the database, does not help."""
    house.adopt_views(
        [("people", MONTHS.replace("-- column patient", "-- profile: anon\n-- column patient"))]
    )
    lax = replace(LIMITS, anon_k=1)
    report = house.risks.assess("ste", PROJECT, POLICY_DIGEST, house.limits).report
    assert report.smallest is not None
    assert report.smallest < LIMITS.anon_k

    def accept(limits: Any) -> None:
        house.risks.accept("ste", PROJECT, report.digest, "seen", POLICY_DIGEST, limits)

    assert refused(lambda: accept(house.limits)) == "under_k"
    accept(lax)
    assert build(house) == "under_k"
    with house.begin() as work:
        risks_of(work).put(AssessedRisk(PROJECT, report, "ste"), work.now)
    assert build(house) == "under_k"
    assert not list(house.settings.extracts.rglob("*.duckdb"))
    house.limits = lax
    assert build(house) == "", "the number alone was what held it"


def test_66_whoever_opted_out_is_in_no_extract_built_since(
    house: CatalogHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opted out, and the same person under another number at another provider, is in no extract built from then on: that is counted in the finished extract and recorded, an extract that would hold them is undone, and what was built before is marked stale."""
    house.build()
    assert people(house, "v1") == {1, 2, 3, 4, 5, 6, 7, 8}
    _, stale = house.optouts.add("ste", Named(100, "C1"), DAYS, everywhere=True)
    assert [(one.project, one.version) for one in stale] == [(PROJECT, "v1")]
    house.build()
    assert people(house, "v2") == {4, 5, 6, 7, 8}
    with house.read() as work:
        rows = work.connection.exec_driver_sql("SELECT data FROM ledger_leaf ORDER BY n").fetchall()
    done = [leaf for leaf in (json.loads(row[0]) for row in rows) if leaf["kind"] == Kind.EXTRACT_DONE.value]
    facts = done[-1]["facts"]
    assert (facts["left_out"], facts["left_out_found"]) == (3, 0)
    monkeypatch.setattr("catalog.adapters.prepared_source.LEFT_OUT", "(SELECT -1)")
    assert build(house) == "left_out_found", "a build whose cohort forgot them"
    assert house.kinds()[-1] == Kind.EXTRACT_UNDONE.value
    assert not house.extract_path("v3").exists()


def test_67_an_extract_that_was_not_rebuilt_in_time_starts_nothing(house: CatalogHouse) -> None:
    """On an extract that holds somebody who opted out no workspace starts once the policy's days have passed; rebuilding it removes the old version."""

    def start(version: str) -> None:
        found = Extract(f"{version}.duckdb", "a" * 64)
        house_now = replace(HOUSE, policy_digest=POLICY_DIGEST)
        session = workspaces.intend_start(house.database, house_now, "mei", PROJECT, found, TOKEN)
        workspaces.begin_end(house.database, session.wid, "stop")
        workspaces.finish_end(house.database, session.wid)

    house.build()
    _, (stale,) = house.optouts.add("ste", Named(100, "C1"), DAYS, everywhere=True)
    assert stale.due == house.clock.now() + timedelta(days=DAYS)
    house.clock.at = stale.due - timedelta(microseconds=1)
    start("v1")
    house.clock.at = stale.due
    with pytest.raises(DeniedError) as late:
        start("v1")
    assert late.value.code == "extract_overdue"
    house.open_box()
    house.build()
    start("v2")
    assert not house.extract_path("v1").exists()


def test_68_after_an_erasure_no_copy_opens_and_an_inquiry_is_answered(tmp_path: Path) -> None:
    """After a project's erasure no key that is left anywhere in the enclave zone opens any copy of its extract or of what was handed in, none can be made anew, nothing is built, and an authority's inquiry is still answered by both officers."""
    house = InquiryHouse(tmp_path / "home")
    for purpose in ("vault", "body"):
        house.keyring.make(PROJECT, purpose)
    house.settings.vault.mkdir()
    VaultFolder(house.settings.vault, house.keyring, house.fresh).put(PROJECT, b"rows")
    asked = house.shown()[0]
    copies = tmp_path / "copies"
    for room in ("extracts", "vault"):
        shutil.copytree(house.settings.enclave_home / room, copies / room)
    extract = copies / "extracts" / PROJECT / "v1.duckdb"
    (handed_in,) = (path for path in (copies / "vault").rglob("*") if path.is_file())
    data = house.keyring.find(PROJECT, "data")
    assert data is not None
    assert opens_with(extract, data)
    assert _opened(handed_in, house.keyring.find(PROJECT, "vault") or b"") == b"rows"
    _erase(house)
    left = {*keys_in_files(house.settings.enclave_home), *_keys(house), bytes(32)}
    assert len(left) >= 3
    assert opened_by_any(extract, left) == 0
    for key in left:
        with pytest.raises(InvalidTag):
            _opened(handed_in, key)
    for purpose in PURPOSES:
        with pytest.raises(ConflictError):
            house.keyring.make(PROJECT, purpose)
    house.open_box()
    assert build(house) == "project_ended"
    house.unseal()
    assert house.answer(asked)["found"]


def _erase(house: InquiryHouse) -> None:
    turns = house.settings.enclave_home / "turns"
    turns.mkdir(exist_ok=True)
    ended = Eraser(house.database, house.keyring, Turns(turns), None, house.settings.workspaces)
    kept = KeptProjects(house.settings.producer_home, house.producer.box)
    eraser = ProjectEraser(house.database, house.keyring, house.settings, ended, kept, 10, 0.0)
    eraser.erase(SecondFactor("ota", house.clock.now()), PROJECT, "利用終了")


def _opened(handed_in: Path, key: bytes) -> bytes:
    """A file of the vault, opened as the vault does it."""
    sealed, digest = handed_in.read_bytes(), hashlib.sha256(b"rows").hexdigest()
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], f"hanare:vault:{PROJECT}:{digest}".encode())


def _keys(house: InquiryHouse) -> list[bytes]:
    """Whatever the master key still unwraps."""
    paths = sorted((house.settings.keys / "projects").glob("*/*.key"))
    found = [house.keyring.find(path.parent.name, path.stem) for path in paths]
    return [key for key in found if key is not None]
