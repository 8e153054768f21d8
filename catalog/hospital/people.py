"""The invented people: who they are, where they live, which diseases they have, when they die.

One entry per row of ``patient``. Two of a hundred rows are a person who is there already, seen
at another hospital under another chart number and not yet linked: the same insurance, individual
number, name and birth date under another key. One person in five is seen at two hospitals under
one key.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from catalog.hospital.check_digits import with_my_number_check
from catalog.hospital.coded import Days, Flags, Numbers, Reals, Strings, listed, padded
from catalog.hospital.diseases import DISEASES, FACTORS, GRAVE, HIV, PREGNANT, RARE, RAREST
from catalog.hospital.facilities import Facilities, make_facilities
from catalog.hospital.given_names import latin
from catalog.hospital.insurance import Insurance, draw_insurance
from catalog.hospital.names import Names, draw_names
from catalog.hospital.places import DIALS, all_places, draw_places, region_of
from catalog.hospital.scale import Part, Scale

__all__ = ["FIRST_DAY", "LAST_DAY", "People", "Scale", "make_people"]

FIRST_DAY = np.datetime64("2019-04-01")
LAST_DAY = np.datetime64("2024-12-31")
"""The observation: it includes the change of method of 2020-04. Each person is seen in a part of it."""
_AGE_BANDS = np.array([0, 15, 30, 45, 60, 75, 90, 101])
_AGE_SHARES = np.array([0.11, 0.145, 0.185, 0.22, 0.17, 0.14, 0.03])
_LINKED_TWICE, _UNLINKED_EVERY = 0.26, 50
_STAY_TO_THE_END = 0.65
_IN_HOSPITAL, _ONLY_REGISTERED = 0.12, 0.12
_COMPANIES = ("工業株式会社", "商事株式会社", "建設株式会社", "食品有限会社", "運輸株式会社", "電機株式会社")


@dataclass(frozen=True, slots=True)
class People:
    """All people of a part, one entry per row in every array."""

    keys: Numbers
    same_as: Numbers
    """Whose second row this is, or the row itself."""
    female: Flags
    birth: Days
    death: Days
    in_hospital: Flags
    only_registered: Flags
    """The hospital does not know of the death; the residents' register does."""
    enters: Days
    leaves: Days
    """Between these days the person is seen."""
    place: Numbers
    address: Strings
    phone: Strings
    email: Strings
    employer: Strings
    names: Names
    insurance: Insurance
    my_number: Strings
    chart: Strings
    home: Numbers
    """The hospital, as a place in ``Facilities``."""
    second: Numbers
    """The other hospital, or -1."""
    has: Flags
    """People by diseases."""

    @property
    def age(self) -> Reals:
        """Age in years at the end of the observation."""
        return (LAST_DAY - self.birth).astype(np.float64) / 365.25

    def name(self, person: int, separator: str = "　") -> str:
        """Family and given name; a single name stands alone."""
        family, given = self.names.family[person], self.names.given[person]
        return f"{family}{separator}{given}" if family else str(given)

    def kana(self, person: int) -> str:
        return f"{self.names.family_kana[person]}{self.names.given_kana[person]}"


def make_people(scale: Scale, number: int = 0) -> People:
    """The people of one part of a hospital."""
    part = Part(scale, number)
    fresh, count = part.stream("people"), part.count
    female = fresh.random(count) < 0.515
    band = fresh.choice(len(_AGE_SHARES), count, p=_AGE_SHARES)
    age_days = ((_AGE_BANDS[band] + fresh.random(count) * np.diff(_AGE_BANDS)[band]) * 365.25).astype(int)
    birth = LAST_DAY - age_days.astype("timedelta64[D]")
    age = age_days / 365.25
    has = _diseases(part, age, female)
    place = draw_places(part.stream("places"), count)
    facilities = make_facilities(scale)
    names = draw_names(part.stream("names"), female, birth.astype("datetime64[Y]").astype(np.int64) + 1970)
    people = People(
        keys=part.keys("patient", count),
        same_as=np.arange(count),
        female=female,
        birth=birth,
        **_lives(part, birth, has),
        place=place,
        **_contacts(part, place, names, age),
        names=names,
        insurance=draw_insurance(part, age),
        my_number=padded(with_my_number_check(part.stream("my numbers").integers(10**10, 10**11, count)), 12),
        chart=padded((part.first + np.arange(1, count + 1)) * 7_654_321 % 10**8, 8),
        **_hospitals(part, facilities, place),
        has=has,
    )
    return _with_unlinked(part, people, facilities)


def _diseases(part: Part, age: Reals, female: Flags) -> Flags:
    """Who has what: a logistic curve in age between the shares at 30 and at 75, and a leaning.

    The leanings are normal, three to a person, each shared by diseases that go together.
    """
    fresh = part.stream("diseases")
    leanings = fresh.normal(0, 0.7, (len(FACTORS), len(age)))
    has = np.zeros((len(age), len(DISEASES)), dtype=bool)
    for number, disease in enumerate(DISEASES):
        if disease.at_30 == disease.at_75 == 0:
            continue
        young, old = (_logit(max(share, 1e-5)) for share in (disease.at_30, disease.at_75))
        slope = np.clip(age, 0, 90) - 30 if number != HIV else np.clip(age, 15, 90) - 30
        leaning = leanings[FACTORS.index(disease.factor)] - 0.25 if disease.factor in FACTORS else 0.0
        chance = 1 / (1 + np.exp(-(young + (old - young) * slope / 45 + leaning)))
        has[:, number] = fresh.random(len(age)) < chance
        if disease.sex:
            has[:, number] &= female == (disease.sex == "F")
    has[:, PREGNANT] = female & (age > 20) & (age < 46) & (fresh.random(len(age)) < 0.06)
    has[:, HIV] &= age > 15
    return has


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _lives(part: Part, birth: Days, has: Flags) -> dict[str, Any]:
    """When people die (Gompertz: the hazard grows by e in twelve years of age), and when they are seen."""
    fresh, count = part.stream("lives"), part.count
    span = int((LAST_DAY - FIRST_DAY).astype(int))
    middle = (FIRST_DAY + np.timedelta64(span // 2, "D") - birth).astype(np.float64) / 365.25
    hazard = 0.00026 * np.exp((np.clip(middle, 20, None) - 30) / 12) * (1 + 0.5 * has[:, GRAVE].sum(axis=1))
    dies = fresh.random(count) < 1 - np.exp(-hazard * span / 365.25)
    first = np.maximum(birth, FIRST_DAY)
    left = (LAST_DAY - first).astype(np.int64)
    death = first + (fresh.random(count) * left).astype(np.int64).astype("timedelta64[D]")
    enters = first + (fresh.random(count) ** 2 * 0.6 * left).astype(np.int64).astype("timedelta64[D]")
    drops_out = fresh.random(count) >= _STAY_TO_THE_END
    seen = np.where(drops_out, 0.35 + 0.65 * fresh.random(count), 1.0)
    stays = (LAST_DAY - enters).astype(np.int64) * seen
    leaves = enters + stays.astype(np.int64).astype("timedelta64[D]")
    enters = np.where(dies & (enters > death), first, enters)
    which = fresh.random(count)
    return {
        "death": np.where(dies, death, np.datetime64("NaT")),
        "in_hospital": dies & (which < _IN_HOSPITAL),
        "only_registered": dies & (which > 1 - _ONLY_REGISTERED),
        "enters": enters,
        "leaves": np.where(dies, np.minimum(leaves, death), leaves),
    }


def _contacts(part: Part, place: Numbers, names: Names, age: Reals) -> dict[str, Any]:
    """Address, telephone of the prefecture, e-mail and employer; the last two not of everybody."""
    fresh, count = part.stream("contacts"), part.count
    town, prefecture = all_places().address[place], all_places().prefecture[place]
    block = fresh.integers(1, [[10], [31], [25]], (3, count))
    tail = ["-".join(map(str, numbers)) for numbers in block.T.tolist()]
    local = padded(fresh.integers(0, 10**7, count), 7)
    first = fresh.integers(2, 10, count)
    phone = []
    for dial, one, rest in zip((prefecture - 1).tolist(), first.tolist(), local, strict=True):
        exchange = f"{one}{rest}"[: 6 - len(DIALS[dial])]
        phone.append(f"{DIALS[dial]}-{exchange}-{rest[-4:]}")
    wrote, works = fresh.random(count) < 0.7, (fresh.random(count) < 0.6) & (age > 18) & (age < 70)
    mail = [
        f"{latin(family or given).lower()}.{serial[-5:]}@example.{('jp', 'com', 'org')[int(serial[-1]) % 3]}"
        if some
        else None
        for family, given, serial, some in zip(
            names.family_kana, names.given_kana, local, wrote.tolist(), strict=True
        )
    ]
    stem = np.roll(names.family, 7)
    kind = fresh.integers(0, len(_COMPANIES), count).tolist()
    employer = [
        f"{s or '東洋'}{_COMPANIES[k]}" if w else None
        for s, k, w in zip(stem, kind, works.tolist(), strict=True)
    ]
    return {
        "address": town + listed(tail),
        "phone": listed(phone),
        "email": listed(mail),
        "employer": listed(employer),
    }


def _hospitals(part: Part, facilities: Facilities, place: Numbers) -> dict[str, Any]:
    fresh, count = part.stream("hospitals"), part.count
    region = region_of(all_places().prefecture[place])
    home = np.empty(count, dtype=np.int64)
    turn = fresh.random(count)
    for number, nearby in enumerate(facilities.nearby):
        there = np.flatnonzero(region == number)
        home[there] = nearby[(turn[there] * len(nearby)).astype(np.int64)]
    other = (home + fresh.integers(1, len(facilities.names), count)) % len(facilities.names)
    return {"home": home, "second": np.where(fresh.random(count) < _LINKED_TWICE, other, -1)}


def _with_unlinked(part: Part, people: People, facilities: Facilities) -> People:
    """The last fiftieth of the rows become a second row of somebody before them, and the rare are told."""
    fresh, count = part.stream("unlinked"), part.count
    again = count // _UNLINKED_EVERY
    same_as = np.arange(count)
    same_as[count - again :] = np.sort(fresh.choice(count - again, again, replace=False))
    changed: dict[str, Any] = {
        field.name: _taken(getattr(people, field.name), same_as)
        for field in fields(people)
        if field.name not in {"keys", "same_as", "chart"}
    }
    home = changed["home"].copy()
    home[count - again :] = (home[count - again :] + 1 + fresh.integers(0, 3, again)) % len(facilities.names)
    second = changed["second"].copy()
    second[count - again :] = -1
    changed |= {"home": home, "second": second, "same_as": same_as}
    whole = replace(people, **changed)
    for disease, row in _rare(part):
        whole.has[row, disease] = True
    return whole


def _taken(value: Any, rows: Numbers) -> Any:
    """The rows of an array, or of every array of a record."""
    if isinstance(value, np.ndarray):
        return value[rows]
    return replace(value, **{f.name: getattr(value, f.name)[rows] for f in fields(value)})


def _rare(part: Part) -> list[tuple[int, int]]:
    """Who of this part has one of the rare diseases: one person of a hospital has the last of them."""
    fresh = part.scale.stream("rare diseases")
    found: list[tuple[int, int]] = []
    for disease in RARE:
        most = 1 if disease == RAREST else int(fresh.integers(2, 10))
        drawn = fresh.integers(0, part.scale.patients, most) - part.first
        found.extend((disease, int(row)) for row in drawn if 0 <= row < part.count)
    return found
