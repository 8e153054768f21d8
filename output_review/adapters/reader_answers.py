"""A reader's answer, taken as what a stranger says: only codes and numbers of ours pass.

The reader parsed an upload and may have been taken over by it, and its words are shown outside
the sealed rooms. So no text of it is: a code is looked up in the tables of ``readings``, a refusal
keeps its numbers only where they are whole numbers that its sentence names, and a code that no
table knows refuses the answer as a whole. Digest and size of canonical bytes are computed here,
never believed. Words for the recognisers are kept as data and never shown.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from enclave.sentences import Sentence
from output_review.disclosure.submissions import FileKind, FoundText
from output_review.ports import ReaderAnswer, ReadFile
from output_review.readings.codes import split_code
from output_review.readings.dropped import DROPPED
from output_review.readings.places import PARTS
from output_review.readings.refusals import FAILED, REFUSALS
from output_review.readings.signs import SIGNS
from output_review.requests import MAX_FILE_BYTES, CanonicalForm

MAX_RESULT_BYTES = 65_536
MAX_FOUND_BYTES = 16 * 1024 * 1024
MAX_READ_FILES = 20
MAX_CODES = 60
SUFFIXES: Mapping[str, frozenset[str]] = {
    FileKind.CSV.value: frozenset({".csv"}),
    FileKind.TEXT.value: frozenset(
        {".txt", ".md", ".log", ".lst", ".tex", ".json", ".py", ".r", ".sql", ".do", ".sas"}
    ),
    FileKind.PICTURE.value: frozenset({".png"}),
}
"""Kinds of canonical bytes, and the endings under which each may leave."""
_PNG = b"\x89PNG\r\n\x1a\n"
_FACT = re.compile(r"[a-z][a-z0-9_]{0,39}")
_GAP = re.compile(r"\{([a-z]+)\}")
_MOST = 10**9


def refused(code: str = "reader_failed", numbers: Mapping[str, object] | None = None) -> ReaderAnswer:
    """A refusal in words of ours; a code or a number that does not fit is a failure of the reader."""
    sentence = REFUSALS.get(code)
    given = dict(numbers or {})
    whole = all(type(n) is int and 0 <= n <= _MOST for n in given.values())
    if sentence is None or set(_GAP.findall(sentence.text)) != set(given) or not whole:
        return ReaderAnswer(code="reader_failed", reason=FAILED)
    shown: dict[str, str | int | Sentence] = {k: v for k, v in given.items() if isinstance(v, int)}
    if isinstance(point := given.get("point"), int):
        shown["point"] = f"{point:04X}"
    return ReaderAnswer(code=code, reason=Sentence(sentence.text, shown))


def parse_answer(result: bytes, contents: Sequence[bytes | None], found: bytes | None) -> ReaderAnswer:
    """What a reader's ``result.json``, canonical bytes and ``found.json`` amount to; doubt is a refusal."""
    try:
        answer: Any = json.loads(result)
        if answer["ok"] is True:
            return _admitted(answer, contents, found)
        if answer["ok"] is False and type(answer["code"]) is str and isinstance(answer["numbers"], dict):
            return refused(answer["code"], answer["numbers"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return refused()


def count_files(result: bytes) -> int:
    """How many canonical files an answer says it has; none when it says nothing of the kind."""
    try:
        files = json.loads(result)["files"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    return len(files) if isinstance(files, list) and len(files) <= MAX_READ_FILES else 0


def _admitted(answer: dict[str, Any], contents: Sequence[bytes | None], found: bytes | None) -> ReaderAnswer:
    files = answer["files"]
    words = [[] for _ in files] if found is None else json.loads(found)
    if not 1 <= len(files) <= MAX_READ_FILES or not len(files) == len(contents) == len(words):
        return refused()
    whole = (_codes(answer["dropped"], DROPPED), _codes(answer["signs"], SIGNS))
    read = [
        _file(file, content, whole, _found(texts))
        for file, content, texts in zip(files, contents, words, strict=True)
    ]
    return ReaderAnswer(tuple(read))


def _file(
    said: dict[str, Any],
    content: bytes | None,
    whole: tuple[tuple[str, ...], tuple[str, ...]],
    found: tuple[FoundText, ...],
) -> ReadFile:
    """One canonical file.

    Raises:
        ValueError: anything about it is not of the kind that readers give.
    """
    rows, columns, kind, suffix = said["rows"], said["columns"], said["kind"], said["suffix"]
    counts = all(type(number) is int and 0 <= number <= MAX_FILE_BYTES for number in (rows, columns))
    if content is None or not 0 < len(content) <= MAX_FILE_BYTES or not counts:
        raise ValueError("no canonical bytes")
    if suffix not in SUFFIXES[kind]:
        raise ValueError("an ending that this kind does not have")
    if kind == FileKind.PICTURE:
        if not content.startswith(_PNG):
            raise ValueError("no picture")
    else:
        content.decode("utf-8")
    dropped, signs = whole
    form = CanonicalForm(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        kind=kind,
        rows=rows,
        columns=columns,
        dropped=(*_codes(said["dropped"], DROPPED), *dropped),
        signs=(*_codes(said["signs"], SIGNS), *signs),
        facts=_facts(said["facts"]),
    )
    return ReadFile(form, content, suffix, found)


def _codes(said: object, known: Mapping[str, object]) -> tuple[str, ...]:
    if not isinstance(said, list) or len(said) > MAX_CODES:
        raise ValueError("no list of codes")
    for code in said:
        if type(code) is not str or split_code(code)[0] not in known:
            raise ValueError("an unknown code")
    return tuple(said)


def _facts(said: object) -> tuple[tuple[str, int], ...]:
    if not isinstance(said, dict) or len(said) > MAX_CODES:
        raise ValueError("no facts")
    for name, number in said.items():
        if not _FACT.fullmatch(name) or type(number) is not int or not 0 <= number <= _MOST:
            raise ValueError("no fact")
    return tuple(sorted(said.items()))


def _found(said: object) -> tuple[FoundText, ...]:
    if not isinstance(said, list):
        raise ValueError("no list of words")  # noqa: TRY004  # one kind of doubt for every shape
    texts = []
    for text in said:
        part, number = text["part"], text["number"]
        if part not in PARTS or type(number) is not int or type(text["leaves"]) is not bool:
            raise ValueError("no found words")
        if type(text["text"]) is not str or text["kind"] not in {FileKind.CSV.value, FileKind.TEXT.value}:
            raise ValueError("no found words")
        texts.append(FoundText(part, text["text"], FileKind(text["kind"]), text["leaves"], number))
    return tuple(texts)
