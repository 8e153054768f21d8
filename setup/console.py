"""What set-up says: one line a step with its time, one sentence when it cannot go on.

Rules: a step prints once, when it is over (steps may run side by side); no secret is printed; a failure carries its
sentence in both languages, and the detail below it is the failing program's own last lines.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """Set-up cannot go on; says what to do."""

    def __init__(self, en: str, ja: str, detail: str = "") -> None:
        super().__init__(en)
        self.en = en
        self.ja = ja
        self.detail = detail


def line(text: str) -> None:
    print(text, flush=True)


def alarm(en: str, ja: str) -> None:
    """What nobody must overlook: both languages, red where the output is a screen."""
    red, plain = ("\033[1;31m", "\033[0m") if sys.stdout.isatty() else ("", "")
    line(f"{red}[setup] WARNING {en}\n[setup] 警告 {ja}{plain}")


def indented(text: str) -> str:
    return "\n".join(f"    {row}" for row in text.rstrip().splitlines())


@contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Time a step; the value given to the block replaces the words of its line."""
    started = time.monotonic()
    words: list[str] = []
    yield words.append
    said = words[-1] if words else "done"
    line(f"[setup] {name:<22} {said:<58} {time.monotonic() - started:6.1f} s")


def failure(error: SetupError) -> str:
    """The text of a failure: detail first, so that the sentence stands last on the screen."""
    detail = f"{indented(error.detail)}\n" if error.detail else ""
    return f"{detail}[setup] {error.en}\n[setup] {error.ja}"
