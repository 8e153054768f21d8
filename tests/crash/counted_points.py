"""Crash points: every commit, fsync, rename and Docker call, counted, before and after it is done.

``Points`` wraps the calls of this process. At the point whose number it was given it kills the
process with SIGKILL, so nothing is tidied up: no ``finally``, no rollback, no flush.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

FILE_CALLS = ("fsync", "replace", "rename", "link")


class Points:
    """Counts, names, and ends the process at one of them. ``end_at`` 0 means never."""

    def __init__(self, end_at: int = 0) -> None:
        self._end_at = end_at
        self.names: list[str] = []

    def reach(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self._end_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call with a point before it and one after it."""

        def counted(*given: Any, **named: Any) -> Any:
            self.reach(f"before {name}")
            answer = call(*given, **named)
            self.reach(f"after {name}")
            return answer

        return counted

    def watch(self, engine: Engine) -> None:
        """From now on, every durable step of this process is a point."""
        for name in FILE_CALLS:
            setattr(os, name, self.around(name, getattr(os, name)))
        dialect: Any = engine.dialect
        dialect.do_commit = self.around("commit", dialect.do_commit)
