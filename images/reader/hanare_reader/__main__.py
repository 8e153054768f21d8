"""Read one upload, write its canonical bytes and an answer: ``python -m hanare_reader IN OUT``.

``job.json`` beside the upload names the file. Canonical files are ``OUT/canonical-0`` and on,
words for the recognisers ``OUT/found.json``. The answer, ``OUT/result.json``, is written last and
by rename: when it is there, it is whole. A refusal is an answer and ends with 0; only a failure
of the reader itself ends with 1, and even then the answer says no more than that. Nothing is
printed.
"""

import json
import os
import signal
import stat
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from . import prose
from .formats import Upload, read
from .refusals import MAX_BYTES, MAX_SECONDS, RefusedError
from .results import Reading

_MAX_JOB = 65_536


def _read(path: Path, limit: int) -> bytes:
    """Read a regular file of at most ``limit`` bytes, without following a link."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise RefusedError("not_a_file") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError("not_a_file")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise RefusedError("too_large", limit=limit)
    return content


def _job(path: Path) -> str:
    """Give the name under which the file was sent."""
    try:
        job: Any = json.loads(_read(path, _MAX_JOB))
        name = job["name"]
    except (RefusedError, ValueError, KeyError, TypeError, AttributeError):
        raise RefusedError("job_unreadable") from None
    if not isinstance(name, str):
        raise RefusedError("job_unreadable")
    return name


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _too_slow(_signum: int, _frame: FrameType | None) -> None:
    raise RefusedError("too_slow")


def _leave(reading: Reading, out: Path) -> None:
    """Write the canonical files, then the words for the recognisers."""
    for number, file in enumerate(reading.files):
        _write(out / f"canonical-{number}", file.content)
    found = reading.found_by_file()
    if any(found):
        _write(out / "found.json", json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))


def run(upload: Path, out: Path) -> int:
    """Leave ``result.json`` (and ``canonical-0`` …, when the file was admitted) in ``out``."""
    status = 0
    try:
        name = _job(upload.with_name("job.json"))
        reading = read(Upload(name, _read(upload, MAX_BYTES)))
        _leave(reading, out)
        answer = reading.answer()
    except RefusedError as refusal:
        answer = refusal.answer()
    except MemoryError:
        answer = RefusedError("too_much_memory").answer()
    except Exception:  # noqa: BLE001  # a traceback could show the file; the answer may not
        answer, status = RefusedError("reader_failed").answer(), 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True)
    try:
        _write(out / "result.json", text.encode("utf-8"))
    except OSError:
        return 1  # no answer is an answer: the caller treats it as a failure
    return status


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m hanare_reader IN OUT\n")
        return 2
    if prose.is_asked(Path(arguments[0]).with_name("job.json")):
        return prose.run(Path(arguments[0]), Path(arguments[1]))
    signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    return run(Path(arguments[0]), Path(arguments[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
