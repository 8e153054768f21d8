"""Files on disk as a submission for the checks: decoded strictly, or marked as what they are.

1. A folder is one submission of all files below it; a single file is a submission of one.
2. Only regular files are opened. A link, a device or a pipe is unreadable, never followed.
3. The ending says what a file claims to be. csv, tsv, json, txt and md are decoded here, because nothing
   but decoding happens to them. Every other format goes through a reader container, one for each file;
   without one it is refused, and never parsed in this process.
4. Text is UTF-8 (with or without a byte order mark) or else cp932, strictly; a control character
   other than tab and line end makes it unreadable. Nothing is guessed and nothing is skipped.
5. A csv or tsv is parsed strictly and written again: comma or tab, LF, quotes only where needed; a json
   is written again with two blanks a level and every number with the digits it had. Text keeps every character, so offsets count from the start
   of the file as it is (its byte order mark is no character of it).
"""

import csv
import hashlib
import io
import stat
from collections.abc import Iterator
from pathlib import Path

from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.disclosure.json_tables import parse, rewritten
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.ports import Reader
from output_review.readings.refusals import FAILED

NO_READER = say(
    "This format is read in a reader container only, and none can be started here. Start Docker and build the images with 'make images', or send csv, tsv, json, txt or md."
)
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


def read_submission(path: Path, max_bytes: int, reader: Reader | None = None) -> Submission:
    """The file or folder at ``path`` as one submission.

    A file that a reader turns into several is several files of the submission, numbered from 1.

    Raises:
        InvalidInputError: there is no such file or folder.
    """
    if not path.exists():
        raise InvalidInputError("no_such_path", say("There is no file or folder at {path}.", path=str(path)))
    places = sorted(_below(path)) if path.is_dir() else [path]
    files = [file for place in places for file in _read_file(place, max_bytes, reader)]
    return Submission(str(path), tuple(files))


def _below(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is not itself a folder; links are not followed."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            yield from _below(entry)
        else:
            yield entry


def _read_file(path: Path, max_bytes: int, reader: Reader | None) -> tuple[SubmittedFile, ...]:
    """One file, whatever it is: what cannot be read is said by its kind."""
    name = str(path)
    kind = KINDS.get(path.suffix.lower(), FileKind.UNKNOWN)
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return (SubmittedFile(name, FileKind.UNREADABLE),)
        if facts.st_size > max_bytes:
            return (SubmittedFile(name, FileKind.TOO_LARGE),)
        if kind is FileKind.UNKNOWN:
            return _read_elsewhere(path, reader)
        text = _decode(path.read_bytes())
        return (SubmittedFile(name, kind, _canonical(kind, text)),)
    except (OSError, ValueError, csv.Error):
        return (SubmittedFile(name, FileKind.UNREADABLE),)


def _read_elsewhere(path: Path, reader: Reader | None) -> tuple[SubmittedFile, ...]:
    """A file of a format that only a reader container may parse."""
    name = str(path)
    if reader is None:
        return (SubmittedFile(name, FileKind.UNKNOWN, refusal=("no_reader", NO_READER)),)
    job = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:20]
    answer = reader.read(job, path.name, path.read_bytes())
    if not answer.admitted:
        refusal = (answer.code or "reader_failed", answer.reason or FAILED)
        return (SubmittedFile(name, FileKind.REFUSED, refusal=refusal),)
    several = len(answer.files) > 1
    return tuple(
        SubmittedFile(
            f"{name}#{number}" if several else name,
            kind := FileKind(read.form.kind),
            "" if kind is FileKind.PICTURE else read.content.decode("utf-8"),
            found=read.found,
            dropped=read.form.dropped,
            signs=read.form.signs,
            facts=read.form.facts,
        )
        for number, read in enumerate(answer.files, start=1)
    )


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
