"""Founding, enrolment by two, sign-in, the recorder, and the audit commands over real files."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from enclave.adapters.checkpoint_files import CheckpointFiles, CheckpointSigner
from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.passwords import Argon2Passwords
from enclave.adoptions import ProposalKind, ProposalState
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.audit.merkle import leaf_hash, verify_inclusion
from enclave.errors import (
    ConflictError,
    DeniedError,
    EnclaveError,
    InvalidInputError,
    NotFoundError,
    TamperedError,
)
from enclave.identity import Person, Role
from enclave.people import Credential
from enclave.recorder import Recorder
from enclave.use_cases.adopt import adopt
from enclave.use_cases.found import found
from enclave.use_cases.inspect_ledger import export_bundle, verify_bundle, verify_ledger
from enclave.use_cases.propose import propose_enrolment, propose_organisation, propose_permit
from enclave.use_cases.receipts import make_receipt
from enclave.use_cases.sign_in import SecondFactor, second_factor, sign_in
from tests.support.houses import SqliteHouse
from tests.support.people import ENDS, PERMIT, PRODUCER, UNIVERSITY

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORDS = Argon2Passwords()
ORIGIN = "hanare.local/ledger"


def code(house: SqliteHouse) -> str:
    return pyotp.TOTP(SECRET).at(house.clock.now())


def proof(house: SqliteHouse, username: str) -> SecondFactor:
    return SecondFactor(username, house.clock.now())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SqliteHouse]:
    built = SqliteHouse(tmp_path)
    with built.begin() as work:
        founders = [
            (
                Person(name, name.title()),
                Credential(PASSWORDS.hash("pw"), work.register.seal_totp(name, SECRET)),
            )
            for name in ("bo", "ben")
        ]
        found(work, PRODUCER, founders, ENDS, demo=True)
    yield built
    built.database.close()


def enrol(house: SqliteHouse, username: str, role: Role, organisation: str = "sakusei") -> None:
    with house.begin() as work:
        credential = Credential(PASSWORDS.hash("pw"), work.register.seal_totp(username, SECRET))
        work.register.put_pending_credential(username, credential, work.now)
        proposal = propose_enrolment(
            work,
            "bo",
            candidate=Person(username, username.title(), organisation, frozenset({role})),
            trained_until=ENDS,
            credential_digest=credential.digest(),
        )
    with house.begin() as work:
        adopt(work, proof(house, "ben"), proposal.id, proposal.digest)


def register_university(house: SqliteHouse) -> None:
    with house.begin() as work:
        proposal = propose_organisation(work, "bo", UNIVERSITY)
    with house.begin() as work:
        adopt(work, proof(house, "ben"), proposal.id, proposal.digest)


def test_a_home_is_founded_once_by_two(house: SqliteHouse) -> None:
    with pytest.raises(ConflictError), house.begin() as work:
        found(work, PRODUCER, [], ENDS, demo=True)


def test_one_founder_or_one_twice_found_nothing(tmp_path: Path) -> None:
    house = SqliteHouse(tmp_path)
    for names in (["bo"], ["bo", "bo"], ["bo", "ben", "bea"]):
        with pytest.raises(InvalidInputError), house.begin() as work:
            found(work, PRODUCER, [(Person(n), Credential("h", b"s")) for n in names], ENDS, demo=True)
    with house.read() as looking:
        assert looking.register.accounts() == ()
    house.database.close()


def test_an_enrolled_person_signs_in_with_both_factors_once_per_code(house: SqliteHouse) -> None:
    enrol(house, "aoi", Role.CHECKER)
    one_time = code(house)
    assert sign_in(house, PASSWORDS, "aoi", "pw", one_time).roles == frozenset({Role.CHECKER})
    with pytest.raises(DeniedError) as caught:
        sign_in(house, PASSWORDS, "aoi", "pw", one_time)
    assert caught.value.code == "wrong_credentials"
    house.clock.forward(timedelta(seconds=30))
    assert second_factor(house, PASSWORDS, "aoi", code(house)).username == "aoi"


@pytest.mark.parametrize(
    ("name", "password", "right"), [("nobody", "pw", True), ("bo", "no", True), ("bo", "pw", False)]
)
def test_wrong_answers_are_one_refusal_and_recorded(
    house: SqliteHouse, name: str, password: str, right: bool
) -> None:
    with pytest.raises(DeniedError) as caught:
        sign_in(house, PASSWORDS, name, password, code(house) if right else "000000")
    assert caught.value.code == "wrong_credentials"
    with house.read() as looking:
        last = list(LedgerTables(looking.connection, house.keyring, ORIGIN).entries())[-1]
    assert json.loads(last.data)["kind"] == "person.refused"


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(house: SqliteHouse) -> None:
    for _ in range(5):
        with pytest.raises(DeniedError):
            sign_in(house, PASSWORDS, "bo", "no", "000000")
    with pytest.raises(DeniedError) as caught:
        sign_in(house, PASSWORDS, "bo", "pw", code(house))
    assert caught.value.code == "locked"
    house.clock.forward(timedelta(minutes=15))
    assert sign_in(house, PASSWORDS, "bo", "pw", code(house)).username == "bo"


def test_a_lapsed_account_is_refused_with_the_right_answers(house: SqliteHouse) -> None:
    house.clock.forward(timedelta(days=900))
    with pytest.raises(DeniedError) as caught:
        sign_in(house, PASSWORDS, "bo", "pw", code(house))
    assert caught.value.code == "training_lapsed"


def test_the_proposer_cannot_adopt_and_the_second_person_can(house: SqliteHouse) -> None:
    register_university(house)
    enrol(house, "mei", Role.RESEARCHER, "daigaku")
    with house.begin() as work:
        proposal = propose_permit(work, "bo", PERMIT)
    with pytest.raises(DeniedError) as caught, house.begin() as work:
        adopt(work, proof(house, "bo"), proposal.id, proposal.digest)
    assert caught.value.code == "own_proposal"
    with pytest.raises(DeniedError), house.begin() as work:
        adopt(work, proof(house, "ben"), proposal.id, "0" * 64)
    with house.begin() as work:
        assert work.register.find_permit(PERMIT.project) is None
        adopt(work, proof(house, "ben"), proposal.id, proposal.digest)
    with house.begin() as work:
        assert work.register.find_permit(PERMIT.project) == PERMIT
        in_force = work.proposals.adopted(ProposalKind.PERMIT, PERMIT.project)
        assert in_force is not None
        assert in_force.state is ProposalState.ADOPTED
        assert work.keyring.find(PERMIT.project, "data") is not None


def test_a_permit_that_names_what_does_not_exist_is_refused(house: SqliteHouse) -> None:
    with pytest.raises(NotFoundError) as caught, house.begin() as work:
        propose_permit(work, "bo", PERMIT)
    assert caught.value.code == "unknown_organisation"
    register_university(house)
    with pytest.raises(NotFoundError) as caught, house.begin() as work:
        propose_permit(work, "bo", PERMIT)
    assert caught.value.code == "unknown_researcher"


def test_enrolling_again_is_marked(house: SqliteHouse) -> None:
    enrol(house, "aoi", Role.CHECKER)
    house.clock.forward(timedelta(days=1))
    enrol(house, "aoi", Role.CHECKER)
    with house.read() as looking:
        account = looking.register.find_account("aoi")
    assert account is not None
    assert account.re_enrolled


def recorder(house: SqliteHouse, folder: Path) -> tuple[Recorder, CheckpointFiles]:
    (folder / "notes").mkdir(exist_ok=True)
    (folder / "secret").mkdir(exist_ok=True)
    notes = CheckpointFiles(folder / "notes")
    signer = CheckpointSigner(folder / "secret", folder / "notes", ORIGIN)

    @contextmanager
    def readers() -> Iterator[LedgerTables]:
        with house.read() as looking:
            yield LedgerTables(looking.connection, house.keyring, ORIGIN)

    return Recorder(readers, notes, signer, house.clock, origin=ORIGIN, key_name=ORIGIN), notes


def add(house: SqliteHouse, kind: Kind = Kind.CELL_REQUESTED) -> int:
    with house.begin() as work:
        return work.record(EventDraft(kind, "mei"))


def test_the_recorder_signs_each_minute_and_at_once_for_a_release(house: SqliteHouse, tmp_path: Path) -> None:
    keeper, notes = recorder(house, tmp_path)
    assert keeper.tick() is not None
    add(house)
    assert keeper.tick() is None
    house.clock.forward(timedelta(seconds=60))
    assert keeper.tick() is not None
    number = add(house, Kind.RELEASE_DONE)
    assert keeper.tick() is not None
    with house.read() as looking:
        reader = LedgerTables(looking.connection, house.keyring, ORIGIN)
        assert verify_ledger(reader, notes, ORIGIN).fault is None
        receipt = make_receipt(reader, notes, number, ORIGIN)
        root = reader.head().root
    path = [bytes.fromhex(step) for step in receipt["path"]]
    assert verify_inclusion(leaf_hash(receipt["leaf"].encode()), number - 1, receipt["size"], path, root)


def test_the_recorder_refuses_to_sign_an_altered_store(house: SqliteHouse, tmp_path: Path) -> None:
    add(house)
    keeper, notes = recorder(house, tmp_path)
    keeper.tick()
    add(house)
    with sqlite3.connect(tmp_path / "enclave.sqlite") as raw:
        raw.execute(
            "UPDATE ledger_leaf SET data = CAST(replace(CAST(data AS TEXT), 'mei', 'ken') AS BLOB) WHERE n = 2"
        )
    with house.read() as looking:
        found_fault = verify_ledger(
            LedgerTables(looking.connection, house.keyring, ORIGIN), notes, ORIGIN
        ).fault
    assert found_fault is not None
    assert found_fault.number == 2
    again, _ = recorder(house, tmp_path)
    with pytest.raises(TamperedError):
        again.tick()


def test_a_rewritten_and_rehashed_history_is_not_signed_by_a_new_recorder(
    house: SqliteHouse, tmp_path: Path
) -> None:
    add(house)
    keeper, _ = recorder(house, tmp_path)
    keeper.tick()
    with sqlite3.connect(tmp_path / "enclave.sqlite") as raw:
        raw.execute("DELETE FROM ledger_leaf")
        raw.execute("DELETE FROM ledger_head")
    add(house)
    again, _ = recorder(house, tmp_path)
    with pytest.raises(TamperedError):
        again.tick()


def test_a_bundle_verifies_and_a_changed_byte_names_its_entry(house: SqliteHouse, tmp_path: Path) -> None:
    for _ in range(5):
        add(house)
    keeper, notes = recorder(house, tmp_path)
    keeper.tick()
    with house.read() as looking:
        reader = LedgerTables(looking.connection, house.keyring, ORIGIN)
        lines = list(export_bundle(reader, notes, ORIGIN, bodies=True))
    assert verify_bundle(lines).fault is None
    lines[4] = lines[4].replace("mei", "ken")
    fault = verify_bundle(lines).fault
    assert fault is not None
    with pytest.raises(EnclaveError):
        verify_bundle(["{}"])
    with pytest.raises(EnclaveError):
        verify_bundle([])
