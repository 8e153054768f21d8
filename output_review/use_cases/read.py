"""What each person may look at: the author's list, a checker's queue, one request's page.

Every answer is composed for one person from what ``visibility`` lets that person see, so that
a page shows all it is given and hides nothing by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from enclave.actions import Action
from enclave.decisions import Decision, require
from enclave.identity import Person
from enclave.use_cases.propose import adopted_policy
from output_review.asked_checks import Mended
from output_review.disclosure.history_rules import ALERTS
from output_review.disclosure.reports import Report
from output_review.permissions import Facts, has_reviewed, may_act, may_download, may_read, may_still_review
from output_review.ports import ReviewWork
from output_review.releases import Release, ReleaseState
from output_review.requests import ReleaseRequest
from output_review.reviews import Review, Vote, counting, kept_votes
from output_review.use_cases.mend import remedies_for
from output_review.use_cases.standing import get_request, request_facts
from output_review.visibility import shared_comments, visible_report, visible_reviews
from output_review.workflow import Hand, State, whose_hand


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One line of a list."""

    id: str
    draft_id: str
    project: str
    title: str
    state: State
    turn: Hand
    round: int
    files: tuple[str, ...]
    changed_at: datetime
    mine_done: bool = False
    """For a checker: the own review of this round is completed."""


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Everything one person may see of one request, and what that person may do with it."""

    request: ReleaseRequest
    turn: Hand
    is_author: bool
    report: Report | None
    """Findings for this person; None before the checks ran."""
    reviews: tuple[Review, ...]
    """Votes and comments this person may see; for the author none."""
    comments: tuple[str, ...]
    """For the author after the decision: what reviewers shared, without names."""
    may: Mapping[Action, Decision]
    """An answer for each of confirm, withdraw, complete review, return, download."""
    policy_in_force: bool
    """Whether the policy it was checked under is the adopted one; no vote counts otherwise."""
    completed_reviews: int
    """How many reviews count; a checker learns this number only after the own review."""
    opened: frozenset[str] = frozenset()
    """Canonical digests this person opened in this request."""
    kept: Mapping[str, Vote] = field(default_factory=dict)
    """A checker's own votes of the round before on files that did not change."""
    release: Release | None = None
    released_files: tuple[str, ...] = ()
    own_compared: bool = False
    """For a checker: it was compared with the source's own identifiers; no review counts before."""
    remedies: tuple[Mended, ...] = ()
    """For the author of a request that came back: what would mend it."""


MOST_ALERTS = 20
_ASKED = (Action.CONFIRM_REQUEST, Action.WITHDRAW_REQUEST, Action.RETURN_REQUEST)


def requests_of(work: ReviewWork, person: Person) -> tuple[RequestLine, ...]:
    """The person's own requests, newest first."""
    return tuple(_line(r) for r in work.requests.of_author(person.username))


def queue_for(work: ReviewWork, person: Person) -> tuple[RequestLine, ...]:
    """The requests this person may review now, the one that waits longest first."""
    lines = []
    for request in work.requests.in_states({State.IN_REVIEW}):
        mine = request.author == person.username
        if not mine and may_read(person, request, request_facts(work, person, request)).allowed:
            done = has_reviewed(person, request, work.reviews.of(request.id))
            lines.append(_line(request, mine_done=done))
    return tuple(lines)


def alerts_for(work: ReviewWork, person: Person) -> tuple[RequestLine, ...]:
    """Requests that this person may read and in which somebody seems to search, the newest first."""
    lines = []
    for request in reversed(work.requests.in_states({State.RETURNED, State.IN_REVIEW})):
        mine = request.author == person.username
        if mine or not may_read(person, request, request_facts(work, person, request)).allowed:
            continue
        assessment = work.requests.find_assessment(request.id)
        files = assessment.report.files if assessment is not None else ()
        if any(finding.rule in ALERTS for file in files for finding in file.findings):
            lines.append(_line(request, mine_done=True))
    return tuple(lines[:MOST_ALERTS])


def request_page(work: ReviewWork, person: Person, request_id: str) -> RequestPage:
    """What this person sees of a request.

    Raises:
        NotFoundError: no such request.
        DeniedError: this person may not see it.
    """
    request = get_request(work, request_id)
    facts = request_facts(work, person, request)
    require(may_read(person, request, facts))
    reviews = work.reviews.of(request_id)
    author = person.username == request.author
    blind = not author and not has_reviewed(person, request, reviews) and request.state is State.IN_REVIEW
    release = work.releases.find(request_id)
    released = release if release and release.state is ReleaseState.DONE else None
    own = None if author else work.requests.find_own(request_id)
    return RequestPage(
        request=request,
        turn=whose_hand(request.state),
        is_author=author,
        report=visible_report(person.username, request, work.requests.find_assessment(request_id), own),
        reviews=visible_reviews(person.username, request, reviews),
        comments=shared_comments(request, reviews) if author else (),
        may=_may(person, request, facts, reviews),
        policy_in_force=bool(request.policy_digest) and request.policy_digest == adopted_policy(work),
        completed_reviews=0 if blind or author else len(counting(reviews, request)),
        opened=work.requests.viewed(request_id, person.username),
        kept={} if author else _kept(work, person, request),
        release=released,
        own_compared=own is not None and own.covers(request),
        released_files=tuple(name for name, _ in released.files) if released else (),
        remedies=remedies_for(work, person, request),
    )


def answers_for(work: ReviewWork, person: Person, project: str) -> tuple[RequestPage, ...]:
    """The author's pages of every request in one project: what the desk may pass to the kernel."""
    mine = (r for r in work.requests.of_author(person.username) if r.project == project)
    return tuple(request_page(work, person, r.id) for r in mine)


def _may(
    person: Person, request: ReleaseRequest, facts: Facts, reviews: tuple[Review, ...]
) -> dict[Action, Decision]:
    answers = {action: may_act(person, request, action, facts) for action in _ASKED}
    answers[Action.COMPLETE_REVIEW] = may_still_review(person, request, facts, reviews)
    answers[Action.DOWNLOAD_RELEASE] = may_download(person, request, facts)
    return answers


def _kept(work: ReviewWork, person: Person, request: ReleaseRequest) -> dict[str, Vote]:
    earlier = work.reviews.of(request.replaces) if request.replaces else ()
    return kept_votes(person.username, request, earlier)


def _line(request: ReleaseRequest, *, mine_done: bool = False) -> RequestLine:
    return RequestLine(
        id=request.id,
        draft_id=request.draft_id,
        project=request.project,
        title=request.title,
        state=request.state,
        turn=whose_hand(request.state),
        round=request.round,
        files=tuple(f.name for f in request.files),
        changed_at=request.changed_at,
        mine_done=mine_done,
    )
