"""The second person's room: what is proposed, whole, and adopting exactly that.

Proposals are made from the command line; here they are read and adopted. A page shows every
line of the payload against the one in force, and the form carries the digest of what was
shown: if the proposal changed meanwhile, or is another's, the use case refuses. A fresh
one-time code is asked for each adoption.
"""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from enclave.adoptions import Proposal, ProposalState, may_adopt
from enclave.audit.kinds import Kind
from enclave.identity import Person, Role
from enclave.ports import Work
from enclave.sentences import say
from enclave.use_cases.adopt import adopt
from enclave.use_cases.sign_in import second_factor
from enclave.web.census import Route, roles
from enclave.web.house import House, Waiting
from enclave.web.payload_lines import compared
from enclave.web.visits import Visit, bind

_READERS = roles(Role.BOARD, Role.STEWARD, Role.OPERATOR, Role.AUDITOR)

LISTING = Route(
    "GET",
    "/adoptions",
    _READERS,
    "",
    '{"open": [proposal], "closed": [proposal]}, proposal: {"id", "kind", "subject", "digest", "payload": text, '
    '"proposed_by", "proposed_at", "state", "adopted_by", "adopted_at", "may_adopt": bool, '
    '"refusals": [{"code", "sentence": {"ja", "en"}}], "lines": [{"change", "text"}]}',
)
ADOPT = Route(
    "POST",
    "/adoptions/{proposal}",
    roles(Role.BOARD, Role.STEWARD),
    "The proposal is in force, the one before it replaced.",
    'fields digest, code -> {"id", "kind", "subject", "state", "digest"}',
    (
        Kind.PERMIT_ADOPTED,
        Kind.VIEW_ADOPTED,
        Kind.POLICY_ADOPTED,
        Kind.PERSON_ENROLLED,
        Kind.PROPOSAL_ADOPTED,
        Kind.TRAINING_ADOPTED,
        Kind.CONTRACT_ADOPTED,
        Kind.PERSON_REINSTATED,
        Kind.EGRESS_LIFTED,
        Kind.KEY_MADE,
        Kind.PERSON_REFUSED,
    ),
    back="/adoptions",
)
ROUTES = (LISTING, ADOPT)
KIND_WORDS = {
    "permit": say("Permit"),
    "view": say("View"),
    "policy": say("Policy"),
    "enrolment": say("Enrolment"),
    "organisation": say("Organisation"),
    "training": say("Training"),
    "contract": say("Use contract"),
    "reinstatement": say("Opening an account again"),
}


class AdoptionPages:
    """The pages of the room."""

    def __init__(self, house: House) -> None:
        self._house = house

    def listing(self, visit: Visit) -> Response:
        """Every proposal, the open ones first and whole."""
        with self._house.records.read() as work:
            known = work.proposals.all()
            waiting = [p for p in known if p.state is ProposalState.PROPOSED]
            closed = [p for p in known if p.state is not ProposalState.PROPOSED]
            model = {
                "open": [_shown(work, visit.person, p) for p in waiting],
                "closed": [_shown(work, visit.person, p) for p in reversed(closed)],
            }
        return self._house.pages.answer(visit, "enclave/adoptions.html", model, {"kind_words": KIND_WORDS})

    def adopt(self, visit: Visit) -> Response:
        """The proposal is in force after this, if the digest and the code are right."""
        proof = second_factor(
            self._house.records, self._house.passwords, visit.person.username, visit.field("code")
        )
        with self._house.records.begin() as work:
            adopted = adopt(work, proof, visit.path("proposal"), visit.field("digest"))
        model = {
            "id": adopted.id,
            "kind": adopted.kind.value,
            "subject": adopted.subject,
            "state": adopted.state.value,
            "digest": adopted.digest,
        }
        return self._house.pages.done(visit, "/adoptions", "adopted", model)


def _shown(work: Work, person: Person, proposal: Proposal) -> dict[str, Any]:
    in_force = work.proposals.adopted(proposal.kind, proposal.subject)
    is_open = proposal.state is ProposalState.PROPOSED
    decision = may_adopt(person, proposal, proposal.digest)
    against = in_force.payload if in_force and is_open else None
    return {
        "id": proposal.id,
        "kind": proposal.kind.value,
        "subject": proposal.subject,
        "digest": proposal.digest,
        "payload": proposal.payload,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at,
        "state": proposal.state.value,
        "adopted_by": proposal.adopted_by,
        "adopted_at": proposal.adopted_at,
        "may_adopt": decision.allowed,
        "refusals": [{"code": r.code, "sentence": r.sentence} for r in decision.refusals] if is_open else [],
        "replaces": in_force.id if in_force and is_open else None,
        "lines": [{"change": line.change, "text": line.text} for line in compared(proposal.payload, against)],
    }


def waiting_adoptions(work: Work, person: Person) -> tuple[Waiting, ...]:
    """Open proposals that this person may adopt."""
    count = sum(may_adopt(person, p, p.digest).allowed for p in work.proposals.all())
    return (
        (Waiting("/adoptions", say("Proposals that wait for you as the second person"), count),)
        if count
        else ()
    )


def adoption_router(house: House) -> APIRouter:
    """The room's routes."""
    pages, router = AdoptionPages(house), APIRouter()
    bind(router, house.records, {LISTING: pages.listing, ADOPT: pages.adopt})
    return router
