"""Family name and given name in Japanese letters, next to each other: 山田太郎, やまだ　はなこ, ﾔﾏﾀﾞﾀﾛｳ, 佐藤さくら.

1. A candidate is a family name of the book, at most one blank or dot, and a given name of the book,
   each in one of the scripts. A given name of kanji that the book does not hold counts when its
   letters are usual in given names and the dictionary sees a family name before it.
2. What decides is a sum: how much easier the surroundings read with a usual name in its place
   (``WordedText.relief``), what the dictionary itself called the parts, and whether the candidate
   stands alone between delimiters. Ordinary words read easily as they are, so their sum is negative.
3. A word of the dictionary that lies across the middle of a candidate or sticks out of a kanji
   candidate speaks against it.
4. Of candidates that overlap, the one with the largest sum stays, then the longer.
5. Also found: given name first with a blank between.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog.identifiers.hits import Certainty
from catalog.identifiers.name_book import Names
from catalog.identifiers.name_words import AFTER_EPONYM, EPONYMS, KATAKANA_EPONYMS, NOT_BEFORE_TITLE
from catalog.identifiers.word_kinds import NAMES_OF_PEOPLE, WordKind
from catalog.identifiers.worded_text import WordedText
from catalog.identifiers.words import Word

JAPANESE = "㐀-鿿々〆ヶぁ-ゖァ-ヺー"
_RUN = re.compile(f"[{JAPANESE}]+(?:[ \\u3000・=\\n]?[{JAPANESE}]+)*")
_KANJI = re.compile(r"[㐀-鿿々〆ヶ]+")
_A_KANJI, _A_KATAKANA = re.compile(r"[㐀-鿿々〆ヶ]"), re.compile(r"[ァ-ヺー]")
"""One letter: to look at a neighbour must not read a whole run."""
_HIRAGANA = re.compile(r"[ぁ-ゖー]+")
_KATAKANA = re.compile(r"[ァ-ヺー]+")
_DELIMITERS = frozenset("\n\t,;:|\"'(){}[]<>=/、。「」『』【】・_*#`&.!?-~<>@\\^+$%")
_SEPARATORS = frozenset(" ・=\n、")
LONGEST_FAMILY, LONGEST_GIVEN = 7, 6
_FEWEST_LETTERS = 8
_USUAL = 5
"""A reading of two katakana with as many writings is a usual name."""
_TITLE_BEHIND = re.compile(
    r"[ ]?(?:さん|さま|様(?!式|子|相|々|態)|氏(?!名|族)|先生|殿(?!部|筋|位)|ちゃん|くん|君|医師|教授|看護師|部長|技師|薬剤師|Dr)"
)


NO_LAST_LETTERS = frozenset("行期果層炎県市区町村院科部課室病症薬歴者様氏式法型器例群内外")
_FAMILIES = frozenset({WordKind.FAMILY, WordKind.PLACE, WordKind.PERSON})


class Claim(NamedTuple):
    """A span of the normalised text that is taken for a name, and how much speaks for it."""

    start: int
    end: int
    form: str
    weight: int
    certainty: Certainty = Certainty.LIKELY


class Pair(NamedTuple):
    """A candidate: family name ``start`` to ``middle``, given name ``second`` to ``end``."""

    start: int
    middle: int
    second: int
    end: int
    listed: bool = True


def find_full_names(worded: WordedText) -> Iterator[Claim]:
    """Every family name with a given name that stays by the rules above."""
    text = worded.text
    for run in _RUN.finditer(text):
        claims = []
        for start in range(run.start(), run.end() - 1):
            claims += [
                claim
                for pair in _pairs(worded, start, run.end())
                if (claim := judge(worded, pair)) is not None
            ]
        yield from strongest(claims)


def strongest(claims: list[Claim]) -> Iterator[Claim]:
    """Claims without overlaps, the heaviest first."""
    taken: set[int] = set()
    for claim in sorted(claims, key=lambda claim: (-claim.weight, claim.start - claim.end)):
        if taken.isdisjoint(range(claim.start, claim.end)):
            taken.update(range(claim.start, claim.end))
            yield claim


def whole_pairs(worded: WordedText) -> Iterator[Claim]:
    """Every claim in a short text of its own, such as letters gathered from cells."""
    for start in range(len(worded.text) - 1):
        for pair in _pairs(worded, start, len(worded.text)):
            claim = judge(worded, pair)
            if claim is not None and claim.end - claim.start >= 3:
                yield claim


def _pairs(worded: WordedText, start: int, run_end: int) -> Iterator[Pair]:
    """Every candidate that begins at ``start``."""
    text, book = worded.text, worded.book
    for middle in range(start + 1, min(start + LONGEST_FAMILY, run_end) + 1):
        first = text[start:middle]
        separated = middle < run_end and text[middle] in _SEPARATORS
        second = middle + 1 if separated else middle
        if first in book.family.any_script:
            yield from _with_given(worded, start, middle, second, run_end)
        elif _could_be_family(worded, start, middle, second):
            yield from _with_given_word(worded, start, middle, second)
        elif separated and first in book.given.any_script:
            for end in range(second + 2, min(second + LONGEST_FAMILY, run_end) + 1):
                if text[second:end] in book.family.any_script:
                    yield Pair(start, middle, second, end)


def _with_given(worded: WordedText, start: int, middle: int, second: int, run_end: int) -> Iterator[Pair]:
    """A family name with every given name behind it."""
    for end in range(second + 1, min(second + LONGEST_GIVEN, run_end) + 1):
        if worded.text[second:end] in worded.book.given.any_script:
            yield Pair(start, middle, second, end)
        elif _could_be_given(worded, start, middle, second, end):
            yield Pair(start, middle, second, end, listed=False)


def _with_given_word(worded: WordedText, start: int, middle: int, second: int) -> Iterator[Pair]:
    """What may be a family name, with what the dictionary itself calls a given name."""
    if second < len(worded.text):
        word = worded.word_at(second)
        if word.kind is WordKind.GIVEN and worded.text[second : word.end] in worded.book.given.any_script:
            yield Pair(start, middle, second, word.end, listed=False)


def _could_be_family(worded: WordedText, start: int, middle: int, second: int) -> bool:
    """A family name that no book holds: one word of two or three kanji at the beginning of a run."""
    text = worded.text
    if not 1 < middle - start <= 3 or not _KANJI.fullmatch(text, start, middle):
        return False
    if (
        (start and _A_KANJI.match(text, start - 1))
        or not worded.begins_word(second)
        or not worded.begins_word(middle)
    ):
        return False
    return worded.word_at(start).end == middle and text[start:middle] not in NOT_BEFORE_TITLE


def _could_be_given(worded: WordedText, start: int, middle: int, second: int, end: int) -> bool:
    """A given name that no book holds, behind what the dictionary calls a family name.

    In running text its letters have to be usual in given names; before a title, or where the whole
    candidate stands alone, that is not asked.
    """
    name = worded.text[second:end]
    if len(name) > 3 or not _KANJI.fullmatch(name) or not worded.begins_word(middle):
        return False
    if worded.word_at(middle - 1).kind not in _FAMILIES or name[-1] in NO_LAST_LETTERS:
        return False
    by_itself = title_behind(worded, end) or alone(worded, start, end)
    if by_itself and worded.word_at(middle - 1).kind is WordKind.FAMILY and middle - start > 1:
        return True
    if len(name) == 1 and (second == end or middle < 2 or _A_KANJI.match(worded.text, end)):
        return False
    letters = worded.book.given.letters
    return (
        all(letters.get(letter, 0) >= _FEWEST_LETTERS for letter in name)
        and all(not word.known or word.end - word.start == 1 or word.kind in NAMES_OF_PEOPLE
                for word in worded.words_in(second, end))
    )  # fmt: skip


def judge(worded: WordedText, pair: Pair) -> Claim | None:
    """The claim of a candidate, or None when more speaks against it."""
    text = worded.text
    start, middle, second, end, _ = pair
    first, last = text[start:middle], text[second:end]
    if not _possible(worded, pair, first, last):
        return None
    weight = _called(worded, pair) + _penalty(worded, first, last) + _written_in_katakana(worded, pair)
    weight += _standing(worded, pair, len(first) + len(last))
    if weight + _MOST_RELIEF < 0:
        return None
    weight += worded.relief(start, end)
    if weight <= 0 or text[start:end] in NOT_BEFORE_TITLE:
        return None
    return Claim(start, end, _form(first, last, separated=second > middle), weight)


_MOST_RELIEF = 12_000
"""What no surroundings gain by a name: a candidate further below is not worth two readings."""


def _possible(worded: WordedText, pair: Pair, first: str, last: str) -> bool:
    """Whether a candidate is one at all: scripts, length, words across it, eponyms."""
    start, middle, second, end, _ = pair
    kanji = bool(_KANJI.fullmatch(first)) and bool(_KANJI.fullmatch(last))
    if not _one_script(first) or not _one_script(last) or _is_a_thing(worded, pair, first, last):
        return False
    if len(first) + len(last) == 2 and not NAMES_OF_PEOPLE & worded.kinds_in(start, end):
        return False
    long_enough = len(first) + len(last) >= (3 if kanji or second > middle else 4)
    return (long_enough or alone(worded, start, end)) and _holds_together(worded, pair, kanji=kanji)


def _is_a_thing(worded: WordedText, pair: Pair, first: str, last: str) -> bool:
    """An eponym, two people's names with a dot between (木村・竹本分類), or one ordinary word."""
    start, middle, second, end, listed = pair
    if worded.text[start:end] in KATAKANA_EPONYMS:
        return True
    if last in ("種", "種別") or _are_two_answers(worded, pair):  # がん種, 薬剤種: a kind of something
        return True
    if (not listed or len(last) == 1) and AFTER_EPONYM.match(worded.text, middle):
        return True
    if first in EPONYMS and AFTER_EPONYM.match(worded.text, end):
        return True
    if second > middle and worded.text[middle] in "・=、" and not _KATAKANA.fullmatch(first):
        return True
    covering = worded.word_at(start)
    return is_ordinary(covering) and covering.end >= end


def _are_two_answers(worded: WordedText, pair: Pair) -> bool:
    """Whether short ordinary words in kana stand below each other (あり, なし): answers of a table, and no name."""
    start, middle, second, end, _ = pair
    is_short = middle - start == end - second == 2 and "\n" in worded.text[middle:second]
    if not is_short or _KANJI.search(worded.text, start, end):
        return False
    return is_ordinary(worded.word_at(start)) and is_ordinary(worded.word_at(second))


def _standing(worded: WordedText, pair: Pair, length: int) -> int:
    """What the place of a candidate and its length say."""
    weight = 2500 if alone(worded, pair.start, pair.end) else 0
    weight += 2500 if title_behind(worded, pair.end) else 0
    if not pair.listed:
        weight -= 2500 if pair.end - pair.second > 1 else 4000
    return weight - 2500 if length <= 2 else weight


def _written_in_katakana(worded: WordedText, pair: Pair) -> int:
    """Katakana that no dictionary holds read as easily as any new word: whole runs count by themselves."""
    text = worded.text
    start, middle, second, end, _ = pair
    if not _KATAKANA.fullmatch(text[start:middle]) or not _KATAKANA.fullmatch(text[second:end]):
        return 0
    whole = (start == 0 or not _A_KATAKANA.match(text, start - 1)) and not _A_KATAKANA.match(text, end)
    if not whole:
        return -4000
    if second > middle:
        return 2500
    longest = max(
        (word.end - word.start for word in worded.words_in(start, end) if is_ordinary(word)), default=0
    )
    if longest > 3 or longest >= end - start - 1:
        return 0
    return 2500 if longest > 1 else 6500


def _holds_together(worded: WordedText, pair: Pair, *, kanji: bool) -> bool:
    """No ordinary word lies across the middle, and none of kanji sticks out at an end."""
    start, middle, second, end, _ = pair
    if middle == second and not worded.begins_word(middle) and kanji:
        across = worded.word_at(middle)
        if across.known and across.kind not in NAMES_OF_PEOPLE and across.kind is not WordKind.PROPER:
            return False
    mixed = bool(_KANJI.search(worded.text, second, end)) and not _KANJI.search(worded.text, start, middle)
    for place in (start, end):
        if 0 < place < len(worded.text) and not worded.begins_word(place):
            word = worded.word_at(place)
            sticks = worded.text[word.start : place] if place == start else worded.text[place : word.end]
            if word.known and word.kind not in NAMES_OF_PEOPLE and (kanji or _KANJI.search(sticks) or mixed):
                return False
    return True


def _called(worded: WordedText, pair: Pair) -> int:
    """What the dictionary itself called the parts."""
    weight = 0
    for (start, end), kind in (
        ((pair.start, pair.middle), WordKind.FAMILY),
        ((pair.second, pair.end), WordKind.GIVEN),
    ):
        words = list(worded.words_in(start, end))
        if len(words) == 1 and (words[0].start, words[0].end) == (start, end):
            if words[0].kind is kind:
                weight += 2500
            elif words[0].kind in NAMES_OF_PEOPLE:
                weight += 1500
            elif words[0].kind in (WordKind.PLACE, WordKind.PROPER) or not words[0].known:
                weight += 500
            elif end - start > 1 and words[0].kind in (WordKind.NOUN, WordKind.OTHER):
                weight -= 1500
        elif all(is_ordinary(word) for word in words):
            weight -= 500
    weight -= 3500 if _is_language(worded, pair) else 0
    return weight


def _is_language(worded: WordedText, pair: Pair) -> bool:
    """Whether kanji beside hiragana reads as verbs, adjectives and particles: 遅かった, こうした自然."""
    span = worded.text[pair.start : pair.end]
    if not _KANJI.search(span) or not re.search("[ぁ-ゖ]", span):
        return False
    words = list(worded.words_in(pair.start, pair.end))
    return all(is_ordinary(word) for word in words) and bool(
        {word.kind for word in words} & {WordKind.OTHER, WordKind.PARTICLE, WordKind.PRONOUN}
    )


def is_ordinary(word: Word) -> bool:
    return word.known and word.kind not in NAMES_OF_PEOPLE


def _penalty(worded: WordedText, first: str, last: str) -> int:
    """Rare readings in kana are chance readings more often than names."""
    weight = 0
    for part, names in ((first, worded.book.family), (last, worded.book.given)):
        if not _KANJI.search(part):
            weight -= {0: 1500, 1: 1500, 2: 800}.get(names.kana.get(part, 0), 0)
            weight -= 1500 if len(part) <= 2 and not _is_usual(part, names) else 0
    return weight


def _is_usual(part: str, names: Names) -> bool:
    return bool(_KATAKANA.fullmatch(part)) and names.kana.get(part, 0) >= _USUAL


def alone(worded: WordedText, start: int, end: int) -> bool:
    """Whether a span stands between delimiters, a line's or the text's ends, blanks aside."""
    text = worded.text
    before, behind = text[max(0, start - 2) : start].rstrip(" "), text[end : end + 2].lstrip(" ")
    return (not before or before[-1] in _DELIMITERS) and (not behind or behind[0] in _DELIMITERS)


def title_behind(worded: WordedText, end: int) -> bool:
    """Whether a title of a person follows."""
    return _TITLE_BEHIND.match(worded.text, end) is not None


def _one_script(part: str) -> bool:
    return bool(_KANJI.search(part) or _HIRAGANA.fullmatch(part) or _KATAKANA.fullmatch(part))


def _form(first: str, last: str, *, separated: bool) -> str:
    if _KANJI.search(first + last):
        return "spaced" if separated else "kanji"
    return "hiragana" if _HIRAGANA.fullmatch(first) else "katakana"
