"""The pages on combination risk in real Chromium: the picture is drawn, nothing complains, nothing overflows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.assessed import PROJECT, put_assessed
from tests.support.portal_house import PortalHouse
from tests.support.portal_server import served_portal


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[PortalHouse]:
    with served_portal(tmp_path) as house:
        with house.house.begin() as work:
            put_assessed(work)
        yield house


def test_a_steward_looks_at_the_picture(house: PortalHouse, chrome: Browser, tmp_path: Path) -> None:
    page = chrome.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.text} {message.location['url']}"))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    house.hub.who = "ste"
    page.goto(house.portal)
    page.click("main a.button.primary")
    page.wait_for_url(f"{house.portal}/")
    page.click("nav >> text=リスク")
    expect(page.locator("main")).to_contain_text("期限切れ")
    page.screenshot(path=str(tmp_path / "risks.png"), full_page=True)
    page.click(f"main >> text={PROJECT}")
    picture = page.locator("img.risk-picture")
    expect(picture).to_be_visible()
    drawn = picture.evaluate(
        "image => image.complete && [image.naturalWidth, image.clientWidth, image.clientHeight]"
    )
    assert min(drawn) > 100, "the policy of the page lets it be drawn"
    expect(page.locator("tbody tr").first).to_contain_text("4,200")
    page.screenshot(path=str(tmp_path / "risk.png"), full_page=True)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto(f"{house.portal}/risks/{PROJECT}/picture")
    assert page.evaluate("document.documentElement.tagName") == "svg"
    # A drawing that is a page of its own cannot say that it has no icon, so a browser may ask for one.
    assert [told for told in complaints if not told.endswith("/favicon.ico")] == []
