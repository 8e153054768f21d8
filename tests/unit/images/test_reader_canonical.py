"""Tables, text and scripts in canonical form: one way of saying each cell, the same every time."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.reader.hanare_reader.formats import Upload, all_formats, find_format, read
from images.reader.hanare_reader.refusals import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, NUMBERS_OF, RefusedError
from images.reader.hanare_reader.results import CanonicalFile, Reading


def reading(name: str, content: bytes | str) -> Reading:
    return read(Upload(name, content.encode() if isinstance(content, str) else content))


def one(name: str, content: bytes | str) -> CanonicalFile:
    (file,) = reading(name, content).files
    return file


def refusal(name: str, content: bytes | str) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        reading(name, content)
    return caught.value


@pytest.mark.parametrize("name", ["a.xyz", "a", ".csv", "", "a.csv/x", "a.csv.", "a.csv.xyz"])
def test_a_name_outside_the_registry_is_refused(name: str) -> None:
    assert refusal(name, b"a,b\n1,2\n").code == "format_refused"


def test_every_entry_of_the_registry_is_read_or_refused_and_each_ending_stands_once() -> None:
    endings = [suffix for entry in all_formats() for suffix in entry.suffixes]
    assert len(endings) == len(set(endings))
    for entry in all_formats():
        assert bool(entry.reader) != bool(entry.refusal), entry.name
        assert bool(entry.leaves_as) == bool(entry.reader), entry.name
        assert entry.refusal in {"", *NUMBERS_OF}, entry.name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("t.html", b"<html>", "html_refused"),
        ("t.txt", b"<!DOCTYPE html><html>", "disagrees"),
        ("t.csv", b"PK\x03\x04....", "disagrees"),
        ("t.csv", b"\x89HDF\r\n", "disagrees"),
        ("t.xlsx", b"a,b\n1,2\n", "disagrees"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "disagrees"),
        ("t.pkl", b"\x80\x04N.", "model_refused"),
        ("t.xyz", b"\x80\x04N.", "model_refused"),
        ("t.rds", b"RDX3\n", "statistics_file_refused"),
        ("t.duckdb", b"", "database_refused"),
        ("t.dcm", b"\0" * 128 + b"DICM", "recording_refused"),
        ("t.xlsm", b"PK\x03\x04", "macro_refused"),
        ("t.zip", b"PK\x03\x04", "archive_refused"),
        ("t.exe", b"MZ\x90", "program_refused"),
    ],
)
def test_what_has_no_canonical_writer_says_what_to_send_instead(name: str, content: bytes, code: str) -> None:
    assert refusal(name, content).code == code


def test_the_ending_names_the_format() -> None:
    names = [
        find_format(Upload(name, b"a")).name for name in ("a.csv", "A.CSV", "表.txt", "r.md", "a.R", "x.do")
    ]
    assert names == ["csv", "csv", "text", "text", "script", "script"]


def test_a_csv_is_written_again() -> None:
    result = reading("t.csv", '\ufeff"name","n"\r\n"a b",1\r\n"say ""hi""","1,5"\r\n')
    assert result.files[0].content == b'name,n\na b,1\n"say ""hi""","1,5"\n'
    assert (result.files[0].rows, result.files[0].columns) == (2, 2)
    assert result.dropped == ("byte_order_mark", "line_endings", "quoting")


def test_a_canonical_csv_drops_nothing() -> None:
    result = reading("t.csv", "年齢,人数\n40代,12\n")
    assert (result.dropped, result.signs, result.found) == ((), (), ())
    assert result.files[0].content == "年齢,人数\n40代,12\n".encode()


def test_row_labels_may_stand_under_a_blank_name() -> None:
    assert one("t.csv", ",n\nmale,120\n").content == b",n\nmale,120\n"


def test_tabs_become_commas() -> None:
    assert one("t.tsv", "群\t人数\nA, B\t12\n").content == '群,人数\n"A, B",12\n'.encode()


@pytest.mark.parametrize(
    ("encoding", "code"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ("byte_order_mark",)),
        ("cp932", ("encoding_cp932",)),
        ("utf-16", ("encoding_utf16",)),
        ("euc_jp", ("encoding_euc_jp",)),
        ("iso2022_jp", ("encoding_iso2022_jp",)),
    ],
)
def test_every_encoding_that_can_be_told_apart_is_read(encoding: str, code: tuple[str, ...]) -> None:
    text = "病名,人数\n高血圧,12\n糖尿病,30\n"
    result = reading("t.csv", text.encode(encoding))
    assert result.files[0].content == text.encode()
    assert result.dropped == code


@pytest.mark.parametrize(
    "content",
    [
        b"a\n\xff\xfe\n",
        b"a\n\xa0\n",
        b"a,b\n\x81,\x20\n",
        "a\n¥é\n".encode("latin-1"),
        "あいう,n\n".encode("utf-16-le"),
        b"\xff\xfea\x00\xd8",
        "ﾔﾏﾀﾞﾀﾛ".encode("cp932"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(content: bytes) -> None:
    assert refusal("t.csv", content).code in {"encoding", "control_character"}


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
        ("a,a\u200b\n", "duplicate_header", 2),
        ('a\n"x\n', "quoting", 2),
        ('a\n"x"y\n', "quoting", 2),
        ('a\n1\n"x\ny"\n', "line_break_in_cell", 3),
        ("a\n1\x00\n", "control_character", 2),
        ("a\x1b[31m\n1\n", "control_character", 1),
        ("a\n1\t2\n", "control_character", 2),
        ("a\n\x85\n", "control_character", 2),
        ("a\nx\u2028y\n", "control_character", 2),
        ("a\n" + "x" * 40_000 + "\n", "cell_too_long", 2),
    ],
)
def test_a_refusal_names_the_place(content: str, code: str, number: int) -> None:
    caught = refusal("t.csv", content)
    assert caught.code == code
    assert number in caught.numbers.values()


@pytest.mark.parametrize(
    ("name", "content"), [("t.csv", ""), ("t.csv", "\n\n"), ("t.md", ""), ("t.md", " \r\n")]
)
def test_an_empty_file_is_refused(name: str, content: str) -> None:
    assert refusal(name, content).code == "empty"


def test_limits() -> None:
    assert refusal("t.csv", b"a" * (MAX_BYTES + 1)).code == "too_large"
    assert refusal("t.csv", b"a\n" + b"1\n" * (MAX_ROWS + 1)).code == "too_many_rows"
    assert one("t.csv", b"a\n" + b"1\n" * MAX_ROWS).rows == MAX_ROWS
    wide = ",".join(f"c{number}" for number in range(MAX_COLUMNS + 1))
    assert refusal("t.csv", wide).code == "too_many_columns"
    assert refusal("t.txt", b"1\n" * (MAX_ROWS + 1)).code == "too_many_rows"


@pytest.mark.parametrize("content", ["a|b\n1|2\n"])
def test_another_separator_would_hide_the_cells(content: str) -> None:
    assert refusal("t.csv", content).code == "separator"


def test_cells_that_a_spreadsheet_would_compute_are_kept_for_the_checks() -> None:
    table = 'a,b\n"=HYPERLINK(""x"")",1\n@x,+x\n'
    assert one("t.csv", table).content == table.encode()


def test_an_empty_cell_alone_in_its_row_stays_a_row() -> None:
    assert one("t.csv", 'a\n""\n1\n').content == b'a\n""\n1\n'


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("72.333333333333333", "72.33333333"),
        ("0.1234567890123", "0.1234567890"),
        ("-1.23456789012345e-07", "-1.234567890e-07"),
        ("3.14159265358979323846" + "1" * 3000, "3.141592654"),
        ("50.0", "50.0"),
        ("611170508", "611170508"),
        ("202104051230", "202104051230"),
        ("1.5 \t", "1.5"),
    ],
)
def test_digits_that_nobody_reads_are_dropped(cell: str, written: str) -> None:
    assert one("t.csv", f"a,b\n{cell},x\n").content == f"a,b\n{written},x\n".encode()


def test_what_cannot_be_seen_is_taken_out_counted_and_read() -> None:
    tags = "".join(chr(0xE0000 + ord(c)) for c in "Yamada")
    selectors = "".join(chr(0xFE00 + b) if b < 16 else chr(0xE0100 + b - 16) for b in "山田".encode())
    result = reading("t.csv", f"a,b\n山\u200b田{tags},\u202ex{selectors}\ue000\n")
    assert result.files[0].content == "a,b\n山田,x〓\n".encode()
    assert result.dropped == ("unseen_characters:14", "private_characters")
    assert result.signs == ("unseen_characters:14",)
    assert [found.text for found in result.found] == ["Yamada", "山田"]
    assert not any(found.leaves for found in result.found)


def test_text_is_lines_of_utf8() -> None:
    result = reading("t.txt", "\ufeff結果\r\n\tp = 0.03  \rend")
    assert result.files[0].content == "結果\n\tp = 0.03\nend\n".encode()
    assert result.files[0].rows == 3
    assert result.dropped == ("byte_order_mark", "line_endings", "missing_final_line_end", "trailing_space:2")


def test_text_refuses_control_characters() -> None:
    assert refusal("t.txt", "a\nb\x0cc\n").numbers == {"row": 2, "point": 12}


@pytest.mark.parametrize("name", ["a.py", "a.R", "a.sql", "a.do"])
def test_a_script_keeps_its_words_and_its_digits(name: str) -> None:
    script = "#!/usr/bin/env python\nx = 3.14159265358979\nif x:\n\tprint('計')\n"
    assert one(name, script).content == script.encode()


def test_a_refusal_holds_no_value_of_the_file() -> None:
    for content in ("patient-4711,patient-4711\n", "a\npatient-4711\x00\n", "a,b\npatient-4711\n"):
        assert "4711" not in str(refusal("t.csv", content).answer())


NAMES = st.sampled_from(["t.csv", "t.tsv", "t.txt", "t.md", "t.py", "t.json"])


@given(st.binary(max_size=300), NAMES)
def test_any_bytes_give_an_answer_and_canonical_is_stable(content: bytes, name: str) -> None:
    stable(name, content)


@given(st.text(max_size=200), NAMES, st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp"]))
def test_any_text_is_stable_in_every_encoding(text: str, name: str, encoding: str) -> None:
    stable(name, text.encode(encoding, "ignore"))


def stable(name: str, content: bytes) -> None:
    try:
        first = reading(name, content)
    except RefusedError:
        return
    assert reading(name, content) == first
    name = "t.csv" if name == "t.tsv" else name
    second = reading(name, first.files[0].content)
    assert second.files[0].content == first.files[0].content
    assert second.dropped == ()
    assert second.files[0].rows == first.files[0].rows


CELLS = st.text(alphabet=st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["", '"', ",", '""', "=1", "é", "\ufeff", "1.23456789012345", "7 "]
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"])
)
def test_every_cell_of_a_written_table_survives(rows: list[list[str]], end: str) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    try:
        result = reading("t.csv", buffer.getvalue())
    except RefusedError:
        return
    again = list(csv.reader(io.StringIO(result.files[0].content.decode(), newline=""), strict=True))
    assert [len(row) for row in again] == [len(row) for row in rows]
    if not result.dropped or result.dropped in {("quoting",), ("line_endings",), ("line_endings", "quoting")}:
        assert again == rows


@pytest.mark.parametrize(
    ("content", "written"),
    [
        ("表1 患者背景\n区分,n\n男,120\n女,130\n", "区分,n\n男,120\n女,130\n表1 患者背景,\n"),
        (
            "Table 2. Patients, n (%)\n\nsex,n,%\nmale,120,48\nfemale,130,52\n\nNote: all adults\n",
            'sex,n,%\nmale,120,48\nfemale,130,52\n"Table 2. Patients, n (%)",,\nNote: all adults,,\n',
        ),
        ("区分,男,,女,\n,n,%,n,%\nA,10,1,20,2\n", "区分,男 n,男 %,女 n,女 %\nA,10,1,20,2\n"),
    ],
)
def test_titles_notes_and_a_header_in_two_rows_are_kept(content: str, written: str) -> None:
    result = reading("t.csv", content.encode())
    assert result.files[0].content.decode() == written
    assert reading("t.csv", written.encode()).files[0].content.decode() == written


@pytest.mark.parametrize(
    "content",
    ["a,b\n1,2\n合計,7,9\n", "合計,7,9\na,b\n1,2\n3,4\n", "題\n1,2\n3,4\n", "a,,c\n1,2,3\n4,5,6\n"],
)
def test_a_number_out_of_line_and_a_header_of_data_are_refused(content: str) -> None:
    assert refusal("t.csv", content.encode()).code in {"ragged_row", "blank_header"}


@pytest.mark.parametrize(
    ("content", "written"),
    [
        ("a;b\n1;2\n", "a,b\n1,2\n"),
        ("a;b\n1,5;2,25 %\n3,5;4\n", "a,b\n1.5,2.25 %\n3.5,4\n"),
        ("a;b\n1,234;2\n", 'a,b\n"1,234",2\n'),
        ("a;b\n1.5;x, y\n", 'a,b\n1.5,"x, y"\n'),
    ],
)
def test_semicolons_become_commas_and_decimal_commas_points(content: str, written: str) -> None:
    made = reading("t.csv", content)
    assert made.files[0].content.decode() == written
    assert "semicolon_separators" in made.dropped
    assert one("t.csv", written).content.decode() == written


def test_tables_that_a_blank_line_parts_are_files_of_their_own() -> None:
    made = reading("t.csv", "comparison,95%CI\nB-A,0.31 to 2.11\n\ngroup,n,mean\nA,920,51.2\nB,1011,52.4\n")
    assert [file.content.decode() for file in made.files] == [
        "comparison,95%CI\nB-A,0.31 to 2.11\n",
        "group,n,mean\nA,920,51.2\nB,1011,52.4\n",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2\n\n3,4\n5,6\n",  # rows go on below the blank line
        "a,b\n1,2\n\nc,d\n",  # a header without rows
        "a,b\n1,2\n\nc,d\n1,2,3\n",
    ],
)
def test_what_is_no_table_below_a_blank_line_is_refused(content: str) -> None:
    assert refusal("t.csv", content).code == "ragged_row"


def test_names_of_an_index_fill_a_header_in_two_rows() -> None:
    content = ",,bp,bp\n,,mean,count\nsex,age,,\nm,40-64,135.6,818\nf,65-74,143.9,309\n"
    assert (
        one("t.csv", content).content == b"sex,age,bp mean,bp count\nm,40-64,135.6,818\nf,65-74,143.9,309\n"
    )


def test_lines_of_comment_may_stand_above_a_header_of_years() -> None:
    made = one("t.csv", '"# 2024, x"\n# unit: persons\nkind,2019,2020\na,578,1715\nb,1669,1763\n')
    assert made.content.decode().splitlines()[:2] == ["kind,2019,2020", "a,578,1715"]
    assert refusal("t.csv", "# unit: persons\nkind,20,30\na,578,1715\n").code == "ragged_row"
