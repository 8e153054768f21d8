"""Who may see which finding, vote and comment, now. Pure.

1. A reviewer sees nobody else's vote or comment until the own review of this round is
   completed. Who never reviewed sees votes only when the request is closed for good: until
   then anyone may still become a reviewer.
2. The author sees no vote, ever: the result, and after it the comments that were shared.
3. The author sees only findings whose audience is the author (``Report.for_author``), and a
   verdict computed from these alone. What the source's own identifiers said is joined to the
   report of checkers only; an author's page is made as if it did not exist.
"""

from collections.abc import Iterable

from output_review.disclosure.reports import Report
from output_review.requests import Assessment, OwnAssessment, ReleaseRequest
from output_review.reviews import Review
from output_review.workflow import CLOSED

DECIDED = CLOSED


def visible_report(
    username: str, request: ReleaseRequest, assessment: Assessment | None, own: OwnAssessment | None = None
) -> Report | None:
    """The findings this person may see."""
    if assessment is None:
        return None
    if username == request.author:
        return assessment.report.for_author()
    return assessment.report.joined_with(own.files) if own and own.covers(request) else assessment.report


def visible_reviews(username: str, request: ReleaseRequest, reviews: Iterable[Review]) -> tuple[Review, ...]:
    """The reviews, votes and comments in them, that this person may see."""
    if username == request.author:
        return ()
    known = tuple(reviews)
    if request.state in DECIDED or any(_completed(username, request, r) for r in known):
        return known
    return tuple(r for r in known if r.reviewer == username)


def shared_comments(request: ReleaseRequest, reviews: Iterable[Review]) -> tuple[str, ...]:
    """What reviewers wrote for the author: after the decision, without names."""
    if request.state not in DECIDED:
        return ()
    return tuple(r.comment for r in reviews if r.shared and r.comment and not r.void)


def _completed(username: str, request: ReleaseRequest, review: Review) -> bool:
    """A completed review of this round and policy; void or not, its maker cannot review again."""
    return (review.reviewer, review.round, review.policy_digest) == (
        username,
        request.round,
        request.policy_digest,
    )
