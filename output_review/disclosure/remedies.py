"""What mends a file that is to be fixed, proposed by a machine and confirmed by the checks.

1. ``propose`` offers, for each file and kind, the first candidate that ``edits.confirmed`` lets pass: the
   whole submission with it was judged again.
2. Candidates, the mildest for a reader first: masking with as few further cells as possible, rounding
   every count, merging a class with its neighbour, making totals again from what is shown, leaving out
   columns or rows of extreme values, covering words that identify somebody.
3. A candidate that cannot be made for a file (another format, nothing to round) is left out; a file
   without any is mended by people.
"""

from collections.abc import Callable, Iterator

from output_review.disclosure.edits import Judge, Remedy, RemedyKind, apply, confirmed
from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Finding, Severity, Verdict
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.remedies_merging import merging
from output_review.disclosure.remedies_removing import covering, dropping
from output_review.disclosure.remedies_rounding import recomputing, rounding
from output_review.disclosure.remedies_suppressing import Scene, suppressing
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import READABLE, Submission

__all__ = ["Judge", "Remedy", "RemedyKind", "apply", "propose"]

_MAKERS: tuple[Callable[[Scene], Iterator[Remedy]], ...] = (
    suppressing,
    rounding,
    merging,
    recomputing,
    dropping,
    covering,
)


def propose(
    submission: Submission,
    report: Report,
    policy: DisclosurePolicy,
    judge: Judge,
    earlier: tuple[Submission, ...] = (),
) -> tuple[Remedy, ...]:
    """Remedies for the files of a submission that are to be fixed, confirmed one by one.

    ``report`` is what ``judge`` says of the submission; ``earlier`` are releases that may be known to
    whoever sees the remedies.
    """
    by_path = {file.path: file for file in report.files}
    found: list[Remedy] = []
    for file in submission.files:
        judged = by_path.get(file.name)
        if judged is None or judged.verdict is not Verdict.FIX or file.kind not in READABLE:
            continue
        beside = tuple(examine(other) for other in submission.files if other is not file)
        before = tuple(examine(old) for release in earlier for old in release.files)
        scene = Scene(examine(file), tuple(filter(_is_fix, judged.findings)), policy, beside, before)
        for maker in _MAKERS:
            first = next(confirmed(maker(scene), submission, report, judge), None)
            if first is not None and not _is_needless(first, found):
                found.append(first)
    return tuple(found)


def _is_fix(finding: Finding) -> bool:
    return finding.severity is Severity.FIX


def _is_needless(remedy: Remedy, found: list[Remedy]) -> bool:
    """Covering destroys most, so it is offered for what no other remedy of the file mends."""
    mended = [other.mends for other in found if other.file == remedy.file]
    return remedy.kind is RemedyKind.COVER and remedy.mends <= frozenset[str]().union(*mended)
