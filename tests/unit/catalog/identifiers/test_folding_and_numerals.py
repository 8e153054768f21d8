"""Folding keeps the way back to the original; numerals are read in every form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.identifiers.numerals import read_whole_number
from catalog.identifiers.written_forms import compact, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Ａｂ７", "ab7"), ("①", "1"), ("a\u200bb\ufe0f", "ab"), ("1‐2−3", "1-2-3"), ("٧", "7"), ("㌔", "キロ")],
)
def test_folding(written: str, folded: str) -> None:
    assert fold(written).text == folded


@given(st.text())
@settings(deadline=None)
def test_every_folded_character_has_an_origin_in_order(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.origins)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= origin < len(text) for origin in folded.origins)
    assert len(compact(folded).text) == len(compact(folded).origins)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("7", 7), ("007", 7), ("7.0", 7), ("7e0", 7), ("1.2e1", 12), ("1,204", 1204), ("七", 7), ("〇", 0), ("十二", 12),
        ("二三", 23), ("二十三", 23), ("百", 100), ("1万2千", 12000), ("壱", 1), ("+7", 7),
    ],
)  # fmt: skip
def test_whole_numbers(written: str, number: int) -> None:
    assert read_whole_number(written) == number


@pytest.mark.parametrize("written", ["", "7.5", "1.25e1", "七人", "1,20", "abc", "-7", "9" * 30, "1e99"])
def test_what_is_no_whole_number(written: str) -> None:
    assert read_whole_number(written) is None


@given(st.integers(min_value=0, max_value=10**12))
@settings(deadline=None)
def test_every_integer_reads_as_itself(number: int) -> None:
    assert read_whole_number(str(number)) == number
    assert read_whole_number(f"{number:,}") == number
