"""What is shown of a file is all of it, and a mark is exactly where the finding is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enclave.sentences import say
from enclave.web.payload_lines import compared, payload_lines
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.web.sheets import PAGE_ROWS, Sheet, column_name, make_sheet

TABLE = "sex,n,n\n1,5,6\n2,70,80\n"


def finding(severity: Severity = Severity.FIX, **place: str | int) -> Finding:
    return Finding("r", severity, Place(**place), say("x"))  # type: ignore[arg-type]


def marked(sheet: Sheet) -> dict[tuple[int, int], str]:
    rows = ([sheet.header] if sheet.header else []) + list(sheet.rows)
    return {
        (row.number, i): piece.severity
        for row in rows
        for i, piece in enumerate(row.pieces)
        if piece.severity
    }


@pytest.mark.parametrize(
    ("place", "cells"),
    [
        ({"row": 2, "column": "sex"}, {(2, 0)}),
        ({"row": 3, "column": "n"}, {(3, 1), (3, 2)}),
        ({"row": 2}, {(2, 0), (2, 1), (2, 2)}),
        ({"column": "sex"}, {(1, 0)}),
        ({"row": 1, "column": "sex"}, {(1, 0)}),
        ({"row": 2, "column": "no such"}, {(2, 0), (2, 1), (2, 2)}),
        ({}, set()),
    ],
)
def test_a_finding_marks_its_place_in_a_table(place: dict[str, Any], cells: set[tuple[int, int]]) -> None:
    assert (
        set(marked(make_sheet("csv", TABLE, [Finding("r", Severity.FIX, Place(**place), say("x"))]))) == cells
    )


def test_the_heavier_finding_shows() -> None:
    light, heavy = finding(Severity.INFO, row=2, column="sex"), finding(Severity.REJECT, row=2, column="sex")
    for both in ([light, heavy], [heavy, light]):
        assert marked(make_sheet("csv", TABLE, both)) == {(2, 0): "reject"}


def test_a_column_without_a_header_has_a_letter() -> None:
    assert [column_name(["a", " "], i) for i in (0, 1, 25, 26, 27, 701, 702)] == [
        "a",
        "B",
        "Z",
        "AA",
        "AB",
        "ZZ",
        "AAA",
    ]
    assert set(marked(make_sheet("csv", "a,\n1,2\n", [finding(row=2, column="B")]))) == {(2, 1)}


def test_characters_are_marked_across_lines() -> None:
    text = "abc\ndefg\nhi\n"
    sheet = make_sheet("text", text, [finding(offset=2, length=4), finding(Severity.REVIEW, row=3)])
    shown = [[(piece.text, piece.severity) for piece in row.pieces] for row in sheet.rows]
    assert shown == [
        [("ab", ""), ("c", "fix")],
        [("de", "fix"), ("fg", "")],
        [("hi", "review")],
    ]


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=30))
def test_a_table_loses_no_cell(rows: list[list[str]]) -> None:
    text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    sheet = make_sheet("csv", text, [])
    assert sheet.header is not None
    shown = [[piece.text for piece in row.pieces] for row in (sheet.header, *sheet.rows)]
    width = max(len(row) for row in rows)
    assert shown == [row + [""] * (width - len(row)) for row in rows]
    assert sheet.total == len(rows)


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200),
    st.lists(st.tuples(st.integers(0, 220), st.integers(1, 50)), max_size=5),
)
def test_a_text_loses_no_character_however_it_is_marked(text: str, spans: list[tuple[int, int]]) -> None:
    findings = [finding(offset=offset, length=length) for offset, length in spans]
    sheet = make_sheet("text", text, findings)
    shown = "\n".join("".join(piece.text for piece in row.pieces) for row in sheet.rows)
    assert shown == text.removesuffix("\n")
    outside: list[int] = []
    position = 0
    for row in sheet.rows:
        for piece in row.pieces:
            if not piece.severity:
                outside += range(position, position + len(piece.text))
            position += len(piece.text)
        position += 1
    hit = {i for offset, length in spans for i in range(offset, offset + length)}
    assert not hit & set(outside), "no character of a finding is unmarked"


@pytest.mark.parametrize("rows", [0, 1, PAGE_ROWS, PAGE_ROWS + 1, 3 * PAGE_ROWS])
def test_pages_hold_every_row_once(rows: int) -> None:
    text = "h\n" + "".join(f"{i}\n" for i in range(rows))
    first = make_sheet("csv", text, [])
    numbers = [row.number for n in range(1, first.pages + 1) for row in make_sheet("csv", text, [], n).rows]
    assert numbers == list(range(2, rows + 2))


def test_a_finding_knows_its_page() -> None:
    text = "h\n" + "".join(f"{i}\n" for i in range(2 * PAGE_ROWS))
    sheet = make_sheet("csv", text, [finding(row=2), finding(row=PAGE_ROWS + 1), finding(row=PAGE_ROWS + 2)])
    assert dict(sheet.page_of) == {2: 1, PAGE_ROWS + 1: 1, PAGE_ROWS + 2: 2}


def test_a_field_too_long_for_a_cell_is_still_shown() -> None:
    text = f"h\n{'x' * 200_000}\n"
    sheet = make_sheet("csv", text, [])
    assert sheet.kind == "text"
    assert [len(row.pieces[0].text) for row in sheet.rows] == [1, 200_000]


def test_a_payload_is_shown_line_by_line_and_whole() -> None:
    payload = '{"a":[1,{"b":"x"}],"c":"one\\ntwo","d":{},"e":"","f":null,"g":" "}'
    assert payload_lines(payload) == [
        "a:",
        "  - 1",
        "  -",
        "    b: x",
        "c: |",
        "  one",
        "  two",
        "d: {}",
        'e: ""',
        "f: null",
        'g: " "',
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab\n", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("xyz", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values, json_values)
def test_a_comparison_is_the_new_payload_with_what_went_between(new: object, old: object) -> None:
    after, before = json.dumps({"p": new}), json.dumps({"p": old})
    lines = compared(after, before)
    assert [line.text for line in lines if line.change != "removed"] == payload_lines(after)
    assert [line.text for line in lines if line.change != "added"] == payload_lines(before)
