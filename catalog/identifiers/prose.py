"""Running text, and what a language model's guess about a person in it is worth.

1. A line is prose when it holds sentences: a dozen characters, hiragana among kanji, few digits.
2. At most ``most`` characters are chosen, from the beginning of each text in turn; how many were left out
   is part of the answer, so that it can be said.
3. A guess of the model counts only where the dictionary sees a name or a word it does not know, and never
   before the name of a disease, a test or a method: the model calls one benign clinical sentence in five a
   person otherwise.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from catalog.identifiers.name_words import AFTER_EPONYM, EPONYMS, KATAKANA_EPONYMS, NOT_BEFORE_TITLE
from catalog.identifiers.word_kinds import NAMES_OF_PEOPLE
from catalog.identifiers.worded_text import WordedText

_LINE = re.compile(r"[^\n]+")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_KANJI_OR_KATAKANA = re.compile(r"[㐀-鿿ァ-ヺ]")
_INSTITUTION = re.compile(
    r"(?:病院|医院|クリニック|大学|研究所|センター|診療所|学会|協会|会社|財団|県|市|区|町|村|病|症|法|式|科|薬|菌|剤|徴候|師|者|検査)$|^[A-Z0-9-]{1,6}$"
)
_FEWEST_CHARACTERS, _FEWEST_HIRAGANA = 12, 4
_LARGEST_SHARE_OF_DIGITS = 0.25


class ProseLine(NamedTuple):
    """A line of text number ``text`` that is prose, by its place in that text."""

    text: int
    offset: int
    line: str


class ProseSample(NamedTuple):
    """Lines to be read by a model, and how many characters of prose were left out."""

    lines: tuple[ProseLine, ...]
    left_out: int


def choose_prose(texts: Iterable[str], most: int) -> ProseSample:
    """The prose of several texts, at most ``most`` characters of it."""
    chosen: list[ProseLine] = []
    left_out, room = 0, most
    for number, text in enumerate(texts):
        for found in _LINE.finditer(text):
            line = found.group()
            if not is_prose(line):
                continue
            if len(line) <= room:
                chosen.append(ProseLine(number, found.start(), line))
                room -= len(line) + 1
            else:
                left_out += len(line)
    return ProseSample(tuple(chosen), left_out)


def is_prose(line: str) -> bool:
    """Whether a line holds sentences."""
    if len(line) < _FEWEST_CHARACTERS or not _KANJI_OR_KATAKANA.search(line):
        return False
    digits = sum(character.isdecimal() for character in line)
    return len(_HIRAGANA.findall(line)) >= _FEWEST_HIRAGANA and digits < len(line) * _LARGEST_SHARE_OF_DIGITS


def could_be_person(worded: WordedText, start: int, end: int) -> bool:
    """Whether the dictionary has nothing against a model's guess that a person stands at a span."""
    text = worded.text
    guess = text[start:end].strip()
    if len(guess) < 2 or guess in EPONYMS or guess in NOT_BEFORE_TITLE or _INSTITUTION.search(guess):
        return False
    if AFTER_EPONYM.match(text, end) or any(part in KATAKANA_EPONYMS for part in re.split("[・= ]", guess)):
        return False
    if any(guess.startswith(eponym) for eponym in EPONYMS):
        return False
    words = list(worded.words_in(start, end))
    seen = any(word.kind in NAMES_OF_PEOPLE or not word.known for word in words)
    return words[0].start == start and (seen or (len(guess) > 2 and worded.relief(start, end) > 0))
