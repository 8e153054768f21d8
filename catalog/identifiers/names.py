"""Names of people, in every way Japanese texts write them.

The layers, each a module of its own: full names in Japanese letters (``names_japanese``), taken apart or turned
round (``names_apart``), of which the book holds one half (``names_unlisted``), given away by a title or a label
(``names_in_context``), from abroad (``names_from_abroad``, ``names_from_asia``), in Latin letters (``names_latin``, ``names_latin_in_context``), and initials
(``names_initials``). Together:

1. All read the same normalised text with the same words, letters that look alike as what they look like
   (``look_alikes``); of claims that overlap the more certain stays, then the longer, then the heavier; an
   equally certain one that reaches further makes it longer.
2. A claim before the name of a disease, a test or a method is an eponym and no name.
3. Without a tokeniser nothing can be said about names, and nothing is: who asks for names gives one.
4. Text without a letter that could begin a name is not cut into words at all.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Hit
from catalog.identifiers.look_alikes import unmasked
from catalog.identifiers.names_apart import find_apart
from catalog.identifiers.names_from_abroad import find_from_abroad
from catalog.identifiers.names_from_asia import find_from_asia
from catalog.identifiers.names_in_context import find_in_context
from catalog.identifiers.names_initials import find_initials
from catalog.identifiers.names_japanese import Claim, find_full_names
from catalog.identifiers.names_latin import find_latin
from catalog.identifiers.names_latin_in_context import find_latin_in_context
from catalog.identifiers.names_unlisted import find_unlisted
from catalog.identifiers.readings import Reading
from catalog.identifiers.worded_text import WordedText

KIND = "name"
LONGEST_JOINED = 16
_COULD_HOLD = re.compile(
    r"[㐀-鿿々ぁ-ゖァ-ヺ가-힣]{2}|[㐀-鿿々ぁ-ゖァ-ヺ][^㐀-鿿々ぁ-ゖァ-ヺ]|[A-Za-zÀ-ž]{2}|[A-Z]\."
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, as JSON can write it: no tokeniser reads it, and it hides nothing."""
_LAYERS = (
    find_full_names,
    find_apart,
    find_unlisted,
    find_in_context,
    find_from_abroad,
    find_from_asia,
    find_latin,
    find_latin_in_context,
    find_initials,
)


def find_names(reading: Reading) -> Iterator[Hit]:
    """Every name in a text, as places of the original."""
    if reading.words is None or not _COULD_HOLD.search(reading.text):
        return
    text = _LONE_SURROGATE.sub("\ufffd", unmasked(reading.text))
    worded = WordedText(text, reading.words, reading.context)
    claims: list[Claim] = [claim for layer in _LAYERS for claim in layer(worded)]
    for claim in sorted(_longest(claims)):
        yield reading.hit(KIND, (claim.start, claim.end), claim.certainty, claim.form)


def _longest(claims: list[Claim]) -> Iterator[Claim]:
    """Claims without overlaps, by rule 1."""
    kept: list[Claim] = []
    taken: dict[int, int] = {}
    for claim in sorted(claims, key=lambda claim: (-claim.certainty, claim.start - claim.end, -claim.weight)):
        across = {taken[place] for place in range(claim.start, claim.end) if place in taken}
        if len(across) > 1:
            continue
        number = across.pop() if across else len(kept)
        if number == len(kept):
            kept.append(claim)
        elif claim.certainty is kept[number].certainty:
            start, end = min(claim.start, kept[number].start), max(claim.end, kept[number].end)
            if end - start > LONGEST_JOINED:
                continue
            kept[number] = kept[number]._replace(start=start, end=end)
        taken.update(dict.fromkeys(range(claim.start, claim.end), number))
    return iter(kept)
