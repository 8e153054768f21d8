"""A refused table that comes again as a picture, and a refused picture that comes again as a table."""

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Finding, Verdict
from output_review.disclosure.history import History, KeptFile
from output_review.disclosure.history_rules import ALERTS, state_files
from output_review.disclosure.submissions import FileKind, FoundText, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import shipped_policy, submission

REFUSED = "診断,男,女\n肺炎,412,377\n心不全,238,205\n脳梗塞,7,143\n糖尿病,531,498\n"
READ = "診断 男 女\n肺炎 412 377\n心不全 238 205\n脳梗塞 7 143\n糖尿病 531 498\n"
MISREAD = "診断 男 女\n肺炎 412 3T7\n心不全 238 2O5\n脳梗塞 1 143\n糖尿病 531 498\n"
OTHER = "診断 男 女\n肺炎 512 311\n心不全 298 215\n脳梗塞 47 153\n糖尿病 631 598\n"


def _picture(words: str, part: str = "picture_words") -> Submission:
    found = (FoundText(part, words, FileKind.TEXT, leaves=True),)
    return Submission(
        "again", (SubmittedFile("figure.png", FileKind.PICTURE, found=found, facts=(("marks", 0),)),)
    )


def _copies(new: Submission, refused: Submission) -> tuple[list[Finding], Verdict]:
    kept = tuple(KeptFile("before", "p", "", stated) for stated in state_files(refused))
    report = run_checks(new, shipped_policy(), None, [], history=History(refused=kept))
    return [f for f in report.files[0].findings if f.rule == "SDC.refused_before"], report.verdict


def test_a_picture_of_a_refused_table_is_rejected_and_told() -> None:
    found, verdict = _copies(_picture(READ), submission(REFUSED))
    assert {f.severity.value for f in found} == {"reject"}
    assert verdict is Verdict.REJECT
    assert {f.rule for f in found} <= ALERTS


@pytest.mark.parametrize("part", ["picture_words", "unsure_words"])
def test_one_that_was_read_with_errors_is_for_people_and_told(part: str) -> None:
    found, verdict = _copies(_picture(MISREAD, part), submission(REFUSED))
    assert {f.severity.value for f in found} == {"review"}
    assert verdict is not Verdict.PASS


def test_a_table_after_a_refused_picture_is_for_people() -> None:
    found, _ = _copies(submission(REFUSED), _picture(MISREAD))
    assert {f.severity.value for f in found} == {"review"}


def test_a_picture_of_other_numbers_is_no_copy() -> None:
    assert _copies(_picture(OTHER), submission(REFUSED))[0] == []
    assert _copies(submission(REFUSED), _picture(OTHER))[0] == []
