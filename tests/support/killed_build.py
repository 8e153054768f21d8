"""A build that kills itself at a place: ``killed_build.py FOLDER PLACE``, a process of its own."""

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[2])

from catalog.adapters import extract_duckdb, extract_folders, id_sets  # noqa: E402  the folder above must be known first
from tests.support.catalog_house import POLICY_DIGEST, PROJECT, reopened  # noqa: E402


def die(*_: Any, **__: Any) -> Any:
    """What no clean-up survives."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_call(module: Any, name: str, call: int) -> None:
    """The function works until it is called for the so-many-th time."""
    real, calls = getattr(module, name), []

    def counted(*given: Any, **named: Any) -> Any:
        calls.append(given)
        return die() if len(calls) == call else real(*given, **named)

    setattr(module, name, counted)


def die_spilling(folder: Path) -> None:
    """As soon as anything was written beside the extract while it is cut."""
    extract_duckdb._MEMORY = "45MB"

    def watch() -> None:
        while True:
            for path in (folder / "producer" / "builds").rglob("spill/*"):
                if path.stat().st_size:
                    die()
            time.sleep(0.0005)

    threading.Thread(target=watch, daemon=True).start()


def die_in_a_copy() -> None:
    """When half of the extract was copied."""

    def half(reading: Any, writing: Any, _size: int) -> None:
        content = reading.read()
        writing.write(content[: len(content) // 2])
        writing.flush()
        die()

    shutil.copyfileobj = half  # type: ignore[assignment]


PLACES: dict[str, Callable[[Path], None]] = {
    "prepared": lambda _: die_at_call(extract_duckdb, "close", 5),  # four trials come first
    "spilling": die_spilling,
    "one table cut": lambda _: die_at_call(extract_duckdb, "_cut_view", 4),
    "all cut": lambda _: die_at_call(extract_duckdb, "_list_shown", 1),
    "ids half written": lambda _: die_at_call(id_sets, "_nonce", 1),
    "half a copy": lambda _: die_in_a_copy(),
    "extract copied": lambda _: die_at_call(extract_folders, "_copy_durably", 2),
    "ids copied": lambda _: die_at_call(extract_folders, "write_durably", 1),
    "manifest written beside": lambda _: die_at_call(os, "replace", 3),
    "handed over": lambda _: die_at_call(extract_folders.ExtractFolders, "remove_build_folder", 1),
}


def main(folder: Path, place: str) -> None:
    """Build, and do not come back."""
    house = reopened(folder)
    PLACES[place](folder)
    house.steward.build("ste", PROJECT, POLICY_DIGEST)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
