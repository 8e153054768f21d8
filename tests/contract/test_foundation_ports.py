"""What every port of the foundation promises, asked of the fake and of the real adapter alike."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from enclave.adapters.ledger_tables import LedgerTables
from enclave.adoptions import Proposal, ProposalKind, ProposalState
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.audit.ledger import Entry
from enclave.errors import ConflictError
from enclave.people import AccountState, Credential, Training
from enclave.ports import Keyring, Work
from tests.support.fakes import START, FakeClock, FakeHouse
from tests.support.houses import SqliteHouse
from tests.support.people import BEGAN, CAST, CONTRACT, ENDS, MEI, PERMIT, PRODUCER, settle
from tests.support.postgres import running_postgres

PROPOSAL = Proposal("1", ProposalKind.VIEW, "p-a/labs", "d" * 64, "{}", "ste", START)


class House(Protocol):
    """What both kinds of house offer these tests."""

    clock: FakeClock

    def begin(self) -> AbstractContextManager[Work]: ...

    @property
    def keyring(self) -> Keyring: ...


def entries_of(house: House) -> list[Entry]:
    if isinstance(house, FakeHouse):
        return house.entries
    assert isinstance(house, SqliteHouse)
    with house.read() as looking:
        return list(LedgerTables(looking.connection, house.keyring, "o").entries())


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def house(request: Any, tmp_path: Path) -> Iterator[House]:
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    built: Any = FakeHouse() if request.param == "fake" else SqliteHouse(tmp_path, url)
    with built.begin() as work:
        settle(work)
    yield built
    if isinstance(built, SqliteHouse):
        built.database.close()


def test_what_is_put_into_the_register_is_found_again(house: House) -> None:
    with house.begin() as work:
        assert work.register.find_account("mei") == MEI
        assert work.register.find_account("mei").roles == MEI.roles  # type: ignore[union-attr]
        assert work.register.find_account("nobody") is None
        assert work.register.find_organisation("sakusei") == PRODUCER
        assert work.register.find_organisation("none") is None
        assert work.register.find_permit("p-diabetes") == PERMIT
        assert work.register.find_permit("p-none") is None
        assert work.register.permits() == (PERMIT,)
        assert [a.username for a in work.register.accounts()] == sorted(a.username for a in CAST)


def test_a_block_that_raises_leaves_nothing_behind(house: House) -> None:
    before = len(entries_of(house))
    with pytest.raises(RuntimeError), house.begin() as work:
        work.register.put_account(replace(MEI, display_name="changed"))
        work.proposals.add(PROPOSAL)
        work.record(EventDraft(Kind.PROPOSAL_MADE, "ste"))
        raise RuntimeError("power cut")
    assert len(entries_of(house)) == before
    with house.begin() as work:
        assert work.register.find_account("mei").display_name == MEI.display_name  # type: ignore[union-attr]
        assert work.proposals.find("1") is None


def test_a_code_is_spent_once_per_person(house: House) -> None:
    with house.begin() as work:
        assert work.register.spend_totp("mei", 5)
        assert not work.register.spend_totp("mei", 5)
        assert work.register.spend_totp("ken", 5)
    with house.begin() as work:
        assert not work.register.spend_totp("mei", 5)


def test_credentials_wait_until_taken_and_belong_to_one_name(house: House) -> None:
    with house.begin() as work:
        credential = Credential("h", work.register.seal_totp("mei", "SECRET"))
        work.register.put_pending_credential("mei", credential, START)
        assert work.register.pending_credentials(START) == 1
        assert work.register.pending_credentials(START + timedelta(seconds=1)) == 0
        assert not work.register.has_pending_credential("ken", credential.digest(), START)
        assert work.register.has_pending_credential("mei", credential.digest(), START)
        assert work.register.take_pending_credential("ken", credential.digest(), START) is None
        late = START + timedelta(seconds=1)
        assert work.register.take_pending_credential("mei", credential.digest(), late) is None
        assert work.register.take_pending_credential("mei", credential.digest(), START) == credential
        assert work.register.take_pending_credential("mei", credential.digest(), START) is None
        work.register.put_credential("mei", credential)
    with house.begin() as work:
        found = work.register.find_credential("mei")
        assert found == credential
        assert work.register.open_totp("mei", found.totp_sealed) == "SECRET"
        assert work.register.find_credential("ken") is None


def test_credentials_that_nobody_named_are_dropped(house: House) -> None:
    with house.begin() as work:
        old, young = Credential("h", b"old"), Credential("h", b"young")
        work.register.put_pending_credential("mei", old, START)
        work.register.put_pending_credential("mei", young, START + timedelta(days=1))
        work.register.drop_pending_credentials(START + timedelta(hours=1))
        assert work.register.pending_credentials(START) == 1
        assert work.register.take_pending_credential("mei", young.digest(), START) == young


def test_a_recovery_code_is_spent_once_and_says_how_many_are_left(house: House) -> None:
    with house.begin() as work:
        work.register.put_credential("mei", Credential("h", b"s", ("a" * 64, "b" * 64)))
        assert work.register.spend_recovery("mei", "c" * 64) is None
        assert work.register.spend_recovery("ken", "a" * 64) is None
        assert work.register.spend_recovery("mei", "a" * 64) == 1
        assert work.register.spend_recovery("mei", "a" * 64) is None
    with house.begin() as work:
        assert work.register.find_credential("mei") == Credential("h", b"s", ("b" * 64,))


def test_training_and_contracts_are_found_again(house: House) -> None:
    first = Training("mei", "基礎", BEGAN, ENDS)
    again = Training("mei", "更新", ENDS, ENDS + timedelta(days=365))
    with house.begin() as work:
        work.register.add_training(again)
        work.register.add_training(first)
        assert work.register.training_of("mei") == (first, again)
        assert work.register.training_of("ken") == ()
        assert work.register.find_contract(CONTRACT.id) == CONTRACT
        assert work.register.find_contract("k-none") is None
        assert work.register.contracts_of("daigaku") == work.register.contracts() == (CONTRACT,)
        assert work.register.contracts_of("seiyaku") == ()
        ended = replace(CONTRACT, ended_at=START, ended_reason="早期終了")
        work.register.put_contract(ended)
    with house.begin() as work:
        assert work.register.contracts() == (ended,)
        assert [o.id for o in work.register.organisations()] == ["daigaku", "sakusei", "seiyaku"]
        withdrawn = replace(PRODUCER, withdrawn_at=START, withdrawn_reason="取消し")
        work.register.put_organisation(withdrawn)
        closed = MEI.closed(AccountState.SUSPENDED, START, "調査中")
        work.register.put_account(closed)
    with house.begin() as work:
        assert work.register.find_organisation("sakusei") == withdrawn
        assert work.register.find_account("mei") == closed


def test_failures_count_in_a_row(house: House) -> None:
    with house.begin() as work:
        work.register.put_credential("mei", Credential("h", b"s"))
        assert work.register.failures("mei") == (0, None)
        work.register.note_attempt("mei", succeeded=False, at=START)
        work.register.note_attempt("mei", succeeded=False, at=START + timedelta(seconds=1))
        assert work.register.failures("mei") == (2, START + timedelta(seconds=1))
        work.register.note_attempt("mei", succeeded=True, at=START)
        assert work.register.failures("mei") == (0, None)
        assert work.register.failures("nobody") == (0, None)


def test_proposals_are_found_by_what_is_in_force(house: House) -> None:
    with house.begin() as work:
        work.proposals.add(PROPOSAL)
        assert work.proposals.adopted(ProposalKind.VIEW, "p-a/labs") is None
        work.proposals.put(replace(PROPOSAL, state=ProposalState.ADOPTED, adopted_by="bo", adopted_at=START))
    with house.begin() as work:
        found = work.proposals.adopted(ProposalKind.VIEW, "p-a/labs")
        assert found is not None
        assert (found.adopted_by, found.adopted_at) == ("bo", START)
        assert work.proposals.adopted(ProposalKind.PERMIT, "p-a/labs") is None
        assert work.proposals.adopted_under(ProposalKind.VIEW, "p-a/") == (found,)
        assert work.proposals.adopted_under(ProposalKind.VIEW, "p-%/") == ()
        assert [p.id for p in work.proposals.all()] == ["1"]


def test_events_are_numbered_without_gaps_and_once(house: House) -> None:
    with house.begin() as work:
        first = work.record(EventDraft(Kind.CELL_REQUESTED, "mei", event_id="e1"))
        second = work.record(EventDraft(Kind.CELL_OUTCOME, "mei", event_id="e2"))
        assert second == first + 1
        assert work.record(EventDraft(Kind.CELL_REQUESTED, "mei", event_id="e1")) == first
    with house.begin() as work:
        assert work.record(EventDraft(Kind.CELL_REQUESTED, "mei", event_id="e1")) == first
    assert [e.number for e in entries_of(house)] == list(range(1, second + 1))


def test_a_body_without_a_key_is_not_recorded(house: House) -> None:
    with pytest.raises(ConflictError) as caught, house.begin() as work:
        work.record(EventDraft(Kind.CELL_REQUESTED, "mei", project="p-none", body={"source": "1"}))
    assert caught.value.code == "no_body_key"


def test_a_destroyed_key_takes_the_body_with_it_and_stays_destroyed(house: House) -> None:
    with house.begin() as work:
        number = work.record(EventDraft(Kind.CELL_REQUESTED, "mei", "p-diabetes", body={"source": "1"}))
    assert entries_of(house)[number - 1].body is not None
    house.keyring.destroy("p-diabetes", "body")
    assert house.keyring.find("p-diabetes", "body") is None
    with pytest.raises(ConflictError):
        house.keyring.make("p-diabetes", "body")
    if isinstance(house, SqliteHouse):
        assert entries_of(house)[number - 1].body is None


def test_keys_are_made_once_and_differ_by_project_and_purpose(house: House) -> None:
    made = {
        house.keyring.make(project, purpose)
        for project in ("p-x", "p-y")
        for purpose in ("body", "vault", "data")
    }
    assert len(made) == 6
    assert house.keyring.purposes("p-x") == ("body", "data", "vault")
    assert house.keyring.purposes("p-unknown") == ()
    house.keyring.destroy("p-x", "data")
    house.keyring.make("p-x", "data-2")
    assert house.keyring.purposes("p-x") == ("body", "data-2", "vault")
    assert house.keyring.make("p-x", "body") == house.keyring.find("p-x", "body")
    assert all(len(key) == 32 for key in made)
