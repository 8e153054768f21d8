"""Signing in to the portal through the hub: authorization code with PKCE, and nothing kept.

The hub proves who someone is (password and one-time code); the portal asks it over the hub's
socket, reads the name, has the token revoked at once and begins a session of its own. Rules:

1. A flow is begun by the person, on the portal: a link or script elsewhere gets the first
   page with its button instead, so no other page can sign anybody in or over.
2. The flow's ``state`` is in a cookie (Lax, five minutes) and known here once; PKCE is S256.
3. The callback answers with a page that moves on by itself: the session cookie is Strict and
   would not be sent along a redirect that began on another site.
4. Every sign-in and every refusal is recorded; an ineligible account gets no session.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import DeniedError
from enclave.identity import Person, check_username
from enclave.ports import Clock, Randomness
from enclave.sentences import say
from enclave.web.census import Route, Who
from enclave.web.pages import Pages, wants_json
from enclave.web.sessions import Sessions
from enclave.web.visits import Records, find_visitor
from hub.portal_guard import GuardRules
from hub.portal_hub_door import HubDoor

FLOW_LIFE = timedelta(minutes=5)
MOST_FLOWS = 500

SIGN_IN = Route("GET", "/sign-in", Who.ANYONE, "", "303 to the hub's sign-in")
CALLBACK = Route(
    "GET",
    "/oauth_callback",
    Who.ANYONE,
    "A session begins, if the account is eligible.",
    'a page that moves on to /; JSON {"person"}',
    (Kind.PERSON_SIGNED_IN, Kind.PERSON_REFUSED),
)
SIGN_OUT = Route("POST", "/sign-out", Who.SIGNED_IN, "The session ends.", '{"signed_out": true}', back="/")
ROUTES = (SIGN_IN, CALLBACK, SIGN_OUT)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that began here and has not come back."""

    verifier: str
    began: datetime


class Flows:
    """Sign-ins under way; each can come back once."""

    def __init__(self, clock: Clock, fresh: Randomness) -> None:
        self._clock = clock
        self._fresh = fresh
        self._open: dict[str, Flow] = {}
        self._lock = Lock()

    def begin(self) -> tuple[str, str]:
        """A new state, and the PKCE challenge (S256) of its verifier."""
        state, verifier = self._text(24), self._text(48)
        now = self._clock.now()
        with self._lock:
            self._open = {s: f for s, f in self._open.items() if now - f.began < FLOW_LIFE}
            while len(self._open) >= MOST_FLOWS:
                del self._open[next(iter(self._open))]
            self._open[state] = Flow(verifier, now)
        digest = hashlib.sha256(verifier.encode()).digest()
        return state, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def finish(self, state: str, in_cookie: str) -> str:
        """The verifier of this flow, which is over after this.

        Raises:
            DeniedError: it began in another browser, too long ago, or never.
        """
        with self._lock:
            matches = bool(state) and hmac.compare_digest(state.encode(), in_cookie.encode())
            flow = self._open.pop(state, None) if matches else None
        if flow is None or self._clock.now() - flow.began >= FLOW_LIFE:
            raise DeniedError(
                "stale_sign_in", say("This sign-in did not begin here or is too old. Begin again.")
            )
        return flow.verifier

    def _text(self, length: int) -> str:
        return base64.urlsafe_b64encode(self._fresh.token(length)).rstrip(b"=").decode()


class SignInPages:
    """The way in and out."""

    def __init__(
        self,
        records: Records,
        pages: Pages,
        sessions: Sessions,
        flows: Flows,
        hub: HubDoor,
        rules: GuardRules,
    ) -> None:
        self._records = records
        self._pages = pages
        self._sessions = sessions
        self._flows = flows
        self._hub = hub
        self._rules = rules

    def sign_in(self, request: Request) -> Response:
        """Off to the hub, when the person asked for it here."""
        if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return self._pages.render(request, "enclave/hello.html", {"person": None})
        state, challenge = self._flows.begin()
        query = {
            "client_id": self._hub.client_id,
            "redirect_uri": self._callback,
            "response_type": "code",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        response = RedirectResponse(f"{self._rules.hub}/hub/api/oauth2/authorize?{urlencode(query)}", 303)
        self._set(response, f"{self._rules.cookie}-state", state, "lax", int(FLOW_LIFE.total_seconds()))
        return response

    async def callback(self, request: Request) -> Response:
        """A session, if the hub says who this is and the register says they may."""
        query = request.query_params
        verifier = self._flows.finish(
            query.get("state", ""), request.cookies.get(f"{self._rules.cookie}-state", "")
        )
        if "code" not in query:
            raise DeniedError("hub_refused", say("The hub did not sign you in. Begin again."))
        username = check_username(await self._hub.identify(query["code"], verifier, self._callback))
        person = await run_in_threadpool(self._admit, username)
        model = {"person": shown_person(person)}
        response = (
            JSONResponse(model)
            if wants_json(request)
            else self._pages.render(request, "enclave/arrived.html", {**model, "place": "/"})
        )
        self._set(response, self._rules.cookie, self._sessions.begin(username), "strict", None)
        response.delete_cookie(f"{self._rules.cookie}-state", path="/")
        return response

    def sign_out(self, request: Request) -> Response:
        """No session after this, also for who is not eligible any more."""
        self._sessions.end(request.cookies.get(self._rules.cookie))
        response = JSONResponse({"signed_out": True}) if wants_json(request) else RedirectResponse("/", 303)
        response.delete_cookie(self._rules.cookie, path="/")
        return response

    @property
    def _callback(self) -> str:
        return f"{self._rules.origin}/oauth_callback"

    def _admit(self, username: str) -> Person:
        with self._records.begin() as work:
            known = work.register.find_account(username) is not None
            who, refusal = (username if known else "unknown"), None
            try:
                person = find_visitor(work, username)
            except DeniedError as error:
                refusal = error
            kind = Kind.PERSON_REFUSED if refusal else Kind.PERSON_SIGNED_IN
            work.record(
                EventDraft(
                    kind, person=who, facts={"what": "portal", "code": refusal.code if refusal else ""}
                )
            )
        if refusal:
            raise refusal
        return person

    def _set(self, response: Response, name: str, value: str, same_site: str, seconds: int | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            secure=self._rules.over_tls,
            samesite="strict" if same_site == "strict" else "lax",
        )


def shown_person(person: Person) -> dict[str, object]:
    return {
        "username": person.username,
        "display_name": person.display_name,
        "organisation": person.organisation,
        "roles": sorted(role.value for role in person.roles),
    }


def sign_in_router(pages: SignInPages) -> APIRouter:
    """The way in and out, as routes; each deals itself with who has no session yet or no standing."""
    router = APIRouter()
    doors = ((SIGN_IN, pages.sign_in), (CALLBACK, pages.callback), (SIGN_OUT, pages.sign_out))
    for route, page in doors:
        router.add_api_route(
            route.path, page, methods=[route.method], response_model=None, include_in_schema=False
        )
    return router
