"""Proposals that make somebody eligible: training, a use contract, opening a closed account.

Each takes a second person (``adopt``). What it names is checked here, so that the adopter reads
something that can be adopted, and again at adoption. A reason is for people: the adopter reads
it, and it is kept in the proposal, never in a leaf's facts.
"""

from enclave.adoptions import Proposal, ProposalKind
from enclave.audit.canonical import Value
from enclave.contracts import EVERY_PROJECT, Contract, check_contract
from enclave.errors import ConflictError, InvalidInputError, NotFoundError
from enclave.identity import check_project_id
from enclave.people import Account, AccountState, OrganisationKind, Training
from enclave.ports import Work
from enclave.sentences import say
from enclave.use_cases.propose import propose

SHORTEST_REASON, LONGEST_REASON = 10, 4_000
LONGEST_COURSE = 200


def check_reason(reason: str) -> str:
    """The reason without its edges, when it says something.

    Raises:
        InvalidInputError: shorter or longer than a reason is.
    """
    text = reason.strip()
    if SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        return text
    raise InvalidInputError(
        "bad_reason",
        say("Give a reason of {least} to {most} characters.", least=SHORTEST_REASON, most=LONGEST_REASON),
    )


def get_account(work: Work, username: str) -> Account:
    """The account of this name.

    Raises:
        NotFoundError: nobody is enrolled under it.
    """
    account = work.register.find_account(username)
    if account is None:
        raise NotFoundError(
            "unknown_person", say("'{name}' is not enrolled. Enrol them first.", name=username)
        )
    return account


def propose_training(work: Work, username: str, training: Training) -> Proposal:
    """Put forward that a person completed a course, which renews their training."""
    check_training(work, training)
    payload: dict[str, Value] = {
        "username": training.username,
        "course": training.course.strip(),
        "completed_on": training.completed_on.isoformat(),
        "valid_until": training.valid_until.isoformat(),
    }
    return propose(work, username, ProposalKind.TRAINING, training.username, payload)


def check_training(work: Work, training: Training) -> None:
    """That the person is enrolled, the course has a name, and its days can be.

    Raises:
        NotFoundError, InvalidInputError: what is wrong.
    """
    get_account(work, training.username)
    if not 0 < len(training.course.strip()) <= LONGEST_COURSE:
        raise InvalidInputError("no_course", say("Name the course, in at most 200 characters."))
    if training.completed_on > work.now.date():
        raise InvalidInputError("not_yet_completed", say("The course is completed on a day to come."))
    if training.valid_until < training.completed_on:
        raise InvalidInputError("days_reversed", say("The last day comes before the first. Swap them."))


def propose_contract(work: Work, username: str, contract: Contract) -> Proposal:
    """Put a use contract forward."""
    check_new_contract(work, contract)
    payload: dict[str, Value] = {
        "id": contract.id,
        "organisation": contract.organisation,
        "project": contract.project,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat(),
        "sha256": contract.sha256,
    }
    return propose(work, username, ProposalKind.CONTRACT, contract.id, payload)


def check_new_contract(work: Work, contract: Contract) -> None:
    """That a contract has the right form, a type-II user for its party, and an id of its own.

    Raises:
        InvalidInputError, NotFoundError: what it names wrongly.
        ConflictError: the id is another contract's, or an ended one's.
    """
    check_contract(contract)
    if contract.project != EVERY_PROJECT:
        check_project_id(contract.project)
    organisation = work.register.find_organisation(contract.organisation)
    if organisation is None:
        raise NotFoundError(
            "unknown_organisation",
            say(
                "The organisation '{name}' is not registered. Register it first.", name=contract.organisation
            ),
        )
    if organisation.kind is not OrganisationKind.TYPE_TWO_USER:
        raise InvalidInputError("not_type_two", say("A use contract is made with a certified type-II user."))
    known = work.register.find_contract(contract.id)
    if known is not None and known != contract:
        raise ConflictError(
            "contract_known", say("A contract has this id already. A new contract takes a new id.")
        )


def propose_reinstatement(work: Work, username: str, subject: str, reason: str) -> Proposal:
    """Put forward that a closed account is opened again.

    Raises:
        ConflictError: the account is open.
    """
    check_closed(get_account(work, subject))
    payload: dict[str, Value] = {"username": subject, "reason": check_reason(reason)}
    return propose(work, username, ProposalKind.REINSTATEMENT, subject, payload)


def check_closed(account: Account) -> None:
    """That there is something to open.

    Raises:
        ConflictError: the account is active.
    """
    if account.state is AccountState.ACTIVE:
        raise ConflictError("not_closed", say("This account is open. There is nothing to reinstate."))
