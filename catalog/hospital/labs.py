"""Laboratory results of the invented people, a part at a time.

A value is a person's standing (twenty hidden dimensions and what their diseases do to it), the
day's own noise and the hospital's instrument; items that go together are mixed by the strength
``lab_items`` gives them. Then what real data have is done to it: panels are not always ordered,
a hospital lacks items, methods and units differ, and of all rows (shares are design choices)

* 2 % are reported twice, 1 % are corrections (status C), 6 % lack their reference range;
* 4 % say only that a value is beyond a limit (``<`` or ``>``), 1.5 % hold words instead;
* 0.3 % are impossible, and 0.5 % of potassium is of haemolysed blood.

Values are computed in double precision and rounded to the item's decimals, so that another
machine's last bit makes no other row. Columns are codes, not texts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.hospital.coded import Flags, Numbers, Reals
from catalog.hospital.diseases import (
    CANCERS,
    COPD,
    DIABETES,
    DISEASES,
    DYSLIPIDAEMIA,
    HEART,
    HEPATITIS_B,
    HEPATITIS_C,
    HIV,
    KIDNEY,
    RHEUMATISM,
    SYPHILIS,
)
from catalog.hospital.events import Encounters
from catalog.hospital.facilities import Facilities
from catalog.hospital.lab_items import (
    GRADE_LIMITS,
    IMPURITIES,
    ITEMS,
    PANEL_SHARES,
    PANELS,
    PLACE,
)
from catalog.hospital.people import FIRST_DAY, People
from catalog.hospital.scale import Part

_ORDERED, _NONE_AFTER_ALL = 0.60, 0.08
_HIDDEN = 20
_OF_PERSON, _OF_DAY = 0.8, 0.6
_WITHIN_PANEL = 240
"""Of 256: how often an item of an ordered panel has a result."""
_TWICE, _HAEMOLYSED = 0.02, 0.005
BEYOND, WORDS, IMPOSSIBLE = 0.04, 0.015, 0.003
"""What becomes of a row, by one draw: the first 4 %, the next 1.5 %, the next 0.3 %."""
ORDINALS = tuple(n for n, item in enumerate(ITEMS) if item.scale in {"ordinal", "sign", "code"})
MEASURED = tuple(n for n, item in enumerate(ITEMS) if item.scale in {"log", "plain"})
_EFFECTS = (
    (DIABETES, "HbA1c", 3.6),
    (DIABETES, "BS", 2.4),
    (DIABETES, "U-Glu", 1.2),
    (DIABETES, "U-A/C", 0.8),
    (DYSLIPIDAEMIA, "LDL-C", 0.9),
    (DYSLIPIDAEMIA, "TG", 0.7),
    (KIDNEY, "Cre", 2.4),
    (KIDNEY, "U-TP", 1.0),
    (KIDNEY, "U-P/C", 1.5),
    (KIDNEY, "K", 0.6),
    (KIDNEY, "Hb", -0.6),
    (HEART, "BNP", 2.2),
    (HEART, "DD", 0.5),
    (COPD, "WBC", 0.4),
    (HEPATITIS_B, "AST", 1.4),
    (HEPATITIS_C, "AST", 1.6),
    (HEPATITIS_C, "PLT", -1.0),
    (RHEUMATISM, "CRP", 1.3),
    *((cancer, "ALB", -0.9) for cancer in CANCERS),
    *((cancer, "CRP", 0.9) for cancer in CANCERS),
)
"""What a disease does to a standing, in standard deviations."""
_SIGNS = {"RPR": SYPHILIS, "TP抗体": SYPHILIS, "HBs抗原": HEPATITIS_B, "HCV抗体": HEPATITIS_C, "HIV抗体": HIV}
_BEFORE_EGFR = len(ITEMS) - 1


@dataclass(frozen=True, slots=True)
class LabResults:
    """One entry per row, ordered by encounter and item."""

    encounter: NDArray[np.int32]
    item: NDArray[np.int8]
    value: Reals
    """As measured and rounded; NaN for what has no number."""
    ordinal: NDArray[np.int8]
    """Grade, sign or blood group; -2 for what has none."""
    fate: NDArray[np.float32]
    """The row's one draw: ``BEYOND``, ``WORDS`` and ``IMPOSSIBLE`` lie at its low end."""
    again: Flags
    """The same result once more."""


def make_lab_results(
    part: Part, people: People, encounters: Encounters, facilities: Facilities, abo: Numbers, rh: Numbers
) -> LabResults:
    """All results of a part."""
    fresh = part.stream("labs")
    ordered = fresh.random(len(encounters.person)) < _ORDERED
    drawn = np.flatnonzero(ordered & (fresh.random(len(encounters.person)) >= _NONE_AFTER_ALL))
    person, facility = encounters.person[drawn], encounters.facility[drawn]
    wanted = _wanted(fresh, facilities.measures[facility])
    years = (encounters.day[drawn] - FIRST_DAY).astype(np.float64) / 365.25
    standing = _standings(part, fresh, people, person)
    standing += facilities.level.T[:, facility]
    standing[PLACE["Cre"]] += 0.02 * years  # instruments and people drift
    standing[PLACE["γ-GT"]] -= 0.01 * years
    values, grades = _measured(people, person, standing, abo, rh)
    row, place = np.nonzero(wanted)
    again = fresh.random(len(row), dtype=np.float32) < _TWICE
    take = np.repeat(np.arange(len(row), dtype=np.int32), again.astype(np.int8) + 1)
    second = np.zeros(len(take), dtype=bool)
    second[1:] = take[1:] == take[:-1]
    row, item = row[take], place[take].astype(np.int8)
    flat = item.astype(np.int64) * len(drawn) + row
    value = values.ravel()[flat]
    potassium = np.flatnonzero((item == PLACE["K"]) & ~second)
    spoilt = potassium[fresh.random(len(potassium)) < _HAEMOLYSED]
    value[spoilt] = np.round(value[spoilt] + 1.5 + 2 * fresh.random(len(spoilt)), 1)
    fate = fresh.random(len(row), dtype=np.float32)
    fate[1:][second[1:]] = fate[:-1][second[1:]]
    return LabResults(drawn.astype(np.int32)[row], item, value, grades.ravel()[flat], fate, second)


def _wanted(fresh: np.random.Generator, measures: Flags) -> Flags:
    """Encounters by items: ordered, measured there, and not missing."""
    count = len(measures)
    panels = fresh.random((len(PANELS), count), dtype=np.float32) < np.array(
        PANEL_SHARES, dtype=np.float32
    ).reshape(-1, 1)
    of_item = np.array([PANELS.index(item.panel) for item in ITEMS])
    wanted: Flags = panels.T[:, of_item]
    wanted &= measures
    wanted &= fresh.integers(0, 256, wanted.shape, dtype=np.uint8) < _WITHIN_PANEL
    wanted[:, PLACE["eGFR"]] = wanted[:, PLACE["Cre"]]
    return wanted


def _standings(part: Part, fresh: np.random.Generator, people: People, person: Numbers) -> Reals:
    """Items by encounters, in standard deviations."""
    hidden = part.stream("standing of a person").normal(0, 1, (len(people.keys), _HIDDEN))[people.same_as]
    of_person = hidden @ _mixing(part)
    standing = fresh.standard_normal((len(ITEMS), len(person)))
    standing *= _OF_DAY
    for number in range(len(ITEMS)):
        standing[number] += _OF_PERSON * of_person[:, number][person]
    for number, item in enumerate(ITEMS):
        if item.goes_with:
            other, strength = standing[PLACE[item.goes_with]], item.strength
            standing[number] *= np.sqrt(1 - strength**2)
            standing[number] += strength * other
    has = people.has.astype(np.float64)
    shifts = np.zeros((len(DISEASES), len(ITEMS)))
    for disease, name, effect in _EFFECTS:
        shifts[disease, PLACE[name]] += effect
        for number, item in enumerate(ITEMS):  # what goes with it moves with it
            if item.goes_with == name:
                shifts[disease, number] += effect * item.strength
    shift = has @ shifts
    old = np.clip(people.age - 65, 0, None)
    shift[:, PLACE["ALB"]] -= 0.03 * old
    for number in np.flatnonzero(np.abs(shift).max(axis=0, initial=0) > 0).tolist():
        standing[number] += shift[:, number][person]
    return standing


def _mixing(part: Part) -> Reals:
    """How the hidden dimensions make an item's standing: fixed for a hospital, of length one."""
    mixing = part.scale.stream("hidden dimensions").normal(0, 1, (_HIDDEN, len(ITEMS)))
    mixing /= np.linalg.norm(mixing, axis=0)
    for number, item in enumerate(ITEMS):
        if item.goes_with:  # its own part is made independent of its partner's
            other = mixing[:, PLACE[item.goes_with]]
            mixing[:, number] -= (mixing[:, number] @ other) * other
            mixing[:, number] /= np.linalg.norm(mixing[:, number])
    return mixing


def _measured(
    people: People, person: Numbers, standing: Reals, abo: Numbers, rh: Numbers
) -> tuple[Reals, NDArray[np.int8]]:
    """Values as rounded numbers, and grades; both items by encounters."""
    female = people.female[person]
    grades = np.full(standing.shape, -2, dtype=np.int8)
    for number in MEASURED:
        item, values = ITEMS[number], standing[number]
        if item.scale == "log":
            values *= np.log(item.spread)
            np.exp(values, out=values)
            values *= np.where(female, item.female, item.male) if item.female != item.male else item.male
        else:
            values *= item.spread
            values += np.where(female, item.female, item.male) if item.female != item.male else item.male
        if number != _BEFORE_EGFR:
            _round(values, item.decimals)
    egfr = standing[_BEFORE_EGFR]
    age = np.clip(people.age[person], 18, None)
    creatinine = standing[PLACE["Cre"]]
    egfr[:] = 194 * creatinine**-1.094 * age**-0.287 * np.where(female, 0.739, 1.0)
    _round(egfr, 1)
    for number in ORDINALS:
        item = ITEMS[number]
        if item.scale == "ordinal":
            grades[number] = np.searchsorted(np.array(GRADE_LIMITS), standing[number])
        elif item.scale == "sign":
            grades[number] = people.has[:, _SIGNS[item.name]][person]
        else:
            grades[number] = (abo if item.name == "BLD-ABO" else rh)[person]
        standing[number] = np.nan
    return standing, grades


def _round(values: Reals, decimals: int) -> None:
    """Round in place, never below the smallest value that can be written."""
    factor = 10.0**decimals
    values *= factor
    np.rint(values, out=values)
    np.maximum(values, 1, out=values)
    values /= factor


def words_of(fate: NDArray[np.float32]) -> NDArray[np.int8]:
    """Which of ``IMPURITIES`` stands in a row whose number was lost."""
    spread = (fate - BEYOND) * (len(IMPURITIES) / WORDS)
    which: NDArray[np.int8] = np.clip(spread, 0, len(IMPURITIES) - 1).astype(np.int8)
    return which
