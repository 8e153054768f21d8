"""Intake: all that a desk can reach. One application per workspace, behind that one's socket.

1. The socket is the identity. A person, project or workspace named in a message is ignored.
2. Beside it the desk's own hub token is asked for with every request (``intake_tokens``), and
   whether the person may still work in the project: remembered for 15 seconds for cells, files
   and leases, asked anew in the transaction for drafts. What only tells what happened is
   recorded whoever may still work here.
3. There is no route here to confirm, review, release or download.
4. Routes that take a message (``MESSAGES``) are reached over HTTP and over a stream
   (``intake_stream``): one handler, one check, one bound for both.
5. What is recorded or leased is acknowledged after its commit, within three seconds or not at
   all: no record, no run; no lease, nothing shown.

Errors are ``{"error": {"code", "ja", "en"}}``.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.display import DisplayRules, pause_rule
from enclave.errors import (
    ConflictError,
    DeniedError,
    EnclaveError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
)
from enclave.identity import Person
from enclave.sentences import say
from enclave.use_cases import meter
from output_review.intake_cells import cell_draft, output_draft
from output_review.intake_checks import MAX_CHECK_MESSAGE, check_answer, question_of
from output_review.intake_display import asked_of, idle_of, returned_of
from output_review.intake_drafts import Both, answer_of, draft_of
from output_review.intake_files import file_draft, kernel_draft, refusal_draft
from output_review.intake_stream import MAX_FRAME, Reply
from output_review.intake_tokens import REMEMBERED_SECONDS, TokenDoor
from output_review.intake_writer import EventWriter
from output_review.permissions import may_hand_in
from output_review.ports import FileVault, LiveWorkspace, ReviewWork, ReviewWorks, Workspaces
from output_review.requests import MAX_FILE_BYTES
from output_review.use_cases import ask, hand_in
from output_review.use_cases.read import answers_for
from output_review.use_cases.standing import facts_of

RECORD_SECONDS = 3.0
STATUS: tuple[tuple[type[EnclaveError], int], ...] = (
    (DeniedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (InvalidInputError, 422),
)
NOT_RECORDED = say("It could not be recorded, so nothing was done. Try again.")
Answer = TypeVar("Answer")
Message: TypeAlias = "Mapping[str, Any]"
Told: TypeAlias = "dict[str, Any] | None"
"""The answer to a message; None says that there is nothing to say."""


class TooLargeError(InvalidInputError):
    """More bytes than are taken."""

    @classmethod
    def beyond(cls, limit: int) -> "TooLargeError":
        return cls("too_large", say("This is too large (at most {limit} bytes).", limit=limit))


@dataclass(slots=True)
class IntakeDeps:
    """What every workspace's application shares."""

    works: ReviewWorks
    vault: FileVault
    events: EventWriter
    tokens: TokenDoor
    both: Both
    clock: Callable[[], float]
    rules: DisplayRules
    workspaces: Workspaces
    checks_per_hour: int = 0
    """How often one author may ask for a check; none unless the policy says so."""
    _eligible_until: dict[LiveWorkspace, float] = field(default_factory=dict)

    async def check_eligible(self, workspace: LiveWorkspace) -> None:
        """Pass, or raise: the person may still work in the project; remembered for 15 seconds."""
        now = self.clock()
        if self._eligible_until.get(workspace, now) > now:
            return
        self._eligible_until.pop(workspace, None)
        await run_in_threadpool(self._require_eligible, workspace)
        self._eligible_until[workspace] = now + REMEMBERED_SECONDS

    def forget(self, workspace: LiveWorkspace) -> None:
        """Whoever was refused is asked about anew."""
        self._eligible_until.pop(workspace, None)

    def _require_eligible(self, workspace: LiveWorkspace) -> None:
        with self.works.read() as work:
            facts = facts_of(work, workspace.person, workspace.project)
            paused = pause_rule(work.displays.paused_until(workspace.person), work.now)
        require(may_hand_in(Person(workspace.person), workspace.project, facts))
        if paused is not None:
            raise DeniedError(paused.code, paused.sentence)


class Intake:
    """The routes of one workspace."""

    def __init__(self, deps: IntakeDeps, workspace: LiveWorkspace) -> None:
        self._deps = deps
        self._workspace = workspace
        self._person = Person(workspace.person)

    async def cells(self, message: Message) -> Told:
        draft = cell_draft(self._workspace, message)
        if draft.kind is not Kind.CELL_REQUESTED:
            return await self._record(draft)
        await self._deps.check_eligible(self._workspace)
        return await self._record(draft)

    async def outputs(self, message: Message) -> Told:
        return await self._record(output_draft(self._workspace, message))

    async def files(self, message: Message) -> Told:
        draft = file_draft(self._workspace, message)
        await self._deps.check_eligible(self._workspace)
        return await self._record(draft)

    async def refusals(self, message: Message) -> Told:
        return await self._record(refusal_draft(self._workspace, message))

    async def kernels(self, message: Message) -> Told:
        return await self._record(kernel_draft(self._workspace, message))

    async def lease(self, message: Message) -> Told:
        asked, deps = asked_of(message), self._deps
        person, project = self._workspace.person, self._workspace.project
        await deps.check_eligible(self._workspace)
        granted = await self._write(lambda work: meter.lease(work, deps.rules, person, project, asked))
        if granted.count < asked.least:
            deps.forget(self._workspace)
        return {"granted": granted.count, "meter": granted.meter}

    async def give_back(self, message: Message) -> Told:
        (lease, unused), deps = returned_of(message), self._deps
        person, project = self._workspace.person, self._workspace.project
        stands = await self._write(
            lambda work: meter.give_back(work, deps.rules, person, project, lease, unused)
        )
        return {"meter": stands}

    async def activity(self, message: Message) -> Told:
        await run_in_threadpool(self._deps.workspaces.touch, self._workspace.wid, idle_of(message))
        return None

    async def _record(self, draft: EventDraft) -> Told:
        return {"n": await self._write(lambda work: work.record(draft))}

    async def _write(self, act: Callable[[ReviewWork], Answer]) -> Answer:
        try:
            async with asyncio.timeout(RECORD_SECONDS):
                return await asyncio.wrap_future(self._deps.events.write(act))
        except TimeoutError as error:
            raise UnavailableError("not_recorded", NOT_RECORDED) from error

    async def meter(self, _request: Request) -> Response:
        def look() -> dict[str, Any]:
            with self._deps.works.read() as work:
                return meter.read_meter(work, self._deps.rules, self._workspace.person)

        return JSONResponse(await run_in_threadpool(look))

    async def drafts(self, request: Request) -> Response:
        draft = draft_of(await _message(request))

        def begin() -> dict[str, Any]:
            with self._deps.works.begin() as work:
                made = hand_in.begin_draft(
                    work, self._person, self._workspace.project, draft, self._deps.rules
                )
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
            return [answer_of(page, self._deps.both) for page in pages]

        return JSONResponse({"requests": await run_in_threadpool(look)})

    async def checks(self, request: Request) -> Response:
        asked_id, files, remedy = question_of(await _message(request, MAX_CHECK_MESSAGE))

        def put() -> dict[str, Any]:
            with self._deps.works.begin() as work:
                check = ask.ask(
                    work,
                    self._person,
                    self._workspace.project,
                    asked_id,
                    files,
                    remedy,
                    self._deps.checks_per_hour,
                )
            return check_answer(check, self._deps.both)

        return JSONResponse(await run_in_threadpool(put))

    async def check(self, request: Request) -> Response:
        asked_id = request.path_params["check_id"]

        def look() -> dict[str, Any]:
            with self._deps.works.read() as work:
                check = ask.answer_to(work, self._person, self._workspace.project, asked_id)
            return check_answer(check, self._deps.both)

        return JSONResponse(await run_in_threadpool(look))

    async def admit(self, authorization: str) -> Reply:
        """Whether a stream may be opened with this."""
        try:
            await self._deps.tokens.check(self._workspace, authorization)
        except EnclaveError as error:
            return self.refusal(error)
        return 204, None

    async def answer(self, authorization: str, route: str, message: Message) -> Reply:
        """What a message that came over a stream is answered."""
        try:
            await self._deps.tokens.check(self._workspace, authorization)
            if route not in MESSAGES:
                raise NotFoundError("no_such_route", say("No message is taken here."))
            told = await MESSAGES[route](self, message)
        except (EnclaveError, SQLAlchemyError, OSError) as error:
            return self.refusal(error)
        return (204 if told is None else 200), told

    def guarded(
        self, route: Callable[["Intake", Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The route behind the token check, its errors answered in the one form."""

        async def answer(request: Request) -> Response:
            try:
                authorization = request.headers.get("authorization", "")
                await self._deps.tokens.check(self._workspace, authorization)
                return await route(self, request)
            except (EnclaveError, SQLAlchemyError, OSError) as error:
                status, told = self.refusal(error)
                return JSONResponse(told, status)

        return answer

    def refusal(self, error: Exception) -> Reply:
        """The one form of errors."""
        status, code, sentence = 503, "not_recorded", NOT_RECORDED
        if isinstance(error, EnclaveError):
            status = 413 if isinstance(error, TooLargeError) else _status(error)
            code, sentence = error.code, error.sentence
        return status, {"error": {"code": code, **self._deps.both(sentence)}}

    def too_large(self, limit: int) -> EnclaveError:
        return TooLargeError.beyond(limit)


MESSAGES: Mapping[str, Callable[[Intake, Message], Awaitable[Told]]] = {
    "/cells": Intake.cells,
    "/outputs": Intake.outputs,
    "/files": Intake.files,
    "/refusals": Intake.refusals,
    "/kernels": Intake.kernels,
    "/display/lease": Intake.lease,
    "/display/return": Intake.give_back,
    "/activity": Intake.activity,
}
"""Every route that takes a message, over HTTP or a stream."""


def _over_http(
    taken: Callable[[Intake, Message], Awaitable[Told]],
) -> Callable[[Intake, Request], Awaitable[Response]]:
    async def route(intake: Intake, request: Request) -> Response:
        told = await taken(intake, await _message(request))
        return Response(status_code=204) if told is None else JSONResponse(told)

    return route


ROUTES = (
    *(("POST", path, _over_http(taken)) for path, taken in MESSAGES.items()),
    ("GET", "/display/meter", Intake.meter),
    ("POST", "/drafts", Intake.drafts),
    ("PUT", "/drafts/{draft_id}/files/{index:int}", Intake.file),
    ("POST", "/drafts/{draft_id}/complete", Intake.complete),
    ("GET", "/releases", Intake.releases),
    ("POST", "/checks", Intake.checks),
    ("GET", "/checks/{check_id}", Intake.check),
)
"""Every route there is."""


def intake_app(deps: IntakeDeps, workspace: LiveWorkspace) -> Starlette:
    """The application behind one workspace's socket."""
    return app_of(Intake(deps, workspace))


def app_of(intake: Intake) -> Starlette:
    """What of it is reached over HTTP."""
    return Starlette(
        routes=[Route(path, intake.guarded(route), methods=[method]) for method, path, route in ROUTES]
    )


def _status(error: EnclaveError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 503)


async def _content(request: Request, limit: int) -> bytes:
    """The whole body, cut off as soon as it is too long."""
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > limit:
            raise TooLargeError.beyond(limit)
    return bytes(taken)


async def _message(request: Request, limit: int = MAX_FRAME) -> dict[str, Any]:
    try:
        message = json.loads(await _content(request, limit))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("bad_message", say("The message is not JSON.")) from error
    if not isinstance(message, dict):
        raise InvalidInputError("bad_message", say("The message is not a JSON object."))
    return message
