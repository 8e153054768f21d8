"""Names of which the book holds one half only: 池原 華美, ヤナギシタマリエ, 新田キツミ.

The other half is known by how it is made. The rules:

1. Behind what the dictionary calls a family name, one to three kanji up to the run's end (or a title) are a
   given name when given names usually begin and end with such kanji (``Names.likeness``), also when the
   dictionary knows an ordinary word of that writing. Behind what it calls a place they have to be no word.
2. A whole run of katakana that no dictionary holds, which begins with a usual family name of three kana or
   more and goes on in two to four plain kana, is a name; so are two runs with a blank between when the first
   is a usual family name and the second no word, or the second a usual given name and the first no word.
3. Behind a family name in kanji two to four plain katakana that are no word are a given name, and so are two or
   three kana of the book, or with a blank between one kanji, also where they are a word.
4. Foreign words are recognised by letters that Japanese names hardly have: ー, small vowels, ファ, ヴ; medicines by
   their endings.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty
from catalog.identifiers.name_book import NameBook
from catalog.identifiers.name_words import (
    AFTER_EPONYM,
    EPONYMS,
    KATAKANA_EPONYMS,
    NOT_AFTER_LABEL,
    NOT_BEFORE_TITLE,
    NOT_GIVEN,
)
from catalog.identifiers.names_japanese import NO_LAST_LETTERS, Claim, alone, title_behind
from catalog.identifiers.word_kinds import NAMES_OF_PEOPLE, WordKind
from catalog.identifiers.worded_text import WordedText
from catalog.identifiers.words import Word

_FORM = "unlisted"
_GIVEN = re.compile(r"(?P<blank>[ \u3000]?)(?P<name>[㐀-鿿々]{1,3})(?![㐀-鿿々])")
_BEFORE_TITLE = re.compile(
    r"(?P<blank>[ \u3000]?)(?P<name>[㐀-鿿々]{1,3}?)(?=[ ]?(?:様|氏|先生|殿|君|医師|教授))"
)
_PLAIN = r"(?:[アイウエオ-ヂツ-モヤユヨラ-ロワン](?:[ャュョ])?|ッ(?=[カ-ト]))"
_KANA_GIVEN = re.compile(rf"{_PLAIN}{{2,5}}(?![ァ-ヺー・])")
_KATAKANA = re.compile(r"(?<![ァ-ヺー・])[ァ-ヺー]{2,10}(?: [ァ-ヺー]{2,6})?(?![ァ-ヺー・])")
_FOREIGN = re.compile(
    r"ー|[ァィゥェォヮヴ]|(?:ブ|ム|ド|ス|ク|プ|ゾール|マブ|ニブ|リン|ミン|シン|チン|ジン|ノン|ロン|トン|アン|オン|ール)$|^[ンッ]"
)
LIKE_A_GIVEN_NAME = 20_000
"""``Names.likeness`` above which a writing looks like a given name; of nouns a fraction does."""
_USUAL_FAMILY = 2
_VERY_USUAL, _SHORTEST_RUN = 8, 4
_LONGEST = 9


def find_unlisted(worded: WordedText) -> Iterator[Claim]:
    """Names with one half that no book holds."""
    yield from _in_kanji(worded)
    yield from _whole_runs(worded)
    for run in _KATAKANA.finditer(worded.text):
        claim = _in_katakana(worded, run)
        if claim is not None:
            yield claim


def like_a_given_name(worded: WordedText, name: str) -> bool:
    """Whether two or three kanji begin and end as given names do."""
    return (
        1 < len(name) < 4
        and name[-1] not in NO_LAST_LETTERS
        and name not in NOT_GIVEN
        and name not in NOT_BEFORE_TITLE
        and name not in NOT_AFTER_LABEL
        and worded.book.given.likeness(name) >= LIKE_A_GIVEN_NAME
    )


def _in_kanji(worded: WordedText) -> Iterator[Claim]:
    """A family name of the dictionary with a given name in kanji or katakana behind it."""
    text, families = worded.text, worded.book.family.written
    for word in worded.words:
        name = text[word.start : word.end]
        if len(name) < 2 or name not in families or word.kind not in _BEFORE_GIVEN:
            continue
        sure = word.kind is WordKind.FAMILY
        kana = _KANA_GIVEN.match(text, word.end)
        if kana and not _is_known(worded, *kana.span()) and not _FOREIGN.search(kana.group()):
            if sure or title_behind(worded, kana.end()) or alone(worded, word.start, kana.end()):
                yield _claim(word.start, kana.end(), sure=sure)
            continue
        if yielded := _short_given(worded, word, sure=sure):
            yield yielded
            continue
        for pattern in (_BEFORE_TITLE, _GIVEN):
            given = pattern.match(text, word.end)
            if given and _is_given(worded, word, given, sure=sure):
                yield _claim(word.start, given.end(), sure=sure)
                break


def _short_given(worded: WordedText, family: Word, *, sure: bool) -> Claim | None:
    """Two or three kana, or one kanji, that are a given name of the book, also where they are a word (カメ, ウメ, 凛)."""
    found = _SHORT.match(worded.text, family.end)
    if found is None or found["name"] not in worded.book.given.any_script:
        return None
    kanji = not _KANA.match(found["name"])
    if AFTER_EPONYM.match(worded.text, found.end()) or found["name"] in NOT_AFTER_LABEL:
        return None
    known_given = worded.book.given.letters.get(found["name"], 0) >= _USUAL_LETTER
    if kanji and not (known_given and (found["blank"] or title_behind(worded, found.end()))):
        return None
    apart = bool(found["blank"]) or alone(worded, family.start, found.end())
    apart = apart or (not kanji and worded.book.given.kana.get(found["name"], 0) >= _USUAL_FAMILY)
    return _claim(family.start, found.end(), sure=sure or apart) if sure or apart else None


_SHORT = re.compile(
    r"(?P<blank>[ \u3000]?)(?P<name>[ァ-ヺ]{2,3}(?![ァ-ヺー・])|[ぁ-ゖ]{2,3}(?=さん|様|氏|先生|ちゃん|くん|[ \u3000、。)|,\t\n\"]|$)|[㐀-鿿](?![㐀-鿿々])|[㐀-鿿](?=様|氏|先生|殿|君))"
)
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_USUAL_LETTER = 20


def _whole_runs(worded: WordedText) -> Iterator[Claim]:
    """Runs of three to five kanji that read badly as words: a family name of the book, then what is like a given name."""
    for run in _RUN.finditer(worded.text):
        start, end = run.span()
        if any(word.known and word.end - word.start > 2 for word in worded.words_in(start, end)):
            continue
        for size in (2, 3, 1):
            family, given = run.group()[:size], run.group()[size:]
            if family not in worded.book.family.written or not like_a_given_name(worded, given):
                continue
            very = worded.book.given.likeness(given) > 2 * LIKE_A_GIVEN_NAME
            if very and not AFTER_EPONYM.match(worded.text, end) and worded.relief(start, end) > _READS_BADLY:
                yield _claim(start, end, sure=False)
                break


_RUN = re.compile(r"(?<![㐀-鿿々])[㐀-鿿々]{3,5}(?![㐀-鿿々])")
_READS_BADLY = 2000
_BEFORE_GIVEN = frozenset({WordKind.FAMILY, WordKind.PLACE, WordKind.PERSON, WordKind.PROPER})


def _is_given(worded: WordedText, family: Word, given: re.Match[str], *, sure: bool) -> bool:
    """Whether the kanji behind a family name are made like a given name."""
    start, end = given.span("name")
    eponym = worded.text[family.start : family.end] in EPONYMS
    if AFTER_EPONYM.match(worded.text, end) or (eponym and AFTER_EPONYM.match(worded.text, start)):
        return False
    if not like_a_given_name(worded, given["name"]) or not worded.begins_word(start):
        return False
    words = list(worded.words_in(start, end))
    if words[-1].end > end:
        return False
    new = all(not word.known or word.end - word.start == 1 or word.kind in NAMES_OF_PEOPLE for word in words)
    if sure:
        return new or len(words) == 1
    if new:
        return title_behind(worded, end) or alone(worded, family.start, end) or not given["blank"]
    very = worded.book.given.likeness(given["name"]) > 2 * LIKE_A_GIVEN_NAME
    return len(words) == 1 and very and worded.relief(family.start, end) > 0


def _in_katakana(worded: WordedText, run: re.Match[str]) -> Claim | None:
    """Rule 2, for one run or two with a blank between."""
    start, end = run.span()
    first, blank, second = run.group().partition(" ")
    if first in KATAKANA_EPONYMS or second in KATAKANA_EPONYMS:
        return None
    if AFTER_EPONYM.match(worded.text, end) or _FOREIGN.search(first) or (blank and _FOREIGN.search(second)):
        return None
    if blank:
        return _in_two_runs(worded, (start, start + len(first)), (end - len(second), end))
    if end - start > _LONGEST:
        return None
    if _is_known(worded, start, end):
        return _of_both(worded, start, end)
    return katakana_name(worded.book, first, start)


def katakana_name(book: NameBook, run: str, start: int = 0) -> Claim | None:
    """A run of katakana that is no word: a usual family name with plain kana behind it, or the like with a usual given name."""
    for size in range(len(run) - 2, 1, -1):
        family, given = book.family.kana.get(run[:size], 0), book.given.kana.get(run[size:], 0)
        if len(run) - size > 4 or _KANA_GIVEN.fullmatch(run, size) is None:
            continue
        usual = len(run) - size > 2 and given >= _VERY_USUAL and len(run) > _SHORTEST_RUN
        if (size > 2 and family >= _USUAL_FAMILY) or usual:
            return _claim(start, start + len(run), sure=size > 2 and min(family, given) > 0)
    return None


def _of_both(worded: WordedText, start: int, end: int) -> Claim | None:
    """A usual family name with a usual given name, though the dictionary reads short words in them: タカナシ ココア."""
    first, book = worded.text[start:end], worded.book
    if any(word.start <= start and word.end >= end for word in worded.words_in(start, end)):
        return None
    for size in range(len(first) - 2, 2, -1):
        family, given = book.family.kana.get(first[:size], 0), book.given.kana.get(first[size:], 0)
        if family >= _USUAL_FAMILY and given > _USUAL_FAMILY and worded.begins_word(start + size):
            return _claim(start, end, sure=False)
    return None


def _in_two_runs(worded: WordedText, first: tuple[int, int], second: tuple[int, int]) -> Claim | None:
    """A usual family name with no word behind it, or no word with a usual given name behind it."""
    text, book = worded.text, worded.book
    if book.family.kana.get(text[slice(*first)], 0) >= _USUAL_FAMILY and not _is_known(worded, *second):
        return _claim(first[0], second[1], sure=True)
    if book.given.kana.get(text[slice(*second)], 0) > _USUAL_FAMILY and not _is_known(worded, *first):
        return _claim(first[0], second[1], sure=False)
    return None


def _is_known(worded: WordedText, start: int, end: int) -> bool:
    """Whether the dictionary reads ordinary words there."""
    return any(
        word.known and word.kind not in NAMES_OF_PEOPLE and word.end - word.start > 1
        for word in worded.words_in(start, end)
    )


def _claim(start: int, end: int, *, sure: bool) -> Claim:
    return Claim(start, end, _FORM, 350, Certainty.LIKELY if sure else Certainty.WEAK)
