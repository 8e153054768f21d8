"""Everything the recognisers look things up in, read once per process: Sudachi's words, Japan Post's places."""

from functools import cache

from catalog.adapters.japan_post import read_gazetteer
from catalog.adapters.sudachi_words import sudachi_words
from catalog.identifiers.recognise import Dictionaries


@cache
def read_dictionaries() -> Dictionaries:
    """Both dictionaries; takes about two seconds the first time.

    Raises:
        UnavailableError: one of them cannot be read.
    """
    return Dictionaries(sudachi_words(), read_gazetteer())
