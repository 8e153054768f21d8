"""The one place where an error becomes an HTTP status and a page.

The class decides the status, never the sentence. Refusals are shown in both languages to
programs (``{"error": {"code", "ja", "en"}}``) and in the chosen one to people. Whatever was
not raised on purpose answers 500 with a fixed sentence: details belong in the process log.
"""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from enclave.errors import (
    ConflictError,
    DeniedError,
    EnclaveError,
    InvalidInputError,
    NotFoundError,
    TamperedError,
    UnavailableError,
)
from enclave.sentences import Sentence, say
from enclave.web.pages import Pages
from enclave.web.visits import BACK, VISITOR, NotSignedInError, session_of

STATUS: tuple[tuple[type[EnclaveError], int], ...] = (
    (NotSignedInError, 401),
    (DeniedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (InvalidInputError, 422),
    (TamperedError, 500),
    (UnavailableError, 503),
)
"""First fit wins."""

UNEXPECTED = (
    "unexpected",
    say("Something failed here, and nothing was changed. Try again, or tell the operator."),
)
_BY_STATUS: dict[int, tuple[str, Sentence]] = {
    400: ("bad_request", say("This request cannot be understood.")),
    404: ("no_such_page", say("There is no such page.")),
    405: ("wrong_method", say("This address is not asked in that way.")),
}


def status_of(error: EnclaveError) -> int:
    """The HTTP status of an error's class."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


class Refusals:
    """Turns errors into answers."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def refuse(self, request: Request, error: Exception) -> Response:
        """The answer to an error, raised on purpose or by the framework."""
        if isinstance(error, EnclaveError):
            return self.say_no(request, status_of(error), error.code, error.sentence)
        if isinstance(error, HTTPException):
            code, sentence = _BY_STATUS.get(error.status_code, _BY_STATUS[400])
            return self.say_no(request, error.status_code, code, sentence)
        return self.say_no(request, 500, *UNEXPECTED)

    def say_no(self, request: Request, status: int, code: str, sentence: Sentence) -> Response:
        """A refusal as a page or as JSON."""
        shown = self._pages.plain(sentence)
        model = {"error": {"code": code, **shown}}
        return self._pages.render(
            request,
            "enclave/refusal.html",
            {
                **model,
                "status": status,
                "phrase": HTTPStatus(status).phrase,
                "back": request.scope.get(BACK, ""),
            },
            status=status,
            person=request.scope.get(VISITOR),
            session=session_of(request.scope),
        )
