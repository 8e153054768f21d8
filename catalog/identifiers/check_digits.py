"""The check digit rules of Japanese numbers, each with its source.

Every function takes a text of ASCII digits of the right length and says whether its check digit is the
one the rule gives. A number that passes may still be chance (1 in 9, 10 or 11), so callers weigh it.
"""

from collections.abc import Callable, Iterable
from datetime import date

Check = Callable[[str], bool]

_PREFECTURES = frozenset(f"{number:02}" for number in range(1, 48))
_INSURER_LAWS = frozenset(
    [
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "31",
        "32",
        "33",
        "34",
        "39",
        "63",
        "67",
        "72",
        "73",
        "74",
        "75",
    ]
)
_PUBLIC_LAWS = frozenset(
    [
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "20",
        "21",
        "22",
        "23",
        "24",
        "25",
        "28",
        "29",
        "30",
        "38",
        "51",
        "52",
        "53",
        "54",
        "62",
        "66",
        "79",
    ]
) | frozenset(str(number) for number in range(80, 100))
"""法別番号 of public payers; 80 to 99 are those of prefectures and municipalities."""
_POLICE_BOARDS = frozenset(
    [
        "10",
        "11",
        "12",
        "13",
        "14",
        "20",
        "21",
        "22",
        "23",
        "24",
        "25",
        "26",
        "27",
        "30",
        "40",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "50",
        "51",
        "52",
        "53",
        "54",
        "55",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "70",
        "71",
        "72",
        "73",
        "74",
        "80",
        "81",
        "82",
        "83",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
        "97",
    ]
)
"""Codes of the public safety commissions that issue driving licences."""


def is_my_number(digits: str) -> bool:
    """個人番号: 11 minus (weights 6 5 4 3 2 7 6 5 4 3 2) mod 11, 10 and 11 give 0 (MIC ordinance 85 of 2014, article 5)."""
    return len(digits) == 12 and int(digits[-1]) == _mod_11(digits[:-1], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))


def is_corporate_number(digits: str) -> bool:
    """法人番号: the first digit is 9 minus (weights 1 2 from the right) mod 9 (MOF ordinance 70 of 2014)."""
    if len(digits) != 13:
        return False
    total = sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits[1:])))
    return int(digits[0]) == 9 - total % 9


def is_mod_10(digits: str) -> bool:
    """保険者番号, 公費負担者番号, 受給者番号, 医療機関コード: weights 2 1 from the right, digits of products added, mod 10."""
    total = sum(
        sum(divmod(int(digit) * (1 if place % 2 else 2), 10))
        for place, digit in enumerate(reversed(digits[:-1]))
    )
    return int(digits[-1]) == -total % 10


def is_insurer_number(digits: str) -> bool:
    """保険者番号: 法別 2 + prefecture 2 + insurer 3 + check, or the last six alone for 国民健康保険."""
    if len(digits) == 8:
        return digits[:2] in _INSURER_LAWS and digits[2:4] in _PREFECTURES and is_mod_10(digits)
    return len(digits) == 6 and digits[:2] in _PREFECTURES and is_mod_10(digits)


def is_public_payer_number(digits: str) -> bool:
    """公費負担者番号: 法別 2 + prefecture 2 + body 3 + check."""
    return (
        len(digits) == 8 and digits[:2] in _PUBLIC_LAWS and digits[2:4] in _PREFECTURES and is_mod_10(digits)
    )


def is_recipient_number(digits: str) -> bool:
    """受給者番号: six digits and a check digit."""
    return len(digits) == 7 and is_mod_10(digits)


def is_facility_code(digits: str) -> bool:
    """医療機関コード: 7 digits with a check digit, with prefecture and 点数表 in front 10."""
    if len(digits) == 10:
        return digits[:2] in _PREFECTURES and digits[2] in "13456" and is_mod_10(digits[3:])
    return len(digits) == 7 and is_mod_10(digits)


def is_driving_licence(digits: str) -> bool:
    """運転免許証番号: the 11th digit is 11 minus (weights 5 4 3 2 7 6 5 4 3 2) mod 11 over the first ten."""
    return (
        len(digits) == 12
        and digits[:2] in _POLICE_BOARDS
        and int(digits[10]) == _mod_11(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    )


def is_resident_code(digits: str) -> bool:
    """住民票コード: ten digits and a check digit, mod 11 with the weights of the 個人番号 (5 4 3 2 7 6 5 4 3 2)."""
    return len(digits) == 11 and int(digits[-1]) == _mod_11(digits[:-1], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))


def is_luhn(digits: str) -> bool:
    """Cards of payment, ISO/IEC 7812: the same mod 10 rule, over 14 to 16 digits."""
    return 14 <= len(digits) <= 16 and is_mod_10(digits)


def is_timestamp(digits: str) -> bool:
    """Eight, ten, twelve, 14 or 17 digits that read as a date of 1900 to 2099, with hour, minute, second."""
    if len(digits) not in (8, 10, 12, 14, 17) or digits[:2] not in ("19", "20"):
        return False
    parts = zip(digits[8:14:2], digits[9:14:2], strict=False)
    clock = [int(tens + ones) for tens, ones in parts]
    return is_calendar_day(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) and all(
        part < most for part, most in zip(clock, (24, 60, 60), strict=False)
    )


def is_calendar_day(year: int, month: int, day: int) -> bool:
    """Whether the Gregorian calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _mod_11(digits: str, weights: Iterable[int]) -> int:
    """The check digit that 11 minus the weighted sum mod 11 gives, with 10 and 11 as 0."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return 11 - total % 11 if total % 11 > 1 else 0
