"""What the checker's room needs from the world, as protocols. No class here does anything."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from catalog.identifiers.own_forms import OwnKind
from enclave.policy import PolicySet
from enclave.ports import Work
from enclave.sentences import Sentence
from output_review.asked_checks import AskedCheck, Mended
from output_review.disclosure.history import History, KeptFile
from output_review.disclosure.history_numbers import StatedFile
from output_review.disclosure.recount import Recounted
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import FoundText, Submission
from output_review.releases import Link, Release
from output_review.requests import Assessment, CanonicalForm, OwnAssessment, ReleaseRequest
from output_review.reviews import Review
from output_review.workflow import State


class Requests(Protocol):
    """Release requests, what was found in them, and who looked at which bytes."""

    def add(self, request: ReleaseRequest) -> None: ...
    def find(self, request_id: str) -> ReleaseRequest | None: ...
    def put(self, request: ReleaseRequest) -> ReleaseRequest:
        """The request as stored, its version one higher.

        Raises:
            ConflictError: it was changed since this version was read.
        """
        ...

    def of_author(self, author: str) -> tuple[ReleaseRequest, ...]:
        """The newest first."""
        ...

    def of_project(self, project: str) -> tuple[ReleaseRequest, ...]: ...
    def in_states(self, states: Collection[State]) -> tuple[ReleaseRequest, ...]:
        """The one that waits longest first."""
        ...

    def put_assessment(self, request_id: str, project: str, assessment: Assessment) -> None: ...
    def find_assessment(self, request_id: str) -> Assessment | None: ...
    def put_own(self, request_id: str, project: str, own: OwnAssessment) -> None:
        """What the source's own identifiers said; what was said before is replaced."""
        ...

    def find_own(self, request_id: str) -> OwnAssessment | None: ...
    def note_view(self, request_id: str, person: str, sha256: str, at: datetime) -> None: ...
    def viewed(self, request_id: str, person: str) -> frozenset[str]:
        """The canonical digests this person opened in this request."""
        ...


class Reviews(Protocol):
    """Completed reviews."""

    def add(self, review: Review, project: str) -> None: ...
    def of(self, request_id: str) -> tuple[Review, ...]:
        """All of a request, void ones too, in the order they were completed."""
        ...

    def make_void(self, review_id: str, reason: str) -> None: ...


class Releases(Protocol):
    """Releases and the links they are fetched by."""

    def put(self, release: Release) -> None: ...
    def find(self, request_id: str) -> Release | None: ...
    def put_link(self, link: Link) -> None: ...
    def find_link(self, token_sha256: str) -> Link | None: ...
    def drop_links(self, request_id: str) -> None:
        """No earlier link of this request works any more."""
        ...


class Numbers(Protocol):
    """What requests stated of persons, by project, sealed under the project's key."""

    def put_asked(
        self, request_id: str, project: str, version: str, files: Sequence[StatedFile], at: datetime
    ) -> None:
        """What a request would state; the last time counts."""
        ...

    def put_released(
        self, request_id: str, project: str, version: str, files: Sequence[StatedFile], at: datetime
    ) -> None: ...
    def asked(self, project: str) -> tuple[KeptFile, ...]:
        """Of every request of a project that was checked, the earliest first."""
        ...

    def released(self, project: str) -> tuple[KeptFile, ...]: ...
    def released_elsewhere(self, project: str) -> tuple[KeptFile, ...]:
        """Of every other project that still has its key."""
        ...


class AskedChecks(Protocol):
    """Questions of authors before they hand in."""

    def put(self, check: AskedCheck) -> None:
        """The question, or the question with its answer."""
        ...

    def find(self, check_id: str) -> AskedCheck | None: ...
    def waiting(self) -> tuple[AskedCheck, ...]:
        """Without an answer, the one that waits longest first."""
        ...

    def asked_since(self, author: str, since: datetime) -> int:
        """How many an author asked from a moment on."""
        ...


class ReviewWork(Work, Protocol):
    """One transaction over the room's state and the foundation's."""

    @property
    def requests(self) -> Requests: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def releases(self) -> Releases: ...
    @property
    def numbers(self) -> Numbers: ...
    @property
    def checks(self) -> AskedChecks: ...


class ReviewWorks(Protocol):
    """Opens transactions."""

    def begin(self) -> AbstractContextManager[ReviewWork]:
        """A transaction that is kept when the block ends and undone when it raises."""
        ...

    def read(self) -> AbstractContextManager[ReviewWork]:
        """A transaction that only looks."""
        ...


class FileVault(Protocol):
    """Bytes by project and SHA-256, sealed under the project's key."""

    def put(self, project: str, content: bytes) -> str:
        """The SHA-256 (hex) under which the bytes are now kept for good; twice is once."""
        ...

    def get(self, project: str, sha256: str) -> bytes:
        """The bytes.

        Raises:
            NotFoundError: none were kept under this digest.
            TamperedError: what is kept does not have this digest.
        """
        ...

    def has(self, project: str, sha256: str) -> bool: ...
    def drop(self, project: str, sha256: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One canonical file: its form, its bytes, its ending, and the words found beside it."""

    form: CanonicalForm
    content: bytes
    suffix: str
    found: tuple[FoundText, ...] = ()


@dataclass(frozen=True, slots=True)
class ReaderAnswer:
    """What a reader made of an upload: canonical files, or why there are none."""

    files: tuple[ReadFile, ...] = ()
    code: str = ""
    reason: Sentence | None = None

    @property
    def admitted(self) -> bool:
        """Whether there is anything that could leave."""
        return bool(self.files)


class Reader(Protocol):
    """Turns an upload into canonical bytes where nothing can be reached from."""

    @property
    def image(self) -> str:
        """The image id that reads."""
        ...

    def read(self, job: str, name: str, content: bytes) -> ReaderAnswer:
        """The answer; whatever goes wrong is a refusal, never an exception that passes."""
        ...


@dataclass(frozen=True, slots=True)
class PeopleInProse:
    """Where a language model sees people (first character, and the first behind), and how far it came."""

    people: tuple[tuple[int, int], ...]
    examined: int
    """Characters from the start that were looked at."""


class ProseReader(Protocol):
    """A language model that looks for people in running text, where nothing can be reached from."""

    def people(self, job: str, text: str) -> PeopleInProse:
        """Its guesses, one passage a line; a text without letters has none.

        Raises:
            UnavailableError: nobody was asked; try again later.
            ValueError: what came back is no answer.
            TimeoutError: nothing came back in time.
            OSError: the answer could not be read.
        """
        ...


class Checker(Protocol):
    """The automatic checks with everything they need to know."""

    def check(
        self,
        project: str,
        submission: Submission,
        earlier: Iterable[Submission],
        history: History,
        recounts: Mapping[str, Recounted],
    ) -> Report:
        """The report under the policy the checker was made with."""
        ...

    def check_for_author(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> Report:
        """The report by the rules for authors alone: no other rule runs, so none can be felt."""
        ...

    def remedies(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> tuple[Mended, ...]:
        """What would mend the files, by what an author may know, each judged again."""
        ...

    def stated(self, submission: Submission) -> tuple[StatedFile, ...]:
        """The numbers that the files state, for history; none of files that cannot be taken apart in time."""
        ...


class Recounter(Protocol):
    """Counts again, in a sealed place, what the SQL behind a file counts."""

    def recount(self, job: str, project: str, version: str, sql: str) -> Recounted:
        """Rows and distinct persons of every group, or the code of why nothing was counted.

        Raises:
            UnavailableError: the place is away; nothing was done, and it may be asked again.
        """
        ...


class OwnMatcher(Protocol):
    """Knows which forms (``catalog.identifiers.own_forms``) are the source's own, and says only that."""

    def kinds_of(self, project: str, forms: Sequence[str]) -> "OwnAnswer":
        """A kind for each form that is the source's.

        Raises:
            EnclaveError: nobody answers, or not today; then nothing is known, and nothing may be concluded.
        """
        ...


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """Which set answered, and the forms that are in it."""

    set_id: str
    ours: Mapping[str, OwnKind]


class Extracts(Protocol):
    """What a project's analysis ran on."""

    def facts(self, project: str) -> dict[str, str | int]:
        """``version`` and ``manifest_sha256`` of the extract in force; empty without one."""
        ...


@dataclass(frozen=True, slots=True)
class LiveWorkspace:
    """A workspace that may hand in: its id names its socket and is its identity."""

    wid: str
    person: str
    project: str
    server_name: str


class Workspaces(Protocol):
    """The workspaces that live now."""

    def live(self) -> tuple[LiveWorkspace, ...]: ...
    def touch(self, wid: str, idle: timedelta) -> None:
        """Somebody used the workspace this long ago."""
        ...


LoadPolicy = Callable[[], PolicySet]
"""Reads the policy files as they are now."""


@dataclass(frozen=True, slots=True)
class Images:
    """Image ids by name (``desk``, ``kernel``, ``reader``) as the set-up wrote them."""

    ids: dict[str, str]
    source: Path | None = None
