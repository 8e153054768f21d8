"""Intake: all that a desk can reach. One application per workspace, behind that one's socket.

1. The socket is the identity. A person, project or workspace named in a message is ignored.
2. Beside it the desk's own hub token is asked for with every request (``intake_tokens``), and
   whether the person may still work in the project: remembered for 15 seconds for cells, asked
   anew in the transaction for everything else.
3. There is no route here to confirm, review, release or download.
4. A cell is acknowledged after its commit, within three seconds or not at all.

Errors are ``{"error": {"code", "ja", "en"}}``.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import (
    ConflictError,
    DeniedError,
    EnclaveError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
)
from enclave.identity import Person
from enclave.sentences import Sentence, say
from output_review.disclosure.reports import place_as_mapping
from output_review.intake_cells import EventWriter, cell_draft, output_draft
from output_review.intake_tokens import REMEMBERED_SECONDS, TokenDoor
from output_review.permissions import may_hand_in
from output_review.ports import FileVault, LiveWorkspace, ReviewWorks
from output_review.requests import MAX_FILE_BYTES, Draft
from output_review.use_cases import hand_in
from output_review.use_cases.read import RequestPage, answers_for
from output_review.use_cases.standing import facts_of

MAX_MESSAGE = 4 * 1024 * 1024
RECORD_SECONDS = 3.0
STATUS: tuple[tuple[type[EnclaveError], int], ...] = (
    (DeniedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (InvalidInputError, 422),
)
Both = Callable[[Sentence], Mapping[str, str]]
"""A sentence as ``{"ja", "en"}``."""
NOT_RECORDED = say("It could not be recorded, so nothing was done. Try again.")


class TooLargeError(InvalidInputError):
    """More bytes than are taken."""


@dataclass(slots=True)
class IntakeDeps:
    """What every workspace's application shares."""

    works: ReviewWorks
    vault: FileVault
    events: EventWriter
    tokens: TokenDoor
    both: Both
    clock: Callable[[], float]
    _eligible_until: dict[LiveWorkspace, float] = field(default_factory=dict)

    async def check_eligible(self, workspace: LiveWorkspace) -> None:
        """Pass, or raise: the person may still work in the project; remembered for 15 seconds."""
        now = self.clock()
        if self._eligible_until.get(workspace, now) > now:
            return
        self._eligible_until.pop(workspace, None)
        await run_in_threadpool(self._require_eligible, workspace)
        self._eligible_until[workspace] = now + REMEMBERED_SECONDS

    def _require_eligible(self, workspace: LiveWorkspace) -> None:
        with self.works.read() as work:
            facts = facts_of(work, workspace.person, workspace.project)
            require(may_hand_in(Person(workspace.person), workspace.project, facts))


class Intake:
    """The routes of one workspace."""

    def __init__(self, deps: IntakeDeps, workspace: LiveWorkspace) -> None:
        self._deps = deps
        self._workspace = workspace
        self._person = Person(workspace.person)

    async def cells(self, request: Request) -> Response:
        return await self._event(request, cell_draft)

    async def outputs(self, request: Request) -> Response:
        return await self._event(request, output_draft)

    async def _event(
        self, request: Request, make: Callable[[LiveWorkspace, Mapping[str, Any]], EventDraft]
    ) -> Response:
        draft = make(self._workspace, await _message(request))
        if draft.kind is Kind.CELL_REQUESTED:
            # How a cell ended and what it showed is recorded whoever may still work here.
            await self._deps.check_eligible(self._workspace)
        recording = asyncio.wrap_future(self._deps.events.record(draft))
        try:
            number = await asyncio.wait_for(recording, RECORD_SECONDS)
        except TimeoutError as error:
            raise UnavailableError("not_recorded", NOT_RECORDED) from error
        return JSONResponse({"n": number})

    async def drafts(self, request: Request) -> Response:
        draft = _draft(await _message(request))

        def begin() -> dict[str, Any]:
            with self._deps.works.begin() as work:
                made = hand_in.begin_draft(work, self._person, self._workspace.project, draft)
            return {"request_id": made.id, "missing": list(made.missing())}

        return JSONResponse(await run_in_threadpool(begin))

    async def file(self, request: Request) -> Response:
        draft_id, index = request.path_params["draft_id"], request.path_params["index"]
        content = await _content(request, MAX_FILE_BYTES)
        await run_in_threadpool(
            hand_in.add_file,
            self._deps.works,
            self._deps.vault,
            self._person,
            self._workspace.project,
            draft_id,
            index,
            content,
        )
        return Response(status_code=204)

    async def complete(self, request: Request) -> Response:
        draft_id = request.path_params["draft_id"]

        def complete() -> dict[str, Any]:
            with self._deps.works.begin() as work:
                made = hand_in.complete_draft(work, self._person, self._workspace.project, draft_id)
            return {"request_id": made.id, "state": made.state.value}

        return JSONResponse(await run_in_threadpool(complete))

    async def releases(self, _request: Request) -> Response:
        def look() -> list[dict[str, Any]]:
            with self._deps.works.read() as work:
                pages = answers_for(work, self._person, self._workspace.project)
            return [_answer(page, self._deps.both) for page in pages]

        return JSONResponse({"requests": await run_in_threadpool(look)})

    def guarded(
        self, route: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The route behind the token check, its errors answered in the one form."""

        async def answer(request: Request) -> Response:
            try:
                authorization = request.headers.get("authorization", "")
                await self._deps.tokens.check(self._workspace, authorization)
                return await route(request)
            except EnclaveError as error:
                status = 413 if isinstance(error, TooLargeError) else _status(error)
                return self._error(status, error.code, error.sentence)
            except (SQLAlchemyError, OSError):
                return self._error(503, "not_recorded", NOT_RECORDED)

        return answer

    def _error(self, status: int, code: str, sentence: Sentence) -> Response:
        return JSONResponse({"error": {"code": code, **self._deps.both(sentence)}}, status)


ROUTES = (
    ("POST", "/cells", Intake.cells),
    ("POST", "/outputs", Intake.outputs),
    ("POST", "/drafts", Intake.drafts),
    ("PUT", "/drafts/{draft_id}/files/{index:int}", Intake.file),
    ("POST", "/drafts/{draft_id}/complete", Intake.complete),
    ("GET", "/releases", Intake.releases),
)
"""Every route there is."""


def intake_app(deps: IntakeDeps, workspace: LiveWorkspace) -> Starlette:
    """The application behind one workspace's socket."""
    intake = Intake(deps, workspace)
    routes = [
        Route(path, intake.guarded(route.__get__(intake)), methods=[method]) for method, path, route in ROUTES
    ]
    return Starlette(routes=routes)


def _status(error: EnclaveError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 503)


async def _content(request: Request, limit: int) -> bytes:
    """The whole body, cut off as soon as it is too long."""
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > limit:
            raise TooLargeError("too_large", say("This is too large (at most {limit} bytes).", limit=limit))
    return bytes(taken)


async def _message(request: Request) -> dict[str, Any]:
    try:
        message = json.loads(await _content(request, MAX_MESSAGE))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("bad_message", say("The message is not JSON.")) from error
    if not isinstance(message, dict):
        raise InvalidInputError("bad_message", say("The message is not a JSON object."))
    return message


def _draft(message: Mapping[str, Any]) -> Draft:
    try:
        files = tuple((file["name"], file["size"], file["sha256"]) for file in message["files"])
        words = (message["draft_id"], message["title"], message["what_it_shows"])
        replaces = message.get("replaces") or ""
    except (KeyError, TypeError, IndexError) as error:
        raise InvalidInputError("bad_message", say("The draft lacks a field.")) from error
    texts = (*words, replaces, *(text for name, _, sha256 in files for text in (name, sha256)))
    if not all(isinstance(text, str) for text in texts) or not all(type(size) is int for _, size, _ in files):
        raise InvalidInputError("bad_message", say("A field of the draft has another form."))
    return Draft(*words, files=files, replaces=replaces)


def _answer(page: RequestPage, both: Both) -> dict[str, Any]:
    """One request as the kernel may know it: the author's view, and nothing of the reviews."""
    request, found = page.request, page.report.files if page.report else ()
    verdicts = {file.path: file.verdict.value for file in found}
    findings = [
        {
            "file": file.path,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "where": place_as_mapping(finding.where),
            "message": dict(both(finding.message)),
            **({"remedy": dict(both(finding.remedy))} if finding.remedy else {}),
        }
        for file in found
        for finding in file.findings
    ]
    return {
        "request_id": request.id,
        "draft_id": request.draft_id,
        "title": request.title,
        "state": request.state.value,
        "round": request.round,
        "files": [
            {
                "name": f.name,
                **({"verdict": verdicts[f.name]} if f.name in verdicts else {}),
                **({"released": f.name in page.released_files} if page.release else {}),
            }
            for f in request.files
        ],
        "findings": findings,
        **({"code": request.code} if request.code else {}),
        **({"reason": dict(both(request.reason))} if request.reason else {}),
        **({"comment": request.return_comment} if request.return_comment else {}),
        **({"comments": list(page.comments)} if page.comments else {}),
    }
