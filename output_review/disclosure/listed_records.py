"""Rows of persons in running text: one short record again and again, where no table would be seen.

1. Records in brackets (tuples of Python, rows of an INSERT, tags of XML) of the same shape, with three values or
   more, are a list. Where each has one sex or one day of its own, they are persons; otherwise people look.
2. An age with a sex (69F, 73男) five times over is a list of persons.
3. Keys that come again and again, line by line (YAML), are records when one of them is a personal attribute.
4. Fifteen whole numbers up to 120 in one cell or between semicolons, in no order, are the ages of as many persons.
   Other numbers in such a list are looked at.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile, Passage
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.headers import Topic, classify_header
from output_review.disclosure.row_shapes import PERSONAL

LISTED: Final = "SDC.listed_records"
_FEWEST: Final = 5
_FEWEST_VALUES: Final = 3
_OLDEST: Final = 120
_RECORD: Final = re.compile(r"[\[({<][^\[\](){}<>\n]{4,200}[\])}>]")
_QUOTED: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_NUMBER: Final = re.compile(r"(?<!\w)[-+]?\d[\d.,:/-]*")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SEX: Final = re.compile(r"(?<![a-z0-9])(?:m|f|male|female|man|woman)(?![a-z0-9])|男性?|女性?")
_DAY: Final = re.compile(r"(?<!\d)(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}")
_FIRST_OF_MONTH: Final = re.compile(r"\D0?1$")
_STATISTIC: Final = re.compile(r"%|±|\bci\b|信頼区間|\bp\s*[=<]|\bn\s*=")
_AGE_AND_SEX: Final = re.compile(
    r"(?<![\w.~〜–-])\d{1,3} ?(?:歳|才|y/?o?)? ?(?:[mf](?!\w)|男性?(?!女)|女性?)(?![a-z])"
)
_METRES: Final = re.compile(r"\d+ ?m")
_KEYED: Final = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]+)?(?P<key>[^\W\d][\w .-]{0,40}?)[ \t]*[:=][ \t]*(?P<value>[^\s:=][^\n:=]{0,60})$"
)
_LIST: Final = re.compile(r"(?<![\w.])\d++(?:\.\d++)?(?:\s*+[;；、,/|]\s*+\d++(?:\.\d++)?){14,}+")
_LOOSE_LIST: Final = re.compile(r"(?<![\w.])\d++(?:\.\d++)?(?:\s*+[;；、]\s*+\d++(?:\.\d++)?){14,}+")


def check_listed_records(examined: ExaminedFile) -> Iterator[Finding]:
    """Every list of records in the words of a file."""
    for passage in examined.passages:
        folded = fold(passage.text)
        found = (
            *_bracketed(folded.text, is_code=examined.file.is_script),
            *_told(folded.text),
            *_keyed(folded.text),
            *_numbers(folded.text, passage),
        )
        for start, end, severity in found:
            yield _finding(passage.place(*folded.span(start, end)), severity)


Found = tuple[int, int, Severity]


def _bracketed(text: str, *, is_code: bool) -> Iterator[Found]:
    """Rule 1; the place is that of the first record. Calls of a program have one shape, and none is looked at."""
    shapes: dict[str, list[re.Match[str]]] = defaultdict(list)
    for record in _RECORD.finditer(text):
        if not _STATISTIC.search(record[0]):
            shapes[_shape(record[0])].append(record)
    for shape, records in shapes.items():
        if len(records) < _FEWEST or shape.count("#") + shape.count("q") < _FEWEST_VALUES:
            continue
        written = [record[0] for record in records]
        are_persons = _are_persons(written)
        is_told = are_persons or not (is_code or any(len(set(_SEX.findall(one))) > 1 for one in written))
        if is_told and len(set(written)) * 2 > len(written):
            yield *records[0].span(), Severity.REJECT if are_persons else Severity.REVIEW


def _shape(record: str) -> str:
    """A record without its values: numbers are #, quoted words q, other words a."""
    return (
        _LETTERS.sub("a", _NUMBER.sub("#", _QUOTED.sub("\x00", record))).replace("\x00", "q").replace(" ", "")
    )


def _are_persons(records: list[str]) -> bool:
    sexes = [_SEX.findall(record) for record in records]
    days = [_DAY.findall(record) for record in records]
    has_sex = all(len(found) == 1 for found in sexes) and len({found[0] for found in sexes}) > 1
    single = {found[0] for found in days if found}
    are_months = all(_FIRST_OF_MONTH.search(day) for day in single)
    return has_sex or (all(days) and len(single) * 2 > len(days) and not are_months)


def _told(text: str) -> Iterator[Found]:
    """Rule 2."""
    people = list(_AGE_AND_SEX.finditer(text))
    told = {person[0] for person in people}
    are_metres = all(_METRES.fullmatch(person) for person in told)
    if len(told) >= _FEWEST and not are_metres:
        yield people[0].start(), people[0].end(), Severity.REJECT


def _keyed(text: str) -> Iterator[Found]:
    """Rule 3."""
    lines = list(_KEYED.finditer(text))
    keys = Counter(line["key"].strip() for line in lines)
    again = {key for key, count in keys.items() if count >= _FEWEST}
    if any(classify_header(key) in (Topic.PERSONS, Topic.ROWS) for key in again):
        return  # groups with their numbers, which are judged as such
    personal = [key for key in again if PERSONAL.fullmatch(key)]
    if len(again) > 1 and personal and len({keys[key] for key in again}) == 1:
        first = next(line for line in lines if line["key"].strip() in personal)
        yield first.start("key"), first.end(), Severity.REJECT


def _numbers(text: str, passage: Passage) -> Iterator[Found]:
    """Rule 4; the lines of a text may be rows of a table, whose commas say nothing."""
    for found in (_LOOSE_LIST if passage.cell is None else _LIST).finditer(text):
        numbers = re.findall(r"\d+(?:\.\d+)?", found[0])
        values = [float(number) for number in numbers]
        if values in (sorted(values), sorted(values, reverse=True)) and len(set(values)) == len(values):
            continue  # classes, thresholds or times
        are_ages = all("." not in number for number in numbers) and max(values) <= _OLDEST
        yield found.start(), found.end(), Severity.REJECT if are_ages else Severity.REVIEW


def _finding(place: Place, severity: Severity) -> Finding:
    return Finding(
        LISTED,
        severity,
        place,
        say("Records of one shape follow each other here, as rows of single persons do."),
        say("Send counts and statistics of groups; rows of persons cannot leave."),
    )
