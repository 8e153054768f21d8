"""Who may, is decided by the register of this moment."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from enclave.access import account_rules, contract_rule, researcher_rules
from enclave.adoptions import ADOPTERS, PROPOSERS, ProposalKind
from enclave.credentials import recovery_hash
from enclave.errors import DeniedError, EnclaveError
from enclave.identity import Person, Role
from enclave.people import AccountState, Credential
from enclave.use_cases.adopt import adopt
from enclave.use_cases.narrow import end_contract, suspend, withdraw_certification
from enclave.use_cases.propose import propose_enrolment
from enclave.use_cases.propose_eligibility import propose_reinstatement
from enclave.use_cases.sign_in import SecondFactor, second_factor, sign_in
from hub.roles import hub_roles
from hub.sign_in import claim_refusal
from tests.support.fakes import START, FakeHouse, FakePasswords
from tests.support.people import CAST, CONTRACT, ENDS, MEI, PERMIT, UNIVERSITY, settle
from tests.support.portal_house import PortalHouse

TODAY = START.date()
REASON = "調査が済むまで停止する"
CODE = "ABCDEFGHIJKLMNOP"


@pytest.fixture(name="house")
def _house() -> FakeHouse:
    built = FakeHouse()
    with built.begin() as work:
        settle(work)
        for one in CAST:
            hashes = (recovery_hash(one.username, CODE),)
            sealed = work.register.seal_totp(one.username, one.username)
            work.register.put_credential(one.username, Credential(FakePasswords().hash("pw"), sealed, hashes))
    return built


def refusals(**changes: Any) -> set[str]:
    facts: dict[str, Any] = {
        "account": MEI,
        "organisation": UNIVERSITY,
        "permit": PERMIT,
        "contracts": (CONTRACT,),
    } | changes
    rules = researcher_rules(
        facts["account"], facts["organisation"], facts["permit"], facts["contracts"], TODAY
    )
    return {refusal.code for refusal in rules if refusal}


def refused(house: FakeHouse, act: Any) -> str:
    with pytest.raises(EnclaveError) as caught, house.begin() as work:
        act(work)
    return caught.value.code


def test_46_without_a_use_contract_nobody_works() -> None:
    """A person works in a project only while a use contract between the producer and their organisation covers it, beside account, certification, training, permit and role."""
    yesterday = TODAY - timedelta(days=1)
    assert contract_rule((), "daigaku", PERMIT.project, TODAY) is not None
    assert refusals() == set()
    for changed, code in (
        ({"contracts": ()}, "no_contract"),
        ({"contracts": (replace(CONTRACT, organisation="seiyaku"),)}, "no_contract"),
        ({"contracts": (replace(CONTRACT, ended_at=START),)}, "contract_lapsed"),
        ({"contracts": (replace(CONTRACT, ends_on=yesterday),)}, "contract_lapsed"),
        ({"organisation": replace(UNIVERSITY, withdrawn_at=START)}, "certification_withdrawn"),
        ({"account": replace(MEI, trained_until=yesterday)}, "training_lapsed"),
        ({"account": replace(MEI, state=AccountState.DISABLED)}, "disabled"),
    ):
        assert refusals(**changed) == {code}


def test_47_what_widens_takes_two_and_what_narrows_takes_one_operator(house: FakeHouse) -> None:
    """Training, contracts, certifications and the opening of a closed account take two people; suspending, ending and withdrawing take one operator, act at once and are recorded."""
    for kind in (
        ProposalKind.TRAINING,
        ProposalKind.CONTRACT,
        ProposalKind.ORGANISATION,
        ProposalKind.REINSTATEMENT,
    ):
        assert PROPOSERS[kind] == {Role.OPERATOR, Role.BOARD}
        assert ADOPTERS[kind] == {Role.BOARD}
    acts: dict[str, Any] = {
        "person.suspended": lambda work, who: suspend(work, SecondFactor(who, work.now), "mei", REASON),
        "contract.ended": lambda work, who: end_contract(
            work, SecondFactor(who, work.now), CONTRACT.id, REASON
        ),
        "organisation.certification_withdrawn": lambda work, who: withdraw_certification(
            work, SecondFactor(who, work.now), "daigaku", REASON
        ),
    }
    for kind_of, act in acts.items():
        for one in CAST:
            if Role.OPERATOR not in one.roles:
                assert refused(house, partial(act, who=one.username))
        with house.begin() as work:
            before = len(house.entries)
            act(work, "ota")
            assert len(house.entries) == before + 1
        assert kind_of in house.entries[-1].data.decode()
        assert REASON not in house.entries[-1].data.decode()


def test_48_nothing_but_a_reinstatement_opens_a_closed_account(house: FakeHouse) -> None:
    """A closed account is opened by a reinstatement alone: not by an enrolment, and not by consent that was asked for before it was closed."""
    with house.begin() as work:
        credential = Credential("h", b"s")
        work.register.put_pending_credential("mei", credential, work.now)
        enrolment = propose_enrolment(
            work,
            "ota",
            candidate=Person("mei", "Mei", "daigaku", frozenset({Role.RESEARCHER})),
            trained_until=ENDS,
            credential_digest=credential.digest(),
        )
        work.register.put_account(MEI.closed(AccountState.DISABLED, work.now, ""))
        earlier = propose_reinstatement(work, "ota", "mei", REASON)
        suspend(work, SecondFactor("ota", work.now), "mei", REASON)
    with house.begin() as work:
        adopt(work, SecondFactor("bo", work.now), enrolment.id, enrolment.digest)
    with pytest.raises(DeniedError), house.begin() as work:
        adopt(work, SecondFactor("bo", work.now), earlier.id, earlier.digest)
    account = house.register.find_account("mei")
    assert account is not None
    assert account.state is AccountState.SUSPENDED
    assert next(iter(account_rules(account, UNIVERSITY, TODAY))) is not None


def test_49_no_operator_shuts_the_house_for_good(house: FakeHouse) -> None:
    """An operator can neither close the last open account of the board nor withdraw their own organisation's certification."""
    with house.begin() as work:
        suspend(work, SecondFactor("ota", work.now), "ben", REASON)
    last: Any = lambda work: suspend(work, SecondFactor("ota", work.now), "bo", REASON)  # noqa: E731
    own: Any = lambda work: withdraw_certification(  # noqa: E731
        work, SecondFactor("ota", work.now), "sakusei", REASON
    )
    assert refused(house, last) == "last_of_the_board"
    assert refused(house, own) == "own_organisation"


def test_50_a_recovery_code_signs_in_once_and_agrees_to_nothing(house: FakeHouse) -> None:
    """A recovery code stands in for the one-time code at sign-in, once, with the password; at a vote, an adoption or a command it is refused."""
    passwords = FakePasswords()
    for refuse in (
        lambda: second_factor(house, passwords, "bo", CODE),
        lambda: sign_in(house, passwords, "bo", "pw", CODE),
        lambda: sign_in(house, passwords, "bo", "other", CODE, recovery=True),
    ):
        with pytest.raises(DeniedError):
            refuse()
    assert sign_in(house, passwords, "bo", "pw", CODE, recovery=True).username == "bo"
    with pytest.raises(DeniedError):
        sign_in(house, passwords, "bo", "pw", CODE, recovery=True)


def test_51_a_credential_that_somebody_made_gives_nothing(tmp_path: Path) -> None:
    """Whoever sets up a sign-in, under whatever name, can do nothing with it until two people have agreed on an enrolment that names it."""
    house = PortalHouse(tmp_path)
    guest = house.browser()
    guest.csrf = guest.get("/first-sign-in").json()["csrf"]
    chosen = {"username": "bo", "password": "ame futte ji katamaru", "again": "ame futte ji katamaru"}
    secret = guest.post("/first-sign-in", chosen).json()["totp_secret"]
    step = int(house.house.clock.at.timestamp()) // 30
    made = guest.post("/first-sign-in/proof", {"code": FakePasswords.code(secret, step)})
    assert made.status_code == 200
    for recovery in (False, True):
        for code in (FakePasswords.code(secret, step), made.json()["recovery_codes"][0]):
            with pytest.raises(DeniedError):
                sign_in(house.house, house.passwords, "bo", "ame futte ji katamaru", code, recovery=recovery)
    assert guest.get("/adoptions").status_code == 401
    house.house.database.close()


def test_52_a_provider_must_say_that_a_second_factor_was_used() -> None:
    """With an OpenID provider, a sign-in without the required methods or context, or too long ago, is refused; with nothing required, every sign-in is."""
    now = int(START.timestamp())
    good = {"amr": ["pwd", "otp"], "acr": "two", "auth_time": now}

    def code(claims: dict[str, Any], amr: tuple[str, ...], acr: tuple[str, ...]) -> str | None:
        refusal = claim_refusal(claims, amr, acr, 3600, now)
        return refusal.code if refusal else None

    assert code(good, ("otp",), ("two",)) is None
    assert code(good, (), ()) == "no_requirement"
    assert code({**good, "amr": ["pwd"]}, ("otp",), ("two",)) == "amr"
    assert code({**good, "acr": "one"}, ("otp",), ("two",)) == "acr"
    assert code({**good, "auth_time": now - 3601}, ("otp",), ("two",)) == "auth_time"


def test_53_the_hub_gives_nobody_what_is_anothers() -> None:
    """The hub has a role for everybody, over their own servers and name and the portal, and one for operators, who see, start and end; nobody has tokens, shares, the entry to another's server, or the administration of users."""
    everybody, operators = hub_roles()
    for scope in everybody["scopes"]:
        assert scope.endswith("!user") or scope == "access:services!service=portal"
    own = {"access:servers!user", "access:services!service=portal"}
    for role in (everybody, operators):
        for scope in set(role["scopes"]) - own:
            words = scope.split("!", maxsplit=1)[0].split(":")
            assert not {"access", "admin", "tokens", "shares", "groups", "proxy"} & set(words), scope
