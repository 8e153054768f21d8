"""Japanese text in words, as recognisers need it: what kind of word stands where, and how usual it reads.

Pure values and one protocol. The rules:

1. A word is a place in the text and a kind; its characters are the text's own.
2. ``cost`` says how unlikely a dictionary finds a text, in a unit of its own: only differences between
   two readings of nearly the same text mean something.
3. A tokeniser either reads the whole text or raises; nothing is ever left out.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from catalog.identifiers.name_book import NameBook
from catalog.identifiers.word_kinds import WordKind


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
    def book(self) -> NameBook:
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
