"""Names that their surroundings give away: 林さん, やまだ様, 主治医：小比類巻, a column headed 氏名.

1. Before a title that hardly follows anything else (さん, 様, 先生 …) stands a name when the letters are
   a family or given name of the book, or letters the dictionary does not know; never when title and
   letters are one ordinary word (奥さん, たくさん) or a listed role (患者さん, 担当医師). Before a job
   (医師, 看護師 …) the dictionary itself must call it a name.
2. Behind a label and a colon, or in a column or key that is headed by a label, stands a name unless it
   is made of ordinary words alone. Behind a label and a blank it has to begin with a name of the book.
3. Kana count only where a usual family name reads more easily in their place.
"""

import re
from collections.abc import Callable, Iterator

from catalog.identifiers.hits import Certainty
from catalog.identifiers.name_words import (
    AFTER_EPONYM,
    EPONYMS,
    JOB_TITLES,
    KATAKANA_ABROAD,
    LABELS,
    NOT_AFTER_LABEL,
    NOT_BEFORE_TITLE,
    STRONG_TITLES,
)
from catalog.identifiers.names_japanese import JAPANESE, Claim, alone
from catalog.identifiers.names_unlisted import like_a_given_name
from catalog.identifiers.word_kinds import NAMES_OF_PEOPLE, WordKind
from catalog.identifiers.worded_text import FAMILY_NAME, WordedText
from catalog.identifiers.words import Word

_TITLES = re.compile(
    "(?:" + "|".join(sorted({*STRONG_TITLES, *JOB_TITLES}, key=len, reverse=True)) + ")(?<!様(?=式|子|相|々|態))(?<!氏(?=名|族))(?<!殿(?=部|筋|位))(?!会|団|側|数|室|免許|派遣|不足|法|試験|方)"
)  # fmt: skip
_KANJI_BEFORE = re.compile(r"[㐀-鿿々ヶ]{1,6}\Z")
_HIRAGANA_BEFORE = re.compile(r"[ぁ-ゖー]{2,9}\Z")
_KATAKANA_BEFORE = re.compile(r"[ァ-ヺー]{2,10}(?:[・ ][ァ-ヺー]{1,9}){0,3}\Z")
_LABEL = re.compile(
    r"(?:(?<![A-Za-z㐀-鿿])(?:" + "|".join(re.escape(label) for label in sorted(LABELS, key=len, reverse=True)) + r")"
    r"|(?<![A-Za-z㐀-鿿])[㐀-鿿]{1,5}(?:者|医|医師|看護師|技師|師)(?:氏?名)?(?= ?[:=]))(?:\([^()\n]{1,8}\))?[】\]\"')]{0,2}(?P<between> *[:=|\t,/] *| +)[\"'「(\[]{0,2}",
    re.IGNORECASE,
)  # fmt: skip
_BRACKETED = re.compile(
    r"(?<![A-Za-z㐀-鿿])(?:"
    + "|".join(re.escape(label) for label in sorted(LABELS, key=len, reverse=True) if len(label) > 1)
    + r"|[㐀-鿿]{1,5}(?:者|医|医師|看護師|技師)(?:氏?名)?) ?[(【\[「『](?=[^()【】\n]{2,14}[)】\]」』])",
    re.IGNORECASE,
)
"""A label with its value in brackets: 記録者(望月)."""
LATIN_LABEL = re.compile(_LABEL.pattern.replace("| +)", ")"), re.IGNORECASE)
"""A label with more than a blank behind it."""
_PREFIX = re.compile(
    r"(?<![A-Za-z])(?:Dr|DR|Ns|NS|Mr|Mrs|Ms|Prof|PT|OT|故)\.? ?(?=[㐀-鿿ぁ-ヺ])|故 ?(?=[㐀-鿿])"
)
_ROLE_BEFORE = re.compile(
    r"(?:医|医師|看護師|師長|教授|技師|療法士|薬剤師|助手|術者|担当|担当者|記録者|職員|患者|先生|スタッフ|医員|院長|部長)(?:の|は|が|、|: ?| )?\Z"
)
_MORE_KANJI = re.compile(r"[㐀-鿿々]")
_AGE_BEHIND = re.compile(r"[・、 ]?\(?\d{1,3} ?[歳才]|[・、 ]\d{1,3}[MF](?![A-Za-z])")
_NEXT_CELL = re.compile(r" ?[,、;\t|] ?|\", ?\"")
_COULD_BE_GIVEN = re.compile(
    r"[㐀-鿿々]{0,2}[㐀-鿿々](?<![県市区町村院科部課室病症薬歴者様氏方他等中後前上下])"
)
_ALL_KANJI = re.compile(r"[㐀-鿿々ヶ]+")
_AS_A_PERSON = re.compile(
    r"(?:は|が|も|から|より|によ|ら[0-9]|家の|一家|である|です|と[㐀-鿿]{2}[がでは]|に(?:対|つい|確認|連絡|依頼|相談|電話|報告|説明)|と(?:相談|協議|面談|共同)|を(?:診察|受け持))"
)
_VALUE = re.compile(f"[{JAPANESE}]{{1,12}}(?:[ ・][{JAPANESE}]{{1,10}}){{0,3}}")
_OF_FORMS = re.compile(r"(?:名|者|医|医師|看護師|薬剤師|技師|name)[】\])]?$", re.IGNORECASE)
_RUNS_ON = re.compile(r"[^\s,、。;)(\]|/\d]")
_SHEET = re.compile(r"[,\t;|]")
_LABEL_WORDS = frozenset(label.lower() for label in LABELS)
_LONG_JOBS = tuple(title for title in JOB_TITLES if len(title) > 1)
_BY_TITLE, _BY_LABEL = "title", "label"
LONGEST_NAME = 10


def find_in_context(worded: WordedText) -> Iterator[Claim]:
    """Names before titles and behind labels."""
    yield from _titled(worded)
    yield from find_bare_family_names(worded)
    for found in _LABEL.finditer(worded.text):
        value = _VALUE.match(worded.text, found.end())
        if value:
            strict = not found["between"].strip() and not _heads_a_form(worded, found, value)
            yield from _value(worded, value.start(), value.end(), strict=strict)
    for pattern in (_PREFIX, _BRACKETED):
        for found in pattern.finditer(worded.text):
            value = _VALUE.match(worded.text, found.end())
            if value:
                yield from _value(worded, value.start(), value.end(), strict=pattern is _PREFIX)
    yield from _prefixed(worded)
    for start, end in labelled_cells(worded):
        value = _VALUE.fullmatch(worded.text, start, end)
        if value:
            yield from _value(worded, start, end, strict=False)


def _prefixed(worded: WordedText) -> Iterator[Claim]:
    """A family name of the book in kanji behind Prof., Dr. and the like, whatever follows it."""
    for found in _PREFIX.finditer(worded.text):
        for size in range(5, 0, -1):
            end = found.end() + size
            name = worded.text[found.end() : end]
            ends = worded.begins_word(end) if size > 1 else not _MORE_KANJI.match(worded.text, end)
            if len(name) == size and name in worded.book.family.written and ends:
                yield Claim(found.end(), end, _BY_TITLE, 500)
                break


def _heads_a_form(worded: WordedText, label: re.Match[str], value: re.Match[str]) -> bool:
    """Whether a label with a blank behind it is one of a form (氏名　小比類巻　男): the value stands by itself."""
    written = worded.text[label.start() : label.start("between")]
    return bool(_OF_FORMS.search(written)) and not _RUNS_ON.match(worded.text, value.end())


def is_label(heading: str) -> bool:
    """Whether a column's header or a key says that names stand below it."""
    plain = heading.strip(" \"'*【】[]()").lower()
    return (
        plain in _LABEL_WORDS or plain.replace(" ", "_") in _LABEL_WORDS or plain.endswith(("氏名", "_name"))
    )


def labelled_cells(worded: WordedText) -> Iterator[tuple[int, int]]:
    """The whole text when its context is a label for names; the cells of a column of the text headed by one."""
    return cells_headed_by(worded, is_label)


def cells_headed_by(worded: WordedText, is_heading: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """The whole text when its context is such a heading; the cells of the columns that the first line heads so."""
    text = worded.text
    if worded.context and is_heading(worded.context.rsplit("\n", 1)[-1]):
        blanks = len(text) - len(text.lstrip())
        yield blanks, max(blanks, len(text.rstrip()))
    first, _, _ = text.partition("\n")
    mark = _SHEET.search(first)
    if mark is None or "\n" not in text:
        return
    columns = [number for number, cell in enumerate(first.split(mark.group())) if is_heading(cell)]
    place = len(first) + 1
    for line in text[place:].split("\n") if columns else ():
        at = place
        for number, cell in enumerate(line.split(mark.group())):
            bare = cell.strip(" \"'")
            if number in columns and bare:
                begin = at + cell.index(bare)
                yield begin, begin + len(bare)
            at += len(cell) + 1
        place += len(line) + 1


def _value(worded: WordedText, start: int, end: int, *, strict: bool) -> Iterator[Claim]:
    """The name at the beginning of a value, if it is one."""
    text, book = worded.text, worded.book
    value = text[start:end]
    head = value.split(" ")[0].split("・")[0]
    if (
        value in NOT_AFTER_LABEL
        or head in NOT_AFTER_LABEL
        or re.split("[とのはがをに、・]", head)[0] in NOT_AFTER_LABEL
    ):
        return
    family = next((n for n in range(min(len(head), 6), 0, -1) if head[:n] in book.family.any_script), 0)
    words = list(worded.words_in(start, end))
    people = [word for word in words if word.kind in NAMES_OF_PEOPLE]
    ordinary = all(
        word.known
        and word.kind not in NAMES_OF_PEOPLE
        and (word.end - word.start > 1 or word.kind is not WordKind.NOUN)
        for word in words
        if word.kind is not WordKind.SYMBOL
    )
    begins = bool(people) and people[0].start == start
    if strict:
        if begins and people[0].kind is not WordKind.GIVEN and len(head) > 1:
            last = max(word.end for word in _leading_people(worded, start, end))
            yield Claim(start, last, _BY_LABEL, 500)
        return
    by_itself = family and len(head) <= 3 and family == len(head) and _usual(worded, start, start + family)
    if ordinary and not by_itself and not _spells_a_name(worded, start, end):
        return
    if len(head) < 2 and not begins:
        return
    if begins or family > 1 or any(not word.known for word in words) or len(value) <= 5:
        yield Claim(start, min(end, start + LONGEST_NAME), _BY_LABEL, 400)


def _spells_a_name(worded: WordedText, start: int, end: int) -> bool:
    """Whether a value all in hiragana, which ends with its cell, is a usual family name and a given name."""
    text, book = worded.text, worded.book
    value = text[start:end].replace(" ", "")
    if not _ALL_HIRAGANA.fullmatch(value) or not alone(worded, start, end):
        return False
    return any(
        book.family.kana.get(value[:size], 0) > 1 and book.given.kana.get(value[size:], 0)
        for size in range(2, len(value) - 1)
    )


_ALL_HIRAGANA = re.compile("[ぁ-ゖー]{4,10}")


def _usual(worded: WordedText, start: int, end: int) -> bool:
    return worded.relief(start, end, FAMILY_NAME) > -1500


def _leading_people(worded: WordedText, start: int, end: int) -> Iterator[Word]:
    for word in worded.words_in(start, end):
        if word.kind in NAMES_OF_PEOPLE or word.kind is WordKind.SYMBOL or not word.known:
            yield word
        else:
            return


def find_bare_family_names(worded: WordedText) -> Iterator[Claim]:
    """What the dictionary itself calls a family name, where a person would stand.

    Behind a role (担当医の佐藤), before an age (佐藤(72歳)), before a given name in the next cell, or where
    somebody acts (佐藤が, 佐藤より); the last is for people to look at.
    """
    words, text = worded.words, worded.text
    for number, word in enumerate(words):
        name = text[word.start : word.end]
        if word.kind is not WordKind.FAMILY or len(name) < 2 or not _ALL_KANJI.fullmatch(name):
            continue
        if AFTER_EPONYM.match(text, word.end):
            continue
        by_role = _ROLE_BEFORE.search(text, max(0, word.start - 8), word.start)
        if (by_role and not _MORE_KANJI.match(text, word.end)) or _AGE_BEHIND.match(text, word.end):
            yield Claim(word.start, word.end, "family", 300)
            continue
        given = _given_in_next_cell(worded, word)
        if given:
            yield Claim(word.start, given, "family", 300)
            continue
        before = words[number - 1] if number else word
        glued = number and _ALL_KANJI.fullmatch(text[word.start - 1]) and before.kind is not WordKind.NOUN
        if not glued and name not in EPONYMS and _AS_A_PERSON.match(text, word.end):
            yield Claim(word.start, word.end, "family", 200, Certainty.WEAK)


def _given_in_next_cell(worded: WordedText, word: Word) -> int | None:
    """Where the given name ends that stands alone behind a family name that stands alone."""
    text = worded.text
    joint = _NEXT_CELL.match(text, word.end)
    if joint is None or joint.end() >= len(text) or not alone(worded, word.start, word.end):
        return None
    given = worded.word_at(joint.end())
    if given.kind is WordKind.GIVEN and given.start == joint.end() and alone(worded, given.start, given.end):
        return given.end
    return None


def _titled(worded: WordedText) -> Iterator[Claim]:
    text = worded.text
    for title in _TITLES.finditer(text):
        at = title.start()
        end = at - 1 if at and text[at - 1] == " " else at
        if end <= 0:
            continue
        strong = title.group() in STRONG_TITLES
        for find in (_kanji_name, _hiragana_name, _katakana_name):
            start = find(worded, end, at, title.group())
            if start is not None:
                yield Claim(start, title.end() if strong or end - start == 1 else end, _BY_TITLE, 600)
                break


def _kanji_name(worded: WordedText, end: int, at: int, title: str) -> int | None:
    """Where the name in kanji that ends before a title begins."""
    text = worded.text
    run = _KANJI_BEFORE.search(text, max(0, end - 6), end)
    if run is None or run.group().endswith(_LONG_JOBS):
        return None
    if _one_word(worded, end, at) and worded.word_at(end - 1).start <= run.start():
        return None
    for length in range(min(5, end - run.start()), 0, -1):
        start = end - length
        if text[start:end] in NOT_BEFORE_TITLE:
            return None
        whole = start == run.start()
        if worded.begins_word(start) and _is_titled(worded, start, end, title, whole=whole):
            return start
    return None


def _is_titled(worded: WordedText, start: int, end: int, title: str, *, whole: bool) -> bool:
    """Whether kanji before a title are a name; ``whole`` when no kanji stands before them."""
    book, name, length = worded.book, worded.text[start:end], end - start
    words = list(worded.words_in(start, end))
    listed = name in book.family.written or name in book.given.written
    one_place = len(words) == 1 and words[0].kind in (WordKind.PLACE, WordKind.PROPER)
    strong = title in STRONG_TITLES
    surely = strong or length == 1 or len(title) > _LONG_TITLE or title in _TITLES_OF_STAFF
    unusual = (whole or length > 1) and surely
    if title in _SURE_TITLES and whole and length > 1 and words[0].start == start:
        return True
    return (
        (all(word.kind in NAMES_OF_PEOPLE for word in words) and (listed or len(words) > 1))
        or (length > 1 and one_place and (listed or (strong and whole)))
        or (listed and unusual and _unusual_as_word(worded, start, end))
        or (strong and whole and length > 1 and _reads_as_a_name(worded, words, name))
    )


_SURE_TITLES = frozenset({"氏", "くん", "ちゃん"})
"""What follows nothing but names, words for kin and the listed ones aside."""
_LONG_TITLE = 2
_TITLES_OF_STAFF = frozenset({"医師", "教授", "師長", "技師", "主任"})
_LAST_OF_ROLES = frozenset("人士臣達子夫客主者婦員")
"""友人, 博士, 大臣, 友達: letters in which given names end, and words for what somebody is."""


def _reads_as_a_name(worded: WordedText, words: list[Word], name: str) -> bool:
    """Whether kanji that no book holds whole may be a name: no words, or made as given names are."""
    if all(not word.known or word.end - word.start == 1 for word in words):
        return True
    letters = worded.book.given.letters
    if any(word.kind in NAMES_OF_PEOPLE for word in words) and all(letters.get(one, 0) > 1 for one in name):
        return True
    return len(words) == 1 and name[-1] not in _LAST_OF_ROLES and like_a_given_name(worded, name)


def _one_word(worded: WordedText, end: int, at: int) -> bool:
    """Whether letters and title are one word of the dictionary."""
    word = worded.word_at(end - 1)
    return word.known and word.end > at and word.kind not in NAMES_OF_PEOPLE


def _unusual_as_word(worded: WordedText, start: int, end: int) -> bool:
    """Whether a usual family name would stand here about as easily as what stands here."""
    words = list(worded.words_in(start, end))
    if len(words) == 1 and words[0].kind in (WordKind.PLACE, WordKind.PROPER):
        return True
    return worded.relief(start, end, FAMILY_NAME) > -2500


def _hiragana_name(worded: WordedText, end: int, at: int, title: str) -> int | None:
    text, book = worded.text, worded.book
    run = _HIRAGANA_BEFORE.search(text, max(0, end - 9), end)
    if run is None or title not in STRONG_TITLES or _one_word(worded, end, at):
        return None
    best, weight = None, 0
    for start in range(run.start(), end - 1):
        name = text[start:end]
        count = max(book.family.kana.get(name, 0), book.given.kana.get(name, 0))
        if not count or name in NOT_BEFORE_TITLE:
            continue
        gain = worded.relief(start, end, FAMILY_NAME) + (
            2000 if worded.kinds_in(start, end) <= {*NAMES_OF_PEOPLE, WordKind.PROPER} else 0
        )
        gain -= 1500 if count == 1 else 0
        gain += 2500 if start == run.start() else 0
        if gain > weight:
            best, weight = start, gain
    return best


def _katakana_name(worded: WordedText, end: int, at: int, title: str) -> int | None:
    text, book = worded.text, worded.book
    run = _KATAKANA_BEFORE.search(text, max(0, end - 40), end)
    if run is None or _one_word(worded, end, at):
        return None
    name = re.split("[・ ]", run.group())[-1]
    if name in NOT_BEFORE_TITLE or run.group() in NOT_BEFORE_TITLE:
        return None
    words = list(worded.words_in(end - len(name), end))
    listed = (
        name in KATAKANA_ABROAD or name in book.others or name in book.family.kana or name in book.given.kana
    )
    people = all(word.kind in NAMES_OF_PEOPLE or not word.known for word in words)
    strong = title in STRONG_TITLES
    if (people and (strong or listed)) or (strong and listed):
        return run.start()
    return None
