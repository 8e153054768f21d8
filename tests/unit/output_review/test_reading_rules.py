"""What a reader left out, noticed and found, as findings; and the names under which files leave."""

import base64
import time

import pytest

from catalog.identifiers.pseudonyms import PseudonymSet
from output_review.disclosure.checks import UNCHECKED, run_checks
from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Place, Severity, Verdict
from output_review.disclosure.packed_text import Budget, find_packed, unpack
from output_review.disclosure.submissions import (
    FileKind,
    FoundText,
    Submission,
    SubmittedFile,
    found_as_bytes,
    found_from_bytes,
)
from output_review.disclosure.unread_rules import check_unread
from output_review.readings.codes import split_code
from output_review.readings.dropped import DROPPED, held_content, in_words
from output_review.requests import leaving_names
from tests.support.read_files import POLICY

KEY = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
TABLE = "群,人数\nA,120\n"
IDS = PseudonymSet.of([KEY])


def found(text: SubmittedFile) -> list[tuple[str, Severity, Place]]:
    (file,) = run_checks(Submission("s", (text,)), POLICY, IDS, ()).files
    return [(f.rule, f.severity, f.where) for f in file.findings]


def table(**more: object) -> SubmittedFile:
    return SubmittedFile("t.csv", FileKind.CSV, TABLE, **more)  # type: ignore[arg-type]


def test_a_reading_without_remarks_has_no_finding() -> None:
    assert found(table(dropped=("styles", "line_endings"))) == []


@pytest.mark.parametrize("code", ["hidden_sheets:2", "comments", "formulas:3", "properties"])
def test_what_people_wrote_and_does_not_leave_is_looked_at(code: str) -> None:
    assert found(table(dropped=("styles", code))) == [("FILE.hidden_content", Severity.REVIEW, Place())]


def test_a_sign_is_a_finding_of_its_weight() -> None:
    assert found(table(signs=("hidden_result:2",))) == [("FILE.hidden_result", Severity.FIX, Place())]


def test_an_unknown_sign_blocks() -> None:
    assert (UNCHECKED, Severity.REJECT, Place()) in found(table(signs=("no_such_sign",)))


@pytest.mark.parametrize("kind", [FileKind.TEXT, FileKind.CSV])
def test_what_hides_is_searched_for_identifiers(kind: FileKind) -> None:
    words = FoundText("hidden_sheet", f"a,b\n{KEY},7\n", kind, number=2)
    assert found(table(found=(words,))) == [
        ("ID.pseudonym", Severity.REJECT, Place(part="hidden_sheet", page=2))
    ]


def test_what_hides_and_does_not_leave_is_no_small_cell() -> None:
    assert found(table(found=(FoundText("hidden_sheet", "群,人数\nA,7\n", FileKind.CSV),))) == []


def test_what_leaves_beside_the_text_is_judged_like_it() -> None:
    words = FoundText("table", "群,人数\nA,7\n", FileKind.CSV, leaves=True)
    assert found(table(found=(words,))) == [
        ("SDC.small_cell", Severity.FIX, Place(row=2, column="人数", part="table"))
    ]


def test_a_refused_file_is_a_reject_even_without_a_reason() -> None:
    report = run_checks(Submission("s", (SubmittedFile("t.x", FileKind.REFUSED),)), POLICY, None, ())
    assert report.verdict is Verdict.REJECT


def test_found_words_are_kept_as_they_are() -> None:
    words = (FoundText("comment", "山田\n", number=1), FoundText("table", "a\n", FileKind.CSV, leaves=True))
    assert found_from_bytes(found_as_bytes(words)) == words
    for broken in (b"", b"{", b'[{"part": 1}]', b'[{"part": "a", "text": "b", "kind": "zip"}]'):
        with pytest.raises(ValueError):
            found_from_bytes(broken)


def test_codes_have_counts_and_words() -> None:
    assert split_code("formulas:3") == ("formulas", 3)
    for broken in ("", "Formulas", "formulas:0", "formulas:x", "formulas:1:2", "a" * 41):
        with pytest.raises(ValueError, match="not a code"):
            split_code(broken)
    assert in_words("hidden_sheets:2").en == "2 hidden sheets"
    assert all(in_words(code).en for code in DROPPED)
    assert held_content(("no_such_code",)), "what nobody knows is looked at"


@pytest.mark.parametrize(
    ("sent", "suffixes", "names"),
    [
        ("t.csv", [".csv"], ("t.csv",)),
        ("T.CSV", [".csv"], ("T.CSV",)),
        ("表.xlsx", [".csv"], ("表.csv",)),
        ("t.xlsx", [".csv", ".csv", ".txt"], ("t-1.csv", "t-2.csv", "t.txt")),
        ("a.b.ipynb", [".py", ".txt", ".png", ".png"], ("a.b.py", "a.b.txt", "a.b-1.png", "a.b-2.png")),
        ("x" * 118 + ".t", [".csv"], ("x" * 110 + ".csv",)),
    ],
)
def test_names_under_which_files_leave(sent: str, suffixes: list[str], names: tuple[str, ...]) -> None:
    assert leaving_names(sent, suffixes) == names


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Hydroxychloroquine sulfate and sodium bicarbonate", []),
        ("https://example.test/a/long/path/to/some/document_with_words", []),
        ("a_very_long_column_name_that_somebody_wrote_in_snake_case", []),
        ("-" * 300, []),
        ("6" * 20, []),
        ("6" * 21, ["unread"]),
        ("d41d8cd98f00b204e9800998ecf8427e", ["digest"]),
        ("5bGx55Sw5aSq6YOOIDE5NTEtMDQtMDU=", ["data"]),
        ("59616d61646120546172 6f", ["data"]),
    ],
)
def test_packed_text_is_told_from_words(text: str, kinds: list[str]) -> None:
    assert [packed.kind for packed in find_packed(text.replace("72 6f", "726f"), Budget())] == kinds


@pytest.mark.parametrize(
    "cell",
    [
        "=" + "a" * 32_000,
        "=" + "a " * 16_000,
        "=" + " " * 32_000,
        "+" + "A1" * 16_000,
        "=" + "HYPERLINK" * 3_000,
    ],
)
def test_no_cell_is_a_bait_for_patterns(cell: str) -> None:
    examined = examine(SubmittedFile("t.csv", FileKind.CSV, "群,人数\n" + f"{cell},120\n" * 20))
    began = time.monotonic()
    list(check_unread(examined))
    assert time.monotonic() - began < 5


def test_a_file_of_packed_words_is_given_up_in_time_and_looked_at() -> None:
    words = " ".join(f"k{number:024d}Zq" for number in range(60_000))
    examined = examine(SubmittedFile("t.txt", FileKind.TEXT, words))
    began = time.monotonic()
    assert "FILE.packed_text" in {finding.rule for finding in check_unread(examined)}
    assert time.monotonic() - began < 10


def test_packing_is_undone_three_times_and_not_for_ever() -> None:
    text = "Yamada Taro 1951-04-05"
    for _ in range(2):
        text = base64.b64encode(text.encode()).decode()
    assert unpack(text) == "Yamada Taro 1951-04-05"
