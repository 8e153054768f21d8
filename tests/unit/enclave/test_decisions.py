"""Empty means no; a decision keeps every refusal; a permit exists only after a yes."""

import pytest

from enclave.actions import Action
from enclave.decisions import Refusal, decide, require
from enclave.errors import DeniedError
from enclave.identity import Person, Role
from enclave.sentences import say

MEI = Person("mei")


def test_no_rules_at_all_is_a_refusal() -> None:
    decision = decide(MEI, Action.ADOPT, "x", [])
    assert not decision.allowed
    assert [r.code for r in decision.refusals] == ["no_rule"]


def test_every_refusal_is_kept_and_the_first_is_raised() -> None:
    rules = [None, Refusal("a", say("A.")), Refusal("b", say("B."))]
    decision = decide(MEI, Action.ADOPT, "x", rules)
    assert [r.code for r in decision.refusals] == ["a", "b"]
    with pytest.raises(DeniedError) as caught:
        require(decision)
    assert caught.value.code == "a"


def test_a_yes_gives_a_permit_for_that_person_action_and_subject() -> None:
    permit = require(decide(MEI, Action.ADOPT, "x", [None]))
    assert (permit.person, permit.action, permit.subject) == (MEI, Action.ADOPT, "x")


def test_two_sessions_of_one_name_are_one_person() -> None:
    assert Person("mei", roles=frozenset({Role.RESEARCHER})) == Person("mei", roles=frozenset({Role.CHECKER}))
