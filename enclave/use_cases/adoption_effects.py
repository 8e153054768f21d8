"""What an adopted proposal changes in the register, by kind.

Called by ``adopt`` with its permit, in its transaction. What a proposal names is checked again
here: the world may have changed since it was made. An enrolment never opens a closed account;
that takes a reinstatement, with its reason.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from enclave.access import officer_seat_rule
from enclave.adoptions import Proposal, ProposalKind, ProposalState
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.contracts import Contract
from enclave.decisions import Permit
from enclave.errors import ConflictError, DeniedError
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind, Training
from enclave.ports import Work
from enclave.projects import parse_permit
from enclave.sentences import say
from enclave.use_cases.propose import check_permit
from enclave.use_cases.propose_eligibility import (
    check_closed,
    check_new_contract,
    check_training,
    get_account,
)

PROJECT_KEYS = ("body", "vault", "data")
CREDENTIAL_WAITS = timedelta(days=7)
"""How long a credential that a person made waits for their enrolment."""


def take_effect(work: Work, permit: Permit, proposal: Proposal) -> None:
    """The register says what the proposal says.

    Raises:
        DeniedError: the permit is for another proposal.
        ConflictError, InvalidInputError, NotFoundError: it cannot be put in force any more.
    """
    if permit.subject != proposal.id:
        raise DeniedError("other_subject", say("This permit is for another proposal."))
    payload = json.loads(proposal.payload)
    match proposal.kind:
        case ProposalKind.PERMIT:
            _permit_project(work, payload)
        case ProposalKind.ORGANISATION:
            work.register.put_organisation(_organisation(payload))
        case ProposalKind.ENROLMENT:
            _enrol(work, payload)
        case ProposalKind.TRAINING:
            _train(work, payload)
        case ProposalKind.CONTRACT:
            contract = _contract(payload)
            check_new_contract(work, contract)
            work.register.put_contract(contract)
        case ProposalKind.REINSTATEMENT:
            _reinstate(work, permit, proposal, str(payload["username"]))
        case ProposalKind.VIEW | ProposalKind.POLICY:
            pass  # being in force is the whole effect


def _permit_project(work: Work, payload: Mapping[str, Any]) -> None:
    project_permit = parse_permit(payload)
    check_permit(work, project_permit)
    for purpose in PROJECT_KEYS:
        if work.keyring.find(project_permit.project, purpose) is None:
            work.keyring.make(project_permit.project, purpose)
            facts = {"purpose": purpose}
            work.record(EventDraft(Kind.KEY_MADE, "platform", project_permit.project, facts=facts))
    work.register.put_permit(project_permit)


def _organisation(payload: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=payload["id"],
        name=payload["name"],
        kind=OrganisationKind(payload["kind"]),
        certified_until=date.fromisoformat(payload["certified_until"]),
        certificate=payload.get("certificate", ""),
        certified_from=date.fromisoformat(payload.get("certified_from", date.min.isoformat())),
    )


def _contract(payload: Mapping[str, Any]) -> Contract:
    return Contract(
        id=payload["id"],
        organisation=payload["organisation"],
        project=payload["project"],
        starts_on=date.fromisoformat(payload["starts_on"]),
        ends_on=date.fromisoformat(payload["ends_on"]),
        sha256=payload["sha256"],
    )


def _enrol(work: Work, payload: Mapping[str, Any]) -> None:
    username = str(payload["username"])
    since = work.now - CREDENTIAL_WAITS
    credential = work.register.take_pending_credential(username, str(payload["credential"]), since)
    if credential is None:
        raise ConflictError(
            "no_credential",
            say("The credential this enrolment names is not here. The person must make a new one."),
        )
    organisation = work.register.find_organisation(str(payload["organisation"]))
    refusal = officer_seat_rule(frozenset(Role(role) for role in payload["roles"]), organisation)
    if refusal is not None:
        raise DeniedError(refusal.code, refusal.sentence)
    before = work.register.find_account(username)
    account = Account(
        username=username,
        display_name=str(payload["display_name"]),
        organisation=str(payload["organisation"]),
        roles=frozenset(Role(role) for role in payload["roles"]),
        state=AccountState.ACTIVE,
        trained_until=date.fromisoformat(str(payload["trained_until"])),
        enrolled_at=work.now,
        re_enrolled=before is not None,
    )
    if before is not None and before.state is not AccountState.ACTIVE:
        account = replace(
            account, state=before.state, closed_at=before.closed_at, closed_reason=before.closed_reason
        )
    work.register.put_account(account)
    work.register.put_credential(username, credential)


def _train(work: Work, payload: Mapping[str, Any]) -> None:
    training = Training(
        username=payload["username"],
        course=payload["course"],
        completed_on=date.fromisoformat(payload["completed_on"]),
        valid_until=date.fromisoformat(payload["valid_until"]),
    )
    check_training(work, training)
    account = get_account(work, training.username)
    work.register.add_training(training)
    latest = max(account.trained_until, training.valid_until)
    work.register.put_account(replace(account, trained_until=latest))


def _reinstate(work: Work, permit: Permit, proposal: Proposal, username: str) -> None:
    account = get_account(work, username)
    check_closed(account)
    work.register.put_account(account.opened())
    lifted = work.displays.lift(username, work.now)
    if lifted:
        facts: dict[str, Value] = {"incidents": lifted, "proposal": proposal.id}
        work.record(EventDraft(Kind.EGRESS_LIFTED, permit.person.username, "", username, facts))
    for other in work.proposals.all():
        same = (other.kind, other.subject) == (proposal.kind, proposal.subject) and other.id != proposal.id
        if same and other.state is ProposalState.PROPOSED:
            work.proposals.put(replace(other, state=ProposalState.ENDED))
