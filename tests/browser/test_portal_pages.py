"""The portal's pages in real Chromium: what a person clicks, types and reads, with real codes."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from enclave.use_cases.propose import propose_permit
from tests.support.people import PERMIT
from tests.support.portal_house import SMALL_CELL, TABLE, PortalHouse
from tests.support.portal_server import served_portal


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[PortalHouse]:
    with served_portal(tmp_path) as house:
        yield house


class Visitor:
    """A person with a browser of their own; whatever a page complains about is kept."""

    def __init__(self, house: PortalHouse, chrome: Browser, username: str) -> None:
        self.house = house
        self.username = username
        self.page: Page = chrome.new_context(locale="ja-JP").new_page()
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("request", lambda request: self._note(request.url))
        house.hub.who = username
        self.page.goto(house.portal)
        self.page.click("main a.button.primary")
        self.page.wait_for_url(f"{house.portal}/")

    def _note(self, address: str) -> None:
        if not address.startswith((self.house.portal, self.house.hub_address)):
            self.elsewhere.append(address)

    def go(self, path: str) -> Page:
        self.page.goto(self.house.portal + path)
        return self.page


def test_a_result_walks_from_its_author_through_two_checkers_and_out(
    house: PortalHouse, chrome: Browser, tmp_path: Path
) -> None:
    request_id = house.hand_in()
    mei = Visitor(house, chrome, "mei")
    page = mei.page
    page.click("a[href='/requests'] >> text=あなたの確認を待つ申請")
    page.click("text=年齢階級別の人数")
    page.check("input[name=digest]")
    page.click("text=この内容で確認する")
    expect(page.locator(".notice")).to_be_visible()
    expect(page.locator(".timeline .now")).to_contain_text("申請者の確認")
    house.check(request_id)
    for name in ("aoi", "rin"):
        checker = Visitor(house, chrome, name)
        checker.page.click("a[href='/reviews'] >> text=あなたの審査を待つ申請")
        checker.page.click("text=年齢階級別の人数")
        checker.page.click(".choices .approve")
        checker.page.fill("#comment", "問題ありません <b>")
        checker.page.fill("#code-review", house.code(name))
        checker.page.click("text=審査を完了する")
        expect(checker.page.locator(".notice").first).to_be_visible()
        assert checker.complaints == []
        assert checker.elsewhere == []
    house.release(request_id)
    mei.go(f"/requests/{request_id}")
    page.click("text=ダウンロード用リンクを作成")
    with page.expect_download() as download:
        page.click("text=一式をダウンロード")
    saved = tmp_path / "package.zip"
    download.value.save_as(saved)
    with zipfile.ZipFile(saved) as package:
        assert package.read("t.csv") == TABLE.encode()
    assert mei.complaints == []
    assert mei.elsewhere == []


def test_the_exact_cell_is_marked_where_an_eye_looks(house: PortalHouse, chrome: Browser) -> None:
    request_id = house.hand_in()
    house.browser("mei").post(
        f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)}
    ).raise_for_status()
    house.check(request_id, [SMALL_CELL])
    page = Visitor(house, chrome, "mei").go(f"/requests/{request_id}")
    marked = page.locator("td.hit")
    assert marked.all_inner_texts() == ["7"]
    plain = page.locator("td.number:not(.hit)").first
    background = "element => getComputedStyle(element).backgroundColor"
    assert marked.evaluate(background) != plain.evaluate(background)
    page.click(".findings .where a")
    assert page.url.endswith("#f1-r4")


def test_a_wrong_code_says_so_and_casts_nothing(house: PortalHouse, chrome: Browser) -> None:
    request_id = house.in_review()
    page = Visitor(house, chrome, "aoi").go(f"/reviews/{request_id}")
    page.click(".choices .refuse")
    page.fill("#code-review", "000000")
    page.click("text=審査を完了する")
    expect(page.locator(".refusal-code")).to_contain_text("403")
    page.click("text=元のページへ戻る")
    assert page.url.endswith(f"/reviews/{request_id}")
    assert house.events("review.voted") == []


def test_a_second_person_adopts_what_is_on_the_page(house: PortalHouse, chrome: Browser) -> None:
    with house.house.begin() as work:
        propose_permit(work, "bo", PERMIT)
    page = Visitor(house, chrome, "ben").go("/adoptions")
    expect(page.locator(".payload").first).to_contain_text("birth_date")
    page.fill(".code-field input", house.code("ben"))
    page.click("text=このとおり承認する")
    expect(page.locator(".notice")).to_be_visible()
    assert len(house.events("permit.adopted")) == 1


@pytest.mark.parametrize(
    ("name", "path"), [("mei", "/requests"), ("aoi", "/reviews"), ("ben", "/adoptions"), ("kan", "/audit")]
)
def test_every_room_speaks_both_languages_and_can_be_used_without_a_mouse(
    house: PortalHouse, chrome: Browser, name: str, path: str
) -> None:
    house.in_review()
    visitor = Visitor(house, chrome, name)
    page = visitor.go(path)
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.locator("h1").count() == 1
    unlabelled = page.locator("input:not([type=hidden]), select, textarea").evaluate_all(
        "parts => parts.filter((part) => !part.labels || part.labels.length === 0).length"
    )
    assert unlabelled == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    wide = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert wide, "nothing pushes the page sideways"
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.click(".language")
    assert page.locator("html").get_attribute("lang") == "en"
    assert visitor.complaints == []
    assert visitor.elsewhere == []
