"""What stands before a person is limited, and asking for more has a consequence."""

from pathlib import Path

import pytest

from enclave.access import account_rules
from enclave.display import Budget, Channel, DisplayRules
from enclave.errors import DeniedError
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose_eligibility import propose_reinstatement
from enclave.use_cases.sign_in import SecondFactor
from tests.support.desk_asks import MEIS, MEIS_OTHER, MEIS_THIRD, Desks, opened_desks

DESKS = (MEIS, MEIS_OTHER, MEIS_THIRD)
TIGHT = DisplayRules(Budget(1, 1, 1), Budget(1, 1, 1))


def test_35_a_day_holds_no_more_than_its_budget(tmp_path: Path) -> None:
    """No more than the day's budget is put before a person in all workspaces and projects together, however a desk asks."""
    total = dict.fromkeys(Channel, 0)
    with opened_desks(tmp_path) as desks:
        for number in range(96):
            for channel in Channel:
                budget = desks.deps.rules.budget(channel)
                desk = DESKS[number % len(DESKS)]
                total[channel] += desks.granted(channel.value, 0, budget.day, desk=desk)
            desks.forward(minutes=15)
    assert total == {Channel.TEXT: 2_000_000, Channel.IMAGE: 20_000_000}


def may_enter(desks: Desks) -> list[str]:
    """Why mei may not: the codes."""
    with desks.house.read() as work:
        account = work.register.find_account("mei")
        organisation = work.register.find_organisation("daigaku")
        rules = account_rules(account, organisation, work.now.date())
        return [refusal.code for refusal in rules if refusal is not None]


def test_36_three_incidents_disable_until_two_people_lift_it(tmp_path: Path) -> None:
    """Asking for more than the limit pauses a person twice and then disables the account, until one person proposes to lift it and another adopts that."""
    with opened_desks(tmp_path, TIGHT) as desks:
        for number in range(3):
            assert may_enter(desks) == []
            assert desks.lease("text", 2, 2).json()["granted"] == 0
            paused = desks.lease("image", 1, 1).json()["error"]["code"]
            assert paused == ("paused" if number < 2 else "disabled")
            desks.forward(minutes=90)
        assert may_enter(desks) == ["disabled"]
        with desks.house.begin() as work:
            proposal = propose_reinstatement(work, "bo", "mei", "a loop printed whole tables")
        assert may_enter(desks) == ["disabled"]
        with pytest.raises(DeniedError, match="You proposed this"), desks.house.begin() as work:
            adopt(work, SecondFactor("bo", work.now), proposal.id, proposal.digest)
        assert may_enter(desks) == ["disabled"]
        with desks.house.begin() as work:
            adopt(work, SecondFactor("ben", work.now), proposal.id, proposal.digest)
        assert may_enter(desks) == []
        assert desks.granted("text", 1, 1) == 1
        (lifted,) = desks.leaves("egress.lifted")
        assert (lifted["person"], lifted["subject"]) == ("ben", "mei")


def test_37_a_desks_report_neither_changes_nor_hides_a_record(tmp_path: Path) -> None:
    """What a desk reports is recorded as its own workspace's whatever it says; the same report twice is one record, another report under a used id is another."""
    with opened_desks(tmp_path) as desks:
        told = {"event_id": "a" * 32, "deed": "opened", "path": "plan.md", "bytes": 1, "sha256": ""}
        first = desks.ask("POST", "/files", {**told, "person": "ken", "project": "p-x", "n": 1})
        assert desks.ask("POST", "/files", told).json() == first.json()
        other = desks.ask("POST", "/files", {**told, "path": "patients.csv"})
        assert other.json()["n"] > first.json()["n"]
        leaves = desks.leaves("file.opened")
    assert {(leaf["person"], leaf["project"], leaf["subject"]) for leaf in leaves} == {
        ("mei", MEIS.project, MEIS.wid)
    }
    assert [leaf["open"]["path"] for leaf in leaves] == ["plan.md", "patients.csv"]
