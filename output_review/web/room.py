"""What the room's pages are given, and how they show a request: one shape for all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from enclave.errors import DeniedError, InvalidInputError, NotFoundError
from enclave.identity import Person
from enclave.sentences import Sentence, say
from enclave.web.house import House
from enclave.web.pages import wants_json
from enclave.web.visits import Visit
from output_review.disclosure.findings import Finding, Verdict
from output_review.disclosure.reports import Report, place_as_mapping
from output_review.ports import FileVault, ReviewWorks
from output_review.readings.dropped import in_words
from output_review.readings.places import PARTS
from output_review.requests import ReleaseRequest, SubmittedFile
from output_review.use_cases.open_file import open_file
from output_review.use_cases.read import RequestLine, RequestPage
from output_review.web.sheets import PAGE_ROWS, Sheet, make_sheet
from output_review.workflow import State, whose_hand

PICTURE = "picture"
"""The kind of a form that is shown as an image and has no text."""
INLINE_ROWS = 3 * PAGE_ROWS
INLINE_BYTES = 400_000
"""What one page shows of all files together; a longer file has pages of its own."""

STATES: dict[str, tuple[str, Sentence]] = {
    State.DRAFT.value: ("past", say("files are arriving")),
    State.HANDED_IN.value: ("go", say("being read")),
    State.AWAITING_AUTHOR.value: ("wait", say("waiting for its author to confirm")),
    State.CHECKING.value: ("go", say("checks are running")),
    State.IN_REVIEW.value: ("go", say("in review")),
    State.APPROVED.value: ("good", say("approved, being released")),
    State.RELEASED.value: ("good", say("released")),
    State.RETURNED.value: ("wait", say("returned to its author")),
    State.REJECTED.value: ("bad", say("rejected")),
    State.WITHDRAWN.value: ("past", say("withdrawn")),
    State.REFUSED.value: ("bad", say("refused by the platform")),
    Verdict.PASS.value: ("good", say("no finding")),
    Verdict.REVIEW.value: ("wait", say("to be looked at")),
    Verdict.FIX.value: ("bad", say("to be corrected")),
    Verdict.REJECT.value: ("bad", say("may not leave")),
}
"""Tone and words of every state and verdict that these pages show."""

WITH_BYTES = frozenset(
    {
        State.AWAITING_AUTHOR,
        State.CHECKING,
        State.IN_REVIEW,
        State.APPROVED,
        State.RELEASED,
        State.RETURNED,
        State.REJECTED,
    }
)
"""States in which the canonical bytes of a request exist to be read."""


@dataclass(frozen=True, slots=True)
class ReviewRoom:
    """The room's state, its vault, and the foundation's side of the portal."""

    works: ReviewWorks
    vault: FileVault
    house: House


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it is shown on a page."""

    content: str | None
    """The text; None of a picture, which its own address gives."""
    sheet: Sheet


LINE_SHAPE = (
    '{"request_id", "draft_id", "project", "title", "state", "turn", "round", "files": [name], "changed_at", '
    '"reviewed": bool}'
)


def shown_line(line: RequestLine) -> dict[str, Any]:
    """One line of a list, as ``LINE_SHAPE`` says."""
    return {
        "request_id": line.id,
        "draft_id": line.draft_id,
        "project": line.project,
        "title": line.title,
        "state": line.state.value,
        "turn": line.turn.value,
        "round": line.round,
        "files": list(line.files),
        "changed_at": line.changed_at,
        "reviewed": line.mine_done,
    }


def shown_past(request: ReleaseRequest) -> dict[str, Any]:
    """The line of a closed request that this person reviewed."""
    return {
        "request_id": request.id,
        "draft_id": request.draft_id,
        "project": request.project,
        "title": request.title,
        "state": request.state.value,
        "turn": whose_hand(request.state).value,
        "round": request.round,
        "files": [file.name for file in request.files],
        "changed_at": request.changed_at,
        "reviewed": True,
    }


def shown_request(request: ReleaseRequest) -> dict[str, Any]:
    """What every page and answer says of a request, whoever reads it."""
    return {
        "request_id": request.id,
        "title": request.title,
        "what_it_shows": request.what_it_shows,
        "project": request.project,
        "author": request.author,
        "state": request.state.value,
        "round": request.round,
        "replaces": request.replaces or None,
        "policy_digest": request.policy_digest or None,
        "reader_image": request.reader_image or None,
        "created_at": request.created_at,
        "changed_at": request.changed_at,
    }


def shown_file(file: SubmittedFile, findings: Iterable[Finding], verdict: str | None) -> dict[str, Any]:
    """What every page says of a file."""
    form, found = file.canonical, tuple(findings)
    return {
        "name": file.name,
        "size": file.size,
        "upload_sha256": file.sha256,
        "received": file.received,
        "canonical": form
        and {
            "sha256": form.sha256,
            "size": form.size,
            "kind": form.kind,
            "rows": form.rows,
            "columns": form.columns,
            "dropped": list(form.dropped),
            "dropped_in_words": [in_words(code) for code in form.dropped],
        },
        "upload": file.sent_as,
        "verdict": verdict,
        "findings": [shown_finding(f) for f in found],
        "gathered": gathered(found),
    }


def gathered(findings: Sequence[Finding]) -> list[list[int]]:
    """Positions of findings that say the same of one part of a file, in the order in which they first stand.

    A list of forty names reads as one sentence with forty places, not as forty sentences.
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    for position, finding in enumerate(findings):
        where = finding.where
        key = (finding.rule, finding.severity, where.part, where.page, str(finding.message))
        alike.setdefault(key, []).append(position)
    return list(alike.values())


def shown_finding(finding: Finding) -> dict[str, Any]:
    """A finding: where, how heavy, what it says, what to do."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "where": place_as_mapping(finding.where),
        "part": PARTS.get(finding.where.part) if finding.where.part else None,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def findings_of(report: Report | None, name: str) -> tuple[tuple[Finding, ...], str | None]:
    """A file's findings and verdict in a report that its reader may see."""
    if report is None:
        return (), None
    for file in report.files:
        if file.path == name:
            return file.findings, file.verdict.value
    return (), None


def asks_for_content(visit: Visit) -> bool:
    """Pages show the files; a program says that it reads them, since reading is recorded."""
    return not wants_json(visit.request) or visit.request.query_params.get("content") == "1"


def open_inline(
    room: ReviewRoom, person: Person, request: ReleaseRequest, report: Report | None
) -> dict[str, Opened]:
    """The files that fit on one page, whole, by canonical digest; each reading is recorded."""
    opened: dict[str, Opened] = {}
    if request.state not in WITH_BYTES:
        return opened
    rows, size = INLINE_ROWS, INLINE_BYTES
    for file in request.files:
        form = file.canonical
        if form is None or form.sha256 in opened:
            continue
        if form.kind != PICTURE:
            if form.rows > min(PAGE_ROWS, rows) or form.size > size:
                continue
            rows, size = rows - form.rows, size - form.size
        try:
            found = open_file(room.works, room.vault, person, request.id, form.sha256, room.house.rules)
        except DeniedError as error:
            if error.code != "display_spent":
                raise
            continue  # the page shows its digest, size and findings; its own page says why
        content = None if form.kind == PICTURE else found.content.decode()
        findings, _ = findings_of(report, file.name)
        opened[form.sha256] = Opened(content, make_sheet(form.kind, content or "", findings))
    return opened


def answer_picture(room: ReviewRoom, visit: Visit, page: RequestPage) -> Response:
    """The bytes of one picture of a request this person may read; the reading is recorded.

    Raises:
        NotFoundError: the request has no such file, or the file is no picture.
    """
    file = page.request.find_file(visit.path("sha256"))
    if file is None or file.canonical is None or file.canonical.kind != PICTURE:
        raise NotFoundError("no_file", say("This request has no such file."))
    found = open_file(
        room.works, room.vault, visit.person, page.request.id, visit.path("sha256"), room.house.rules
    )
    return Response(found.content, media_type="image/png")


def answer_file(room: ReviewRoom, visit: Visit, page: RequestPage, place: str) -> Response:
    """One page of one file of a request this person may read; the reading is recorded."""
    asked = visit.request.query_params.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 8):
        raise InvalidInputError("bad_page", say("A page is a number."))
    found = open_file(
        room.works, room.vault, visit.person, page.request.id, visit.path("sha256"), room.house.rules
    )
    content = None if found.form.kind == PICTURE else found.content.decode()
    findings, _ = findings_of(page.report, found.name)
    sheet = make_sheet(found.form.kind, content or "", findings, int(asked))
    model = {
        "request_id": page.request.id,
        "name": found.name,
        "sha256": found.form.sha256,
        "content": content,
        "page": sheet.page,
        "pages": sheet.pages,
    }
    view = {"sheet": sheet, "place": place, "title": page.request.title}
    return room.house.pages.answer(visit, "review/file.html", model, view)
