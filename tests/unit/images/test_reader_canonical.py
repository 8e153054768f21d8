"""The reader's canonical forms: one way of saying each cell, the same every time, or a refusal."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.reader.hanare_reader.canonical import KINDS, Canonical, canonical, kind_of
from images.reader.hanare_reader.refusals import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, RefusedError


def refusal(kind: str, content: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        canonical(kind, content)
    return caught.value


def read(kind: str, content: bytes) -> Canonical:
    return canonical(kind, content)


@pytest.mark.parametrize("name", ["a.xlsx", "a.png", "a", ".csv", "a.csv.gz", "a.html", "", "a.csv/x"])
def test_a_name_outside_the_table_is_refused(name: str) -> None:
    with pytest.raises(RefusedError) as caught:
        kind_of(name)
    assert caught.value.code == "format_refused"


def test_the_kind_follows_the_extension() -> None:
    assert [kind_of(name) for name in ("a.csv", "A.CSV", "表.txt", "r.md")] == ["csv", "csv", "text", "text"]
    assert refusal("xlsx", b"a").code == "format_refused"
    assert set(KINDS.values()) == {"csv", "text"}


def test_a_csv_is_written_again() -> None:
    result = read("csv", '\ufeff"name","n"\r\n"a b",1\r\n"say ""hi""","1,5"\r\n'.encode())
    assert result.content == b'name,n\na b,1\n"say ""hi""","1,5"\n'
    assert (result.rows, result.columns) == (2, 2)
    assert result.dropped == ("byte_order_mark", "line_endings", "quoting")


def test_a_canonical_csv_drops_nothing() -> None:
    result = read("csv", "年齢,人数\n40代,12\n".encode())
    assert result.dropped == ()
    assert result.content == "年齢,人数\n40代,12\n".encode()


def test_cp932_is_the_second_choice_and_said() -> None:
    result = read("csv", "病名,人数\n髙血圧①,12\n".encode("cp932"))
    assert result.content == "病名,人数\n髙血圧①,12\n".encode()
    assert "encoding_cp932" in result.dropped


@pytest.mark.parametrize(
    "content", [b"a\n\xff\xfe\n", b"a\n\xa0\n", b"a,b\n\x81,\x20\n", "a\n¥é\n".encode("latin-1")]
)
def test_other_encodings_are_refused(content: bytes) -> None:
    assert refusal("csv", content).code == "encoding"


@pytest.mark.parametrize(
    ("content", "code", "number"),
    [
        ("a,b\n1\n", "ragged_row", 2),
        ("a,b\n1,2\n1,2,3\n", "ragged_row", 3),
        ("a,b\n1,2\n\n1,2\n", "ragged_row", 3),
        ("a,,c\n", "blank_header", 2),
        ("a, \n", "blank_header", 2),
        ("\na,b\n", "blank_header", 1),
        ("n,N\n", "duplicate_header", 2),
        ("a,a\n", "duplicate_header", 2),
        ('a\n"x\n', "quoting", 2),
        ('a\n"x"y\n', "quoting", 2),
        ('a\n1\n"x\ny"\n', "line_break_in_cell", 3),
        ("a\n1\x00\n", "control_character", 2),
        ("a\x1b[31m\n1\n", "control_character", 1),
        ("a\n1\t2\n", "control_character", 2),
        ("a\n\x85\n", "control_character", 2),
        ("a\nx\u202ey\n", "control_character", 2),
        ("a\nx\u2028y\n", "control_character", 2),
        ("a\n\ufeffy\n", "control_character", 2),
        ("a\n" + "x" * 40_000 + "\n", "cell_too_long", 2),
    ],
)
def test_a_refusal_names_the_place(content: str, code: str, number: int) -> None:
    caught = refusal("csv", content.encode())
    assert caught.code == code
    assert str(number) in caught.en
    assert str(number) in caught.ja


@pytest.mark.parametrize(
    ("kind", "content"), [("csv", b""), ("csv", b"\n\n"), ("text", b""), ("text", b" \r\n")]
)
def test_an_empty_file_is_refused(kind: str, content: bytes) -> None:
    assert refusal(kind, content).code == "empty"


def test_limits() -> None:
    assert refusal("csv", b"a" * (MAX_BYTES + 1)).code == "too_large"
    assert refusal("csv", b"a\n" + b"1\n" * (MAX_ROWS + 1)).code == "too_many_rows"
    assert read("csv", b"a\n" + b"1\n" * MAX_ROWS).rows == MAX_ROWS
    wide = ",".join(f"c{number}" for number in range(MAX_COLUMNS + 1))
    assert refusal("csv", wide.encode()).code == "too_many_columns"
    assert refusal("text", b"1\n" * (MAX_ROWS + 1)).code == "too_many_rows"


@pytest.mark.parametrize("content", [b"a;b\n1;2\n", b"a|b\n1|2\n"])
def test_another_separator_would_hide_the_cells(content: bytes) -> None:
    assert refusal("csv", content).code == "separator"


def test_cells_that_look_like_formulas_are_kept_and_told() -> None:
    result = read("csv", b'a,b\n"=HYPERLINK(""x"")",-1.5\n@x,+1\n')
    assert result.content == b'a,b\n"=HYPERLINK(""x"")",-1.5\n@x,+1\n'
    assert result.notes == ("formula_cells:2",)


def test_an_empty_cell_alone_in_its_row_stays_a_row() -> None:
    result = read("csv", b'a\n""\n1\n')
    assert result.content == b'a\n""\n1\n'
    assert result.rows == 2


def test_text_is_lines_of_utf8() -> None:
    result = read("text", "\ufeff結果\r\n\tp = 0.03\rend".encode())
    assert result.content == "結果\n\tp = 0.03\nend\n".encode()
    assert (result.rows, result.columns) == (3, 0)
    assert result.dropped == ("byte_order_mark", "line_endings", "missing_final_line_end")


def test_text_refuses_what_cannot_be_seen() -> None:
    assert refusal("text", b"a\nb\x0cc\n").code == "control_character"
    assert "2" in refusal("text", b"a\nb\x0cc\n").en


def test_a_refusal_holds_no_value_of_the_file() -> None:
    for content in ("patient-4711,patient-4711\n", "a\npatient-4711\x00\n", "a,b\npatient-4711\n"):
        answer = str(refusal("csv", content.encode()).answer())
        assert "4711" not in answer


@given(st.binary(max_size=300), st.sampled_from(["csv", "text"]))
def test_any_bytes_give_an_answer_and_canonical_is_stable(content: bytes, kind: str) -> None:
    try:
        first = canonical(kind, content)
    except RefusedError:
        return
    second = canonical(kind, first.content)
    assert second.content == first.content
    assert second.dropped == ()
    assert (second.rows, second.columns) == (first.rows, first.columns)


CELLS = st.text(alphabet=st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["", '"', ",", '""', "=1", "é", "\ufeff"]
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"])
)
def test_every_cell_of_a_written_table_survives(rows: list[list[str]], end: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    try:
        result = canonical("csv", buffer.getvalue().encode("utf-8"))
    except RefusedError:
        return
    again = list(csv.reader(io.StringIO(result.content.decode("utf-8"), newline=""), strict=True))
    assert again == rows
    assert canonical("csv", result.content).content == result.content


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-8-sig", "cp932"]))
def test_text_is_stable_in_every_encoding(text: str, encoding: str) -> None:
    try:
        result = canonical("text", text.encode(encoding, "ignore"))
    except RefusedError:
        return
    assert canonical("text", result.content).content == result.content
    assert result.content.endswith(b"\n")
    assert b"\r" not in result.content
