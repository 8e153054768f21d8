"""What an operator ends alone, at once and on the record: an account, a contract, a certification.

Taking away takes one person; giving back takes two (``propose_eligibility``). Each act is of an
eligible operator with a fresh second factor, and gives a reason. The reason lies in the
register and, sealed, in the event's body; facts hold none of it. Two acts are refused because
nobody could undo them: closing the last open board account, and withdrawing the certification
of the operator's own organisation. Nobody suspends themself: the account they act with would
be gone before the record says who used it.
"""

from collections.abc import Iterator
from dataclasses import replace

from enclave.access import account_rules, role_rule
from enclave.actions import Action
from enclave.adoptions import ProposalKind, ProposalState
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.contracts import Contract
from enclave.decisions import Permit, Refusal, decide, require
from enclave.errors import ConflictError, NotFoundError
from enclave.identity import Person, Role
from enclave.people import Account, AccountState, Organisation
from enclave.ports import Work
from enclave.sentences import say
from enclave.use_cases.propose_eligibility import check_reason, get_account
from enclave.use_cases.sign_in import SecondFactor


def suspend(work: Work, proof: SecondFactor, username: str, reason: str) -> Account:
    """The account is suspended from this moment; whatever it runs is ended by the sweeper.

    Raises:
        ConflictError: it is suspended already.
        DeniedError: not an operator's act, or one that nobody could undo.
    """
    text, account = check_reason(reason), get_account(work, username)
    rules = [*_operator(work, proof), *_suspension_rules(work, proof, account)]
    permit = _permit(work, proof, Action.SUSPEND_PERSON, username, rules)
    if account.state is AccountState.SUSPENDED:
        raise ConflictError("suspended_already", say("This account is suspended already."))
    suspended = account.closed(AccountState.SUSPENDED, work.now, text)
    work.register.put_account(suspended)
    _end_proposals(work, ProposalKind.REINSTATEMENT, username)
    facts = {"username": username, "was": account.state.value}
    work.record(
        EventDraft(Kind.PERSON_SUSPENDED, permit.person.username, "", username, facts, {"reason": text})
    )
    return suspended


def end_contract(work: Work, proof: SecondFactor, contract_id: str, reason: str) -> Contract:
    """The contract is not in force from this moment, for good.

    Raises:
        NotFoundError: there is none of this id.
        ConflictError: it was ended before.
    """
    text = check_reason(reason)
    permit = _permit(work, proof, Action.END_CONTRACT, contract_id, _operator(work, proof))
    contract = work.register.find_contract(contract_id)
    if contract is None:
        raise NotFoundError("unknown_contract", say("There is no such contract."))
    if contract.ended_at is not None:
        raise ConflictError("ended_already", say("This contract was ended already."))
    ended = replace(contract, ended_at=work.now, ended_reason=text)
    work.register.put_contract(ended)
    _end_proposals(work, ProposalKind.CONTRACT, contract_id)
    facts = {"organisation": contract.organisation, "of": contract.project}
    work.record(
        EventDraft(Kind.CONTRACT_ENDED, permit.person.username, "", contract_id, facts, {"reason": text})
    )
    return ended


def withdraw_certification(
    work: Work, proof: SecondFactor, organisation_id: str, reason: str
) -> Organisation:
    """The organisation's certification is not in force from this moment.

    Raises:
        NotFoundError: there is no such organisation.
        ConflictError: it was withdrawn before.
        DeniedError: not an operator's act, or their own organisation.
    """
    text = check_reason(reason)
    rules = [*_operator(work, proof), _other_house(work, proof, organisation_id)]
    permit = _permit(work, proof, Action.WITHDRAW_CERTIFICATION, organisation_id, rules)
    organisation = work.register.find_organisation(organisation_id)
    if organisation is None:
        raise NotFoundError("no_organisation", say("There is no such organisation."))
    if organisation.withdrawn_at is not None:
        raise ConflictError("withdrawn_already", say("This certification was withdrawn already."))
    withdrawn = replace(organisation, withdrawn_at=work.now, withdrawn_reason=text)
    work.register.put_organisation(withdrawn)
    _end_proposals(work, ProposalKind.ORGANISATION, organisation_id)
    facts = {"certificate": organisation.certificate}
    who = permit.person.username
    work.record(EventDraft(Kind.CERTIFICATION_WITHDRAWN, who, "", organisation_id, facts, {"reason": text}))
    return withdrawn


def _operator(work: Work, proof: SecondFactor) -> list[Refusal | None]:
    account = work.register.find_account(proof.username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    return [*account_rules(account, organisation, work.now.date()), role_rule(account, Role.OPERATOR)]


def _permit(
    work: Work, proof: SecondFactor, action: Action, subject: str, rules: list[Refusal | None]
) -> Permit:
    account = work.register.find_account(proof.username)
    person = account.person() if account else Person(proof.username)
    return require(decide(person, action, subject, rules))


def _suspension_rules(work: Work, proof: SecondFactor, account: Account) -> Iterator[Refusal | None]:
    if account.username == proof.username:
        yield Refusal("own_account", say("You cannot suspend yourself. Ask another operator."))
    others = [
        one
        for one in work.register.accounts()
        if Role.BOARD in one.roles and one.state is AccountState.ACTIVE and one.username != account.username
    ]
    if Role.BOARD in account.roles and not others:
        yield Refusal(
            "last_of_the_board",
            say("This is the last open account of the board. Nobody could open it again."),
        )


def _other_house(work: Work, proof: SecondFactor, organisation: str) -> Refusal | None:
    account = work.register.find_account(proof.username)
    if account is None or account.organisation != organisation:
        return None
    return Refusal(
        "own_organisation", say("This is your own organisation. Nobody here could certify it again.")
    )


def _end_proposals(work: Work, kind: ProposalKind, subject: str) -> None:
    """What was put in force is no more, and what waited from before cannot put it back."""
    for proposal in work.proposals.all():
        stands = proposal.state in {ProposalState.PROPOSED, ProposalState.ADOPTED}
        if (proposal.kind, proposal.subject) == (kind, subject) and stands:
            work.proposals.put(replace(proposal, state=ProposalState.ENDED))
