"""Putting something forward that takes two people.

Each kind has a maker of its payload, except views, whose payload the catalogue makes: permits,
policies, organisations and enrolments here, training, contracts and reinstatements in
``propose_eligibility``. What is proposed is checked as far as it can be now, so that the adopter reads something that
can be adopted; adoption checks again. Proposing the same bytes again gives the proposal that is open or in force.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from enclave.access import account_rules, conflict_rules, officer_seat_rule
from enclave.adoptions import Proposal, ProposalKind, ProposalState, may_propose
from enclave.audit.canonical import Value, canonical
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Permit, decide, require
from enclave.errors import InvalidInputError, NotFoundError
from enclave.identity import Person, Role, check_username
from enclave.people import Organisation
from enclave.policy import PolicySet
from enclave.ports import Work
from enclave.projects import ProjectPermit
from enclave.sentences import say

POLICIES = "policies"
"""The subject of the one policy set."""
_ONE_ACT = frozenset({ProposalKind.REINSTATEMENT})
"""Kinds whose adoption is an act, not a state: the same words may be said again another time."""


def adopted_policy(work: Work) -> str:
    """The digest of the policy set that two people put in force; empty when none is."""
    proposal = work.proposals.adopted(ProposalKind.POLICY, POLICIES)
    return str(json.loads(proposal.payload).get("set", "")) if proposal else ""


def known_person(work: Work, username: str) -> Person:
    """The person as the register knows them now, if their account may be used at all."""
    account = work.register.find_account(username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    person = account.person() if account else Person(username)
    decision = may_propose(person, ProposalKind.PERMIT, "")
    require(decide(person, decision.action, username, account_rules(account, organisation, work.now.date())))
    return person


def propose(
    work: Work, username: str, kind: ProposalKind, subject: str, payload: Mapping[str, Value]
) -> Proposal:
    """A proposal of exactly this payload, recorded; the one that is open or in force, if there is one."""
    person = known_person(work, username)
    permit = require(may_propose(person, kind, subject))
    return _file(work, permit, kind, subject, canonical(payload).decode())


def _file(work: Work, permit: Permit, kind: ProposalKind, subject: str, payload: str) -> Proposal:
    digest = hashlib.sha256(payload.encode()).hexdigest()
    for known in work.proposals.all():
        same = (known.kind, known.subject, known.digest) == (kind, subject, digest)
        stands = known.state is ProposalState.PROPOSED or (
            known.state is ProposalState.ADOPTED and kind not in _ONE_ACT
        )
        if same and stands:
            return known
    proposal = Proposal(
        id=work.fresh.token(8).hex(),
        kind=kind,
        subject=subject,
        digest=digest,
        payload=payload,
        proposed_by=permit.person.username,
        proposed_at=work.now,
    )
    work.proposals.add(proposal)
    work.record(
        EventDraft(
            Kind.PROPOSAL_MADE,
            person=permit.person.username,
            subject=proposal.id,
            facts={"kind": kind.value, "of": subject, "digest": digest},
        )
    )
    return proposal


def propose_permit(work: Work, username: str, permit: ProjectPermit) -> Proposal:
    """Put a project's permit forward. Organisation and people must be registered."""
    check_permit(work, permit)
    return propose(work, username, ProposalKind.PERMIT, permit.project, permit.document())


def check_permit(work: Work, permit: ProjectPermit) -> None:
    """That a permit names what exists and has not ended.

    Raises:
        NotFoundError, InvalidInputError: what it names wrongly.
    """
    if work.register.find_organisation(permit.organisation) is None:
        raise NotFoundError(
            "unknown_organisation",
            say("The organisation '{name}' is not registered. Register it first.", name=permit.organisation),
        )
    for username in permit.people:
        account = work.register.find_account(username)
        if (
            account is None
            or Role.RESEARCHER not in account.roles
            or account.organisation != permit.organisation
        ):
            raise NotFoundError(
                "unknown_researcher",
                say(
                    "'{name}' is not a researcher of the permit's organisation. Enrol them first.",
                    name=username,
                ),
            )
    if permit.ends_on < work.now.date():
        raise InvalidInputError("ended", say("The permit's end date has passed. Write a later one."))


def propose_policies(work: Work, username: str, policies: PolicySet) -> Proposal:
    """Put the policy set that lies on the disk forward."""
    payload: dict[str, Value] = {"set": policies.digest, "documents": dict(policies.documents)}
    return propose(work, username, ProposalKind.POLICY, POLICIES, payload)


def propose_organisation(work: Work, username: str, organisation: Organisation) -> Proposal:
    """Put an organisation's registration, with its certificate, forward.

    Raises:
        InvalidInputError: no certificate number, or a certification that ends before it begins.
    """
    check_username(organisation.id)
    if not organisation.certificate.strip():
        raise InvalidInputError("no_certificate", say("Give the number of the certificate."))
    if organisation.certified_until < organisation.certified_from:
        raise InvalidInputError("days_reversed", say("The last day comes before the first. Swap them."))
    payload: dict[str, Value] = {
        "id": organisation.id,
        "name": organisation.name,
        "kind": organisation.kind.value,
        "certificate": organisation.certificate,
        "certified_from": organisation.certified_from.isoformat(),
        "certified_until": organisation.certified_until.isoformat(),
    }
    return propose(work, username, ProposalKind.ORGANISATION, organisation.id, payload)


def propose_enrolment(
    work: Work,
    username: str,
    *,
    candidate: Person,
    trained_until: date,
    credential_digest: str,
) -> Proposal:
    """Put a person's enrolment forward; ``credential_digest`` names what they made themselves."""
    check_username(candidate.username)
    organisation = work.register.find_organisation(candidate.organisation)
    require(
        decide(
            candidate,
            may_propose(candidate, ProposalKind.ENROLMENT, "").action,
            candidate.username,
            (*conflict_rules(candidate.roles), officer_seat_rule(candidate.roles, organisation)),
        )
    )
    if organisation is None:
        raise NotFoundError(
            "unknown_organisation",
            say(
                "The organisation '{name}' is not registered. Register it first.", name=candidate.organisation
            ),
        )
    payload: dict[str, Value] = {
        "username": candidate.username,
        "display_name": candidate.display_name,
        "organisation": candidate.organisation,
        "roles": sorted(role.value for role in candidate.roles),
        "trained_until": trained_until.isoformat(),
        "credential": credential_digest,
    }
    return propose(work, username, ProposalKind.ENROLMENT, candidate.username, payload)
