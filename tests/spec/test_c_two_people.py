"""No one person makes two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from enclave.access import RE_ENROLMENT_PAUSE, checker_rules, conflict_rules
from enclave.actions import Action
from enclave.adoptions import ADOPTERS, Proposal, ProposalKind, may_adopt
from enclave.decisions import decide, require
from enclave.errors import DeniedError
from enclave.identity import Person, Role
from tests.support.fakes import START
from tests.support.people import AOI, PERMIT, PRODUCER

PROPOSAL = Proposal("1", ProposalKind.PERMIT, "p-a", "d" * 64, "{}", "ota", START)
EVERYTHING = frozenset(Role)


def codes(person: Person, proposal: Proposal, digest: str = "d" * 64) -> set[str]:
    return {refusal.code for refusal in may_adopt(person, proposal, digest).refusals}


def test_16_no_rule_means_no() -> None:
    """A decision that no rule covers is a refusal, and a refusal gives no permit."""
    decision = decide(Person("bo", roles=EVERYTHING), Action.RELEASE_REQUEST, "r1", [])
    assert not decision.allowed
    with pytest.raises(DeniedError):
        require(decision)


@pytest.mark.parametrize("kind", list(ProposalKind))
def test_17_nobody_adopts_what_they_proposed(kind: ProposalKind) -> None:
    """Permits, views, policies, organisations and enrolments are adopted by another person than proposed them, whatever roles either holds."""
    assert "own_proposal" in codes(Person("ota", roles=EVERYTHING), replace(PROPOSAL, kind=kind))
    assert "own_proposal" not in codes(Person("bo", roles=EVERYTHING), replace(PROPOSAL, kind=kind))


def test_18_what_is_adopted_is_what_was_read() -> None:
    """An adoption names the digest of exactly what was proposed; any change is another proposal."""
    assert "changed" in codes(Person("bo", roles=EVERYTHING), PROPOSAL, "e" * 64)


def test_19_an_operator_adopts_nothing() -> None:
    """An operator can adopt no proposal of any kind, and is never a checker, steward, officer or board member."""
    for kind in ProposalKind:
        assert Role.OPERATOR not in ADOPTERS.get(kind, frozenset())
        assert codes(Person("ota2", roles=frozenset({Role.OPERATOR})), replace(PROPOSAL, kind=kind))
    for other in (Role.CHECKER, Role.STEWARD, Role.OFFICER, Role.BOARD):
        assert any(conflict_rules(frozenset({Role.OPERATOR, other})))


def test_20_a_checker_is_no_researcher_and_an_auditor_nothing_else() -> None:
    """One person cannot hold the roles checker and researcher; an auditor holds no other role."""
    assert any(conflict_rules(frozenset({Role.CHECKER, Role.RESEARCHER})))
    for other in EVERYTHING - {Role.AUDITOR}:
        assert any(conflict_rules(frozenset({Role.AUDITOR, other})))


def test_21_a_re_enrolled_checker_waits_a_day() -> None:
    """A checker who was enrolled anew cannot vote for 24 hours."""
    again = replace(AOI, re_enrolled=True, enrolled_at=START)

    def refused(after: timedelta) -> set[str]:
        rules = checker_rules(again, PRODUCER, PERMIT, "mei", "daigaku", START + after)
        return {refusal.code for refusal in rules if refusal}

    assert timedelta(hours=24) <= RE_ENROLMENT_PAUSE
    assert refused(timedelta(hours=23, minutes=59)) == {"re_enrolled"}
    assert refused(timedelta(hours=24)) == set()


def test_22_a_person_is_a_username() -> None:
    """Two values of one username are the same person, so that a new role hides nobody's authorship."""
    assert Person("mei", "A", "x", frozenset({Role.RESEARCHER})) == Person(
        "mei", "B", "y", frozenset({Role.CHECKER})
    )
