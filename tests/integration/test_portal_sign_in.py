"""Signing in through the hub: PKCE, one use, no token left, sessions that end."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from enclave.identity import Role
from enclave.people import AccountState
from tests.support.people import MEI
from tests.support.portal_house import HUB, PORTAL, PortalHouse


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def test_the_person_of_the_hub_is_the_person_here_and_no_token_is_left(house: PortalHouse) -> None:
    browser = house.browser("mei")
    assert browser.get("/").json()["person"] == {
        "username": "mei",
        "display_name": "Mei",
        "organisation": "daigaku",
        "roles": ["researcher"],
    }
    assert house.hub.tokens == {}
    assert len(house.hub.revoked) == 1
    signed = house.events("person.signed_in")
    assert [(e["person"], e["facts"]["what"]) for e in signed] == [("mei", "portal")]


def test_the_way_to_the_hub_names_one_redirect_and_a_challenge(house: PortalHouse) -> None:
    gone = house.browser().client.get("/sign-in")
    assert gone.status_code == 303
    where = urlsplit(gone.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == f"{HUB}/hub/api/oauth2/authorize"
    query = parse_qs(where.query)
    assert query["redirect_uri"] == [f"{PORTAL}/oauth_callback"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    cookie = gone.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=300" in cookie


def test_the_callback_is_a_page_and_the_cookie_strict(house: PortalHouse) -> None:
    arrived = house.browser().sign_in("mei")
    assert arrived.status_code == 200
    assert 'http-equiv="refresh"' in arrived.text
    cookie = next(c for c in arrived.headers.get_list("set-cookie") if c.startswith("hanare-portal="))
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie


def test_a_state_of_another_browser_is_refused(house: PortalHouse) -> None:
    ours, theirs = house.browser(), house.browser()
    back = house.hub.authorize(ours.client.get("/sign-in").headers["location"], "mei")
    theirs.client.get("/sign-in")
    for browser in (theirs, house.browser()):
        answer = browser.get(back)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "stale_sign_in")
    assert ours.client.get(back).status_code == 200


def test_a_callback_comes_back_once_and_in_time(house: PortalHouse) -> None:
    browser = house.browser()
    back = house.hub.authorize(browser.client.get("/sign-in").headers["location"], "mei")
    assert browser.client.get(back).status_code == 200
    assert browser.get(back).json()["error"]["code"] == "stale_sign_in"
    late = house.browser()
    back = house.hub.authorize(late.client.get("/sign-in").headers["location"], "mei")
    house.house.clock.forward(timedelta(minutes=5))
    assert late.get(back).json()["error"]["code"] == "stale_sign_in"


def test_another_site_cannot_begin_a_sign_in(house: PortalHouse) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    answer = house.browser().client.get("/sign-in", headers=headers)
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_a_code_that_the_hub_refuses_begins_no_session(house: PortalHouse) -> None:
    browser = house.browser()
    back = house.hub.authorize(browser.client.get("/sign-in").headers["location"], "mei")
    house.hub.codes.clear()
    answer = browser.get(back)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "hub_refused")
    assert browser.get("/").json()["person"] is None


def test_a_service_is_no_person(house: PortalHouse) -> None:
    house.hub.kind = "service"
    arrived = house.browser().sign_in("mei")
    assert arrived.status_code == 403
    assert house.hub.tokens == {}


def test_a_hub_that_is_down_is_unavailable(house: PortalHouse) -> None:
    house.hub.down = True
    arrived = house.browser().sign_in("mei")
    assert arrived.status_code == 503


@pytest.mark.parametrize("change", ["suspended", "untrained", "unknown"])
def test_who_is_not_eligible_gets_no_session_and_it_is_recorded(house: PortalHouse, change: str) -> None:
    name = "nobody" if change == "unknown" else "mei"
    with house.house.begin() as work:
        if change == "suspended":
            work.register.put_account(replace(MEI, state=AccountState.SUSPENDED))
        if change == "untrained":
            work.register.put_account(replace(MEI, trained_until=MEI.enrolled_at.date() - timedelta(days=1)))
    browser = house.browser()
    assert browser.sign_in(name).status_code == 403
    assert browser.get("/").json()["person"] is None
    refused = house.events("person.refused")
    assert [e["person"] for e in refused] == ["unknown" if change == "unknown" else "mei"]


def test_a_session_ends_by_itself_and_at_sign_out(house: PortalHouse) -> None:
    idle, busy, left = house.browser("mei"), house.browser("mei"), house.browser("mei")
    own = left.client.cookies["hanare-portal"]
    assert left.post("/sign-out").json() == {"signed_out": True}
    assert left.get("/", Cookie=f"hanare-portal={own}").json()["person"] is None
    for _ in range(23):
        house.house.clock.forward(timedelta(minutes=20))
        assert busy.get("/").json()["person"]
    assert idle.get("/").json()["person"] is None
    house.house.clock.forward(timedelta(minutes=20))
    assert busy.get("/").json()["person"] is None, "eight hours are over"


def test_roles_are_those_of_the_register_now(house: PortalHouse) -> None:
    browser = house.browser("mei")
    assert browser.get("/requests").status_code == 200
    with house.house.begin() as work:
        work.register.put_account(replace(MEI, roles=frozenset({Role.BOARD})))
    assert browser.get("/requests").json()["error"]["code"] == "wrong_role"
    assert browser.get("/adoptions").status_code == 200
