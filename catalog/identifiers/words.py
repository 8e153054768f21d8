"""Japanese text in words, as recognisers need it: what kind of word stands where, and how usual it reads.

Pure values and one protocol. The rules:

1. A word is a place in the text and a kind; its characters are the text's own.
2. ``cost`` says how unlikely a dictionary finds a text, in a unit of its own: only differences between
   two readings of nearly the same text mean something.
3. A tokeniser either reads the whole text or raises; nothing is ever left out.
"""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from catalog.identifiers.name_book import NameBook


class WordKind(Enum):
    """What recognisers ask of a part of speech."""

    FAMILY = "family name"
    GIVEN = "given name"
    PERSON = "other name of a person"
    PLACE = "name of a place"
    PROPER = "other proper noun"
    NOUN = "common noun"
    PRONOUN = "pronoun"
    NUMBER = "number"
    SUFFIX = "suffix"
    PREFIX = "prefix"
    PARTICLE = "particle or auxiliary"
    OTHER = "verb, adjective or adverb"
    SYMBOL = "symbol or blank"


NAMES_OF_PEOPLE = frozenset({WordKind.FAMILY, WordKind.GIVEN, WordKind.PERSON})


class Word(NamedTuple):
    """One word: characters ``start`` to before ``end`` of the text that was read."""

    start: int
    end: int
    kind: WordKind
    known: bool
    """Whether a dictionary holds it; otherwise its kind is a guess."""


class Tokeniser(Protocol):
    """Reads Japanese; may be asked by several threads at once."""

    @property
    def book(self) -> "NameBook":
        """The names of people that the dictionary holds."""
        ...

    def words(self, text: str) -> Sequence[Word]:
        """The words of the whole text, in order and without gaps.

        Raises:
            ValueError: the text could not be read whole.
        """
        ...

    def cost(self, text: str) -> int:
        """How unlikely the best reading of a short text is; higher is less usual."""
        ...
