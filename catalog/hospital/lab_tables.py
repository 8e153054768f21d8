"""The table ``lab_result``: codes, units and limits around the values.

Values stand normalised to the item's unit, as a source that was taken in has them; ``unit_source``
says how the hospital sent them, and a value that came in another unit is as coarse as that.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.hospital.coded import Coded, TableData, same
from catalog.hospital.events import Encounters
from catalog.hospital.facilities import PREFECTURES, Facilities
from catalog.hospital.lab_items import (
    BLOOD_GROUPS,
    GRADES,
    IMPURITIES,
    ITEMS,
    METHODS_BEFORE,
    OTHER_HBA1C,
    PLACE,
)
from catalog.hospital.labs import BEYOND, IMPOSSIBLE, WORDS, LabResults, words_of
from catalog.hospital.people import People
from catalog.hospital.scale import Part

SOURCE_SYSTEM = "generated"
_NO_RANGE, _CORRECTED = 0.06, 0.01
_COUNT = len(ITEMS)
_ALP, _LD, _HBA1C, _CA, _WBC = (PLACE[name] for name in ("ALP", "LD", "HbA1c", "Ca", "WBC"))
_VARIANTS = (METHODS_BEFORE["ALP"][0], METHODS_BEFORE["LD"][0], OTHER_HBA1C)
_CODES = (*(item.jlac10 for item in ITEMS), *_VARIANTS)
_UNITS = tuple(item.unit for item in ITEMS)
_SOURCE_UNITS = (*(unit.replace("10*4", ".10*4") for unit in _UNITS), "meq/L", ".10*3/uL")
_SIGNS, _RH = ("-", "+"), ("+", "-")


def lab_results(
    part: Part, people: People, encounters: Encounters, facilities: Facilities, made: LabResults
) -> TableData:
    """The table, one column after the other."""
    count = len(made.item)
    fresh = part.stream("lab rows")
    female = people.female[encounters.person][made.encounter]
    facility = encounters.facility[made.encounter].astype(np.int16)
    variant = _variants(encounters, facilities, made, facility)
    value = _in_its_unit(facilities, made, facility, variant)
    low, high = _limits(made.item, female, variant)
    beyond = (made.fate < BEYOND) & ~np.isnan(value)
    words = (made.fate >= BEYOND) & (made.fate < BEYOND + WORDS) & ~np.isnan(value)
    above = value > (low + high) / 2
    value[beyond] = np.where(above, high, np.maximum(low, 0))[beyond]
    odd = (made.fate >= BEYOND + WORDS) & (made.fate < BEYOND + WORDS + IMPOSSIBLE)
    value[odd] *= np.where(made.item[odd] % 2 == 0, -1.0, 1000.0)
    value[words] = np.nan
    ranged = fresh.random(count, dtype=np.float32) >= _NO_RANGE
    measured = ~np.isnan(value)
    flag = np.where(measured, _flags(value, low, high), -1).astype(np.int8)
    low[~ranged], high[~ranged] = np.nan, np.nan
    at = encounters.at
    return {
        "result_key": part.keys("lab_result", count),
        "patient_key": people.keys[encounters.person][made.encounter],
        "encounter_key": encounters.keys[made.encounter],
        "specimen_ts": at[made.encounter],
        "jlac10": Coded(variant, _CODES),
        "local_code": Coded(facility * np.int16(_COUNT) + made.item, _local_codes()),
        "local_name": Coded(made.item, tuple(item.name for item in ITEMS)),
        "specimen_code": Coded(made.item, tuple(item.jlac10[9:12] for item in ITEMS)),
        "value_num": value,
        "value_text": _texts(made, beyond, above, words),
        "comparator": Coded(np.where(beyond, above, -1).astype(np.int8), ("<", ">")),
        "ordinal": Coded(np.where(made.ordinal < 0, -1, made.ordinal).astype(np.int8), tuple(range(6))),
        "unit_ucum": Coded(made.item, _UNITS),
        "unit_source": Coded(_source_units(facilities, made, facility), _SOURCE_UNITS),
        "ref_low": low,
        "ref_high": high,
        "abn_flag": Coded(flag, ("L", "N", "H", "LL", "HH")),
        "method_code": Coded(variant, tuple(code[12:15] for code in _CODES)),
        "status": Coded((fresh.random(count, dtype=np.float32) < _CORRECTED).astype(np.int8), ("F", "C")),
        "facility_key": Coded(facility.astype(np.int8), tuple(facilities.keys.tolist())),
        "source_system": same(SOURCE_SYSTEM, count),
    }


def _variants(
    encounters: Encounters, facilities: Facilities, made: LabResults, facility: NDArray[Any]
) -> NDArray[np.int8]:
    """Which code a row has: its item's, or another method's."""
    variant = made.item.copy()
    before = (encounters.day < facilities.changed[encounters.facility])[made.encounter]
    variant[(made.item == _ALP) & before] = _COUNT
    variant[(made.item == _LD) & before] = _COUNT + 1
    variant[(made.item == _HBA1C) & facilities.immuno_hba1c[facility]] = _COUNT + 2
    return variant


def _in_its_unit(
    facilities: Facilities, made: LabResults, facility: NDArray[Any], variant: NDArray[np.int8]
) -> NDArray[np.float64]:
    """Values as the hospital could send them: the old method's height, another unit's coarseness."""
    value = made.value.copy()
    old = variant == _COUNT
    value[old] = np.rint(value[old] * METHODS_BEFORE["ALP"][1])
    coarse = (made.item == _CA) & facilities.calcium_in_meq[facility]
    value[coarse] = np.rint(value[coarse] * 5) / 5  # two mg/dL to one mEq/L, written with one decimal
    thousands = (made.item == _WBC) & facilities.white_in_thousands[facility]
    value[thousands] = np.rint(value[thousands] / 100) * 100
    return value


def _source_units(facilities: Facilities, made: LabResults, facility: NDArray[Any]) -> NDArray[np.int8]:
    unit = made.item.copy()
    unit[(made.item == _CA) & facilities.calcium_in_meq[facility]] = _COUNT
    unit[(made.item == _WBC) & facilities.white_in_thousands[facility]] = _COUNT + 1
    return unit


def _limits(
    item: NDArray[np.int8], female: NDArray[np.bool_], variant: NDArray[np.int8]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    place = item.astype(np.int16) * 2 + female
    lows = np.array([limit for i in ITEMS for limit in i.low])
    highs = np.array([limit for i in ITEMS for limit in i.high])
    for n, i in enumerate(ITEMS):
        if i.scale in {"ordinal", "sign", "code"}:
            lows[2 * n : 2 * n + 2] = highs[2 * n : 2 * n + 2] = np.nan
    low, high = lows[place], highs[place]
    old = variant == _COUNT
    low[old], high[old] = 106.0, 322.0
    return low, high


def _flags(
    value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.int8]:
    """L, N, H, and far below or above: LL, HH."""
    flag = 1 + (value > high).astype(np.int8) - (value < low)
    flag[value > 3 * high] = 4
    flag[value < low / 2] = 3
    return flag


def _texts(
    made: LabResults, beyond: NDArray[np.bool_], above: NDArray[np.bool_], words: NDArray[np.bool_]
) -> Coded:
    """What stands in words: a limit with its sign, a grade, or what has no place there."""
    limits = [
        f"{sign}{limit:g}"
        for item in ITEMS
        for sign, limit in (("<", max(item.low[0], 0)), (">", item.high[0]))
    ]
    code = np.full(len(made.item), -1, dtype=np.int16)
    code[beyond] = made.item[beyond].astype(np.int16) * 2 + above[beyond]
    after = len(limits)
    graded = made.ordinal >= 0
    start = np.array([_grade_start(n) for n in range(_COUNT)], dtype=np.int16) + after
    code[graded] = start[made.item[graded]] + made.ordinal[graded]
    code[words] = after + _grade_start(-1) + words_of(made.fate[words])
    return Coded(code, (*limits, *GRADES, *_SIGNS, *BLOOD_GROUPS, *_RH, *IMPURITIES))


def _grade_start(item: int) -> int:
    """Where an item's grades begin in the list of texts; -1 for what follows them."""
    scale = "" if item < 0 else ITEMS[item].scale
    if scale == "sign":
        return len(GRADES)
    if scale == "code":
        return len(GRADES) + len(_SIGNS) + (len(BLOOD_GROUPS) if ITEMS[item].name == "BLD-Rh" else 0)
    return 0 if scale else len(GRADES) + len(_SIGNS) + len(BLOOD_GROUPS) + len(_RH)


@cache
def _local_codes() -> tuple[str, ...]:
    """Each hospital's own code of each item."""
    return tuple(
        f"{chr(65 + hospital)}{1000 + 7 * item + hospital}"
        for hospital in range(len(PREFECTURES))
        for item in range(_COUNT)
    )
