"""What nothing in this container can change any more once the broker listens.

A kernel runs as the broker's own user, so no owner and no mode keep it from putting another
socket in the broker's place and being handed the data key. The system does (Landlock): before
the first kernel starts, the broker gives up, for itself and for everything it starts, to make,
remove or rename anything outside the folders where work is done. Reading and writing what is
there already stays as owners and modes say. A system without Landlock, or with its first
version, which knows no renaming between folders, has no such fence.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
LEAST_VERSION: Final = 2
CHANGES: Final = sum(1 << bit for bit in range(4, 14))
"""Removing, making and moving of every kind of entry, as Landlock numbers them."""

_system = ctypes.CDLL(None, use_errno=True)
_system.syscall.restype = ctypes.c_long


def version() -> int:
    """The system's Landlock; 0 when it has none."""
    return max(0, int(_system.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def put_up(folders: Iterable[Path]) -> bool:
    """Let entries change below these folders only, from now on; say whether the system can."""
    if version() < LEAST_VERSION:
        return False
    ruleset = _call(_CREATE_RULESET, struct.pack("=Q", CHANGES), ctypes.c_size_t(8), 0)
    try:
        for folder in folders:
            _allow(ruleset, folder)
        if _system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def _allow(ruleset: int, folder: Path) -> None:
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", CHANGES, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *arguments: object) -> int:
    answer = int(_system.syscall(number, *arguments))
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer
