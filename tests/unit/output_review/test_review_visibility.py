"""Blindness: who sees which vote, comment and finding, and when."""

import pytest

from enclave.sentences import say
from output_review.disclosure.findings import Audience, Finding, Place, Severity, Verdict
from output_review.disclosure.reports import FileReport, Report
from output_review.requests import Assessment
from output_review.visibility import shared_comments, visible_report, visible_reviews
from output_review.workflow import CLOSED, State
from tests.support.fakes import START
from tests.support.review_values import a_request, a_review

AOI, RIN = a_review("aoi", comment="private"), a_review("rin", comment="for you", shared=True)


def test_a_reviewer_sees_nothing_of_others_before_completing() -> None:
    assert visible_reviews("sora", a_request(), (AOI, RIN)) == ()
    assert visible_reviews("rin", a_request(), (AOI,)) == ()


def test_a_reviewer_sees_the_others_after_completing() -> None:
    assert visible_reviews("aoi", a_request(), (AOI, RIN)) == (AOI, RIN)


def test_who_may_still_become_a_reviewer_stays_blind_while_the_release_is_under_way() -> None:
    assert visible_reviews("sora", a_request(state=State.APPROVED), (AOI, RIN)) == ()


def test_a_review_of_an_earlier_round_opens_nothing() -> None:
    second = a_request(round=2)
    assert visible_reviews("aoi", second, (AOI, a_review("rin", round=2))) == (AOI,)


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_checkers_see_everything_of_what_is_closed(state: State) -> None:
    assert visible_reviews("sora", a_request(state=state), (AOI, RIN)) == (AOI, RIN)


@pytest.mark.parametrize("state", list(State))
def test_the_author_sees_no_vote_ever(state: State) -> None:
    assert visible_reviews("mei", a_request(state=state), (AOI, RIN, a_review("mei"))) == ()


def test_the_author_reads_shared_comments_after_the_decision_only() -> None:
    assert shared_comments(a_request(), (AOI, RIN)) == ()
    assert shared_comments(a_request(state=State.APPROVED), (AOI, RIN)) == ()
    assert shared_comments(a_request(state=State.REJECTED), (AOI, RIN)) == ("for you",)
    void = a_review("rin", comment="for you", shared=True, void="not_eligible")
    assert shared_comments(a_request(state=State.REJECTED), (void,)) == ()


def test_what_only_checkers_may_know_does_not_even_change_the_authors_verdict() -> None:
    secret = Finding("ID", Severity.REJECT, Place(), say("x"), audience=Audience.CHECKER)
    assessment = Assessment("p", Report((FileReport("t.csv", (secret,)),), None, None), START)
    seen = visible_report("mei", a_request(), assessment)
    assert seen is not None
    assert (seen.verdict, seen.files[0].findings) == (Verdict.PASS, ())
    full = visible_report("aoi", a_request(), assessment)
    assert full is not None
    assert full.verdict is Verdict.REJECT
    assert visible_report("aoi", a_request(), None) is None
