"""The worker: canonical bytes, checks and releases, one request at a time, in the background.

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

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from catalog.identifiers.known_people import stated_authors
from enclave.audit.canonical import Value
from enclave.errors import ConflictError, EnclaveError, UnavailableError
from enclave.policy import PolicySet
from enclave.sentences import Sentence, say
from enclave.use_cases.propose import adopted_policy
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.ports import (
    Checker,
    Extracts,
    FileVault,
    Images,
    LoadPolicy,
    Reader,
    ReviewWork,
    ReviewWorks,
)
from output_review.releases import ReleaseState
from output_review.requests import CanonicalForm, ReleaseRequest
from output_review.use_cases import assess, release
from output_review.workflow import State

log = logging.getLogger("hanare.worker")
POLL_SECONDS = 0.3
WAITING = frozenset({State.HANDED_IN, State.CHECKING, State.IN_REVIEW, State.APPROVED})


@dataclass(frozen=True, slots=True)
class Held:
    """What the checks said of a request at this version, and when its author is told."""

    version: int
    policy_digest: str
    report: Report
    due: datetime


@dataclass(frozen=True, slots=True)
class WorkerDeps:
    """Everything the worker needs from the world."""

    works: ReviewWorks
    vault: FileVault
    reader: Reader
    checker_for: Callable[[PolicySet], Checker]
    load_policy: LoadPolicy
    extracts: Extracts
    images: Images = field(default_factory=lambda: Images({}))
    moment: timedelta = timedelta(0)
    """The outcome of checks is told at whole multiples of this after the author confirmed; 0 tells it at once."""
    held: "dict[str, Held]" = field(default_factory=dict)
    """Outcomes whose moment has not come, by request."""
    beat: Callable[[], None] = lambda: None
    """Called at every round, request and file: a sign of life for whoever watches."""


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
    return sum(_guarded(deps, request, adopted) for request in waiting)


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
    forms: list[CanonicalForm] = []
    for index, file in enumerate(request.files):
        deps.beat()
        upload = deps.vault.get(request.project, file.sha256)
        answer = deps.reader.read(f"{request.id}-{index}", file.name, upload)
        if answer.form is None:
            reason = say(
                "File {n}: {reason}", n=index + 1, reason=answer.reason or say("The file could not be read.")
            )
            return _refuse(deps, request, answer.code or "reader_failed", reason)
        kept = deps.vault.put(request.project, answer.content)
        if kept != answer.form.sha256:
            raise ValueError("the canonical bytes are not what the reader said")
        forms.append(answer.form)
    with deps.works.begin() as work:
        assess.store_canonical(work, request, forms, deps.reader.image)
    return True


def _check(deps: WorkerDeps, request: ReleaseRequest, adopted: str) -> bool:
    policies = _policies_in_force(deps, adopted)
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
        assess.store_report(work, request, held.report, policies.digest, told_at=held.due)
    del deps.held[request.id]
    return True


def _judge(deps: WorkerDeps, request: ReleaseRequest, policies: PolicySet) -> Held:
    """Run the checks; their outcome is held until its moment."""
    with deps.works.read() as work:
        done = [
            (r, found)
            for r in work.requests.of_project(request.project)
            if (found := work.releases.find(r.id)) and found.state is ReleaseState.DONE
        ]
        members = _members(work, request.project)
    earlier = [
        submission_of(deps.vault, r, frozenset(sha256 for _, sha256 in found.files)) for r, found in done
    ]
    submission = replace(
        submission_of(deps.vault, request, request.digests()),
        members=members,
        authors=stated_authors(request.what_it_shows),
    )
    report = deps.checker_for(policies).check(request.project, submission, earlier)
    with deps.works.read() as work:
        due = assess.moment_after(request.changed_at, work.now, deps.moment)
    return Held(request.version, policies.digest, report, due)


def _members(work: ReviewWork, project: str) -> tuple[str, ...]:
    """The names of the people on a project's permit, as the register has them."""
    permit = work.register.find_permit(project)
    accounts = (work.register.find_account(name) for name in (permit.people if permit else ()))
    return tuple(account.display_name for account in accounts if account)


def _policies_in_force(deps: WorkerDeps, adopted: str) -> PolicySet | None:
    """The policy files, if they can be read and are those that two people adopted."""
    try:
        policies = deps.load_policy()
    except (EnclaveError, OSError):
        return None
    return policies if adopted and policies.digest == adopted else None


def submission_of(vault: FileVault, request: ReleaseRequest, digests: frozenset[str]) -> Submission:
    """The canonical files with these digests, decoded, as the checks take them."""
    files = tuple(
        SubmittedFile(
            file.name,
            FileKind(file.canonical.kind),
            vault.get(request.project, file.canonical.sha256).decode("utf-8"),
        )
        for file in request.files
        if file.canonical and file.canonical.sha256 in digests
    )
    return Submission(request.id, files)


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
    with deps.works.begin() as work:
        released = release.finish(work, request, intended, digest, size)
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
