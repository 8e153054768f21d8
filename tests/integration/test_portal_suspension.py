"""A suspended person with an open session: every door of the portal refuses at the next knock."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from enclave.people import Account, AccountState
from enclave.web.census import Who
from hub.portal import ROUTES
from tests.support.people import AOI, BEN, MEI
from tests.support.portal_house import PortalHouse

FREE = {"/sign-in", "/oauth_callback", "/sign-out"}
"""Doors of signing in and out: they show nothing and let nobody in whom the register does not know."""


@pytest.mark.parametrize("person", [MEI, AOI, BEN], ids=lambda one: one.username)
@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.DISABLED])
def test_every_door_of_the_portal_is_closed_at_once(
    tmp_path: Path, person: Account, state: AccountState
) -> None:
    house = PortalHouse(tmp_path)
    browser = house.browser(person.username)
    assert browser.get("/").status_code == 200
    with house.house.begin() as work:
        work.register.put_account(replace(person, state=state))
    tried = 0
    for route in ROUTES:
        if route.path in FREE or route.who is Who.ANYONE:
            continue
        path = re.sub(r"\{\w+(?::\w+)?\}", "x", route.path)
        answer = browser.get(path) if route.method == "GET" else browser.post(path)
        assert answer.status_code in {401, 403}, (route.method, path, answer.status_code)
        tried += 1
    assert tried > 15
    assert "person" not in browser.get("/").json()
    assert house.browser().sign_in(person.username).status_code == 403
