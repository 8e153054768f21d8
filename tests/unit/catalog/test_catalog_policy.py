"""The numbers of the steward's room: sourced, known, and never milder than what is built in."""

import copy
from pathlib import Path
from typing import Any

import pytest

from catalog.policy import CatalogPolicy, TransformRules, parse_catalog_policy
from enclave.adapters.policy_files import load_policies
from enclave.errors import InvalidInputError

POLICIES = Path(__file__).parents[3] / "policies"


def document() -> dict[str, Any]:
    return copy.deepcopy(dict(load_policies(POLICIES).document("catalog")))


def test_what_is_shipped_is_read() -> None:
    policy = parse_catalog_policy(document())
    assert policy == CatalogPolicy(
        TransformRules(10, 30),
        anon_k=10,
        rare_persons=10,
        shown_rarest=20,
        rebuild_days=30,
        all_providers=True,
        kept_years=10,
        most_pseudonyms=100,
        most_minutes=60,
        least_persons=10,
        public_step=100,
    )


def test_an_empty_policy_is_none() -> None:
    with pytest.raises(InvalidInputError):
        parse_catalog_policy({})


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("transforms", "common_persons", 9),
        ("transforms", "shift_days_most", 29),
        ("transforms", "shift_days_most", 366),
        ("anon", "k", 9),
        ("risk", "rare_persons", 9),
        ("risk", "shown_rarest", 101),
        ("optout", "rebuild_days", 31),
        ("optout", "rebuild_days", 0),
        ("optout", "all_providers", 1),
        ("inquiry", "kept_years", 4),
        ("officers", "most_minutes", 481),
        ("officers", "most_minutes", True),
        ("officers", "most_minutes", "60"),
        ("transforms", "scrub", 1),
        ("transforms", "scrub", "true"),
    ],
)
def test_a_milder_or_wrong_value_is_refused(section: str, name: str, value: object) -> None:
    changed = document()
    changed[section][name]["value"] = value
    with pytest.raises(InvalidInputError, match=f"{section}.{name}"):
        parse_catalog_policy(changed)


def test_stricter_values_are_taken() -> None:
    changed = document()
    changed["transforms"]["common_persons"]["value"] = 100
    changed["optout"]["all_providers"]["value"] = False
    policy = parse_catalog_policy(changed)
    assert (policy.transforms.common_persons, policy.all_providers) == (100, False)


def test_words_that_nobody_knows_and_numbers_without_a_source_are_refused() -> None:
    misspelt, missing, unsourced, flat = (document() for _ in range(4))
    misspelt["transforms"]["comon_persons"] = misspelt["transforms"]["common_persons"]
    del missing["anon"]["k"]
    unsourced["anon"]["k"] = {"value": 10, "source": " "}
    flat["anon"] = 10
    for broken in (misspelt, missing, unsourced, flat):
        with pytest.raises(InvalidInputError):
            parse_catalog_policy(broken)


def test_the_numbers_of_transforms_are_not_printed() -> None:
    assert "30" not in repr(TransformRules(10, 30))
    assert "30" not in repr(parse_catalog_policy(document()).transforms)
