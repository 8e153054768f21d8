"""No one person makes two."""

from dataclasses import replace

import pytest

from enclave.adoptions import Proposal, ProposalKind, ProposalState, may_adopt, may_propose
from enclave.identity import Person, Role
from tests.support.fakes import START
from tests.support.people import AOI, BEN, BO, KAN, MEI, OTA, STE

PROPOSAL = Proposal("1", ProposalKind.PERMIT, "p-a", "d" * 64, "{}", "ota", START)


@pytest.mark.parametrize("kind", list(ProposalKind))
def test_nobody_without_a_role_proposes_or_adopts(kind: ProposalKind) -> None:
    stranger = Person("stranger")
    assert not may_propose(stranger, kind, "x").allowed
    assert not may_adopt(stranger, replace(PROPOSAL, kind=kind), PROPOSAL.digest).allowed


@pytest.mark.parametrize("account", [MEI, AOI, KAN])
@pytest.mark.parametrize("kind", list(ProposalKind))
def test_researchers_checkers_and_auditors_neither_propose_nor_adopt(
    account: object, kind: ProposalKind
) -> None:
    person = account.person()  # type: ignore[attr-defined]
    assert not may_propose(person, kind, "x").allowed
    assert not may_adopt(person, replace(PROPOSAL, kind=kind), PROPOSAL.digest).allowed


@pytest.mark.parametrize("kind", list(ProposalKind))
def test_the_proposer_never_adopts_whatever_their_roles(kind: ProposalKind) -> None:
    everything = Person("ota", roles=frozenset(Role))
    decision = may_adopt(everything, replace(PROPOSAL, kind=kind), PROPOSAL.digest)
    assert "own_proposal" in [r.code for r in decision.refusals]


def test_another_person_with_the_role_adopts() -> None:
    assert may_propose(OTA.person(), ProposalKind.PERMIT, "p-a").allowed
    assert may_adopt(BO.person(), PROPOSAL, PROPOSAL.digest).allowed
    assert may_propose(STE.person(), ProposalKind.VIEW, "p-a/x").allowed


def test_nobody_adopts_their_own_enrolment_or_a_changed_or_closed_proposal() -> None:
    enrolment = replace(PROPOSAL, kind=ProposalKind.ENROLMENT, subject="ben")
    assert "own_enrolment" in [r.code for r in may_adopt(BEN.person(), enrolment, PROPOSAL.digest).refusals]
    assert "changed" in [r.code for r in may_adopt(BO.person(), PROPOSAL, "e" * 64).refusals]
    closed = replace(PROPOSAL, state=ProposalState.ADOPTED)
    assert "not_open" in [r.code for r in may_adopt(BO.person(), closed, PROPOSAL.digest).refusals]
