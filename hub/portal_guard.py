"""The guard before every page of the portal: pure ASGI, no framework, nothing after it is trusted.

A port is no origin for cookies, and a notebook's output is a page on the hub's origin. So:

1. ``Host`` is exactly the portal's authority, once: else 421.
2. Only GET and POST exist: else 405. HEAD is not asked of pages that record being read.
3. A POST carries ``Origin`` equal to the portal's own, once, and ``Sec-Fetch-Site:
   same-origin``: else 403. A missing header is a refusal. Programs send both themselves.
4. A POST belongs to a live session (401) and carries that session's form token, in the field
   ``csrf`` or the header ``x-hanare-csrf``: else 403. The first-sign-in page has sessions and a
   cookie of its own (a *guest's*): they open that page and nothing else, and a person's session
   is not seen there.
5. A GET that another site makes must be a person following a link (``navigate``,
   ``document``): frames, scripts, images and fetches from elsewhere get 403.
6. A body is a small form or a small flat JSON object: 413, 415 or 422 otherwise.
7. The referrer policy is ``same-origin``: with ``no-referrer`` a browser sends ``Origin: null``
   with our own forms, and rule 3 would refuse them. Other origins get no referrer either way.
8. Two cookies of the portal's name are no session: a page elsewhere may have planted one.
9. Every answer carries the security headers, the answers to unforeseen errors included.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from enclave.sentences import Sentence, say
from enclave.web.first_sign_in_pages import GUEST_PATHS
from enclave.web.first_sign_in_pages import PLACE as FIRST_SIGN_IN
from enclave.web.refusals import UNEXPECTED, Refusals
from enclave.web.sessions import Session, Sessions
from enclave.web.visits import BACK, FIELDS, SESSION

MOST_BYTES = 128 * 1024
"""A whole review with its comments fits many times; nothing larger is ever posted here."""
MOST_FIELDS = 200
TOKEN_FIELD, TOKEN_HEADER = "csrf", "x-hanare-csrf"

_log = logging.getLogger("hanare.portal")

HOST = (421, "wrong_host", say("This address is not the portal's. Use its own address."))
METHOD = (405, "wrong_method", say("This address is not asked in that way."))
ORIGIN = (403, "cross_origin", say("Another site sent this request, so nothing was done."))
SITE = (403, "cross_site", say("Another site asked for this page in the background, so it is not shown."))
SESSION_MISSING = (401, "not_signed_in", say("You are not signed in. Sign in, then try again."))
GUEST_MISSING = (403, "stale_set_up", say("This set-up is over or too old. Begin again."))
TOKEN = (403, "csrf", say("This form is not of your present session. Open the page again."))
TOO_LARGE = (413, "too_large", say("This form is too large."))
MEDIA = (415, "wrong_media", say("A form is sent as a form or as JSON."))
UNREADABLE = (422, "unreadable_form", say("This form cannot be read."))

Refused = tuple[int, str, Sentence]


@dataclass(frozen=True, slots=True)
class GuardRules:
    """What the guard compares with."""

    origin: str
    hub: str

    @property
    def authority(self) -> str:
        return urlsplit(self.origin).netloc

    @property
    def cookie(self) -> str:
        """The session cookie's name; ``__Host-`` pins it to this very host where TLS is."""
        return "__Host-hanare-portal" if self.over_tls else "hanare-portal"

    @property
    def guest_cookie(self) -> str:
        """The cookie of a guest who sets up their first sign-in."""
        return f"{self.cookie}-guest"

    @property
    def over_tls(self) -> bool:
        return self.origin.startswith("https://")

    def headers(self) -> dict[str, str]:
        """What every answer carries."""
        policy = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "font-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        headers = {
            "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "cache-control": "no-store",
        }
        if self.over_tls:
            headers["strict-transport-security"] = "max-age=63072000"
        return headers


class Guard:
    """ASGI middleware; see the module's rules."""

    def __init__(
        self, app: ASGIApp, rules: GuardRules, sessions: Sessions, guests: Sessions, refusals: Refusals
    ) -> None:
        self._app = app
        self._rules = rules
        self._sessions = sessions
        self._guests = guests
        self._refusals = refusals
        self._headers = rules.headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in self._headers.items():
                    headers[name] = value
                message["headers"] = headers.raw
            await send(message)

        request = Request(scope)
        scope[SESSION] = self._find_session(request)
        refused = self._look(request)
        body = b""
        if refused is None and scope["method"] == "POST":
            body, refused = await self._read(request, receive)
        if refused is not None:
            await self._say(request, refused)(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, _replay(body) if scope["method"] == "POST" else receive, send_guarded)
        except Exception:
            _log.exception("a page failed")
            if started:
                raise
            await self._say(request, (500, *UNEXPECTED))(scope, receive, send_guarded)

    def _find_session(self, request: Request) -> Session | None:
        if request.scope["path"] not in GUEST_PATHS:
            return self._sessions.find(self._cookie(request, self._rules.cookie))
        request.scope[BACK] = FIRST_SIGN_IN
        return self._guests.find(self._cookie(request, self._rules.guest_cookie))

    def _say(self, request: Request, refused: Refused) -> Response:
        return self._refusals.say_no(request, *refused)

    def _cookie(self, request: Request, wanted: str) -> str | None:
        values = [
            value
            for header in request.headers.getlist("cookie")
            for name, _, value in (pair.strip().partition("=") for pair in header.split(";"))
            if name == wanted
        ]
        return values[0] if len(values) == 1 else None

    def _look(self, request: Request) -> Refused | None:
        """What can be refused before a byte of the body is read."""
        headers = request.headers
        if headers.getlist("host") != [self._rules.authority]:
            return HOST
        if request.method == "GET":
            return None if _followed(headers) else SITE
        if request.method != "POST":
            return METHOD
        if (headers.getlist("origin"), headers.getlist("sec-fetch-site")) != (
            [self._rules.origin],
            ["same-origin"],
        ):
            return ORIGIN
        if request.scope[SESSION]:
            return None
        return GUEST_MISSING if request.scope["path"] in GUEST_PATHS else SESSION_MISSING

    async def _read(self, request: Request, receive: Receive) -> tuple[bytes, Refused | None]:
        """The body, its fields left in the scope, and whether the form token is the session's."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"", UNREADABLE
            body += message.get("body", b"")
            if len(body) > MOST_BYTES:
                return b"", TOO_LARGE
            if not message.get("more_body", False):
                break
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        parse = _PARSERS.get(media)
        if parse is None:
            return b"", MEDIA
        try:
            fields = parse(bytes(body))
        except (ValueError, TypeError, RecursionError):
            return b"", UNREADABLE
        request.scope[FIELDS] = fields
        token = request.headers.get(TOKEN_HEADER) or next(iter(fields.get(TOKEN_FIELD, ())), "")
        return bytes(body), None if request.scope[SESSION].fits(token) else TOKEN


def _followed(headers: Headers) -> bool:
    """Whether a GET is our own, typed, from a program, or a link that a person followed."""
    site = headers.get("sec-fetch-site", "none")
    if site in {"none", "same-origin"}:
        return True
    return (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")


def _form(body: bytes) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    pairs = parse_qsl(
        body.decode("utf-8"),
        keep_blank_values=True,
        encoding="utf-8",
        errors="strict",
        max_num_fields=MOST_FIELDS,
    )
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value.replace("\r\n", "\n"))
    return fields


def _json(body: bytes) -> dict[str, tuple[str, ...]]:
    document = json.loads(body)
    if not isinstance(document, Mapping) or len(document) > MOST_FIELDS:
        raise TypeError("a flat object is expected")
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in document.items():
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in values):
            raise TypeError("fields are text or lists of text")
        fields[name] = tuple(values)
    return fields


_PARSERS: dict[str, Callable[[bytes], dict[str, tuple[str, ...]]]] = {
    "application/x-www-form-urlencoded": _form,
    "application/json": _json,
}


def _replay(body: bytes) -> Receive:
    """The body once, then nothing more: pages read ``FIELDS`` and never the stream."""
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
