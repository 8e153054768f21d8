"""No rule of the view compiler can be switched off from anywhere but the tests."""

import ast

from catalog.views.refusals import Refusals
from enclave.sentences import say
from tests.architecture.house_tree import (
    BESIDE,
    OUTSIDERS,
    ROOMS,
    called_name,
    calls_in,
    modules_below,
    shown,
)

SWITCH = "without"
SWITCHED = {"compile_view", "Refusals"}
PASSED_ON = ("catalog/view_compiler.py", "Refusals")
"""The one place: the compiler hands what it was given to the list of refusals."""


def test_nothing_outside_the_tests_names_a_rule_not_to_enforce() -> None:
    ours = modules_below(*ROOMS, "images", *OUTSIDERS, *(folder for folder in BESIDE if folder != "tests"))
    wrong = []
    for path in ours:
        for call in calls_in(path):
            named = {called_name(call).split(".")[-1]} | {ast.unparse(given) for given in call.args}
            given = {keyword.arg for keyword in call.keywords} & {SWITCH, None}
            if named & SWITCHED and given and (shown(path), called_name(call)) != PASSED_ON:
                wrong.append(f"{shown(path)}: {ast.unparse(call)[:80]}")
    assert wrong == []


def test_by_default_every_rule_is_enforced() -> None:
    refusals = Refusals("SELECT 1")
    refusals.add_at("limit", 1, 1, say("No."), say("Remedy."))
    assert [refusal.rule for refusal in refusals.found] == ["limit"]


def test_a_rule_that_is_not_enforced_adds_no_refusal_and_others_do() -> None:
    refusals = Refusals("SELECT 1", frozenset({"limit"}))
    refusals.add_at("limit", 1, 1, say("No."), say("Remedy."))
    refusals.add_at("sample", 1, 1, say("No."), say("Remedy."))
    assert [refusal.rule for refusal in refusals.found] == ["sample"]
