"""Nobody reaches another's workspace, token or rights through the hub: not an operator either.

The hub knows one role for people, with their own servers, their own name and the portal in it.
Here an operator and a researcher with real sessions try what administrators can do elsewhere.
Where a person holds a right over their own things, the hub answers 404 to what is another's (it
does not say whether it exists); where they hold no such right at all, 403.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from enclave.identity import Role
from tests.support.hub_running import Browser, RunningHub, running_hub

OPERATOR = "rin"


@pytest.fixture(name="hub", scope="module")
def _hub() -> Iterator[RunningHub]:
    with running_hub() as hub:
        with hub.foundation.database.begin() as work:
            account = work.register.find_account(OPERATOR)
            assert account is not None
            work.register.put_account(replace(account, roles=frozenset({Role.OPERATOR})))
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
    for place in ("/user/mei/p-a/lab", "/user/mei/p-a/api/contents", "/hub/user/mei/p-a/"):
        assert operator.get(place).status_code == 404, place
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


def test_56_an_operator_starts_nothing_for_another(operator: Browser) -> None:
    """An operator can neither start nor stop another person's workspace through the hub."""
    assert ask(operator, "POST", "/hub/api/users/mei/servers/p-a", {}) == 404
    assert ask(operator, "DELETE", "/hub/api/users/mei/servers/p-a") == 404
    data = {"_xsrf": operator.xsrf("/hub/")}
    page = operator.session.post(f"{operator.url}/hub/spawn/mei/p-a", data=data, timeout=20)
    assert page.status_code == 404


def test_57_nobody_gives_themself_more(hub: RunningHub, operator: Browser) -> None:
    """Nobody can make themself an administrator of the hub, join a group, share a workspace, or read who else is there."""
    for who in (operator, hub.person("mei")):
        assert ask(who, "PATCH", f"/hub/api/users/{who.name}", {"admin": True}) == 403
        assert ask(who, "POST", "/hub/api/groups/admin/users", {"users": [who.name]}) == 403
        assert ask(who, "POST", f"/hub/api/shares/{who.name}/p-a", {"user": "chie"}) == 403
        assert ask(who, "POST", f"/hub/api/share-codes/{who.name}/p-a", {}) == 403
        for place in ("users", "groups", "services", "proxy", "info"):
            assert ask(who, "GET", f"/hub/api/{place}") == 403, place
        assert ask(who, "POST", "/hub/api/shutdown", {}) == 403
        assert who.get("/hub/admin").status_code == 403
        model = who.ask("GET", "/hub/api/user").json()
        assert (model["admin"], model["roles"]) == (False, ["user"])
        for scope in model["scopes"]:
            own = scope.endswith(f"!user={who.name}") or scope == "access:services!service=portal"
            assert own, scope
