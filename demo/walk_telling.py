"""How the walk speaks: numbered steps in Japanese and English, evidence beneath, the end at a fault.

``Telling`` also gathers what becomes ``evidence.json``: every step with whether it held, and
whatever the steps keep by name. A step that does not hold stops the walk.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

GREEN, RED, DIM, BOLD, PLAIN = "\033[32m", "\033[31m", "\033[2m", "\033[1m", "\033[0m"
LABEL_WIDTH = 22
"""Columns for the name of a piece of evidence; a Japanese character takes two."""
MOST_SHOWN = 150


class FaultError(Exception):
    """Something that had to hold did not."""


class Step:
    """One step under way."""

    def __init__(self, telling: "Telling", record: dict[str, Any]) -> None:
        self._telling = telling
        self._record = record

    def show(self, name: str, value: object) -> None:
        """A piece of evidence, printed and kept."""
        self._record["evidence"][name] = value
        self._telling.line(f"     {padded(name, LABEL_WIDTH)} {shortened(value)}", DIM)

    def insist(self, held: object, what: str) -> None:
        """What must be true here; the walk ends if it is not."""
        self._record["held"].append({"what": what, "held": bool(held)})
        if not held:
            raise FaultError(what)


class Telling:
    """The walk's voice and memory."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._colour = out.isatty() and not os.environ.get("NO_COLOR")
        self._began = time.monotonic()
        self.kept: dict[str, Any] = {}
        self.steps: list[dict[str, Any]] = []
        self.refusals: list[dict[str, Any]] = []

    def line(self, text: str, colour: str = "") -> None:
        """One line on the screen."""
        self._out.write(f"{colour}{text}{PLAIN}\n" if self._colour and colour else f"{text}\n")
        self._out.flush()

    @contextmanager
    def step(self, japanese: str, english: str) -> Iterator[Step]:
        """A numbered step; its mark is printed when it is over."""
        number = len(self.steps) + 1
        record: dict[str, Any] = {"n": number, "ja": japanese, "en": english, "held": [], "evidence": {}}
        self.steps.append(record)
        self.line(f"{number:>3}  {padded(japanese, 40)} {english}", BOLD)
        began = time.monotonic()
        try:
            yield Step(self, record)
        except Exception as error:
            record["ok"], record["fault"] = False, f"{type(error).__name__}: {error}"
            self.line(f"  ✗  {record['fault']}", RED)
            raise
        record["ok"], record["seconds"] = True, round(time.monotonic() - began, 2)
        self.line(f"  ✓  {record['seconds']:.2f} s", GREEN)

    def refused(self, what: str, status: int, code: str) -> None:
        """A refusal, for the evidence."""
        self.refusals.append({"what": what, "status": status, "code": code})

    def write(self, path: Path) -> None:
        """Leave the evidence; replaced in one move, so a reader sees all of it or the one before."""
        whole = all(step.get("ok") for step in self.steps)
        document = {
            "format": "hanare-demo-evidence/1",
            "held": whole and bool(self.steps),
            "seconds": round(time.monotonic() - self._began, 1),
            "steps": self.steps,
            "refusals": self.refusals,
            **self.kept,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
        fresh.replace(path)


def shortened(value: object) -> str:
    """A value on one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def padded(text: str, width: int) -> str:
    """The text filled up to a width in columns of a terminal."""
    columns = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return text + " " * max(0, width - columns)
