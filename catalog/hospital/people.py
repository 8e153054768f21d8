"""The invented people: who they are and which diseases they have.

Deterministic: every stream of random numbers is PCG64 from the seed and the stream's name, so
one part can change without moving the others. Keys are dense within a hospital (a prefix made
from seed and size, then the row's number); they are keys of the source and never leave it.
"""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalog.hospital.check_digits import Numbers, with_insurer_check, with_my_number_check
from catalog.hospital.vocabulary import (
    DISEASES,
    GIVEN_FEMALE,
    GIVEN_MALE,
    MUNICIPALITIES,
    MUNICIPALITY_WEIGHTS,
    RAREST,
    SURNAMES,
)

Strings: TypeAlias = "NDArray[np.object_]"
Days: TypeAlias = "NDArray[np.datetime64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Reals: TypeAlias = "NDArray[np.float64]"

FIRST_DAY = np.datetime64("2022-01-01")
LAST_DAY = np.datetime64("2024-12-31")
_AGE_BANDS = np.array([0, 15, 30, 45, 60, 75, 90, 101])
_AGE_SHARES = np.array([0.11, 0.14, 0.17, 0.21, 0.20, 0.14, 0.03])
_INSURERS, _OF_THE_OLD = 40, 14
"""How many insurers there are, and how many of them insure those of 75 and over (法別 39)."""
_KEY_BITS = 32


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a hospital, from which seed."""

    patients: int
    seed: int

    def stream(self, name: str) -> np.random.Generator:
        """The random numbers of one part."""
        digest = hashlib.sha256(name.encode()).digest()
        return np.random.Generator(np.random.PCG64([self.seed, int.from_bytes(digest[:8], "big")]))

    def keys(self, entity: str, count: int) -> Numbers:
        """``count`` keys of an entity, unlike those of any other seed, size or entity."""
        digest = hashlib.sha256(f"{entity}:{self.seed}:{self.patients}".encode()).digest()
        prefix = int.from_bytes(digest[:4], "big") >> 1
        return np.int64(prefix << _KEY_BITS) + np.arange(count, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class People:
    """All people of a hospital, one entry per person in every array."""

    keys: Numbers
    female: Flags
    birth: Days
    death: Days
    place: Numbers
    surname: Numbers
    given: Numbers
    insurer: Strings
    symbol: Strings
    number: Strings
    branch: Strings
    my_number: Strings
    phone: Strings
    block: Numbers
    has: Flags
    """People by diseases."""

    @property
    def age(self) -> Reals:
        """Age in years at the end of the observation."""
        return (LAST_DAY - self.birth).astype(np.float64) / 365.25

    def name(self, person: int, separator: str = "　") -> str:
        given = (GIVEN_FEMALE if self.female[person] else GIVEN_MALE)[self.given[person]]
        return f"{SURNAMES[self.surname[person]][0]}{separator}{given[0]}"

    def kana(self, person: int) -> str:
        given = (GIVEN_FEMALE if self.female[person] else GIVEN_MALE)[self.given[person]]
        return f"{SURNAMES[self.surname[person]][1]}{given[1]}"

    def address(self, person: int) -> str:
        place = MUNICIPALITIES[self.place[person]]
        block = int(self.block[person])
        return f"{place.name}{place.town}{block % 9 + 1}-{block // 9 % 30 + 1}-{block // 270 + 1}"


def make_people(scale: Scale) -> People:
    """The people of a hospital of this scale."""
    fresh = scale.stream("people")
    count = scale.patients
    female = fresh.random(count) < 0.515
    band = fresh.choice(len(_AGE_SHARES), count, p=_AGE_SHARES)
    age_days = ((_AGE_BANDS[band] + fresh.random(count) * np.diff(_AGE_BANDS)[band]) * 365.25).astype(int)
    birth = LAST_DAY - age_days.astype("timedelta64[D]")
    age = age_days / 365.25
    has = _diseases(scale, age, female)
    weights = np.array([weight for _, _, weight in SURNAMES], dtype=float)
    places = np.array(MUNICIPALITY_WEIGHTS, dtype=float)
    hazard = 0.0003 * np.exp(0.085 * np.clip(age - 30, 0, None)) * (1 + 0.4 * has[:, :9].sum(axis=1))
    dies = fresh.random(count) < np.clip(hazard, 0, 0.5)
    span = int((LAST_DAY - FIRST_DAY).astype(int))
    death = np.where(
        dies,
        FIRST_DAY + fresh.integers(span // 2, span, count).astype("timedelta64[D]"),
        np.datetime64("NaT"),
    )
    place = fresh.choice(len(MUNICIPALITIES), count, p=places / places.sum())
    dials = np.array([m.dial for m in MUNICIPALITIES], dtype=object)
    drawn, younger = fresh.integers(0, _INSURERS, count), _INSURERS - _OF_THE_OLD
    insurer = np.where(age >= 75, younger + drawn % _OF_THE_OLD, drawn % younger)
    return People(
        keys=scale.keys("patient", count),
        female=female,
        birth=birth,
        death=death,
        place=place,
        surname=fresh.choice(len(SURNAMES), count, p=weights / weights.sum()),
        given=fresh.integers(0, len(GIVEN_FEMALE), count),
        insurer=_padded(_insurers(scale)[insurer], 8),
        symbol=_padded(fresh.integers(1, 10**6, count), 6),
        number=_padded(np.arange(1, count + 1, dtype=np.int64), 7),
        branch=_padded(fresh.integers(0, 4, count), 2),
        my_number=_padded(with_my_number_check(fresh.integers(10**10, 10**11, count)), 12),
        phone=dials[place]
        + "-"
        + _padded(fresh.integers(200, 9999, count), 4)
        + "-"
        + _padded(fresh.integers(0, 9999, count), 4),
        block=fresh.integers(0, 5400, count),
        has=has,
    )


def _insurers(scale: Scale) -> Numbers:
    fresh = scale.stream("insurers")
    kind = np.repeat([1, 6, 39], [13, _INSURERS - _OF_THE_OLD - 13, _OF_THE_OLD])
    prefecture = fresh.integers(1, 48, _INSURERS)
    return with_insurer_check(kind * 10**5 + prefecture * 10**3 + fresh.integers(1, 1000, _INSURERS), 7)


def _diseases(scale: Scale, age: Reals, female: Flags) -> Flags:
    """Who has what: a logistic curve in age between the shares at 30 and at 75."""
    fresh = scale.stream("diseases")
    frailty = fresh.normal(0, 0.6, len(age))  # one draw per person: diseases come together
    has = np.zeros((len(age), len(DISEASES)), dtype=bool)
    for number, disease in enumerate(DISEASES):
        if disease.at_30 == disease.at_75 == 0:
            continue
        young, old = (_logit(max(share, 1e-5)) for share in (disease.at_30, disease.at_75))
        chance = 1 / (1 + np.exp(-(young + (old - young) * (age - 30) / 45 + frailty)))
        has[:, number] = fresh.random(len(age)) < chance
        if disease.female_only:
            has[:, number] &= female
    if len(age):
        has[int(fresh.integers(0, len(age))), RAREST] = True
    return has


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _padded(numbers: Numbers, width: int) -> Strings:
    return np.array([f"{number:0{width}d}" for number in numbers.tolist()], dtype=object)
