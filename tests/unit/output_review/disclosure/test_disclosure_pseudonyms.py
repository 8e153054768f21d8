"""No pseudonym leaves in a cell, a header, a name, or a text (cases F28, E01, E02)."""

import base64
import hashlib
import time
from uuid import UUID

import pytest

from catalog.identifiers.pseudonyms import PseudonymSet
from output_review.disclosure.examined import examine
from output_review.disclosure.pseudonym_rules import check_pseudonyms
from output_review.disclosure.submissions import FileKind, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import cells, check, findings

PSEUDONYM = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
OTHER = "9a7e2d10-51c4-4b5f-8f7e-6d3b2a190c88"
IDS = PseudonymSet.of([PSEUDONYM, "00000000-1111-4222-8333-444444444444"])
RULE = "ID.pseudonym"


@pytest.mark.parametrize(
    "written",
    [
        PSEUDONYM,
        PSEUDONYM.upper(),
        PSEUDONYM.replace("-", ""),
        base64.b64encode(PSEUDONYM.encode()).decode(),
        PSEUDONYM.encode().hex(),
        hashlib.sha256(PSEUDONYM.encode()).hexdigest(),
        hashlib.sha1(PSEUDONYM.encode()).hexdigest(),
        hashlib.md5(UUID(PSEUDONYM).bytes).hexdigest(),
    ],
)
def test_a_pseudonym_in_a_cell_is_rejected_with_its_place(written: str) -> None:
    report = check(f"group,n\nA,12\n{written},30\n", ids=IDS)
    assert report.verdict.value == "reject"
    assert cells(report, RULE) == [(3, "group")]


def test_a_pseudonym_in_a_header_or_a_file_name_is_rejected() -> None:
    assert cells(check(f"group,{PSEUDONYM}\nA,12\n", ids=IDS), RULE) == [(1, PSEUDONYM)]
    (named,) = findings(check("group,n\nA,12\n", ids=IDS, name=f"fig_{PSEUDONYM}"), RULE)
    assert named.where.row is None


def test_a_pseudonym_in_text_is_placed_by_its_characters() -> None:
    text = f"結果\n対象は{PSEUDONYM}です。\n"
    (found,) = findings(check(text, "md", ids=IDS), RULE)
    assert (found.where.row, found.where.offset, found.where.length) == (2, text.index(PSEUDONYM), 36)


def test_a_pseudonym_cut_over_cells_is_found_along_rows_and_columns() -> None:
    half, rest = PSEUDONYM[:18], PSEUDONYM[18:]
    assert cells(check(f"a,b,n\nx,y,12\n{half},{rest},30\n", ids=IDS), RULE) == [(3, None)]
    assert cells(check(f"a,n\n{half},12\n{rest},30\n", ids=IDS), RULE) == [(None, "a")]


def test_another_uuid_is_no_member_and_is_only_looked_at_when_nothing_is_known() -> None:
    text = f"group,n\n{OTHER},12\n"
    assert check(text, ids=IDS).verdict.value == "pass"
    report = check(text)
    assert report.verdict.value == "review"
    assert cells(report, "ID.uuid_like") == [(2, "group")]


def test_no_sentence_quotes_the_pseudonym() -> None:
    for finding in findings(check(f"group,n\n{PSEUDONYM},12\n", ids=IDS), RULE):
        assert PSEUDONYM not in finding.message.en


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a" * 640_000, 0),
        ("1" * 640_000, 0),
        ("aB3" * 213_000, 0),
        (f"{PSEUDONYM}\n" * 10_000, 10_000),
    ],
)
def test_long_runs_and_many_hits_are_read_in_linear_time(text: str, found: int) -> None:
    examined = examine(SubmittedFile("t.txt", FileKind.TEXT, text))
    ids = PseudonymSet.of([PSEUDONYM, "P-00123", "ABCDEFGHIJKLMNOPQRST"])
    began = time.process_time()
    hits = list(check_pseudonyms(examined, ids))
    assert time.process_time() - began < 10
    assert [hit.where.row for hit in hits] == list(range(1, found + 1))
