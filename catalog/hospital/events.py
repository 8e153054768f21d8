"""What happened to the invented people: visits and stays, diagnoses, prescriptions.

Everything hangs together: nobody is seen before they entered or after they left or died, a
diagnosis begins at one of the person's visits, a drug belongs to a disease the person has.
Of a hundred people about twenty-two have one visit; the others some fourteen.
"""

from dataclasses import dataclass

import numpy as np

from catalog.hospital.coded import Days, Flags, Numbers, Strings, padded
from catalog.hospital.diseases import ACUTE, COLD, DISEASES
from catalog.hospital.drugs import DRUGS
from catalog.hospital.facilities import DOCTORS, Facilities
from catalog.hospital.people import People
from catalog.hospital.scale import Part

_MOST_VISITS = 120
_ONE_VISIT, _A_STAY, _EMERGENCY = 0.22, 0.026, 0.03
_AT_THE_SECOND = 0.35
LONGEST_STAY = 180
DEPARTMENTS = {
    "01": "内科",
    "04": "精神科",
    "05": "皮膚科",
    "06": "呼吸器科",
    "07": "神経内科",
    "08": "循環器科",
    "10": "外科",
    "11": "整形外科",
    "12": "産婦人科",
}


@dataclass(frozen=True, slots=True)
class Encounters:
    """All encounters of a part, ordered by person and then by day."""

    keys: Numbers
    person: Numbers
    day: Days
    minute: Numbers
    inpatient: Flags
    emergency: Flags
    stay: Numbers
    disease: Numbers
    """What the person came for."""
    facility: Numbers
    doctor: Numbers
    ends_in_death: Flags
    first: Numbers
    """For each person, the place of their first encounter."""

    @property
    def at(self) -> Days:
        """When each began, to the minute."""
        at: Days = self.day.astype("datetime64[m]") + self.minute.astype("timedelta64[m]")
        return at

    @property
    def last(self) -> Numbers:
        """For each person, the place of their last encounter."""
        ends: Numbers = np.append(self.first[1:], len(self.person)) - 1
        return ends


@dataclass(frozen=True, slots=True)
class Diagnoses:
    """Chronic diseases once, at one of the person's visits; acute ones whenever they were the reason."""

    keys: Numbers
    person: Numbers
    disease: Numbers
    encounter: Numbers
    suspected: Flags
    undisclosed: Flags


@dataclass(frozen=True, slots=True)
class Prescriptions:
    """One row per drug ordered."""

    keys: Numbers
    encounter: Numbers
    drug: Numbers
    days: Numbers


def make_encounters(part: Part, people: People, facilities: Facilities) -> Encounters:
    """Visits within each person's window; more of them for people with more diseases."""
    fresh, count = part.stream("encounters"), part.count
    rate = 8.2 + 3.2 * np.minimum(people.has[:, :COLD].sum(axis=1), 6)
    visits = np.where(fresh.random(count) < _ONE_VISIT, 1, 2 + fresh.poisson(rate))
    visits = np.clip(visits, 1, _MOST_VISITS)
    person = np.repeat(np.arange(count), visits)
    first = np.cumsum(visits) - visits
    span = (people.leaves - people.enters).astype(np.int64)[person]
    day = people.enters[person] + (fresh.random(len(person)) * (span + 1)).astype(np.int64).astype(
        "timedelta64[D]"
    )
    day = day[np.lexsort((day, person))]
    inpatient = fresh.random(len(person)) < _A_STAY + 0.006 * people.has[person, :COLD].sum(axis=1)
    stay = np.clip(np.exp(fresh.normal(np.log(8), np.log(1.9), len(person))), 1, LONGEST_STAY).astype(
        np.int64
    )
    ends_in_death = np.zeros(len(person), dtype=bool)
    ends_in_death[(first + visits - 1)[people.in_hospital]] = True
    inpatient |= ends_in_death
    limit = (people.death[person] - day).astype(np.int64)
    alive = np.isnat(people.death[person])
    stay = np.where(ends_in_death, limit, np.where(alive, stay, np.minimum(stay, limit)))
    day = np.where(ends_in_death & (stay > LONGEST_STAY), people.death[person] - LONGEST_STAY, day)
    stay = np.where(inpatient, np.minimum(stay, LONGEST_STAY), 0)
    return Encounters(
        keys=part.keys("encounter", len(person)),
        person=person,
        day=day,
        minute=fresh.integers(9 * 60, 17 * 60, len(person)),
        inpatient=inpatient,
        emergency=~inpatient & (fresh.random(len(person)) < _EMERGENCY),
        stay=stay,
        disease=_reasons(fresh, people, person),
        facility=_where(fresh, people, person, first + visits - 1, facilities),
        doctor=fresh.integers(0, DOCTORS, len(person)),
        ends_in_death=ends_in_death,
        first=first,
    )


def _where(
    fresh: np.random.Generator, people: People, person: Numbers, last: Numbers, facilities: Facilities
) -> Numbers:
    """The person's hospital, sometimes the other one; at least once there for those who have two visits."""
    second = people.second[person]
    elsewhere = fresh.random(len(person)) < _AT_THE_SECOND
    elsewhere[last] = True
    first = np.append(0, last[:-1] + 1)
    elsewhere[first] = False
    where: Numbers = np.where(elsewhere & (second >= 0), second, people.home[person])
    return where % len(facilities.names)


def _reasons(fresh: np.random.Generator, people: People, person: Numbers) -> Numbers:
    """One of the person's diseases per encounter, or something acute that will pass."""
    weight = fresh.random((len(person), len(DISEASES)), dtype=np.float32) * people.has[person]
    chosen = weight.argmax(axis=1)
    acute = np.array(ACUTE)[fresh.integers(0, len(ACUTE), len(person))]
    passing = (fresh.random(len(person)) < 0.42) | ~people.has[person].any(axis=1)
    return np.where(passing, acute, chosen)


def make_diagnoses(part: Part, people: People, encounters: Encounters) -> Diagnoses:
    """Each lasting disease once, and what was acute at each visit for it."""
    fresh = part.stream("diagnoses")
    person, disease = np.nonzero(people.has)
    counts = np.append(np.diff(encounters.first), len(encounters.person) - encounters.first[-1:])
    encounter = encounters.first[person] + (fresh.random(len(person)) * counts[person]).astype(np.int64)
    passing = np.flatnonzero(
        np.isin(encounters.disease, ACUTE) & ~people.has[encounters.person, encounters.disease]
    )
    person = np.concatenate([person, encounters.person[passing]])
    disease = np.concatenate([disease, encounters.disease[passing]])
    encounter = np.concatenate([encounter, passing])
    order = np.lexsort((encounter, person))
    person, disease, encounter = person[order], disease[order], encounter[order]
    certain = disease == len(DISEASES) - 1
    cancer = np.array([d.icd10.startswith("C") for d in DISEASES])[disease]
    return Diagnoses(
        keys=part.keys("diagnosis", len(person)),
        person=person,
        disease=disease,
        encounter=encounter,
        suspected=(fresh.random(len(person)) < 0.06) & ~certain,
        undisclosed=cancer & (fresh.random(len(person)) < 0.05),
    )


def make_prescriptions(part: Part, people: People, encounters: Encounters) -> Prescriptions:
    """For each encounter some drugs of the person's diseases, and one for what they came for."""
    fresh = part.stream("prescriptions")
    drug_of = np.array([d.drug for d in DISEASES])
    takes = np.zeros((len(people.keys), len(DRUGS)), dtype=bool)
    for number in np.flatnonzero(drug_of >= 0).tolist():
        takes[:, drug_of[number]] |= people.has[:, number]
    wanted = takes[encounters.person]
    wanted &= fresh.integers(0, 256, wanted.shape, dtype=np.uint8) < 190
    reason = drug_of[encounters.disease]
    rows = np.flatnonzero(reason >= 0)
    wanted[rows, reason[rows]] = True
    encounter, drug = np.nonzero(wanted)
    return Prescriptions(
        keys=part.keys("prescription", len(encounter)),
        encounter=encounter,
        drug=drug,
        days=fresh.choice(np.array([7, 14, 28, 30, 60]), len(encounter)),
    )


def staff_codes(doctors: Numbers, facilities: Numbers) -> Strings:
    """A doctor's code at a hospital."""
    table = np.array([f"D{code}" for code in padded(np.arange(12 * DOCTORS), 4)], dtype=object)
    codes: Strings = table[facilities * DOCTORS + doctors]
    return codes
