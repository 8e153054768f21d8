"""Whatever a steward's file holds, the compiler answers; and what it lets through names no identifier."""

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import ColumnClass
from catalog.view_compiler import compile_view
from tests.support.catalog_views import HONEST, HOSTILE

FORBIDDEN = {
    f"{table.name}.{column.name}"
    for table in CANONICAL.tables.values()
    for column in table.columns
    if column.column_class in {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.FREE_TEXT}
}
USABLE = {
    column.name
    for table in CANONICAL.tables.values()
    for column in table.columns
    if f"{table.name}.{column.name}" not in FORBIDDEN
}
FORBIDDEN_NAMES = {place.partition(".")[2] for place in FORBIDDEN} - USABLE - {"text", "section"}
"""Names that no column has that may be used, and that are no words besides."""
TEXTS = [*HONEST.values(), *(text for text, _ in HOSTILE.values())]
WORDS = sorted({word for text in TEXTS for word in text.replace("(", " ( ").replace(")", " ) ").split()})


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    compilation = compile_view(text, CANONICAL)
    assert (compilation.view is None) == bool(compilation.refusals)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(TEXTS), st.lists(st.tuples(st.integers(0, 200), st.sampled_from(WORDS)), max_size=3))
def test_honest_views_with_words_exchanged_never_carry_an_identifier(
    text: str, exchanges: list[tuple[int, str]]
) -> None:
    words = text.replace("(", " ( ").replace(")", " ) ").split()
    for place, word in exchanges:
        if words:
            words[place % len(words)] = word
    view = compile_view(" ".join(words), CANONICAL).view
    if view is None:
        return
    assert not view.influence & FORBIDDEN
    for column in view.columns:
        assert not FORBIDDEN & set(column.values)
    given = {
        column.name for column in view.columns
    }  # a count may be called anything; influence was asked above
    assert not [
        name for name in FORBIDDEN_NAMES - given if f'"{name}"' in view.sql.replace(f'AS "{name}"', "")
    ]
    duckdb.extract_statements(view.sql)  # the database reads it as exactly one statement
    assert len(duckdb.extract_statements(view.sql)) == 1
