"""What the worker's steps share: the world they act on, the adopted policy, a project's past. No step is here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from catalog.identifiers.known_people import stated_authors
from enclave.errors import EnclaveError
from enclave.policy import PolicySet
from output_review.asked_checks import Mended
from output_review.disclosure.history import History, KeptFile
from output_review.disclosure.history_rules import state_files
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile, found_from_bytes
from output_review.ports import (
    Checker,
    Extracts,
    FileVault,
    Images,
    LoadPolicy,
    Reader,
    Recounter,
    ReviewWorks,
)
from output_review.releases import ReleaseState
from output_review.requests import CanonicalForm, ReleaseRequest
from output_review.requests import SubmittedFile as Handed
from output_review.use_cases.assess import Checked
from output_review.workflow import State

log = logging.getLogger("hanare.worker")


@dataclass(frozen=True, slots=True)
class Held:
    """What the checks said of a request at this version, and when its author is told."""

    version: int
    policy_digest: str
    checked: Checked
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
    recounter: Recounter | None = None
    """Counts again what an SQL was named for; without one, nothing is counted again, and that is said."""
    images: Images = field(default_factory=lambda: Images({}))
    moment: timedelta = timedelta(0)
    """The outcome of checks is told at whole multiples of this after the author confirmed; 0 tells it at once."""
    held: "dict[str, Held]" = field(default_factory=dict)
    """Outcomes whose moment has not come, by request."""
    beat: Callable[[], None] = lambda: None
    """Called at every round, request and file: a sign of life for whoever watches."""


def mended_by(checker: Checker, project: str, submission: Submission, past: "Past") -> tuple[Mended, ...]:
    """What would mend the files; where none can be found, people mend them."""
    try:
        return checker.remedies(project, submission, past.earlier, past.history)
    except Exception as error:  # noqa: BLE001  the finding stands, whatever became of its remedy
        log.info("no remedy: %s", type(error).__name__)
        return ()


@dataclass(frozen=True, slots=True)
class Past:
    """What a project did before: the files that left, and every number that was stated."""

    earlier: tuple[Submission, ...]
    history: History


def past_of(deps: WorkerDeps, project: str, without: str, *, for_author: bool = False) -> Past:
    """The past of a project, one request left out of it: the one under check.

    For an author, what other projects released is not even read: its size could be felt.
    """
    with deps.works.read() as work:
        requests = work.requests.of_project(project)
        done = [
            (r, found)
            for r in requests
            if (found := work.releases.find(r.id)) and found.state is ReleaseState.DONE
        ]
        released = work.numbers.released(project)
        asked = tuple(kept for kept in work.numbers.asked(project) if kept.request != without)
        elsewhere = () if for_author else work.numbers.released_elsewhere(project)
    earlier = tuple(
        submission_of(deps.vault, r, frozenset(sha256 for _, sha256 in found.files)) for r, found in done
    )
    known = {kept.request for kept in released}
    # A release from before numbers were kept is read from its files.
    older = tuple(
        KeptFile(release.name, project, "", stated)
        for release in earlier
        if release.name not in known
        for stated in state_files(release)
    )
    rejected = {r.id for r in requests if r.state is State.REJECTED}
    refused = tuple(kept for kept in asked if kept.request in rejected)
    version = str(deps.extracts.facts(project).get("version", ""))
    return Past(earlier, History((*older, *released), refused, asked, elsewhere, version))


def policies_in_force(deps: WorkerDeps, adopted: str) -> PolicySet | None:
    """The policy files, if they can be read and are those that two people adopted."""
    try:
        policies = deps.load_policy()
    except (EnclaveError, OSError):
        return None
    return policies if adopted and policies.digest == adopted else None


def with_people(deps: WorkerDeps, project: str, submission: Submission, says: str = "") -> Submission:
    """The submission with the people whose names are expected in it: the permit's, and the authors it states."""
    with deps.works.read() as work:
        permit = work.register.find_permit(project)
        accounts = [work.register.find_account(name) for name in (permit.people if permit else ())]
    members = tuple(account.display_name for account in accounts if account)
    return replace(submission, members=members, authors=stated_authors(says))


def submission_of(vault: FileVault, request: ReleaseRequest, digests: frozenset[str]) -> Submission:
    """The canonical files with these digests, decoded, as the checks take them."""
    files = tuple(
        _examinable(vault, request.project, file, file.canonical)
        for file in request.files
        if file.canonical and file.canonical.sha256 in digests
    )
    return Submission(request.id, files)


def kind_to_examine(kind: str, name: str) -> FileKind:
    """What the checks take canonical bytes for: a text that leaves as json is read as json."""
    return FileKind.JSON if kind == FileKind.TEXT and name.lower().endswith(".json") else FileKind(kind)


def _examinable(vault: FileVault, project: str, file: Handed, form: CanonicalForm) -> SubmittedFile:
    kind = kind_to_examine(form.kind, file.name)
    content = vault.get(project, form.sha256)
    return SubmittedFile(
        file.name,
        kind,
        "" if kind is FileKind.PICTURE else content.decode("utf-8"),
        found=found_from_bytes(vault.get(project, form.found)) if form.found else (),
        dropped=form.dropped,
        signs=form.signs,
        facts=form.facts,
        upload=file.upload,
    )
