"""Kinds of words, as recognisers of names ask of a dictionary's parts of speech.

A dictionary has finer ones: the tokeniser's adapter brings them down to these. An unknown word has the kind that is guessed.
"""

from enum import Enum


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
