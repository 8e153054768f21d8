"""What of a text could be one of the source's own identifiers: every stretch, as the form it would have.

1. Nothing here knows the source. Whoever does is asked about forms (``own_forms``) and never sees a text.
2. Names: every stretch of letters that begins with kanji (three to eight letters), in katakana (four to
   fourteen) or in hiragana (six to fourteen), blanks and points ignored; shorter ones only where they stand
   alone, apart, or before さん, 様 and their like; a run of kana as a whole up to sixty letters.
3. Latin words one by one, and two to four neighbours joined, two in both orders.
4. Numbers: each run of digits, and neighbouring runs joined over hyphens, blanks, points and line ends.
5. Addresses: every end of the letters before a hyphened number, with two or more of its parts.
6. A ``weak`` candidate is a short number without a label: counts and amounts equal a chart number by
   chance, so it counts only where such numbers are found in number (``own_matches``).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalog.identifiers.own_forms import (
    KANJI,
    KATAKANA,
    LEAST_DIGITS,
    LEAST_KANA,
    LEAST_LATIN,
    MOST_LETTERS,
    NAME_LETTERS,
    hyphened,
    katakana,
)
from catalog.identifiers.own_latin import latin_key
from catalog.identifiers.written_forms import Folded, fold


class Candidate(NamedTuple):
    """A form, and the characters of the original text that it stands for: the first, and how many."""

    form: str
    offset: int
    length: int
    weak: bool = False


_KANJI_NAME, _KATAKANA_NAME, _HIRAGANA_NAME = (3, 8), (4, 14), (6, 14)
_TWO_LETTERS = 2
_MOST_WORDS, _MOST_PARTS, _MOST_DIGITS, _LONG_NUMBER = 4, 6, 20, 10
_MOST_PLACE, _LABEL_REACH = 24, 16
_BLANKS = " \t\r\n\v\f\u3000\u00a0"
_POINTS = "・･=゠"
_KANJI_CLASS, _KATAKANA_CLASS = re.compile(f"[{KANJI}]"), re.compile(f"[{KATAKANA}]")
_TITLES = re.compile(r"サン|様|殿|氏|君|クン|チャン|先生|医師|看護師|患者")
_WORD = re.compile(r"[a-z\u00c0-\u024f]+")
_BETWEEN_WORDS = re.compile(r"[ \t\n,._\-/・'’]{1,3}")
_MAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9.-]+[a-z0-9]")
_NUMBER = re.compile(r"[0-9](?:[-ー ./()・\n\t]{0,2}[0-9])*")
_DIGITS = re.compile(r"[0-9]+")
_MIXED = re.compile(r"(?=[a-z-_.:/]*[0-9])(?=[0-9-_.:/]*[a-z])[0-9a-z]+(?:[-_.:/][0-9a-z]+)*")
_PART = re.compile(r"[0-9a-z]+")
_KANJI_DIGITS = re.compile(r"[〇零一二三四五六七八九]{6,}")
_AS_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_LABEL = re.compile(
    r"カルテ|診療録|患者|被保険者|記号|番号|保険|電話|連絡先|受診|登録|id|no\.?|chart|mrn|pt|patient|karte",
    re.IGNORECASE,
)
_N = "(?:[0-9]+|[〇一二三四五六七八九十]+)"
_SEP = "(?:丁目|番地ノ|番地|番ノ|番|号|ノ|-|ー)"
_ADDRESS = re.compile(f"([{KANJI}{KATAKANA}]{{2,{_MOST_PLACE}}}?)({_N}(?:{_SEP}{_N})+)")


def candidates(text: str, label: str = "") -> Iterator[Candidate]:
    """Every candidate of a text; ``label`` is what stands over it (a column's header).

    The same form may come several times, from different places.
    """
    folded = fold(text)
    if not folded.text:
        return
    lettered = katakana(folded.text)
    dense = _without_blanks(folded, lettered)
    yield from _names(dense, [folded.text[place] for place in dense.places])
    yield from _addresses(dense)
    yield from _latin(folded)
    for found in _MAIL.finditer(folded.text):
        yield Candidate(found.group(), *folded.span(*found.span()))
    yield from _numbers(folded, label)


class _Dense(NamedTuple):
    """A text without its blanks and points, and the place of each character in the folded text."""

    text: str
    places: Sequence[int]
    folded: Folded

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.folded.span(self.places[start], self.places[end - 1] + 1)

    def apart(self, at: int) -> bool:
        """Whether something was left out before this character."""
        return at > 0 and self.places[at] - self.places[at - 1] > 1


def _without_blanks(folded: Folded, lettered: str) -> _Dense:
    """A blank between two digits stays: without it two numbers would be one."""
    places = [
        place
        for place, character in enumerate(lettered)
        if (character not in _BLANKS and character not in _POINTS)
        or (lettered[place - 1 : place].isdigit() and lettered[place + 1 : place + 2].isdigit())
    ]
    return _Dense("".join([lettered[place] for place in places]), places, folded)


def _names(dense: _Dense, written: Sequence[str]) -> Iterator[Candidate]:
    """``written`` is the same text before hiragana became katakana."""
    for run in NAME_LETTERS.finditer(dense.text):
        start, end = run.span()
        kinds = [_script(dense.text[at], written[at]) for at in range(start, end)]
        for at in range(start, end):
            for stop in _ends(dense, kinds, start, at, end):
                yield Candidate(dense.text[at:stop], *dense.span(at, stop))


def _script(letter: str, written: str) -> str:
    if not _KATAKANA_CLASS.match(letter):
        return "k"
    return "h" if letter != written else "t"


def _ends(dense: _Dense, kinds: Sequence[str], run: int, at: int, end: int) -> Iterator[int]:
    """Where the stretches that begin at a letter may end."""
    kind = kinds[at - run]
    first = at == run or kinds[at - run - 1] != kind or dense.apart(at)
    if kind == "k":
        least, most = _KANJI_NAME
        if at + _TWO_LETTERS <= end and _stands_alone(dense, run, at, at + _TWO_LETTERS, end):
            yield at + _TWO_LETTERS
        yield from range(at + least, min(end, at + most) + 1)
        return
    stop = _same_kana(kinds, run, at, end)
    least, most = _KATAKANA_NAME if kind == "t" else _HIRAGANA_NAME
    yield from range(at + least, min(stop, at + most) + 1)
    if first:
        if stop - at > most:
            yield min(stop, at + MOST_LETTERS)
        for short in range(at + LEAST_KANA, min(stop, at + least - 1) + 1):
            if short == stop or _TITLES.match(dense.text, short):
                yield short
        mixed = _KANJI_NAME
        if stop < end:
            yield from range(max(stop + 1, at + mixed[0]), min(end, at + mixed[1]) + 1)


def _same_kana(kinds: Sequence[str], run: int, at: int, end: int) -> int:
    """The end of the letters of one kana that begin at a place."""
    stop = at
    while stop < end and kinds[stop - run] == kinds[at - run]:
        stop += 1
    return stop


def _stands_alone(dense: _Dense, run: int, at: int, stop: int, end: int) -> bool:
    """Two letters are a name only apart from others, written apart, or before a title."""
    begins = at == run or dense.apart(at)
    ends = stop == end or dense.apart(stop) or _TITLES.match(dense.text, stop) is not None
    return ends and (begins or dense.apart(at + 1))


def _addresses(dense: _Dense) -> Iterator[Candidate]:
    for found in _ADDRESS.finditer(dense.text):
        place, numbers = found.group(1), hyphened(found.group(2) + "号").strip("-").split("-")
        whole = [part.translate(_AS_DIGITS) for part in numbers]
        for parts in range(2, len(whole) + 1):
            end = found.end() if parts == len(whole) else found.end(1) + len(found.group(2))
            form = "-".join(whole[:parts])
            for begin in range(found.start(), found.end(1) - 1):
                yield Candidate(place[begin - found.start() :] + form, *dense.span(begin, end))


def _latin(folded: Folded) -> Iterator[Candidate]:
    words = list(_WORD.finditer(folded.text))
    for first, word in enumerate(words):
        last, joined = first, word.group()
        place = folded.span(*word.span())
        yield from _keyed([joined], place)
        for following in words[first + 1 : first + _MOST_WORDS]:
            if not _BETWEEN_WORDS.fullmatch(folded.text, words[last].end(), following.start()):
                break
            joined += following.group()
            last += 1
            orders = [joined]
            if last == first + 1:
                orders.append(following.group() + word.group())
            yield from _keyed(orders, folded.span(word.start(), following.end()))


def _keyed(orders: Sequence[str], place: tuple[int, int]) -> Iterator[Candidate]:
    for letters in orders:
        if LEAST_LATIN <= len(letters) <= MOST_LETTERS:
            key = latin_key(letters)
            if len(key) >= LEAST_LATIN:
                yield Candidate(key, *place)


def _numbers(folded: Folded, label: str) -> Iterator[Candidate]:
    text = _KANJI_DIGITS.sub(lambda found: found.group().translate(_AS_DIGITS), folded.text)
    labelled = bool(_LABEL.search(label))
    for run in _NUMBER.finditer(text):
        parts = [(run.start() + p.start(), run.start() + p.end()) for p in _DIGITS.finditer(run.group())]
        near = labelled or bool(_LABEL.search(text, max(0, run.start() - _LABEL_REACH), run.start()))
        yield from _joined(folded, text, parts, near=near)
    for token in _MIXED.finditer(text):
        parts = [(token.start() + p.start(), token.start() + p.end()) for p in _PART.finditer(token.group())]
        yield from _joined(folded, text, parts, near=True)


def _joined(
    folded: Folded, text: str, parts: Sequence[tuple[int, int]], *, near: bool
) -> Iterator[Candidate]:
    """Each part and each row of neighbouring ones, as one number."""
    for first, (start, _) in enumerate(parts):
        number = ""
        for begin, end in parts[first : first + _MOST_PARTS]:
            number += text[begin:end]
            if len(number) > _MOST_DIGITS:
                break
            if len(number) >= LEAST_DIGITS:
                weak = not near and len(number) < _LONG_NUMBER
                yield Candidate(_national(number), *folded.span(start, end), weak)


def _national(number: str) -> str:
    """A Japanese telephone number as it is dialled at home."""
    if len(number) in (11, 12, 13) and number.startswith("81"):
        return "0" + number.removeprefix("81").removeprefix("0")
    return number
