"""Numbers that identify by their form alone, without a label; see rules 4 and 5 of ``numbers``.

``check_digit`` hits may be chance, so a reader of a whole column weighs them against the cells that fail;
``shape`` hits have groups or letters that hardly anything else has. ``bare`` hits are long numbers that no
unit, no label and no sign explains: in running text people look at them, in tables they are results.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from catalog.identifiers import check_digits
from catalog.identifiers.contacts import in_numbering_plan
from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import BARE, CHECK_DIGIT, NO_UNIT, SHAPE, harmless_places
from catalog.identifiers.readings import Reading

_BEGIN = r"(?<![0-9A-Za-z])(?<![0-9][-.,/:+ ])(?<![-+¥$.])"
_FINISH = r"(?![0-9A-Za-z])(?![-.,/:][0-9])(?! [0-9]{2,}(?![0-9]*-))" + NO_UNIT
_LONG = 7
_NO_SIGN = r"(?<![=<>≦≧≤≥≒±約計総全延])(?<![=<>≦≧≤≥≒±約計総全延] )"
_ROW = re.compile(r"[0-9](?:[-_./・ \n]{0,2}[0-9]){4,}")
"""Five digits in a row: no form has fewer."""
_LETTERS = 4
"""Characters that a form may have before its first digit (AB12345678CD, 第123456号)."""
_BEYOND = 24
"""Characters behind a row that a form or the unit behind it may take."""
_LINE = 200
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-鿿]")
_YEARS = re.compile(r"(?:(?:19|20)[0-9]{2}){3}")


@dataclass(frozen=True, slots=True)
class _Form:
    """A shape, what its letters and digits must satisfy, and what it then is."""

    kind: str
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool]
    certainty: Certainty
    form: str


def _form(
    kind: str, shape: str, accepts: Callable[[str], bool], certainty: Certainty, form: str = CHECK_DIGIT
) -> _Form:
    return _Form(kind, re.compile(_BEGIN + rf"(?:{shape})" + _FINISH), accepts, certainty, form)


def _my_number(digits: str) -> bool:
    return (
        check_digits.is_my_number(digits)
        and not check_digits.is_timestamp(digits)
        and not _YEARS.fullmatch(digits)
        and not digits.endswith("0000")
        and len(set(digits)) > 3
    )


def _licence(digits: str) -> bool:
    return check_digits.is_driving_licence(digits) and not check_digits.is_timestamp(digits)


def _corporate(digits: str) -> bool:
    """Registry offices are 0100 to 6xxx, then a kind of company; offices of the state have 7000012, 8000020."""
    return (
        check_digits.is_corporate_number(digits)
        and not (digits[:2] in ("45", "49") and _is_ean(digits))
        and digits[5:7] in ("00", "01", "02", "03", "04", "05", "12", "20")
    )


def _is_ean(digits: str) -> bool:
    """Article numbers: weights 1 3 from the left."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return total % 10 == 0


def _insurer(digits: str) -> bool:
    return check_digits.is_insurer_number(digits) and not check_digits.is_timestamp(digits)


def _national_insurer(digits: str) -> bool:
    """Six digits of 国民健康保険 that are no month (202104) and no round amount."""
    return (
        check_digits.is_insurer_number(digits)
        and not re.fullmatch(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])", digits)
        and not digits.endswith("00")
    )


def _public_payer(digits: str) -> bool:
    return (
        check_digits.is_public_payer_number(digits)
        and not check_digits.is_timestamp(digits)
        and not digits.startswith("20")
    )


def _always(_characters: str) -> bool:
    return True


def _not_a_year(digits: str) -> bool:
    return not re.match(r"(?:19|20)[0-9]{2}", digits)


def _unexplained(digits: str) -> bool:
    """Seven digits or more that are no time, no round amount and no row of one digit."""
    return (
        not check_digits.is_timestamp(digits)
        and not digits.endswith("000")
        and len(set(digits)) > 1
        and not _is_another_kind(digits)
    )


def _is_another_kind(digits: str) -> bool:
    """Telephone and individual numbers have rows of their own."""
    return in_numbering_plan(digits) or check_digits.is_my_number(digits)


def _unexplained_groups(digits: str) -> bool:
    return (
        len(digits) >= _LONG
        and not check_digits.is_timestamp(digits)
        and not check_digits.is_timestamp(f"20{digits}")
        and not _is_another_kind(digits)
    )


FORMS: tuple[_Form, ...] = (
    _form("my_number", r"[0-9]{12}", _my_number, Certainty.LIKELY),
    _form("my_number", r"[0-9]{4}([- ・])[0-9]{4}\1[0-9]{4}", _my_number, Certainty.LIKELY),
    _form("my_number", r"(?:[0-9] ){11}[0-9]", _my_number, Certainty.LIKELY),
    _form("driving_licence", r"[0-9]{12}", _licence, Certainty.WEAK),
    _form("corporate_number", r"[0-9]{13}|[0-9]-[0-9]{4}-[0-9]{4}-[0-9]{4}", _corporate, Certainty.WEAK),
    _form("insurer_number", r"[0-9]{8}", _insurer, Certainty.WEAK),
    _form("insurer_number", _NO_SIGN + r"[0-9]{6}", _national_insurer, Certainty.WEAK),
    _form("public_payer_number", r"[0-9]{8}", _public_payer, Certainty.WEAK),
    _form("pension_number", r"[0-9]{4}-[0-9]{6}", _not_a_year, Certainty.LIKELY, SHAPE),
    _form("employment_number", r"[0-9]{4}-[0-9]{6}-[0-9]", _always, Certainty.LIKELY, SHAPE),
    _form("passport", r"(?:[A-Z]{2}[0-9]{7}(?![-_]))", _always, Certainty.LIKELY, SHAPE),
    _form("residence_card", r"[A-Z]{2}[- ]?[0-9]{8}[- ]?[A-Z]{2}", _always, Certainty.LIKELY, SHAPE),
    _form("care_insured_number", r"H[0-9]{9}", _always, Certainty.WEAK, SHAPE),
    _form(
        "card_number",
        r"[0-9]{4}([- ])[0-9]{4}\1[0-9]{4}\1[0-9]{4}|[0-9]{16}",
        check_digits.is_luhn,
        Certainty.LIKELY,
    ),
    _form("physician_registration", r"(?<!特許)第\s?[0-9]{5,6}\s?号", _always, Certainty.WEAK, SHAPE),
    _form("narcotics_licence", r"第\s?[0-9]{1,3}-[0-9]{2,5}\s?号", _always, Certainty.WEAK, SHAPE),
    _form("id_number", _NO_SIGN + r"[0-9]{7,16}", _unexplained, Certainty.WEAK, BARE),
    _form(
        "id_number",
        _NO_SIGN + r"(?:0[0-9]{1,5}-[0-9]{2,6}|[0-9]{2,6}-[0-9]{1,6}-[0-9]{1,6}(?:-[0-9]{1,6})?)",
        _unexplained_groups,
        Certainty.WEAK,
        BARE,
    ),
)

_LETTERED = re.compile(
    r"(?:旅券|パスポート|passport)\D{0,16}?(?<![A-Za-z])(?P<passport>[A-Za-z]{2}[- ]?[0-9]{7})(?![0-9A-Za-z])"
    r"|(?:在留(?:カード)?|特別永住者証明書|residence[ _-]?card|zairyu)\D{0,18}?(?<![A-Za-z])(?P<residence_card>[A-Za-z]{2}[- ]?[0-9]{8}[- ]?[A-Za-z]{2})(?![0-9A-Za-z])"
    r"|P<JPN(?P<mrz>[A-Z]+<<[A-Z<]+(?:\s?[A-Z0-9<]{30,44})?)",
    re.IGNORECASE,
)


def find_bare_numbers(reading: Reading) -> Iterator[Hit]:
    """Every number whose form alone says what it is."""
    text = reading.digits
    found = [
        (row, match)
        for candidate in _ROW.finditer(text)
        for row in FORMS
        for match in row.pattern.finditer(
            text, max(0, candidate.start() - _LETTERS), candidate.end() + _BEYOND
        )
        if row.accepts(re.sub(r"[^0-9A-Za-z]", "", match.group()))
    ]
    if not found:
        return
    harmless = harmless_places(reading)
    if harmless[:1] == [(0, len(reading.text))]:
        return
    starts = [start for start, _ in harmless]
    for row, match in found:
        before = bisect_right(starts, match.start())
        if row.form == BARE and not _is_in_prose(text, match):
            continue
        if not any(match.start() < end for _, end in harmless[max(0, before - 3) : before]):
            yield reading.hit(row.kind, match.span(), row.certainty, row.form)


def _is_in_prose(text: str, match: re.Match[str]) -> bool:
    """Whether a line speaks Japanese, or the number has a zero in front: prints of programs are full of numbers."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    line = text[max(start, match.start() - _LINE) : min(len(text) if end < 0 else end, match.end() + _LINE)]
    return match.group().startswith("0") or bool(_JAPANESE.search(line))


def find_lettered_numbers(reading: Reading) -> Iterator[Hit]:
    """Passports and residence cards behind their labels, in small letters too, and machine readable lines."""
    for match in _LETTERED.finditer(reading.digits):
        for kind, value in match.groupdict().items():
            if value:
                found = "passport" if kind == "mrz" else kind
                yield reading.hit(found, match.span(kind), Certainty.CERTAIN, "label")
    if re.search(r"旅券|パスポート|passport|在留|residence", reading.context, re.IGNORECASE):
        for match in re.finditer(
            r"(?<![0-9A-Za-z])[A-Za-z]{2}[- ]?[0-9]{7,8}(?:[- ]?[A-Za-z]{2})?(?![0-9A-Za-z])", reading.digits
        ):
            kind = "residence_card" if match.group()[-1].isalpha() else "passport"
            yield reading.hit(kind, match.span(), Certainty.CERTAIN, "label")
