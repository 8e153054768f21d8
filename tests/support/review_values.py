"""Requests, reviews and facts as values, for tests of pure rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from enclave.people import Account
from output_review.permissions import Facts
from output_review.requests import CanonicalForm, ReleaseRequest, SubmittedFile
from output_review.reviews import Review, Vote
from output_review.workflow import State
from tests.support.fakes import START
from tests.support.people import COMPANY, CONTRACT, PERMIT, PRODUCER, UNIVERSITY

DIGEST = "d" * 64
OTHER = "e" * 64
POLICY = "9" * 64


def a_file(name: str = "t.csv", canonical: str = DIGEST) -> SubmittedFile:
    form = CanonicalForm(canonical, 10, "csv", 2, 2)
    return SubmittedFile(name, 12, "a" * 64, received=True, canonical=form)


def a_request(**changes: Any) -> ReleaseRequest:
    """A request of mei's that is with the checkers."""
    request = ReleaseRequest(
        id="r1",
        draft_id="00000000-0000-4000-8000-000000000001",
        project=PERMIT.project,
        author="mei",
        author_organisation="daigaku",
        title="t",
        what_it_shows="w",
        files=(a_file(),),
        state=State.IN_REVIEW,
        created_at=START,
        changed_at=START,
        policy_digest=POLICY,
    )
    return replace(request, **changes)


def a_review(reviewer: str = "aoi", votes: Mapping[str, Vote] | None = None, **changes: Any) -> Review:
    """A review of ``a_request`` that approves its file."""
    review = Review(
        id=f"review-{reviewer}",
        request_id="r1",
        round=1,
        reviewer=reviewer,
        policy_digest=POLICY,
        votes=votes or {DIGEST: Vote.APPROVE},
        completed_at=START,
    )
    return replace(review, **changes)


def facts(account: Account | None, now: datetime = START, **changes: Any) -> Facts:
    """What the register says of an account of the cast."""
    organisations = {o.id: o for o in (UNIVERSITY, COMPANY, PRODUCER)}
    organisation = organisations[account.organisation] if account else None
    return replace(Facts(account, organisation, PERMIT, "daigaku", now, (CONTRACT,)), **changes)
