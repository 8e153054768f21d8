"""Numbers that identify, found by the label beside them or by their own form.

1. A label belongs to the value behind it, over at most a few words and one line end; a label in brackets
   behind a value belongs to that value; a label outside (a column's header) to every value.
2. The nearest label decides, a harmless one too. A list goes on (A、B and C) while the values have the
   same length.
3. Groups, blanks and line ends inside a value do not matter. Behind a label a value of the right length is
   reported whether its check digit holds or not: people mistype; the check digit makes it certain.
4. Without a label only forms that prove something are reported: a check digit over the right structure, or
   groups and letters that nothing else has. A time of the clock, money, a measure or a row of other
   numbers is none.
5. ``form`` says what gave the number away: ``label``, ``check_digit`` (chance in 1 of 9 to 11), ``shape``, or
   ``bare``: nothing but its length, in a text that does not explain it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.identifiers.check_digits import is_timestamp
from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.number_kinds import BY_KIND, HARMLESS, LABELS, NumberKind
from catalog.identifiers.readings import Reading

LABEL = "label"
CHECK_DIGIT = "check_digit"
SHAPE = "shape"
BARE = "bare"

UNIT = (
    r"[ \u3000]?(?:人|名(?!簿)|症例|例|件|円|万|億|歳|才|%|‰|点|日(?!本)|年(?![齢代])|月|か月|ヶ月|カ月|週|時間|分|秒|回|施設|病院|床|列|行|文字|桁|字|種類"
    r"|個|倍|品目|項目|世帯|mg|µg|μg|ug|ng|pg|g/|kg|mL|ml|dL|L/|mmol|mEq|cm|mm|km|bpm|mmHg|IU|U/|Gy|Bq|kcal|px|dpi|bytes?|KB|MB|GB|Hz|rows?"
    r"|patients?|persons?|cases?|subjects?|records?|yen|JPY|USD)"
)
NO_UNIT = rf"(?!{UNIT})"
_SAID = r"(?:\s?[(（][^()（）0-9\n]{0,4}[0-9]{1,2}\s?(?:桁|ケタ|digits?)[^()（）\n]{0,6}[)）])?"
"""個人番号(12桁): how long the number is, said beside its label."""
_GAP = _SAID + r"[^0-9。;；\n]{0,18}?(?:\n[ \t]{0,12}[^0-9。;；\n]{0,4}?)?"
_BODY = r"(?P<value>[A-Za-z]{0,4}[-_]?[0-9](?:[0-9A-Za-z]|[-_./・ \n]{1,2}(?=[0-9A-Za-z]))*)"
_VALUE = rf"(?<![0-9A-Za-z])(?:第\s?)?{_BODY}"
_TOUCHING = re.compile(_BODY)
_BEHIND = re.compile(_GAP + _VALUE)
_IN_FRONT = re.compile(
    r"(?<![0-9A-Za-z])([A-Za-z]{0,4}-?[0-9](?:[0-9A-Za-z]|[- ](?=[0-9A-Za-z]))*)\s?[(\[]\s?$"
)
_LIST = re.compile(r"\s?(?:[、,，/／;；・と]|及び|および|または|or|and|\n)\s?[^0-9A-Za-z\n]{0,6}?" + _VALUE)
_GROUP = re.compile(r"[0-9A-Za-z]+")
_LONG_ROW = re.compile(r"[0-9](?:[-_./・ \n]{0,2}[0-9]){3,}")
_REACH = 48
"""Characters around a row of digits in which its label may stand."""
_AMOUNT = re.compile(NO_UNIT)
_MONEY_BEFORE = re.compile(r"[¥$€£\\<>≦≧±]\s?$")


@dataclass(frozen=True, slots=True)
class _Value:
    """A value behind a label: its place and its letters and digits."""

    start: int
    end: int
    characters: str


def find_labelled_numbers(reading: Reading) -> Iterator[Hit]:
    """Every number with a label of its own, and every one under a label from outside."""
    outer = _outer_label(reading.context)
    if outer not in (None, HARMLESS):
        yield from _after(reading, 0, BY_KIND[outer or HARMLESS], len(reading.digits))
    labels = _labels(reading)
    for place, label in enumerate(labels):
        row = BY_KIND[label.lastgroup or HARMLESS]
        limit = labels[place + 1].start() if place + 1 < len(labels) else len(reading.digits)
        if row.kind != HARMLESS:
            found = list(_after(reading, label.end(), row, limit))
            yield from found or _in_brackets(reading, label.start(), row)


def harmless_places(reading: Reading) -> list[tuple[int, int]]:
    """Where a harmless label stands with the values behind it: no form proves anything there."""
    places = []
    for label in _labels(reading):
        if label.lastgroup == HARMLESS:
            match = _BEHIND.match(reading.digits, label.end())
            places.append((label.start(), match.end() if match else label.end()))
    if _outer_label(reading.context) == HARMLESS:
        places.insert(0, (0, len(reading.text)))
    return places


def _labels(reading: Reading) -> list[re.Match[str]]:
    """The labels of a text that stand near four digits or more; the others head no number."""
    found: list[re.Match[str]] = []
    done = 0
    end = -1
    for row in _LONG_ROW.finditer(reading.digits):
        start = max(done, row.start() - _REACH)
        if start > end:
            found += LABELS.finditer(reading.text, done, end) if end > done else ()
            done = start
        end = row.end() + _REACH
    found += LABELS.finditer(reading.text, done, end) if end > done else ()
    return found


def _outer_label(context: str) -> str | None:
    """The kind that a header names; its last label decides, as Japanese puts the head noun last."""
    last = None
    for label in LABELS.finditer(context):
        last = label.lastgroup
    return last


def _after(reading: Reading, start: int, row: NumberKind, limit: int) -> Iterator[Hit]:
    """The value behind a label and those that continue its list."""
    match = (start and _TOUCHING.match(reading.digits, start)) or _BEHIND.match(reading.digits, start)
    size = 0
    while match and match.start("value") < limit:
        value = _fitting(reading.digits, match.start("value"), match.end("value"), row)
        if value is None or (size and len(value.characters) != size):
            return
        hit = _judged(reading, value, row)
        if hit is None:
            return
        yield hit
        size = len(value.characters)
        match = _LIST.match(reading.digits, value.end)


def _in_brackets(reading: Reading, start: int, row: NumberKind) -> Iterator[Hit]:
    """``123456789018(個人番号)``: the label behind the value."""
    first = max(0, start - 40)
    match = _IN_FRONT.search(reading.digits[first:start])
    if match:
        value = _fitting(reading.digits, first + match.start(1), first + match.end(1), row)
        hit = _judged(reading, value, row) if value else None
        if hit:
            yield hit


def _fitting(text: str, start: int, end: int, row: NumberKind) -> _Value | None:
    """The longest run of groups from the start whose digits have a length that the kind knows."""
    best = None
    characters = ""
    for group in _GROUP.finditer(text, start, end):
        characters += group.group()
        digits = sum(character.isdigit() for character in characters)
        if digits > max(row.lengths):
            break
        if not row.letters and not characters.isdigit():
            break
        if digits in row.lengths:
            best = _Value(start, group.end(), characters)
            if row.check and row.check(characters):
                break
            if _ends_here(text, group.end(), row):
                break
    return best


def _ends_here(text: str, place: int, row: NumberKind) -> bool:
    """Whether a value is over: a blank or a line end behind enough digits parts it from what follows."""
    return row.letters and text[place : place + 1] in (" ", "\n", "")


def _judged(reading: Reading, value: _Value, row: NumberKind) -> Hit | None:
    """The hit that a value behind a label is, or None for an amount, a year or a time."""
    passes = row.check is not None and row.check(value.characters)
    if not passes:
        if not _AMOUNT.match(reading.digits, value.end) or _MONEY_BEFORE.search(
            reading.digits[max(0, value.start - 2) : value.start]
        ):
            return None
        if row.letters and re.fullmatch(r"(?:19|20)[0-9]{2}", value.characters):
            return None
        if row.letters and is_timestamp(value.characters) and row.kind in ("id_number", "record_number"):
            return None
    certainty = Certainty.CERTAIN if passes else Certainty.WEAK if row.weak else Certainty.LIKELY
    certainty = min(certainty, Certainty.WEAK) if row.weak else certainty
    return reading.hit(row.kind, _with_its_words(reading.text, value), certainty, LABEL)


def _with_its_words(text: str, value: _Value) -> tuple[int, int]:
    """第123456号: the words around a number are part of how it is written."""
    before = text[max(0, value.start - 2) : value.start]
    start = value.start - (len(before) - before.rfind("第")) if "第" in before else value.start
    return start, value.end + (text[value.end : value.end + 1] == "号")
