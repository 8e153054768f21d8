"""The catalogue: what it says of a column, how coarse its figures are, what a search finds."""

import pytest

from catalog.catalogue import Catalogue, Figures, Use, coarse, described, folded, public, search, use_of
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import ColumnClass, schema_of
from tests.support.catalogues import published

TABLES = published().tables


def names(words: str) -> list[str]:
    return [hit.table.name for hit in search(TABLES, words)]


def test_an_empty_catalogue_has_nothing_to_find() -> None:
    empty = Catalogue((), "", 10, 100)
    assert empty.table("patient") is None
    assert public(empty) == empty
    assert search(empty.tables, "") == ()
    assert described(schema_of(()), CANONICAL, ()) == ()


@pytest.mark.parametrize(
    ("count", "least", "shown"),
    [
        (0, 10, 0),
        (1, 10, None),
        (9, 10, None),
        (10, 10, 10),
        (19, 10, 10),
        (20, 10, 20),
        (12_345, 100, 12_300),
    ],
)
def test_a_count_is_none_too_few_or_whole_steps(count: int, least: int, shown: int | None) -> None:
    assert coarse(count, least) == shown


@pytest.mark.parametrize("count", range(0, 250, 7))
def test_coarse_counts_never_say_more_than_there_is(count: int) -> None:
    for least in (10, 25, 100):
        shown = coarse(count, least)
        assert shown is None or (shown <= count and (shown == 0 or shown >= least) and shown % least == 0)


def test_what_a_project_can_be_given_follows_from_the_class() -> None:
    assert {sort: use_of(sort) for sort in ColumnClass} == {
        ColumnClass.DIRECT_IDENTIFIER: Use.NEVER,
        ColumnClass.STAFF: Use.NEVER,
        ColumnClass.FREE_TEXT: Use.SCRUBBED,
        ColumnClass.LINKABLE: Use.PSEUDONYM,
        ColumnClass.QUASI_IDENTIFIER: Use.VALUE,
        ColumnClass.SENSITIVE: Use.VALUE,
        ColumnClass.CLINICAL: Use.VALUE,
        ColumnClass.ADMINISTRATIVE: Use.VALUE,
    }


def test_no_figure_stands_beside_what_is_not_given() -> None:
    (table,) = described(
        CANONICAL.restricted_to(["claim"]),
        CANONICAL,
        [("claim", Figures(100, 100, "", "", (50,) * 99, (5,) * 99))],
    )
    for column in table.columns:
        assert (column.filled is None) == (column.use is not Use.VALUE), column.name
        assert (column.shared is None) == (column.use is not Use.VALUE), column.name


def test_identities_are_listed_and_given_to_nobody() -> None:
    identity = published().table("patient_identity")
    assert identity is not None
    assert not identity.available
    assert all(c.use is not Use.VALUE for c in identity.columns if c.name != "source_system")


def test_the_public_is_told_years_and_larger_steps() -> None:
    shown = public(published())
    lab, death, code = (shown.table(name) for name in ("lab_result", "death", "code_icd10"))
    assert lab is not None
    assert (lab.rows, lab.persons, lab.first, lab.last) == (1_234_500, 1_800, "2022", "2025")
    assert all(column.filled is None and column.shared is None for column in lab.columns)
    odd = shown.table("odd_registry")
    assert odd is not None
    assert (odd.rows, odd.persons) == (None, None)
    assert death is not None
    assert (death.rows, death.persons) == (None, None)
    assert code is not None
    assert not code.of_people


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lab_result", "lab_result"),
        ("ＪＬＡＣ１０", "lab_result"),
        ("ｼﾞｪｲ", ""),
        ("ﾊﾞｲﾀﾙ", "vital"),
        ("ばいたる", "vital"),
        ("SPECIMEN TAKEN", "lab_result"),
        ("検査結果 単位", "lab_result"),
        ("検査結果 存在しない語", ""),
        ("UCUM", "lab_result"),
    ],
)
def test_a_search_does_not_mind_width_case_or_kana(words: str, found: str) -> None:
    assert (found in names(words)) if found else names(words) == []


def test_no_words_find_every_data_set_and_no_column() -> None:
    assert names("  ") == [table.name for table in TABLES]
    assert all(hit.columns == () for hit in search(TABLES, ""))


def test_a_search_says_which_columns_it_means() -> None:
    hits = {hit.table.name: [c.name for c in hit.columns] for hit in search(TABLES, "レセ電 傷病名コード")}
    assert "receipt_disease_code" in hits["diagnosis"]
    assert "source_ref" not in {c for columns in hits.values() for c in columns}
    assert names("元資料") == []


@pytest.mark.parametrize("text", ["", "Ａ", "ｶﾞ", "ガ", "が", "ß", "Ⅲ"])
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded("ｶﾞ") == folded("が") == folded("ガ")
