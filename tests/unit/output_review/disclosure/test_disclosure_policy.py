"""The policy: every number sourced, floors held, nothing unknown."""

import copy
from typing import Any

import pytest

from enclave.adapters.policy_files import load_policies
from enclave.errors import InvalidInputError
from output_review.disclosure.policy import policy_from_mapping
from tests.unit.output_review.disclosure.checked_files import POLICIES, check, shipped_policy


def _document() -> dict[str, Any]:
    return copy.deepcopy(dict(load_policies(POLICIES).document("disclosure")))


def _changed(setting: str, value: object) -> dict[str, Any]:
    document = _document()
    document["profiles"]["jp-health-1"][setting]["value"] = value
    return document


def test_nothing_is_no_policy() -> None:
    nothing: tuple[dict[str, Any], ...] = (
        {},
        {"profiles": {}},
        {"profiles": {"a": {}}, "default_profile": "a"},
    )
    for document in nothing:
        with pytest.raises(InvalidInputError):
            policy_from_mapping(document)


def test_the_shipped_profile() -> None:
    policy = shipped_policy()
    assert (policy.profile, policy.min_persons, policy.zero_allowed) == ("jp-health-1", 10, True)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("min_persons", 9),
        ("min_persons", 0),
        ("max_rows", 5001),
        ("max_rows", 0),
        ("max_file_bytes", 16 * 1024 * 1024 + 1),
        ("row_level_columns", 5),
        ("figure_points", 13),
        ("figure_points", 0),
        ("min_persons", "10"),
        ("min_persons", True),
        ("zero_allowed", 1),
    ],
)
def test_a_milder_or_wrong_value_is_refused(setting: str, value: object) -> None:
    with pytest.raises(InvalidInputError):
        policy_from_mapping(_changed(setting, value))


def test_stricter_is_allowed_and_changes_the_digest() -> None:
    stricter = policy_from_mapping(_changed("min_persons", 20))
    assert stricter.min_persons == 20
    assert stricter.digest != shipped_policy().digest
    assert policy_from_mapping(_document()).digest == shipped_policy().digest


def test_a_number_without_a_source_an_unknown_word_and_a_missing_one_are_refused() -> None:
    unsourced, unknown, missing = _document(), _document(), _document()
    unsourced["profiles"]["jp-health-1"]["min_persons"]["source"] = " "
    unknown["profiles"]["jp-health-1"]["min_person"] = {"value": 1, "source": "x"}
    del missing["profiles"]["jp-health-1"]["zero_allowed"]
    for document in (unsourced, unknown, missing):
        with pytest.raises(InvalidInputError):
            policy_from_mapping(document)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        policy_from_mapping(_document(), "absent")


def test_the_report_carries_the_digest() -> None:
    assert check("a,n\nx,12\n").policy_digest == shipped_policy().digest
