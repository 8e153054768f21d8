"""Japanese in words, by SudachiPy with SudachiDict's core dictionary, loaded once in a process.

1. The dictionary refuses a text of more than 49,149 bytes, so a text is read in pieces well below that,
   cut after a line's or a sentence's end, a blank or a comma, or else where hiragana ends: hardly any
   word begins with hiragana and goes on in other letters.
   A piece that is refused all the same raises: nothing is skipped.
2. A Sudachi tokeniser belongs to one thread at a time: every thread gets its own over one dictionary.
3. ``cost`` is the cost of the cheapest path (the sum of word and connection costs).
"""

import threading
from collections.abc import Iterator, Sequence
from functools import cache

import sudachipy
from sudachipy.errors import SudachiError

from catalog.adapters.sudachi_names import sudachi_names
from catalog.identifiers.name_book import NameBook
from catalog.identifiers.word_kinds import WordKind
from catalog.identifiers.words import Word

LARGEST_PIECE = 12_000
"""Characters in one piece: 48,000 bytes at most, in UTF-8."""
_WHERE_TO_CUT = ("\n", "。.!?！？", " \t　、,，")
"""Marks after which a text may be cut, the best first."""
_SEARCHED = 4_000
_JOINED = 0x0FFF_FFFF
"""The number of a word that was joined out of katakana which the dictionary does not hold."""
_KINDS = {
    "助詞": WordKind.PARTICLE,
    "助動詞": WordKind.PARTICLE,
    "接尾辞": WordKind.SUFFIX,
    "接頭辞": WordKind.PREFIX,
    "代名詞": WordKind.PRONOUN,
    "補助記号": WordKind.SYMBOL,
    "空白": WordKind.SYMBOL,
    "記号": WordKind.SYMBOL,
}
_PEOPLE = {"姓": WordKind.FAMILY, "名": WordKind.GIVEN, "一般": WordKind.PERSON}


class SudachiWords:
    """The ``Tokeniser`` port over SudachiPy (split mode C, the longest units)."""

    def __init__(self) -> None:
        self._dictionary = sudachipy.Dictionary(dict="core")
        self._kinds: dict[int, WordKind] = {}
        self._mine = threading.local()

    @property
    def book(self) -> NameBook:
        return sudachi_names()

    def words(self, text: str) -> Sequence[Word]:
        found: list[Word] = []
        for offset, piece in pieces(text):
            for word in self._read(piece):
                number = word.part_of_speech_id()
                kind = self._kinds.get(number)
                if kind is None:
                    kind = self._kinds[number] = _kind(word.part_of_speech())
                found.append(
                    Word(
                        offset + word.begin(),
                        offset + word.end(),
                        kind,
                        not word.is_oov() and word.word_id() != _JOINED,
                    )
                )
        return found

    def cost(self, text: str) -> int:
        return sum(self._read(piece).get_internal_cost() for _, piece in pieces(text))

    def _read(self, piece: str) -> sudachipy.MorphemeList:
        tokeniser = getattr(self._mine, "tokeniser", None)
        if tokeniser is None:
            tokeniser = self._mine.tokeniser = self._dictionary.create(sudachipy.SplitMode.C)
        try:
            read: sudachipy.MorphemeList = tokeniser.tokenize(piece)
        except (SudachiError, RuntimeError, OverflowError) as error:
            raise ValueError("the tokeniser could not read a piece of the text") from error
        return read


@cache
def sudachi_words() -> SudachiWords:
    """The process's one tokeniser."""
    return SudachiWords()


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of at most ``LARGEST_PIECE`` characters, each with its offset."""
    start = 0
    while len(text) - start > LARGEST_PIECE:
        end = _cut(text, start + LARGEST_PIECE)
        yield start, text[start:end]
        start = end
    if start < len(text) or not text:
        yield start, text[start:]


def _cut(text: str, end: int) -> int:
    """The best place for a cut at or before ``end``."""
    first = end - _SEARCHED
    for marks in _WHERE_TO_CUT:
        best = max(text.rfind(mark, first, end) for mark in marks)
        if best > 0:
            return best + 1
    for place in range(end - 1, first, -1):
        if _is_hiragana(text[place - 1]) and not _is_hiragana(text[place]):
            return place
    return end


def _is_hiragana(letter: str) -> bool:
    return "ぁ" <= letter <= "ゖ"


def _kind(speech: Sequence[str]) -> WordKind:
    """The kind of a part of speech of UniDic's scheme."""
    first, second, third, fourth = speech[:4]
    if first != "名詞":
        return _KINDS.get(first, WordKind.OTHER)
    if second == "数詞":
        return WordKind.NUMBER
    if second != "固有名詞":
        return WordKind.NOUN
    if third == "人名":
        return _PEOPLE.get(fourth, WordKind.PERSON)
    return WordKind.PLACE if third == "地名" else WordKind.PROPER
