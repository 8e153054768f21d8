"""Members and authors are found all the same, and said to be such."""

import pytest

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.known_people import (
    NOBODY,
    known_people,
    marked,
    name_key,
    stated_authors,
)

PEOPLE = known_people(["明石 芽衣"], ["Taro Ōno", "犬飼健"])


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("明石芽衣", "member"),
        ("明石　芽衣先生", "member"),
        ("明\u200b石芽衣", "member"),
        ("ONO, Taro", "author"),
        ("taro_ono", "author"),
        ("犬飼 健", "author"),
    ],
)
def test_a_known_name_says_whose_it_is(written: str, form: str) -> None:
    text = f"担当 {written} です"
    hit = Hit("name", 3, len(written), Certainty.LIKELY, "kanji")
    assert marked(hit, text, PEOPLE) == Hit("name", 3, len(written), Certainty.WEAK, form)


@pytest.mark.parametrize("written", ["明石", "明石さん", "Ono", "明石芽衣子", "山田太郎", "さん", ""])
def test_part_of_a_name_or_another_name_stays_what_it_is(written: str) -> None:
    hit = Hit("name", 0, len(written), Certainty.LIKELY)
    assert marked(hit, written, PEOPLE) is hit


def test_other_kinds_and_no_people_change_nothing() -> None:
    hit = Hit("phone", 0, 4, Certainty.LIKELY)
    assert marked(hit, "明石芽衣", PEOPLE) is hit
    name = Hit("name", 0, 4, Certainty.LIKELY)
    assert marked(name, "明石芽衣", NOBODY) is name
    assert name_key("   ") == ""
    assert known_people(["林", ""], ["x"]) == NOBODY


def test_authors_are_read_from_their_line_only() -> None:
    statement = "糖尿病の年齢別人数。\n著者：犬飼健¹、明石 芽衣；\nAuthors: Taro Ono, Mei Akashi and John Smith\n患者：山田太郎"
    assert stated_authors(statement) == ("犬飼健", "明石 芽衣", "Taro Ono", "Mei Akashi", "John Smith")
    assert stated_authors("著者は山田太郎である") == ()
