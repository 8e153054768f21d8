"""The worker: answers, canonical bytes, checks and releases, one request at a time, in the background.

1. Every step begins and ends at the database: what a request's state asks for is done, and
   the outcome is stored only if the request is still what it was. So a step may be done twice
   or be killed anywhere, and the next round does it again from the beginning.
2. An open release intent is found by the same rule: its request is still approved, so the same
   package is made again, byte for byte, and the release is finished or undone.
3. Any exception stops that request and no other, with a code on the record. Nothing is released
   for want of an answer. Only a part that is away (the gate, the database) is waited for.
4. While the policy files are not the adopted ones, nothing is checked and nothing released.
5. When an author is told what the checks said depends on when they confirmed and on how long the checks
   took in whole moments, and on nothing else that this machine does meanwhile. What compares results with
   the source's own identifiers (``own_lane``) is no part of it.
"""

import threading
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from enclave.audit.canonical import Value
from enclave.errors import ConflictError, EnclaveError, UnavailableError
from enclave.policy import PolicySet
from enclave.sentences import Sentence, say
from enclave.use_cases.propose import adopted_policy
from output_review.asked_checks import Mended
from output_review.disclosure.findings import Verdict
from output_review.disclosure.history_rules import state_files
from output_review.disclosure.recount import Recounted
from output_review.disclosure.submissions import found_as_bytes
from output_review.ports import ReadFile
from output_review.readings.refusals import FAILED
from output_review.releases import ReleaseState
from output_review.requests import CanonicalForm, ReleaseRequest
from output_review.use_cases import assess, release
from output_review.worker_checks import answer_checks
from output_review.worker_house import (
    Held,
    WorkerDeps,
    log,
    mended_by,
    past_of,
    policies_in_force,
    submission_of,
    with_people,
)
from output_review.workflow import State

POLL_SECONDS = 0.3
WAITING = frozenset({State.HANDED_IN, State.CHECKING, State.IN_REVIEW, State.APPROVED})


def run(deps: WorkerDeps, stop: threading.Event) -> None:
    """Do what there is to do until told to stop; nothing that goes wrong ends the loop."""
    while not stop.is_set():
        deps.beat()
        try:
            done = run_once(deps)
        except (SQLAlchemyError, OSError, EnclaveError) as error:
            log.warning("round failed: %s", type(error).__name__)
            done = 0
        if not done:
            stop.wait(POLL_SECONDS)


def run_once(deps: WorkerDeps) -> int:
    """One step for every request that waits for the platform; how many moved."""
    with deps.works.read() as work:
        waiting = work.requests.in_states(WAITING)
        adopted = adopted_policy(work)
    answered = answer_checks(deps, adopted)
    return answered + sum(_guarded(deps, request, adopted) for request in waiting)


def _guarded(deps: WorkerDeps, request: ReleaseRequest, adopted: str) -> bool:
    """Whether the request moved. What goes wrong with it stays with it."""
    deps.beat()
    try:
        return _step(deps, request, adopted)
    except (ConflictError, UnavailableError, SQLAlchemyError) as error:
        # Changed meanwhile, or a part is away: nothing was done, and the next round looks again.
        log.info("%s waits: %s", request.id, getattr(error, "code", type(error).__name__))
        return False
    except Exception as error:  # noqa: BLE001  whatever went wrong, this request does not go on
        log.warning("%s stopped: %s", request.id, type(error).__name__)
        return _stop(deps, request)


def _step(deps: WorkerDeps, request: ReleaseRequest, adopted: str) -> bool:
    match request.state:
        case State.HANDED_IN:
            return _make_canonical(deps, request)
        case State.CHECKING:
            return _check(deps, request, adopted)
        case State.IN_REVIEW:
            return _hold_to_policy(deps, request, adopted)
        case State.APPROVED:
            return _release(deps, request)
    return False


def _make_canonical(deps: WorkerDeps, request: ReleaseRequest) -> bool:
    made: list[list[tuple[CanonicalForm, str]]] = []
    for index, file in enumerate(request.files):
        deps.beat()
        upload = deps.vault.get(request.project, file.sha256)
        answer = deps.reader.read(f"{request.id}-{index}", file.name, upload)
        if not answer.admitted:
            reason = say("File {n}: {reason}", n=index + 1, reason=answer.reason or FAILED)
            return _refuse(deps, request, answer.code or "reader_failed", reason)
        made.append([(_keep(deps, request.project, read), read.suffix) for read in answer.files])
    with deps.works.begin() as work:
        assess.store_canonical(work, request, made, deps.reader.image)
    return True


def _keep(deps: WorkerDeps, project: str, read: ReadFile) -> CanonicalForm:
    """The form, once its bytes, and the words found beside them, are in the vault."""
    if deps.vault.put(project, read.content) != read.form.sha256:
        raise ValueError("the canonical bytes are not what the reader said")
    if not read.found:
        return read.form
    return replace(read.form, found=deps.vault.put(project, found_as_bytes(read.found)))


def _check(deps: WorkerDeps, request: ReleaseRequest, adopted: str) -> bool:
    policies = policies_in_force(deps, adopted)
    if policies is None:
        log.warning("%s waits: the policy files are not the adopted ones", request.id)
        return False
    held = deps.held.get(request.id)
    if held is None or (held.version, held.policy_digest) != (request.version, policies.digest):
        held = deps.held[request.id] = _judge(deps, request, policies)
    with deps.works.read() as work:
        if work.now < held.due:
            return False
    with deps.works.begin() as work:
        assess.store_report(work, request, held.checked, policies.digest, told_at=held.due)
    del deps.held[request.id]
    return True


def _judge(deps: WorkerDeps, request: ReleaseRequest, policies: PolicySet) -> Held:
    """Run the checks; their outcome is held until its moment."""
    past = past_of(deps, request.project, request.id)
    submission = with_people(
        deps, request.project, submission_of(deps.vault, request, request.digests()), request.what_it_shows
    )
    checker = deps.checker_for(policies)
    recounts = _recounts(deps, request, past.history.version)
    report = checker.check(request.project, submission, past.earlier, past.history, recounts)
    remedies: tuple[Mended, ...] = ()
    if report.for_author().verdict is Verdict.FIX:
        deps.beat()
        remedies = mended_by(checker, request.project, submission, past)
    checked = assess.Checked(report, checker.stated(submission), past.history.version, remedies)
    with deps.works.read() as work:
        due = assess.moment_after(request.changed_at, work.now, deps.moment)
    return Held(request.version, policies.digest, checked, due)


def _recounts(deps: WorkerDeps, request: ReleaseRequest, version: str) -> dict[str, Recounted]:
    """What counting again gave for every file for which an SQL was named; a failure is one that was not made."""
    found: dict[str, Recounted] = {}
    for index, (name, sql) in enumerate(request.sql):
        deps.beat()
        try:
            job = f"{request.id}-s{index}"
            found[name] = (
                deps.recounter.recount(job, request.project, version, sql)
                if deps.recounter is not None
                else Recounted(code="no_recounter")
            )
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  whatever went wrong, the file was not counted again
            log.warning("a recount failed: %s", type(error).__name__)
            found[name] = Recounted(code="recount_failed")
    return found


def _hold_to_policy(deps: WorkerDeps, request: ReleaseRequest, adopted: str) -> bool:
    """A request that was checked under another policy than the adopted one is checked again."""
    if not adopted or request.policy_digest == adopted:
        return False
    with deps.works.begin() as work:
        if adopted_policy(work) == request.policy_digest:
            return False
        assess.check_again(work, request)
    return True


def _release(deps: WorkerDeps, request: ReleaseRequest) -> bool:
    images: dict[str, Value] = dict(deps.images.ids)
    extract: dict[str, Value] = dict(deps.extracts.facts(request.project))
    with deps.works.begin() as work:
        intended = release.intend(work, request, {"images": images, "extract": extract})
    if intended is None:
        return True
    digest, size = release.package(deps.vault, intended)
    leaving = submission_of(deps.vault, request, frozenset(sha256 for _, sha256 in intended.files))
    with deps.works.begin() as work:
        released = release.finish(work, request, intended, digest, size, state_files(leaving))
    if released is None:
        deps.vault.drop(request.project, digest)
    return True


def _stop(deps: WorkerDeps, request: ReleaseRequest) -> bool:
    """The request does not go on; an open intent of it is undone in the same transaction."""
    if request.state is State.IN_REVIEW:
        return False
    codes = {
        State.HANDED_IN: "reading_failed",
        State.CHECKING: "check_failed",
        State.APPROVED: "release_failed",
    }
    reason = say("The platform could not go on with this request. Hand it in again, or ask the operator.")
    return _refuse(deps, request, codes[request.state], reason)


def _refuse(deps: WorkerDeps, request: ReleaseRequest, code: str, reason: Sentence) -> bool:
    try:
        with deps.works.begin() as work:
            intended = work.releases.find(request.id)
            if intended is not None and intended.state is ReleaseState.INTENDED:
                release.undo(work, intended, code)
            assess.refuse(work, request, code, reason)
    except (ConflictError, SQLAlchemyError):
        return False
    return True
