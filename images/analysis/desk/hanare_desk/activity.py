"""Whether somebody is here. Pure.

Somebody is here while a cell runs, and counts as having been here when a browser sent a
kernel something that a person meant, or asked for a deed of a person. What pages do by
themselves does not count: looking at listings and at kernels, asking a kernel what it is,
saving the layout of the page.
"""

import re
from collections.abc import Callable
from typing import Final

REPORT_SECONDS: Final = 30.0
_OF_ITSELF: Final = frozenset({"kernel_info_request", "comm_info_request", "history_request"})
_CONTENTS: Final = re.compile(r"/api/contents(?:/.*)?")


class Activity:
    """When somebody was last here."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = clock()

    def touch(self) -> None:
        self._last = self._clock()

    def idle_seconds(self, busy: int) -> int:
        """Whole seconds since somebody was here; a running cell is somebody."""
        if busy:
            self.touch()
        return max(0, int(self._clock() - self._last))


def is_meant(msg_type: str) -> bool:
    """Tell whether a person stands behind a message to a kernel."""
    return msg_type not in _OF_ITSELF


def is_deed(method: str, path: str, query: str) -> bool:
    """Tell whether a person stands behind a request; ``path`` is inside the server."""
    if method in {"GET", "HEAD", "OPTIONS"}:
        opens = _CONTENTS.fullmatch(path) and "content=0" not in query
        return bool(opens) and ("type=notebook" in query or "type=file" in query)
    return path.startswith(("/api/contents", "/api/sessions", "/api/kernels"))
