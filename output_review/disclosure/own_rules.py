"""Where a file names somebody of the source itself: for checkers alone, and never part of ``run_checks``.

1. What an author is told comes from ``checks.run_checks``, which knows nothing of the source's identifiers.
   These findings are made later, elsewhere, and every one of them has the checkers as its audience.
2. Looked at: the file's name, and the one it was sent under; every cell under its header; each row and each
   column of a table read as one text, so that a name cut over cells is found; a text as a whole.
3. Words that a reader found beside the text (recognised in a picture, on a hidden sheet, in properties, in a
   formula) are looked at in the same way: somebody named there is named, whether the words leave or not. What
   was recognised from pixels may be misread by a letter; then it is not the same name, and is not found here.
4. At most ``MOST`` findings are kept of a file; then one says that there are more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.identifiers.own_forms import OwnKind
from catalog.identifiers.own_matches import Labelled, Match, forms_in, matches_in
from catalog.identifiers.words import Tokeniser
from enclave.sentences import Sentence, say
from output_review.disclosure.checks import UNCHECKED
from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.found_words import as_file
from output_review.disclosure.reports import FileReport
from output_review.disclosure.submissions import FileKind, FoundText, Submission, SubmittedFile
from output_review.disclosure.tables import Table

OWN = "ID.own"
MOST = 200
_WORDS: Mapping[OwnKind, Sentence] = {
    OwnKind.NAME: say("This is the name of a person of the source."),
    OwnKind.READING: say("This is the reading of the name of a person of the source."),
    OwnKind.PHONE: say("This is the telephone number of a person of the source."),
    OwnKind.EMAIL: say("This is the e-mail address of a person of the source."),
    OwnKind.ADDRESS: say("This is the address of a person of the source."),
    OwnKind.CHART: say("This is the chart number of a person of the source."),
    OwnKind.INSURED: say("This is the insurance number of a person of the source."),
    OwnKind.MY_NUMBER: say("This is the individual number of a person of the source."),
    OwnKind.PUBLIC: say("This is the public expense number of a person of the source."),
}
_REMEDY = say(
    "It must not leave. Tell the author nothing of this finding, in words or by returning the request for it alone."
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A text of a file, and where it stands: a fixed place, or offsets of the file's own text."""

    text: Labelled
    place: Place | None
    found: FoundText | None = None
    """The words beside the text that it is a part of."""


def forms_of_submission(submission: Submission) -> set[str]:
    """Every form that any of the files may hold."""
    found: set[str] = set()
    for file in submission.files:
        found |= forms_in(part.text for part in _parts(file))
    return found


def own_findings(
    submission: Submission, ours: Mapping[str, OwnKind], words: Tokeniser | None = None
) -> tuple[FileReport, ...]:
    """What the checkers are shown of each file."""
    return tuple(
        FileReport(file.name, tuple(_limited(_findings(file, ours, words)))) for file in submission.files
    )


def not_compared(submission: Submission) -> tuple[FileReport, ...]:
    """The same when the files cannot be compared: nobody may take that for an empty answer."""
    finding = Finding(
        UNCHECKED,
        Severity.REJECT,
        Place(),
        say("This could not be compared with the source's own identifiers, so it cannot leave."),
        audience=Audience.CHECKER,
    )
    return tuple(FileReport(file.name, (finding,)) for file in submission.files)


def _findings(file: SubmittedFile, ours: Mapping[str, OwnKind], words: Tokeniser | None) -> Iterator[Finding]:
    parts = _parts(file)
    for match in matches_in([part.text for part in parts], ours, words):
        yield Finding(
            OWN,
            Severity.FIX,
            _place(parts[match.text], match),
            _WORDS[match.kind],
            _REMEDY,
            Audience.CHECKER,
        )


def _place(part: _Part, match: Match) -> Place:
    where = _place_in_text(part, match)
    if part.found is None:
        return where
    beside = Place(part=part.found.part, page=part.found.number or None)
    return replace(where, part=beside.part, page=beside.page) if part.found.leaves else beside


def _place_in_text(part: _Part, match: Match) -> Place:
    if part.place is not None:
        return part.place
    row = part.text.text.count("\n", 0, match.offset) + 1
    return Place(row=row, offset=match.offset, length=match.length)


def _limited(findings: Iterator[Finding]) -> Iterator[Finding]:
    seen: set[Place] = set()
    for finding in findings:
        if finding.where in seen:
            continue
        seen.add(finding.where)
        if len(seen) > MOST:
            message = say("There are more of the source's own identifiers in this file than are listed.")
            yield Finding(OWN, Severity.FIX, Place(), message, _REMEDY, Audience.CHECKER)
            return
        yield finding


def _parts(file: SubmittedFile) -> list[_Part]:
    names = [_Part(Labelled(name), Place()) for name in dict.fromkeys((file.name, file.upload)) if name]
    beside = [replace(part, found=found) for found in file.found for part in _parts_of_text(as_file(found))]
    return [*names, *_parts_of_text(file), *beside]


def _parts_of_text(file: SubmittedFile) -> list[_Part]:
    parts: list[_Part] = []
    tables = examine(file).tables if file.kind is FileKind.CSV else ()
    if not tables:
        return [_Part(Labelled(file.text), None)] if file.text else parts
    for table in tables:
        parts += _of_table(table)
    return parts


def _of_table(table: Table) -> Iterator[_Part]:
    lines = [table.header, *table.rows, table.notes]
    for line in lines:
        for cell in line:
            if cell.text.strip():
                yield _Part(Labelled(cell.text, table.name(cell.column)), table.place(cell))
    for line in (table.header, *table.rows):
        if len(line) > 1:
            yield _Part(Labelled(_joined([cell.text for cell in line])), Place(row=line[0].row))
    for column in table.columns:
        texts = [cell.text for line in table.rows for cell in line if cell.column == column.index]
        if any(len(text.strip()) <= 1 for text in texts):
            yield _Part(Labelled(_joined(texts)), Place(column=table.name(column.index)))


def _joined(texts: Sequence[str]) -> str:
    """Pieces of letters as one text; a number stays apart from its neighbours."""
    return "".join(text if not text[:1].isdigit() else f"|{text}|" for text in texts)
