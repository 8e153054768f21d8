"""Names from abroad in Japanese letters: ジョン・スミス, グエン・ティ・ラン, 王建国, 金哲秀.

1. Katakana with dots or blanks is a name when the dictionary or the list of names from abroad knows a
   part of it and no part is an ordinary word; not when only eponyms stand there, nor before the name
   of a disease, a test or a method.
2. A run of two to four kanji that begins with a Chinese, Korean or Vietnamese family name is a name when
   a usual name reads more easily in its place; with a title behind it, a label before it or alone in a
   cell, less has to speak for it.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.hits import Certainty
from catalog.identifiers.name_words import (
    AFTER_EPONYM,
    EPONYMS,
    KANJI_ABROAD,
    KATAKANA_ABROAD,
    KATAKANA_EPONYMS,
    KATAKANA_THINGS,
    NOT_GIVEN,
)
from catalog.identifiers.names_from_asia import GIVEN_IN_ASIA
from catalog.identifiers.names_japanese import NO_LAST_LETTERS, Claim, alone, title_behind
from catalog.identifiers.word_kinds import NAMES_OF_PEOPLE, WordKind
from catalog.identifiers.worded_text import WordedText
from catalog.identifiers.words import Word

_CHAIN = re.compile(r"(?<![ァ-ヺー・])[ァ-ヺー]{1,10}(?:[・= ][ァ-ヺー]{1,10}){1,4}(?![ァ-ヺー・])")
_KANJI_RUN = re.compile(r"[㐀-鿿々]+")
_MARRIED = re.compile(
    r"(?P<family>[㐀-鿿々]{1,4})[・=][ァ-ヺー]{2,10}[・=](?P<given>[㐀-鿿々]{1,3}|[ァ-ヺー]{2,6}|[ぁ-ゖ]{2,5})"
)
"""A Japanese name with one from abroad in the middle: 平田・ウィジャヤ・裕子."""
_FORM = "abroad"
LONGEST_UNKNOWN = 6
MEDICINE = re.compile(
    r"(?:ブ|ビル|シリン|タム|マイシン|サシン|プリル|タン|チン|ピン|ゾール|ジン|ミド|セル|ルビシン|サート|ロール|パム|ドン|リド|レート|ナーゼ|ウム|ソン|ドール|セチン|ロン|ミン|リン|ノン|アン)$"
)
"""Endings of medicines and substances, which are written with dots between as names are."""
_OF_A_PERSON = re.compile(r"[ 、(]{0,2}[0-9]{1,3} ?[歳才]|と申します|です。")


def find_from_abroad(worded: WordedText) -> Iterator[Claim]:
    """Names from abroad in katakana and in kanji."""
    for chain in _CHAIN.finditer(worded.text):
        claim = _katakana(worded, chain)
        if claim is not None:
            yield claim
    for mixed in _MARRIED.finditer(worded.text):
        before = mixed["family"]
        size = next((n for n in range(len(before), 0, -1) if before[-n:] in worded.book.family.written), 0)
        if size and mixed["given"] in worded.book.given.any_script:
            yield Claim(mixed.start() + len(before) - size, mixed.end(), _FORM, 700)
    for run in _KANJI_RUN.finditer(worded.text):
        if 2 <= len(run.group()) <= 8:
            yield from _kanji(worded, run.start(), run.end())


def _katakana(worded: WordedText, chain: re.Match[str]) -> Claim | None:
    parts = re.split("[・= ]", chain.group())
    if _is_of_things(parts) or AFTER_EPONYM.match(worded.text, chain.end()):
        return None
    known, place, ordinary = [], chain.start(), 0
    for part in parts:
        words = list(worded.words_in(place, place + len(part)))
        common = len(part) > 1 and all(_ordinary(word) for word in words)
        listed = part in KATAKANA_ABROAD
        known.append(listed or (len(part) > 1 and part in worded.book.others and not common))
        ordinary += common and not listed
        place += len(part) + 1
    dotted = "・" in chain.group() or "=" in chain.group()
    titled = title_behind(worded, chain.end())
    if not any(known):
        # Words that no dictionary holds, as names from abroad are written: for people to look at.
        person = dotted or titled or _OF_A_PERSON.match(worded.text, chain.end())
        new = not ordinary and bool(person) and _could_be_unknown(parts)
        return Claim(*chain.span(), _FORM, 300, Certainty.WEAK) if new else None
    by_itself = titled or alone(worded, *chain.span())
    unread = (
        (parts[-1] in KATAKANA_ABROAD or (parts[0] in KATAKANA_ABROAD and by_itself))
        and ordinary == 1
        and dotted
    )
    apart = not dotted and not (known[0] or known[-1])
    return None if (ordinary and not unread) or apart else Claim(*chain.span(), _FORM, 700)


def _is_of_things(parts: list[str]) -> bool:
    """Eponyms alone, the name of an institution, or two words in -er (ヘッダー・フッター)."""
    listed = any(part in KATAKANA_ABROAD for part in parts)
    return (
        all(part in KATAKANA_EPONYMS for part in parts)
        or any(part in KATAKANA_THINGS for part in parts)
        or (not listed and all(part.endswith("ー") for part in parts))
    )


def _could_be_unknown(parts: list[str]) -> bool:
    """Whether parts have the length of names and no ending of a medicine."""
    return all(
        1 < len(part) <= LONGEST_UNKNOWN and not MEDICINE.search(part) and not _ENGLISH.search(part)
        for part in parts
    )


_ENGLISH = re.compile(
    r"(?:ション|メント|アント|ング|ティ|クス|ロール|ズム|ネス|シップ|チャー|ター|サー|ダー|ガー|ケース|データ|モード|タイプ|クラス|ライン|ポイント|マップ|シート|ツール|コード)$"
)
"""Endings of English words in katakana."""


def _ordinary(word: Word) -> bool:
    return word.known and word.kind not in NAMES_OF_PEOPLE and word.kind is not WordKind.PROPER


def _kanji(worded: WordedText, start: int, run_end: int) -> Iterator[Claim]:
    """A name at the beginning of a run, or at its end behind a word."""
    text = worded.text
    for begin in range(start, run_end - 1):
        if not worded.begins_word(begin):
            continue
        for family in (2, 1):
            if text[begin : begin + family] not in KANJI_ABROAD:
                continue
            for end in range(begin + family + 1, min(begin + family + 2, run_end) + 1):
                weight = _weight(worded, begin, family, end, run_end)
                if weight > 0:
                    yield Claim(
                        begin, end, _FORM, weight, Certainty.LIKELY if weight > 2000 else Certainty.WEAK
                    )


def _weight(worded: WordedText, start: int, family: int, end: int, run_end: int) -> int:
    titled = title_behind(worded, end)
    name = worded.text[start:end]
    if (end != run_end and not titled) or name in EPONYMS or name in NOT_GIVEN or name[-1] in NO_LAST_LETTERS:
        return 0
    words = list(worded.words_in(start, end))
    if words[-1].end > end or (len(words) == 1 and words[0].known and words[0].kind not in NAMES_OF_PEOPLE):
        return 0
    weight = 2500 if titled else 0
    weight += 3000 if alone(worded, start, end) else 0
    weight += 2000 if words[0].kind is WordKind.FAMILY and words[0].end == start + family else 0
    weight += 6500 if len(words) == 1 and words[0].kind in (WordKind.GIVEN, WordKind.PERSON) else 0
    given = worded.text[start + family : end]
    weight += 1500 if given in worded.book.given.written else 0
    weight += 3000 if len(given) > 1 and GIVEN_IN_ASIA.issuperset(given) else 0
    weight -= 1000
    if any(word.end - word.start > 1 and _ordinary(word) for word in words[1:]) and not titled:
        weight -= 2000
    if any(word.kind in (WordKind.SUFFIX, WordKind.PREFIX, WordKind.NUMBER) for word in words):
        weight -= 3000
    return weight + worded.relief(start, end) if weight > -9000 else 0
