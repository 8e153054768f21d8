"""Everything that is asked of the past: differences, sums of three, copies of what was refused, series.

The order is the order of findings. Each part has its own module with its own rules; here a file is
read once for all of them.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from output_review.disclosure.differencing import check_differencing, check_other_projects
from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.history import Frame, History, KeptFile, frames_of
from output_review.disclosure.history_copies import COPY, check_copies
from output_review.disclosure.history_numbers import StatedFile, stated_in
from output_review.disclosure.history_parts import check_parts
from output_review.disclosure.history_series import SERIES, check_series
from output_review.disclosure.history_sums import check_sums
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile

ALERTS = frozenset({COPY, SERIES})
"""Rules whose findings are told to the checkers at once: somebody is searching."""
THIS = "this request"
"""The name of the request under check among those of history."""


def check_history(
    examined: ExaminedFile, beside: Sequence[ExaminedFile], history: History, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """What follows for a file from what was stated before and from the files beside it."""
    if not (beside or history.released or history.refused or history.asked):
        return
    stated = stated_in(examined)
    frames = frames_of(KeptFile(THIS, "", history.version, stated))
    others = tuple(frame for other in beside for frame in _frames(other, history))
    differences = list(check_differencing(frames, others, history, policy))
    yield from differences
    if not any(finding.severity is Severity.FIX for finding in differences):
        # Two numbers that tell are part of many threes; those are looked for once no two tell any more.
        yield from check_sums(frames, others, history, policy)
        yield from check_parts(frames, others, history, policy)
    # Words found in a picture are a file without a name; the picture has the numbers of all its words.
    is_picture = examined.file.kind is FileKind.PICTURE or not examined.file.name
    yield from check_copies(stated.figures, history, is_from_picture=is_picture)
    yield from check_series(frames, history, policy)


def check_elsewhere(examined: ExaminedFile, history: History, policy: DisclosurePolicy) -> Iterator[Finding]:
    """What follows for a file from what other projects released: for checkers alone."""
    if not history.elsewhere:
        return
    frames = frames_of(KeptFile(THIS, "", history.version, stated_in(examined)))
    yield from check_other_projects(frames, history, policy)


def history_of(released: Sequence[ExaminedFile], version: str = "") -> History:
    """A history of nothing but released files, each taken for a request of its own."""
    kept = tuple(
        KeptFile(f"earlier {number}", "", version, stated_in(examined))
        for number, examined in enumerate(released)
    )
    return History(released=kept, asked=kept, version=version)


def state_files(submission: Submission) -> tuple[StatedFile, ...]:
    """What the files of a submission state, for keeping; a file that cannot be taken apart is kept as unread."""
    return tuple(_state(file) for file in submission.files)


def _state(file: SubmittedFile) -> StatedFile:
    try:
        return stated_in(examine(file))
    except Exception:  # noqa: BLE001  # whatever went wrong, later files were not compared with this one
        return StatedFile(PurePath(file.name).name, (), is_read=False)


def _frames(examined: ExaminedFile, history: History) -> tuple[Frame, ...]:
    return frames_of(KeptFile(THIS, "", history.version, stated_in(examined)))
