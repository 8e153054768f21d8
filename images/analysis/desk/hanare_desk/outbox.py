"""What lies in the outbox, read as a stranger's: a description and plain files, or a refusal.

A submission is a folder ``outbox/<draft id>`` with a ``request.json`` and the files that it
names. The kit makes it whole and renames it into place; anything else that a kernel may have
put there is refused with a code. The bytes are read once, here, and these bytes are sent:
what the kernel does to the folder afterwards changes nothing.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from .work_folder import NotPlainError, TooLargeError, WorkFolder

OUTBOX: Final = "outbox"
MAX_FILE: Final = 16 * 1024 * 1024
MAX_TOGETHER: Final = 64 * 1024 * 1024
MAX_FILES: Final = 20
MAX_CHECK: Final = 1024 * 1024
MAX_CHECK_FILES: Final = 5
_MAX_DESCRIPTION: Final = 64 * 1024
_MAX_TITLE: Final = 200
_MAX_WORDS: Final = 10_000
_MAX_SQL: Final = 16_384
_DRAFT_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class UnfitError(Exception):
    """The submission cannot be taken as it lies there; ``code`` is the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One file as it was read."""

    name: str
    content: bytes

    def described(self) -> dict[str, object]:
        digest = hashlib.sha256(self.content).hexdigest()
        return {"name": self.name, "size": len(self.content), "sha256": digest}


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission as it was read."""

    draft_id: str
    title: str
    what_it_shows: str
    files: tuple[DraftFile, ...]
    sql: tuple[tuple[str, str], ...] = ()
    """The SQL behind files, by file name."""

    def described(self) -> dict[str, object]:
        named = {"sql": dict(self.sql)} if self.sql else {}
        return {
            **named,
            "draft_id": self.draft_id,
            "title": self.title,
            "what_it_shows": self.what_it_shows,
            "files": [file.described() for file in self.files],
        }


def find_drafts(work: WorkFolder) -> list[str]:
    """List the submissions that lie ready, oldest name first; an absent outbox is empty."""
    try:
        names = work.names(OUTBOX)
    except FileNotFoundError:
        return []
    return [name for name in names if _DRAFT_ID.fullmatch(name)]


def read_draft(work: WorkFolder, draft_id: str) -> Draft:
    """Read one submission whole, or raise ``UnfitError``."""
    folder = f"{OUTBOX}/{draft_id}"
    description = _read(work, f"{folder}/request.json", _MAX_DESCRIPTION)
    title, what_it_shows, names = _description(description, draft_id)
    files: list[DraftFile] = []
    left = MAX_TOGETHER
    for name in names:
        content = _read(work, f"{folder}/{name}", min(MAX_FILE, left))
        left -= len(content)
        files.append(DraftFile(name, content))
    return Draft(draft_id, title, what_it_shows, tuple(files), _named_sql(description, names))


def _named_sql(description: bytes, names: list[str]) -> tuple[tuple[str, str], ...]:
    """The SQL behind files; of any other form, the submission is refused."""
    named = json.loads(description).get("sql") or {}
    fits = isinstance(named, dict) and all(
        name in names and isinstance(text, str) and 0 < len(text) <= _MAX_SQL for name, text in named.items()
    )
    if not fits:
        raise UnfitError("draft_unreadable")
    return tuple(named.items())


@dataclass(frozen=True, slots=True)
class Question:
    """Files that are to be checked before they are handed in, and the remedy that is wanted, if any."""

    files: tuple[DraftFile, ...]
    remedy: str


def read_check(work: WorkFolder, check_id: str) -> Question:
    """Read one question whole, or raise ``UnfitError``."""
    folder = f"{OUTBOX}/check-{check_id}"
    try:
        asked: Any = json.loads(_read(work, f"{folder}/check.json", _MAX_DESCRIPTION))
    except (ValueError, RecursionError):
        raise UnfitError("draft_unreadable") from None
    names, remedy = (asked.get("files"), asked.get("remedy", "")) if isinstance(asked, dict) else (None, "")
    if not isinstance(names, list) or not 0 < len(names) <= MAX_CHECK_FILES or not isinstance(remedy, str):
        raise UnfitError("draft_unreadable")
    if not all(map(_is_name, names)) or len(set(names)) != len(names):
        raise UnfitError("draft_unreadable")
    left, files = MAX_CHECK, []
    for name in names:
        content = _read(work, f"{folder}/{name}", left)
        left -= len(content)
        files.append(DraftFile(name, content))
    return Question(tuple(files), remedy)


def _read(work: WorkFolder, path: str, limit: int) -> bytes:
    try:
        return work.read(path, limit)
    except NotPlainError:
        raise UnfitError("draft_not_plain") from None
    except TooLargeError:
        raise UnfitError("draft_too_large") from None
    except OSError:
        raise UnfitError("draft_unreadable") from None


def _description(content: bytes, draft_id: str) -> tuple[str, str, list[str]]:
    try:
        asked: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise UnfitError("draft_unreadable") from None
    if not isinstance(asked, dict) or asked.get("draft_id") != draft_id:
        raise UnfitError("draft_unreadable")
    title, words, names = asked.get("title"), asked.get("what_it_shows"), asked.get("files")
    if not isinstance(title, str) or not isinstance(words, str) or not isinstance(names, list):
        raise UnfitError("draft_unreadable")
    fits = 0 < len(title) <= _MAX_TITLE and len(words) <= _MAX_WORDS and 0 < len(names) <= MAX_FILES
    if not fits or not all(map(_is_name, names)) or len(set(names)) != len(names):
        raise UnfitError("draft_unreadable")
    return title, words, names


def _is_name(name: Any) -> bool:
    """A file of the folder itself, not hidden, and not the description."""
    return (
        isinstance(name, str)
        and 0 < len(name) <= 200
        and not name.startswith(".")
        and "/" not in name
        and name.isprintable()
        and name != "request.json"
    )
