"""The checker's room in memory: rows in dictionaries, a vault, a reader and a checker that obey.

Each fake of a port passes the same contract tests as the adapter it stands for.
"""

import copy
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from catalog.identifiers.own_forms import OwnKind
from catalog.own_questions import refusal
from enclave.audit.event import EventDraft
from enclave.errors import ConflictError, NotFoundError, TamperedError
from enclave.ports import Displays, Keyring, Proposals, Randomness, Register
from enclave.sentences import say
from output_review.asked_checks import AskedCheck, CheckState, Mended
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.history import History, KeptFile
from output_review.disclosure.history_numbers import StatedFile
from output_review.disclosure.history_rules import state_files
from output_review.disclosure.recount import Recounted
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import Submission
from output_review.ports import LiveWorkspace, OwnAnswer, ReaderAnswer, ReadFile
from output_review.releases import Link, Release
from output_review.requests import Assessment, CanonicalForm, OwnAssessment, ReleaseRequest
from output_review.reviews import Review
from output_review.workflow import State
from tests.support.fakes import FakeHouse, FakeWork

READER_IMAGE = "sha256:" + "5" * 64


class FakeRequests:
    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._all: dict[str, ReleaseRequest] = {}
        self._assessments: dict[str, Assessment] = {}
        self._owns: dict[str, OwnAssessment] = {}
        self._views: set[tuple[str, str, str]] = set()

    def add(self, request: ReleaseRequest) -> None:
        assert request.id not in self._all
        if self._keyring.find(request.project, "body") is None:
            raise ConflictError("no_body_key", say("This project's key does not exist or was destroyed."))
        self._all[request.id] = request

    def find(self, request_id: str) -> ReleaseRequest | None:
        return self._all.get(request_id)

    def put(self, request: ReleaseRequest) -> ReleaseRequest:
        known = self._all.get(request.id)
        if known is None or known.version != request.version:
            raise ConflictError("stale", say("The request changed meanwhile. Read it again."))
        self._all[request.id] = replace(request, version=request.version + 1)
        return self._all[request.id]

    def of_author(self, author: str) -> tuple[ReleaseRequest, ...]:
        mine = sorted((r for r in self._all.values() if r.author == author), key=lambda r: r.id)
        return tuple(sorted(mine, key=lambda r: r.created_at, reverse=True))

    def of_project(self, project: str) -> tuple[ReleaseRequest, ...]:
        mine = (r for r in self._all.values() if r.project == project)
        return tuple(sorted(mine, key=lambda r: (r.created_at, r.id)))

    def in_states(self, states: Collection[State]) -> tuple[ReleaseRequest, ...]:
        wanted = (r for r in self._all.values() if r.state in states)
        return tuple(sorted(wanted, key=lambda r: (r.changed_at, r.id)))

    def put_assessment(self, request_id: str, project: str, assessment: Assessment) -> None:
        self._assessments[request_id] = assessment

    def find_assessment(self, request_id: str) -> Assessment | None:
        return self._assessments.get(request_id)

    def put_own(self, request_id: str, project: str, own: OwnAssessment) -> None:
        self._owns[request_id] = own

    def find_own(self, request_id: str) -> OwnAssessment | None:
        return self._owns.get(request_id)

    def note_view(self, request_id: str, person: str, sha256: str, at: datetime) -> None:
        self._views.add((request_id, person, sha256))

    def viewed(self, request_id: str, person: str) -> frozenset[str]:
        return frozenset(s for r, p, s in self._views if (r, p) == (request_id, person))


class FakeReviews:
    def __init__(self) -> None:
        self._all: dict[str, Review] = {}

    def add(self, review: Review, project: str) -> None:
        self._all[review.id] = review

    def of(self, request_id: str) -> tuple[Review, ...]:
        mine = (r for r in self._all.values() if r.request_id == request_id)
        return tuple(sorted(mine, key=lambda r: (r.completed_at, r.id)))

    def make_void(self, review_id: str, reason: str) -> None:
        self._all[review_id] = replace(self._all[review_id], void=reason)


class FakeReleases:
    def __init__(self) -> None:
        self._all: dict[str, Release] = {}
        self._links: dict[str, Link] = {}

    def put(self, release: Release) -> None:
        self._all[release.request_id] = release

    def find(self, request_id: str) -> Release | None:
        return self._all.get(request_id)

    def put_link(self, link: Link) -> None:
        self._links[link.token_sha256] = link

    def find_link(self, token_sha256: str) -> Link | None:
        return self._links.get(token_sha256)

    def drop_links(self, request_id: str) -> None:
        self._links = {k: v for k, v in self._links.items() if v.request_id != request_id}


class FakeNumbers:
    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._asked: dict[str, tuple[KeptFile, ...]] = {}
        self._released: dict[str, tuple[KeptFile, ...]] = {}

    def put_asked(
        self, request_id: str, project: str, version: str, files: Sequence[StatedFile], at: datetime
    ) -> None:
        self._asked[request_id] = tuple(KeptFile(request_id, project, version, file) for file in files)

    def put_released(
        self, request_id: str, project: str, version: str, files: Sequence[StatedFile], at: datetime
    ) -> None:
        self._released[request_id] = tuple(KeptFile(request_id, project, version, file) for file in files)

    def asked(self, project: str) -> tuple[KeptFile, ...]:
        return tuple(k for kept in self._asked.values() for k in self._open(kept) if k.project == project)

    def released(self, project: str) -> tuple[KeptFile, ...]:
        return tuple(k for kept in self._released.values() for k in self._open(kept) if k.project == project)

    def released_elsewhere(self, project: str) -> tuple[KeptFile, ...]:
        return tuple(k for kept in self._released.values() for k in self._open(kept) if k.project != project)

    def _open(self, kept: tuple[KeptFile, ...]) -> tuple[KeptFile, ...]:
        return tuple(k for k in kept if self._keyring.find(k.project, "body") is not None)


class FakeChecks:
    def __init__(self) -> None:
        self._all: dict[str, AskedCheck] = {}

    def put(self, check: AskedCheck) -> None:
        self._all[check.id] = check

    def find(self, check_id: str) -> AskedCheck | None:
        return self._all.get(check_id)

    def waiting(self) -> tuple[AskedCheck, ...]:
        left = (check for check in self._all.values() if check.state is CheckState.ASKED)
        return tuple(sorted(left, key=lambda check: (check.asked_at, check.id)))

    def asked_since(self, author: str, since: datetime) -> int:
        return sum(check.author == author and check.asked_at > since for check in self._all.values())


class FakeReviewWork:
    def __init__(self, inner: FakeWork, house: "FakeReviewHouse") -> None:
        self._inner = inner
        self.requests = house.requests
        self.reviews = house.reviews
        self.releases = house.releases
        self.numbers = house.numbers
        self.checks = house.checks

    @property
    def register(self) -> Register:
        return self._inner.register

    @property
    def proposals(self) -> Proposals:
        return self._inner.proposals

    @property
    def displays(self) -> Displays:
        return self._inner.displays

    @property
    def now(self) -> datetime:
        return self._inner.now

    @property
    def fresh(self) -> Randomness:
        return self._inner.fresh

    @property
    def keyring(self) -> Keyring:
        return self._inner.keyring

    def record(self, draft: EventDraft) -> int:
        return self._inner.record(draft)


class FakeReviewHouse(FakeHouse):
    """The room's works over the foundation's fakes; undone as one when a block raises."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = FakeRequests(self.keyring)
        self.reviews = FakeReviews()
        self.releases = FakeReleases()
        self.numbers = FakeNumbers(self.keyring)
        self.checks = FakeChecks()

    @contextmanager
    def review_begin(self) -> Iterator[FakeReviewWork]:
        kept = copy.deepcopy((self.requests, self.reviews, self.releases, self.numbers, self.checks))
        try:
            with self.begin() as inner:
                yield FakeReviewWork(inner, self)
        except BaseException:
            self.requests, self.reviews, self.releases, self.numbers, self.checks = kept
            raise


class FakeReviewWorks:
    """The ``ReviewWorks`` port over the fake house."""

    def __init__(self, house: FakeReviewHouse) -> None:
        self._house = house

    @contextmanager
    def begin(self) -> Iterator[FakeReviewWork]:
        with self._house.review_begin() as work:
            yield work

    @contextmanager
    def read(self) -> Iterator[FakeReviewWork]:
        with self._house.begin() as inner:
            yield FakeReviewWork(inner, self._house)


class FakeVault:
    """Bytes in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    def put(self, project: str, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.kept[project, digest] = content
        return digest

    def get(self, project: str, sha256: str) -> bytes:
        content = self.kept.get((project, sha256))
        if content is None:
            raise NotFoundError("not_in_vault", say("These bytes are not in the vault."))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise TamperedError("vault_altered", say("A file in the vault is not what was put there."))
        return content

    def has(self, project: str, sha256: str) -> bool:
        return (project, sha256) in self.kept

    def drop(self, project: str, sha256: str) -> None:
        self.kept.pop((project, sha256), None)


class FakeMatcher:
    """Knows the forms it was given; ``away`` is what it raises instead of an answer."""

    def __init__(self, ours: Mapping[str, OwnKind] | None = None) -> None:
        self.ours = dict(ours or {})
        self.away: Exception | None = None
        self.asked: list[tuple[str, ...]] = []

    def kinds_of(self, project: str, forms: Sequence[str]) -> OwnAnswer:
        if self.away is not None:
            raise self.away
        if not forms:
            raise refusal("bad_question")
        self.asked.append(tuple(forms))
        return OwnAnswer("0" * 16, {form: self.ours[form] for form in forms if form in self.ours})


class FakeReader:
    """Canonical is: CRLF becomes LF. A name that ends in neither csv nor txt is refused."""

    image = READER_IMAGE

    def __init__(self) -> None:
        self.jobs: list[str] = []
        self.fails_with: Exception | None = None

    def read(self, job: str, name: str, content: bytes) -> ReaderAnswer:
        self.jobs.append(job)
        if self.fails_with:
            raise self.fails_with
        kind = {"csv": "csv", "txt": "text"}.get(name.rpartition(".")[2])
        if kind is None:
            return ReaderAnswer(
                code="format_refused",
                reason=say("This kind of file is not accepted. Use csv, txt or md."),
            )
        made = content.replace(b"\r\n", b"\n")
        form = CanonicalForm(hashlib.sha256(made).hexdigest(), len(made), kind, made.count(b"\n"), 1)
        return ReaderAnswer((ReadFile(form, made, "." + name.rpartition(".")[2]),))


class FakeChecker:
    """Finds what the text says it should: ``FIX`` for the author, ``SECRET`` for checkers, ``BREAK``."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Submission, tuple[Submission, ...]]] = []
        self.histories: list[History] = []
        self.recounts: list[dict[str, Recounted]] = []

    def check(
        self,
        project: str,
        submission: Submission,
        earlier: Iterable[Submission],
        history: History,
        recounts: Mapping[str, Recounted],
    ) -> Report:
        self.histories.append(history)
        self.recounts.append(dict(recounts))
        self.seen.append((project, submission, tuple(earlier)))
        return Report(
            tuple(FileReport(f.name, tuple(_findings(f.text))) for f in submission.files), "fake", "0" * 64
        )

    def stated(self, submission: Submission) -> tuple[StatedFile, ...]:
        return state_files(submission)

    def check_for_author(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> Report:
        return self.check(project, submission, earlier, history.for_author(), {}).for_author()

    def remedies(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> tuple[Mended, ...]:
        """What the text says is to be fixed becomes what is fixed."""
        broken = [f for f in submission.files if "FIX" in f.text]
        return tuple(
            Mended(
                "suppress",
                f.name,
                say("Mask one cell."),
                f.text.replace("FIX", "mended"),
                Report((FileReport(f.name, ()),), "fake", "0" * 64),
            )
            for f in broken
        )


def _findings(text: str) -> Iterator[Finding]:
    if "BREAK" in text:
        raise RuntimeError("the checks broke")
    if "FIX" in text:
        yield Finding("SDC.small", Severity.FIX, Place(row=2, column="n"), say("This count is small."))
    if "SECRET" in text:
        yield Finding(
            "ID.source", Severity.REJECT, Place(row=3), say("A known person."), audience=Audience.CHECKER
        )


class FakeExtracts:
    def facts(self, project: str) -> dict[str, str | int]:
        return {"version": "v1", "manifest_sha256": "7" * 64}


@dataclass
class FakeWorkspaces:
    """Workspaces in a list."""

    now_live: list[LiveWorkspace] = field(default_factory=list)

    touched: dict[str, timedelta] = field(default_factory=dict)

    def live(self) -> tuple[LiveWorkspace, ...]:
        return tuple(self.now_live)

    def touch(self, wid: str, idle: timedelta) -> None:
        self.touched[wid] = idle
