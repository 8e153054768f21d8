"""Who may do what: every rule says no to the one it is for, and an unknown case is a no."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from enclave.actions import Action
from enclave.decisions import Decision
from enclave.identity import Person, Role
from enclave.people import AccountState
from enclave.use_cases.sign_in import SecondFactor
from output_review.permissions import (
    Facts,
    lost_reviews,
    may_act,
    may_download,
    may_hand_in,
    may_read,
    may_release,
    may_review,
    subject_of,
)
from output_review.requests import ReleaseRequest
from output_review.reviews import Vote
from output_review.workflow import State
from tests.support.fakes import START
from tests.support.people import AOI, BO, KEN, MEI, PERMIT, RIN, account
from tests.support.review_values import DIGEST, POLICY, a_request, a_review, facts

MEI_P, KEN_P, AOI_P, RIN_P = (Person(n) for n in ("mei", "ken", "aoi", "rin"))


def codes(decision: Decision) -> set[str]:
    return {r.code for r in decision.refusals}


def proof(name: str, ago: int = 0) -> SecondFactor:
    return SecondFactor(name, START - timedelta(seconds=ago))


def test_a_stranger_may_nothing() -> None:
    nobody, unknown = Facts(None, None, None, "", START), Person("nobody")
    for action in Action:
        assert not may_act(unknown, a_request(), action, nobody).allowed
    assert not may_hand_in(unknown, "p", nobody).allowed
    assert not may_read(unknown, a_request(), nobody).allowed
    assert not may_download(unknown, a_request(state=State.RELEASED), nobody).allowed


def test_the_author_confirms_and_withdraws_and_nobody_else() -> None:
    waiting = a_request(state=State.AWAITING_AUTHOR)
    for action in (Action.CONFIRM_REQUEST, Action.WITHDRAW_REQUEST):
        assert may_act(MEI_P, waiting, action, facts(MEI)).allowed
        assert "not_author" in codes(may_act(KEN_P, waiting, action, facts(KEN)))
        assert "not_author" in codes(may_act(AOI_P, waiting, action, facts(AOI)))


def test_a_person_off_the_permit_can_withdraw_but_not_confirm() -> None:
    waiting, off = a_request(state=State.AWAITING_AUTHOR), facts(MEI, permit=replace(PERMIT, people=("ken",)))
    assert may_act(MEI_P, waiting, Action.WITHDRAW_REQUEST, off).allowed
    assert "not_on_permit" in codes(may_act(MEI_P, waiting, Action.CONFIRM_REQUEST, off))


@pytest.mark.parametrize("state", set(State) - {State.AWAITING_AUTHOR})
def test_confirming_has_one_moment(state: State) -> None:
    assert "wrong_state" in codes(may_act(MEI_P, a_request(state=state), Action.CONFIRM_REQUEST, facts(MEI)))


def test_a_checker_reviews() -> None:
    decision = may_review(AOI_P, a_request(), facts(AOI), proof("aoi"))
    assert decision.allowed
    assert decision.subject == subject_of(a_request())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account": None}, "no_account"),
        ({"account": replace(AOI, state=AccountState.SUSPENDED)}, "suspended"),
        ({"account": replace(AOI, trained_until=date(2026, 3, 31))}, "training_lapsed"),
        ({"account": replace(AOI, roles=frozenset({Role.STEWARD}))}, "wrong_role"),
        ({"permit": replace(PERMIT, people=("mei", "aoi"))}, "own_project"),
        ({"permit": None}, "no_permit"),
        ({"permit": replace(PERMIT, organisation="sakusei")}, "own_organisation"),
        ({"author_organisation": "sakusei"}, "own_organisation"),
        ({"account": replace(AOI, re_enrolled=True)}, "re_enrolled"),
        ({"organisation": None}, "no_organisation"),
    ],
)
def test_who_may_not_check_may_not_read_vote_or_be_counted(changes: dict[str, Any], code: str) -> None:
    changed = replace(facts(AOI), **changes)
    assert code in codes(may_review(AOI_P, a_request(), changed, proof("aoi")))
    assert code in codes(may_read(AOI_P, a_request(), changed))
    reviews = (a_review("aoi"), a_review("rin"))
    everyone = {"aoi": changed, "rin": facts(RIN)}
    assert [r.reviewer for r in lost_reviews(a_request(), reviews, everyone)] == ["aoi"]
    refused = may_release(a_request(state=State.APPROVED), reviews, everyone, POLICY)
    assert {"reviewer_lost", "no_quorum"} <= codes(refused)


def test_an_author_who_became_a_checker_elsewhere_still_cannot_check_the_own_request() -> None:
    turned = account("mei", Role.CHECKER)
    assert "own_request" in codes(may_review(MEI_P, a_request(), facts(turned), proof("mei")))


def test_an_author_who_changed_organisation_shields_both() -> None:
    moved = a_request(author_organisation="sakusei")
    assert "own_organisation" in codes(may_review(AOI_P, moved, facts(AOI), proof("aoi")))


@pytest.mark.parametrize("bad", [proof("rin"), proof("aoi", ago=61), proof("aoi", ago=-1)])
def test_a_vote_takes_a_fresh_proof_of_the_same_person(bad: SecondFactor) -> None:
    assert codes(may_review(AOI_P, a_request(), facts(AOI), bad)) == {"second_factor"}


@pytest.mark.parametrize("void", ["", "not_eligible"])
def test_one_review_per_person_and_round_even_when_it_is_void(void: str) -> None:
    earlier = (a_review("aoi", void=void),)
    decision = may_review(AOI_P, a_request(), facts(AOI), proof("aoi"), earlier=earlier)
    assert codes(decision) == {"already_reviewed"}
    new_policy = a_request(policy_digest="8" * 64)
    assert may_review(AOI_P, new_policy, facts(AOI), proof("aoi"), earlier=earlier).allowed


@pytest.mark.parametrize("state", set(State) - {State.IN_REVIEW})
def test_reviews_have_one_moment(state: State) -> None:
    decision = may_review(AOI_P, a_request(state=state), facts(AOI), proof("aoi"))
    assert "wrong_state" in codes(decision)


@pytest.mark.parametrize(
    "state",
    [State.DRAFT, State.HANDED_IN, State.AWAITING_AUTHOR, State.CHECKING, State.WITHDRAWN, State.REFUSED],
)
def test_checkers_do_not_see_what_is_not_theirs_yet(state: State) -> None:
    assert not may_read(AOI_P, a_request(state=state), facts(AOI)).allowed
    assert may_read(MEI_P, a_request(state=state), facts(MEI)).allowed


def test_other_roles_see_no_request() -> None:
    assert not may_read(Person("bo"), a_request(), facts(BO)).allowed
    assert not may_read(KEN_P, a_request(), facts(KEN)).allowed


def approved(**changes: Any) -> ReleaseRequest:
    return a_request(state=State.APPROVED, **changes)


BOTH = {"aoi": facts(AOI), "rin": facts(RIN)}
REVIEWS = (a_review("aoi"), a_review("rin"))


def test_two_reviews_by_two_eligible_people_release() -> None:
    assert may_release(approved(), REVIEWS, BOTH, POLICY).allowed


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (may_release(approved(), (), {}, POLICY), "no_quorum"),
        (may_release(approved(), REVIEWS[:1], BOTH, POLICY), "no_quorum"),
        (may_release(approved(), REVIEWS, {}, POLICY), "reviewer_lost"),
        (may_release(approved(), REVIEWS, BOTH, ""), "policy_changed"),
        (may_release(approved(), REVIEWS, BOTH, "8" * 64), "policy_changed"),
        (may_release(approved(policy_digest=""), REVIEWS, BOTH, ""), "policy_changed"),
        (may_release(a_request(), REVIEWS, BOTH, POLICY), "wrong_state"),
        (may_release(approved(round=2), REVIEWS, BOTH, POLICY), "no_quorum"),
        (
            may_release(approved(), (a_review("aoi"), a_review("rin", {DIGEST: Vote.REFUSE})), BOTH, POLICY),
            "nothing_approved",
        ),
        (
            may_release(approved(), (a_review("aoi"), a_review("mei")), {**BOTH, "mei": facts(MEI)}, POLICY),
            "no_quorum",
        ),
    ],
)
def test_nothing_else_does(decision: Decision, code: str) -> None:
    assert code in codes(decision)


def test_the_download_is_the_authors_while_eligible() -> None:
    released = a_request(state=State.RELEASED)
    assert may_download(MEI_P, released, facts(MEI)).allowed
    assert "not_author" in codes(may_download(KEN_P, released, facts(KEN)))
    ended = facts(MEI, permit=replace(PERMIT, ends_on=date(2026, 3, 1)))
    assert "project_ended" in codes(may_download(MEI_P, released, ended))
    assert "wrong_state" in codes(may_download(MEI_P, a_request(), facts(MEI)))
