"""Reviews and the quorum: what counts, what decides, what is kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from output_review.reviews import Vote, counts, kept_votes, outcome
from tests.support.fakes import START
from tests.support.review_values import DIGEST, OTHER, POLICY, a_file, a_request, a_review


def test_no_reviews_decide_nothing() -> None:
    assert not outcome((), a_request()).decided


def test_one_review_decides_nothing() -> None:
    assert not outcome((a_review("aoi"),), a_request()).decided


def test_one_person_twice_decides_nothing() -> None:
    twice = (a_review("aoi"), a_review("aoi", id="second", completed_at=START + timedelta(hours=1)))
    assert not outcome(twice, a_request()).decided


def test_the_author_never_counts() -> None:
    assert not outcome((a_review("aoi"), a_review("mei")), a_request()).decided


def test_two_people_decide() -> None:
    decision = outcome((a_review("aoi"), a_review("rin")), a_request())
    assert decision.decided
    assert decision.approved == {DIGEST}
    assert set(decision.reviewers) == {"aoi", "rin"}


def test_a_file_leaves_only_when_both_approved_it() -> None:
    request = a_request(files=(a_file(), a_file("o.csv", OTHER)))
    both = {DIGEST: Vote.APPROVE, OTHER: Vote.APPROVE}
    one = {DIGEST: Vote.APPROVE, OTHER: Vote.REFUSE}
    assert outcome((a_review("aoi", both), a_review("rin", one)), request).approved == {DIGEST}
    neither = {DIGEST: Vote.REFUSE, OTHER: Vote.APPROVE}
    decision = outcome((a_review("aoi", one), a_review("rin", neither)), request)
    assert decision.decided
    assert decision.approved == frozenset()


def test_the_third_review_does_not_outvote_the_first_two() -> None:
    late = START + timedelta(minutes=1)
    reviews = (
        a_review("aoi"),
        a_review("rin", {DIGEST: Vote.REFUSE}),
        a_review("sora", completed_at=late),
    )
    assert outcome(reviews, a_request()).approved == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        {"void": "not_eligible"},
        {"round": 2},
        {"policy_digest": "8" * 64},
        {"policy_digest": ""},
        {"request_id": "r2"},
        {"votes": {OTHER: Vote.APPROVE}},
        {"votes": {DIGEST: Vote.APPROVE, OTHER: Vote.APPROVE}},
        {"votes": {}},
    ],
)
def test_any_change_makes_a_review_count_for_nothing(change: dict[str, Any]) -> None:
    assert counts(a_review(), a_request())
    assert not counts(replace(a_review(), **change), a_request())


@pytest.mark.parametrize(
    "change",
    [{"files": (a_file(canonical=OTHER),)}, {"round": 2}, {"policy_digest": "8" * 64}, {"files": ()}],
)
def test_any_change_of_the_request_too(change: dict[str, Any]) -> None:
    assert not counts(a_review(), a_request(**change))


def test_a_request_without_policy_has_no_counting_review() -> None:
    assert not counts(a_review(policy_digest=""), a_request(policy_digest=""))


def test_votes_on_unchanged_files_are_kept_for_their_own_person() -> None:
    second = a_request(id="r2", round=2, replaces="r1", files=(a_file(), a_file("o.csv", OTHER)))
    earlier = (a_review("aoi"), a_review("rin", {DIGEST: Vote.REFUSE}))
    assert kept_votes("aoi", second, earlier) == {DIGEST: Vote.APPROVE}
    assert kept_votes("rin", second, earlier) == {DIGEST: Vote.REFUSE}
    assert kept_votes("sora", second, earlier) == {}


@pytest.mark.parametrize(
    "change",
    [{"policy_digest": "8" * 64}, {"replaces": "r0"}, {"round": 3}, {"files": (a_file(canonical=OTHER),)}],
)
def test_votes_are_not_kept_over_a_change(change: dict[str, Any]) -> None:
    second = a_request(**{"id": "r2", "round": 2, "replaces": "r1", **change})
    assert kept_votes("aoi", second, (a_review("aoi"),)) == {}


def test_void_votes_are_not_kept() -> None:
    second = a_request(id="r2", round=2, replaces="r1")
    assert kept_votes("aoi", second, (a_review("aoi", void="not_eligible"),)) == {}
    assert second.policy_digest == POLICY
