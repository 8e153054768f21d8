"""The hub's revocation handler over JupyterHub's own database: a client ends its own tokens only."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jupyterhub import orm
from jupyterhub.oauth.provider import make_provider
from jupyterhub.utils import new_token
from tornado.httpserver import HTTPServer
from tornado.web import Application

from hub.portal_revocation import RevokeHandler

PORTAL, SECRET = "service-portal", "the secret of the portal"


class RevocationHub:
    """One handler over an empty hub's tables, served on loopback in a thread."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.done: asyncio.Event | None = None
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.thread.start()
        assert self.ready.wait(10)

    async def _serve(self) -> None:
        self.done, self.loop = asyncio.Event(), asyncio.get_running_loop()
        self.db: Any = orm.new_session_factory("sqlite:///:memory:")()
        provider = make_provider(lambda: self.db, url_prefix="/x", login_url="/y")
        for client in (PORTAL, "another-client"):
            provider.add_client(client, SECRET, f"http://localhost/{client}", [])
        self.db.add(orm.User(name="mei"))
        self.db.commit()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}/revoke"
        server = HTTPServer(Application([("/revoke", RevokeHandler)], db=self.db, xsrf_cookies=True))
        server.add_socket(listener)
        self.ready.set()
        await self.done.wait()
        server.stop()
        self.db.close()

    def run(self, work: Any) -> Any:
        """Do something in the server's thread, where its database lives."""

        async def call() -> Any:
            return work(self.db)

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(10)

    def issue(self, client: str) -> str:
        token: str = new_token()

        def make(db: Any) -> None:
            user = orm.User.find(db, "mei")
            found = db.query(orm.OAuthClient).filter_by(identifier=client).first()
            orm.APIToken.new(token=token, user=user, oauth_client=found, scopes=[])

        self.run(make)
        return token

    def knows(self, token: str) -> bool:
        return bool(self.run(lambda db: orm.APIToken.find(db, token) is not None))

    def revoke(self, **fields: str) -> int:
        sent = {"client_id": PORTAL, "client_secret": SECRET, **fields}
        return httpx.post(self.address, data=sent, trust_env=False).status_code

    def stop(self) -> None:
        assert self.done is not None
        self.loop.call_soon_threadsafe(self.done.set)
        self.thread.join(10)


@pytest.fixture(name="hub")
def _hub() -> Iterator[RevocationHub]:
    hub = RevocationHub()
    yield hub
    hub.stop()


def test_a_client_ends_its_own_token(hub: RevocationHub) -> None:
    token, other = hub.issue(PORTAL), hub.issue(PORTAL)
    assert hub.revoke(token=token) == 200
    assert not hub.knows(token)
    assert hub.knows(other), "no other token of the client is touched"


@pytest.mark.parametrize("wrong", [{"client_secret": "x"}, {"client_secret": ""}, {"client_id": "nobody"}])
def test_who_is_not_the_client_ends_nothing(hub: RevocationHub, wrong: dict[str, str]) -> None:
    token = hub.issue(PORTAL)
    assert hub.revoke(token=token, **wrong) == 401
    assert hub.knows(token)


def test_a_token_of_another_client_stays_and_is_not_told_apart(hub: RevocationHub) -> None:
    token = hub.issue("another-client")
    assert hub.revoke(token=token) == 200
    assert hub.knows(token)
    assert hub.revoke(token="unknown") == 200
    assert hub.revoke(token="") == 200
