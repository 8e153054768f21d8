"""The researcher's pages: what I asked for, what was found, confirming, and the result.

An author confirms digests, not names: the form lists the SHA-256 of every canonical file and
the use case takes exactly these. The author sees no vote and no finding that is the
checkers' alone; the verdict shown is computed from what the author may see. Whatever of an
unreleased file stands on these pages was paid for from the author's display budget: a finding
in a file that was not opened names its row, not the words of its column.
"""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from enclave.actions import Action
from enclave.audit.kinds import Kind
from enclave.errors import DeniedError, InvalidInputError
from enclave.identity import Person, Role
from enclave.ports import Work
from enclave.sentences import say
from enclave.web.census import Route, roles
from enclave.web.house import Errands, Waiting
from enclave.web.visits import Visit, bind
from output_review.asked_checks import Mended
from output_review.ports import ReviewWorks
from output_review.requests import ReleaseRequest, SubmittedFile
from output_review.use_cases.confirm import confirm
from output_review.use_cases.mend import mend
from output_review.use_cases.read import RequestPage, request_page, requests_of
from output_review.use_cases.withdraw import withdraw
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
    shown_request,
)
from output_review.web.timeline import timeline
from output_review.workflow import State

_ASKED = {
    "confirm": Action.CONFIRM_REQUEST,
    "withdraw": Action.WITHDRAW_REQUEST,
    "download": Action.DOWNLOAD_RELEASE,
}
_RESEARCHER = roles(Role.RESEARCHER)
_REQUEST = (
    '"request_id", "title", "what_it_shows", "project", "author", "state", "round", "replaces", "policy_digest", '
    '"reader_image", "created_at", "changed_at"'
)
_FILE = (
    '{"name", "size", "upload_sha256", "received", "canonical": {"sha256", "size", "kind", "rows", "columns", '
    '"dropped": [code], "dropped_in_words": [{"ja", "en"}]} | null, "upload", "verdict", '
    '"findings": [{"rule", "severity", "where", "part", "message": {"ja", "en"}, "remedy"}], "gathered": [[position]]'
)

LISTING = Route("GET", "/requests", _RESEARCHER, "", f'{{"requests": [{LINE_SHAPE}]}}')
REQUEST = Route(
    "GET",
    "/requests/{request_id}",
    _RESEARCHER,
    "The reading of each shown file is recorded; a program reads files with ?content=1.",
    f'{{{_REQUEST}, "code", "reason": {{"ja", "en"}} | null, "return_comment", "shared_comments": [], "verdict", "remedies": [{{"kind", "file", "message", "verdict"}}], '
    f'"files": [{_FILE}, "released": bool, "content": text | null}}], "may": {{"confirm", "withdraw", "download"}}, '
    '"release": {"package_sha256", "package_size", "leaf", "files": [[name, sha256]]} | null}',
    (Kind.REVIEW_OPENED,),
)
FILE = Route(
    "GET",
    "/requests/{request_id}/files/{sha256}",
    _RESEARCHER,
    "The reading is recorded.",
    '{"request_id", "name", "sha256", "content", "page", "pages"}',
    (Kind.REVIEW_OPENED,),
    back="/requests/{request_id}",
)
PICTURE = Route(
    "GET",
    "/requests/{request_id}/files/{sha256}/picture",
    _RESEARCHER,
    "The reading is recorded.",
    "the bytes of a picture, image/png",
    (Kind.REVIEW_OPENED,),
    back="/requests/{request_id}",
)
CONFIRM = Route(
    "POST",
    "/requests/{request_id}/confirm",
    _RESEARCHER,
    "The checks run on exactly these bytes.",
    'field digest, repeated: every canonical SHA-256 -> {"request_id", "state"}',
    (Kind.REQUEST_CONFIRMED,),
    back="/requests/{request_id}",
)
WITHDRAW = Route(
    "POST",
    "/requests/{request_id}/withdraw",
    _RESEARCHER,
    "Nothing of this request will leave.",
    '{"request_id", "state"}',
    (Kind.REQUEST_WITHDRAWN,),
    back="/requests/{request_id}",
)
MEND = Route(
    "POST",
    "/requests/{request_id}/mend",
    _RESEARCHER,
    "A correction with the mended file is handed in; it waits for its author to confirm.",
    'field remedy: its number from 0 -> {"request_id", "state"}',
    (Kind.REQUEST_HANDED_IN,),
    back="/requests/{request_id}",
)
ROUTES = (LISTING, REQUEST, FILE, PICTURE, CONFIRM, WITHDRAW, MEND)


class ResearcherPages:
    """The pages of an author."""

    def __init__(self, room: ReviewRoom) -> None:
        self._room = room
        self._pages = room.house.pages

    def listing(self, visit: Visit) -> Response:
        """Everything this person asked for, the newest first."""
        with self._room.works.read() as work:
            lines = requests_of(work, visit.person)
        return self._pages.answer(visit, "review/requests.html", {"requests": [shown_line(r) for r in lines]})

    def request(self, visit: Visit) -> Response:
        """One request: where it stands, what was found, what its author may do now."""
        page = self._mine(visit)
        request, report, release = page.request, page.report, page.release
        opened = open_inline(self._room, visit.person, request, report) if asks_for_content(visit) else {}
        model = {
            **shown_request(request),
            "code": request.code or None,
            "reason": request.reason,
            "return_comment": request.return_comment or None,
            "shared_comments": list(page.comments),
            "verdict": report.verdict.value if report else None,
            "files": [_file(file, page, opened) for file in request.files],
            "remedies": [_remedy(mended) for mended in page.remedies],
            "may": {name: page.may[action].allowed for name, action in _ASKED.items()},
            "release": {
                "package_sha256": release.package_sha256,
                "package_size": release.package_size,
                "leaf": release.leaf,
                "files": [list(pair) for pair in release.files],
            }
            if release
            else None,
        }
        with self._room.house.open_ledger() as ledger:
            steps = timeline(ledger, request)
        view = {"steps": steps, "sheets": {sha256: o.sheet for sha256, o in opened.items()}}
        return self._pages.answer(visit, "review/request.html", model, view)

    def file(self, visit: Visit) -> Response:
        """A page of one canonical file."""
        page = self._mine(visit)
        return answer_file(self._room, visit, page, f"/requests/{page.request.id}")

    def picture(self, visit: Visit) -> Response:
        """A picture as it would leave; its author's reading is paid for."""
        return answer_picture(self._room, visit, self._mine(visit))

    def confirm(self, visit: Visit) -> Response:
        """On its way to the checks, if these are the digests of all files."""
        with self._room.works.begin() as work:
            request = confirm(work, visit.person, visit.path("request_id"), visit.fields("digest"))
        return self._done(visit, request, "confirmed")

    def withdraw(self, visit: Visit) -> Response:
        """Withdrawn for good."""
        with self._room.works.begin() as work:
            request = withdraw(work, visit.person, visit.path("request_id"))
        return self._done(visit, request, "withdrawn")

    def mend(self, visit: Visit) -> Response:
        """A correction by one of the proposed remedies."""
        number = visit.field("remedy")
        if not (number.isascii() and number.isdecimal() and len(number) < 4):
            raise InvalidInputError("bad_remedy", say("Choose one of the remedies on the page."))
        room = self._room
        made = mend(
            room.works, room.vault, visit.person, visit.path("request_id"), int(number), room.house.rules
        )
        return self._done(visit, made, "mended")

    def _done(self, visit: Visit, request: ReleaseRequest, notice: str) -> Response:
        model = {"request_id": request.id, "state": request.state.value}
        return self._pages.done(visit, f"/requests/{request.id}", notice, model)

    def _mine(self, visit: Visit) -> RequestPage:
        """These pages are the author's alone, also where a checker may read the request."""
        with self._room.works.read() as work:
            page = request_page(work, visit.person, visit.path("request_id"))
        if not page.is_author:
            raise DeniedError("not_author", say("Only the author of this request can do this."))
        return page


def _remedy(mended: Mended) -> dict[str, Any]:
    return {
        "kind": mended.kind,
        "file": mended.file,
        "message": mended.message,
        "verdict": mended.report.verdict.value,
    }


def _file(file: SubmittedFile, page: RequestPage, opened: dict[str, Opened]) -> dict[str, Any]:
    findings, verdict = findings_of(page.report, file.name)
    shown = opened.get(file.canonical.sha256) if file.canonical else None
    paid = shown is not None or (file.canonical is not None and file.canonical.sha256 in page.opened)
    if not paid:
        findings = tuple(replace(f, where=replace(f.where, column=None)) for f in findings)
    return {
        **shown_file(file, findings, verdict),
        "released": file.name in page.released_files,
        "content": shown.content if shown else None,
    }


def waiting_requests(works: ReviewWorks) -> Errands:
    """Requests that wait for their author."""

    def errands(_: Work, person: Person) -> tuple[Waiting, ...]:
        if Role.RESEARCHER not in person.roles:
            return ()
        with works.read() as work:
            lines = requests_of(work, person)
        count = sum(line.state is State.AWAITING_AUTHOR for line in lines)
        return (
            (Waiting("/requests", say("Requests that wait for you to confirm their bytes"), count),)
            if count
            else ()
        )

    return errands


def researcher_router(room: ReviewRoom) -> APIRouter:
    """The author's routes."""
    pages, router = ResearcherPages(room), APIRouter()
    bind(
        router,
        room.house.records,
        {
            LISTING: pages.listing,
            REQUEST: pages.request,
            FILE: pages.file,
            PICTURE: pages.picture,
            CONFIRM: pages.confirm,
            WITHDRAW: pages.withdraw,
            MEND: pages.mend,
        },
    )
    return router
