"""What mends a file that is to be fixed: edits that a machine makes and the checks confirm.

1. A remedy is a list of edits to one file: other words in a cell, rows or columns left out, a note
   added. ``apply`` makes exactly these edits and nothing else.
2. ``propose`` offers a remedy only after the whole submission with it was judged again and no rule it is
   meant for asks for a fix any more, nor any rule that was content before.
3. The kinds, the mildest for a reader first: masking with as few further cells as possible, rounding
   every count, merging a class with its neighbour, making totals again from what is shown, leaving a
   column of extreme values out, covering cells that identify somebody.
4. The judge is whatever the caller judges by (with history and identifiers, for the author's eyes
   only); nothing here knows more than it was told.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from enclave.sentences import Sentence
from output_review.disclosure.findings import Severity, Verdict
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import GRIDS, FileKind, Submission, SubmittedFile

Judge = Callable[[Submission], Report]
"""How a submission is judged: the checks with everything the caller may use."""


class RemedyKind(StrEnum):
    """How a file is mended."""

    SUPPRESS = "suppress"
    ROUND = "round"
    MERGE = "merge"
    RECOMPUTE_TOTALS = "recompute_totals"
    DROP = "drop"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class CellEdit:
    """Other words in one cell: ``row`` is the record of the file from 1, ``column`` counts from 0."""

    row: int
    column: int
    text: str
    offset: int | None = None
    """Where the words begin in a file of running text; a file that is one table needs none."""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """Edits to one file, what they are in words, and the verdict of the file after them."""

    kind: RemedyKind
    file: str
    edits: tuple[CellEdit, ...]
    message: Sentence
    dropped_rows: frozenset[int] = frozenset()
    """Records of the file, from 1."""
    dropped_columns: frozenset[int] = frozenset()
    note: str = ""
    """A line added below the table."""
    mends: frozenset[str] = frozenset()
    """The rules that ask for no fix any more; none until it was judged."""
    verdict: Verdict = Verdict.REJECT
    """What the file is judged after the remedy; REJECT until it was judged."""


def apply(remedy: Remedy, file: SubmittedFile) -> SubmittedFile:
    """The file after a remedy, in canonical form.

    Raises:
        ValueError: the remedy is for another file, or of a kind that this file's format does not take.
    """
    if remedy.file != file.name:
        raise ValueError(remedy.file)
    if file.kind in GRIDS:
        return replace(file, text=_edit_grid(remedy, file.text, "," if file.kind is FileKind.CSV else "\t"))
    if remedy.dropped_rows or remedy.dropped_columns or any(edit.offset is None for edit in remedy.edits):
        raise ValueError(remedy.kind)
    return replace(file, text=_edit_text(remedy, file.text))


def _edit_grid(remedy: Remedy, text: str, separator: str) -> str:
    lines = (line + "\n" for line in text.removesuffix("\n").split("\n"))
    records = [list(record) for record in csv.reader(lines, delimiter=separator, strict=True)]
    for edit in remedy.edits:
        record = records[edit.row - 1]
        record.extend([""] * (edit.column + 1 - len(record)))
        record[edit.column] = edit.text
    kept = [
        [words for column, words in enumerate(record) if column not in remedy.dropped_columns]
        for number, record in enumerate(records, 1)
        if number not in remedy.dropped_rows
    ]
    if remedy.note:
        kept.append([remedy.note])
    out = _Lines()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(kept)
    return "".join(out.written)


class _Lines:
    """Where a csv writer writes: memory only."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, line: str) -> int:
        """Keep one line."""
        self.written.append(line)
        return len(line)


def _edit_text(remedy: Remedy, text: str) -> str:
    for edit in sorted(remedy.edits, key=lambda edit: edit.offset or 0, reverse=True):
        start = edit.offset or 0
        text = text[:start] + edit.text + text[start + (edit.length or 0) :]
    return f"{text.rstrip(chr(10))}\n\n{remedy.note}\n" if remedy.note else text


def confirmed(
    remedies: Iterator[Remedy], submission: Submission, before: Report, judge: Judge
) -> Iterator[Remedy]:
    """Rule 2: the remedies that hold, each with its verdict."""
    reports = {file.path: file for file in before.files}
    for remedy in remedies:
        files = tuple(apply(remedy, f) if f.name == remedy.file else f for f in submission.files)
        after = {file.path: file for file in judge(replace(submission, files=files)).files}
        old, new = reports[remedy.file], after[remedy.file]
        if _blocking(new) < _blocking(old) and all(
            _blocking(after[path]) <= _blocking(report) for path, report in reports.items()
        ):
            yield replace(remedy, verdict=new.verdict, mends=_blocking(old) - _blocking(new))


def _blocking(report: FileReport) -> frozenset[str]:
    """The rules by which a file cannot leave."""
    return frozenset(f.rule for f in report.findings if f.severity in (Severity.FIX, Severity.REJECT))
