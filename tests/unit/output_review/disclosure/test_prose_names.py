"""What a language model adds to a report, and what is said where it was not asked or did not answer."""

import pytest

from catalog.identifiers.recognise import NO_DICTIONARIES, Dictionaries
from enclave.sentences import say
from output_review.disclosure.findings import Finding, Place, Severity, Verdict
from output_review.disclosure.prose_names import MOST_PROSE, ask_about, findings_of, unanswered
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.pretend_words import PretendWords

LINE = "外来ではお薬を畤乂彁がもらっている。"
KNOWN = Dictionaries(PretendWords())


def a_submission(text: str, kind: FileKind = FileKind.TEXT) -> Submission:
    return Submission("r1", (SubmittedFile("t.txt", kind, text),))


def a_report(*findings: Finding) -> Report:
    return Report((FileReport("t.txt", findings),), "p", "d")


def test_a_guess_is_a_review_at_its_place() -> None:
    asked = ask_about(a_submission(f"表1\n{LINE}\n"), a_report())
    start = asked.text.index("畤乂彁")
    (file,) = findings_of(asked, [(start, start + 3)], len(asked.text), KNOWN)
    (finding,) = file.findings
    assert (finding.rule, finding.severity) == ("ID.name", Severity.REVIEW)
    assert finding.where == Place(row=2, offset=3 + LINE.index("畤"), length=3)
    assert file.verdict is Verdict.REVIEW


def test_a_cell_of_prose_is_read_with_its_cell() -> None:
    asked = ask_about(a_submission(f"番号,所見\n1,{LINE}\n", FileKind.CSV), a_report())
    assert asked.text == LINE
    start = LINE.index("畤")
    (file,) = findings_of(asked, [(start, start + 3)], len(LINE), KNOWN)
    assert file.findings[0].where == Place(row=2, column="所見")


def test_lines_in_which_somebody_was_found_are_not_sent() -> None:
    where = Place(row=1, offset=2, length=3)
    found = Finding("ID.name", Severity.FIX, where, say("This looks like the name of a person."))
    asked = ask_about(a_submission(f"{LINE}\n{LINE}\n"), a_report(found))
    assert asked.text == LINE
    assert asked.sample.lines[0].offset == len(LINE) + 1


def test_without_prose_nothing_is_asked() -> None:
    assert ask_about(a_submission("年齢,人数\n60,12\n", FileKind.CSV), a_report()).text == ""
    assert ask_about(a_submission("", FileKind.UNREADABLE), a_report()).text == ""


def test_what_was_not_read_is_said() -> None:
    many = f"{LINE}\n" * (MOST_PROSE // len(LINE) + 5)
    asked = ask_about(a_submission(many), a_report())
    assert len(asked.text) <= MOST_PROSE
    (file,) = findings_of(asked, [], len(asked.text) - 30, KNOWN)
    (finding,) = file.findings
    assert (finding.rule, finding.severity) == ("ID.prose_unread", Severity.INFO)
    assert int(str(finding.message.values["n"])) >= 30


@pytest.mark.parametrize(
    ("people", "examined"), [([(0, 999)], 5), ([(3, 3)], 5), ([(-1, 2)], 5), ([], 999), ([], -1)]
)
def test_an_answer_about_another_text_raises(people: list[tuple[int, int]], examined: int) -> None:
    asked = ask_about(a_submission(LINE), a_report())
    with pytest.raises(ValueError, match="another text"):
        findings_of(asked, people, examined, KNOWN)


def test_without_a_tokeniser_guesses_cannot_be_judged() -> None:
    asked = ask_about(a_submission(LINE), a_report())
    with pytest.raises(ValueError, match="tokeniser"):
        findings_of(asked, [], 0, NO_DICTIONARIES)


def test_no_answer_blocks() -> None:
    (file,) = unanswered(a_submission(LINE))
    assert file.verdict is Verdict.REJECT
