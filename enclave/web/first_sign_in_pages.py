"""The first sign-in: a person chooses a password and sets up their authenticator, and nobody else learns either.

No account is needed to be here, so everything is bounded: a set-up lives in this process for
thirty minutes, holds five tries at the code, and passwords are hashed one at a time and at most
``MOST_BEGUN`` times an hour; how many credentials are kept is ``first_sign_in.MOST_AN_HOUR``.
The visitor is a *guest*: a session of its own kind, under a cookie of its own, that carries the
form token and opens nothing but this page. What is made counts only once two people have agreed
on an enrolment that names its digest. The secrets are shown once, on answers that no cache keeps.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from enclave.audit.kinds import Kind
from enclave.credentials import TOTP_BYTES, check_password, totp_address, totp_secret
from enclave.errors import DeniedError, EnclaveError, InvalidInputError, UnavailableError
from enclave.identity import check_username
from enclave.ports import Clock, Randomness
from enclave.sentences import Sentence, say
from enclave.use_cases.first_sign_in import HOUR, MOST_AN_HOUR, keep_credential
from enclave.web.census import Route, Who
from enclave.web.house import House
from enclave.web.refusals import status_of
from enclave.web.sessions import Session, Sessions
from enclave.web.visits import FIELDS, session_of

PLACE = "/first-sign-in"
TEMPLATE = "enclave/first_sign_in.html"
TRIES = 5
MOST_BEGUN = 120
MOST_SET_UPS = 200

OPEN = Route("GET", PLACE, Who.ANYONE, "", '{"step": "choose", "csrf": text}')
CHOOSE = Route(
    "POST",
    PLACE,
    Who.ANYONE,
    "A password is chosen and a one-time code secret made, for this visit only.",
    'fields username, password, again -> {"step": "prove", "csrf", "username", "totp_secret", "address"}',
    back=PLACE,
)
PROVE = Route(
    "POST",
    f"{PLACE}/proof",
    Who.ANYONE,
    "The credential waits seven days for an enrolment that names it.",
    'field code -> {"step": "done", "username", "credential": digest, "recovery_codes": [text]}',
    (Kind.CREDENTIAL_MADE,),
    back=PLACE,
)
ROUTES = (OPEN, CHOOSE, PROVE)
GUEST_PATHS = frozenset({OPEN.path, PROVE.path})
"""Where the guard looks for a guest's session instead of a person's."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """A set-up under way. The password itself is not in it."""

    username: str
    password_hash: str
    totp_secret: str
    tries: int = TRIES


class SetUps:
    """Set-ups under way in this process, each under its guest's form token."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, SetUp] = {}
        self._begun: deque[datetime] = deque()
        self._lock = Lock()
        self.hashing = Lock()
        """Held while a password is hashed: each hash takes 64 MiB."""

    def admit(self) -> None:
        """Count one more beginning.

        Raises:
            UnavailableError: too many within the last hour.
        """
        now = self._clock.now()
        with self._lock:
            while self._begun and now - self._begun[0] >= HOUR:
                self._begun.popleft()
            if len(self._begun) >= MOST_BEGUN:
                raise UnavailableError(
                    "too_many_set_ups",
                    say("Too many people are setting up their sign-in at once. Try again in an hour."),
                )
            self._begun.append(now)

    def put(self, guest: Session, set_up: SetUp) -> None:
        """This guest's set-up; the oldest one gives way when there are too many."""
        with self._lock:
            self._open.pop(guest.csrf, None)
            while len(self._open) >= MOST_SET_UPS:
                del self._open[next(iter(self._open))]
            self._open[guest.csrf] = set_up

    def take(self, guest: Session) -> SetUp:
        """This guest's set-up, which is over unless it is put back.

        Raises:
            DeniedError: there is none any more.
        """
        with self._lock:
            found = self._open.pop(guest.csrf, None)
        if found is None:
            raise stale()
        return found


def stale() -> DeniedError:
    """The set-up is gone: too old, used up, or begun in another browser."""
    return DeniedError("stale_set_up", say("This set-up is over or too old. Begin again."))


class FirstSignInPages:
    """The three steps of the page."""

    def __init__(
        self, house: House, guests: Sessions, clock: Clock, fresh: Randomness, cookie: str, *, over_tls: bool
    ) -> None:
        self._house = house
        self._guests = guests
        self._clock = clock
        self._fresh = fresh
        self._set_ups = SetUps(clock)
        self._cookie = cookie
        self._over_tls = over_tls

    def open(self, request: Request) -> Response:
        """The form to begin with."""
        guest, cookie = session_of(request.scope), ""
        if guest is None:
            cookie = self._guests.begin("")
            guest = self._guests.find(cookie)
        if guest is None:
            raise stale()
        response = self._show(request, guest, {"step": "choose", "csrf": guest.csrf})
        if cookie:
            response.set_cookie(
                self._cookie, cookie, path="/", httponly=True, secure=self._over_tls, samesite="strict"
            )
        return response

    def choose(self, request: Request) -> Response:
        """The password is chosen; the authenticator gets its secret."""
        guest = _guest(request)
        username, password = _field(request, "username").strip(), _field(request, "password")
        try:
            check_username(username)
            if password != _field(request, "again"):
                raise InvalidInputError("passwords_differ", say("The two passwords differ. Type them again."))
            check_password(username, password)
            self._set_ups.admit()
        except EnclaveError as error:
            model = {"step": "choose", "csrf": guest.csrf}
            return self._again(request, guest, model, error, {"username": username})
        with self._set_ups.hashing:
            hashed = self._house.passwords.hash(password)
        set_up = SetUp(username, hashed, totp_secret(self._fresh.token(TOTP_BYTES)))
        self._set_ups.put(guest, set_up)
        return self._show(request, guest, _proving(guest, set_up))

    def prove(self, request: Request) -> Response:
        """The authenticator shows the right code, and the credential waits."""
        guest = _guest(request)
        set_up = self._set_ups.take(guest)
        code, house = _field(request, "code").replace(" ", ""), self._house
        if house.passwords.totp_step(set_up.totp_secret, code, self._clock.now()) is None:
            left = replace(set_up, tries=set_up.tries - 1)
            if not left.tries:
                raise stale()
            self._set_ups.put(guest, left)
            error = DeniedError(
                "wrong_code",
                say("This is not the code of this moment. Wait for the next one, then try again."),
            )
            return self._again(request, guest, _proving(guest, left), error)
        with house.records.begin() as work:
            made = keep_credential(
                work,
                set_up.username,
                set_up.password_hash,
                set_up.totp_secret,
                by="browser",
                most=MOST_AN_HOUR,
            )
        model = {
            "step": "done",
            "username": set_up.username,
            "credential": made.digest,
            "recovery_codes": list(made.recovery_codes),
        }
        return self._show(request, guest, model)

    def _again(
        self,
        request: Request,
        guest: Session,
        model: dict[str, Any],
        error: EnclaveError,
        filled: dict[str, str] | None = None,
    ) -> Response:
        told = {"error": {"code": error.code, **self._house.pages.plain(error.sentence)}}
        return self._show(request, guest, {**model, **told}, error.sentence, filled, status_of(error))

    def _show(
        self,
        request: Request,
        guest: Session,
        model: dict[str, Any],
        wrong: Sentence | None = None,
        filled: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        picture = qr_code(model["address"]) if "address" in model else ""
        view = {"wrong": wrong, "picture": picture, "filled": filled or {}}
        return self._house.pages.render(request, TEMPLATE, model, view=view, status=status, session=guest)


def _proving(guest: Session, set_up: SetUp) -> dict[str, Any]:
    return {
        "step": "prove",
        "csrf": guest.csrf,
        "username": set_up.username,
        "totp_secret": set_up.totp_secret,
        "address": totp_address(set_up.username, set_up.totp_secret),
    }


def qr_code(text: str) -> Markup:
    """A QR code as a picture inside the page: no script, no style, no address to fetch."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704  made by segno of modules and numbers alone; the text is not in it


def _guest(request: Request) -> Session:
    guest = session_of(request.scope)
    if guest is None:
        raise stale()
    return guest


def _field(request: Request, name: str) -> str:
    values = request.scope.get(FIELDS, {}).get(name, ())
    return values[0] if len(values) == 1 else ""


def first_sign_in_router(pages: FirstSignInPages) -> APIRouter:
    """The page's routes; a guest's session is all they ask for."""
    router = APIRouter()
    for route, page in ((OPEN, pages.open), (CHOOSE, pages.choose), (PROVE, pages.prove)):
        router.add_api_route(
            route.path, page, methods=[route.method], response_model=None, include_in_schema=False
        )
    return router
