"""A workspace's life in the ledger, over a real database: who may, which number, what is recorded."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from enclave.adapters import tables
from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.workspace_tables import WorkspaceState, WorkspaceTables
from enclave.audit.event import body_of
from enclave.errors import ConflictError, DeniedError, InvalidInputError
from enclave.identity import Role
from enclave.people import Account, AccountState, Organisation, OrganisationKind
from enclave.projects import Cohort, ProjectPermit
from hub import workspaces
from hub.sessions import Session, plan_desk, plan_kernel
from hub.workspaces import Evidence
from hub.workspaces_extracts import Extract
from tests.support.adopted import adopt_policies
from tests.support.houses import SqliteHouse
from tests.support.hub_plans import HOUSE, TOKEN, inspected
from tests.support.people import contract_with

EXTRACT = Extract("v1.duckdb", "a" * 64)
ENDS = date(2027, 3, 31)


def account(name: str, state: AccountState = AccountState.ACTIVE, role: Role = Role.RESEARCHER) -> Account:
    return Account(
        name,
        name,
        "univ",
        frozenset({role}),
        state,
        ENDS,
        datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
    )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[SqliteHouse]:
    made = SqliteHouse(tmp_path)
    with made.begin() as work:
        work.register.put_organisation(Organisation("univ", "大学", OrganisationKind.TYPE_TWO_USER, ENDS))
        work.register.put_contract(contract_with("univ"))
        adopt_policies(work, HOUSE.policy_digest)
        for name in ("mei", "rin"):
            work.register.put_account(account(name))
        for project in ("p-a", "p-b"):
            work.register.put_permit(
                ProjectPermit(
                    project,
                    "題",
                    "univ",
                    ("mei", "rin"),
                    "試験",
                    {"t": ("c",)},
                    Cohort(everyone=True),
                    ENDS,
                    ("table",),
                )
            )
            made.keyring.make(project, "body")
    yield made
    made.database.close()


def events(house: SqliteHouse) -> list[dict[str, Any]]:
    with house.read() as work:
        rows = work.connection.execute(tables.ledger_leaf.select().order_by(tables.ledger_leaf.c.n))
        return [json.loads(row.data) for row in rows]


def kinds(house: SqliteHouse) -> list[str]:
    return [event["kind"] for event in events(house)]


def intend(house: SqliteHouse, person: str = "mei", project: str = "p-a") -> Session:
    return workspaces.intend_start(house.database, HOUSE, person, project, EXTRACT, TOKEN)


def finish(house: SqliteHouse, session: Session) -> None:
    evidence = Evidence(
        desk=inspected(dict(plan_desk(HOUSE, session).body)),
        kernel=inspected(dict(plan_kernel(HOUSE, session).body)),
    )
    workspaces.finish_start(house.database, HOUSE, session, EXTRACT, evidence)


def end(house: SqliteHouse, wid: str, reason: str, code: str = "") -> None:
    if workspaces.begin_end(house.database, wid, reason, code):
        workspaces.finish_end(house.database, wid)


def test_nobody_of_the_register_may_not_start(house: SqliteHouse) -> None:
    with pytest.raises(DeniedError) as refused:
        intend(house, "nobody")
    assert refused.value.code == "no_account"
    assert kinds(house) == ["workspace.refused"]
    assert workspaces.live(house.database) == ()


def test_a_project_without_permit_may_not_be_entered(house: SqliteHouse) -> None:
    with pytest.raises(DeniedError):
        intend(house, "mei", "p-c")
    assert events(house)[0]["project"] == ""


@pytest.mark.parametrize(
    "changed", [account("mei", AccountState.SUSPENDED), account("mei", role=Role.OPERATOR)]
)
def test_eligibility_is_asked_with_the_facts_of_the_moment(house: SqliteHouse, changed: Account) -> None:
    with house.begin() as work:
        work.register.put_account(changed)
    with pytest.raises(DeniedError):
        intend(house)
    assert kinds(house) == ["workspace.refused"]


def test_an_intent_and_its_row_are_one_transaction(house: SqliteHouse) -> None:
    session = intend(house)
    assert kinds(house) == ["workspace.start_intended", "key.used"]
    (row,) = workspaces.live(house.database)
    assert (row.wid, row.number, row.state) == (session.wid, 1, WorkspaceState.STARTING)
    assert events(house)[0]["facts"]["image_desk"] == HOUSE.images.desk


def test_a_start_that_is_done_is_recorded_with_both_inspect_documents_and_no_token(
    house: SqliteHouse,
) -> None:
    session = intend(house)
    finish(house, session)
    assert kinds(house)[-1] == "workspace.start_done"
    with house.read() as work:
        row = work.connection.execute(tables.ledger_body.select()).one()
    assert TOKEN.encode() not in row.sealed
    stated = workspaces.without_secret(inspected(dict(plan_desk(HOUSE, session).body)), TOKEN)
    assert TOKEN not in json.dumps(stated)
    assert "JUPYTERHUB_API_TOKEN=(removed)" in stated["Config"]["Env"]


def test_the_body_of_a_start_can_be_read_again(house: SqliteHouse) -> None:
    finish(house, intend(house))

    with house.read() as work:
        (body,) = [e.body for e in LedgerTables(work.connection, house.keyring, "x").entries() if e.body]
    document: dict[str, Any] = body_of(body)
    assert document["kernel"]["HostConfig"]["NetworkMode"] == "none"


def test_one_person_has_one_workspace_at_a_time(house: SqliteHouse) -> None:
    finish(house, intend(house))
    with pytest.raises(DeniedError) as refused:
        intend(house, project="p-b")
    assert refused.value.code == "other_live"
    intend(house, "rin", "p-b")
    assert len(workspaces.live(house.database)) == 2


def test_a_number_is_never_used_by_two_workspaces(house: SqliteHouse) -> None:
    numbers: dict[str, int] = {}
    for person, project in (("mei", "p-a"), ("rin", "p-a"), ("mei", "p-b"), ("mei", "p-a"), ("rin", "p-b")):
        for row in workspaces.live(house.database):
            end(house, row.wid, "stop")
        session = intend(house, person, project)
        assert numbers.setdefault(session.wid, session.number) == session.number
    assert sorted(numbers.values()) == [1, 2, 3, 4]


def test_an_ending_is_recorded_once(house: SqliteHouse) -> None:
    session = intend(house)
    finish(house, session)
    end(house, session.wid, "stop")
    end(house, session.wid, "stop")
    assert kinds(house)[-3:] == ["workspace.start_done", "workspace.end_intended", "workspace.stopped"]
    assert workspaces.live(house.database) == ()


def test_an_intent_that_ends_is_undone(house: SqliteHouse) -> None:
    session = intend(house)
    end(house, session.wid, "start_failed", "not_up")
    assert events(house)[-1]["kind"] == "workspace.start_undone"
    assert events(house)[-1]["facts"] == {"reason": "start_failed", "code": "not_up", "number": 1}


def test_a_start_over_a_stale_row_closes_it_first(house: SqliteHouse) -> None:
    finish(house, intend(house))
    intend(house)
    assert kinds(house)[-3:] == ["workspace.stopped", "workspace.start_intended", "key.used"]


def reasons(house: SqliteHouse) -> list[tuple[str, str, str]]:
    """Kind, reason and code of every end."""
    return [
        (e["kind"], e["facts"]["reason"], e["facts"]["code"]) for e in events(house) if "reason" in e["facts"]
    ]


def test_the_first_to_begin_an_end_names_its_reason_for_good(house: SqliteHouse) -> None:
    session = intend(house)
    finish(house, session)
    assert workspaces.begin_end(house.database, session.wid, "idle")
    assert workspaces.begin_end(house.database, session.wid, "stop")
    workspaces.finish_end(house.database, session.wid)
    workspaces.finish_end(house.database, session.wid)
    assert not workspaces.begin_end(house.database, session.wid, "found_dead")
    assert reasons(house) == [("workspace.end_intended", "idle", ""), ("workspace.stopped", "idle", "")]


def test_nothing_is_finished_that_was_not_begun(house: SqliteHouse) -> None:
    session = intend(house)
    workspaces.finish_end(house.database, session.wid)
    assert workspaces.state_of(house.database, session.wid) is WorkspaceState.STARTING


@pytest.mark.parametrize("found", ["found_dead", "open_intent", "no_server", "idle"])
def test_what_is_found_dead_of_somebody_suspended_ended_for_that(house: SqliteHouse, found: str) -> None:
    session = intend(house)
    finish(house, session)
    with house.begin() as work:
        work.register.put_account(account("mei", AccountState.SUSPENDED))
    end(house, session.wid, found)
    assert {r[1:] for r in reasons(house)} == {("ineligible", "suspended")}


def test_what_somebody_wanted_is_the_reason(house: SqliteHouse) -> None:
    session = intend(house)
    finish(house, session)
    with house.begin() as work:
        work.register.put_account(account("mei", AccountState.SUSPENDED))
    end(house, session.wid, "stop")
    assert {r[1] for r in reasons(house)} == {"stop"}


def test_no_start_meets_an_end_that_is_not_done(house: SqliteHouse) -> None:
    session = intend(house)
    finish(house, session)
    workspaces.begin_end(house.database, session.wid, "idle")
    with pytest.raises(ConflictError) as refused:
        intend(house)
    assert refused.value.code == "ending"
    with pytest.raises(DeniedError) as other:
        intend(house, project="p-b")
    assert other.value.code == "other_live"
    workspaces.finish_end(house.database, session.wid)
    intend(house)


def test_whoever_is_ending_is_served_no_more(house: SqliteHouse) -> None:
    session = intend(house)
    workspaces.begin_end(house.database, session.wid, "ineligible", "suspended")
    with house.read() as work:
        assert WorkspaceTables(work.connection).serving() == ()
        assert [w.wid for w in WorkspaceTables(work.connection).live()] == [session.wid]


def test_the_quick_question_finds_the_suspended_the_disabled_and_the_paused(house: SqliteHouse) -> None:
    session, other = intend(house), intend(house, "rin")
    assert workspaces.shut_out(house.database) == ()
    for state in (AccountState.SUSPENDED, AccountState.DISABLED):
        with house.begin() as work:
            work.register.put_account(account("mei", state))
        ((row, refusal),) = workspaces.shut_out(house.database)
        assert (row.wid, refusal.code) == (session.wid, state.value)
    with house.begin() as work:
        work.register.put_account(account("mei"))
        work.displays.pause("rin", work.now + timedelta(minutes=10))
    ((row, refusal),) = workspaces.shut_out(house.database)
    assert (row.wid, refusal.code) == (other.wid, "paused")
    house.clock.forward(timedelta(minutes=10))
    assert workspaces.shut_out(house.database) == ()


def test_whoever_is_paused_starts_nothing(house: SqliteHouse) -> None:
    with house.begin() as work:
        work.displays.pause("mei", work.now + timedelta(minutes=10))
    with pytest.raises(DeniedError) as refused:
        intend(house)
    assert refused.value.code == "paused"


def test_a_workspace_is_idle_since_its_last_use_or_its_start(house: SqliteHouse) -> None:
    session = intend(house)
    finish(house, session)
    hour = timedelta(hours=1)
    house.clock.forward(hour)
    with house.begin() as work:
        used = work.now
        WorkspaceTables(work.connection).put_active(session.wid, used)
        WorkspaceTables(work.connection).put_active(session.wid, used - hour)
    house.clock.forward(hour)
    assert workspaces.idle(house.database, 2 * hour) == ()
    assert [w.wid for w in workspaces.idle(house.database, hour)] == [session.wid]
    other = intend(house, "rin")
    finish(house, other)
    house.clock.forward(2 * hour)
    assert {w.wid for w in workspaces.idle(house.database, 2 * hour)} == {session.wid, other.wid}


def test_the_start_page_says_why_the_last_workspace_ended_until_the_next_one(house: SqliteHouse) -> None:
    def told() -> str | None:
        project = workspaces.projects_of(house.database, "mei")[0]
        return project.ended.en if project.ended else None

    assert told() is None
    for reason, words in (("idle", "nobody worked"), ("found_dead", "unexpectedly"), ("stop", "")):
        session = intend(house)
        assert told() is None
        end(house, session.wid, reason)
        assert words in (told() or "")
        assert (told() is None) == (reason == "stop")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"missing": ("apparmor",)}, "host_apparmor"),
        ({"policy_digest": "b" * 64}, "policy_not_adopted"),
        ({"policy_digest": ""}, "policy_not_adopted"),
    ],
)
def test_a_host_below_the_baseline_or_policies_nobody_adopted_start_nothing(
    house: SqliteHouse, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(DeniedError) as refused:
        workspaces.intend_start(house.database, replace(HOUSE, **change), "mei", "p-a", EXTRACT, TOKEN)
    assert refused.value.code == code
    assert events(house)[-1]["facts"]["codes"] == [code]


def test_where_no_policy_was_adopted_the_empty_digest_is_none(tmp_path: Path) -> None:
    assert [r.code for r in workspaces.house_rules(replace(HOUSE, policy_digest=""), "")] == [
        "policy_not_adopted"
    ]


def test_what_was_ended_while_it_started_does_not_live(house: SqliteHouse) -> None:
    session = intend(house)
    end(house, session.wid, "ineligible", "suspended")
    with pytest.raises(ConflictError):
        finish(house, session)
    assert workspaces.state_of(house.database, session.wid) is WorkspaceState.STOPPED


def test_without_the_projects_key_nothing_is_finished(house: SqliteHouse) -> None:
    session = intend(house)
    house.keyring.destroy("p-a", "body")
    with pytest.raises(ConflictError):
        finish(house, session)
    assert workspaces.state_of(house.database, session.wid) is WorkspaceState.STARTING


def test_whoever_is_no_longer_eligible_is_found(house: SqliteHouse) -> None:
    assert workspaces.no_longer_eligible(house.database) == ()
    session = intend(house)
    assert workspaces.no_longer_eligible(house.database) == ()
    with house.begin() as work:
        work.register.put_account(account("mei", AccountState.SUSPENDED))
    ((row, refusal),) = workspaces.no_longer_eligible(house.database)
    assert (row.wid, refusal.code) == (session.wid, "suspended")


def test_the_start_page_lists_what_a_person_may_enter(house: SqliteHouse) -> None:
    assert workspaces.projects_of(house.database, "nobody") == ()
    assert [p.id for p in workspaces.projects_of(house.database, "mei")] == ["p-a", "p-b"]


def test_the_unnamed_server_is_no_workspace() -> None:
    with pytest.raises(InvalidInputError) as refused:
        workspaces.check_names("mei", "")
    assert refused.value.code == "no_project"


def test_live_rows_are_what_intake_reads(house: SqliteHouse) -> None:
    first, second = intend(house), intend(house, "rin")
    finish(house, first)
    with house.read() as work:
        assert [w.wid for w in WorkspaceTables(work.connection).live()] == [first.wid, second.wid]
        assert [w.wid for w in WorkspaceTables(work.connection).live_of("rin")] == [second.wid]
