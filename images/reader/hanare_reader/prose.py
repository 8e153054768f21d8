"""Where a language model sees people in running text: a second look beside the rules, never the only one.

``python -m hanare_reader IN OUT`` comes here when the job says ``{"task": "prose"}``; ``python -m
hanare_reader.prose IN OUT`` does the same. ``IN`` is UTF-8 text, one passage a line. ``OUT/result.json`` is
``{"ok": true, "people": [[start, end], …], "examined": n}``: places in characters, and how many characters
from the start were looked at before the time was up. The rules:

1. A text that is too large is refused; nothing is cut silently.
2. GiNZA reads one piece of at most ``LONGEST_PIECE`` characters at a time, far below what its tokeniser
   refuses (49,149 bytes), so that memory stays small and the time can be watched.
3. Only its label of a person counts. Its dates, numbers, places and organisations are guesses on clinical
   text and are never used.
4. A failure is no answer: it ends with 1 and leaves ``{"ok": false}``. No word of the text is ever printed.
"""

import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

MAX_BYTES: Final = 262_144
LONGEST_PIECE: Final = 500
SECONDS: Final = 15.0
"""After this much time no further piece is begun."""
_MAX_JOB: Final = 65_536
_PERSON: Final = "Person"
_UNUSED: Final = ("parser", "attribute_ruler", "morphologizer", "compound_splitter", "bunsetu_recognizer")


def is_asked(job: Path) -> bool:
    """Whether a job asks for this; a job that cannot be read asks for nothing."""
    try:
        asked: Any = json.loads(_read(job, _MAX_JOB))
    except (OSError, ValueError):
        return False
    return isinstance(asked, dict) and asked.get("task") == "prose"


def run(upload: Path, out: Path) -> int:
    """Leave ``result.json``; 0 when it holds an answer."""
    begun = time.monotonic()
    try:
        answer = people_in(_read(upload, MAX_BYTES).decode("utf-8"), begun + SECONDS)
    except Exception:  # noqa: BLE001  # a traceback could show the text; the answer may not
        _write(out / "result.json", b'{"ok": false}')
        return 1
    _write(out / "result.json", json.dumps(answer).encode("ascii"))
    return 0


def people_in(text: str, until: float) -> dict[str, object]:
    """The answer for a text, as far as the time reaches."""
    people: list[list[int]] = []
    examined = 0
    if text.strip():
        read = _load()
        for start, piece in pieces(text):
            if time.monotonic() > until:
                break
            people += [
                [start + entity.start_char, start + entity.end_char]
                for entity in read(piece).ents
                if entity.label_ == _PERSON
            ]
            examined = start + len(piece)
    return {"ok": True, "people": people, "examined": examined}


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """As many whole lines as fit; a line that is too long is cut after a sentence, or where the length ends."""
    start = 0
    while start < len(text):
        end = start + LONGEST_PIECE
        if end < len(text):
            marks = (text.rfind(mark, start, end) + 1 for mark in "\n。")
            end = next((mark for mark in marks if mark), end)
        yield start, text[start:end]
        start += len(text[start:end])


def _load() -> Any:
    import spacy  # noqa: PLC0415  # takes two seconds: only when there is prose

    return spacy.load("ja_ginza", exclude=list(_UNUSED))


def _read(path: Path, limit: int) -> bytes:
    """Read a regular file of at most ``limit`` bytes, without following a link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("no regular file")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError("too large")
    return content


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m hanare_reader.prose IN OUT\n")
        return 2
    return run(Path(arguments[0]), Path(arguments[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
