"""The invented hospital: the same from the same numbers, coherent, and its numbers hold their check digits."""

from typing import Any

import numpy as np
import pytest

from catalog.adapters.source_duckdb import _column
from catalog.hospital.check_digits import with_insurer_check, with_my_number_check
from catalog.hospital.people import LAST_DAY, Scale, make_people
from catalog.hospital.tables import Coded, make_tables
from catalog.schema.canonical import CANONICAL
from catalog.use_cases.take_in import check_scale, generated_digest
from enclave.errors import InvalidInputError

TABLES = make_tables(Scale(400, 11))


def column(table: str, name: str) -> Any:
    return np.asarray(_column(TABLES[table][name]))


def test_the_same_numbers_give_the_same_hospital_and_others_another() -> None:
    again, other = make_tables(Scale(400, 11)), make_tables(Scale(400, 12))
    for table, columns in TABLES.items():
        for name, data in columns.items():
            one, two = (d.codes if isinstance(d, Coded) else d for d in (data, again[table][name]))
            assert np.array_equal(one, two, equal_nan=one.dtype.kind in "fM"), (table, name)
    assert not np.array_equal(column("patient", "birth_date"), np.asarray(other["patient"]["birth_date"]))


def test_every_column_is_one_of_the_schemas_and_of_equal_length() -> None:
    for table, columns in TABLES.items():
        assert set(columns) <= set(CANONICAL.tables[table].names)
        assert len({len(np.asarray(_column(data))) for data in columns.values()}) == 1, table


def test_keys_are_unique_and_every_reference_leads_somewhere() -> None:
    for table, columns in TABLES.items():
        key = CANONICAL.tables[table].columns[0].name
        assert len(set(column(table, key))) == len(column(table, key))
        assert (column(table, key) > 0).all()
        assert set(column(table, "patient_key")) <= set(column("patient", "patient_key"))
        if "encounter_key" in columns:
            assert set(column(table, "encounter_key")) <= set(column("encounter", "encounter_key"))


def test_people_have_diseases_of_their_age_and_results_of_their_diseases() -> None:
    people = make_people(Scale(5000, 1))
    old, young = people.age >= 70, people.age < 40
    assert people.has[old, 0].mean() > 5 * people.has[young, 0].mean()
    assert people.has[:, -1].sum() == 1, "exactly one patient has the rare disease"
    assert (people.birth <= LAST_DAY).all()
    person = dict(zip(column("diagnosis", "patient_key"), column("diagnosis", "icd10"), strict=True))
    diabetic = {
        k
        for k, icd in zip(column("diagnosis", "patient_key"), column("diagnosis", "icd10"), strict=True)
        if icd == "E11"
    }
    assert person
    hba1c = column("lab_result", "jlac10") == "3D046000001920402"
    has = np.isin(column("lab_result", "patient_key"), list(diabetic))
    values = column("lab_result", "value_num")
    assert values[hba1c & has].mean() > values[hba1c & ~has].mean() + 1


def test_check_digits_of_known_numbers() -> None:
    assert with_insurer_check(np.array([3312001]), 7).tolist() == [33120015]
    assert with_insurer_check(np.array([101001, 113001]), 7).tolist() == [1010016, 1130012]
    assert with_my_number_check(np.array([12345678901])).tolist() == [123456789018]


def test_insurance_and_individual_numbers_hold() -> None:
    for number in column("patient_identity", "insurer_no"):
        assert len(number) == 8
        assert with_insurer_check(np.array([int(number[:7])]), 7)[0] == int(number)
    for number in column("patient_identity", "my_number"):
        assert len(number) == 12
        assert with_my_number_check(np.array([int(number[:11])]))[0] == int(number)


@pytest.mark.parametrize(("patients", "seed"), [(0, 1), (-1, 1), (2_000_001, 1), (5, -1), (5, 2**32)])
def test_a_scale_out_of_bounds_is_refused(patients: int, seed: int) -> None:
    with pytest.raises(InvalidInputError):
        check_scale(patients, seed)


def test_the_smallest_hospital_can_be_made() -> None:
    assert len(np.asarray(make_tables(check_scale(1, 0))["patient"]["patient_key"])) == 1
    assert generated_digest(Scale(1, 0)) != generated_digest(Scale(1, 1))


def test_only_those_of_75_and_over_have_the_insurance_of_the_old() -> None:
    people = make_people(Scale(2000, 3))
    of_the_old = np.array([number.startswith("39") for number in people.insurer])
    assert ((people.age >= 75.01) <= of_the_old).all()
    assert (of_the_old <= (people.age >= 74.99)).all()
