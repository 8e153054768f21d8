"""The book of names and the keys of readings in Latin letters."""

import pytest

from catalog.identifiers.latin_readings import latin_key, latin_keys_of_kana
from catalog.identifiers.name_book import name_book
from catalog.identifiers.word_kinds import WordKind


@pytest.mark.parametrize(
    ("kana", "spellings"),
    [
        ("オオノ", "Ohno Oono Ōno Ono OHNO"),
        ("サトウ", "Satou Sato Satoh Satō"),
        ("ジュンイチロウ", "Jun'ichiro Junichirou Zyun'itirou"),
        ("ホンマ", "Homma Honma"),
        ("ハッチョウ", "Hatcho Hacchou Hattyo"),
        ("フジタ", "Fujita Huzita"),
        ("ツヅキ", "Tsuzuki Tuduki"),
        ("ユウコ", "Yuko Yuuko Yūko"),
    ],
)
def test_every_romanisation_has_one_key(kana: str, spellings: str) -> None:
    (key,) = latin_keys_of_kana([kana])
    assert {latin_key(spelling) for spelling in spellings.split()} == {key}


def test_what_is_no_katakana_has_no_key() -> None:
    assert latin_keys_of_kana(["ヤマダ", "山田", "タロウ"]) == ["yamada", "", "taro"]


def test_the_book_keeps_writings_readings_and_their_weights() -> None:
    book = name_book(
        [
            ("髙橋", "タカハシ", WordKind.FAMILY),
            ("高梁", "タカハシ", WordKind.FAMILY),
            ("井", "イ", WordKind.FAMILY),
            ("花", "ハナ", WordKind.GIVEN),
            ("スミス", "スミス", WordKind.PERSON),
        ]
    )
    assert {"高橋", "高梁", "たかはし", "タカハシ"} <= book.family.any_script
    assert "イ" not in book.family.kana
    assert book.family.kana["たかはし"] == 2
    assert book.given.letters["花"] == 1
    assert book.others == {"スミス"}


def test_a_dictionary_without_names_is_refused() -> None:
    with pytest.raises(ValueError, match="no names"):
        name_book([("スミス", "スミス", WordKind.PERSON)])
