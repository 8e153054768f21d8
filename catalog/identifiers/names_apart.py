"""Names that are taken apart or turned round: 山 田 太 郎, one letter a cell or a line, 郎太田山, ORAT ADAMAY.

1. One letter each with the same kind of joint between (a blank, a line end, a cell's border, the commas of
   a list in JSON) are read together. In cells they are a name as a whole only, a mark behind it
   (様, 印) and a word of one letter before it aside: days of the week are no name.
2. A run that reads badly as it stands, but from its end is a family and a given name, is a name backwards;
   katakana and Latin letters are so when no dictionary knows them forwards. These are for people to look at.
"""

import re
import unicodedata
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty
from catalog.identifiers.latin_readings import latin_key
from catalog.identifiers.name_words import ENGLISH
from catalog.identifiers.names_japanese import JAPANESE, Claim, is_ordinary, strongest, whole_pairs
from catalog.identifiers.names_unlisted import LIKE_A_GIVEN_NAME, katakana_name
from catalog.identifiers.word_kinds import WordKind
from catalog.identifiers.worded_text import WordedText

_SPACED_OUT = re.compile(f"(?:[{JAPANESE}] ){{2,11}}[{JAPANESE}]")
_JOINT = r"(?: ?\|\s*\n\| ?|\n?\"?[,、] ?\n? *\"|[,、|\t/] ?|\n[0-9]{1,2}[,\t] ?|\n|[・/])"
_IN_CELLS = re.compile(
    f"(?<![{JAPANESE}])[{JAPANESE}](?:{_JOINT} ?(?:{_JOINT})?[{JAPANESE}]){{2,12}}(?![{JAPANESE}])"
)
"""A cell between that was left empty held a voicing mark, which folding took away (ﾍ, ﾞ)."""
_ONE_JOINT = re.compile(_JOINT)
_LETTER = re.compile(f"[{JAPANESE}]")
_IN_ORDER = frozenset(
    "月火水木金土日東西南北春夏秋冬上中下左右前後大小多少高低男女有無可否優良不甲乙丙丁一二三四五六七八九十内外朝昼夕夜年時分秒"
)
"""What cells of one letter hold when they are no name: days of the week, quarters, grades, numbers."""
_KATAKANA = re.compile("[ァ-ヺー]+")
_FEWEST_CELLS = 3
_LONGEST_GAP = 14
_MARKS_BEHIND = frozenset("様印氏殿君終計㊞")
_MIXED_RUN = re.compile(r"[㐀-鿿々〆ヶァ-ヺー]+")
_BEHIND_HIRAGANA = re.compile(r"(?<=[ぁ-ゖ]{2})[㐀-鿿々]{1,3}(?![㐀-鿿々])")
_KANJI, _KANA = re.compile(r"[㐀-鿿々〆ヶ]"), re.compile(r"[ァ-ヺー]")
LONGEST_BACKWARDS = 10
_NAME_BACKWARDS, _BAD_FORWARDS = 5500, 4500
_KANA_BACKWARDS = 1500
_HIRAGANA = re.compile("[ぁ-ゖ]")
_MEDICINES = "湯散丸飲膏料葉肢側"
"""Endings of Kampo medicines and of parts of the body, whose names read as badly as anything backwards."""
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,12}[ _^.,]{1,2}[A-Za-z]{3,12}(?![A-Za-z0-9])")
_FEWEST_LATIN = 9


def find_apart(worded: WordedText) -> Iterator[Claim]:
    """Names in single letters, and names backwards."""
    yield from _one_letter_each(worded)
    yield from _backwards(worded)
    yield from _latin_backwards(worded)


def _one_letter_each(worded: WordedText) -> Iterator[Claim]:
    for pattern in (_SPACED_OUT, _IN_CELLS):
        for found in pattern.finditer(worded.text):
            places = [found.start() + at.start() for at in _LETTER.finditer(found.group())]
            inner = WordedText("".join(_letters(worded.text, places)), worded.tokeniser)
            claims = list(strongest(list(whole_pairs(inner))))
            in_cells = pattern is _IN_CELLS
            if in_cells:
                claims = [claim for claim in claims if _is_whole(inner.text, claim)]
            claims = claims or list(_of_the_book(inner, _cuts(worded.text, found, in_cells=in_cells)))
            for claim in claims:
                yield claim._replace(
                    start=places[claim.start], end=places[claim.end - 1] + 1, form="spaced_out"
                )


def _cuts(text: str, run: re.Match[str], *, in_cells: bool) -> tuple[bool, bool]:
    """Whether the first and the last letter of a run in single letters belong to words that go on without a blank."""
    before = run.start() > 0 and _LETTER.match(text, run.start() - 1)
    return (not in_cells and bool(before), not in_cells and bool(_LETTER.match(text, run.end())))


def _of_the_book(inner: WordedText, cuts: tuple[bool, bool]) -> Iterator[Claim]:
    """Letters that spell a family name and one given or made like one, or a run of katakana that does in part."""
    text, book = inner.text.rstrip("".join(_MARKS_BEHIND)), inner.book
    if _IN_ORDER.issuperset(text) or len(text) < _FEWEST_CELLS:
        return
    if _KATAKANA.fullmatch(text):
        claim = katakana_name(book, text)
        if claim is not None:
            yield claim
        return
    for start, end in [
        (first, len(text) - last) for first in {0, int(cuts[0])} for last in {0, int(cuts[1])}
    ]:
        for size in range(start + 1, end):
            given = text[size:end]
            listed = given in book.given.any_script or book.given.likeness(given) > LIKE_A_GIVEN_NAME
            if text[start:size] in book.family.any_script and listed and end - start >= _FEWEST_CELLS:
                yield Claim(start, end, "spaced_out", 500)
                return


def _letters(text: str, places: list[int]) -> Iterator[str]:
    """The letters, voiced where an empty cell behind them held the mark."""
    for place, behind in zip(places, [*places[1:], places[-1] + 1], strict=True):
        gap = text[place + 1 : behind]
        empty = (
            len(gap) < _LONGEST_GAP and gap and not _ONE_JOINT.fullmatch(gap) and not gap.isspace()
        ) or gap in ("\t\t", "\n\n")
        yield voiced(text[place]) if empty else text[place]


def voiced(kana: str) -> str:
    """The kana with a voicing mark, or itself where there is none."""
    with_mark = unicodedata.normalize("NFC", kana + "\u3099")
    return with_mark if len(with_mark) == 1 else kana


def _is_whole(text: str, claim: Claim) -> bool:
    """Whether a claim is all that the cells spell, but for a mark behind it and one letter before it."""
    behind = text[claim.end :]
    return claim.start <= 1 and (not behind or behind in _MARKS_BEHIND)


def _backwards(worded: WordedText) -> Iterator[Claim]:
    """A run of kanji and katakana, or of hiragana before kanji, that is a name from its end."""
    for run in _MIXED_RUN.finditer(worded.text):
        start, end = run.span()
        first = worded.word_at(start)
        behind_word = first.end if is_ordinary(first) and 1 < first.end - start < end - start - 2 else start
        for begin in {start, behind_word}:
            if _could_be_backwards(worded, begin, end) and _is_name_from_its_end(worded, begin, end):
                yield Claim(begin, end, "backwards", 1000, Certainty.WEAK)
                break
    for run in _BEHIND_HIRAGANA.finditer(worded.text):
        for size in range(min(4, run.start()), 1, -1):
            start, middle, end = run.start() - size, run.start(), run.end()
            family, given = worded.text[middle:end][::-1], worded.text[start:middle][::-1]
            usual = family in worded.book.family.written and worded.book.given.kana.get(given, 0) > 1
            if usual and _is_name_from_its_end(worded, start, end):
                yield Claim(start, end, "backwards", 1000, Certainty.WEAK)
                break


def _could_be_backwards(worded: WordedText, start: int, end: int) -> bool:
    """Whether a run has the length of a name and is no row of ordinary words; places are no ordinary words."""
    if not 3 <= end - start <= LONGEST_BACKWARDS or worded.text[end - 1] in _MEDICINES:
        return False
    return not all(
        is_ordinary(word) and word.end - word.start > 1 and word.kind is not WordKind.PLACE
        for word in worded.words_in(start, end)
    )


def _is_name_from_its_end(worded: WordedText, start: int, end: int) -> bool:
    written = worded.text[start:end]
    inner = WordedText(written[::-1], worded.tokeniser)
    heaviest = max((c.weight for c in whole_pairs(inner) if c.end - c.start == end - start), default=0)
    if not _KANJI.search(written):
        new = all(not word.known for word in worded.words_in(start, end))
        return new and heaviest > _KANA_BACKWARDS
    if _KANA.search(written) or _HIRAGANA.search(written):
        return heaviest > _KANA_BACKWARDS and worded.relief(start, end) > _BAD_FORWARDS
    return heaviest > _NAME_BACKWARDS and worded.relief(start, end) > _BAD_FORWARDS


def _latin_backwards(worded: WordedText) -> Iterator[Claim]:
    """Two words that are none, and a family and a given name from their ends."""
    book = worded.book
    for found in _LATIN.finditer(worded.text):
        words = re.findall(r"[A-Za-z]+", found.group())
        if (
            len(words) != 2
            or sum(map(len, words)) < _FEWEST_LATIN
            or any(one.lower() in ENGLISH for one in words)
        ):
            continue
        keys = [latin_key(one[::-1]) for one in words]
        forwards = [latin_key(one) for one in words]
        if any(book.family.latin.get(one, 0) or book.given.latin.get(one, 0) for one in forwards):
            continue
        for family, given in (keys, keys[::-1]):
            if book.family.latin.get(family, 0) and book.given.latin.get(given, 0):
                yield Claim(*found.span(), "backwards", 700, Certainty.WEAK)
                break
