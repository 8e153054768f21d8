"""A csv inside a text keeps its counts of three digits apart; a line of digits is read in no time."""

import random
import time

import pytest

from tests.unit.output_review.disclosure.checked_files import cells, check, verdict


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("診断,男,女\nA,120,7\nB,230,140\nC,150,90\n", (2, "女")),
        ("診断,男,女\nA,120,140\nB,230,150\nC,150,7\n", (4, "女")),
        ("sex,n\nM,123\nF,7\n", (3, "n")),
        ("dx,a,b,c\nI21,120,300,9\nI50,111,222,333\n", (2, "c")),
        ("A,120,7\nB,230,140\nC,150,900\n", (1, "C")),
        ("人数は次のとおり。\n\n群、男、女\n甲、120、8\n乙、230、140\n", (4, "女")),
    ],
)
def test_commas_before_three_digits_part_cells_in_a_csv(text: str, place: tuple[int, str]) -> None:
    assert cells(check(text, "txt")) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "対象は1,234例、除外は12例であった。\n結果は2,345例、追跡は23例であった。\n",
        "N = 1,234\nM = 2,345\n",
        "群  N\n甲  1,007\n乙  2,009\n",
        "群; N\n甲; 1,007\n乙; 2,009\n",
    ],
)
def test_thousands_stay_one_number(text: str) -> None:
    assert verdict(text, "txt") in {"pass", "review"}
    assert cells(check(text, "txt")) == []


@pytest.mark.parametrize("between", [("", 1), (",", 3), (" ", 1), (",", 1), (".", 3)])
def test_ten_thousand_digits_on_a_line_are_read_in_no_time(between: tuple[str, int]) -> None:
    draw = random.Random(1)
    separator, size = between
    digits = "".join(draw.choice("0123456789") for _ in range(10_000))
    text = separator.join(digits[i : i + size] for i in range(0, len(digits), size))
    began = time.process_time()
    check(f"結果 {text} 例\n", "txt")
    assert time.process_time() - began < 3
