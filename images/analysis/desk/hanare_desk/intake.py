"""The one way out of a desk: the workspace's own socket to intake.

Messages go over one lasting stream (``stream``), files and questions over HTTP. The socket says
which workspace this is and the desk's token says that it is still alive; nothing in a message
does. Every request has an end: three seconds for a message, a minute for a file. What intake answers is read to a bound. A refusal that will stay one (``RefusedError``)
is told apart from an intake that is away (``AwayError``), because the first is shown to the
person and the second is tried again.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from .cells import LIMIT_SECONDS, Told
from .outbox import Draft
from .stream import Answer, Stream

MESSAGES: Final = frozenset(
    {
        "/cells",
        "/outputs",
        "/files",
        "/refusals",
        "/kernels",
        "/display/lease",
        "/display/return",
        "/activity",
    }
)
"""What goes over the stream."""
_ROOT: Final = "http://intake"
_FILE_SECONDS: Final = 60.0
_MAX_ANSWER: Final = 4 * 1024 * 1024
_DONE: Final = frozenset({200, 201, 204})
_TRY_AGAIN: Final = frozenset({401, 403, 408, 425, 429})
"""Not this desk (any more), or not now: never the fault of what was sent."""


class AwayError(Exception):
    """Intake cannot be reached or does not take anything now."""


class RefusedError(Exception):
    """Intake refuses what was sent, and will again; with its own words where it has some."""

    def __init__(self, code: str, ja: str, en: str) -> None:
        super().__init__(code)
        self.code = code
        self.ja = ja
        self.en = en


class Intake:
    """One client for the whole desk."""

    def __init__(self, socket: str, token: str) -> None:
        self._socket = socket
        self._token = token
        self._session: aiohttp.ClientSession | None = None
        self._stream = Stream(socket, token)
        self.answering = False
        """Whether intake answered last."""

    async def close(self) -> None:
        await self._stream.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def requested(self, event: Mapping[str, Any], told: Told) -> None:
        """Ask for the record of a cell that is about to run."""

        def answered(answer: Answer | None) -> None:
            problem = self._problem_of(answer)
            if problem is None:
                told(None)
            else:
                told("record_unreachable" if isinstance(problem, AwayError) else "record_refused")

        self._stream.ask("/cells", event, answered)

    async def open_draft(self, draft: Draft) -> list[int]:
        """Describe a submission and give the indexes of the files that intake still lacks."""
        answer = await self.send("POST", "/drafts", draft.described())
        missing = answer.get("missing")
        known = range(len(draft.files))
        if not isinstance(missing, list) or any(index not in known for index in missing):
            raise AwayError
        return missing

    async def put_file(self, draft: Draft, index: int) -> None:
        """Hand in one file's bytes."""
        path = f"/drafts/{draft.draft_id}/files/{index}"
        await self._request(
            "PUT", path, draft.files[index].content, "application/octet-stream", _FILE_SECONDS
        )

    async def complete_draft(self, draft: Draft) -> None:
        """Say that every file is there."""
        await self.send("POST", f"/drafts/{draft.draft_id}/complete", {}, _FILE_SECONDS)

    async def releases(self) -> dict[str, Any]:
        """Ask for the states of this workspace's requests."""
        return await self.send("GET", "/releases", None)

    async def ask_check(self, question: Mapping[str, Any]) -> None:
        """Hand in a question before handing in; asked twice is asked once."""
        await self.send("POST", "/checks", question, _FILE_SECONDS)

    async def check(self, check_id: str) -> dict[str, Any]:
        """Ask for the answer of a question."""
        return await self.send("GET", f"/checks/{check_id}", None)

    async def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        seconds: float = LIMIT_SECONDS,
    ) -> dict[str, Any]:
        """Send one JSON request and give the JSON object that comes back."""
        if method == "POST" and path in MESSAGES and body is not None:
            answer = await self._ask(path, body, seconds)
            return answer if isinstance(answer, dict) else {}
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        answer = await self._request(method, path, content, "application/json", seconds)
        return answer if isinstance(answer, dict) else {}

    async def _ask(self, route: str, body: Mapping[str, Any], seconds: float) -> Any:
        hoped: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

        def answered(answer: Answer | None) -> None:
            if not hoped.done():
                hoped.set_result(answer)

        self._stream.ask(route, body, answered)
        try:
            async with asyncio.timeout(seconds):
                answer = await hoped
        except TimeoutError:
            answer = None
        problem = self._problem_of(answer)
        if problem is not None:
            raise problem
        return answer.body if answer is not None else None

    def _problem_of(self, answer: Answer | None) -> Exception | None:
        """What an answer over the stream means, beside that intake answers at all."""
        self.answering = answer is not None and answer.status < 500
        if answer is None:
            return AwayError()
        return None if answer.status in _DONE else _problem(answer.status, answer.body)

    async def _request(
        self,
        method: str,
        path: str,
        content: bytes | None,
        kind: str,
        seconds: float,
    ) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.UnixConnector(self._socket, limit=8))
        headers = {"Authorization": f"token {self._token}"}
        if content is not None:
            headers["Content-Type"] = kind
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.request(
                method,
                _ROOT + path,
                data=content,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                answer = _parse(await response.content.read(_MAX_ANSWER))
                status = response.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            self.answering = False
            raise AwayError from None
        self.answering = status < 500
        if status in _DONE:
            return answer
        raise _problem(status, answer)


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def _problem(status: int, answer: Any) -> Exception:
    if not 400 <= status < 500 or status in _TRY_AGAIN:
        return AwayError(f"intake answered {status}")
    told = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(told, dict):
        told = {}
    return RefusedError(
        str(told.get("code", "draft_refused"))[:64],
        str(told.get("ja", ""))[:2_000],
        str(told.get("en", ""))[:2_000],
    )
