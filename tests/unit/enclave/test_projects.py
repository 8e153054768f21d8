"""A permit is read whole or refused with the line."""

from typing import Any

import pytest

from enclave.adapters.lined_yaml import read_lined
from enclave.errors import InvalidInputError
from enclave.projects import parse_permit
from tests.support.people import PERMIT

GOOD = """\
project: p-diabetes
title: 糖尿病の治療実態
organisation: daigaku
people: [mei]
purpose: 治療実態の記述
datasets:
  patient: [patient_key, sex, birth_date]
  diagnosis: [patient_key, icd10]
cohort:
  everyone: true
ends_on: 2027-03-31
output_kinds: [table, text]
"""


def parse(text: str) -> Any:
    document, line_of = read_lined(text)
    return parse_permit(document, line_of)


def test_a_good_permit_reads_and_writes_back_to_itself() -> None:
    permit = parse(GOOD)
    assert permit == PERMIT
    assert parse_permit(permit.document()) == permit


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("project: p-diabetes", "project: P_Diabetes", "bad_project_id", 1),
        ("people: [mei]", "people: []", "empty_list", 4),
        ("people: [mei]", "people: [Mei]", "bad_username", 4),
        ("purpose: 治療実態の記述", "purpose: ''", "not_text", 5),
        ("  diagnosis: [patient_key, icd10]", "  diagnosis: []", "empty_list", 8),
        ("  everyone: true", "  everyone: false", "bad_cohort", 9),
        ("  everyone: true", "  somebody: true", "unknown_key", 10),
        ("ends_on: 2027-03-31", "ends_on: soon", "not_a_date", 11),
        ("output_kinds: [table, text]", "output_kinds: [pickle]", "unknown_output_kind", 12),
        ("output_kinds: [table, text]\n", "", "missing_key", 1),
        ("output_kinds: [table, text]", "output_kinds: [table, text]\nsecret: 1", "unknown_key", 13),
    ],
)
def test_a_wrong_permit_is_refused_with_its_line(old: str, new: str, code: str, line: int) -> None:
    assert old in GOOD
    with pytest.raises(InvalidInputError) as caught:
        parse(GOOD.replace(old, new))
    assert caught.value.code == code
    assert f"Line {line} " in caught.value.sentence.en


@pytest.mark.parametrize(
    "text", ["", "[]", "people: &a [mei]\ntitle: *a", "a: 1\na: 2", "a: !!python/name:os.system", "a: ["]
)
def test_what_is_not_one_plain_mapping_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse(text)
