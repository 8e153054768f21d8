"""A page on the hub's origin, cookies of both present, in real Chromium: it changes nothing here.

The portal and the vault are real; the hub is the small one of the tests, at ``127.0.0.1`` while
the portal is ``localhost``, as in the product.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser_attacks import PLANT, attack, read_from_outside
from tests.support.portal_house import PortalHouse
from tests.support.portal_server import served_portal


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[PortalHouse]:
    with served_portal(tmp_path) as house:
        yield house


@pytest.fixture(name="page")
def _page(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context()
    yield context.new_page()
    context.close()


def sign_in(house: PortalHouse, page: Page, username: str) -> str:
    """Signed in at both; the address of a page on the hub's origin."""
    house.hub.who = username
    page.goto(house.portal)
    page.click("main a.button.primary")
    page.wait_for_url(f"{house.portal}/")
    notebook = f"{house.hub_address}/user/notebook"
    page.goto(notebook)
    names = {cookie.get("name") for cookie in page.context.cookies()}
    assert {"hanare-portal", "jupyterhub-session-id"} <= names, "cookies of both are present"
    return notebook


def signed_in_as(house: PortalHouse, page: Page) -> str:
    page.goto(house.portal)
    return page.locator(".person-name").inner_text()


def test_no_way_of_posting_from_the_hubs_origin_changes_anything(house: PortalHouse, page: Page) -> None:
    request_id = house.hand_in()
    notebook = sign_in(house, page, "mei")
    token = page.request.get(f"{house.portal}/", headers={"Accept": "application/json"}).json()["csrf"]
    before = house.request(request_id), house.events()
    digest = house.digests(request_id)[0]
    for path, fields in (
        (f"/requests/{request_id}/withdraw", {"csrf": token}),
        (f"/requests/{request_id}/confirm", {"csrf": token, "digest": digest}),
        ("/sign-out", {"csrf": token}),
    ):
        seen = attack(page, notebook, house.portal + path, fields)
        assert len(seen) == 8
        for how, what in seen.items():
            assert how == "beacon" or what in {"TypeError", "opaque 0", "status 0 0"}, (how, what)
    assert (house.request(request_id), house.events()) == before, "even with the form token in hand"
    assert signed_in_as(house, page) == "Mei"


def test_a_checkers_vote_cannot_be_cast_from_the_hubs_origin(house: PortalHouse, page: Page) -> None:
    request_id = house.in_review()
    notebook = sign_in(house, page, "aoi")
    page.goto(f"{house.portal}/reviews/{request_id}")
    token = page.locator("form[action='/sign-out'] input[name=csrf]").input_value()
    fields = {
        "csrf": token,
        "policy": page.locator("input[name=policy]").input_value(),
        f"vote:{house.digests(request_id)[0]}": "approve",
        "code": house.code("aoi"),
    }
    before = house.events()
    attack(page, notebook, f"{house.portal}/reviews/{request_id}", fields)
    assert house.events() == before
    assert house.events("review.voted") == []


def test_pages_of_the_portal_cannot_be_read_or_framed(house: PortalHouse, page: Page) -> None:
    request_id = house.released()
    link = house.browser("mei").post(f"/releases/{request_id}/link").json()["link"]
    notebook = sign_in(house, page, "mei")
    before = house.events()
    for path in (f"/requests/{request_id}", link, "/"):
        seen = read_from_outside(page, notebook, house.portal + path)
        for how, what in seen.items():
            assert "Mei" not in what, how
            assert "年齢" not in what, how
    assert house.events() == before, "nothing was opened, no attempt was counted"


def test_cookies_planted_at_the_hub_do_not_reach_the_portal(house: PortalHouse, page: Page) -> None:
    notebook = sign_in(house, page, "mei")
    page.evaluate(PLANT, "hanare-portal")
    assert signed_in_as(house, page) == "Mei"
    page.goto(notebook)
    mine = {c.get("domain") for c in page.context.cookies() if c.get("value") == "planted"}
    assert "localhost" not in mine


def test_a_page_of_the_hub_cannot_sign_anybody_in_over(house: PortalHouse, page: Page) -> None:
    notebook = sign_in(house, page, "mei")
    house.hub.who = "ken"
    before = house.events()
    page.goto(notebook)
    page.evaluate("(target) => { location.href = target; }", f"{house.portal}/sign-in")
    page.wait_for_url(f"{house.portal}/sign-in")
    assert page.locator("main a.button.primary").is_visible(), "the person is asked first"
    assert house.events() == before
    assert signed_in_as(house, page) == "Mei"
