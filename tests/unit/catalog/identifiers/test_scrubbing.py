"""The scrubber: a placeholder for every identifier, no text where it cannot be decided, and nothing else changed."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.known_codes import KnownCodes
from catalog.identifiers.own_forms import OwnKind, forms_of
from catalog.identifiers.own_set import OwnSetMaker
from catalog.identifiers.scrubbing import LONGEST, OTHER, PLACEHOLDERS, Scrubber, Status

DIGITS = re.compile(r"[0-9]{4,}")


def numbers(text: str) -> Sequence[Hit]:
    """A recogniser that takes every run of four digits or more for a telephone number."""
    return [
        Hit("phone", m.start(), m.end() - m.start(), Certainty.LIKELY, "digits")
        for m in DIGITS.finditer(text)
    ]


def broken(text: str) -> Sequence[Hit]:
    raise ValueError(text)


def knows(**values: str) -> Scrubber:
    maker = OwnSetMaker(b"k" * 32)
    for kind, value in values.items():
        maker.add(OwnKind[kind], list(forms_of(OwnKind[kind], value)))
    return Scrubber(numbers, maker.made().kinds_of)


def test_every_hit_becomes_the_placeholder_of_its_kind_and_the_rest_stays() -> None:
    done = Scrubber(numbers).scrub("電話 0312345678、体温 36.5\n", ())
    assert (done.text, done.status, done.hits) == ("電話 ［電話］、体温 36.5\n", Status.SCRUBBED, 1)


def test_a_text_without_identifiers_stays_as_it_is() -> None:
    done = Scrubber(numbers).scrub("発熱は認めない。", ("山田　太郎",))
    assert (done.text, done.status, done.hits) == ("発熱は認めない。", Status.CLEAN, 0)


def test_the_sources_own_identifiers_go_whoever_they_are() -> None:
    scrubber = knows(NAME="佐藤　花子", ADDRESS="東京都文京区本郷7-3-1")
    done = scrubber.scrub("妻の佐藤花子様、住所は本郷七丁目三番一号。", ("山田　太郎",))
    assert done.text == "妻の［氏名］様、住所は［住所］号。"


def test_a_persons_own_names_go_in_every_part() -> None:
    scrubber = Scrubber(numbers)
    done = scrubber.scrub("山田様（太郎さん）、ヤマダタロウ殿、林は残る。", ("山田　太郎", "ヤマダタロウ"))
    assert done.text == "［氏名］様（［氏名］さん）、［氏名］殿、林は残る。"
    one = scrubber.scrub("林様は林業。", ("林　一",))
    assert one.text == "［氏名］様は林業。"


@pytest.mark.parametrize(
    "text",
    [
        "a" * (LONGEST + 1),
        "隠し\u202e文字",
        "私用\ue000字",
        "タグ\U000e0041",
        "nul\x00",
        "番号l2O4S6789",
    ],
)
def test_what_cannot_be_decided_does_not_leave(text: str) -> None:
    done = Scrubber(numbers).scrub(text)
    assert (done.text, done.status) == (None, Status.QUARANTINED)


def test_a_recogniser_that_fails_quarantines() -> None:
    done = Scrubber(broken).scrub("発熱")
    assert (done.text, done.status, done.hits) == (None, Status.QUARANTINED, 0)


def test_what_is_still_found_afterwards_quarantines() -> None:
    def one_at_a_time(text: str) -> Sequence[Hit]:
        return [Hit("name", text.index("太"), 1, Certainty.WEAK)] if "太" in text else []

    assert Scrubber(one_at_a_time).scrub("太太").status is Status.QUARANTINED


def test_an_unknown_kind_has_a_placeholder_too() -> None:
    scrubber = Scrubber(lambda text: [Hit("rune", 0, 2, Certainty.WEAK)] if text.startswith("ab") else [])
    assert scrubber.scrub("abc").text == f"{OTHER}c"
    assert all(word.startswith("［") and word.endswith("］") for word in PLACEHOLDERS.values())


@given(st.text(alphabet="あ山0123456789 -\n", max_size=60))
def test_no_digits_that_are_found_are_left_and_what_is_not_found_is_not_touched(text: str) -> None:
    done = Scrubber(numbers).scrub(text)
    assert done.text is not None
    assert not DIGITS.search(done.text)
    assert list(DIGITS.split(text)) == done.text.split("［電話］")


@given(st.text(alphabet="あ山、。", max_size=30), st.text(alphabet="0123456789", min_size=4, max_size=12))
def test_what_stands_there_does_not_change_what_is_left(around: str, number: str) -> None:
    one = Scrubber(numbers).scrub(f"{around}{number}{around}")
    other = Scrubber(numbers).scrub(f"{around}0000{around}")
    assert one == other


def records(text: str) -> Sequence[Hit]:
    """A recogniser that takes every long run of digits for the number of a record."""
    return [
        Hit("record_number", m.start(), m.end() - m.start(), Certainty.LIKELY, "label")
        for m in DIGITS.finditer(text)
    ]


CODES = KnownCodes.of(["101624401", "2171022F2ZZZ", " ", "薬"])


@pytest.mark.parametrize(
    "text",
    [
        "処方薬コード101624401。",
        "HOT9: 101624401",
        "薬剤コードは「101624401」",
        "ＨＯＴ番号１０１６２４４０１",
        "オーダ番号123456789012345で依頼済み。",
        "order no. 123456789012345",
    ],
)
def test_codes_of_known_vocabularies_stay_where_such_codes_stand(text: str) -> None:
    assert Scrubber(records, codes=CODES).scrub(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "処方薬コード101624402。",
        "患者番号101624401。",
        "101624401",
        "処方薬コードと患者101624401",
        "オーダ番号12345678901234で",
        "オーダ番号1234567890123456で",
        "患者番号123456789012345",
    ],
)
def test_other_numbers_and_codes_elsewhere_go(text: str) -> None:
    assert Scrubber(records, codes=CODES).scrub(text).text == DIGITS.sub(OTHER, text)


def test_a_code_that_is_somebodys_own_number_goes() -> None:
    maker = OwnSetMaker(b"k" * 32)
    maker.add(OwnKind.CHART, list(forms_of(OwnKind.CHART, "101624401")))
    done = Scrubber(records, maker.made().kinds_of, codes=CODES).scrub("HOT9: 101624401")
    assert done.text is not None
    assert "101624401" not in done.text


def test_what_a_check_digit_says_is_not_explained_away() -> None:
    hit = Hit("my_number", 5, 9, Certainty.CERTAIN, "check_digit")
    assert not CODES.explain("HOT9:101624401", hit)
