"""The second person's act: adopting exactly what was proposed.

The adopter names the digest of what they read and gives a fresh one-time code. In one
transaction the proposal becomes the one in force for its subject, the one before it is
replaced, its effect on the register happens, and both are recorded. What the proposal names
is checked again: the world may have changed since.
"""

import json
from dataclasses import replace
from datetime import date

from enclave.adoptions import Proposal, ProposalKind, ProposalState, may_adopt
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Permit, require
from enclave.errors import ConflictError, DeniedError, NotFoundError
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind
from enclave.ports import Work
from enclave.projects import parse_permit
from enclave.sentences import say
from enclave.use_cases.propose import check_permit, known_person
from enclave.use_cases.sign_in import SecondFactor

PROJECT_KEYS = ("body", "vault", "data")
_ADOPTED = {
    ProposalKind.PERMIT: Kind.PERMIT_ADOPTED,
    ProposalKind.VIEW: Kind.VIEW_ADOPTED,
    ProposalKind.POLICY: Kind.POLICY_ADOPTED,
    ProposalKind.ENROLMENT: Kind.PERSON_ENROLLED,
    ProposalKind.ORGANISATION: Kind.PROPOSAL_ADOPTED,
}


def adopt(work: Work, proof: SecondFactor, proposal_id: str, digest: str) -> Proposal:
    """The proposal, in force. ``proof`` says who adopts.

    Raises:
        DeniedError: the same person, a missing role, or another digest than was read.
    """
    person = known_person(work, proof.username)
    proposal = work.proposals.find(proposal_id)
    if proposal is None:
        raise NotFoundError("no_proposal", say("There is no such proposal."))
    permit = require(may_adopt(person, proposal, digest))
    _take_effect(work, permit, proposal)
    before = work.proposals.adopted(proposal.kind, proposal.subject)
    if before is not None:
        work.proposals.put(replace(before, state=ProposalState.REPLACED))
    adopted = replace(
        proposal, state=ProposalState.ADOPTED, adopted_by=permit.person.username, adopted_at=work.now
    )
    work.proposals.put(adopted)
    work.record(
        EventDraft(
            _ADOPTED[proposal.kind],
            person=permit.person.username,
            project=_project_of(proposal),
            subject=proposal.id,
            facts={
                "kind": proposal.kind.value,
                "of": proposal.subject,
                "digest": proposal.digest,
                "proposed_by": proposal.proposed_by,
            },
        )
    )
    return adopted


def _project_of(proposal: Proposal) -> str:
    if proposal.kind is ProposalKind.PERMIT:
        return proposal.subject
    if proposal.kind is ProposalKind.VIEW:
        return proposal.subject.partition("/")[0]
    return ""


def _take_effect(work: Work, permit: Permit, proposal: Proposal) -> None:
    if permit.subject != proposal.id:
        raise DeniedError("other_subject", say("This permit is for another proposal."))
    payload = json.loads(proposal.payload)
    match proposal.kind:
        case ProposalKind.PERMIT:
            project_permit = parse_permit(payload)
            check_permit(work, project_permit)
            for purpose in PROJECT_KEYS:
                if work.keyring.find(project_permit.project, purpose) is None:
                    work.keyring.make(project_permit.project, purpose)
                    work.record(
                        EventDraft(
                            Kind.KEY_MADE,
                            person="platform",
                            project=project_permit.project,
                            facts={"purpose": purpose},
                        )
                    )
            work.register.put_permit(project_permit)
        case ProposalKind.ORGANISATION:
            work.register.put_organisation(
                Organisation(
                    payload["id"],
                    payload["name"],
                    OrganisationKind(payload["kind"]),
                    date.fromisoformat(payload["certified_until"]),
                )
            )
        case ProposalKind.ENROLMENT:
            _enrol(work, payload)
        case ProposalKind.VIEW | ProposalKind.POLICY:
            pass  # being in force is the whole effect


def _enrol(work: Work, payload: dict[str, object]) -> None:
    username = str(payload["username"])
    credential = work.register.take_pending_credential(username, str(payload["credential"]))
    if credential is None:
        raise ConflictError(
            "no_credential",
            say("The credential this enrolment names is not here. The person must make a new one."),
        )
    roles = payload["roles"]
    before = work.register.find_account(username)
    work.register.put_account(
        Account(
            username=username,
            display_name=str(payload["display_name"]),
            organisation=str(payload["organisation"]),
            roles=frozenset(Role(r) for r in roles) if isinstance(roles, list) else frozenset(),
            state=AccountState.ACTIVE,
            trained_until=date.fromisoformat(str(payload["trained_until"])),
            enrolled_at=work.now,
            re_enrolled=before is not None,
        )
    )
    work.register.put_credential(username, credential)
