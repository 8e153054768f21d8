"""Pictures: what was not measured does not leave; marks and words weigh as much as they are sure."""

import pytest

from catalog.identifiers.pseudonyms import PseudonymSet
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Severity, Verdict
from output_review.disclosure.reports import FileReport
from output_review.disclosure.submissions import FileKind, FoundText, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import shipped_policy

POLICY = shipped_policy()
KEY = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
IDS = PseudonymSet.of([KEY])


def checked(found: tuple[FoundText, ...] = (), **facts: int) -> FileReport:
    counted = {"picture_points": 0, "drawn_points": 0, "confidence": 90, **facts}
    file = SubmittedFile("t.png", FileKind.PICTURE, found=found, facts=tuple(counted.items()))
    (report,) = run_checks(Submission("r", (file,)), POLICY, IDS, ()).files
    return report


def severities(report: FileReport, beginning: str) -> set[Severity]:
    return {finding.severity for finding in report.findings if finding.rule.startswith(beginning)}


def test_a_picture_that_was_not_measured_does_not_leave() -> None:
    file = SubmittedFile("t.png", FileKind.PICTURE)
    report = run_checks(Submission("r", (file,)), POLICY, None, ())
    assert report.verdict is Verdict.REJECT
    assert "FILE.unmeasured_picture" in {f.rule for f in report.files[0].findings}


@pytest.mark.parametrize(
    ("drawn", "verdict"),
    [(0, Verdict.REVIEW), (11, Verdict.REVIEW), (12, Verdict.REJECT), (37, Verdict.REJECT)],
)
def test_points_of_a_drawing_are_persons_from_the_board_s_number_on(drawn: int, verdict: Verdict) -> None:
    report = checked(drawn_points=drawn)
    assert report.verdict is verdict
    assert bool(severities(report, "FILE.some_points")) == (drawn == 11)


def test_marks_of_a_picture_are_for_people() -> None:
    assert severities(checked(picture_points=11), "FILE.picture_points") == set()
    report = checked(picture_points=40)
    assert severities(report, "FILE.picture_points") == {Severity.REVIEW}
    assert report.verdict is Verdict.REVIEW


def words(part: str, text: str) -> tuple[FoundText, ...]:
    return (FoundText(part, text, leaves=True),)


def test_scales_are_no_counts_of_persons() -> None:
    for part in ("picture_words", "unsure_words", "drawing_text", "page_text"):
        report = checked(words(part, "0\n2\n4\n6\n8\n1.0 ]\nfactor 3\n"))
        assert report.verdict is Verdict.REVIEW, part


def test_a_small_count_in_a_drawing_is_sent_back_and_in_pixels_looked_at() -> None:
    assert severities(checked(words("drawing_text", "男性 n=7\n")), "SDC.") == {Severity.FIX}
    assert severities(checked(words("page_text", "死亡 7例\n")), "SDC.") == {Severity.FIX}
    assert severities(checked(words("picture_words", "男性 n=7\n")), "SDC.") == {Severity.REVIEW}


def test_an_identifier_in_words_that_can_be_read_blocks_and_in_others_is_looked_at() -> None:
    assert severities(checked(words("picture_words", KEY)), "ID.") == {Severity.REJECT}
    assert severities(checked(words("barcode", KEY)), "ID.") == {Severity.REJECT}
    assert severities(checked(words("unsure_words", KEY)), "ID.") == {Severity.REVIEW}
