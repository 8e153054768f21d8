"""Who is eligible, now. Each rule gives a refusal or nothing; none reads a clock.

``researcher_rules`` is asked at sign-in, at spawn, every minute for live workspaces and at
every portal action; ``checker_rules`` at every look, at every vote, and for both reviewers
again in the transaction that releases. A missing account, organisation, permit or contract is
a refusal like any other: empty means no.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from enclave.contracts import Contract
from enclave.decisions import Refusal
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind
from enclave.projects import ProjectPermit
from enclave.sentences import say

RE_ENROLMENT_PAUSE = timedelta(hours=24)
"""A re-enrolled checker cannot vote for a day (DESIGN section 7)."""


def account_rules(
    account: Account | None, organisation: Organisation | None, today: date
) -> Iterator[Refusal | None]:
    """What every person needs, whatever they ask for. Yields at least one answer."""
    if account is None:
        yield Refusal("no_account", say("There is no such account. Ask an operator to enrol you."))
        return
    yield state_rule(account)
    yield (
        None
        if account.trained_until >= today
        else Refusal(
            "training_lapsed", say("Your training is no longer valid. Renew it, then sign in again.")
        )
    )
    if organisation is None or organisation.id != account.organisation:
        yield Refusal("no_organisation", say("Your organisation is not registered here. Ask an operator."))
        return
    yield certification_rule(organisation, today)


def state_rule(account: Account) -> Refusal | None:
    """That the account is open."""
    match account.state:
        case AccountState.ACTIVE:
            return None
        case AccountState.DISABLED:
            sentence = say("This account is disabled: too much was shown. Two people can reinstate it.")
            return Refusal("disabled", sentence)
        case AccountState.SUSPENDED:
            return Refusal("suspended", say("This account is suspended. Ask the operator why."))


def certification_rule(organisation: Organisation, today: date) -> Refusal | None:
    """That the organisation's certification is in force on this day."""
    if organisation.withdrawn_at is not None:
        return Refusal("certification_withdrawn", say("Your organisation's certification was withdrawn."))
    if organisation.certified_from <= today <= organisation.certified_until:
        return None
    return Refusal("certification_lapsed", say("Your organisation's certification is not in force."))


def contract_rule(
    contracts: Iterable[Contract], organisation: str, project: str, today: date
) -> Refusal | None:
    """That a use contract between the producer and this organisation covers this project today."""
    covering = [contract for contract in contracts if contract.covers(organisation, project)]
    if not covering:
        return Refusal(
            "no_contract", say("No use contract with your organisation covers this project. Ask an operator.")
        )
    if any(contract.in_force(today) for contract in covering):
        return None
    return Refusal("contract_lapsed", say("The use contract that covers this project is not in force."))


def role_rule(account: Account | None, role: Role) -> Refusal | None:
    """That the account holds a role."""
    if account is not None and role in account.roles:
        return None
    return Refusal("wrong_role", say("This takes the role '{role}', which you do not hold.", role=role.value))


def officer_seat_rule(roles: frozenset[Role], organisation: Organisation | None) -> Refusal | None:
    """That an officer is the producer's own: a contractor may never re-identify (Articles 35(3), 48(3))."""
    if Role.OFFICER not in roles:
        return None
    if organisation is not None and organisation.kind is OrganisationKind.PRODUCER:
        return None
    return Refusal(
        "not_of_producer",
        say("Only the producer's own people are re-identification officers, nobody else's."),
    )


def officer_rules(
    account: Account | None, organisation: Organisation | None, today: date
) -> Iterator[Refusal | None]:
    """That a person may act as one of the producer's two re-identification officers today."""
    yield from account_rules(account, organisation, today)
    yield role_rule(account, Role.OFFICER)
    if account is not None:
        yield officer_seat_rule(account.roles, organisation)
        yield from conflict_rules(account.roles)


def researcher_rules(
    account: Account | None,
    organisation: Organisation | None,
    permit: ProjectPermit | None,
    contracts: Iterable[Contract],
    today: date,
) -> Iterator[Refusal | None]:
    """That a person may work in a project today."""
    yield from account_rules(account, organisation, today)
    yield role_rule(account, Role.RESEARCHER)
    if organisation is not None and organisation.kind is not OrganisationKind.TYPE_TWO_USER:
        yield Refusal(
            "not_type_two", say("Only certified type-II users may analyse. Your organisation is not one.")
        )
    if permit is None:
        yield Refusal("no_permit", say("No permit for this project was adopted."))
        return
    yield None if permit.ends_on >= today else Refusal("project_ended", say("This project has ended."))
    yield contract_rule(contracts, permit.organisation, permit.project, today)
    named = account is not None and account.username in permit.people
    yield None if named else Refusal("not_on_permit", say("You are not named on this project's permit."))
    home = account is not None and account.organisation == permit.organisation
    yield (
        None
        if home
        else Refusal(
            "other_organisation", say("This project's permit names another organisation than yours.")
        )
    )


def checker_rules(
    account: Account | None,
    organisation: Organisation | None,
    permit: ProjectPermit | None,
    author: str,
    author_organisation: str,
    now: datetime,
) -> Iterator[Refusal | None]:
    """That a person may check a request of this author in this project, now."""
    yield from account_rules(account, organisation, now.date())
    yield role_rule(account, Role.CHECKER)
    if permit is None:
        yield Refusal("no_permit", say("No permit for this project was adopted."))
        return
    if account is None:
        return
    if account.username == author:
        yield Refusal("own_request", say("You cannot check a request you wrote."))
    if account.username in permit.people:
        yield Refusal("own_project", say("You cannot check a request of a project you are a member of."))
    if account.organisation in {permit.organisation, author_organisation}:
        yield Refusal("own_organisation", say("You cannot check a request of your own organisation."))
    if account.re_enrolled and now - account.enrolled_at < RE_ENROLMENT_PAUSE:
        yield Refusal("re_enrolled", say("You were enrolled anew: you can vote 24 hours after that."))


def conflict_rules(roles: frozenset[Role]) -> Iterator[Refusal | None]:
    """That a set of roles may be held by one person (DESIGN section 7)."""
    yield None if roles else Refusal("no_role", say("An enrolment names at least one role."))
    if Role.CHECKER in roles and Role.RESEARCHER in roles:
        yield Refusal("role_conflict", say("One person cannot be a checker and a researcher."))
    if Role.OPERATOR in roles and roles & {Role.OFFICER, Role.STEWARD, Role.CHECKER, Role.BOARD}:
        yield Refusal("role_conflict", say("An operator holds no keys to identities and judges no outputs."))
    if Role.OFFICER in roles and roles & {Role.RESEARCHER, Role.STEWARD, Role.CHECKER}:
        yield Refusal(
            "role_conflict", say("A re-identification officer neither cuts extracts, analyses nor checks.")
        )
    if Role.AUDITOR in roles and len(roles) > 1:
        yield Refusal("role_conflict", say("An auditor holds no other role."))
