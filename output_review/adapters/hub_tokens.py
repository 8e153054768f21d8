"""Asking the hub, over its unix socket, what a token may."""

from pathlib import Path

import httpx

from enclave.errors import UnavailableError
from enclave.sentences import say

SECONDS = 2.0


class HubTokens:
    """``GET /hub/api/user`` with the token in question. A callable for ``TokenDoor.ask``."""

    def __init__(self, hub_socket: Path) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(hub_socket)), base_url="http://hub", timeout=SECONDS
        )

    async def __call__(self, token: str) -> frozenset[str] | None:
        try:
            answer = await self._client.get("/hub/api/user", headers={"Authorization": f"token {token}"})
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise _away() from error
        if answer.status_code in {401, 403, 404}:
            return None
        if answer.status_code != httpx.codes.OK:
            raise _away()
        try:
            scopes = answer.json()["scopes"]
        except (ValueError, KeyError, TypeError) as error:
            raise _away() from error
        if not isinstance(scopes, list):
            raise _away()
        return frozenset(str(scope) for scope in scopes)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def _away() -> UnavailableError:
    return UnavailableError("no_hub", say("The hub does not answer. Nothing was done; try again."))
