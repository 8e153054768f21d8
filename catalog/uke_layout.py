"""The layout of a レセプト電算 file: which field of which record holds what, and what it must look like.

Positions count the record's name as 0. A field that is not listed here is kept and not
judged. Dates stand in western form (YYYYMMDD, YYYYMM) or, in older files, with an era
(GYYMMDD, GYYMM; G: 1 明治, 2 大正, 3 昭和, 4 平成, 5 令和). An era date must lie within its era.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

_ERAS = {
    "1": (1867, date(1868, 1, 25), 45),
    "2": (1911, date(1912, 7, 30), 15),
    "3": (1925, date(1926, 12, 25), 64),
    "4": (1988, date(1989, 1, 8), 31),
    "5": (2018, date(2019, 5, 1), 99),
}
"""Era digit to: the year before its first, its first day, its last year."""

_WESTERN_YEARS = range(1850, 2200)


def read_day(text: str) -> date | None:
    """The day a YYYYMMDD or GYYMMDD text names, or None when it names none."""
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 8:
        return _day(int(text[:4]), text[4:]) if int(text[:4]) in _WESTERN_YEARS else None
    if len(text) == 7 and text[0] in _ERAS:
        offset, first, last_year = _ERAS[text[0]]
        year = int(text[1:3])
        found = _day(offset + year, text[3:]) if 1 <= year <= last_year else None
        return found if found is not None and found >= first else None
    return None


def read_month(text: str) -> date | None:
    """The first day of the month a YYYYMM or GYYMM text names, or None."""
    if len(text) == 6:
        return read_day(text + "01")
    if len(text) == 5 and text[:1] in _ERAS:
        # The first month of an era began before its first day: its last day decides.
        found = read_day(text + "28")
        return found.replace(day=1) if found else None
    return None


def _day(year: int, rest: str) -> date | None:
    try:
        return date(year, int(rest[:2]), int(rest[2:]))
    except ValueError:
        return None


Check = Callable[[str], bool]


def _digits(*lengths: int) -> Check:
    return lambda text: text.isascii() and text.isdigit() and (not lengths or len(text) in lengths)


def _number(text: str) -> bool:
    whole, _, fraction = text.partition(".")
    return len(text) <= 12 and _digits()(whole) and (not fraction or _digits()(fraction))


def _whole(text: str) -> bool:
    return len(text) <= 9 and _digits()(text)


def _modifiers(text: str) -> bool:
    return len(text) <= 80 and len(text) % 4 == 0 and _digits()(text)


def _is_day(text: str) -> bool:
    return read_day(text) is not None


def _is_month(text: str) -> bool:
    return read_month(text) is not None


def _present(text: str) -> bool:
    return bool(text.strip())


def _sex(text: str) -> bool:
    return text in {"1", "2"}


def _code(text: str) -> bool:
    return len(text) <= 12 and text.isascii() and text.isalnum()


@dataclass(frozen=True, slots=True)
class Field:
    """What stands at one position: its name, the check, and whether it may be empty."""

    name: str
    check: Check
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of record: its field counts and the fields that are judged."""

    fewest: int
    most: int
    fields: Mapping[int, Field]


def _required(name: str, check: Check) -> Field:
    return Field(name, check, required=True)


def _days(first: int) -> dict[int, Field]:
    return {first + offset: Field("算定日", _whole) for offset in range(31)}


SI_DAYS = 13
"""Where the 31 days of SI and IY begin."""
TO_DAYS = 17
"""Where the 31 days of TO begin."""

_MEDICAL = {
    1: Field("診療識別", _digits(2)),
    2: Field("負担区分", _code),
    3: _required("コード", _digits(9)),
    4: Field("数量", _number),
    5: Field("点数", _whole),
    6: Field("回数", _whole),
}

LAYOUTS: Mapping[str, Layout] = {
    "IR": Layout(
        8,
        12,
        {
            1: _required("審査支払機関", _digits(1)),
            2: _required("都道府県", _digits(2)),
            3: _required("点数表", _digits(1)),
            4: _required("医療機関コード", _digits(7)),
            7: _required("請求年月", _is_month),
        },
    ),
    "RE": Layout(
        7,
        40,
        {
            1: _required("レセプト番号", _whole),
            2: _required("レセプト種別", _digits(4)),
            3: _required("診療年月", _is_month),
            4: _required("氏名", _present),
            5: _required("男女区分", _sex),
            6: _required("生年月日", _is_day),
            7: Field("給付割合", _digits()),
            8: Field("入院年月日", _is_day),
        },
    ),
    "HO": Layout(
        6,
        17,
        {
            1: _required("保険者番号", _digits(6, 8)),
            4: Field("実日数", _whole),
            5: Field("合計点数", _whole),
        },
    ),
    "KO": Layout(
        6,
        15,
        {
            1: _required("公費負担者番号", _digits(8)),
            4: Field("実日数", _whole),
            5: Field("合計点数", _whole),
        },
    ),
    "SN": Layout(3, 12, {1: _required("負担者種別", _digits(1)), 2: Field("確認区分", _digits(2))}),
    "SY": Layout(
        4,
        9,
        {
            1: _required("傷病名コード", _digits(7)),
            2: _required("診療開始日", _is_day),
            3: Field("転帰区分", _digits(1)),
            4: Field("修飾語コード", _modifiers),
        },
    ),
    "SI": Layout(4, 44, {**_MEDICAL, **_days(SI_DAYS)}),
    "IY": Layout(4, 44, {**_MEDICAL, **_days(SI_DAYS)}),
    "TO": Layout(4, 48, {**_MEDICAL, **_days(TO_DAYS)}),
    "CO": Layout(
        4,
        5,
        {
            1: Field("診療識別", _digits(2)),
            2: Field("負担区分", _code),
            3: _required("コメントコード", _digits(9)),
        },
    ),
    "SJ": Layout(3, 3, {1: _required("症状詳記区分", _digits(2)), 2: _required("症状詳記", _present)}),
    "GO": Layout(3, 4, {1: _required("総件数", _whole), 2: _required("総合計点数", _whole)}),
}
"""Every kind of record that is read. A line of another kind is quarantined, never skipped."""

UNREAD_KINDS = frozenset(
    {
        "MN",
        "JD",
        "MF",
        "GR",
        "RC",
        "JY",
        "EX",
        "BU",
        "SB",
        "KK",
        "SK",
        "GA",
        "HH",
        "GT",
        "TI",
        "TR",
        "TS",
        "MD",
    }
)
"""Kinds that the format has and that are not read here: quarantined, but a receipt goes on after them."""
