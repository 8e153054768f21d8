"""What a browser is told when something fails: a sentence of the desk, never an exception's words.

The words of an exception may come from a file or from the kernel's container. So both error
writers of the server are replaced, for every answering class, before the first request. A
refusal of the desk's own that a handler of the server caught and raised anew as a failure is
answered as the refusal that it is.
"""

import json
from typing import Any, Final

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado import web

from .sentences import sentence

_BY_STATUS: Final = {
    400: "http_not_understood",
    403: "not_available",
    404: "http_not_found",
    405: "not_available",
    413: "too_much_incoming",
}


class RefusedHereError(web.HTTPError):  # type: ignore[misc]
    """A refusal with a sentence of the desk."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, sentence(code).both.replace("%", "%%"))
        self.code = code


def code_of(status: int, error: BaseException | None) -> str:
    """The code of the sentence that answers a failure."""
    if isinstance(error, RefusedHereError):
        return error.code
    return _BY_STATUS.get(status, "http_failed")


def _error_of(kwargs: dict[str, Any]) -> BaseException | None:
    told = kwargs.get("exc_info")
    error = told[1] if told else None
    if isinstance(error, web.HTTPError) and isinstance(error.__cause__, RefusedHereError):
        return error.__cause__
    return error


def write_api_error(handler: Any, status_code: int, **kwargs: Any) -> None:
    """Errors of the API, as JSON."""
    error = _error_of(kwargs)
    if isinstance(error, RefusedHereError):
        handler.set_status(error.status_code)
    words = sentence(code_of(status_code, error))
    handler.set_header("Content-Type", "application/json")
    told = {"message": words.both, "reason": None, "code": words.code, "ja": words.ja, "en": words.en}
    handler.finish(json.dumps(told))


def write_page_error(handler: Any, status_code: int, **kwargs: Any) -> None:
    """Errors of pages, as a plain page."""
    words = sentence(code_of(status_code, _error_of(kwargs)))
    handler.set_header("Content-Type", "text/html; charset=UTF-8")
    handler.finish(
        f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>{status_code}</title>'
        f'<p>{words.ja}</p><p lang="en">{words.en}</p></html>'
    )


def install_errors() -> None:
    """Replace the server's error writers."""
    APIHandler.write_error = write_api_error
    JupyterHandler.write_error = write_page_error
