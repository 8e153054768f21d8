"""Counts of too few persons in words: captions, footnotes, comments, running text.

1. A number with a unit for persons (3名, 7例, n=4, three patients), the numerator of 3/45例, what
   follows うち, and a line that is only a number, or a label and a number (男性: 7), are counts.
2. Ordinals (第3例), ratios to one person (1人当たり), bounds (10人以上), households (2人世帯) and people
   who are not patients (2名の査読者) are none.
3. Beside a masked cell any bare small number may be the hidden one, so people look at it: text
   and table are one output.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.numerals import KANJI_NUMERALS, read_whole_number
from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.headers import Topic, classify_header
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.small_counts import is_too_small, small_cell, vague_count
from output_review.disclosure.tables import are_levels

NUMBER_BESIDE_MASK = "SDC.number_beside_mask"

_WORDS = {
    "one": 1,
    "single": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
}
_NOT_A_TITLE = r"(?<!(?<![代発])[表図])(?<!table )(?<!figure )"
"""表1 患者背景 and Table 1 Patients name a table; 代表7名 counts."""
_DIGITS = (
    _NOT_A_TITLE + r"(?<![\d.,/第#])(?<!人に)(?<!1[-~〜–])(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![.,]?\d|\{,\}\d)"
)
_KANJI = rf"(?<![\d第同単唯{KANJI_NUMERALS}])(?P<n>[{KANJI_NUMERALS}]+)"
_NO_COUNT = (
    r"(?!\s*(?:以上|以下|未満|以内|超|世帯|家族|部屋|称|目|毎|ごと|当たり|あたり|乗り|用|前後の(?:体制|チーム)|[にの]?(?:一|1)人"
    r"|[でに](?:複数|つき|対し)|と(?:数え|みな|して|カウント)|の?(?:医師|査読者|審査者|審査員|研究者|著者|評価者|専門家|読影者|担当者|チェッカー)))"
)
_JAPANESE_UNIT = (
    rf"\s*(?:名|症例|例(?!え|年|外|示|題|文|会)|人(?!口|年|日|工|間|種|材|格|体)|件(?!名)|患者){_NO_COUNT}"
)
_ENGLISH_UNIT = r"\s*(?:[a-z]+\s+)?(?:patients?|persons?|people|subjects?|cases?|participants?|individuals?|men|women|males?|females?)(?![a-z])"
_COUNTS = (
    re.compile(_DIGITS + _JAPANESE_UNIT),
    re.compile(_KANJI + _JAPANESE_UNIT.replace("例(?!", "例(?!(?<=一例)[とをでがはに]|")),
    re.compile(_DIGITS + _ENGLISH_UNIT),
    re.compile(rf"(?<![a-z])(?P<n>{'|'.join(_WORDS)}){_ENGLISH_UNIT}"),
    re.compile(r"(?<![a-z0-9])n\s*[=:]\s*(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![.,]?\d|\{,\}\d)"),
    re.compile(
        rf"(?<![\d.,/])(?P<n>\d+)\s*(?:/|of|out of)\s*(?:the\s+)?\d+(?:{_JAPANESE_UNIT}|{_ENGLISH_UNIT}|\s*\(\s*[\d.]+\s*%)"
    ),
    re.compile(
        r"(?:うち|内訳は)[^\d\n。.]{0,8}(?P<n>\d+)(?![.,]?\d|\s*(?:%|[割分](?!り)|年|歳|日|月|か月|ヶ月|回|点|円|施設|病院))"
    ),
)
_LABELLED = re.compile(
    r"^[ \t]*[-*・●]?[ \t]*(?P<label>[^\n:=|]{1,60}?)(?:\s*[:→]\s*|(?<![ -~])\s*=\s*|[ \t]{2,}|\t)(?P<n>\d[\d,]*)[ \t]*\r?$",
    re.MULTILINE,
)
_OF_A_PROGRAM = re.compile(r"iterations?\s*$|反復(?:回数)?\s*$")
"""How often a program went round is no count of persons, whatever else stands in the label."""
_ROW_BELOW = re.compile(r"\s*\n[ \t]*[^\d\s][^\n]*?[ \t]\d[\d,.]*[ \t]+\d[\d,.]*[ \t]*\r?(?:\n|$)")
_NUMBERS_BELOW = re.compile(
    r"\n(?:[ \t]*[^\W\d][\w.]*[ \t]*\n)?(?P<row>[ \t]*\d[\d,.]*(?:[ \t]+\d[\d,.]*)+)[ \t]*\r?(?:\n|$)"
)
"""A line of numbers, perhaps below one that names them."""
_WORD = re.compile(r"\S+")
_ALONE = re.compile(r"^[ \t]*(?P<n>\d[\d,]*)[ \t]*\r?$", re.MULTILINE)
_VAGUE = re.compile(r"(?<![人者例件総個回日年月複多少無点度指係])(?:数(?:名|例|人(?!口))|若干名)")
_BARE = re.compile(
    r"(?<![\w.,/:<>=≤≥(（-])(?P<n>[1-9])(?![\w.,/:)）%-])|(?<=[はがを])(?P<m>[1-9])(?![\d.,/%a-z年月日歳回版章節表図])"
)


def check_prose_counts(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every small count in the words of a file."""
    for passage in examined.passages:
        folded = fold(passage.text)
        for start, end, count in counts_in(folded.text):
            if is_too_small(count, policy):
                yield small_cell(passage.place(*folded.span(start, end)), policy)
        for match in _VAGUE.finditer(folded.text):
            yield vague_count(passage.place(*folded.span(*match.span())))


def counts_in(text: str) -> Iterator[tuple[int, int, int]]:
    """Counts in a folded text, as (start, end, count); where two patterns agree both are given."""
    for pattern in _COUNTS:
        for match in pattern.finditer(text):
            word = match["n"]
            count = _WORDS[word] if word in _WORDS else read_whole_number(word)
            if count is not None:
                yield *match.span(), count
    for match in _LABELLED.finditer(text):
        count = read_whole_number(match["n"].rstrip(","))
        label = match["label"]
        if _OF_A_PROGRAM.search(label) or _heads_levels(match):
            continue
        if count is not None and classify_header(label) not in (Topic.LABEL, Topic.MEASURE):
            yield *match.span("n"), count
    for match in _ALONE.finditer(text):
        count = read_whole_number(match["n"].rstrip(","))
        if count is not None:
            yield *match.span("n"), count


def _heads_levels(match: re.Match[str]) -> bool:
    """Whether a line holds the levels over the columns of a printed table, as R and pandas write it: ``0  1``.

    Below stand rows that begin with a word or with the first level, or one row with a number under each level.
    """
    words = [*match["label"].split(), match["n"]]
    numbers = words[1:] if words[0][0].isalpha() else words
    if not all(number.isdecimal() for number in numbers) or not are_levels([int(n) for n in numbers]):
        return False
    if len(numbers) == len(words) and _ROW_BELOW.match(match.string, match.end()):
        return True  # behind a word they could be counts of that word, as in the row below
    below = _NUMBERS_BELOW.match(match.string, match.end())
    if below is None:
        return False
    row = below["row"].split()
    is_under = len(row) == len(words) and _ends(below["row"]) == _ends(match[0])[-len(row) :]
    return is_under or (len(row) == len(numbers) + 1 and row[0] == numbers[0])


def _ends(line: str) -> list[int]:
    """Where the words of a line end."""
    return [word.end() for word in _WORD.finditer(line)]


def check_numbers_beside_masks(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Bare small numbers in the words around a table that masks a count."""
    cells = [cell for table in examined.tables for row in table.rows for cell in row]
    if not any(cell.value.kind is CellKind.MASKED for cell in cells):
        return
    in_table = {cell.row for cell in cells} | {c.row for t in examined.tables for c in t.header}
    for passage in examined.passages:
        folded = fold(passage.text)
        for match in _BARE.finditer(folded.text):
            place = passage.place(*folded.span(*match.span()))
            if passage.cell is None and place.row in in_table:
                continue
            if is_too_small(int(match.group()), policy):
                yield Finding(
                    NUMBER_BESIDE_MASK,
                    Severity.REVIEW,
                    place,
                    say(
                        "A small number stands in the text beside a table with masked cells; it may be the masked count."
                    ),
                    say("Remove the number, or say what it counts."),
                )
