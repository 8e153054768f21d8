"""Reviews, the votes in them, and the quorum rule.

A review is one act: a person votes on every file of a request and that completes it. It
belongs to exactly (canonical digests, round, policy digest); ``counts`` is the whole rule,
and whatever changed since makes it count for nothing. Two counting reviews by two people
decide: a file that both approved may leave, every other stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from output_review.requests import ReleaseRequest

QUORUM = 2
"""Completed reviews by different people that decide a request."""


class Vote(StrEnum):
    """What a reviewer says of one file."""

    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Review:
    """One person's completed reading of one request."""

    id: str
    request_id: str
    round: int
    reviewer: str
    policy_digest: str
    votes: Mapping[str, Vote]
    """By SHA-256 of canonical bytes; one for every file."""
    completed_at: datetime
    comment: str = ""
    shared: bool = False
    """Whether the author may read the comment after the decision."""
    void: str = ""
    """Why it no longer counts; empty while it does."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What counting reviews decided; ``decided`` is false while a review is missing."""

    decided: bool
    approved: frozenset[str] = field(default=frozenset())
    reviewers: tuple[str, ...] = ()


def counts(review: Review, request: ReleaseRequest) -> bool:
    """Whether a review is still about exactly this request."""
    digests = request.digests()
    return (
        not review.void
        and bool(digests)
        and review.request_id == request.id
        and review.round == request.round
        and bool(request.policy_digest)
        and review.policy_digest == request.policy_digest
        and frozenset(review.votes) == digests
    )


def counting(reviews: Iterable[Review], request: ReleaseRequest) -> tuple[Review, ...]:
    """The counting reviews, the first of each person, never the author's."""
    first: dict[str, Review] = {}
    for review in sorted(reviews, key=lambda r: (r.completed_at, r.id)):
        if counts(review, request) and review.reviewer != request.author:
            first.setdefault(review.reviewer, review)
    return tuple(first.values())


def outcome(reviews: Iterable[Review], request: ReleaseRequest) -> Outcome:
    """What the reviews decide. No reviews decide nothing."""
    deciding = counting(reviews, request)[:QUORUM]
    if len(deciding) < QUORUM:
        return Outcome(decided=False)
    approved = frozenset(
        digest for digest in request.digests() if all(r.votes[digest] is Vote.APPROVE for r in deciding)
    )
    return Outcome(decided=True, approved=approved, reviewers=tuple(r.reviewer for r in deciding))


def kept_votes(reviewer: str, request: ReleaseRequest, earlier: Iterable[Review]) -> dict[str, Vote]:
    """Votes this person cast in the round before on bytes that did not change since.

    They spare reading the same bytes twice. They are the person's own, they hold only under
    the same policy digest, and they count only once the person completes the new review.
    """
    kept: dict[str, Vote] = {}
    for review in earlier:
        if review.reviewer != reviewer or review.void or review.round != request.round - 1:
            continue
        if review.request_id != request.replaces or review.policy_digest != request.policy_digest:
            continue
        kept.update({d: v for d, v in review.votes.items() if d in request.digests()})
    return kept
