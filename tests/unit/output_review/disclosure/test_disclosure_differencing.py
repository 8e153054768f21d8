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


def cohort(*counts: int) -> str:
    rows = "".join(f"{name},{count}\n" for name, count in zip("ABCDEFGHIJKLMN", counts, strict=False))
    return "区分,人数\n" + rows


ONE = (1386, 986, 811, 1954, 1229, 1774, 1409, 936, 970, 1277, 620, 540)
OTHER = (649, 1369, 389, 1015, 392, 2262, 545, 580, 267, 560, 623, 398)


def test_a_chance_difference_between_tables_of_other_people_is_for_people() -> None:
    report = check(cohort(*OTHER), earlier=[cohort(*ONE)])
    assert report.verdict.value == "review"
    assert [finding.rule for finding in report.files[0].findings] == ["SDC.differencing_others"]


def test_a_table_that_may_hold_the_other_is_compared_in_full() -> None:
    more = (*(count + 300 for count in ONE[:-2]), 623, 900)
    assert check(cohort(*more), earlier=[cohort(*ONE)]).verdict.value == "fix"
    same = (*ONE[:8], *OTHER[8:])
    assert check(cohort(*same), earlier=[cohort(*ONE)]).verdict.value == "fix"
    few = check(cohort(*OTHER[5:11]), earlier=[cohort(*ONE[5:11])])
    assert few.verdict.value == "fix"
