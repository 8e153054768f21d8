"""The checker's pages: the queue, one request whole, and completing a review.

Blind: until a checker has completed the own review, nothing on any page or answer tells what
another voted or wrote, or whether anybody did (``visibility`` decides, these pages only ask).
A review is one act with a fresh one-time code; the form carries the digests and the policy
that were on the page, so a vote is about what was read. Opening a file is recorded.
"""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from enclave.actions import Action
from enclave.audit.kinds import Kind
from enclave.errors import DeniedError, InvalidInputError
from enclave.identity import Person, Role
from enclave.ports import Work
from enclave.sentences import say
from enclave.use_cases.sign_in import SecondFactor, second_factor
from enclave.web.census import Route, roles
from enclave.web.house import Errands, Waiting
from enclave.web.visits import Visit, bind
from output_review.disclosure.record import sdc_record
from output_review.permissions import READABLE_BY_CHECKERS
from output_review.ports import ReviewWork, ReviewWorks
from output_review.requests import ReleaseRequest, SubmittedFile
from output_review.reviews import Review, Vote, counts
from output_review.use_cases.read import RequestPage, alerts_for, queue_for, request_page
from output_review.use_cases.review import complete, give_back
from output_review.web.room import (
    LINE_SHAPE,
    Opened,
    ReviewRoom,
    answer_file,
    answer_picture,
    asks_for_content,
    findings_of,
    open_inline,
    shown_file,
    shown_line,
    shown_past,
    shown_request,
)
from output_review.workflow import CLOSED

_CHECKER = roles(Role.CHECKER)
PAST_SHOWN = 50
VOTE_PREFIX = "vote:"

QUEUE = Route(
    "GET",
    "/reviews",
    _CHECKER,
    "",
    f'{{"queue": [{LINE_SHAPE}], "past": [{LINE_SHAPE}], "alerts": [{LINE_SHAPE}]}}',
)
REVIEW = Route(
    "GET",
    "/reviews/{request_id}",
    _CHECKER,
    "The reading of each shown file is recorded; a program reads files with ?content=1.",
    "as /requests/{request_id} without release and comments, with "
    '"record": {"policy_digest", "policy_in_force", "profile", "verdict", "reader_image", "round"}, "may_review": bool, "own_compared": bool, '
    '"reviewed": bool, "kept": {sha256: vote}, "reviews": [{"reviewer", "votes": {sha256: vote}, "comment", "shared", '
    '"completed_at", "counts"}] (only those this person may see), files with "opened": bool, "sql": text | null and "sdc": the '
    "record of disclosure control (docs/reference/sdc-record.md)",
    (Kind.REVIEW_OPENED,),
)
FILE = Route(
    "GET",
    "/reviews/{request_id}/files/{sha256}",
    _CHECKER,
    "The reading is recorded.",
    '{"request_id", "name", "sha256", "content", "page", "pages"}',
    (Kind.REVIEW_OPENED,),
    back="/reviews/{request_id}",
)
PICTURE = Route(
    "GET",
    "/reviews/{request_id}/files/{sha256}/picture",
    _CHECKER,
    "The reading is recorded.",
    "the bytes of a picture, image/png",
    (Kind.REVIEW_OPENED,),
    back="/reviews/{request_id}",
)
COMPLETE = Route(
    "POST",
    "/reviews/{request_id}",
    _CHECKER,
    "This person's review is complete; the second one decides.",
    "fields policy, vote:<sha256> = approve|refuse for every file, comment, audience = private|shared, code -> "
    '{"request_id", "state", "reviewed": true}',
    (
        Kind.REVIEW_VOTED,
        Kind.REVIEW_COMPLETED,
        Kind.REQUEST_APPROVED,
        Kind.REQUEST_REJECTED,
        Kind.PERSON_REFUSED,
    ),
    back="/reviews/{request_id}",
)
RETURN = Route(
    "POST",
    "/reviews/{request_id}/return",
    _CHECKER,
    "The request is with its author again, with the reason.",
    'fields reason, code -> {"request_id", "state"}',
    (Kind.REQUEST_RETURNED, Kind.PERSON_REFUSED),
    back="/reviews/{request_id}",
)
ROUTES = (QUEUE, REVIEW, FILE, PICTURE, COMPLETE, RETURN)


class CheckerPages:
    """The pages of a checker."""

    def __init__(self, room: ReviewRoom) -> None:
        self._room = room
        self._pages = room.house.pages

    def queue(self, visit: Visit) -> Response:
        """What this person may review now, and what they reviewed before."""
        with self._room.works.read() as work:
            queue = [shown_line(line) for line in queue_for(work, visit.person)]
            past = _reviewed_before(work, visit.person)
            alerts = [shown_line(line) for line in alerts_for(work, visit.person)]
        model = {"queue": queue, "past": past, "alerts": alerts}
        return self._pages.answer(visit, "review/reviews.html", model)

    def review(self, visit: Visit) -> Response:
        """One request with everything a decision needs."""
        page = self._checkable(visit)
        request = page.request
        opened = (
            open_inline(self._room, visit.person, request, page.report) if asks_for_content(visit) else {}
        )
        seen = page.opened | opened.keys()
        model = {
            **shown_request(request),
            "record": {
                "policy_digest": request.policy_digest or None,
                "policy_in_force": page.policy_in_force,
                "profile": page.report.profile if page.report else None,
                "verdict": page.report.verdict.value if page.report else None,
                "reader_image": request.reader_image or None,
                "round": request.round,
            },
            "files": [_file(file, page, seen, opened) for file in request.files],
            "own_compared": page.own_compared,
            "may_review": page.may[Action.COMPLETE_REVIEW].allowed
            and page.policy_in_force
            and page.own_compared,
            "reviewed": any(_mine(r, visit.person, request) for r in page.reviews),
            "kept": {sha256: vote.value for sha256, vote in page.kept.items()},
            "reviews": [_shown_review(r, request) for r in page.reviews],
        }
        view = {"sheets": {sha256: o.sheet for sha256, o in opened.items()}, "vote_prefix": VOTE_PREFIX}
        return self._pages.answer(visit, "review/review.html", model, view)

    def file(self, visit: Visit) -> Response:
        """A page of one canonical file."""
        page = self._checkable(visit)
        return answer_file(self._room, visit, page, f"/reviews/{page.request.id}")

    def picture(self, visit: Visit) -> Response:
        """A picture as it would leave."""
        return answer_picture(self._room, visit, self._checkable(visit))

    def complete(self, visit: Visit) -> Response:
        """This person's whole review, if it may count."""
        votes, shared = _votes(visit), _audience(visit)
        self._checkable(visit)
        proof = self._proof(visit)
        with self._room.works.begin() as work:
            request = complete(
                work,
                visit.person,
                proof,
                visit.path("request_id"),
                votes,
                policy_digest=visit.field("policy"),
                comment=visit.field("comment"),
                shared=shared,
            )
        model = {"request_id": request.id, "state": request.state.value, "reviewed": True}
        return self._pages.done(visit, f"/reviews/{request.id}", "reviewed", model)

    def give_back(self, visit: Visit) -> Response:
        """Returned to the author with a reason."""
        if not visit.field("reason"):
            raise InvalidInputError("no_reason", say("Write what the author must change."))
        self._checkable(visit)
        proof = self._proof(visit)
        with self._room.works.begin() as work:
            request = give_back(
                work, visit.person, proof, visit.path("request_id"), reason=visit.field("reason")
            )
        model = {"request_id": request.id, "state": request.state.value}
        return self._pages.done(visit, "/reviews", "returned", model)

    def _proof(self, visit: Visit) -> SecondFactor:
        house = self._room.house
        return second_factor(house.records, house.passwords, visit.person.username, visit.field("code"))

    def _checkable(self, visit: Visit) -> RequestPage:
        """What this person sees of a request that is another's."""
        with self._room.works.read() as work:
            page = request_page(work, visit.person, visit.path("request_id"))
        if page.is_author:
            raise DeniedError("own_request", say("You cannot check a request you wrote."))
        return page


def _reviewed_before(work: ReviewWork, person: Person) -> list[dict[str, Any]]:
    """Closed requests that this person reviewed, the newest first."""
    closed = work.requests.in_states(READABLE_BY_CHECKERS & CLOSED)
    mine = [r for r in reversed(closed) if any(_mine(v, person, r) for v in work.reviews.of(r.id))]
    return [shown_past(request) for request in mine[:PAST_SHOWN]]


def _mine(review: Review, person: Person, request: ReleaseRequest) -> bool:
    return (review.reviewer, review.request_id, review.round) == (person.username, request.id, request.round)


def _file(
    file: SubmittedFile, page: RequestPage, seen: frozenset[str], opened: dict[str, Opened]
) -> dict[str, Any]:
    findings, verdict = findings_of(page.report, file.name)
    sha256 = file.canonical.sha256 if file.canonical else ""
    shown = opened.get(sha256)
    return {
        **shown_file(file, findings, verdict),
        "sdc": _record(file, page),
        "sql": dict(page.request.sql).get(file.name),
        "opened": sha256 in seen,
        "content": shown.content if shown else None,
    }


def _record(file: SubmittedFile, page: RequestPage) -> dict[str, Any] | None:
    """The record of disclosure control, whole: this page is for checkers."""
    found = next((one for one in page.report.files if one.path == file.name), None) if page.report else None
    if page.report is None or found is None or file.canonical is None:
        return None
    versions = {"reader": page.request.reader_image}
    return sdc_record(found, page.report, file.canonical.sha256, versions, for_author=False)


def _shown_review(review: Review, request: ReleaseRequest) -> dict[str, Any]:
    return {
        "reviewer": review.reviewer,
        "votes": {sha256: vote.value for sha256, vote in review.votes.items()},
        "comment": review.comment,
        "shared": review.shared,
        "completed_at": review.completed_at,
        "counts": counts(review, request),
    }


def _votes(visit: Visit) -> dict[str, Vote]:
    votes: dict[str, Vote] = {}
    for name in visit.field_names():
        if name.startswith(VOTE_PREFIX):
            try:
                votes[name.removeprefix(VOTE_PREFIX)] = Vote(visit.field(name))
            except ValueError as error:
                raise InvalidInputError("bad_vote", say("A vote is 'approve' or 'refuse'.")) from error
    return votes


def _audience(visit: Visit) -> bool:
    audience = visit.field("audience") or "private"
    if audience not in {"private", "shared"}:
        raise InvalidInputError("bad_audience", say("A comment is 'private' or 'shared'."))
    return audience == "shared"


def waiting_reviews(works: ReviewWorks) -> Errands:
    """Requests that wait for this checker."""

    def errands(_: Work, person: Person) -> tuple[Waiting, ...]:
        if Role.CHECKER not in person.roles:
            return ()
        with works.read() as work:
            waiting = [line for line in queue_for(work, person) if not line.mine_done]
        return (
            (Waiting("/reviews", say("Requests that wait for your review"), len(waiting)),) if waiting else ()
        )

    return errands


def checker_router(room: ReviewRoom) -> APIRouter:
    """The checker's routes."""
    pages, router = CheckerPages(room), APIRouter()
    bind(
        router,
        room.house.records,
        {
            QUEUE: pages.queue,
            REVIEW: pages.review,
            FILE: pages.file,
            PICTURE: pages.picture,
            COMPLETE: pages.complete,
            RETURN: pages.give_back,
        },
    )
    return router
