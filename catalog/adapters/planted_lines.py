"""The manifest of an invented hospital: one JSON line per identifier, and per near miss, in its texts.

It says whose name stands where, so only its owner may read it, and it appears whole or not at
all: what is written grows beside it under another name and takes its place at the end.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from catalog.hospital.planting import Planted
from enclave.errors import InvalidInputError
from enclave.sentences import say

_ONLY_FOR_THE_STEWARD = 0o600


@contextmanager
def planted_lines(path: Path, dataset: str) -> Iterator[Callable[[Sequence[Planted]], None]]:
    """What is given to the call within stands in the file afterwards; ``dataset`` names the hospital."""
    growing = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_FOR_THE_STEWARD)
    except OSError as error:
        raise InvalidInputError(
            "unwritable", say("The file {file} cannot be written.", file=str(path))
        ) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:

            def write(planted: Sequence[Planted]) -> None:
                for one in planted:
                    file.write(json.dumps({"dataset": dataset, **asdict(one)}, ensure_ascii=False) + "\n")

            yield write
            file.flush()
            os.fsync(file.fileno())
        growing.replace(path)
    except BaseException:
        growing.unlink(missing_ok=True)
        raise
