"""The portal's door to the hub: who does this code belong to? Over the hub's socket only.

The token that the code buys is used once, to read a name, and revoked at once (RFC 7009, the
handler is ``hub.portal_revocation``). A token that could not be revoked is forgotten here and
expires at the hub by itself, so signing in goes on; the failure is logged without the token.
"""

import logging
from pathlib import Path
from typing import Any

import httpx

from enclave.errors import DeniedError, UnavailableError
from enclave.sentences import say

_log = logging.getLogger("hanare.portal")
_BASE = "http://hub"
_SECONDS = 5.0


class HubDoor:
    """An OAuth client of the hub."""

    def __init__(
        self, client_id: str, secret: str, transport: httpx.AsyncBaseTransport, *, seconds: float = _SECONDS
    ) -> None:
        self.client_id = client_id
        self._secret = secret
        self._client = httpx.AsyncClient(transport=transport, base_url=_BASE, timeout=seconds)

    @classmethod
    def over_socket(cls, client_id: str, secret: str, socket: Path) -> "HubDoor":
        """The door in a running house."""
        return cls(client_id, secret, httpx.AsyncHTTPTransport(uds=str(socket)))

    async def identify(self, code: str, verifier: str, redirect_uri: str) -> str:
        """The username that the hub vouches for; no token is left behind.

        Raises:
            DeniedError: the hub does not accept the code.
            UnavailableError: the hub does not answer.
        """
        try:
            token = await self._buy(code, verifier, redirect_uri)
            try:
                return await self._name(token)
            finally:
                await self._revoke(token)
        except httpx.HTTPError as error:
            raise UnavailableError(
                "no_hub", say("The hub does not answer. Wait a moment, then try again.")
            ) from error

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def _buy(self, code: str, verifier: str, redirect_uri: str) -> str:
        answer = await self._client.post(
            "/hub/api/oauth2/token",
            data={
                "client_id": self.client_id,
                "client_secret": self._secret,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
            },
        )
        return str(_document(answer).get("access_token", ""))

    async def _name(self, token: str) -> str:
        answer = await self._client.get("/hub/api/user", headers={"Authorization": f"token {token}"})
        document = _document(answer)
        if document.get("kind") != "user":
            raise _refused()
        return str(document.get("name", ""))

    async def _revoke(self, token: str) -> None:
        try:
            answer = await self._client.post(
                "/hub/api/oauth2/revoke",
                data={"client_id": self.client_id, "client_secret": self._secret, "token": token},
            )
        except httpx.HTTPError as error:
            _log.warning("a token was not revoked at the hub: %s", type(error).__name__)
            return
        if answer.status_code != httpx.codes.OK:
            _log.warning("a token was not revoked at the hub: status %d", answer.status_code)


def _document(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise UnavailableError("no_hub", say("The hub does not answer. Wait a moment, then try again."))
    if answer.status_code != httpx.codes.OK:
        raise _refused()
    try:
        document = answer.json()
    except ValueError as error:
        raise _refused() from error
    if not isinstance(document, dict):
        raise _refused()
    return document


def _refused() -> DeniedError:
    return DeniedError("hub_refused", say("The hub did not sign you in. Begin again."))
