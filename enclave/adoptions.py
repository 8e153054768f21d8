"""No one person makes two: proposals, and who may adopt them.

Whatever widens what someone may do takes two named people (DESIGN section 7): a permit, a view,
a policy, an organisation's registration, an enrolment, training, a use contract, and opening an
account that was closed. What narrows takes one operator and is no proposal. One proposes; the proposal is recorded with the SHA-256 of exactly what was proposed; another
adopts that digest. Any change is another digest, hence another proposal. The table below is
the whole rule; a kind that is not in it cannot be proposed at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from enclave.actions import Action
from enclave.decisions import Decision, Refusal, decide
from enclave.identity import Person, Role
from enclave.sentences import say


class ProposalKind(StrEnum):
    """What takes two people."""

    PERMIT = "permit"
    VIEW = "view"
    POLICY = "policy"
    ENROLMENT = "enrolment"
    ORGANISATION = "organisation"
    TRAINING = "training"
    CONTRACT = "contract"
    REINSTATEMENT = "reinstatement"


class ProposalState(StrEnum):
    """Where a proposal stands.

    ``REPLACED``: a later one of the same subject was adopted. ``ENDED``: what it put in force
    was ended before its time, or will never be in force; the same bytes can be proposed again.
    """

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    REPLACED = "replaced"
    ENDED = "ended"


PROPOSERS: dict[ProposalKind, frozenset[Role]] = {
    ProposalKind.PERMIT: frozenset({Role.OPERATOR, Role.BOARD}),
    ProposalKind.VIEW: frozenset({Role.STEWARD}),
    ProposalKind.POLICY: frozenset({Role.BOARD}),
    ProposalKind.ENROLMENT: frozenset({Role.OPERATOR, Role.BOARD}),
    ProposalKind.ORGANISATION: frozenset({Role.OPERATOR, Role.BOARD}),
    ProposalKind.TRAINING: frozenset({Role.OPERATOR, Role.BOARD}),
    ProposalKind.CONTRACT: frozenset({Role.OPERATOR, Role.BOARD}),
    ProposalKind.REINSTATEMENT: frozenset({Role.OPERATOR, Role.BOARD}),
}
ADOPTERS: dict[ProposalKind, frozenset[Role]] = {
    ProposalKind.PERMIT: frozenset({Role.BOARD}),
    ProposalKind.VIEW: frozenset({Role.STEWARD, Role.BOARD}),
    ProposalKind.POLICY: frozenset({Role.BOARD}),
    ProposalKind.ENROLMENT: frozenset({Role.BOARD}),
    ProposalKind.ORGANISATION: frozenset({Role.BOARD}),
    ProposalKind.TRAINING: frozenset({Role.BOARD}),
    ProposalKind.CONTRACT: frozenset({Role.BOARD}),
    ProposalKind.REINSTATEMENT: frozenset({Role.BOARD}),
}
OWN_CASE: dict[ProposalKind, Refusal] = {
    ProposalKind.ENROLMENT: Refusal("own_enrolment", say("You cannot adopt your own enrolment.")),
    ProposalKind.TRAINING: Refusal("own_training", say("You cannot adopt your own training.")),
    ProposalKind.REINSTATEMENT: Refusal(
        "own_reinstatement", say("You cannot take part in opening your own account.")
    ),
}
"""Kinds whose subject is a person, who never adopts them; and the words for it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something one person wants and another must agree to."""

    id: str
    kind: ProposalKind
    subject: str
    """Project id, view name within a project (``project/view``), policy set, contract id, or username."""
    digest: str
    """SHA-256 (hex) of ``payload``, which is what the adopter agrees to."""
    payload: str
    """Canonical JSON of what was proposed."""
    proposed_by: str
    proposed_at: datetime
    state: ProposalState = ProposalState.PROPOSED
    adopted_by: str = ""
    adopted_at: datetime | None = None


def may_propose(person: Person, kind: ProposalKind, subject: str) -> Decision:
    """Whether this person may put such a proposal forward."""
    allowed = bool(person.roles & PROPOSERS.get(kind, frozenset()))
    rules = [None if allowed else Refusal("wrong_role", say("Your roles do not allow this proposal."))]
    if kind is ProposalKind.REINSTATEMENT and person.username == subject:
        rules.append(OWN_CASE[kind])
    return decide(person, Action.PROPOSE, f"{kind.value}:{subject}", rules)


def may_adopt(person: Person, proposal: Proposal, digest: str) -> Decision:
    """Whether this person may adopt exactly this digest of this proposal."""
    return decide(person, Action.ADOPT, proposal.id, _adoption_rules(person, proposal, digest))


def _adoption_rules(person: Person, proposal: Proposal, digest: str) -> Iterator[Refusal | None]:
    allowed = bool(person.roles & ADOPTERS.get(proposal.kind, frozenset()))
    yield None if allowed else Refusal("wrong_role", say("Your roles do not allow you to adopt this."))
    if person.username == proposal.proposed_by:
        yield Refusal("own_proposal", say("You proposed this. Another person must adopt it."))
    if person.username == proposal.subject:
        yield OWN_CASE.get(proposal.kind)
    if proposal.state is not ProposalState.PROPOSED:
        yield Refusal("not_open", say("This proposal is no longer open."))
    if digest != proposal.digest:
        yield Refusal("changed", say("What you read is not what is proposed now. Read it again."))
