"""The meter in the status bar: what the desk says is what is seen, by eyes and by assistive technology."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.browser_lab import LabHouse, LabWindow

POLL_MS = 12_000


def document(text: int = 20, *, recorded: bool = True, say: dict[str, str] | None = None) -> dict[str, Any]:
    level = max(step for step in (0, 50, 80, 100) if step <= text)
    return {
        "text": {"used": 20_000 * text, "limit": 2_000_000, "level": level},
        "image": {"used": 1_000_000, "limit": 20_000_000, "level": 0},
        "disk": {"used": 1_000_000_000, "size": 10_000_000_000, "level": 0},
        "recorded": recorded,
        "say": say,
    }


def test_the_meter_shows_what_the_desk_says_and_counts_what_is_shown(window: LabWindow) -> None:
    page = window.open()
    strip = page.locator(".hanare-Strip")
    expect(strip.locator(".hanare-Record")).to_have_text("記録中", timeout=POLL_MS)
    expect(strip.get_by_role("meter")).to_have_count(3)
    window.new_notebook()
    before = page.request.get(f"{window.base}/hanare/meter").json()["text"]["used"]
    window.run('print("字" * 10_000, "LONG")', "LONG")
    text = strip.get_by_role("meter", name=re.compile("表示した文字"))
    page.wait_for_timeout(6_000)
    now = page.request.get(f"{window.base}/hanare/meter").json()["text"]
    assert now["used"] - before >= 30_000
    shown = f"{now['used'] * 100 // now['limit']}"
    expect(text).to_have_attribute("aria-valuenow", shown, timeout=POLL_MS)
    assert window.refused == []


@pytest.mark.parametrize(
    ("locale", "words"), [("ja", ("文字", "記録できません")), ("en", ("Text", "Not recording"))]
)
def test_levels_are_coloured_told_once_and_taken_back(
    lab: LabHouse, locale: str, words: tuple[str, str]
) -> None:
    window = lab.window()
    said = document(20)
    window.say_meter(said)
    page = window.open()
    if locale == "en":
        window.speak_english()
    gauge = page.locator(".hanare-Gauge[data-channel=text]")
    expect(gauge).to_have_attribute("data-level", "0", timeout=POLL_MS)
    assert gauge.inner_text().split() == [words[0], "20", "%"]
    toasts = page.locator(".jp-toastContainer .jp-toast-message")
    colours = set()
    for level in (50, 80, 100):
        said.update(document(level))
        expect(gauge).to_have_attribute("data-level", str(level), timeout=POLL_MS)
        expect(toasts.filter(has_text=f"{words[0]} {level} %")).to_have_count(1)
        colours.add(
            gauge.locator(".hanare-Gauge-fill").evaluate("bar => getComputedStyle(bar).backgroundColor")
        )
    assert len(colours) == 3
    page.wait_for_timeout(6_000)
    expect(toasts).to_have_count(1)
    said.update(document(100, recorded=False))
    record = page.locator(".hanare-Record")
    expect(record).to_have_text(words[1], timeout=POLL_MS)
    assert record.evaluate("part => getComputedStyle(part).backgroundColor") == "rgb(179, 38, 30)"
    assert record.get_attribute("role") == "status"
    expect(toasts.filter(has_text=words[1])).to_have_count(1)
    said.update(document(20))
    expect(toasts).to_have_count(0, timeout=POLL_MS)
    if locale == "en":
        window.speak_japanese()
    window.close()


def test_a_sentence_of_the_server_is_shown_while_it_holds(window: LabWindow) -> None:
    sentence = {"ja": "計算を 10 分間停止しました。", "en": "Compute is paused for 10 minutes."}
    said = document(say=sentence)
    window.say_meter(said)
    page = window.open()
    toast = page.locator(".jp-toast-message", has_text=sentence["ja"])
    expect(toast).to_have_count(1, timeout=POLL_MS)
    page.wait_for_timeout(6_000)
    expect(toast).to_have_count(1)
    said.update(document())
    expect(toast).to_have_count(0, timeout=POLL_MS)


def test_what_is_not_as_agreed_is_shown_as_not_known_and_never_as_well(window: LabWindow) -> None:
    window.say_meter({"text": "fine"})
    page = window.open()
    page.wait_for_timeout(3_000)
    expect(page.locator(".hanare-Record")).to_have_attribute("data-state", "unknown")
    assert {gauge.get_attribute("data-level") for gauge in page.locator(".hanare-Gauge").all()} == {"unknown"}


def test_the_file_menu_leads_back_to_the_start_page(window: LabWindow) -> None:
    page = window.open()
    window.choose("ファイル", "スタートページへ戻る")
    page.wait_for_url("**/hub/home")
    assert page.locator(f"a[href*='{window.base.partition('/user/')[2]}']").count() > 0


def test_when_the_workspace_is_gone_the_page_says_so_and_leads_back(window: LabWindow) -> None:
    page = window.open()
    window.new_notebook()
    page.route("**/api/**", lambda route: route.abort())
    dialog = page.locator(".jp-Dialog", has_text="ワークスペースに接続できません")
    dialog.wait_for(timeout=90_000)
    dialog.locator("button", has_text="スタートページへ戻る").click()
    page.wait_for_url("**/hub/home")
