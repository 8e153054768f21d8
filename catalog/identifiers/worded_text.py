"""A text cut into words, with what name recognisers ask of a place.

Which words stand there, and would a name read better? The rules:

1. Places count characters of the normalised text.
2. ``relief`` is how much less unlikely the surroundings read when the usual name 山田太郎 stands in a
   span's place: positive where the span is hard to read as words, strongly negative where it is
   ordinary language. It is a likelihood ratio with the dictionary's own costs (the log-linear model of
   MeCab and Sudachi), so one measure serves kanji and kana.
3. A text in which far more candidates have to be weighed than in any written language is not language: from
   then on nothing is weighed and candidates count as they are, so the time is bounded and nothing is
   passed over.
4. Surroundings end at punctuation, a line's end, or ``AROUND`` characters away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from catalog.identifiers.name_book import NameBook
from catalog.identifiers.word_kinds import WordKind
from catalog.identifiers.words import Tokeniser, Word

AROUND = 14
FEWEST_WEIGHED, CHARACTERS_EACH = 4_000, 4
"""How many candidates are weighed in a text: clinical prose has one in forty characters."""
BEYOND = 1
FULL_NAME = "山田太郎"
FAMILY_NAME = "山田"
_STOPS = r"\n\t。、，,；;：:()（）「」『』【】\[\]{}<>|\"'=・/"
_BEHIND = re.compile(f"[^{_STOPS}]*\\Z")
_AHEAD = re.compile(f"[^{_STOPS}]*")


@dataclass
class WordedText:
    """A normalised text with its words."""

    text: str
    tokeniser: Tokeniser = field(repr=False)
    context: str = ""
    _costs: dict[str, int] = field(default_factory=dict, repr=False)
    _weighed: int = 0

    @property
    def book(self) -> NameBook:
        """The names the tokeniser's dictionary knows."""
        return self.tokeniser.book

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in order."""
        return tuple(self.tokeniser.words(self.text))

    @cached_property
    def _numbers(self) -> list[int]:
        """The number of the word at each character."""
        numbers: list[int] = []
        for number, word in enumerate(self.words):
            numbers += [number] * (word.end - word.start)
        return numbers

    def word_at(self, place: int) -> Word:
        """The word that a character belongs to."""
        return self.words[self._numbers[place]]

    def number_at(self, place: int) -> int:
        """The number of the word that a character belongs to."""
        return self._numbers[place]

    def words_in(self, start: int, end: int) -> Iterator[Word]:
        """The words that touch the span."""
        number = self._numbers[start]
        while number < len(self.words) and self.words[number].start < end:
            yield self.words[number]
            number += 1

    def begins_word(self, place: int) -> bool:
        """Whether a word begins here; the text's end counts."""
        return place >= len(self.text) or self.word_at(place).start == place

    def kinds_in(self, start: int, end: int) -> set[WordKind]:
        """The kinds of the words that touch the span."""
        return {word.kind for word in self.words_in(start, end)}

    def surroundings(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of text in which a span is judged."""
        behind = _BEHIND.search(self.text, max(0, start - AROUND), start)
        ahead = _AHEAD.match(self.text, end, end + AROUND)
        first = behind.start() if behind else start
        last = ahead.end() if ahead else end
        # A cut inside a word would make both readings odd in ways that do not cancel.
        while first < start and not self.begins_word(first):
            first += 1
        while last > end and not self.begins_word(last):
            last -= 1
        return first, last

    def relief(self, start: int, end: int, stand_in: str = FULL_NAME) -> int:
        """How much the surroundings gain when a usual name stands in the span's place."""
        self._weighed += 1
        if self._weighed > FEWEST_WEIGHED + len(self.text) // CHARACTERS_EACH:
            return BEYOND
        first, last = self.surroundings(start, end)
        as_it_is = self._cost(self.text[first:last])
        return as_it_is - self._cost(self.text[first:start] + stand_in + self.text[end:last])

    def _cost(self, text: str) -> int:
        cost = self._costs.get(text)
        if cost is None:
            cost = self._costs[text] = self.tokeniser.cost(text) if text else 0
        return cost
