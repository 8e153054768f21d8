"""A question before handing in: would these files pass what an author may know? Pure.

1. A question is of one person in one project; its id is made from both and from the id that the desk
   gave, so that nobody can ask for another's answer.
2. Files are small and few; whole submissions are for handing in. They are kept until the answer is made.
3. An answer is the report of the rules for authors, what would mend the files, and the mended file where
   one was asked for. Nothing in it rests on what only checkers may know.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say
from output_review.disclosure.reports import Report

MAX_CHECK_FILES = 5
MAX_CHECK_BYTES = 1024 * 1024
"""Of all files of one question together."""
_CHECK_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(
    r"[^\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069.][^\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]{0,119}"
)


class CheckState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Mended:
    """One way to mend a file: its kind, what it does, the new text and what is then said of the whole."""

    kind: str
    file: str
    message: Sentence
    text: str
    report: Report


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question; without a report, ``code`` and ``reason`` say why there is none."""

    report: Report | None
    remedies: tuple[Mended, ...] = ()
    code: str = ""
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class AskedCheck:
    """A question with its files, or with its answer."""

    id: str
    project: str
    author: str
    asked_at: datetime
    files: tuple[tuple[str, bytes], ...]
    """Name and bytes; empty once it is answered."""
    remedy: str = ""
    """The kind of remedy whose mended file is wanted; empty for a check alone."""
    state: CheckState = CheckState.ASKED
    answer: Answer | None = field(default=None)


def check_id_for(author: str, project: str, asked_id: str) -> str:
    """The id under which a question of one person in one project is kept."""
    return hashlib.sha256(f"check/{author}/{project}/{asked_id}".encode()).hexdigest()[:32]


def check_question(asked_id: str, files: tuple[tuple[str, bytes], ...]) -> None:
    """Pass, or refuse a question that cannot be taken.

    Raises:
        InvalidInputError: with what to change.
    """
    if not _CHECK_ID.fullmatch(asked_id):
        raise InvalidInputError("bad_check_id", say("The id of a check is a UUID in lower case."))
    names = [name for name, _ in files]
    if not 1 <= len(files) <= MAX_CHECK_FILES or len({name.casefold() for name in names}) != len(names):
        raise InvalidInputError(
            "bad_file_count", say("Check 1 to {limit} files with different names.", limit=MAX_CHECK_FILES)
        )
    if not all(_NAME.fullmatch(name) for name in names):
        raise InvalidInputError("bad_file_name", say("A file name is plain: no folder, no leading dot."))
    size = sum(len(content) for _, content in files)
    if not 0 < size <= MAX_CHECK_BYTES or not all(content for _, content in files):
        raise InvalidInputError(
            "too_large", say("Files to check hold 1 to {limit} bytes together.", limit=MAX_CHECK_BYTES)
        )
