"""The source's own identifiers as keys: one value of the source, in every form a text may hold it.

1. Both sides fold alike. A value of the source becomes forms here (``forms_of``); a text becomes the
   same forms in ``own_candidates``. What is compared are forms, never spellings.
2. Letters of names: folded (``written_forms``), hiragana as katakana, without blanks, points and marks.
   A reading is kept in katakana and as a Latin key (``own_latin``).
3. Numbers: digits and Latin letters only. A telephone number is kept with the 0 and without its country.
4. An address: letters and the numbers to the 番地 joined by hyphens (``本郷7-3-1``), with the prefecture,
   without it, and without the municipality; 丁目, 番地, 番 and 号 are hyphens.
5. What many people share, or a text holds by chance, is no form: a family name alone, two letters of a
   reading, numbers under six digits.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from catalog.identifiers.own_latin import latin_key, latin_of_kana
from catalog.identifiers.written_forms import fold

FORMS_VERSION = 1
"""Rises when a form changes: a set that was made by other rules finds nothing and is not used."""

LEAST_KANA, LEAST_LATIN, LEAST_DIGITS, MOST_LETTERS = 4, 7, 6, 60
KANJI = "㐀-䶿一-鿿豈-﫿々〆〇\U00020000-\U0003ffff"
KATAKANA = "ァ-ヺー"
NAME_LETTERS = re.compile(f"[{KANJI}{KATAKANA}]+")
_NO_LETTER = re.compile(f"[^{KANJI}{KATAKANA}]+")
_NO_KEY = re.compile(r"[^0-9a-z]+")
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)} | {0x309D: 0x30FD, 0x309E: 0x30FE}
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_KANJI_NUMBER = re.compile(r"[一二三四五六七八九十]+(?=丁目|番|号|の)")
_SEPARATORS = re.compile(r"(?<=[0-9])(?:丁目|番地の|番地|番の|番|号室|号|ノ|の|-|ー|‐)+")
_ADDRESS = re.compile(f"([{KANJI}{KATAKANA}]{{2,}}?)([0-9]+(?:-[0-9]+)*)")
_PREFECTURE = re.compile(r"^(東京都|北海道|(?:京都|大阪)府|[^都道府県]{2,3}県)")
_MUNICIPALITY = re.compile(
    r"^(?:[^市区町村郡]{1,6}郡[^町村]{1,6}[町村]|.{1,6}?市[^区市]{1,4}区|.{1,7}?[市区町村])(?=.{2,})"
)


class OwnKind(IntEnum):
    """The kinds of the source's identifiers. The number stands in a set and in the matcher's answers; 0 is none."""

    NAME = 1
    READING = 2
    PHONE = 3
    EMAIL = 4
    ADDRESS = 5
    CHART = 6
    INSURED = 7
    MY_NUMBER = 8
    PUBLIC = 9


def katakana(folded: str) -> str:
    """Folded text with hiragana as katakana; one character stays one."""
    return folded.translate(_KATAKANA)


def letters_of(value: str) -> str:
    """The letters of a Japanese name: kanji and katakana, nothing else."""
    return _NO_LETTER.sub("", katakana(fold(value).text))[:MOST_LETTERS]


def number_of(value: str) -> str:
    """The digits and Latin letters of a number, kanji digits included."""
    return _NO_KEY.sub("", fold(value).text.translate(_KANJI_DIGITS))


def mail_of(value: str) -> str:
    """An e-mail address without blanks, in lower case."""
    return "".join(fold(value).text.split())


def hyphened(folded: str) -> str:
    """A folded passage with its 丁目, 番地 and 号 as hyphens and kanji numbers before them as digits."""
    digits = _KANJI_NUMBER.sub(lambda found: _kanji_number(found.group()), katakana(folded))
    return _SEPARATORS.sub("-", digits).replace("--", "-")


def _kanji_number(text: str) -> str:
    """一 to 九十九, positional or with 十."""
    if "十" not in text:
        return text.translate(_KANJI_DIGITS)
    tens, _, ones = text.partition("十")
    return str(10 * int(tens.translate(_KANJI_DIGITS) or 1) + int(ones.translate(_KANJI_DIGITS) or 0))


def address_forms(value: str) -> Iterator[str]:
    """An address to its last hyphened number, from the prefecture, the municipality and the town."""
    bare = "".join(hyphened(fold(value).text).split())
    found = _ADDRESS.search(bare)
    if not found or "-" not in found.group(2):
        return
    place, numbers = found.groups()
    places = [place]
    without = _PREFECTURE.sub("", place, count=1)
    places.append(without)
    places.append(_MUNICIPALITY.sub("", without, count=1))
    for form in dict.fromkeys(places):
        if len(form) > 1:
            yield form + numbers


def forms_of(kind: OwnKind, value: str | None) -> Iterable[str]:
    """Every form of one value; none of what is too short to be anybody's."""
    if not value or not value.strip():
        return ()
    if kind is OwnKind.NAME:
        return _name_forms(value)
    if kind is OwnKind.READING:
        return _reading_forms(value)
    if kind is OwnKind.ADDRESS:
        return tuple(address_forms(value))
    if kind is OwnKind.EMAIL:
        mail = mail_of(value)
        return (mail,) if "@" in mail else ()
    return _number_forms(kind, value)


def _name_forms(value: str) -> tuple[str, ...]:
    letters = letters_of(value)
    latin = latin_key(fold(value).text) if not letters else ""
    forms = [letters] if len(letters) > 1 and not _only_kana_and_short(letters) else []
    return (*forms, latin) if len(latin) >= LEAST_LATIN else tuple(forms)


def _reading_forms(value: str) -> tuple[str, ...]:
    letters = letters_of(value)
    latin = latin_key(latin_of_kana(letters))
    found = (letters if len(letters) >= LEAST_KANA else "", latin if len(latin) >= LEAST_LATIN else "")
    return tuple(form for form in found if form)


def _only_kana_and_short(letters: str) -> bool:
    return len(letters) < LEAST_KANA and re.fullmatch(f"[{KATAKANA}]+", letters) is not None


def _number_forms(kind: OwnKind, value: str) -> tuple[str, ...]:
    parts = [number_of(part) for part in value.split(":")] if kind is OwnKind.PUBLIC else [number_of(value)]
    forms = [part for part in parts if len(part) >= LEAST_DIGITS]
    if kind is OwnKind.PHONE and forms and forms[0].startswith("81") and len(forms[0]) > 10:
        forms = ["0" + forms[0].removeprefix("81").removeprefix("0")]
    return tuple(forms)
