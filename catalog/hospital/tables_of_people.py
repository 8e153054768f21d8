"""The tables ``patient``, ``patient_identity`` and what is known of people apart from their visits."""

import numpy as np

from catalog.hospital.coded import Coded, Days, Numbers, TableData, drawn, listed, padded, same
from catalog.hospital.course import Course
from catalog.hospital.diseases import DISEASES, GRAVE, PREGNANT
from catalog.hospital.insurance import insurance_kind
from catalog.hospital.lab_items import BLOOD_GROUPS
from catalog.hospital.lab_tables import SOURCE_SYSTEM
from catalog.hospital.people import LAST_DAY
from catalog.hospital.places import all_places

_OPTED_OUT = 0.03
_BEFORE_THE_END, _AFTER_THE_END = 540, 180
"""Days around the end of the observation over which the dates of opting out are spread."""
_FIRST_BABY = np.datetime64("2019-06-01")
_NO_DAY = np.datetime64("NaT")
ALLERGENS = (
    ("J9FC11110000", "鶏卵"),
    ("J9FC12110000", "牛乳"),
    ("J9FC26110000", "そば"),
    ("J9NB11000000", "ペニシリン系"),
    ("J9NC31000000", "造影剤"),
)
_VACCINES = ("1401", "2101", "2301", "1501")
_MAKERS = ("第一製薬所", "北里製剤", "東都ワクチン")


def patients(course: Course) -> TableData:
    """What may be studied about them."""
    people, encounters, places = course.people, course.encounters, all_places()
    count = len(people.keys)
    fresh = course.part.stream("bodies")
    height = np.where(people.female, 157.5, 170.2) + fresh.normal(0, 6.0, count)
    weight = (height / 100) ** 2 * np.clip(fresh.normal(22.6, 3.4, count), 14, 45)
    municipality = places.municipality_of[people.place].astype(np.int16)
    known = np.where(people.only_registered, _NO_DAY, people.death)
    out = fresh.random(count) < _OPTED_OUT
    when = LAST_DAY + fresh.integers(-_BEFORE_THE_END, _AFTER_THE_END, count).astype("timedelta64[D]")
    income = fresh.integers(1, 6, count)
    return {
        "patient_key": people.keys,
        "birth_date": people.birth,
        "sex": Coded(people.female.astype(np.int8), ("M", "F")),
        "death_date": known,
        "death_cause_icd10": Coded(np.where(np.isnat(known), -1, _causes(course)), _icd10()),
        "prefecture": Coded((places.prefecture[people.place] - 1).astype(np.int8), _prefectures()),
        "secondary_area": Coded(municipality, places.secondary_area),
        "municipality_code": Coded(municipality, places.municipality),
        "insurance_kind": listed([insurance_kind(number) for number in people.insurance.insurer]),
        "copay_ratio": Coded(np.where(people.age >= 75, 0, 1).astype(np.int8), ("10", "30")),
        "income_class": Coded((income - 1).astype(np.int8), (1, 2, 3, 4, 5)),
        "abo": Coded(course.abo.astype(np.int8), BLOOD_GROUPS),
        "rh": Coded(course.rh.astype(np.int8), ("+", "-")),
        "height_cm": np.round(height, 1),
        "weight_kg": np.round(weight, 1),
        "first_seen": encounters.day[encounters.first],
        "last_seen": encounters.day[encounters.last],
        "optout_flag": out,
        "optout_at": np.where(out, when.astype("datetime64[s]") + 36_000, np.datetime64("NaT")),
        "source_system": same(SOURCE_SYSTEM, count),
    }


def identities(course: Course) -> TableData:
    """Who they are."""
    people, persons = course.people, range(len(course.people.keys))
    return {
        "patient_key": people.keys,
        "name_kanji": listed([people.name(p) for p in persons]),
        "name_kana": listed([people.kana(p) for p in persons]),
        "address": people.address,
        "postal_code": all_places().postal[people.place],
        "phone": people.phone,
        "email": people.email,
        "employer": people.employer,
        "insurer_no": people.insurance.insurer,
        "insured_symbol": people.insurance.symbol,
        "insured_no": people.insurance.number,
        "insured_branch": people.insurance.branch,
        "my_number": people.my_number,
        "chart_no": people.chart,
        "kouhi_no": people.insurance.public,
        "source_system": same(SOURCE_SYSTEM, len(people.keys)),
    }


def deaths(course: Course) -> TableData:
    """Every death; one in eight only from the residents' register."""
    people = course.people
    dead = np.flatnonzero(~np.isnat(people.death))
    fresh = course.part.stream("deaths")
    place = np.where(people.in_hospital[dead], 0, 1 + fresh.integers(0, 3, len(dead)))
    cause = np.where(people.only_registered[dead], -1, _causes(course)[dead])
    return {
        "death_key": course.part.keys("death", len(dead)),
        "patient_key": people.keys[dead],
        "death_date": people.death[dead],
        "death_hour": Coded(fresh.integers(0, 12, len(dead)), tuple(range(0, 24, 2))),
        "cause": Coded(cause, _icd10()),
        "place": Coded(place, ("病院", "自宅", "老人ホーム", "その他")),
        "source": Coded(people.only_registered[dead].astype(np.int8), ("死亡診断書", "住民票除票")),
        "source_system": same("municipal", len(dead)),
    }


def allergies(course: Course) -> TableData:
    """One person in eight has one."""
    fresh = course.part.stream("allergies")
    rows = np.flatnonzero(fresh.random(course.part.count) < 0.12)
    which = fresh.integers(0, len(ALLERGENS), len(rows))
    return {
        "allergy_key": course.part.keys("allergy", len(rows)),
        "patient_key": course.people.keys[rows],
        "noted_date": course.encounters.day[course.encounters.first][rows],
        "jfagy": Coded(which, tuple(code for code, _ in ALLERGENS)),
        "text": Coded(which, tuple(f"{name}で発疹" for _, name in ALLERGENS)),
        "severity": drawn(fresh, (0.7, 0.2, 0.1), ("MI", "MO", "SV"), len(rows)),
        "criticality": drawn(fresh, (0.8, 0.2), ("low", "high"), len(rows)),
        "source_system": same(SOURCE_SYSTEM, len(rows)),
    }


def vaccinations(course: Course) -> TableData:
    """Up to three doses for four people in ten."""
    fresh = course.part.stream("vaccinations")
    doses = np.where(fresh.random(course.part.count) < 0.4, fresh.integers(1, 4, course.part.count), 0)
    person = np.repeat(np.arange(course.part.count), doses)
    number = np.arange(len(person)) - np.repeat(np.cumsum(doses) - doses, doses)
    lots = padded(np.arange(400), 4)
    vaccine = fresh.integers(0, len(_VACCINES), course.part.count)[person]
    lot = fresh.integers(0, len(lots), len(person))
    return {
        "vaccination_key": course.part.keys("vaccination", len(person)),
        "patient_key": course.people.keys[person],
        "date": _within(fresh, course, person),
        "vaccine_code": Coded(vaccine, _VACCINES),
        "lot": Coded(lot, tuple(f"{chr(65 + n % 26)}{chr(70 + n % 7)}{text}" for n, text in enumerate(lots))),
        "dose_no": Coded(number, (1, 2, 3)),
        "manufacturer": Coded(vaccine % len(_MAKERS), _MAKERS),
        "site": drawn(fresh, (0.7, 0.3), ("左上腕", "右上腕"), len(person)),
        "source_system": same("municipal", len(person)),
    }


def checkups(course: Course) -> TableData:
    """Items of a checkup at work or for the middle-aged; questionnaire answers on every row of it."""
    fresh, people = course.part.stream("checkups"), course.people
    who = np.flatnonzero((people.age >= 40) & (people.age < 75) & (fresh.random(course.part.count) < 0.35))
    items = (
        ("9N001000000000001", "cm", 163.0, 8.0),
        ("9N006000000000001", "kg", 61.0, 9.0),
        ("9A751000000000001", "mm[Hg]", 126.0, 15.0),
        ("9A761000000000001", "mm[Hg]", 76.0, 10.0),
        ("3F077000002327101", "mg/dL", 121.0, 30.0),
        ("3D046000001920402", "%", 5.6, 0.4),
    )
    row, item = np.repeat(who, len(items)), np.tile(np.arange(len(items)), len(who))
    centre, spread = np.array([i[2] for i in items]), np.array([i[3] for i in items])
    value = np.round(centre[item] + spread[item] * fresh.standard_normal(len(row)), 1)
    bmi = np.round(np.clip(fresh.normal(22.9, 3.4, len(who)), 14, 45), 1)
    smokes, drinks = fresh.random(len(who)) < 0.2, fresh.integers(0, 3, len(who))
    return {
        "checkup_key": course.part.keys("health_checkup", len(row)),
        "patient_key": people.keys[row],
        "date": np.repeat(_within(fresh, course, who), len(items)),
        "type": same("特定", len(row)),
        "item": Coded(item, tuple(i[0] for i in items)),
        "value_num": value,
        "unit": Coded(item, tuple(i[1] for i in items)),
        "smoking": Coded(np.repeat(smokes.astype(np.int8), len(items)), ("いいえ", "はい")),
        "drinking": Coded(np.repeat(drinks, len(items)), ("毎日", "時々", "飲まない")),
        "exercise": Coded(np.repeat(fresh.integers(0, 2, len(who)), len(items)), ("はい", "いいえ")),
        "waist": np.repeat(np.round(bmi * 3.6, 1), len(items)),
        "bmi": np.repeat(bmi, len(items)),
        "guidance_level": Coded(
            np.repeat((bmi >= 25).astype(np.int8), len(items)), ("情報提供", "動機付け支援")
        ),
        "source_system": same("municipal", len(row)),
    }


def care_certifications(course: Course) -> TableData:
    """One person in four of those of 75 and over is certified for long-term care."""
    fresh, people = course.part.stream("care"), course.people
    who = np.flatnonzero((people.age >= 75) & (fresh.random(course.part.count) < 0.25))
    applied = _within(fresh, course, who)
    return {
        "certification_key": course.part.keys("ltc_certification", len(who)),
        "patient_key": people.keys[who],
        "insured_no": padded(fresh.integers(10**9, 10**10, len(who)), 10),
        "application_date": applied,
        "survey_date": applied + np.timedelta64(12, "D"),
        "certified_date": applied + np.timedelta64(30, "D"),
        "level": Coded(
            fresh.integers(0, 7, len(who)),
            ("要支援1", "要支援2", "要介護1", "要介護2", "要介護3", "要介護4", "要介護5"),
        ),
        "disability_level": Coded(fresh.integers(0, 4, len(who)), ("J1", "A1", "B1", "C1")),
        "dementia_level": Coded(fresh.integers(0, 4, len(who)), ("自立", "Ⅰ", "Ⅱa", "Ⅲa")),
        "source_system": same("municipal", len(who)),
    }


def care_benefits(course: Course) -> TableData:
    """Three months of a service for those certified."""
    certified = care_certifications(course)
    begun, keys = np.asarray(certified["certified_date"]), np.asarray(certified["patient_key"])
    fresh = course.part.stream("benefits")
    month = (begun.astype("datetime64[M]")[:, None] + np.arange(3)).astype("datetime64[D]")
    count = 3 * len(keys)
    return {
        "benefit_key": course.part.keys("ltc_benefit", count),
        "patient_key": np.repeat(keys, 3),
        "month": month.ravel(),
        "service_code": drawn(fresh, (0.5, 0.3, 0.2), ("111111", "151141", "172111"), count),
        "units": fresh.integers(300, 9000, count),
        "source_system": same("municipal", count),
    }


def pregnancies(course: Course) -> tuple[TableData, TableData]:
    """Pregnancies, and the births of those whose child is a patient too."""
    people, encounters = course.people, course.encounters
    fresh = course.part.stream("pregnancies")
    mothers = np.flatnonzero(people.has[:, PREGNANT] & (people.same_as == np.arange(course.part.count)))
    weeks = np.clip(np.round(fresh.normal(39, 1.8, len(mothers)), 0), 24, 42)
    babies = np.flatnonzero((people.birth >= _FIRST_BABY) & (people.same_as == np.arange(course.part.count)))
    pairs = min(len(babies), len(mothers))
    delivered = encounters.day[encounters.last[mothers]]
    delivered[:pairs] = people.birth[babies[:pairs]]
    started = delivered - (weeks * 7).astype(np.int64).astype("timedelta64[D]")
    mode = fresh.integers(0, 5, len(mothers)) == 0
    keys = course.part.keys("pregnancy", len(mothers))
    pregnancy: TableData = {
        "pregnancy_key": keys,
        "patient_key": people.keys[mothers],
        "encounter_key": encounters.keys[encounters.last[mothers]],
        "last_period_date": started,
        "expected_date": started + np.timedelta64(280, "D"),
        "delivery_date": delivered,
        "delivery": Coded(mode.astype(np.int8), ("経腟分娩", "帝王切開")),
        "outcome": same("生産", len(mothers)),
        "gravidity": Coded(fresh.integers(0, 3, len(mothers)), (1, 2, 3)),
        "gestational_weeks": weeks,
        "source_system": same(SOURCE_SYSTEM, len(mothers)),
    }
    child, mother = babies[:pairs], mothers[:pairs]
    grams = np.clip(np.round(fresh.normal(3000, 420, pairs), -2), 500, 4800)
    birth: TableData = {
        "birth_key": course.part.keys("birth", pairs),
        "patient_key": people.keys[child],
        "mother_key": people.keys[mother],
        "pregnancy_key": keys[:pairs],
        "birth_date": people.birth[child],
        "delivery": Coded(mode[:pairs].astype(np.int8), ("経腟分娩", "帝王切開")),
        "apgar": np.round(np.clip(fresh.normal(8.8, 0.9, pairs), 1, 10)),
        "apgar_1min": np.round(np.clip(fresh.normal(8.1, 1.1, pairs), 0, 10)),
        "birth_weight": grams,
        "gestational_weeks": weeks[:pairs],
        "multiple_birth": np.zeros(pairs, dtype=bool),
        "source_system": same(SOURCE_SYSTEM, pairs),
    }
    return pregnancy, birth


def _within(fresh: np.random.Generator, course: Course, rows: Numbers) -> Days:
    """A day of each person's observation."""
    people = course.people
    span = (people.leaves - people.enters).astype(np.int64)[rows]
    days: Days = people.enters[rows] + (fresh.random(len(rows)) * (span + 1)).astype(np.int64).astype(
        "timedelta64[D]"
    )
    return days


def _causes(course: Course) -> Numbers:
    """The gravest disease of each person; old age (R54) for those who have none."""
    grave = course.people.has[:, list(GRAVE)]
    return np.where(
        grave.any(axis=1), np.array(GRAVE)[len(GRAVE) - 1 - grave[:, ::-1].argmax(axis=1)], len(DISEASES)
    )


def _icd10() -> tuple[str, ...]:
    return (*(disease.icd10 for disease in DISEASES), "R54")


def _prefectures() -> tuple[str, ...]:
    return tuple(f"{number:02d}" for number in range(1, 48))
