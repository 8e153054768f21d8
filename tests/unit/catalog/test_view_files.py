"""Heads of view files, what an approval is bound to, and the schema it is bound to."""

import json
from dataclasses import replace

import pytest

from catalog.schema.canonical import CANONICAL_DIGEST
from catalog.schema.columns import Column, ColumnClass, Table, schema_digest, schema_of
from catalog.views.files import Label, profile_line, read_view, view_digest, view_from_document
from enclave.errors import InvalidInputError
from tests.support.catalog_house import DEMO_VIEWS

TEXT = """-- table: lab
-- label: 検査結果 / laboratory results
-- profile: pseudo
-- column n: 件数
SELECT count(*) AS n FROM lab_result
"""


def test_a_head_is_read() -> None:
    view = read_view("x", TEXT)
    assert (view.table, view.label, view.profile) == (
        "lab",
        Label("検査結果", "laboratory results"),
        "pseudo",
    )
    assert view.columns == (("n", Label("件数", "件数")),)


def test_without_a_head_the_files_name_is_the_table() -> None:
    view = read_view("Lab-Results", "SELECT 1 AS n FROM patient")
    assert (view.table, view.columns) == ("lab_results", ())


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "x" * 70_000,
        "-- table: a b\nSELECT 1",
        '-- table: "; DROP\nSELECT 1',
        "-- profile: none\nSELECT 1",
        "-- table: a\n-- table: b\nSELECT 1",
        "-- column a: x\n-- column a: y\nSELECT 1",
    ],
)
def test_a_bad_head_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_view("x", text)


def test_what_stands_below_the_sql_is_no_head() -> None:
    assert read_view("x", "SELECT 1\n-- table: other").table == "x"


def test_any_change_is_another_view() -> None:
    view = read_view("x", TEXT)
    digests = {
        view_digest(view, "s"),
        view_digest(view, "t"),
        view_digest(replace(view, table="lab2"), "s"),
        view_digest(replace(view, label=Label("検査", "laboratory results")), "s"),
        view_digest(replace(view, profile="anon"), "s"),
        view_digest(replace(view, columns=(("n", Label("数", "件数")),)), "s"),
        view_digest(replace(view, text=TEXT + " "), "s"),
    }
    assert len(digests) == 7


def test_an_adopted_document_reads_back_as_the_same_view() -> None:
    for path in DEMO_VIEWS:
        view = read_view(path.stem, path.read_text(encoding="utf-8"))
        document = json.loads(json.dumps(view.document(CANONICAL_DIGEST)))
        assert view_from_document(document) == view


@pytest.mark.parametrize("document", [{}, {"table": 1}, {"table": "a", "sql": "SELECT 1"}])
def test_what_is_no_document_of_a_view_is_refused(document: dict[str, str | int]) -> None:
    with pytest.raises(InvalidInputError):
        view_from_document(dict(document))


def test_a_key_without_an_entity_cannot_be_written_down() -> None:
    with pytest.raises(ValueError, match="entity"):
        Column("k", ColumnClass.LINKABLE, "BIGINT", "鍵", "key")
    with pytest.raises(ValueError, match="entity"):
        Column("k", ColumnClass.CLINICAL, "BIGINT", "鍵", "key", entity="patient")


def test_a_schemas_digest_moves_with_a_class_and_not_with_a_label() -> None:
    def digest(column: Column) -> str:
        return schema_digest(schema_of([Table("t", "表", "table", (column,))]))

    one = Column("a", ColumnClass.CLINICAL, "VARCHAR", "あ", "a")
    assert digest(one) == digest(replace(one, ja="い"))
    assert digest(one) != digest(replace(one, column_class=ColumnClass.FREE_TEXT))
    assert digest(one) != digest(replace(one, type="DATE"))


def test_names_are_not_given_twice() -> None:
    column = Column("a", ColumnClass.CLINICAL, "VARCHAR", "あ", "a")
    with pytest.raises(ValueError, match="twice"):
        schema_of([Table("t", "表", "table", (column, column))])
    with pytest.raises(ValueError, match="one name"):
        schema_of([Table("t", "表", "table", (column,)), Table("t", "表", "table", (column,))])


def test_a_head_without_a_profile_has_the_one_that_was_asked_for() -> None:
    text = "SELECT 1 AS n FROM patient"
    assert [read_view("x", text).profile, read_view("x", text, "anon").profile] == ["pseudo", "anon"]
    stated = "-- table: t\n-- profile: anon\n" + text
    assert read_view("x", stated, "pseudo").profile == "anon"
    assert (profile_line(text), profile_line(stated)) == (None, 2)
    with pytest.raises(InvalidInputError):
        read_view("x", text, "none")
