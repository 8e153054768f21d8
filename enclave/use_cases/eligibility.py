"""Who may do what today, and if not, why: what commands and pages show of people and projects.

Nothing here decides: the rules of ``enclave.access`` are asked exactly as they are where they
decide. Every refusal is kept, so that a reader sees all that is missing and not only the first.
"""

from dataclasses import dataclass

from enclave.access import account_rules, certification_rule, researcher_rules
from enclave.contracts import Contract
from enclave.decisions import Refusal
from enclave.display import pause_rule
from enclave.errors import NotFoundError
from enclave.people import Account, Organisation, OrganisationKind, Training
from enclave.ports import Work
from enclave.projects import ProjectPermit
from enclave.sentences import say


@dataclass(frozen=True, slots=True)
class ProjectStanding:
    """A person in one project that names them."""

    username: str
    permit: ProjectPermit
    refusals: tuple[Refusal, ...]

    @property
    def eligible(self) -> bool:
        return not self.refusals


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """A person, and every project that names them."""

    account: Account
    organisation: Organisation | None
    training: tuple[Training, ...]
    refusals: tuple[Refusal, ...]
    """Why the account cannot be used at all today; empty when it can."""
    projects: tuple[ProjectStanding, ...]


@dataclass(frozen=True, slots=True)
class OrganisationStanding:
    """An organisation, its contracts, and why its certification is not in force, if it is not."""

    organisation: Organisation
    refusal: Refusal | None
    contracts: tuple[Contract, ...]


def in_project(work: Work, username: str, permit: ProjectPermit) -> ProjectStanding:
    """Whether this person may work in this project today; a passing pause counts too."""
    account = work.register.find_account(username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    contracts = work.register.contracts_of(permit.organisation)
    answers = [
        *researcher_rules(account, organisation, permit, contracts, work.now.date()),
        pause_rule(work.displays.paused_until(username), work.now),
    ]
    return ProjectStanding(username, permit, tuple(a for a in answers if a is not None))


def person_standing(work: Work, username: str) -> PersonStanding:
    """Everything that decides over one person.

    Raises:
        NotFoundError: nobody is enrolled under this name.
    """
    account = work.register.find_account(username)
    if account is None:
        raise NotFoundError(
            "unknown_person", say("'{name}' is not enrolled. Enrol them first.", name=username)
        )
    organisation = work.register.find_organisation(account.organisation)
    answers = account_rules(account, organisation, work.now.date())
    named = [permit for permit in work.register.permits() if username in permit.people]
    return PersonStanding(
        account=account,
        organisation=organisation,
        training=work.register.training_of(username),
        refusals=tuple(answer for answer in answers if answer is not None),
        projects=tuple(in_project(work, username, permit) for permit in named),
    )


def everybody(work: Work) -> tuple[PersonStanding, ...]:
    """Everyone who is enrolled, by username."""
    return tuple(person_standing(work, account.username) for account in work.register.accounts())


def project_standing(work: Work, project: str) -> tuple[ProjectPermit, tuple[ProjectStanding, ...]]:
    """A project's permit, and each person it names.

    Raises:
        NotFoundError: no permit of this project is in force.
    """
    permit = work.register.find_permit(project)
    if permit is None:
        raise NotFoundError("unknown_project", say("No permit for this project was adopted."))
    return permit, tuple(in_project(work, username, permit) for username in permit.people)


def organisations(work: Work) -> tuple[OrganisationStanding, ...]:
    """Every organisation, by id."""
    return tuple(
        OrganisationStanding(
            organisation,
            certification_rule(organisation, work.now.date()),
            work.register.contracts_of(organisation.id)
            if organisation.kind is OrganisationKind.TYPE_TWO_USER
            else (),
        )
        for organisation in work.register.organisations()
    )


def contract_refusal(work: Work, contract: Contract) -> Refusal | None:
    """Why a contract is not in force today, if it is not."""
    if contract.ended_at is not None:
        return Refusal("ended", say("It was ended before its time."))
    if contract.in_force(work.now.date()):
        return None
    return Refusal("not_in_force", say("It is not in force today."))
