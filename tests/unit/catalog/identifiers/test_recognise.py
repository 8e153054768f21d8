"""Hits and their overlaps, places in the original, check digits, labels near and far."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.identifiers import check_digits
from catalog.identifiers.calendar_forms import find_days
from catalog.identifiers.gazetteer import Gazetteer
from catalog.identifiers.hits import Certainty, Hit, without_overlaps
from catalog.identifiers.recognise import TABLE, Dictionaries, recognise
from catalog.identifiers.written_forms import normalise

PLACES = Dictionaries(
    places=Gazetteer(
        frozenset({"1138655", "1130033"}),
        frozenset({"文京区", "横浜市", "網走郡", "津別町"}),
        frozenset({"本郷"}),
    )
)


def found(text: str, context: str = "") -> list[tuple[str, str]]:
    hits = recognise(text, context=context, dictionaries=PLACES)
    return [(hit.kind, text[hit.offset : hit.end]) for hit in hits]


def test_the_more_certain_hit_stays_whole_and_the_other_is_cut_to_what_sticks_out() -> None:
    sure = Hit("phone", 5, 4, Certainty.CERTAIN)
    wide = Hit("address", 0, 12, Certainty.LIKELY)
    kept = without_overlaps([wide, sure, Hit("name", 6, 1, Certainty.WEAK)])
    assert [(hit.kind, hit.offset, hit.length) for hit in kept] == [
        ("address", 0, 5),
        ("phone", 5, 4),
        ("address", 9, 3),
    ]


@given(st.text("0123456789-ー一二〇 　①\u200b山田電話号番は：A@.京都市区\n", max_size=60))
def test_hits_are_in_order_apart_and_inside_the_text(text: str) -> None:
    hits = recognise(text, dictionaries=PLACES)
    assert all(0 <= hit.offset < hit.end <= len(text) for hit in hits)
    assert all(before.end <= after.offset for before, after in itertools.pairwise(hits))


@given(st.text(max_size=80))
def test_a_normalised_text_knows_where_each_character_came_from(text: str) -> None:
    folded = normalise(text)
    assert len(folded.text) == len(folded.origins) == len(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.origins, folded.ends, strict=True))
    assert list(folded.origins) == sorted(folded.origins)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("か\u3099", "が"),
        ("髙﨑", "高崎"),
        ("葛\U000e0100城", "葛城"),
        ("１ー２", "1-2"),
        ("ターミナル", "ターミナル"),
        ("⓪❶②", "012"),
        ("㍼26", "昭和26"),
        ("A\U000e0041B\u202eC", "ABC"),
    ],
)
def test_normalising_keeps_case_and_reads_clusters(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (check_digits.is_my_number, "123456789018", "123456789012"),
        (check_digits.is_corporate_number, "7000012050002", "8000012050002"),
        (check_digits.is_insurer_number, "33120015", "33120016"),
        (check_digits.is_insurer_number, "138057", "138058"),
        (check_digits.is_public_payer_number, "21136015", "21136016"),
        (check_digits.is_facility_code, "1318814790", "1318814793"),
        (check_digits.is_timestamp, "202104051230", "202113051230"),
        (check_digits.is_luhn, "4111111111111111", "4111111111111112"),
    ],
)
def test_check_digits(check: check_digits.Check, right: str, wrong: str) -> None:
    assert check(right)
    assert not check(wrong)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("個人番号(マイナンバー)は123456789018です", [("my_number", "123456789018")]),
        ("123456789018(個人番号)", [("my_number", "123456789018")]),
        ("カルテ番号00123456、00123457を除外", [("chart_number", "00123456"), ("chart_number", "00123457")]),
        ("個人番号を含まない12000人", []),
        ("患者番号順に上位1000件", []),
        ("JLAC10コード3B035000002327201", []),
        ("病名管理番号20054174", []),
        ("医療費は12345678円", []),
        ("202104051230", []),
        ("〒113-8655", [("postal_code", "113-8655")]),
        ("範囲は113-9999", []),
        ("文京区本郷7-3-1", [("address", "文京区本郷7-3-1")]),
        ("横浜市 60-69歳", []),
        ("横浜市の65-74歳", []),
        ("網走郡津別町123番地", [("address", "網走郡津別町123番地")]),
        ("大学病院と市中病院", []),
        ("糖尿病院内発症", []),
        ("R 4.3.1を用いた", []),
        ("2021年4月1日から2023年3月31日まで", []),
        ("令和元年5月1日に手術", [("event_date", "令和元年5月1日")]),
    ],
)
def test_labels_units_and_look_alikes(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_a_header_is_the_label_of_its_cells() -> None:
    assert found("00123456") == [("id_number", "00123456")]
    assert found("00123456", "カルテ番号") == [("chart_number", "00123456")]
    assert found("18723", "生年月日") == [("birth_date", "18723")]
    assert found("18723", "人数") == []
    assert found("33120015", "病名管理番号") == []


def test_an_era_has_no_day_that_the_calendar_has_not() -> None:
    assert list(find_days("昭和26年2月30日 平成32年1月1日 S70.1.1 2021-13-01")) == []
    assert sorted(day.year for day in find_days("昭和26年2月28日 R5.1.1 令和元年5月1日")) == [
        1951,
        2019,
        2023,
    ]


def test_the_table_names_its_sources_and_no_id_twice() -> None:
    assert len({row.id for row in TABLE}) == len(TABLE)
    assert all(row.source and row.check and row.kinds for row in TABLE)
