"""Files on disk as a submission for the checks: decoded strictly, or marked as what they are.

1. A folder is one submission of all files below it; a single file is a submission of one.
2. Only regular files are opened. A link, a device or a pipe is unreadable, never followed.
3. The ending says what a file claims to be: csv, tsv, json, txt and md are read, everything else is unknown.
4. Text is UTF-8 (with or without a byte order mark) or else cp932, strictly; a control character
   other than tab and line end makes it unreadable. Nothing is guessed and nothing is skipped.
5. A csv or tsv is parsed strictly and written again: comma or tab, LF, quotes only where needed; a json
   is written again with two blanks a level and every number with the digits it had. Text keeps every character, so offsets count from the start
   of the file as it is (its byte order mark is no character of it).
"""

import csv
import io
import stat
from collections.abc import Iterator
from pathlib import Path

from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.disclosure.json_tables import parse, rewritten
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile

KINDS = {
    ".csv": FileKind.CSV,
    ".tsv": FileKind.TSV,
    ".json": FileKind.JSON,
    ".txt": FileKind.TEXT,
    ".md": FileKind.TEXT,
}
DELIMITERS = {FileKind.CSV: ",", FileKind.TSV: "\t"}
_ENCODINGS = ("utf-8-sig", "cp932")
_CP932_LEFTOVERS = frozenset("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")


def read_submission(path: Path, max_bytes: int) -> Submission:
    """The file or folder at ``path`` as one submission.

    Raises:
        InvalidInputError: there is no such file or folder.
    """
    if not path.exists():
        raise InvalidInputError("no_such_path", say("There is no file or folder at {path}.", path=str(path)))
    places = sorted(_below(path)) if path.is_dir() else [path]
    return Submission(str(path), tuple(_read_file(place, max_bytes) for place in places))


def _below(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is not itself a folder; links are not followed."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            yield from _below(entry)
        else:
            yield entry


def _read_file(path: Path, max_bytes: int) -> SubmittedFile:
    """One file, whatever it is: what cannot be read is said by its kind."""
    name = str(path)
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return SubmittedFile(name, FileKind.UNREADABLE)
        kind = KINDS.get(path.suffix.lower(), FileKind.UNKNOWN)
        if kind is FileKind.UNKNOWN:
            return SubmittedFile(name, kind)
        if facts.st_size > max_bytes:
            return SubmittedFile(name, FileKind.TOO_LARGE)
        text = _decode(path.read_bytes())
        return SubmittedFile(name, kind, _canonical(kind, text))
    except (OSError, ValueError, csv.Error):
        return SubmittedFile(name, FileKind.UNREADABLE)


def _decode(content: bytes) -> str:
    """The text of the bytes, by rule 4.

    Raises:
        ValueError: in neither encoding, or with a control character.
    """
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp932" and not _CP932_LEFTOVERS.isdisjoint(text):
            continue
        if any((ord(c) < 0x20 and c not in "\t\n\r") or 0x7F <= ord(c) < 0xA0 for c in text):
            raise ValueError("control character")
        return text
    raise ValueError("neither UTF-8 nor cp932")


def _canonical(kind: FileKind, text: str) -> str:
    """The one way in which this house writes a kind.

    Raises:
        ValueError: no JSON, or a key twice.
        csv.Error: quotation marks that do not close.
    """
    if kind is FileKind.JSON:
        return rewritten(parse(text)) + "\n"
    if kind not in DELIMITERS:
        return _line_ends(text)
    out = io.StringIO()
    delimiter = DELIMITERS[kind]
    writer = csv.writer(out, lineterminator="\n", delimiter=delimiter)
    writer.writerows(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter))
    return out.getvalue()


def _line_ends(text: str) -> str:
    """A lone carriage return becomes a line feed; no character is added or lost."""
    return text.replace("\r\n", "\0\n").replace("\r", "\n").replace("\0", "\r")
