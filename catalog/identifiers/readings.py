"""One text as the recognisers read it, prepared once.

1. ``text`` is the normalised text with its case kept; every hit finds its way back to the original.
2. ``digits`` is the same text, character for character, in which kanji digits in a row of digits are
   ASCII digits (〇九〇 is 090), so that its places are the places of ``text``.
3. ``context`` is what is known about the text from outside: a column's header, a key of JSON.
4. What stands before a place is read back over at most ``NEAR`` characters and one line end: a label
   belongs to the value behind it.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from catalog.identifiers.gazetteer import Gazetteer
from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.words import Tokeniser
from catalog.identifiers.written_forms import Folded, normalise

NEAR = 24
_KANJI = "〇○零一二三四五六七八九壱弐参肆伍陸漆捌玖"
_KANJI_DIGITS = str.maketrans(_KANJI, "000123456789123456789")
_DIGIT_ROW = re.compile(rf"[0-9{_KANJI}](?:[-ー・ ()]{{0,2}}[0-9{_KANJI}]){{2,}}")
_ONE_AS_LINE = re.compile(r"(?<=[0-9])一(?=[0-9])")


@dataclass(frozen=True)
class Reading:
    """A text prepared for recognisers; places below count characters of ``text``."""

    folded: Folded
    context: str = ""
    words: Tokeniser | None = None
    places: Gazetteer | None = None

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.folded.text

    @cached_property
    def digits(self) -> str:
        """The text with rows of kanji digits as ASCII digits, of equal length."""
        with_lines = _ONE_AS_LINE.sub("-", self.text)
        return _DIGIT_ROW.sub(lambda row: row.group().translate(_KANJI_DIGITS).replace("ー", "-"), with_lines)

    def before(self, start: int, near: int = NEAR) -> str:
        """What stands before a place, behind the outer context."""
        words = self.text[max(0, start - near) : start].rsplit("\n", 2)[-2:]
        return f"{self.context}\n{''.join(words)}"

    def after(self, end: int, near: int = NEAR) -> str:
        """What stands behind a place, up to the line's end."""
        return self.text[end : end + near].split("\n", 1)[0]

    def hit(self, kind: str, span: tuple[int, int], certainty: Certainty, form: str = "") -> Hit:
        """A hit at characters ``span`` of ``text``, as a place of the original."""
        return Hit(kind, *self.folded.span(*span), certainty, form)


def read(
    text: str, context: str = "", words: Tokeniser | None = None, places: Gazetteer | None = None
) -> Reading:
    """Prepare a text; the context is normalised like the text."""
    return Reading(normalise(text), normalise(context).text, words, places)
