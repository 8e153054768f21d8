"""Whatever goes wrong blocks: no rules, no policy, no files, failures, formats."""

from collections.abc import Iterator

import pytest

from output_review.disclosure.checks import RULES, Knowledge, Rule, run_checks
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Verdict, worst
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import check, findings, shipped_policy, submission

GOOD = "診断,人数\nA,12\nB,30\n"


def test_no_rules_is_a_rejection() -> None:
    report = run_checks(submission(GOOD), shipped_policy(), None, [], rules=())
    assert report.verdict is Verdict.REJECT
    assert findings(report, "SDC.unchecked")


def test_no_policy_is_a_rejection() -> None:
    assert run_checks(submission(GOOD), None, None, []).verdict is Verdict.REJECT


def test_no_files_is_a_rejection() -> None:
    assert run_checks(Submission("empty", ()), shipped_policy(), None, []).verdict is Verdict.REJECT
    assert worst([]) is Verdict.REJECT


def test_a_table_without_findings_passes_under_the_stamped_policy() -> None:
    report = check(GOOD)
    assert report.verdict is Verdict.PASS
    assert report.policy_digest == shipped_policy().digest


@pytest.mark.parametrize("place", range(len(RULES)))
@pytest.mark.parametrize("failure", [ValueError("x"), RecursionError(), MemoryError(), KeyError("cell text")])
def test_a_rule_that_fails_blocks_and_the_others_still_speak(place: int, failure: Exception) -> None:
    def fail(_file: ExaminedFile, _known: Knowledge) -> Iterator[Finding]:
        raise failure
        yield

    rules = [*RULES[:place], Rule("failing", fail), *RULES[place:]]
    report = run_checks(submission("診断,人数\nA,7\n"), shipped_policy(), None, [], rules=rules)
    assert report.verdict is Verdict.REJECT
    assert findings(report, "SDC.small_cell")
    (blocked,) = findings(report, "SDC.unchecked")
    assert "cell text" not in blocked.message.en


@pytest.mark.parametrize("text", ['a,b\n"open', "a,b\n" + "x" * 200_000 + ",1\n"])
def test_a_file_that_cannot_be_taken_apart_blocks(text: str) -> None:
    assert findings(check(text), "SDC.unchecked")


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (FileKind.UNKNOWN, "FILE.unknown_format"),
        (FileKind.UNREADABLE, "FILE.unreadable"),
        (FileKind.TOO_LARGE, "FILE.too_large"),
        (FileKind.CSV, "FILE.empty"),
        (FileKind.TEXT, "FILE.empty"),
    ],
)
def test_a_file_that_no_rule_can_judge_is_rejected(kind: FileKind, rule: str) -> None:
    report = run_checks(Submission("r", (SubmittedFile("f", kind),)), shipped_policy(), None, [])
    assert report.verdict is Verdict.REJECT
    assert findings(report, rule)


@pytest.mark.slow
def test_too_many_rows_are_rejected() -> None:
    assert findings(check("a,n\n" + "x,12\n" * 5001), "FILE.too_many_rows")
    assert not findings(check("a,n\n" + "x,12\n" * 5000), "FILE.too_many_rows")


def test_one_bad_file_decides_for_the_submission() -> None:
    files = (
        SubmittedFile("good.csv", FileKind.CSV, GOOD),
        SubmittedFile("bad.txt", FileKind.TEXT, "3名"),
        SubmittedFile("x.pkl", FileKind.UNKNOWN),
    )
    report = run_checks(Submission("r", files), shipped_policy(), None, [])
    assert [file.verdict.value for file in report.files] == ["pass", "fix", "reject"]
    assert report.verdict is Verdict.REJECT
