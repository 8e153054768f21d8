"""The worker's second lane: requests with the checkers are compared with the source's own identifiers.

1. It begins where the author's part ended: the outcome of the checks was told before anybody here asks
   anything, and nothing here is waited for by the first lane.
2. What it does is stored for checkers, with one event, whatever was found. The stored document has the
   same size for any answer up to a limit, and it is stored at the end of a time box: at whole multiples of
   ``box`` after it began. So whoever can see that something was written learns nothing of what.
3. A matcher that is away, refuses or answers nonsense leaves the request uncompared; the next round asks
   again. Files that cannot be taken apart are compared with nothing, and their checkers are told so.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from catalog.identifiers.own_forms import OwnKind
from catalog.identifiers.words import Tokeniser
from enclave.errors import ConflictError
from enclave.sentences import say
from output_review.disclosure.own_rules import forms_of_submission, not_compared, own_findings
from output_review.disclosure.reports import FileReport
from output_review.ports import FileVault, OwnMatcher, ReviewWorks
from output_review.requests import OwnAssessment, ReleaseRequest, digest_of_form
from output_review.use_cases.own import store_own, waiting_for_comparison
from output_review.worker_house import submission_of

log = logging.getLogger("hanare.own")
POLL_SECONDS = 2.0
_AT_ONCE = 20_000
"""Forms of one question."""
_NOBODY = "-"
"""What is asked about files in which nobody can be named: that there is a set is known all the same."""


@dataclass(frozen=True, slots=True)
class OwnDeps:
    """What the second lane needs from the world."""

    works: ReviewWorks
    vault: FileVault
    matcher: OwnMatcher
    words: Tokeniser | None = None
    """Says where words end; without it a name counts wherever its letters stand."""
    box_seconds: float = 0.0
    """The length of the time box; 0 stores at once."""
    wait: Callable[[float], object] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


def run(deps: OwnDeps, stop: threading.Event) -> None:
    """Compare what waits until told to stop; nothing that goes wrong ends the loop."""
    while not stop.is_set():
        try:
            run_once(deps)
        except Exception as error:  # noqa: BLE001  the lane goes on, whatever went wrong in one round
            log.warning("round failed: %s", type(error).__name__)
        stop.wait(POLL_SECONDS)


def run_once(deps: OwnDeps) -> int:
    """One attempt at every request that waits; how many were compared."""
    with deps.works.read() as work:
        waiting = waiting_for_comparison(work)
    return sum(_guarded(deps, request) for request in waiting)


def _guarded(deps: OwnDeps, request: ReleaseRequest) -> bool:
    began = deps.monotonic()
    try:
        compared = _compare(deps, request)
        _until_the_box_ends(deps, began)
        with deps.works.begin() as work:
            own = OwnAssessment(
                request.policy_digest,
                compared.set_id,
                compared.asked,
                compared.files,
                work.now,
                frozenset(digest_of_form(request.id, form) for form in compared.named),
            )
            store_own(work, request, own)
    except ConflictError as error:
        log.info("%s waits: %s", request.id, error.code)
        return False
    except Exception as error:  # noqa: BLE001  whatever went wrong, nothing was learnt and nobody may go on
        log.warning("%s not compared: %s", request.id, getattr(error, "code", type(error).__name__))
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Compared:
    set_id: str
    asked: int
    files: tuple[FileReport, ...]
    named: frozenset[str] = frozenset()


def _compare(deps: OwnDeps, request: ReleaseRequest) -> _Compared:
    submission = submission_of(deps.vault, request, request.digests())
    try:
        forms = sorted(forms_of_submission(submission)) or [_NOBODY]
    except Exception as error:  # noqa: BLE001  whatever went wrong, these files cannot be compared with anything
        log.warning("%s cannot be compared: %s", request.id, type(error).__name__)
        return _Compared("", 0, not_compared(submission))
    ours: dict[str, OwnKind] = {}
    sets: set[str] = set()
    for start in range(0, len(forms), _AT_ONCE):
        answer = deps.matcher.kinds_of(request.project, forms[start : start + _AT_ONCE])
        ours |= answer.ours
        sets.add(answer.set_id)
    if len(sets) != 1:
        # The set was replaced between two questions: two halves of two answers are no answer.
        raise ConflictError("own_other_set", say("The source changed meanwhile. It is compared again."))
    return _Compared(sets.pop(), len(forms), own_findings(submission, ours, deps.words), frozenset(ours))


def _until_the_box_ends(deps: OwnDeps, began: float) -> None:
    """Wait until a whole number of time boxes has gone by."""
    if deps.box_seconds > 0:
        spent = deps.monotonic() - began
        deps.wait(deps.box_seconds * (spent // deps.box_seconds + 1) - spent)
