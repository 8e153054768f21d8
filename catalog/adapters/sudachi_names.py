"""The family and given names of SudachiDict's core dictionary, read out of its own file.

SudachiPy looks words up but does not list them, so the file is read here: the description, the table of
parts of speech, the index, the costs, and one record a word (format 2 of ``sudachi.rs``, described in its
``dic`` module: writing, length, part of speech, normalised form, dictionary form, reading; strings are a
length of one or two bytes and UTF-16). All records are measured at once by numpy; only names are decoded.
A file of another format raises: without names there is no search for names.
"""

import mmap
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sudachidict_core

from catalog.identifiers.more_names import more_names
from catalog.identifiers.name_book import Entry, NameBook, name_book
from catalog.identifiers.word_kinds import WordKind

_FORMATS = {0xCE9F011A92394434, 0x7366D3F18BD111E7}
_HEADER = 272
_PARTS = 6
_PEOPLE = {"姓": WordKind.FAMILY, "名": WordKind.GIVEN, "一般": WordKind.PERSON}
_FEWEST = 10_000
"""A dictionary with fewer names was not read as it should be."""

_Places = npt.NDArray[np.int64]


@cache
def sudachi_names() -> NameBook:
    """The process's one book of names.

    Raises:
        ValueError: the dictionary's file is of a form that is not known here.
    """
    path = Path(sudachidict_core.__file__).parent / "resources" / "system.dic"
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        entries = list(_entries(mapped))
    if len(entries) < _FEWEST:
        raise ValueError("the dictionary of names could not be read")
    return name_book([*entries, *more_names()])


def _entries(mapped: mmap.mmap) -> Iterator[Entry]:
    if struct.unpack_from("<Q", mapped, 0)[0] not in _FORMATS:
        raise ValueError("the dictionary is of a form that is not known here")
    kinds, place = _kinds_of_people(mapped)
    left, right = struct.unpack_from("<HH", mapped, place)
    place += 4 + 2 * left * right
    (trie,) = struct.unpack_from("<I", mapped, place)
    place += 4 + 4 * trie
    (index,) = struct.unpack_from("<I", mapped, place)
    place += 4 + index
    (words,) = struct.unpack_from("<I", mapped, place)
    place += 4 + 6 * words
    records = np.frombuffer(mapped, "<u4", words, place).astype(np.int64)
    content = np.frombuffer(mapped, np.uint8)
    try:
        found = list(_names(content, records, kinds))
    finally:
        del content
    for writing, reading, kind in found:
        one, two = (bytes(mapped[start:end]).decode("utf-16-le") for start, end in (writing, reading))
        yield one, two or one, kind


def _kinds_of_people(mapped: mmap.mmap) -> tuple[dict[int, WordKind], int]:
    """The numbers of the parts of speech of people's names, and where their table ends."""
    (count,) = struct.unpack_from("<H", mapped, _HEADER)
    place = _HEADER + 2
    kinds: dict[int, WordKind] = {}
    for number in range(count):
        parts: list[str] = []
        for _ in range(_PARTS):
            length, place = mapped[place], place + 1
            if length & 0x80:
                length, place = (length & 0x7F) << 8 | mapped[place], place + 1
            parts.append(mapped[place : place + 2 * length].decode("utf-16-le"))
            place += 2 * length
        if parts[2] == "人名":
            kinds[number] = _PEOPLE.get(parts[3], WordKind.PERSON)
    return kinds, place


def _names(
    content: npt.NDArray[np.uint8], records: _Places, kinds: dict[int, WordKind]
) -> Iterator[tuple[tuple[int, int], tuple[int, int], WordKind]]:
    """Where the writing and the reading of each name stand in the file, and its kind."""
    writing, letters = _string(content, records)
    part, _ = _string(content, writing + 2 * letters)
    speech = content[part].astype(np.int64) | content[part + 1].astype(np.int64) << 8
    chosen = np.isin(speech, list(kinds))
    writing, letters, part, speech = writing[chosen], letters[chosen], part[chosen], speech[chosen]
    normal, normal_letters = _string(content, part + 2)
    reading, reading_letters = _string(content, normal + 2 * normal_letters + 4)
    for start, length, other, other_length, number in zip(
        writing.tolist(),
        letters.tolist(),
        reading.tolist(),
        reading_letters.tolist(),
        speech.tolist(),
        strict=True,
    ):
        yield (start, start + 2 * length), (other, other + 2 * other_length), kinds[number]


def _string(content: npt.NDArray[np.uint8], places: _Places) -> tuple[_Places, _Places]:
    """Where the letters of the strings at ``places`` begin, and how many UTF-16 units they have."""
    first = content[places].astype(np.int64)
    second = content[np.minimum(places + 1, len(content) - 1)].astype(np.int64)
    two = first >= 0x80
    return places + 1 + two, np.where(two, (first & 0x7F) << 8 | second, first)
