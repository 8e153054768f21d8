"""A release request, its files, and what the automatic checks found in them.

A request is one hand-in of one author in one project. Its *upload* digests say what arrived;
its *canonical* digests say what is reviewed, and only bytes with these digests ever leave.
``version`` rises with every change and is checked when one is stored, so two hands never
write over each other. A correction is a new request with ``replaces`` and the next round.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say
from output_review.asked_checks import Mended
from output_review.disclosure.findings import Verdict
from output_review.disclosure.reports import FileReport, Report
from output_review.workflow import State

MAX_FILES = 20
MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_TITLE = 200
MAX_WORDS = 4000
MAX_NAME = 120
MAX_SQL = 16_384
RECORD_NAME = "record.json"
"""What a release package names its own record; no file of a request may."""

_DRAFT_ID = re.compile(r"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FORBIDDEN_IN_NAME = re.compile(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the checks said of one request under one policy set."""

    policy_digest: str
    """Of the adopted policy set, which is what a review is bound to."""
    report: Report
    """One file report per file, by the file's name."""
    checked_at: datetime
    remedies: tuple[Mended, ...] = ()
    """What would mend the files, by what the author may know."""

    @property
    def stops(self) -> bool:
        """Whether it goes back to the author unread.

        Only what the author may know decides that: a return for a secret reason would tell
        the secret.
        """
        return self.report.for_author().verdict in {Verdict.FIX, Verdict.REJECT}


def digest_of_form(request_id: str, form: str) -> str:
    """A form that was found in a request, so that it is known again and stands nowhere."""
    return hashlib.blake2b(f"{request_id}:{form}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class OwnAssessment:
    """What the source's own identifiers said of one request: for its checkers alone.

    It is stored beside the request and moves nothing of it: neither state nor version nor time.
    """

    policy_digest: str
    set_id: str
    """Which set of identifiers answered; empty when the files cannot be compared."""
    asked: int
    """How many forms were asked about."""
    files: tuple[FileReport, ...]
    """One per file, by the file's name."""
    checked_at: datetime
    named: frozenset[str] = frozenset()
    """Digests of the forms that were found (``digest_of_form``): a word to the author must hold none of them."""

    def covers(self, request: "ReleaseRequest") -> bool:
        """Whether it speaks of this request as it was checked."""
        names = [file.name for file in request.files]
        return bool(self.policy_digest) and (self.policy_digest, [f.path for f in self.files]) == (
            request.policy_digest,
            names,
        )

    @property
    def hits(self) -> int:
        """How many findings there are."""
        return sum(len(file.findings) for file in self.files)


@dataclass(frozen=True, slots=True)
class CanonicalForm:
    """The bytes that are reviewed: their digest, kind, shape, and what was dropped."""

    sha256: str
    size: int
    kind: str
    """``csv``, ``text`` or ``picture``."""
    rows: int
    columns: int
    dropped: tuple[str, ...] = ()
    """What the upload held and these bytes do not, as codes with counts."""
    signs: tuple[str, ...] = ()
    """What its reader noticed, as codes with counts."""
    facts: tuple[tuple[str, int], ...] = ()
    """Numbers about it, by name."""
    found: str = ""
    """The SHA-256 under which the vault keeps the words found beside the text; empty without any."""


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """One file of a request: what was announced, whether it arrived, what it became.

    Until it is read there is one for each upload. From then on there is one for each file that
    would leave: a workbook of three tables is three of them, each naming the same upload.
    """

    name: str
    """The name under which it leaves; before it is read, the name of the upload."""
    size: int
    """Of the upload, in bytes."""
    sha256: str
    """Of the upload, as announced and verified on arrival."""
    received: bool = False
    canonical: CanonicalForm | None = None
    upload: str = ""
    """The name of the upload, where it is another."""

    @property
    def sent_as(self) -> str:
        """The name under which it was sent."""
        return self.upload or self.name


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """One hand-in, from draft to its end."""

    id: str
    draft_id: str
    project: str
    author: str
    author_organisation: str
    """The author's organisation when it was handed in."""
    title: str
    what_it_shows: str
    files: tuple[SubmittedFile, ...]
    state: State
    created_at: datetime
    changed_at: datetime
    round: int = 1
    replaces: str = ""
    """The request this one corrects; empty for a first round."""
    policy_digest: str = ""
    """The policy it was last checked under."""
    code: str = ""
    """Why it was refused or returned, for machines."""
    reason: Sentence | None = None
    """The same for people."""
    return_comment: str = ""
    """What the checker wrote who returned it."""
    reader_image: str = ""
    """The image id that made the canonical bytes."""
    version: int = 0
    sql: tuple[tuple[str, str], ...] = ()
    """The SQL behind files, by file name, as the author named it: run by nobody, read by checkers."""

    def digests(self) -> frozenset[str]:
        """The canonical digests of all files; empty until they exist for every file."""
        forms = [f.canonical for f in self.files]
        return frozenset(f.sha256 for f in forms if f) if forms and all(forms) else frozenset()

    def find_file(self, sha256: str) -> SubmittedFile | None:
        """The first file whose canonical bytes have this digest."""
        return next((f for f in self.files if f.canonical and f.canonical.sha256 == sha256), None)

    def uploads(self) -> tuple[SubmittedFile, ...]:
        """What was sent, in its order: one for each upload, whatever it became."""
        first = {f.sent_as: f for f in reversed(self.files)}
        return tuple(first[name] for name in dict.fromkeys(f.sent_as for f in self.files))

    def missing(self) -> tuple[int, ...]:
        """The indexes of files that have not arrived."""
        return tuple(i for i, f in enumerate(self.files) if not f.received)


def leaving_names(sent_as: str, suffixes: Sequence[str]) -> tuple[str, ...]:
    """The names under which the canonical files of one upload leave, in their order.

    A file keeps its name, with the ending of its canonical form; several of one ending are
    numbered: ``t.xlsx`` becomes ``t-1.csv`` and ``t-2.csv``. No name comes from inside a file.
    """
    stem, dot, _ = sent_as.rpartition(".")
    stem = (stem if dot else sent_as)[: MAX_NAME - 10]
    names = []
    for index, suffix in enumerate(suffixes):
        number = suffixes[: index + 1].count(suffix)
        if suffixes.count(suffix) > 1:
            names.append(f"{stem}-{number}{suffix}")
        else:
            names.append(sent_as if sent_as.lower().endswith(suffix) else stem + suffix)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a desk announces: nothing in it says who or for which project."""

    draft_id: str
    title: str
    what_it_shows: str
    files: tuple[tuple[str, int, str], ...]
    """Name, size and SHA-256 of each upload."""
    replaces: str = ""
    sql: tuple[tuple[str, str], ...] = ()
    """The SQL behind files, by file name."""


def request_id_for(author: str, project: str, draft_id: str) -> str:
    """The id of the request a draft becomes: the same draft is the same request."""
    return hashlib.sha256(f"{author}/{project}/{draft_id}".encode()).hexdigest()[:20]


def check_draft(draft: Draft) -> Draft:
    """The draft itself when it can be taken.

    Raises:
        InvalidInputError: with what to change.
    """
    if not _DRAFT_ID.fullmatch(draft.draft_id):
        raise InvalidInputError("bad_draft_id", say("A draft id is a UUID in lower case."))
    if not draft.title.strip() or len(draft.title) > MAX_TITLE:
        raise InvalidInputError("bad_title", say("Give a title of 1 to {limit} characters.", limit=MAX_TITLE))
    if not draft.what_it_shows.strip() or len(draft.what_it_shows) > MAX_WORDS:
        raise InvalidInputError(
            "bad_statement",
            say("Say what the files show, in 1 to {limit} characters.", limit=MAX_WORDS),
        )
    if not 1 <= len(draft.files) <= MAX_FILES:
        raise InvalidInputError("bad_file_count", say("Hand in 1 to {limit} files.", limit=MAX_FILES))
    check_words(draft.title, draft.what_it_shows, *(name for name, _, _ in draft.files))
    for name, size, sha256 in draft.files:
        _check_file(name, size, sha256)
    _check_sql(draft)
    if len({name.casefold() for name, _, _ in draft.files}) != len(draft.files):
        raise InvalidInputError("same_name", say("Two files have the same name. Rename one."))
    return draft


def _check_sql(draft: Draft) -> None:
    names = [name for name, _ in draft.sql]
    listed = {name for name, _, _ in draft.files}
    if len(set(names)) != len(names) or not listed.issuperset(names):
        raise InvalidInputError("bad_sql", say("The SQL is named for a file that is not handed in."))
    if any(not text.strip() or len(text) > MAX_SQL for _, text in draft.sql):
        raise InvalidInputError(
            "bad_sql", say("The SQL behind a file has 1 to {limit} characters.", limit=MAX_SQL)
        )
    check_words(*(text for _, text in draft.sql))


def check_words(*texts: str) -> None:
    """That texts are texts: no half characters, which nothing here could store or show.

    Raises:
        InvalidInputError: one is not.
    """
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidInputError(
                "bad_text", say("The text holds half a character. Write it again.")
            ) from error


def _check_file(name: str, size: int, sha256: str) -> None:
    taken = name.casefold() == RECORD_NAME
    if not 1 <= len(name) <= MAX_NAME or name.startswith(".") or _FORBIDDEN_IN_NAME.search(name) or taken:
        raise InvalidInputError(
            "bad_file_name",
            say(
                "A file name has 1 to {limit} characters, no slash, no leading dot, and is not '{taken}'.",
                limit=MAX_NAME,
                taken=RECORD_NAME,
            ),
        )
    if not 0 < size <= MAX_FILE_BYTES:
        raise InvalidInputError("bad_file_size", say("A file has 1 to {limit} bytes.", limit=MAX_FILE_BYTES))
    if not _SHA256.fullmatch(sha256):
        raise InvalidInputError("bad_digest", say("A file's SHA-256 is 64 lower-case hexadecimal digits."))
