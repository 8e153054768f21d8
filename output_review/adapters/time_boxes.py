"""Pure work under a time limit: in a process that is ended when its time is over.

1. The work runs in a fork of this process, so it knows what this process knows and nothing is copied. Only its
   outcome comes back, through a pipe.
2. When the time is over the fork is killed. Nothing inside the work can prevent that: no loop, no regular
   expression, no library that holds the interpreter. A fork whose parent is gone ends by its limit of CPU seconds.
3. A fork that ends without an outcome (killed for memory, crashed) is an error like any other. No outcome is ever
   made up here.

The work must be pure: it takes no lock that another thread of this process may hold, and touches no database,
socket or file of it.
"""

import os
import pickle
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from math import ceil
from typing import TypeVar

_T = TypeVar("_T")
_CHUNK = 1 << 16


class OutOfTimeError(Exception):
    """The work did not end within its time."""


class NoOutcomeError(Exception):
    """The work failed, or its process ended without saying anything."""


def within(seconds: float, act: Callable[[], _T]) -> _T:
    """What ``act`` gives, if it gives it within so many seconds.

    Raises:
        OutOfTimeError: it did not, and was ended.
        NoOutcomeError: it raised, with the name of what it raised; or it ended without an outcome.
    """
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        # Newer Pythons warn of forks beside threads; rule 1 of pure work is what they warn about.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(ours)
        _work(theirs, act, seconds)
    os.close(theirs)
    try:
        told = _read(ours, time.monotonic() + seconds)
    finally:
        os.close(ours)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    try:
        is_done, outcome = pickle.loads(told)  # noqa: S301  written by our own fork, which ran our own code
    except Exception:  # noqa: BLE001  half an outcome is none
        raise NoOutcomeError("nothing") from None
    if not is_done:
        raise NoOutcomeError(str(outcome))
    made: _T = outcome
    return made


def _work(pipe: int, act: Callable[[], object], seconds: float) -> None:
    """In the fork: do it, tell it, and end without running anything of the parent's."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        limit = ceil(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        try:
            told = pickle.dumps((True, act()))
        except BaseException as error:  # noqa: BLE001  the parent learns of every failure, by its name
            told = pickle.dumps((False, type(error).__name__))
        with os.fdopen(pipe, "wb") as out:
            out.write(told)
    finally:
        os._exit(0)


def _read(pipe: int, until: float) -> bytes:
    told = bytearray()
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise OutOfTimeError
        chunk = os.read(pipe, _CHUNK)
        if not chunk:
            return bytes(told)
        told += chunk
