"""The source's own identifiers: every way of writing finds its form, and what nobody is called finds none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.identifiers.own_candidates import candidates
from catalog.identifiers.own_forms import OwnKind, address_forms, forms_of
from catalog.identifiers.own_latin import latin_key, latin_of_kana
from catalog.identifiers.own_matches import Labelled, forms_in, matches_in
from catalog.identifiers.own_set import OwnSet, OwnSetMaker

KEY = b"k" * 32

WRITTEN = [
    ("患者は髙橋　久子様です", OwnKind.NAME, "高橋久子", "髙橋　久子"),
    ("高\u200b橋久\u200b子", OwnKind.NAME, "高橋　久子", "高\u200b橋久\u200b子"),
    ("山\n口\n麻\n衣", OwnKind.NAME, "山口麻衣", "山\n口\n麻\n衣"),
    ("林 一さん", OwnKind.NAME, "林　一", "林 一"),
    ("カナ：ﾀｶﾊｼﾋｻｺ。", OwnKind.READING, "タカハシヒサコ", "ﾀｶﾊｼﾋｻｺ"),
    ("担当はたかはしひさこさん", OwnKind.READING, "タカハシヒサコ", "たかはしひさこ"),
    ("はらみきさん", OwnKind.READING, "ハラミキ", "はらみき"),
    ("by Hisako TAKAHASHI, MD", OwnKind.READING, "タカハシヒサコ", "Hisako TAKAHASHI"),
    ("takahashi_hisako.csv", OwnKind.READING, "タカハシヒサコ", "takahashi_hisako"),
    ("マリア・デ・ラ・クルス・サントスさん", OwnKind.NAME, "マリア・デ・ラ・クルス・サントス", None),
    (
        "住所は東京都文京区本郷七丁目三番一号",
        OwnKind.ADDRESS,
        "東京都文京区本郷7-3-1",
        "東京都文京区本郷七丁目三番一",
    ),
    ("本郷 ７－３－１－５０１", OwnKind.ADDRESS, "東京都文京区本郷7-3-1", None),
    ("文京区本郷7丁目3番地1", OwnKind.ADDRESS, "東京都文京区本郷７－３－１", None),
    ("tel ０３ー２４１０ー０９４６まで", OwnKind.PHONE, "03-2410-0946", "０３ー２４１０ー０９４６"),
    ("+81-3-2410-0946", OwnKind.PHONE, "03-2410-0946", None),
    ("〇三二四一〇〇九四六", OwnKind.PHONE, "03-2410-0946", None),
    ("電話は(03) 2410-0946です", OwnKind.PHONE, "03-2410-0946", None),
    ("記号・番号：899418・4567892（枝番）03", OwnKind.INSURED, "899418 4567892", None),
    ("id=07654321", OwnKind.CHART, "07654321", "07654321"),
    ("カルテ番号1530\n8642", OwnKind.CHART, "15308642", None),
    ("pt_A-00123_x", OwnKind.CHART, "A00123", None),
    ("mail: Yamaguchi.39959@Example.jp。", OwnKind.EMAIL, "yamaguchi.39959@example.jp", None),
    ("個人番号9415 2796 5917", OwnKind.MY_NUMBER, "941527965917", None),
    ("受給者番号1234567", OwnKind.PUBLIC, "54136015:1234567", None),
]


def found_in(text: str, kind: OwnKind, value: str, label: str = "") -> list[str]:
    ours = dict.fromkeys(forms_of(kind, value), kind)
    assert ours
    texts = [Labelled(text, label)]
    return [text[m.offset : m.offset + m.length] for m in matches_in(texts, ours)]


@pytest.mark.parametrize(("text", "kind", "value", "part"), WRITTEN, ids=[w[0][:12] for w in WRITTEN])
def test_a_value_is_found_however_it_is_written(
    text: str, kind: OwnKind, value: str, part: str | None
) -> None:
    found = found_in(text, kind, value)
    assert len(found) == 1
    assert part is None or found == [part]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("東京都の患者", OwnKind.NAME, "東京　一"),
        ("山田さんは軽快", OwnKind.NAME, "山田　太郎"),
        ("林業一般", OwnKind.NAME, "林　業"),
        ("おはらみきて", OwnKind.READING, "ハラミキ"),
        ("合計 12345678 円", OwnKind.CHART, "12345678"),
        ("電話03-2410-09461234", OwnKind.PHONE, "03-2410-0946"),
    ],
)
def test_what_is_another_thing_is_not_found(text: str, kind: OwnKind, value: str) -> None:
    assert found_in(text, kind, value) == []


def test_short_numbers_count_where_they_are_many() -> None:
    ours = {f"1234567{n}": OwnKind.CHART for n in range(5)}
    column = [Labelled(form) for form in ours]
    counts = [Labelled(str(98_000_000 + 7 * n)) for n in range(100)]
    assert len(matches_in(column, ours)) == 5
    assert matches_in([*column, *counts], ours) == []
    assert len(matches_in([Labelled(c.text, "患者ID") for c in column] + counts, ours)) == 5


def test_an_address_has_three_beginnings() -> None:
    assert list(address_forms("広島県神石郡神石高原町小畠4-18-1")) == [
        "広島県神石郡神石高原町小畠4-18-1",
        "神石郡神石高原町小畠4-18-1",
        "小畠4-18-1",
    ]
    assert list(address_forms("東京都文京区")) == []


def test_spellings_of_one_reading_have_one_key() -> None:
    spellings = ["Ohno Joji", "OONO JOUJI", "Ōno Jōji", "ono zyouzi"]
    assert {latin_key(spelling) for spelling in spellings} == {latin_key(latin_of_kana("オオノジョウジ"))}


@pytest.mark.parametrize("kind", OwnKind)
@pytest.mark.parametrize("value", ["", " ", "　", "一", "12", None])
def test_what_is_nobodys_has_no_form(kind: OwnKind, value: str | None) -> None:
    assert not tuple(forms_of(kind, value))


def test_a_set_without_members_knows_nobody() -> None:
    empty = OwnSetMaker(KEY).made()
    assert (len(empty), empty.kinds_of(["山田太郎"]), empty.kinds_of([])) == (0, b"\0", b"")


def test_a_set_tells_neither_its_key_nor_its_hashes() -> None:
    assert KEY.hex() not in repr(OwnSet(np.arange(3, dtype=np.uint64), np.ones(3, np.uint8), KEY))


@given(st.sets(st.text(min_size=1, max_size=12)), st.sets(st.text(min_size=1, max_size=12)))
def test_membership_is_exact(ours: set[str], others: set[str]) -> None:
    maker = OwnSetMaker(KEY)
    maker.add(OwnKind.NAME, sorted(ours))
    made = maker.made()
    assert made.kinds_of(sorted(ours)) == bytes([OwnKind.NAME]) * len(ours)
    assert made.kinds_of(sorted(others - ours)) == bytes(len(others - ours))


@given(st.text(max_size=60), st.text(max_size=8))
def test_any_text_gives_candidates_that_lie_in_it(text: str, label: str) -> None:
    for candidate in candidates(text, label):
        assert candidate.form
        assert "\n" not in candidate.form
        assert 0 <= candidate.offset < candidate.offset + candidate.length <= len(text)
    assert forms_in([Labelled(text, label)]) == {c.form for c in candidates(text, label)}
