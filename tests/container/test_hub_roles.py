"""The hub's operators: kept in step with the register, and able to do what their role says and no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from enclave.identity import Role
from enclave.people import AccountState
from hub.roles import OPS_SCOPES
from tests.support.hub_running import Browser, RunningHub, until

SERVER = "/hub/api/users/mei/servers/p-a"
GONE_WITHIN = 5.0


@contextmanager
def changed(hub: RunningHub, name: str, **changes: Any) -> Iterator[None]:
    """An account with something else in it, for a while."""
    with hub.foundation.database.begin() as work:
        account = work.register.find_account(name)
        assert account is not None
        work.register.put_account(replace(account, **changes))
    try:
        yield
    finally:
        with hub.foundation.database.begin() as work:
            work.register.put_account(account)


def groups(person: Browser) -> list[str]:
    found: list[str] = person.ask("GET", "/hub/api/user").json()["groups"]
    return found


@pytest.fixture
def operator(hub: RunningHub) -> Browser:
    person = hub.person("ota")
    until(lambda: groups(person) == ["ops"], GONE_WITHIN)
    return person


def test_an_operator_has_exactly_the_operators_scopes_besides_their_own(operator: Browser) -> None:
    model = operator.ask("GET", "/hub/api/user").json()
    more = {s for s in model["scopes"] if not s.endswith("!user=ota")} - {"access:services!service=portal"}
    implied = {"read:users:name", "read:users:groups", "read:users:activity"}
    assert more - implied == set(OPS_SCOPES)
    assert sorted(model["roles"]) == ["user"], "the role comes by the group, and goes with it"
    assert model["groups"] == ["ops"]


def test_the_operators_page_lists_and_is_a_shell(hub: RunningHub, operator: Browser) -> None:
    hub.person("mei")
    page = operator.get("/hub/admin")
    assert page.status_code == 200
    assert "mei" not in page.text.replace("home", ""), "the page itself holds nobody's name"
    assert 'id="operators"' in operator.get("/hub/home").text
    assert 'id="operators"' not in hub.person("mei").get("/hub/home").text
    (mei,) = [one for one in operator.ask("GET", "/hub/api/users").json() if one["name"] == "mei"]
    assert "auth_state" not in mei
    assert (mei["admin"], mei["roles"], mei["groups"]) == (False, ["user"], [])
    for server in mei["servers"].values():
        assert "state" not in server


def test_who_loses_the_role_loses_the_group_in_time_without_signing_in_again(
    hub: RunningHub, operator: Browser
) -> None:
    assert operator.ask("GET", "/hub/api/users").status_code == 200
    with changed(hub, "ota", roles=frozenset({Role.AUDITOR})):
        until(lambda: operator.ask("GET", "/hub/api/users").status_code == 403, GONE_WITHIN)
        assert groups(operator) == []
        assert operator.ask("POST", SERVER, {}).status_code == 403
    until(lambda: operator.ask("GET", "/hub/api/users").status_code == 200, GONE_WITHIN)


def test_who_becomes_a_researcher_too_has_no_rights_over_others(hub: RunningHub, operator: Browser) -> None:
    """The page of their own notebook asks with their sign-in, from the hub's own origin."""
    with changed(hub, "ota", roles=frozenset({Role.OPERATOR, Role.RESEARCHER})):
        until(lambda: groups(operator) == [], GONE_WITHIN)
        assert operator.ask("GET", "/hub/api/users").status_code == 403


def test_a_hub_that_starts_with_an_old_group_looks_first(hub: RunningHub, operator: Browser) -> None:
    """The hub's own database still says so; the first answer after the start is the register's."""
    with changed(hub, "ota", roles=frozenset({Role.AUDITOR})):
        hub.end("hub")
        hub.start("hub")
        hub.until_serving()
        assert operator.ask("GET", "/hub/api/users").status_code == 403
        assert groups(operator) == []


def test_an_owner_who_may_not_is_given_nothing(hub: RunningHub, operator: Browser) -> None:
    hub.person("mei")
    before = len(hub.events("workspace.start_intended"))
    with changed(hub, "mei", state=AccountState.SUSPENDED):
        answer = operator.ask("POST", SERVER, {})
        assert (answer.status_code, "expired for mei" in answer.text) == (403, True), answer.text
    hub.person("chie")
    answer = operator.ask("POST", "/hub/api/users/chie/servers/p-a", {})
    assert (answer.status_code, "researcher" in answer.text) == (403, True), answer.text
    assert len(hub.events("workspace.start_intended")) == before
    refused = hub.events("workspace.refused")[-1]
    assert (refused["person"], refused["facts"]["asked_by"]) == ("chie", "ota")


def test_renaming_and_removing_leave_the_work_where_it_is(hub: RunningHub, operator: Browser) -> None:
    mei = hub.person("mei")
    mei.ask("PUT", SERVER)
    assert operator.ask("PATCH", SERVER, {"name": "p-b"}).status_code == 403
    assert operator.ask("PATCH", SERVER, {"user_options": {"image": "other"}}).status_code == 200
    assert operator.ask("POST", SERVER, {"image": "other", "environment": {"X": "1"}}).status_code in (
        201,
        202,
    )
    mei.until_ready("p-a")
    intended = hub.events("workspace.start_intended")[-1]["facts"]
    done = hub.events("workspace.start_done")[-1]["facts"]
    assert intended["image_desk"] == done["image_desk"]
    wid = hub.events("workspace.start_done")[-1]["subject"]
    assert operator.ask("DELETE", SERVER, {"remove": True}).status_code in (202, 204)
    until(lambda: hub.events("workspace.stopped")[-1]["person"] == "ota", 15)
    assert (hub.settings.workspaces / wid / "work").exists()
    page = mei.get("/hub/home").text
    assert "ended by an operator" in page
