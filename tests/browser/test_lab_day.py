"""A normal day's work in JupyterLab, in Japanese and in English: nothing that people need got in the way.

Each test also holds that the page asked for nothing that the desk has closed, that no error
dialog came up, and that the console stayed clean.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser_lab import LabHouse, LabWindow

PLOT = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots(figsize=(4, 2.5))
axes.bar(["男性", "女性"], [52, 48]); axes.set_title("性別の人数"); axes.set_ylabel("人数")
plt.show(); print("PLOTTED")
"""
TABLE = 'import pandas as pd\npd.DataFrame({"年齢区分": ["0-19", "20-39"], "人数": [10, 20]})'
LEAVING = re.compile(
    r"download|export|print|ダウンロード|エクスポート|印刷|出力を.*コピー|share|共有|browser tab|terminal|ターミナル|url",
    re.IGNORECASE,
)
MENUS = {
    "ja": ("ファイル", "編集", "表示", "実行", "カーネル", "タブ", "設定", "ヘルプ"),
    "en": ("File", "Edit", "View", "Run", "Kernel", "Tabs", "Settings", "Help"),
}


def clean(window: LabWindow) -> None:
    """The page had nothing to complain about, and nothing left it."""
    assert window.refused == []
    assert window.complaints == []
    assert window.dialog().count() == 0
    assert (window.downloads, window.windows) == ([], [])


def test_a_notebook_is_written_run_saved_renamed_closed_and_opened_again(window: LabWindow) -> None:
    page = window.open()
    window.new_notebook()
    window.run('print("こんにちは")', "こんにちは")
    page.keyboard.press("Control+s")
    name = window.dialog().locator("input[type=text], input:not([type])").first
    name.fill("分析.ipynb")
    window.dialog().locator("button").last.click()
    listed = page.locator(".jp-DirListing-item", has_text="分析.ipynb")
    listed.wait_for()
    window.run("print(40 + 2)", "42")
    page.keyboard.press("Control+s")
    # Lab asks before it closes what is not saved yet.
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    window.choose("ファイル", "タブを閉じる")
    expect(page.locator(".jp-NotebookPanel")).to_have_count(0)
    listed.dblclick()
    panel = window.ready()
    expect(panel.locator(".jp-OutputArea-output", has_text="42")).to_be_visible()
    window.run("print(40 + 3)", "43")
    clean(window)


def test_plots_with_japanese_labels_and_tables_are_seen(window: LabWindow) -> None:
    page = window.open()
    window.new_notebook()
    window.run(PLOT, "PLOTTED")
    assert "missing from" not in page.locator(".jp-NotebookPanel").inner_text(), "a glyph without a font"
    picture = page.locator(".jp-OutputArea-output img").last
    assert picture.evaluate("image => image.complete && image.naturalWidth > 200")
    table = window.run(TABLE, "年齢区分").locator("table")
    assert table.locator("th", has_text="人数").is_visible()
    assert [cell.inner_text() for cell in table.locator("tbody tr").nth(1).locator("td").all()] == [
        "20-39",
        "20",
    ]
    clean(window)


def test_completion_help_markdown_and_mathematics(window: LabWindow) -> None:
    page = window.open()
    window.new_notebook()
    window.run('import math\nprint("READY")', "READY")
    window.write("math.fac")
    page.keyboard.press("Tab")
    page.locator(".jp-Completer:visible", has_text="factorial").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator(".jp-NotebookPanel .cm-content").last).to_contain_text("math.factorial")
    page.keyboard.press("Shift+Tab")
    tooltip = page.locator(".jp-Tooltip:visible")
    expect(tooltip).to_contain_text("factorial")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("# 結果\n\n$\\frac{a}{b}$ と **強調**")
    page.keyboard.press("Shift+Enter")
    shown = page.locator(".jp-RenderedMarkdown:visible", has_text="強調")
    expect(shown.locator("h1")).to_have_text(re.compile("結果"))
    expect(shown.locator("mjx-container")).to_be_visible()
    clean(window)


def test_a_loop_is_interrupted_and_a_kernel_restarted(window: LabWindow) -> None:
    page = window.open()
    window.new_notebook()
    window.run('kept = 1\nprint("KEPT")', "KEPT")
    window.write('print("LOOPING", flush=True)\nwhile True: pass')
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-OutputArea-output", has_text="LOOPING").wait_for()
    page.locator("[data-command='notebook:interrupt-kernel']").first.click()
    page.locator(".jp-OutputArea-output", has_text="KeyboardInterrupt").wait_for()
    page.locator("[data-command='notebook:restart-kernel']").first.click()
    assert "再起動" in window.close_dialog()
    page.wait_for_timeout(1_000)
    window.ready()
    window.run('print("kept" in globals())', "False")
    clean(window)


def test_two_notebooks_have_kernels_of_their_own(window: LabWindow) -> None:
    window.open()
    window.new_notebook()
    window.run('which = "one"\nprint("FIRST")', "FIRST")
    window.choose("ファイル", "新規ランチャー")
    window.new_notebook()
    window.run('print("which" in globals(), "SECOND")', "False SECOND")
    clean(window)


def test_a_traceback_is_readable_and_asks_for_no_closed_address(window: LabWindow) -> None:
    window.open()
    window.new_notebook()
    said = window.run('import pandas as pd\npd.DataFrame({"a": [1]})["b"]', "KeyError").inner_text()
    assert "Traceback" in said
    clean(window)


def test_a_small_script_comes_in_and_opens_and_a_large_file_is_refused_with_a_sentence(
    window: LabWindow,
) -> None:
    page = window.open()
    window.bring_in("手順.py", "x = '値'\n".encode())
    item = page.locator(".jp-DirListing-item", has_text="手順.py")
    item.wait_for()
    item.dblclick()
    expect(page.locator(".jp-FileEditor .cm-content")).to_contain_text("x = '値'")
    clean(window)
    for name, content in (
        ("大きい.py", b"#" * 300_000),
        ("巨大.py", b"#" * 3_000_000),
        ("図.png", b"\x89PNG\r\n"),
    ):
        window.bring_in(name, content)
        said = window.close_dialog()
        assert re.search(r"[\u3040-\u30ff]", said.partition("\n")[2]), f"a sentence in Japanese: {said}"
        assert page.locator(".jp-DirListing-item", has_text=name).count() == 0


def test_an_r_notebook_runs(window: LabWindow) -> None:
    window.open()
    window.new_notebook("R")
    window.run('cat("R:", sum(1:10), "\\n")', "R: 55", 120)
    clean(window)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_menu_offers_a_way_out_and_every_menu_opens(lab: LabHouse, language: str) -> None:
    window = lab.window("ja-JP" if language == "ja" else "en-US")
    page = window.open()
    if language == "en":
        window.speak_english()
    window.new_notebook()
    for name in MENUS[language]:
        entries = window.menu(name)
        assert entries, name
        assert [entry for entry in entries if LEAVING.search(entry)] == [], name
    window.run('print("shown")', "shown").click(button="right")
    menu = page.locator(".lm-Menu:visible").last
    menu.wait_for()
    entries = menu.locator(".lm-Menu-itemLabel").all_inner_texts()
    assert [entry for entry in entries if LEAVING.search(entry)] == []
    page.keyboard.press("Escape")
    page.locator(".jp-DirListing-item").first.click(button="right")
    entries = page.locator(".lm-Menu:visible").last.locator(".lm-Menu-itemLabel").all_inner_texts()
    assert [entry for entry in entries if LEAVING.search(entry)] == []
    page.keyboard.press("Escape")
    clean(window)
    if language == "en":
        window.speak_japanese()
    window.close()
