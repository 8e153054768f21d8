"""Which lines are prose, how much of it is chosen, and what a model's guess is worth."""

import pytest

from catalog.identifiers.prose import choose_prose, could_be_person, is_prose
from catalog.identifiers.worded_text import WordedText
from tests.support.pretend_words import PretendWords

LINE = "患者は外来でお薬をもらっている。"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "年齢,人数",
        "import pandas as pd",
        "12,345,678",
        "男性",
        "Table 1. Characteristics",
        "2021年04月05日は12,345例で67.8%だった",
    ],
)
def test_tables_code_and_numbers_are_no_prose(line: str) -> None:
    assert not is_prose(line)


def test_what_does_not_fit_is_counted() -> None:
    sample = choose_prose([f"{LINE}\na,1\n{LINE}", LINE], most=2 * len(LINE) + 1)
    assert [(line.text, line.offset) for line in sample.lines] == [(0, 0), (0, len(LINE) + 5)]
    assert sample.left_out == len(LINE)
    assert choose_prose(["1,2,3"], 100) == ((), 0)


@pytest.mark.parametrize(
    ("text", "guess", "counts"),
    [
        ("患者の畤乂は", "畤乂", True),
        ("患者の山田は", "山田", True),
        ("橋本病の患者", "橋本", False),
        ("山田病院の", "山田病院", False),
        ("東京の患者", "東京", False),
        ("クローン病", "クローン", False),
        ("HSILの患者", "HSIL", False),
        ("患者さんの", "患者", False),
    ],
)
def test_a_guess_counts_only_if_the_dictionary_agrees(text: str, guess: str, counts: bool) -> None:
    start = text.index(guess)
    assert could_be_person(WordedText(text, PretendWords()), start, start + len(guess)) is counts
