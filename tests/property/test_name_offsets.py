"""Whatever the text, names have places in it; no text raises; a cut of the tokeniser loses no name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.adapters.sudachi_words import LARGEST_PIECE, sudachi_words
from catalog.identifiers.names import find_names
from catalog.identifiers.readings import read

PIECES = st.sampled_from(
    ["山田太郎", "やまだ", "はなこ", "ﾔﾏﾀﾞﾀﾛｳ", "さん", "様", "氏名：", "は", "の", "患者", "Taro", "YAMADA", "・", "ジョン", "スミス", "\u200b",
     "\u3099", "ﾞ", "\U000e0041", "\u202e", "㍼", "①", "\n", " ", "　", ",", '"', "7", "王", "金哲秀", "\ud800", "邉", "﨑", "葛󠄀城", "-", "_", "Y.T.", "歳"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))
BENIGN = "血液検査では炎症反応の上昇を認め抗菌薬の点滴を開始し"


@given(TEXTS, st.sampled_from(["", "氏名", "name", "値"]))
@settings(max_examples=150, deadline=None)
def test_hits_are_places_of_the_text(text: str, context: str) -> None:
    end = 0
    for hit in find_names(read(text, context, words=sudachi_words())):
        assert end <= hit.offset < hit.end <= len(text)
        assert text[hit.offset : hit.end].strip()
        end = hit.end


@pytest.mark.slow
@given(
    st.integers(-14, 14),
    st.sampled_from(["", "。", "\n", "、"]),
    st.sampled_from(["山田太郎が", "やまだはなこが", "YAMADA TARO が"]),
)
@settings(max_examples=30, deadline=None)
def test_a_name_on_a_cut_is_found(shift: int, mark: str, name: str) -> None:
    filling = (BENIGN + mark) * (LARGEST_PIECE // len(BENIGN + mark) + 1)
    text = filling[: LARGEST_PIECE + shift - len(name)] + "、" + name + filling[:400]
    start = text.index(name)
    hits = list(find_names(read(text, words=sudachi_words())))
    assert any(hit.offset <= start and hit.end >= start + len(name) - 2 for hit in hits)
