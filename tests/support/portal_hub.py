"""A small real OAuth server with the hub's addresses, spoken to over ASGI as the portal speaks.

It checks what the hub checks: client id and secret, the redirect address, the PKCE verifier,
a code used once. Who "signs in" at its authorize page is what the test says.
"""

import base64
import hashlib
import json
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

CLIENT_ID = "service-portal"
CLIENT_SECRET = "the-portal-and-the-hub-share-this"


class StubHub:
    """Codes, tokens and who they belong to."""

    def __init__(self) -> None:
        self.codes: dict[str, tuple[str, str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.revoked: list[str] = []
        self.kind = "user"
        self.down = False
        self.who = ""
        """Who the browser at the authorize page is, for tests with a real one."""

    def authorize(self, address: str, username: str) -> str:
        """The person signs in at the hub; the address their browser is sent to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = (username, query["code_challenge"], query["redirect_uri"])
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = JSONResponse({"error": "down"}, 503) if self.down else await self._answer(request)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        where = (request.method, request.url.path)
        if where == ("GET", "/hub/api/oauth2/authorize"):
            return RedirectResponse(self.authorize(str(request.url), self.who), 302)
        if where == ("GET", "/user/notebook"):
            page = HTMLResponse("<!doctype html><title>notebook</title><p>An output of a cell.</p>")
            page.set_cookie("jupyterhub-session-id", "of-the-hub", httponly=True, samesite="lax")
            return page
        if where == ("GET", "/hub/api/user"):
            name = self.tokens.get(request.headers.get("authorization", "").removeprefix("token "))
            return JSONResponse({"name": name, "kind": self.kind}) if name else JSONResponse({}, 403)
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        if where == ("POST", "/hub/api/oauth2/token"):
            return self._token(form)
        if where == ("POST", "/hub/api/oauth2/revoke"):
            self.revoked.append(form["token"])
            self.tokens.pop(form["token"], None)
            return JSONResponse({})
        return JSONResponse({}, 404)

    def _token(self, form: dict[str, str]) -> Response:
        username, challenge, redirect = self.codes.pop(form.get("code", ""), ("", "", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
        if not username or not proved or form.get("redirect_uri") != redirect:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = secrets.token_hex(16)
        self.tokens[token] = username
        return Response(json.dumps({"access_token": token}), media_type="application/json")
