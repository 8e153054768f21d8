"""What a check says: a finding, its weight, its place, and the verdict that follows.

1. A verdict is the worst finding. PASS means only that there was no finding: people release.
2. A finding names a place by numbers and column headers. Its sentences never hold a value
   read from the file, because findings are stored, logged and shown where the file is not.
3. A finding has an audience. What rests on knowledge the author must not gain is for the
   checker alone, and is left out before anything is computed for the author.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from enclave.sentences import Sentence


class Severity(StrEnum):
    """How much a finding weighs, lightest first."""

    INFO = "info"
    REVIEW = "review"
    FIX = "fix"
    REJECT = "reject"


class Verdict(StrEnum):
    """What the checks say of a file, lightest first."""

    PASS = "pass"  # noqa: S105  # a verdict, not a password
    REVIEW = "review"
    FIX = "fix"
    REJECT = "reject"


class Audience(StrEnum):
    """Who may see a finding: everyone, or the checkers alone."""

    AUTHOR = "author"
    CHECKER = "checker"


_VERDICTS = {
    Severity.INFO: Verdict.PASS,
    Severity.REVIEW: Verdict.REVIEW,
    Severity.FIX: Verdict.FIX,
    Severity.REJECT: Verdict.REJECT,
}
_WEIGHT = {verdict: weight for weight, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file; all absent means the whole file (or its name).

    ``row`` counts from 1: the line of a text file, or the row of a table with its header as
    row 1. ``column`` is the header, or the column's letter where it has none. ``offset`` and
    ``length`` count characters from the start of the file.
    """

    row: int | None = None
    column: str | None = None
    offset: int | None = None
    length: int | None = None
    page: int | None = None
    sheet: str | None = None
    part: str | None = None
    """Where beside the text: a code of ``output_review.readings.places``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule noticed: where, why it matters, and what to do about it."""

    rule: str
    severity: Severity
    where: Place
    message: Sentence
    remedy: Sentence | None = None
    audience: Audience = Audience.AUTHOR


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The heaviest of several verdicts; of none, REJECT, because nothing was examined."""
    return max(verdicts, key=_WEIGHT.__getitem__, default=Verdict.REJECT)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict on one examined file: its worst finding, or PASS when there is none."""
    return max(
        (_VERDICTS[finding.severity] for finding in findings), key=_WEIGHT.__getitem__, default=Verdict.PASS
    )
