"""The one entry for everything that recognises: an ordered table, read from top to bottom.

1. Every recogniser has an id, the kinds it gives, the source of its format, and its check digit rule.
2. A text is prepared once and read by all of them; names are read by ``names`` in the same way.
3. Overlaps are resolved once, at the end, by the rule in ``hits``.
4. Nothing is caught here: a recogniser that fails makes the whole recognition fail, and its caller
   blocks. A text that was not read to its end was not read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from catalog.identifiers import contacts
from catalog.identifiers.gazetteer import Gazetteer
from catalog.identifiers.hits import Hit, without_overlaps
from catalog.identifiers.readings import Reading, read
from catalog.identifiers.words import Tokeniser


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One row of the table."""

    id: str
    kinds: tuple[str, ...]
    find: Callable[[Reading], Iterable[Hit]]
    source: str
    check: str = "none"


TABLE: tuple[Recogniser, ...] = (
    Recogniser("email", ("email",), contacts.find_emails, "RFC 5321 addresses as people write them"),
)


def recognise(
    text: str,
    *,
    context: str = "",
    words: Tokeniser | None = None,
    places: Gazetteer | None = None,
    table: tuple[Recogniser, ...] = TABLE,
) -> tuple[Hit, ...]:
    """Every identifier of a text, in order, without overlaps; offsets count the text's own characters.

    ``context`` is what is known from outside (a column's header, a key); ``words`` cuts Japanese into
    words for names; ``places`` knows which postal codes and municipalities exist.
    """
    reading = read(text, context, words, places)
    return without_overlaps(hit for recogniser in table for hit in recogniser.find(reading))
