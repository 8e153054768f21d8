"""Differences to earlier releases (cases C)."""

from output_review.disclosure.checks import run_checks
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import (
    cells,
    check,
    findings,
    shipped_policy,
    submission,
)

BEFORE = "診断,男,女\nA,120,130\nB,204,305\n"
RULE = "SDC.differencing"


def test_one_person_less_is_found_whatever_the_order() -> None:
    assert cells(check("診断,男,女\nA,120,129\nB,204,305\n", earlier=[BEFORE]), RULE) == [(2, "女")]
    assert cells(check("女,診断,男\n305,B,204\n129,A,120\n", earlier=[BEFORE]), RULE) == [(3, "女")]
    assert check("診断,男,女\nA,120,129\nB,204,305\n", earlier=[BEFORE]).verdict.value == "fix"


def test_the_same_table_and_a_large_difference_are_no_finding() -> None:
    assert check(BEFORE, earlier=[BEFORE]).verdict.value == "pass"
    assert check("診断,男,女\nA,120,140\nB,204,305\n", earlier=[BEFORE]).verdict.value == "pass"


def test_any_of_several_releases_counts() -> None:
    far = "診断,男,女\nA,220,230\nB,304,405\n"
    assert cells(check("診断,男,女\nA,120,139\nB,204,305\n", earlier=[far, BEFORE]), RULE) == [(2, "女")]


def test_other_labels_are_another_table() -> None:
    assert check("診断,男,女\nC,121,131\n", earlier=[BEFORE]).verdict.value == "pass"


def test_a_release_that_cannot_be_read_is_said_and_a_broken_one_blocks() -> None:
    unknown = Submission("r", (SubmittedFile("a.pdf", FileKind.UNKNOWN),))
    report = run_checks(submission(BEFORE), shipped_policy(), None, [unknown])
    assert findings(report, "SDC.history_not_compared")
    broken = Submission("r", (SubmittedFile("a.csv", FileKind.CSV, '"open quote'),))
    assert run_checks(submission(BEFORE), shipped_policy(), None, [broken]).verdict.value == "reject"
