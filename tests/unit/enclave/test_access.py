"""Eligibility, rule by rule: each is taken away once and its code must appear."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from enclave.access import account_rules, checker_rules, conflict_rules, contract_rule, researcher_rules
from enclave.contracts import Contract
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation
from enclave.projects import ProjectPermit
from tests.support.fakes import START
from tests.support.people import AOI, CONTRACT, ENDS, KEN, MEI, PERMIT, PRODUCER, UNIVERSITY, contract_with

TODAY = START.date()
AFTER = ENDS + timedelta(days=1)


def codes(rules: object) -> list[str]:
    assert hasattr(rules, "__iter__")
    return [r.code for r in rules if r is not None]


def researcher(
    account: Account | None = MEI,
    organisation: Organisation | None = UNIVERSITY,
    permit: ProjectPermit | None = PERMIT,
    contracts: tuple[Contract, ...] = (CONTRACT,),
    today: date = TODAY,
) -> list[str]:
    return codes(researcher_rules(account, organisation, permit, contracts, today))


def test_no_contract_means_no() -> None:
    assert codes([contract_rule((), "daigaku", "p-diabetes", TODAY)]) == ["no_contract"]
    assert researcher(contracts=()) == ["no_contract"]


def test_nothing_known_is_refused() -> None:
    assert "no_account" in researcher(None, None, None)
    assert codes(account_rules(None, None, TODAY)) == ["no_account"]


def test_the_named_researcher_may_work_to_the_last_day() -> None:
    short = replace(CONTRACT, ends_on=ENDS)
    assert researcher(contracts=(short,)) == []
    assert researcher(contracts=(short,), today=ENDS) == []
    assert "contract_lapsed" in researcher(contracts=(short,), today=ENDS + timedelta(days=1))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (researcher(replace(MEI, state=AccountState.SUSPENDED)), "suspended"),
        (researcher(replace(MEI, state=AccountState.DISABLED)), "disabled"),
        (researcher(contracts=(contract_with("seiyaku"),)), "no_contract"),
        (researcher(contracts=(contract_with("daigaku", "p-other"),)), "no_contract"),
        (researcher(contracts=(replace(CONTRACT, ended_at=START),)), "contract_lapsed"),
        (researcher(contracts=(replace(CONTRACT, starts_on=TODAY + timedelta(days=1)),)), "contract_lapsed"),
        (researcher(contracts=(replace(CONTRACT, ends_on=TODAY - timedelta(days=1)),)), "contract_lapsed"),
        (researcher(organisation=replace(UNIVERSITY, withdrawn_at=START)), "certification_withdrawn"),
        (
            researcher(organisation=replace(UNIVERSITY, certified_from=TODAY + timedelta(days=1))),
            "certification_lapsed",
        ),
        (researcher(replace(MEI, trained_until=TODAY - timedelta(days=1))), "training_lapsed"),
        (researcher(organisation=None), "no_organisation"),
        (
            researcher(organisation=replace(UNIVERSITY, certified_until=TODAY - timedelta(days=1))),
            "certification_lapsed",
        ),
        (researcher(organisation=PRODUCER), "no_organisation"),
        (researcher(replace(MEI, roles=frozenset({Role.CHECKER}))), "wrong_role"),
        (researcher(permit=None), "no_permit"),
        (researcher(permit=replace(PERMIT, ends_on=TODAY - timedelta(days=1))), "project_ended"),
        (researcher(KEN), "not_on_permit"),
        (researcher(permit=replace(PERMIT, organisation="seiyaku")), "other_organisation"),
    ],
)
def test_each_condition_alone_refuses(found: list[str], code: str) -> None:
    assert code in found


def checker(
    account: Account | None = AOI, author: str = "mei", author_organisation: str = "daigaku"
) -> list[str]:
    organisation = {"sakusei": PRODUCER, "daigaku": UNIVERSITY}.get(account.organisation) if account else None
    return codes(checker_rules(account, organisation, PERMIT, author, author_organisation, START))


def test_a_checker_of_another_house_may_check() -> None:
    assert checker() == []


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (checker(None), "no_account"),
        (checker(replace(AOI, roles=frozenset({Role.BOARD}))), "wrong_role"),
        (checker(author="aoi"), "own_request"),
        (checker(replace(MEI, roles=frozenset({Role.CHECKER}))), "own_project"),
        (checker(replace(KEN, roles=frozenset({Role.CHECKER}))), "own_organisation"),
        (checker(author_organisation="sakusei"), "own_organisation"),
        (checker(replace(AOI, re_enrolled=True, enrolled_at=START - timedelta(hours=23))), "re_enrolled"),
        (codes(checker_rules(AOI, PRODUCER, None, "mei", "daigaku", START)), "no_permit"),
    ],
)
def test_each_conflict_alone_refuses_a_checker(found: list[str], code: str) -> None:
    assert code in found


def test_a_re_enrolled_checker_may_vote_after_a_day() -> None:
    assert checker(replace(AOI, re_enrolled=True, enrolled_at=START - timedelta(hours=24))) == []


@pytest.mark.parametrize(
    "roles",
    [
        set(),
        {Role.CHECKER, Role.RESEARCHER},
        {Role.OPERATOR, Role.OFFICER},
        {Role.OPERATOR, Role.BOARD},
        {Role.OPERATOR, Role.CHECKER},
        {Role.AUDITOR, Role.BOARD},
    ],
)
def test_conflicting_roles_are_refused(roles: set[Role]) -> None:
    assert codes(conflict_rules(frozenset(roles))) != []


def test_one_role_is_no_conflict() -> None:
    for role in Role:
        assert codes(conflict_rules(frozenset({role}))) == []
