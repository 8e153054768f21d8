"""What happened to the invented people: encounters, diagnoses, prescriptions, results, notes.

Everything hangs together: a diagnosis begins at one of the person's encounters, a drug belongs
to a disease the person has, HbA1c is high in those with diabetes, eGFR follows creatinine, age
and sex by the Japanese formula (194 × Cr^-1.094 × age^-0.287, × 0.739 for women).
"""

from dataclasses import dataclass

import numpy as np

from catalog.hospital.check_digits import Numbers
from catalog.hospital.people import FIRST_DAY, LAST_DAY, Days, Flags, People, Reals, Scale
from catalog.hospital.vocabulary import (
    ALT,
    AST,
    CREATININE,
    DIABETES,
    DISEASES,
    DRUGS,
    DYSLIPIDAEMIA,
    EGFR,
    GLUCOSE,
    HBA1C,
    HEPATITIS,
    KIDNEY,
    LAB_ITEMS,
    LDL,
)

_MOST_ENCOUNTERS = 120


@dataclass(frozen=True, slots=True)
class Encounters:
    """All encounters, ordered by person and then by day."""

    keys: Numbers
    person: Numbers
    day: Days
    minute: Numbers
    inpatient: Flags
    stay: Numbers
    department: Numbers
    """The disease whose department saw the person."""


@dataclass(frozen=True, slots=True)
class Diagnoses:
    """One row per person and disease, at the encounter where it was first written."""

    keys: Numbers
    person: Numbers
    disease: Numbers
    encounter: Numbers
    suspected: Flags


@dataclass(frozen=True, slots=True)
class Prescriptions:
    """One row per drug ordered."""

    keys: Numbers
    encounter: Numbers
    drug: Numbers
    days: Numbers


@dataclass(frozen=True, slots=True)
class LabResults:
    """One row per measured value, ordered by encounter and item."""

    keys: Numbers
    encounter: Numbers
    item: Numbers
    value: Reals


def make_encounters(scale: Scale, people: People) -> Encounters:
    """Visits spread over three years; more of them for people with more diseases."""
    fresh = scale.stream("encounters")
    count = len(people.keys)
    rate = 3.0 + 4.0 * people.has[:, :15].sum(axis=1)
    visits = np.where(fresh.random(count) < 0.22, 1, 1 + fresh.poisson(rate))
    visits = np.clip(visits, 1, _MOST_ENCOUNTERS)
    person = np.repeat(np.arange(count), visits)
    last = np.where(np.isnat(people.death), LAST_DAY, people.death)
    first = np.maximum(people.birth, FIRST_DAY)
    span = np.maximum((last - first).astype(int), 1)[person]
    day = first[person] + (fresh.random(len(person)) * span).astype(int).astype("timedelta64[D]")
    order = np.lexsort((day, person))
    person, day = person[order], day[order]
    inpatient = fresh.random(len(person)) < 0.03 + 0.004 * people.has[person].sum(axis=1)
    stay = np.clip(np.exp(fresh.normal(np.log(8), np.log(1.9), len(person))), 1, 180).astype(np.int64)
    return Encounters(
        keys=scale.keys("encounter", len(person)),
        person=person,
        day=day,
        minute=fresh.integers(9 * 60, 17 * 60, len(person)),
        inpatient=inpatient,
        stay=np.where(inpatient, stay, 0),
        department=_any_disease(fresh, people, person),
    )


def _any_disease(fresh: np.random.Generator, people: People, person: Numbers) -> Numbers:
    """One of the person's diseases per encounter; a cold for those who have none."""
    weight = fresh.random((len(person), len(DISEASES)), dtype=np.float32) * people.has[person]
    chosen = weight.argmax(axis=1)
    return np.where(people.has[person].any(axis=1), chosen, len(DISEASES) - 3)


def make_diagnoses(scale: Scale, people: People, encounters: Encounters) -> Diagnoses:
    """Each disease once, at an encounter of that person."""
    fresh = scale.stream("diagnoses")
    person, disease = np.nonzero(people.has)
    starts = np.searchsorted(encounters.person, np.arange(len(people.keys)))
    counts = np.bincount(encounters.person, minlength=len(people.keys))
    encounter = starts[person] + (fresh.random(len(person)) * counts[person]).astype(np.int64)
    return Diagnoses(
        keys=scale.keys("diagnosis", len(person)),
        person=person,
        disease=disease,
        encounter=encounter,
        suspected=(fresh.random(len(person)) < 0.06) & (disease != len(DISEASES) - 1),
    )


def make_prescriptions(scale: Scale, people: People, encounters: Encounters) -> Prescriptions:
    """For each encounter, the drugs of some of the person's diseases."""
    fresh = scale.stream("prescriptions")
    takes = np.zeros((len(people.keys), len(DRUGS)), dtype=bool)
    for number, disease in enumerate(DISEASES):
        if disease.drug >= 0:
            takes[:, disease.drug] |= people.has[:, number]
    wanted = takes[encounters.person] & (fresh.random((len(encounters.person), len(DRUGS))) < 0.6)
    encounter, drug = np.nonzero(wanted)
    return Prescriptions(
        keys=scale.keys("prescription", len(encounter)),
        encounter=encounter,
        drug=drug,
        days=fresh.choice(np.array([7, 14, 28, 30, 60]), len(encounter)),
    )


def make_lab_results(scale: Scale, people: People, encounters: Encounters) -> LabResults:
    """Panels at 55 % of encounters, each item missing once in ten."""
    fresh = scale.stream("labs")
    drawn = np.flatnonzero(fresh.random(len(encounters.person)) < 0.55)
    person = encounters.person[drawn]
    latent = scale.stream("labs of a person").normal(0, 1, (len(people.keys), len(LAB_ITEMS)))
    standing = latent[person] * 0.8 + fresh.standard_normal((len(drawn), len(LAB_ITEMS))) * 0.6
    standing[:, ALT] = 0.85 * standing[:, AST] + 0.53 * standing[:, ALT]
    values = _values(people, person, standing)
    encounter, item = np.nonzero(fresh.random(values.shape) < 0.9)
    return LabResults(
        keys=scale.keys("lab_result", len(encounter)),
        encounter=drawn[encounter],
        item=item,
        value=values[encounter, item],
    )


def _values(people: People, person: Numbers, standing: Reals) -> Reals:
    values = np.empty_like(standing)
    has, female = people.has[person], people.female[person]
    for number, item in enumerate(LAB_ITEMS):
        centre = np.where(female, item.female, item.male)
        z = standing[:, number]
        values[:, number] = (
            centre * np.exp(np.log(item.spread) * z) if item.shape == "log" else centre + item.spread * z
        )
    values[:, HBA1C] += has[:, DIABETES] * (1.5 + 0.7 * np.abs(standing[:, HBA1C]))
    values[:, GLUCOSE] *= np.where(has[:, DIABETES], 1.55, 1.0)
    values[:, CREATININE] *= np.where(has[:, KIDNEY], 1.9, 1.0)
    values[:, LDL] += has[:, DYSLIPIDAEMIA] * 24
    for liver in (AST, ALT):
        values[:, liver] *= np.where(has[:, HEPATITIS], 1.8, 1.0)
    age = np.clip(people.age[person], 1, None)
    creatinine = np.clip(values[:, CREATININE], 0.1, None)
    values[:, EGFR] = 194 * creatinine**-1.094 * age**-0.287 * np.where(female, 0.739, 1.0)
    for number, item in enumerate(LAB_ITEMS):
        floor = 10.0**-item.decimals
        values[:, number] = np.round(np.clip(values[:, number], floor, None), item.decimals)
    return values
