"""Days in every form that Japanese records write them, as calendar days.

1. A form is only a day if the calendar has it: 昭和26年2月30日 is none, and an era's years end where the era
   ended (昭和64, 平成31).
2. Read are: 1951年4月5日, 1951/4/5, 1951-04-05, 1951.4.5, 19510405, 5/4/1951, April 5 1951; 昭和26年4月5日, 昭26.4.5,
   昭和二十六年四月五日, 昭和弐拾六年四月五日, 令和元年5月1日, ㍼26 (folded before), S26.4.5, S26/4/5, s26年4月5日; 3260405 (G YYMMDD).
3. Whether a day may be shown depends on what it is the day of; that is for ``days``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.identifiers.check_digits import is_calendar_day
from catalog.identifiers.numerals import read_whole_number

_KANJI = "〇零一二三四五六七八九十壱弐参拾"
_NUMBER = rf"(?:[0-9]{{1,2}}|[{_KANJI}]{{1,3}})"
_B = r"(?<![0-9])(?<![0-9][-./])(?:(?<![A-Za-z])|(?<=DOB)|(?<=dob)|(?<=生))"
_E = r"(?:(?![0-9A-Za-z])|(?=[Tt ][0-9]{2}:))(?![-./][0-9])"
_S = r"\s{0,2}"
_OTHER_YEAR = r"(?:\s?\([^()\n]{1,8}\))?"
ERAS = {"明治": (1868, 45), "大正": (1912, 15), "昭和": (1926, 64), "平成": (1989, 31), "令和": (2019, 80)}
"""Each era's first year and its last year of its own count."""
_SHORT = {"明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}
_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_RECEIPT = {"1": "明治", "2": "大正", "3": "昭和", "4": "平成", "5": "令和"}
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH_NAMES = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"

_WESTERN = re.compile(
    rf"{_B}(?P<y>(?:18|19|20)[0-9]{{2}}){_OTHER_YEAR}{_S}(?:年{_OTHER_YEAR}{_S}(?P<m1>{_NUMBER}){_S}月{_S}(?P<d1>{_NUMBER})(?:{_S}日)?(?![0-9{_KANJI}])"
    rf"|(?P<sep>[-/.]){_S}(?P<m2>[0-9]{{1,2}}){_S}(?P=sep){_S}(?P<d2>[0-9]{{1,2}}){_E})"
)
_EUROPEAN = re.compile(
    rf"{_B}(?P<a>[0-9]{{1,2}})(?P<sep>[-/.])(?P<b>[0-9]{{1,2}})(?P=sep)(?P<y>(?:19|20)[0-9]{{2}}){_E}"
)
_ENGLISH = re.compile(
    rf"(?<![a-z])(?:{_MONTH_NAMES}\s?(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s?|(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]?"
    rf"{_MONTH_NAMES.replace('name', 'name2')}[ ,-]{{0,2}})(?P<y>(?:18|19|20)[0-9]{{2}})(?![0-9])",
    re.IGNORECASE,
)
_ERA = re.compile(
    rf"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令](?=\s?[0-9{_KANJI}元]))\.?{_S}(?P<y>元|[0-9]{{1,2}}|[{_KANJI}]{{1,3}}){_OTHER_YEAR}{_S}"
    rf"(?:年{_OTHER_YEAR}{_S}(?P<m1>{_NUMBER}){_S}月{_S}(?P<d1>{_NUMBER})(?:{_S}日)?|(?P<sep>[-/.]){_S}(?P<m2>[0-9]{{1,2}}){_S}(?P=sep){_S}(?P<d2>[0-9]{{1,2}}))(?![0-9{_KANJI}])"
)
_LETTER = re.compile(
    rf"(?<![0-9])(?:(?<![A-Za-z])|(?<=DOB)|(?<=dob))(?P<era>[MTSHRmtshr])\.?{_S}(?P<y>[0-9]{{1,2}}|元)"
    rf"(?:{_S}年{_S}(?P<m1>[0-9]{{1,2}}){_S}月{_S}(?P<d1>[0-9]{{1,2}})(?:{_S}日)?|{_S}(?P<sep>[-/.]){_S}(?P<m2>[0-9]{{1,2}}){_S}(?P=sep){_S}(?P<d2>[0-9]{{1,2}}))(?![0-9A-Za-z])(?![-./][0-9])"
)
_SOLID = re.compile(
    r"(?<![0-9])(?:(?<![A-Za-z])|(?<=DOB)|(?<=dob))(?<![0-9][-.,/])(?P<y>(?:18|19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9A-Za-z])(?![-.,/][0-9])"
)
_SOLID_ERA = re.compile(
    r"(?<![0-9A-Za-z])(?P<era>[1-5MTSHR])(?P<y>[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?![0-9A-Za-z])"
)
_SHORT_YEAR = re.compile(
    rf"{_B}(?<!和)(?<!成)(?<!正)(?<!治)(?P<y>[0-9]{{2}})(?:年{_S}(?P<m1>[0-9]{{1,2}}){_S}月{_S}(?P<d1>[0-9]{{1,2}})(?:{_S}日)?(?![0-9])"
    rf"|(?P<sep>[-/.])(?P<m2>[0-9]{{1,2}})(?P=sep)(?P<d2>[0-9]{{1,2}}){_E})"
)
_ANY = re.compile(r"[0-9年月]")


@dataclass(frozen=True, slots=True)
class Day:
    """One day as written: its place in the text, its year, how it was written."""

    start: int
    end: int
    year: int
    form: str
    """``western``, ``solid``, ``european``, ``english``, ``era``, ``letter``, ``receipt`` or ``short`` (two digits of a year)."""


def find_days(text: str) -> Iterator[Day]:
    """Every calendar day that a text with ASCII digits writes, in any of the forms."""
    if not _ANY.search(text):
        return
    for match in _WESTERN.finditer(text):
        yield from _day(
            match, int(match["y"]), match["m1"] or match["m2"], match["d1"] or match["d2"], "western"
        )
    for match in _EUROPEAN.finditer(text):
        first, second = match["a"], match["b"]
        month, day = (first, second) if int(second) > 12 else (second, first)
        yield from _day(match, int(match["y"]), month, day, "european")
    for match in _ENGLISH.finditer(text):
        name = (match["name"] or match["name2"]).lower()
        yield from _day(match, int(match["y"]), str(_MONTHS[name[:3]]), match["d1"] or match["d2"], "english")
    yield from _era_days(text)
    for match in _SOLID.finditer(text):
        yield from _day(match, int(match["y"]), match["m"], match["d"], "solid")
    for match in _SHORT_YEAR.finditer(text):
        yield from _day(
            match, 1900 + int(match["y"]), match["m1"] or match["m2"], match["d1"] or match["d2"], "short"
        )
    for match in _SOLID_ERA.finditer(text):
        era = _RECEIPT.get(match["era"]) or _LETTERS[match["era"]]
        yield from _era_day(match, era, match["y"], (match["m"], match["d"]), "receipt")


def _era_days(text: str) -> Iterator[Day]:
    for match in _ERA.finditer(text):
        era = _SHORT.get(match["era"], match["era"])
        parts = (match["m1"] or match["m2"], match["d1"] or match["d2"])
        yield from _era_day(match, era, match["y"], parts, "era")
    for match in _LETTER.finditer(text):
        parts = (match["m1"] or match["m2"], match["d1"] or match["d2"])
        yield from _era_day(match, _LETTERS[match["era"].upper()], match["y"], parts, "letter")


def _era_day(match: re.Match[str], era: str, year: str, parts: tuple[str, str], form: str) -> Iterator[Day]:
    first, last = ERAS[era]
    count = 1 if year == "元" else _number(year)
    if count is not None and 1 <= count <= last:
        yield from _day(match, first + count - 1, *parts, form)


def _day(match: re.Match[str], year: int, month: str, day: str, form: str) -> Iterator[Day]:
    numbers = (_number(month), _number(day))
    if None not in numbers and is_calendar_day(year, numbers[0] or 0, numbers[1] or 0):
        yield Day(*match.span(), year, form)


def _number(written: str) -> int | None:
    return int(written) if written.isascii() else read_whole_number(written)
