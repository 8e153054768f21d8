"""Each rule of the compiler is needed: without it, identifiers change an extract.

For every rule that keeps identifiers out, the property of ``test_view_non_interference`` is
tried with that one rule not enforced, over views written to break it: within 1,000 cases one
must be found whose extract changes with the identifiers, in rows and not by a failure, and
which the whole compiler refuses by that rule alone.
"""

import pytest

from catalog.view_compiler import compile_view
from catalog.views.rules import INTERFERENCE_RULES
from tests.support.view_cases import Case, broken_views, hunting_cases
from tests.support.view_slips import SLIPS

MOST_CASES = 1_000
CASES_PER_SOURCE = 10
BROKEN = 40
"""Views written to break each rule."""


def first_interference(rule: str) -> tuple[int, Case] | None:
    """The first case in which identifiers interfere without the rule, and how many it took."""
    tried = 0
    for seed in range(MOST_CASES // CASES_PER_SOURCE):
        for case in hunting_cases(rule, seed, CASES_PER_SOURCE):
            tried += 1
            found = case.difference()
            if found is None or isinstance(found.other, str):
                continue
            if {refusal.rule for refusal in compile_view(case.text, case.worlds.schema).refusals} == {rule}:
                return tried, case
    return None


def test_there_are_enough_rules_and_each_can_be_broken() -> None:
    assert len(INTERFERENCE_RULES) >= 15
    assert set(SLIPS) == set(INTERFERENCE_RULES)


@pytest.mark.slow
@pytest.mark.parametrize("rule", INTERFERENCE_RULES)
def test_whatever_was_written_to_break_the_rule_is_refused(rule: str) -> None:
    tried = 0
    for seed in range(BROKEN // CASES_PER_SOURCE):
        for text, schema in broken_views(rule, seed, CASES_PER_SOURCE):
            tried += 1
            assert compile_view(text, schema).refusals, text
    assert tried == BROKEN


@pytest.mark.slow
@pytest.mark.parametrize("rule", INTERFERENCE_RULES)
def test_without_the_rule_identifiers_interfere(rule: str) -> None:
    found = first_interference(rule)
    assert found is not None, f"no interference within {MOST_CASES} cases without {rule}"
