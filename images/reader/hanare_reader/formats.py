"""The registry of formats: how each is told, read and limited, or refused with what to send instead.

The order decides nothing: a file's ending names exactly one format, and the bytes must agree with
it. A format without a reader has no canonical writer, and is refused with its own code. Readers
are named as ``module:function`` and imported when needed, because each brings a library that costs
time at the start. Modules named ``formats_*`` hold the entries of one family each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath
from typing import Final

from .refusals import RefusedError
from .results import Reading

Magic = Callable[[bytes], bool]
"""Whether bytes begin as those of a format do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrived: the name says only what it claims to be."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """The ending in lower case, with its dot."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how to tell it, and who reads it.

    ``reader`` is ``module:function`` with ``(Upload) -> Reading``, which also checks the structure;
    empty for a format that is refused with the code ``refusal``. ``leaves_as`` says in one line
    what the canonical writer writes; ``looks`` is None for text, which has no magic.
    """

    name: str
    suffixes: tuple[str, ...]
    looks: Magic | None
    reader: str = ""
    leaves_as: str = ""
    refusal: str = ""
    limits: str = ""
    """Limits of its own, beside those of every file."""


def begins(*starts: bytes) -> Magic:
    """A magic that is a fixed beginning."""
    return lambda content: content.startswith(starts)


FAMILIES: Final = ("formats_text", "formats_office", "formats_figures", "formats_data", "formats_refused")
"""The modules that hold entries."""


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format of the registry."""
    return tuple(entry for family in FAMILIES for entry in import_module(f".{family}", __package__).FORMATS)


def find_format(upload: Upload) -> Format:
    """The one format that the ending names and the bytes agree with.

    Raises:
        RefusedError: no format, or two that disagree; a format that is never read says so itself.
    """
    formats = all_formats()
    named = next((f for f in formats if upload.suffix in f.suffixes), None)
    seen = [f for f in formats if f.looks is not None and f.looks(upload.content)]
    if named is None:
        raise RefusedError(next((f.refusal for f in seen if f.refusal), "format_refused"))
    if named.refusal:
        raise RefusedError(named.refusal)
    if not upload.content:
        raise RefusedError("empty")
    if named.looks is None:
        if seen:
            raise RefusedError("disagrees")
    elif named not in seen:
        raise RefusedError("disagrees")
    return named


def read(upload: Upload) -> Reading:
    """Read an upload by its format, or refuse it."""
    module, _, function = find_format(upload).reader.partition(":")
    reader: Callable[[Upload], Reading] = getattr(import_module(f".{module}", __package__), function)
    return reader(upload)
