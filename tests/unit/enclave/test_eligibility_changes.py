"""What widens eligibility takes two people, what narrows takes one operator; nothing comes back by itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from enclave.adoptions import Proposal, ProposalKind, may_adopt, may_propose
from enclave.contracts import Contract
from enclave.errors import ConflictError, DeniedError, EnclaveError, InvalidInputError, NotFoundError
from enclave.identity import Person, Role
from enclave.people import AccountState, Credential, Training
from enclave.ports import Work
from enclave.use_cases.adopt import adopt
from enclave.use_cases.eligibility import everybody, organisations, person_standing, project_standing
from enclave.use_cases.narrow import end_contract, suspend, withdraw_certification
from enclave.use_cases.propose import propose_enrolment, propose_organisation
from enclave.use_cases.propose_eligibility import propose_contract, propose_reinstatement, propose_training
from enclave.use_cases.sign_in import SecondFactor
from tests.support.fakes import START, FakeHouse
from tests.support.people import BEGAN, CONTRACT, ENDS, KEN, MEI, OTA, PERMIT, PRODUCER, UNIVERSITY, settle

REASON = "調査が済むまで停止する"
LATER = ENDS + timedelta(days=365)
TRAINING = Training("mei", "更新研修", START.date(), LATER)
NEW = Contract("k-0002", "daigaku", "p-diabetes", BEGAN, ENDS, "d" * 64)


@pytest.fixture
def house() -> FakeHouse:
    built = FakeHouse()
    with built.begin() as work:
        settle(work)
        work.register.put_account(replace(OTA, username="oki"))
    return built


def proof(work: Work, who: str) -> SecondFactor:
    return SecondFactor(who, work.now)


def agree(house: FakeHouse, proposal: Proposal, who: str = "bo") -> None:
    with house.begin() as work:
        adopt(work, proof(work, who), proposal.id, proposal.digest)


def refused(house: FakeHouse, act: Callable[[Any], object]) -> str:
    with pytest.raises(EnclaveError) as caught, house.begin() as work:
        act(work)
    return caught.value.code


def kinds(house: FakeHouse) -> list[str]:
    return [json.loads(entry.data)["kind"] for entry in house.entries]


def codes(house: FakeHouse, who: str = "mei") -> list[str]:
    with house.begin() as work:
        _, people = project_standing(work, "p-diabetes")
        return [refusal.code for one in people if one.username == who for refusal in one.refusals]


# ------------------------------------------------------------------ training
def test_training_renews_eligibility_after_the_second_person(house: FakeHouse) -> None:
    house.clock.forward(timedelta(days=370))
    for name in ("ota", "bo"):
        account = house.register.find_account(name)
        assert account is not None
        house.register.put_account(replace(account, trained_until=LATER))
    house.register.put_organisation(replace(PRODUCER, certified_until=LATER))
    assert "training_lapsed" in codes(house)
    with house.begin() as work:
        done = replace(TRAINING, completed_on=work.now.date(), valid_until=work.now.date())
        proposal = propose_training(work, "ota", done)
    assert "training_lapsed" in codes(house)
    agree(house, proposal)
    assert "training_lapsed" not in codes(house)
    assert house.register.training_of("mei") == (done,)
    assert kinds(house)[-1] == "training.adopted"


def test_an_older_course_is_kept_and_shortens_nothing(house: FakeHouse) -> None:
    with house.begin() as work:
        proposal = propose_training(work, "ota", replace(TRAINING, valid_until=START.date()))
    agree(house, proposal)
    with house.begin() as work:
        standing = person_standing(work, "mei")
    assert standing.account.trained_until == ENDS
    assert len(standing.training) == 1


@pytest.mark.parametrize(
    ("training", "code"),
    [
        (replace(TRAINING, username="nobody"), "unknown_person"),
        (replace(TRAINING, course=" "), "no_course"),
        (replace(TRAINING, course="x" * 201), "no_course"),
        (replace(TRAINING, completed_on=START.date() + timedelta(days=1)), "not_yet_completed"),
        (replace(TRAINING, valid_until=START.date() - timedelta(days=1)), "days_reversed"),
    ],
)
def test_training_that_cannot_be_is_not_proposed(house: FakeHouse, training: Training, code: str) -> None:
    assert refused(house, lambda work: propose_training(work, "ota", training)) == code


def test_nobody_adopts_their_own_training(house: FakeHouse) -> None:
    with house.begin() as work:
        proposal = propose_training(work, "ota", replace(TRAINING, username="bo"))
    with pytest.raises(DeniedError) as caught:
        agree(house, proposal, "bo")
    assert caught.value.code == "own_training"
    agree(house, proposal, "ben")


# ----------------------------------------------------------------- contracts
def test_a_contract_counts_after_the_second_person_and_until_it_is_ended(house: FakeHouse) -> None:
    with house.begin() as work:
        end_contract(work, proof(work, "ota"), CONTRACT.id, REASON)
    assert codes(house) == ["contract_lapsed"]
    with house.begin() as work:
        proposal = propose_contract(work, "ota", NEW)
    assert codes(house) == ["contract_lapsed"]
    agree(house, proposal)
    assert codes(house) == []
    with house.begin() as work:
        end_contract(work, proof(work, "ota"), NEW.id, REASON)
    assert codes(house) == ["contract_lapsed"]
    assert kinds(house)[-1] == "contract.ended"
    assert (
        refused(house, lambda work: end_contract(work, proof(work, "ota"), NEW.id, REASON)) == "ended_already"
    )
    assert refused(house, lambda work: propose_contract(work, "ota", NEW)) == "contract_known"


def test_two_contracts_never_share_an_id(house: FakeHouse) -> None:
    with house.begin() as work:
        first = propose_contract(work, "ota", NEW)
        second = propose_contract(work, "ota", replace(NEW, ends_on=LATER))
    agree(house, first)
    with pytest.raises(ConflictError):
        agree(house, second)


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        (replace(NEW, id="K 1"), "bad_contract_id"),
        (replace(NEW, sha256="no"), "bad_sha256"),
        (replace(NEW, ends_on=BEGAN - timedelta(days=1)), "days_reversed"),
        (replace(NEW, project="P"), "bad_project_id"),
        (replace(NEW, organisation="none"), "unknown_organisation"),
        (replace(NEW, organisation="sakusei"), "not_type_two"),
        (replace(CONTRACT, sha256="e" * 64), "contract_known"),
    ],
)
def test_a_contract_that_cannot_be_is_not_proposed(house: FakeHouse, contract: Contract, code: str) -> None:
    assert refused(house, lambda work: propose_contract(work, "ota", contract)) == code


def test_what_is_not_there_is_not_ended(house: FakeHouse) -> None:
    for act, error in (
        (lambda work: end_contract(work, proof(work, "ota"), "k-9", REASON), NotFoundError),
        (lambda work: withdraw_certification(work, proof(work, "ota"), "none", REASON), NotFoundError),
        (lambda work: suspend(work, proof(work, "ota"), "none", REASON), NotFoundError),
        (lambda work: suspend(work, proof(work, "ota"), "mei", "short"), InvalidInputError),
    ):
        with pytest.raises(error), house.begin() as work:
            act(work)


# ------------------------------------------------------------ certification
def test_a_withdrawn_certification_stays_withdrawn_until_two_people_certify_anew(house: FakeHouse) -> None:
    with house.begin() as work:
        before = propose_organisation(work, "ota", replace(UNIVERSITY, certified_until=LATER))
    agree(house, before)
    with house.begin() as work:
        waiting = propose_organisation(work, "ota", UNIVERSITY)
        withdraw_certification(work, proof(work, "ota"), "daigaku", REASON)
    assert "certification_withdrawn" in codes(house)
    with pytest.raises(DeniedError) as caught:
        agree(house, waiting)
    assert caught.value.code == "not_open"
    act: Callable[[Any], object] = lambda work: withdraw_certification(  # noqa: E731
        work, proof(work, "ota"), "daigaku", REASON
    )
    assert refused(house, act) == "withdrawn_already"
    with house.begin() as work:
        anew = propose_organisation(work, "ota", replace(UNIVERSITY, certified_until=LATER))
    assert anew.id != before.id
    agree(house, anew)
    assert codes(house) == []


def test_an_organisation_has_a_certificate(house: FakeHouse) -> None:
    bare = replace(UNIVERSITY, certificate=" ")
    assert refused(house, lambda work: propose_organisation(work, "ota", bare)) == "no_certificate"
    late = replace(UNIVERSITY, certified_from=LATER)
    assert refused(house, lambda work: propose_organisation(work, "ota", late)) == "days_reversed"


# ----------------------------------------------------- suspending, opening
def test_suspending_takes_one_operator_and_is_recorded(house: FakeHouse) -> None:
    for who in ("mei", "bo", "kan", "aoi", "ste", "nobody"):
        act = lambda work, who=who: suspend(work, proof(work, who), "ken", REASON)  # noqa: E731
        assert refused(house, act) in {"wrong_role", "no_account"}
    with house.begin() as work:
        suspended = suspend(work, proof(work, "ota"), "mei", REASON)
    assert (suspended.state, suspended.closed_at, suspended.closed_reason) == (
        AccountState.SUSPENDED,
        START,
        REASON,
    )
    assert "suspended" in codes(house)
    leaf = json.loads(house.entries[-1].data)
    assert (leaf["kind"], leaf["person"], leaf["subject"]) == ("person.suspended", "ota", "mei")
    assert REASON not in house.entries[-1].data.decode()
    again = lambda work: suspend(work, proof(work, "ota"), "mei", REASON)  # noqa: E731
    assert refused(house, again) == "suspended_already"


def test_an_act_that_nobody_could_undo_is_refused(house: FakeHouse) -> None:
    assert refused(house, lambda work: suspend(work, proof(work, "ota"), "ota", REASON)) == "own_account"
    own = lambda work: withdraw_certification(work, proof(work, "ota"), "sakusei", REASON)  # noqa: E731
    assert refused(house, own) == "own_organisation"
    with house.begin() as work:
        suspend(work, proof(work, "ota"), "ben", REASON)
    last = lambda work: suspend(work, proof(work, "ota"), "bo", REASON)  # noqa: E731
    assert refused(house, last) == "last_of_the_board"


@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.DISABLED])
def test_two_people_open_a_closed_account(house: FakeHouse, state: AccountState) -> None:
    assert refused(house, lambda work: propose_reinstatement(work, "ota", "mei", REASON)) == "not_closed"
    with house.begin() as work:
        work.register.put_account(MEI.closed(state, work.now, REASON))
        proposal = propose_reinstatement(work, "ota", "mei", "調査が済み、問題がなかった")
        other = propose_reinstatement(work, "bo", "mei", "別の理由による再開の提案")
    assert codes(house) == [state.value]
    agree(house, proposal)
    assert codes(house) == []
    assert house.register.find_account("mei") == MEI
    assert "person.reinstated" in kinds(house)
    with pytest.raises(DeniedError):
        agree(house, other, "ben")


def test_the_same_words_open_an_account_a_second_time_only_with_two_people_again(house: FakeHouse) -> None:
    for _ in range(2):
        with house.begin() as work:
            suspend(work, proof(work, "ota"), "mei", REASON)
            proposal = propose_reinstatement(work, "ota", "mei", REASON)
        assert "suspended" in codes(house)
        agree(house, proposal)
        assert codes(house) == []


def test_consent_given_before_a_suspension_does_not_open_it(house: FakeHouse) -> None:
    with house.begin() as work:
        work.register.put_account(MEI.closed(AccountState.DISABLED, work.now, ""))
        proposal = propose_reinstatement(work, "ota", "mei", REASON)
        suspend(work, proof(work, "oki"), "mei", REASON)
    with pytest.raises(DeniedError) as caught:
        agree(house, proposal)
    assert caught.value.code == "not_open"


def test_nobody_takes_part_in_opening_their_own_account(house: FakeHouse) -> None:
    with house.begin() as work:
        suspend(work, proof(work, "ota"), "ben", REASON)
        proposal = propose_reinstatement(work, "ota", "ben", REASON)
    ben = Person("ben", roles=frozenset(Role))
    for decision in (
        may_propose(ben, ProposalKind.REINSTATEMENT, "ben"),
        may_adopt(ben, proposal, proposal.digest),
    ):
        assert "own_reinstatement" in [refusal.code for refusal in decision.refusals]
    with pytest.raises(DeniedError):
        agree(house, proposal, "ben")


def test_an_enrolment_never_opens_a_closed_account(house: FakeHouse) -> None:
    with house.begin() as work:
        credential = Credential("h", b"s")
        work.register.put_pending_credential("mei", credential, work.now)
        proposal = propose_enrolment(
            work,
            "ota",
            candidate=Person("mei", "Mei", "daigaku", frozenset({Role.RESEARCHER})),
            trained_until=ENDS,
            credential_digest=credential.digest(),
        )
        suspend(work, proof(work, "ota"), "mei", REASON)
    agree(house, proposal)
    account = house.register.find_account("mei")
    assert account is not None
    assert (account.state, account.closed_reason) == (AccountState.SUSPENDED, REASON)


def test_a_credential_waits_seven_days(house: FakeHouse) -> None:
    with house.begin() as work:
        credential = Credential("h", b"s")
        work.register.put_pending_credential("eve", credential, work.now)
        proposal = propose_enrolment(
            work,
            "ota",
            candidate=Person("eve", "Eve", "sakusei", frozenset({Role.CHECKER})),
            trained_until=ENDS,
            credential_digest=credential.digest(),
        )
    house.clock.forward(timedelta(days=7, seconds=1))
    with pytest.raises(ConflictError):
        agree(house, proposal)


# ------------------------------------------------------------------- standing
def test_a_standing_names_everything_that_is_missing(house: FakeHouse) -> None:
    house.register.put_permit(replace(PERMIT, people=("mei", "ken", "aoi", "ghost")))
    house.register.put_account(replace(KEN, trained_until=date(2026, 1, 1), state=AccountState.SUSPENDED))
    with house.begin() as work:
        _, people = project_standing(work, "p-diabetes")
        found = {one.username: [r.code for r in one.refusals] for one in people}
        everyone = {one.account.username: one for one in everybody(work)}
        houses = {one.organisation.id: one for one in organisations(work)}
    assert found["mei"] == []
    assert {"suspended", "training_lapsed"} <= set(found["ken"])
    assert {"wrong_role", "not_type_two", "other_organisation"} <= set(found["aoi"])
    assert "no_account" in found["ghost"]
    assert [p.permit.project for p in everyone["mei"].projects] == ["p-diabetes"]
    assert everyone["bo"].projects == ()
    assert houses["daigaku"].contracts == (CONTRACT,)
    assert houses["sakusei"].refusal is None
    assert refused(house, lambda work: project_standing(work, "p-none")) == "unknown_project"
    assert refused(house, lambda work: person_standing(work, "ghost")) == "unknown_person"
