"""People whom a language model sees in running text and no rule did: for people to look at.

1. Prose is what the checks read as text: a text file, and sentences in cells and in values of JSON. Where a
   rule already found an identifier the model adds nothing, so those lines are not sent.
2. At most ``MOST_PROSE`` characters of a submission are sent. What was left out, for want of room or of time,
   is said in a finding of its own (INFO): the report never claims more than was done.
3. A guess counts only where the dictionary has nothing against it, and is a REVIEW, never more.
4. A model that did not answer blocks: REJECT by ``SDC.unchecked``, as for a rule that fails. Without prose
   nothing is asked and nothing can fail.
"""

from collections.abc import Sequence
from typing import NamedTuple

from catalog.identifiers.prose import ProseSample, choose_prose, could_be_person
from catalog.identifiers.recognise import Dictionaries
from catalog.identifiers.worded_text import WordedText
from catalog.identifiers.words import Tokeniser
from catalog.identifiers.written_forms import normalise
from enclave.sentences import say
from output_review.disclosure.examined import Passage, examine
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import READABLE, Submission

MOST_PROSE = 4_000
NAME_RULE, UNREAD_RULE, UNCHECKED = "ID.name", "ID.prose_unread", "SDC.unchecked"


class Asked(NamedTuple):
    """What a model is asked about: one passage a line, and where each line comes from."""

    passages: tuple[tuple[str, Passage], ...]
    """The file's name and the passage, by the number a sample's line carries."""
    sample: ProseSample

    @property
    def text(self) -> str:
        """The lines as the model reads them; empty when there is no prose."""
        return "\n".join(line.line for line in self.sample.lines)


def ask_about(submission: Submission, report: Report) -> Asked:
    """The prose of a submission in which the rules found nobody."""
    found = {(file.path, finding.where) for file in report.files for finding in file.findings
             if finding.rule.startswith("ID.")}  # fmt: skip
    passages = [
        (file.name, passage)
        for file in submission.files
        if file.kind in READABLE
        for passage in examine(file).passages
    ]
    sample = choose_prose((passage.text for _, passage in passages), MOST_PROSE)
    lines = tuple(
        line
        for line in sample.lines
        if not _has_finding(passages[line.text][1], line.offset, len(line.line), {
            where for path, where in found if path == passages[line.text][0]
        })
    )  # fmt: skip
    return Asked(tuple(passages), ProseSample(lines, sample.left_out))


def findings_of(
    asked: Asked, people: Sequence[tuple[int, int]], examined: int, known: Dictionaries
) -> tuple[FileReport, ...]:
    """The model's people as findings, by file; places count characters of ``asked.text``.

    Raises:
        ValueError: a place lies outside the text that was asked about.
    """
    length = len(asked.text)
    if known.words is None:
        raise ValueError("no tokeniser to hold guesses against")
    if not 0 <= examined <= length or any(not 0 <= start < end <= length for start, end in people):
        raise ValueError("the answer speaks of another text")
    findings: dict[str, list[Finding]] = {}
    begin = 0
    for line in asked.sample.lines:
        path, passage = asked.passages[line.text]
        end = begin + len(line.line)
        folded = normalise(line.line)
        for start, stop in people:
            if (
                begin <= start
                and stop <= end
                and _counts(folded.text, line.line, start - begin, stop - begin, known.words)
            ):
                place = passage.place(line.offset + start - begin, stop - start)
                findings.setdefault(path, []).append(_name(place))
        begin = end + 1
    left_out = asked.sample.left_out + length - examined
    if left_out and asked.passages:
        findings.setdefault(asked.passages[0][0], []).append(_unread(left_out))
    return tuple(FileReport(path, tuple(found)) for path, found in findings.items())


def unanswered(submission: Submission) -> tuple[FileReport, ...]:
    """What is said when the model did not answer: nothing leaves."""
    message = say("The checks could not be completed, so this cannot leave.")
    remedy = say("Send it again in a simpler form, or ask an output checker.")
    finding = Finding(UNCHECKED, Severity.REJECT, Place(), message, remedy)
    return tuple(FileReport(file.name, (finding,)) for file in submission.files)


def _has_finding(passage: Passage, offset: int, length: int, places: set[Place]) -> bool:
    """Whether a finding stands in a line of a passage."""
    if passage.cell is not None and passage.cell in places:
        return True
    span = passage.place(offset, length)
    if span.offset is None:
        return False
    begin, end = span.offset, span.offset + length
    return any(place.offset is not None and begin <= place.offset < end for place in places)


def _counts(folded: str, line: str, start: int, end: int, words: Tokeniser) -> bool:
    """Whether the dictionary has nothing against a guess; a line that folding changes is judged as it is."""
    text = folded if len(folded) == len(line) else line
    return could_be_person(WordedText(text, words), start, end)


def _name(place: Place) -> Finding:
    return Finding(
        NAME_RULE,
        Severity.REVIEW,
        place,
        say("A language model takes this for the name of a person."),
        say("Look whether a person is named here. If so, take the name out."),
    )


def _unread(characters: int) -> Finding:
    return Finding(
        UNREAD_RULE,
        Severity.INFO,
        Place(),
        say(
            "{n} characters of running text were read by the rules only, not by the language model.",
            n=characters,
        ),
    )
