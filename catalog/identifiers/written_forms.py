"""Text as a reader understands it, with the way back to the characters as written.

One value can be written in many forms: full-width, upper case, circled, split by invisible
characters or by any of a dozen hyphens. Recognisers look at the folded text; people are
shown the place in the original. The rules:

1. Folding is NFKC, then lower case, character by character, so every folded character knows
   which original character it came from.
2. Invisible characters (format controls, variation selectors, combining joiners) vanish:
   they cannot hide anything.
3. Every hyphen and dash becomes ``-``; every decimal digit of any script becomes ASCII.
4. Folding never reorders and never joins two original characters into one.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

HYPHENS = frozenset("-‐‑‒–—―⁃−﹣－˗➖")
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``origins[i]`` is where folded character ``i`` stands in the original."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offset and length, in the original, of the folded characters ``start`` to ``end``."""
        first = self.origins[start]
        return first, self.origins[end - 1] + 1 - first


def fold(text: str) -> Folded:
    """Fold a whole text; see the rules above."""
    if text.isascii():
        return Folded(text.lower(), tuple(range(len(text))))
    pieces: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        piece = _fold_character(character)
        pieces.append(piece)
        origins.extend([place] * len(piece))
    return Folded("".join(pieces), tuple(origins))


def compact(folded: Folded) -> Folded:
    """Only the letters and digits of a folded text: what is left when all separators are ignored."""
    kept = [place for place, character in enumerate(folded.text) if character.isalnum()]
    return Folded(
        "".join(folded.text[place] for place in kept), tuple(folded.origins[place] for place in kept)
    )


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    """One original character in folded form; empty when it is invisible."""
    if character in HYPHENS:
        return "-"
    if unicodedata.category(character) in _INVISIBLE_CATEGORIES:
        return ""
    folded = "".join(
        _ascii_digit(part)
        for part in unicodedata.normalize("NFKC", character)
        if unicodedata.category(part) not in _INVISIBLE_CATEGORIES
    )
    return folded.lower().replace("\u2212", "-")


def _ascii_digit(character: str) -> str:
    """The ASCII digit for a decimal digit of any script; other characters unchanged."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
