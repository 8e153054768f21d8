"""Small counts in running text, and tables inside text."""

import pytest

from tests.unit.output_review.disclosure.checked_files import check, findings, verdict


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("対象は三名であった。", "三名"),
        ("女性は7例、男性は20例。", "7例"),
        ("女性は７例、男性は20例。", "７例"),
        ("各群 n=4 とした。", "n=4"),
        ("各群 Ｎ＝４ とした。", "Ｎ＝４"),
        ("There were three patients.", "three patients"),
        ("8 female patients died", "8 female patients"),
        ("3/45例が死亡した。", "3/45例"),
        ("男性: 7\n女性: 12\n", "7"),
        ("結果\r\n対象は3名。\r\n", "3名"),
    ],
)
def test_a_small_count_in_words_is_placed_by_its_characters(text: str, counted: str) -> None:
    found = findings(check(text, "txt"), "SDC.small_cell")
    assert len(found) == 1
    where = found[0].where
    assert where.offset is not None and where.length is not None
    assert text[where.offset : where.offset + where.length] == counted
    assert where.row == text[: where.offset].count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "第3例を参照。2名の査読者が確認した。1人当たりの費用。10人以上の群。3人に1人。",
        "本解析は2次医療圏ごとに集計した。橋本病、川崎病、長谷川式を扱う。2019年4月から2021年3月、バージョン4.3.1。",
        "OR 1.25 (95% CI 1.10-1.40), p = 0.003, n = 1204. HR 0.8, df = 3.",
        "import pandas as pd\nx = 3\nfor i in range(3):\n    print(df.head(5))\n",
        "1. Yamada T, Suzuki H. Title. J Med. 2019;3(2):12-18.\n2. Sato K. Other. Lancet 2020;5:1-9.\n",
        "No. Iterations:  6\nDf Model:  3\n",
        "対象は0名であった。",
    ],
)
def test_ordinary_words_have_no_finding(text: str) -> None:
    assert check(text, "txt").files[0].findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "# 結果\n\n| dx | n |\n|---|---:|\n| a | 7 |\n| b | 20 |\n",
        "dx | n\n---|---\na | 7\nb | 20\n",
        "     n\na   12\nb    7\n",
        "     n\na    7\n",
        "sex,n\nm,12\nf,7\n",
        "sex\tn\nm\t12\nf\t7\n",
        "sex n\nm 12\nf 7\n",
        "7\n",
    ],
)
def test_a_table_in_text_is_read_and_its_cell_placed(text: str) -> None:
    (found,) = findings(check(text, "md"), "SDC.small_cell")
    where = found.where
    assert where.offset == text.index("7")
    assert where.length == 1
    assert where.row == text[: text.index("7")].count("\n") + 1


def test_text_and_table_are_one_output() -> None:
    table = "| 診断 | 男 | 女 |\n|---|---|---|\n| 肺炎 | 25 | <10 |\n\n"
    assert verdict(table + "女性は多くない。\n", "md") == "pass"
    assert verdict(table + "女性は3名であった。\n", "md") == "fix"
    assert verdict(table + "女性は3であった。\n", "md") == "review"
    assert verdict("診断,男,女\n肺炎,25,<10\n注: 女性は3名,,\n") == "fix"
