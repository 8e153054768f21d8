"""Names in Latin letters: Taro Yamada, YAMADA Taro, Yamada-Taro, yamada_taro, John Smith.

1. Two neighbouring words are a name when one reads as a family name and the other as a given name of the
   book in any romanisation, in either order. Words with capitals need one that is no English word; small
   letters need two that are none and are readings of several names.
2. Names from abroad are known by the commonest family and given names, by Chinese syllables and by
   Korean ones with a hyphen.
3. A single word is a name behind Dr., Mr., T. and before -san, さん, 氏 …, and behind a label.
4. Words before ``disease``, ``test``, 法, 病 … are eponyms.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from catalog.identifiers.hits import Certainty
from catalog.identifiers.latin_readings import latin_key, unaccented
from catalog.identifiers.name_words import AFTER_EPONYM, ALSO_WORDS, ENGLISH, GIVEN_ABROAD, SURNAMES_ABROAD
from catalog.identifiers.names_in_context import LATIN_LABEL, labelled_cells
from catalog.identifiers.names_japanese import Claim, alone
from catalog.identifiers.worded_text import WordedText

LATIN_LETTERS = "A-Za-zÀ-ÖØ-öø-žƠ-ưḀ-ỿ"
_WORD = re.compile(f"[{LATIN_LETTERS}]+(?:['’][{LATIN_LETTERS}]+)*")
_CAMEL = re.compile(r"[A-Z][a-zā-ž]+|[A-Z]+(?![a-z])|[a-zā-ž]+")
_BETWEEN = re.compile(r" |\^|, ?|_|\.|-|\t|\n|  |;|\u30fb|\"?, ?\"")
_TITLE = re.compile(
    r"[- ]?(?:san|sama|kun|sensei)(?![a-z])|[ ]?(?:さん|さま|様|氏|先生|医師|殿|くん|君|ちゃん|教授|看護師)"
)
_BEFORE = re.compile(r"(?:(?<![A-Za-z])(?:Dr|Mr|Mrs|Ms|Prof|Professor|Ns|Pt)\.? ?|(?<![A-Za-z.])[A-Z]\. ?)\Z")
_LATIN_VALUE = re.compile(
    f"[A-ZÀ-Ö][{LATIN_LETTERS}'’-]+(?:,? [A-ZÀ-Ö][{LATIN_LETTERS}'’-]*\\.?){{0,3}}(?![{LATIN_LETTERS}])"
)
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|a|o|e|i|u)){1,2}"
)
_KOREAN = re.compile(r"[a-z]{2,6}-[a-z]{2,6}")
_FORM = "latin"


def find_latin(worded: WordedText) -> Iterator[Claim]:
    """Names in Latin letters."""
    words = list(_words(worded.text))
    for (start, middle), (second, end) in pairwise(words):
        if _BETWEEN.fullmatch(worded.text, middle, second) or middle == second:
            weight = _pair(worded, start, middle, second, end)
            if weight and not AFTER_EPONYM.match(worded.text, end):
                yield Claim(start, end, _FORM, weight)
    yield from _chains(worded)
    yield from _titled(worded)
    yield from _labelled(worded)
    yield from _single(worded)


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Words, cut where small letters turn to capitals."""
    for word in _WORD.finditer(text):
        inner = word.group()
        if inner.isupper() or inner.islower() or inner.istitle() or not inner.isascii():
            yield word.span()
            continue
        for part in _CAMEL.finditer(inner):
            yield word.start() + part.start(), word.start() + part.end()


def _pair(worded: WordedText, start: int, middle: int, second: int, end: int) -> int:
    """How much speaks for two words being a Japanese name; 0 is nothing."""
    text = worded.text
    one, two = text[start:middle], text[second:end]
    if min(len(one), len(two)) < 2 or len(one) + len(two) < 5:
        return 0
    best = max(_reads(worded, one, two), _reads(worded, two, one))
    english = (one.lower() in ENGLISH) + (two.lower() in ENGLISH)
    if one[0].isupper() and two[0].isupper():
        if not best:
            return 500 if _reads_in_part(worded, one, two) or _reads_in_part(worded, two, one) else 0
        return 0 if english == 2 or (english and best < 3) else 800
    if english == 2 or not (one.islower() and two.islower()):
        return 0
    if not best:
        code = text[middle:second] in ("_", ".") or alone(worded, start, end)
        return 300 if code and not english and _half_in_small(worded, one, two) else 0
    return 600 if _enough_in_small(worded, (start, middle, second, end), best, english=bool(english)) else 0


def _enough_in_small(
    worded: WordedText, span: tuple[int, int, int, int], best: int, *, english: bool
) -> bool:
    """Whether two words in small letters are long and usual enough for what stands around them."""
    start, middle, second, end = span
    length = middle - start + end - second
    if not english and length > 5:
        if best > 2 and alone(worded, start, end):
            return True
        if best > 4 and worded.text[middle:second] in ("_", "."):
            return True
    return min(middle - start, end - second) > 2 and length > 7 and best > (4 if english else 2)


def _half_in_small(worded: WordedText, one: str, two: str) -> bool:
    """A usual family name of five letters or more first, with Japanese syllables that no book holds behind it."""
    usual = worded.book.family.latin.get(latin_key(one), 0) > 1 and len(one) > _FEWEST_UNLISTED
    return usual and len(two) >= _FEWEST_UNLISTED and _ROMAJI.fullmatch(unaccented(two)) is not None


def _reads(worded: WordedText, family: str, given: str) -> int:
    """The weights of the two readings together; 0 when one is none."""
    book = worded.book
    weights = book.family.latin.get(latin_key(family), 0), book.given.latin.get(latin_key(given), 0)
    return sum(weights) if all(weights) else 0


_ROMAJI = re.compile(
    r"(?:(?:[kgnhbpmr]y|sh|ch|ts|[kgsztdnhbpmrfjwy]|kk|ss|tt|pp|ssh|tch|cch)?[aiueo]|n(?![aiueoy]))+"
)
_FEWEST_UNLISTED = 4


def _reads_in_part(worded: WordedText, listed: str, other: str) -> bool:
    """A usual name beside a longer word of Japanese syllables that no book holds, and that is no English word."""
    if (
        listed.lower() in ENGLISH
        or other.lower() in ENGLISH
        or len(other) < _FEWEST_UNLISTED
        or len(listed) < 3
    ):
        return False
    key = latin_key(listed)
    weight = max(worded.book.family.latin.get(key, 0), worded.book.given.latin.get(key, 0))
    long = len(other) > _FEWEST_UNLISTED
    return weight > (2 if long else 4) and _ROMAJI.fullmatch(unaccented(other)) is not None


PARTICLE = "(?:d[aeiou]s?|de la|de los|del|della|van|van de[nr]?|von|bin|binti|ibn|al|el|le|la|y|e)"
_CHAIN = re.compile(
    f"(?<![{LATIN_LETTERS}])[A-Z][{LATIN_LETTERS}'’-]+(?:(?: (?:{PARTICLE} )?|_|\\^|, )(?:[A-Z]\\.|[A-Z][{LATIN_LETTERS}'’-]*)){{1,3}}(?![{LATIN_LETTERS}])"
)


def _chains(worded: WordedText) -> Iterator[Claim]:
    """Two to four words with capitals of which the lists know enough."""
    for chain in _CHAIN.finditer(worded.text):
        parts = re.split(rf" (?:{PARTICLE} )?|_|\^|, ", chain.group())
        for first in range(len(parts) - 1):
            for last in range(len(parts), first + 1, -1):
                if _from_abroad(
                    [unaccented(part.rstrip(".")) or part for part in parts[first:last]],
                    code="_" in chain.group(),
                ):
                    start = (
                        chain.start()
                        + sum(len(part) for part in parts[:first])
                        + _gaps(chain.group(), parts, first)
                    )
                    found = worded.text.find(parts[last - 1], start + 1 if last - first > 1 else start)
                    end = found + len(parts[last - 1])
                    if not AFTER_EPONYM.match(worded.text, end):
                        yield Claim(start, end, "abroad", 700)
                        break


def _gaps(chain: str, parts: list[str], first: int) -> int:
    """How many characters of separators stand before part ``first``."""
    place = 0
    for number in range(first):
        place = chain.index(parts[number], place) + len(parts[number])
    return chain.index(parts[first], place) - sum(len(part) for part in parts[:first]) if first else 0


def _from_abroad(parts: list[str], *, code: bool = False) -> bool:
    """Whether words are a name from abroad; in ``code`` (MAX_FRAME) both parts have to be known."""
    if all(part in ENGLISH for part in parts) or any(
        part in ENGLISH - GIVEN_ABROAD - SURNAMES_ABROAD and len(part) > 2 for part in parts
    ):
        return False
    first, last = parts[0], parts[-1]
    both_given = last in GIVEN_ABROAD and not {first, last} & ALSO_WORDS and not code
    if first in GIVEN_ABROAD and (len(parts) <= 3 or both_given) and len(last) > 1:
        own = first not in ALSO_WORDS and last not in ENGLISH and not code
        return both_given or last in SURNAMES_ABROAD or own
    if last in GIVEN_ABROAD and first in SURNAMES_ABROAD:
        return True
    long_enough = len(parts) == 2 and len(last) > 4 and len(first) > 2
    if last in SURNAMES_ABROAD and last not in ENGLISH and long_enough:
        return True
    for family, given in ((first, parts[1:]), (last, parts[:-1])):
        if family in SURNAMES_ABROAD and len(given) <= 2:
            joined = "".join(given)
            if _PINYIN.fullmatch(joined) or (len(given) == 1 and _KOREAN.fullmatch(given[0])):
                return True
    return False


def _titled(worded: WordedText) -> Iterator[Claim]:
    """One word beside a title or behind an initial."""
    text = worded.text
    for start, end in _words(text):
        word = text[start:end]
        if len(word) < 3 or not word[0].isupper() or word.lower() in ENGLISH:
            continue
        before = _BEFORE.search(text, max(0, start - 12), start)
        titled = _TITLE.match(text, end)
        if not before and not titled:
            continue
        known = _is_listed(worded, word)
        titled = titled if known or not word.isupper() else None
        if (known or titled) and not AFTER_EPONYM.match(text, end):
            yield Claim(before.start() if before and not titled else start, end, "title", 500)


def _labelled(worded: WordedText) -> Iterator[Claim]:
    """Words with capitals behind a label and a colon, and in a column headed by one."""
    text = worded.text
    spans = [
        (found.end(), len(text)) for found in LATIN_LABEL.finditer(text) if found["between"].strip() != ","
    ]
    spans += list(labelled_cells(worded))
    for start, end in spans:
        value = _LATIN_VALUE.match(text, start, end)
        if value is None or text[value.end() : value.end() + 1] in _NO_NAME_BEFORE:
            continue
        parts = re.split(r", | |\^", value.group())
        english = sum(part.rstrip(".").lower() in ENGLISH for part in parts)
        if english > (len(parts) > _PARTS_OF_NAMES):
            continue
        if len(parts) > 1 or _is_listed(worded, parts[0]):
            yield Claim(*value.span(), "label", 400)


_PARTS_OF_NAMES = 2
"""Of a longer name one part may be a word of English (Aung Kyaw Thu)."""
_NO_NAME_BEFORE = tuple("(.[=_")


def _is_listed(worded: WordedText, word: str) -> bool:
    """Whether one word with a capital is a family or given name of the book or of the lists."""
    low, key = word.lower(), latin_key(word)
    if low in SURNAMES_ABROAD or low in GIVEN_ABROAD:
        return True
    return (
        len(word) > 3 and max(worded.book.family.latin.get(key, 0), worded.book.given.latin.get(key, 0)) > 1
    )


_REFERENCE = re.compile(
    r"(?<![A-Za-z])(?P<family>[A-Z][a-zā-ž]{2,}),? (?P<initial>[A-Z]{1,2})(?:\.|(?=[,;)\]]|$))", re.MULTILINE
)
_USER = re.compile(
    r"(?<![A-Za-z])(?:user(?:name)?|author|owner|operator|doctor|nurse|patient|T[O]DO|FIX[M]E|by) ?[=:(@] ?[\"']?(?P<word>[a-z]{5,})(?![a-z])"
)


_USUAL, _LONG = 3, 5


def _single(worded: WordedText) -> Iterator[Claim]:
    """A family name before an initial, or as the name of a user: for people to look at."""
    for pattern, group in ((_REFERENCE, "family"), (_USER, "word")):
        for found in pattern.finditer(worded.text):
            word = found[group]
            weight = worded.book.family.latin.get(latin_key(word), 0)
            if weight > (_USUAL if word.lower() in ENGLISH else len(word) < _LONG) and not AFTER_EPONYM.match(
                worded.text, found.end()
            ):
                start = found.start(group)
                end = found.end() if group == "family" else found.end(group)
                yield Claim(start, end, "title", 250, Certainty.WEAK)
