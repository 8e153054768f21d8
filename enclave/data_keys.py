"""The names of a project's data keys: ``data``, and after each rotation ``data-2``, ``data-3`` and so on.

An extract is encrypted under the key that was newest when it was built, and its signed manifest
names that key; a manifest that names none is of a time when there was only ``data``. Who opens an
extract asks for the key its manifest names, never for the newest. A name says nothing of a key.
"""

import re
from collections.abc import Iterable, Mapping

from enclave.errors import TamperedError
from enclave.sentences import say

FIRST = "data"
PATTERN = r"data(?:-(?:[2-9]|[1-9][0-9]{1,2}))?"
_NAME = re.compile(PATTERN)


def data_keys(purposes: Iterable[str]) -> tuple[str, ...]:
    """The data keys among these purposes, oldest first."""
    return tuple(sorted(filter(_NAME.fullmatch, purposes), key=_generation))


def following(name: str) -> str:
    """The name of the key that takes the place of this one."""
    return f"{FIRST}-{_generation(name) + 1}"


def named_in(facts: Mapping[str, object]) -> str:
    """The data key that a manifest's facts name.

    Raises:
        TamperedError: they name something else.
    """
    name = facts.get("data_key", FIRST)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise TamperedError("manifest", say("The manifest of this extract names no data key. Do not use it."))
    return name


def _generation(name: str) -> int:
    return int(name.partition("-")[2] or 1)
