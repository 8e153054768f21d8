"""Nobody reaches another's workspace, token or rights through the hub: not an operator either.

The hub knows one role for people, with their own servers, their own name and the portal in it,
and one for operators, who see who and what is there and may start and end workspaces. Here an
operator and a researcher with real sessions try what administrators can do elsewhere. Who may
not is told so (403), whether the thing exists or not.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.hub_running import Browser, RunningHub, running_hub

OPERATOR = "ota"


@pytest.fixture(name="hub", scope="module")
def _hub() -> Iterator[RunningHub]:
    with running_hub() as hub:
        hub.person("mei")
        yield hub


@pytest.fixture(name="operator")
def _operator(hub: RunningHub) -> Browser:
    return hub.person(OPERATOR)


def ask(operator: Browser, method: str, path: str, body: Any = None) -> int:
    return operator.ask(method, path, body).status_code


def test_54_an_operator_enters_no_workspace(hub: RunningHub, operator: Browser) -> None:
    """An operator who is signed in cannot enter another person's workspace, live or not."""
    mei = hub.person("mei")
    for place in ("/user/mei/", "/user/mei/p-a/lab", "/user/mei/p-a/api/contents", "/hub/user/mei/p-a/"):
        assert operator.get(place).status_code == 403, place
    mei.enter("p-a")
    mei.until_ready("p-a")
    for place in ("/user/mei/p-a/lab", "/user/mei/p-a/api/contents"):
        page = operator.get(place)
        assert page.status_code == 403, (place, page.url)
        assert "jupyter-config-data" not in page.text
    mei.leave("p-a")


def test_55_nobody_makes_a_token(operator: Browser) -> None:
    """Nobody can have the hub make an access token, for another or for themself, so that no script goes in without a second factor."""
    assert ask(operator, "POST", "/hub/api/users/mei/tokens", {"note": "x"}) == 403
    assert ask(operator, "POST", f"/hub/api/users/{OPERATOR}/tokens", {"note": "x"}) == 403
    assert ask(operator, "GET", "/hub/api/users/mei/tokens") == 403


def test_56_a_workspace_belongs_to_its_owner_whoever_starts_it(hub: RunningHub, operator: Browser) -> None:
    """An operator can start and end another person's workspace, on record by name; it is started only if its owner may have it, belongs to its owner, and stays closed to the operator."""
    server = "/hub/api/users/mei/servers/p-a"
    mei = hub.person("mei")
    assert ask(operator, "POST", server, {}) in (201, 202)
    mei.until_ready("p-a")
    assert operator.get("/user/mei/p-a/lab").status_code == 403
    started = hub.events("workspace.start_intended")[-1]
    assert (started["person"], started["facts"]["asked_by"]) == ("mei", OPERATOR)
    assert ask(operator, "DELETE", server) in (202, 204)
    ended = hub.events("workspace.stopped")[-1]
    assert (ended["person"], ended["facts"]["reason"]) == (OPERATOR, "operator")
    before = len(hub.events("workspace.start_intended"))
    assert ask(operator, "POST", "/hub/api/users/chie/servers/p-a", {}) in (403, 404)
    assert ask(operator, "POST", "/hub/api/users/mei/servers/none", {}) in (400, 403, 503)
    for method in ("POST", "DELETE"):
        assert ask(mei, method, "/hub/api/users/rin/servers/p-a", {}) == 403
    assert len(hub.events("workspace.start_intended")) == before


def test_57_nobody_gives_themself_more(hub: RunningHub, operator: Browser) -> None:
    """Nobody can make themself an administrator of the hub, join a group, or share a workspace, and only an operator can read who else is there."""
    for who in (operator, hub.person("mei")):
        assert ask(who, "PATCH", f"/hub/api/users/{who.name}", {"admin": True}) == 403
        for group in ("admin", "ops"):
            assert ask(who, "POST", f"/hub/api/groups/{group}/users", {"users": [who.name]}) == 403
        assert ask(who, "POST", f"/hub/api/shares/{who.name}/p-a", {"user": "chie"}) == 403
        assert ask(who, "POST", f"/hub/api/share-codes/{who.name}/p-a", {}) == 403
        for place in ("groups", "services", "proxy", "info"):
            assert ask(who, "GET", f"/hub/api/{place}") == 403, place
        assert ask(who, "POST", "/hub/api/shutdown", {}) == 403
        assert who.ask("GET", "/hub/api/user").json()["admin"] is False
    mei = hub.person("mei")
    assert (ask(mei, "GET", "/hub/api/users"), mei.get("/hub/admin").status_code) == (403, 403)
    model = mei.ask("GET", "/hub/api/user").json()
    assert (model["roles"], model["groups"]) == (["user"], [])
    for scope in model["scopes"]:
        assert scope.endswith("!user=mei") or scope == "access:services!service=portal", scope
    assert {one["name"] for one in operator.ask("GET", "/hub/api/users").json()} == {"mei", OPERATOR}
