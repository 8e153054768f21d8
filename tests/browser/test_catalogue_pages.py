"""The catalogue in real Chromium: found without signing in, searched by keyboard, finer once signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from catalog.adapters.catalogue_tables import CatalogueTables
from tests.support.catalogues import AT, published
from tests.support.portal_house import PortalHouse
from tests.support.portal_server import served_portal


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[PortalHouse]:
    with served_portal(tmp_path) as house:
        with house.house.begin() as work:
            CatalogueTables(work.connection).put(published(), AT)
        yield house


def test_a_stranger_searches_and_a_researcher_sees_more(
    house: PortalHouse, chrome: Browser, tmp_path: Path
) -> None:
    page = chrome.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900}).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(house.portal)
    page.click("text=データカタログを見る")
    page.get_by_role("searchbox").fill("ＵＣＵＭ")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("検査結果")
    page.click("a[href='/catalog/lab_result#unit_ucum']")
    expect(page.locator("tr#unit_ucum")).to_be_in_viewport()
    expect(page.locator("main")).to_contain_text("1,234,500+")
    expect(page.locator("thead").first).not_to_contain_text("充足率")
    page.goto(f"{house.portal}/catalog/odd_registry")
    house.hub.who = "mei"
    page.goto(house.portal)
    page.click("main a.button.primary")
    page.wait_for_url(f"{house.portal}/")
    page.click("nav >> text=カタログ")
    page.click("main >> text=検査結果")
    expect(page.locator("main")).to_contain_text("1,234,560+")
    expect(page.locator("tr#jlac10")).to_contain_text("97 %")
    page.screenshot(path=str(tmp_path / "signed-in.png"))
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert complaints == []
