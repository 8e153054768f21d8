"""The second person's act: adopting exactly what was proposed.

The adopter names the digest of what they read and gives a fresh one-time code. In one
transaction the proposal becomes the one in force for its subject, the one before it is
replaced, its effect on the register happens (``adoption_effects``), and both are recorded.
"""

from dataclasses import replace

from enclave.adoptions import Proposal, ProposalKind, ProposalState, may_adopt
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import NotFoundError
from enclave.ports import Work
from enclave.sentences import say
from enclave.use_cases.adoption_effects import take_effect
from enclave.use_cases.propose import known_person
from enclave.use_cases.sign_in import SecondFactor

_ADOPTED = {
    ProposalKind.PERMIT: Kind.PERMIT_ADOPTED,
    ProposalKind.VIEW: Kind.VIEW_ADOPTED,
    ProposalKind.POLICY: Kind.POLICY_ADOPTED,
    ProposalKind.ENROLMENT: Kind.PERSON_ENROLLED,
    ProposalKind.ORGANISATION: Kind.PROPOSAL_ADOPTED,
    ProposalKind.TRAINING: Kind.TRAINING_ADOPTED,
    ProposalKind.CONTRACT: Kind.CONTRACT_ADOPTED,
    ProposalKind.REINSTATEMENT: Kind.PERSON_REINSTATED,
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
    take_effect(work, permit, proposal)
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
