"""Numbers of a column in one way of writing, and what json spells a second time."""

import json

import pytest

from images.reader.hanare_reader.refusals import RefusedError
from tests.support.read_files import reading_of


def column(cells: list[str]) -> tuple[list[str], tuple[str, ...]]:
    made = reading_of(
        "t.csv",
        "".join(
            f"{a},{b}\n" for a, b in [("群", "値"), *((f"g{n}", c) for n, c in enumerate(cells))]
        ).encode(),
    )
    content = made.files[0].content
    assert reading_of("t.csv", content).files[0].content == content
    return [line.partition(",")[2] for line in content.decode().splitlines()[1:]], made.dropped


@pytest.mark.parametrize(
    ("written", "made"),
    [
        (["+5", "7", "+3.5"], ["5", "7", "3.5"]),
        (["100.0", "101", "", "102.00"], ["100", "101", "", "102"]),
        (["0100", "101", "0102"], ["100", "101", "102"]),
        (["１２０", "370"], ["120", "370"]),
        (["00", "12", "007"], ["0", "12", "7"]),
    ],
)
def test_forms_that_differ_within_a_column_become_one(written: list[str], made: list[str]) -> None:
    cells, dropped = column(written)
    assert cells == made
    assert any(code.startswith("number_forms") for code in dropped)


@pytest.mark.parametrize(
    "written",
    [
        ["50.0", "49.0"],
        ["1.0", "2", "3.5"],
        ["01", "02", "47"],
        ["611170508", "620009310"],
        ["0120", "abc", "120.0"],
        ["<10", "+5", "100.0", "101"],
    ],
)
def test_codes_precision_and_words_stay(written: list[str]) -> None:
    cells, dropped = column(written)
    assert cells == written
    assert dropped == ()


def test_what_a_string_of_json_spells_is_found_as_text_that_leaves() -> None:
    content = json.dumps({"x": json.dumps({"memo": "山田太郎"})}).encode()
    made = reading_of("t.json", content)
    assert "山田太郎".encode() not in made.files[0].content
    assert any("山田太郎" in text.text and text.leaves for text in made.files[0].found)


DRAWINGS = {
    "plotly": {"data": [{"type": "scatter", "mode": "markers", "x": [1, 2], "y": [3, 4]}], "layout": {}},
    "vega": {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "mark": "point"},
    "map": {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [139.7, 35.7]}}],
    },
}


@pytest.mark.parametrize("kind", sorted(DRAWINGS))
def test_a_drawing_with_its_data_is_refused(kind: str) -> None:
    with pytest.raises(RefusedError) as caught:
        reading_of("t.json", json.dumps(DRAWINGS[kind]).encode())
    assert caught.value.code == "figure_data_refused"


def test_data_that_are_no_drawing_are_read() -> None:
    assert reading_of(
        "t.json", json.dumps({"data": [{"n": 120, "group": "A"}], "columns": ["n"]}).encode()
    ).files


@pytest.mark.parametrize(
    ("name", "content"),
    [("t.txt", b"a" * 40_000), ("t.md", b"x\n" + b"9" * 33_000), ("t.json", b'{"n": ' + b"9" * 1_000 + b"}")],
)
def test_lines_and_numbers_without_end_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        reading_of(name, content)
    assert caught.value.code == "cell_too_long"


def test_long_lines_of_hidden_words_are_divided_and_overlap() -> None:
    words = "x" * 32_700 + " 山田太郎 " + "y" * 5_000
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": "n = 1",
        "outputs": [{"output_type": "stream", "text": words}],
    }
    made = reading_of(
        "t.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}).encode()
    )
    (found,) = [text for text in made.found if text.part == "output"]
    assert max(map(len, found.text.split("\n"))) <= 32_767
    assert "山田太郎" in found.text


def test_pixels_of_a_notebook_are_no_words_and_its_marks_are() -> None:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" * 9}}
    cell = {
        "cell_type": "code",
        "id": "key-of-a-cell",
        "metadata": {"tags": ["a-tag"]},
        "source": "n = 1",
        "outputs": [picture],
    }
    made = reading_of(
        "t.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}).encode()
    )
    words = "\n".join(text.text for text in made.found)
    assert "key-of-a-cell" in words
    assert "a-tag" in words
    assert "iVBORw0KGgo" not in words
