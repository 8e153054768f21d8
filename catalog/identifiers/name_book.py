"""Which family and given names exist, in every script: what a dictionary knows about people's names.

Made once from a dictionary's entries (writing, reading, sort). The rules:

1. Writings are kept in normalised form, as recognisers see a text. A reading in katakana also stands
   in hiragana, and as a key of Latin letters (``latin_readings``).
2. A reading's weight is the number of kanji writings it has: さとう has thirteen, a chance reading one.
3. A name of one kana is no name: it would be found in every word.
4. An entry that is no family or given name (a person known by one name, a name from abroad) is kept
   apart, in ``others``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from catalog.identifiers.latin_readings import latin_keys_of_kana
from catalog.identifiers.word_kinds import WordKind
from catalog.identifiers.written_forms import normalise

Entry = tuple[str, str, WordKind]
"""Writing, reading in katakana, and FAMILY, GIVEN or PERSON."""
KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_KANJI = re.compile(r"[㐀-鿿々]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
_FEWEST_KANA = 2


@dataclass(frozen=True)
class Names:
    """Names of one sort: family names, or given names."""

    written: frozenset[str] = field(repr=False)
    """Every writing with a kanji in it, and Sudachi's own writings in kana."""
    readings: Mapping[str, int] = field(repr=False)
    """Readings in katakana with their weight."""

    @cached_property
    def kana(self) -> Mapping[str, int]:
        """Readings in both kana with their weight; ``ー`` and long vowels as dictionaries write them."""
        both = dict(self.readings)
        both.update({reading.translate(KATAKANA_TO_HIRAGANA): n for reading, n in self.readings.items()})
        for written in self.written:
            if _KANA.fullmatch(written) and len(written) >= _FEWEST_KANA:
                both[written] = max(both.get(written, 0), _OF_ITS_OWN)
        return both

    @cached_property
    def latin(self) -> Mapping[str, int]:
        """Keys of the readings in Latin letters, each with the largest weight of its readings."""
        keys: dict[str, int] = {}
        readings = sorted(self.readings)
        for key, reading in zip(latin_keys_of_kana(readings), readings, strict=True):
            if len(key) > 1:
                keys[key] = max(keys.get(key, 0), self.readings[reading])
        return keys

    @cached_property
    def letters(self) -> Mapping[str, int]:
        """How many kanji writings hold each kanji."""
        return Counter(letter for written in self.written for letter in set(written) if _KANJI.match(letter))

    @cached_property
    def ends(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """How many writings of two or three kanji begin, and how many end, with each kanji."""
        written = [one for one in self.written if 1 < len(one) < 4 and all(map(_KANJI.match, one))]
        return Counter(one[0] for one in written), Counter(one[-1] for one in written)

    def likeness(self, name: str) -> int:
        """How usual it is to begin with the first kanji and to end with the last: 大学 some 5,000, 彩輝 90,000."""
        first, last = self.ends
        return (first.get(name[:1], 0) + 1) * (last.get(name[-1:], 0) + 1)

    @cached_property
    def any_script(self) -> frozenset[str]:
        """Every writing and every reading in kana."""
        return self.written | frozenset(self.kana)


_OF_ITS_OWN = 3
"""The weight of a name that the dictionary itself writes in kana."""


@dataclass(frozen=True)
class NameBook:
    """The names a tokeniser's dictionary knows."""

    family: Names
    given: Names
    others: frozenset[str] = field(repr=False)


def name_book(entries: Iterable[Entry]) -> NameBook:
    """The book of a dictionary's entries; one without family or given names is refused.

    Raises:
        ValueError: there was nothing to make a book of.
    """
    listed = list(entries)
    writings = normalise("\n".join(writing for writing, _, _ in listed)).text.split("\n")
    if len(writings) != len(listed):
        raise ValueError("a writing of the dictionary holds a line end")
    written: dict[WordKind, set[str]] = defaultdict(set)
    readings: dict[WordKind, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for writing, (_, reading, kind) in zip(writings, listed, strict=True):
        written[kind].add(writing)
        if _KANA.fullmatch(reading) and len(reading) >= _FEWEST_KANA and _KANJI.search(writing):
            readings[kind][reading].add(writing)
    family, given = (
        Names(frozenset(written[kind]), {reading: len(them) for reading, them in readings[kind].items()})
        for kind in (WordKind.FAMILY, WordKind.GIVEN)
    )
    if not family.written or not given.written:
        raise ValueError("the dictionary holds no names")
    return NameBook(family, given, frozenset(written[WordKind.PERSON]))
