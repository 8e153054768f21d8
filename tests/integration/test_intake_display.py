"""The display budget through intake: leases, returns, the ladder, and what else a desk tells."""

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from enclave.display import Budget, Channel, DisplayRules
from enclave.people import AccountState
from enclave.use_cases.meter import LEASES_KEPT
from tests.support.desk_asks import KENS, MEIS, MEIS_OTHER, MEIS_THIRD, PROJECT, Desks, opened_desks

RULES = DisplayRules(Budget(40, 100, 250), Budget(300, 1000, 2000))
TIGHT = Budget(1, 1, 1)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with opened_desks(tmp_path, RULES) as built:
        yield built


def exhaust(desks: Desks) -> None:
    """Nothing of the hour's text is left."""
    assert desks.granted("text", 1, 1000) > 0


def attempt(desks: Desks) -> dict[str, Any]:
    answer: dict[str, Any] = desks.lease("text", 1, 10).json()
    return answer


# Leases


def test_what_is_granted_counts_at_once_for_all_projects_of_the_person(desks: Desks) -> None:
    answer = desks.lease("text", 1, 60).json()
    assert answer["granted"] == 60
    assert answer["meter"] == {
        "text": {"hour": [60, 100], "day": [60, 250]},
        "image": {"hour": [0, 1000], "day": [0, 2000]},
        "message": {"text": 40, "image": 300},
        "paused_until": None,
    }
    assert desks.granted("text", 1, 60, desk=MEIS_OTHER) == 40
    assert desks.granted("text", 1, 60, desk=KENS) == 60
    assert desks.ask("GET", "/display/meter").json()["text"]["hour"] == [100, 100]


def test_the_same_lease_counts_once(desks: Desks) -> None:
    for _ in range(3):
        assert desks.lease("text", 1, 60, lease="a" * 32).json()["granted"] == 60
    assert desks.ask("GET", "/display/meter").json()["text"]["hour"][0] == 60
    other = desks.lease("image", 1, 60, lease="a" * 32)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "other_lease")
    assert desks.lease("text", 1, 30, lease="a" * 32, desk=MEIS_OTHER).json()["granted"] == 30


def test_a_refused_lease_is_one_attempt_however_often_it_is_sent(desks: Desks) -> None:
    exhaust(desks)
    for _ in range(3):
        assert desks.lease("text", 1, 10, lease="b" * 32).json().get("granted", 0) == 0
    with desks.house.read() as work:
        assert [one.attempts for one in work.displays.open_incidents("mei")] == [1]


def test_what_comes_back_counts_no_more_once_and_at_most_what_was_granted(desks: Desks) -> None:
    desks.lease("text", 1, 60, lease="a" * 32)
    desks.lease("text", 1, 20, lease="b" * 32)

    def give_back(lease: str, unused: int) -> int:
        answer = desks.ask("POST", "/display/return", {"lease": lease, "unused": unused})
        return int(answer.json()["meter"]["text"]["hour"][0])

    assert give_back("a" * 32, 10) == 70
    assert give_back("a" * 32, 50) == 70
    assert give_back("b" * 32, 1000) == 50
    assert give_back("c" * 32, 1000) == 50


def test_what_comes_back_later_goes_back_to_its_own_hour(desks: Desks) -> None:
    desks.lease("text", 1, 60, lease="a" * 32)
    desks.forward(hours=1)
    desks.lease("text", 1, 30)
    answer = desks.ask("POST", "/display/return", {"lease": "a" * 32, "unused": 60})
    assert answer.json()["meter"]["text"] == {"hour": [30, 100], "day": [30, 250]}


def test_an_hour_and_a_day_pass(desks: Desks) -> None:
    taken = []
    for _ in range(4):
        taken.append(desks.granted("text", 0, 1000))
        desks.forward(hours=1)
    assert taken == [100, 100, 50, 0]
    desks.forward(hours=20)
    assert desks.granted("text", 0, 1000) == 0
    desks.forward(hours=1)
    assert desks.granted("text", 0, 1000) == 100


def test_old_leases_are_forgotten(desks: Desks) -> None:
    desks.lease("text", 1, 60, lease="a" * 32)
    desks.house.clock.forward(LEASES_KEPT + timedelta(hours=1))
    desks.lease("text", 1, 60)
    with desks.house.read() as work:
        assert work.displays.find_lease("mei", PROJECT, "a" * 32) is None


def test_many_leases_at_once_never_exceed_the_limit(desks: Desks) -> None:
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(lambda _: desks.granted("image", 0, 90), range(40)))
    assert sum(granted) == 1000


@pytest.mark.parametrize(
    "change",
    [
        {"lease": "short"},
        {"kind": "html"},
        {"kind": ["text"]},
        {"least": -1},
        {"least": 1.5},
        {"least": True},
        {"least": 11},
        {"most": "10"},
        {"most": 2**41},
        {"most": None},
    ],
)
def test_a_lease_of_another_form_is_refused(desks: Desks, change: dict[str, Any]) -> None:
    asked = {"lease": "a" * 32, "kind": "text", "least": 1, "most": 10, **change}
    assert desks.ask("POST", "/display/lease", asked).status_code == 422
    returned = {"lease": "a" * 32, "unused": -1}
    assert desks.ask("POST", "/display/return", returned).status_code == 422
    with desks.house.read() as work:
        assert work.displays.everyones_uses(desks.house.clock.now() - timedelta(days=2)) == {}


def test_nobody_is_granted_anything_who_may_not_work_here(desks: Desks) -> None:
    with desks.house.begin() as work:
        account = work.register.find_account("mei")
        assert account is not None
        work.register.put_account(account.closed(AccountState.SUSPENDED, work.now, "on leave"))
    assert desks.lease().status_code == 403


# The ladder


def test_the_first_attempt_pauses_and_says_until_when(desks: Desks) -> None:
    exhaust(desks)
    answer = attempt(desks)
    until = desks.house.clock.now() + timedelta(minutes=10)
    assert answer["granted"] == 0
    assert answer["meter"]["paused_until"] == until.isoformat()
    (incident,), (paused,) = desks.leaves("egress.incident"), desks.leaves("egress.paused")
    assert (incident["person"], incident["project"], incident["body"]) == ("mei", PROJECT, None)
    assert incident["facts"] == {
        "channel": "text",
        "asked": 1,
        "hour": 100,
        "day": 100,
        "number": 1,
        "outcome": "paused",
    }
    assert (paused["person"], paused["subject"]) == ("platform", "mei")
    assert paused["facts"] == {"incident": incident["subject"], "until": until.isoformat()}


def test_while_paused_nothing_is_granted_no_cell_runs_and_nothing_is_noted(desks: Desks) -> None:
    exhaust(desks)
    attempt(desks)
    cell = {"event_id": "a" * 32, "stage": "requested", "source": "1"}
    for path, message in (
        ("/cells", cell),
        ("/display/lease", {"lease": "d" * 32, "kind": "image", "least": 1, "most": 9}),
        ("/files", {"event_id": "a" * 32, "deed": "opened", "path": "t", "bytes": 0, "sha256": ""}),
    ):
        answer = desks.ask("POST", path, message)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "paused")
    assert desks.ask("POST", "/cells", {**cell, "stage": "outcome", "outcome": "ok"}).status_code == 200
    with desks.house.read() as work:
        assert [one.attempts for one in work.displays.open_incidents("mei")] == [1]
    desks.forward(minutes=10)
    assert desks.granted("image", 1, 9) == 9


def test_attempts_close_together_are_one_incident(desks: Desks) -> None:
    exhaust(desks)
    attempt(desks)
    for _ in range(3):
        desks.forward(minutes=11)
        attempt(desks)
    assert len(desks.leaves("egress.incident")) == 1
    with desks.house.read() as work:
        (incident,) = work.displays.open_incidents("mei")
    assert (incident.attempts, incident.last_at - incident.first_at) == (4, timedelta(minutes=33))


def test_the_third_incident_disables_until_it_is_lifted(tmp_path: Path) -> None:
    with opened_desks(tmp_path, DisplayRules(TIGHT, TIGHT)) as desks:
        for _ in range(3):
            assert desks.lease("text", 2, 2).json()["granted"] == 0
            desks.forward(minutes=90)
        assert [leaf["facts"]["outcome"] for leaf in desks.leaves("egress.incident")] == [
            "paused",
            "paused",
            "disabled",
        ]
        assert len(desks.leaves("egress.paused")) == 2
        (disabled,) = desks.leaves("egress.disabled")
        assert (disabled["person"], disabled["subject"]) == ("platform", "mei")
        answer = desks.lease()
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "disabled")
        with desks.house.begin() as work:
            account = work.register.find_account("mei")
            assert account is not None
            assert account.state is AccountState.DISABLED
            assert work.displays.lift("mei", work.now) == 3
            work.register.put_account(account.opened())
        assert desks.granted("text", 1, 1) == 1


def test_an_act_that_fails_takes_neither_lease_nor_record_with_it(desks: Desks) -> None:
    def fail(_work: Any) -> None:
        raise RuntimeError("this act is bad")

    futures: list[Future[Any]] = [
        desks.deps.events.write(lambda work: work.displays.paused_until("mei")),
        desks.deps.events.write(fail),
        desks.deps.events.write(lambda work: work.now),
    ]
    outcomes = [future.exception(timeout=5) for future in futures]
    assert [type(one) for one in outcomes] == [type(None), RuntimeError, type(None)]


# What else a desk tells


@pytest.mark.parametrize("deed", ["opened", "written", "moved", "removed", "copied", "folder_made", "listed"])
def test_a_deed_on_a_file_is_recorded_its_path_erasably(desks: Desks, deed: str) -> None:
    sent = {"event_id": "a" * 32, "deed": deed, "path": "患者/表.csv", "bytes": 12, "sha256": "b" * 64}
    first = desks.ask("POST", "/files", {**sent, "person": "ken", "project": "p-other"})
    assert first.status_code == 200
    assert desks.ask("POST", "/files", sent).json() == first.json()
    (leaf,) = desks.leaves(f"file.{deed}")
    assert (leaf["person"], leaf["project"], leaf["subject"]) == ("mei", PROJECT, MEIS.wid)
    assert leaf["facts"] == {"event": "a" * 32, "bytes": 12, "sha256": "b" * 64}
    assert leaf["open"] == {"path": "患者/表.csv"}


def test_a_used_id_cannot_hide_another_deed(desks: Desks) -> None:
    sent = {"event_id": "a" * 32, "deed": "opened", "path": "plan.md", "bytes": 1, "sha256": ""}
    first = desks.ask("POST", "/files", sent).json()
    assert desks.ask("POST", "/files", {**sent, "path": "patients.csv"}).json() != first
    paths = [leaf["open"]["path"] for leaf in desks.leaves("file.opened")]
    assert paths == ["plan.md", "patients.csv"]


def test_refusals_and_kernels_are_recorded_once(desks: Desks) -> None:
    refused = {"event_id": "a" * 32, "what": "closed_address", "count": 7}
    kernel = {"event_id": "b" * 32, "kernel_id": "k-1", "name": "python3"}
    for _ in range(2):
        assert desks.ask("POST", "/refusals", refused).status_code == 200
        for stage in ("started", "restarted", "ended"):
            assert desks.ask("POST", "/kernels", {**kernel, "stage": stage}).status_code == 200
    (leaf,) = desks.leaves("desk.refused")
    assert leaf["facts"] == {"event": "a" * 32, "what": "closed_address", "count": 7}
    found = desks.leaves("kernel.started", "kernel.restarted", "kernel.ended")
    assert [leaf["facts"] for leaf in found] == [{"event": "b" * 32, "kernel": "k-1", "name": "python3"}] * 3


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/files", {"deed": "read"}),
        ("/files", {"deed": ["opened"]}),
        ("/files", {"path": "x" * 4097}),
        ("/files", {"path": "\ud800"}),
        ("/files", {"path": None}),
        ("/files", {"bytes": -1}),
        ("/files", {"sha256": "short"}),
        ("/files", {"sha256": None}),
        ("/files", {"event_id": "A" * 32}),
        ("/refusals", {"what": ""}),
        ("/refusals", {"what": "a word"}),
        ("/refusals", {"count": True}),
        ("/kernels", {"stage": "died"}),
        ("/kernels", {"kernel_id": ""}),
        ("/kernels", {"name": "患者"}),
        ("/activity", {"busy": -1}),
        ("/activity", {"idle_seconds": 1e3}),
        ("/outputs", {"bytes": {"text": 1}}),
        ("/outputs", {"shown": None}),
        ("/outputs", {"shown": [{}] * 65}),
        ("/outputs", {"shown": [{"kind": "患者", "parts": 1, "bytes": 1, "sha256": "b" * 64}]}),
        ("/outputs", {"shown": [{"kind": "text/plain", "parts": 1, "bytes": 1, "sha256": ""}]}),
        ("/outputs", {"shown": ["text/plain"]}),
    ],
)
def test_a_message_of_another_form_is_not_recorded(desks: Desks, path: str, message: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "event_id": "a" * 32,
        "deed": "opened",
        "path": "t.csv",
        "bytes": {"text": 1, "image": 0} if path == "/outputs" else 0,
        "sha256": "",
        "what": "w",
        "count": 1,
        "kernel_id": "k",
        "name": "",
        "stage": "started",
        "busy": 0,
        "idle_seconds": 1,
        "shown": [],
    }
    assert desks.ask("POST", path, good).status_code in {200, 204}
    assert desks.ask("POST", path, {**good, **message}).status_code == 422


def test_what_a_cell_showed_is_told_by_kind_bytes_and_hash(desks: Desks) -> None:
    plain = {"kind": "text/plain", "parts": 2, "bytes": 12, "sha256": "b" * 64}
    counted = {"text": 12, "image": 3400}
    sent = {"event_id": "a" * 32, "bytes": counted, "shown": [{**plain, "text": "患者"}]}
    assert desks.ask("POST", "/outputs", sent).status_code == 200
    (leaf,) = desks.leaves("output.shown")
    assert leaf["facts"] == {"event": "a" * 32, **counted, "shown": [plain]}


def test_use_of_a_workspace_is_kept(desks: Desks) -> None:
    assert desks.ask("POST", "/activity", {"busy": 0, "idle_seconds": 90}).status_code == 204
    assert desks.workspaces.touched == {MEIS.wid: timedelta(seconds=90)}
    desks.ask("POST", "/activity", {"busy": 1, "idle_seconds": 90})
    assert desks.workspaces.touched == {MEIS.wid: timedelta(0)}


# A day


def test_a_simulated_day_of_a_greedy_person(tmp_path: Path) -> None:
    """Both channels, three workspaces of two projects, a lease every five minutes for 24 hours."""
    total = dict.fromkeys(Channel, 0)
    with opened_desks(tmp_path) as desks:
        rules, workspaces = desks.deps.rules, (MEIS, MEIS_OTHER, MEIS_THIRD)
        for number in range(24 * 12):
            for channel in Channel:
                desk = workspaces[number % len(workspaces)]
                total[channel] += desks.granted(channel.value, 0, rules.budget(channel).hour, desk=desk)
            desks.forward(minutes=5)
        stands = desks.ask("GET", "/display/meter").json()
    for channel in Channel:
        limit = rules.budget(channel).day
        sys.stdout.write(f"simulated day, {channel.value}: {total[channel]} of {limit} bytes\n")
        assert total[channel] == limit
        assert stands[channel.value]["day"] == [limit, limit]


def test_a_simulated_day_of_a_person_who_ignores_the_limit(tmp_path: Path) -> None:
    """The same, but what is asked for is insisted on: three incidents, and far less is shown."""
    total = dict.fromkeys(Channel, 0)
    with opened_desks(tmp_path) as desks:
        rules = desks.deps.rules
        for _ in range(24 * 12):
            for channel in Channel:
                message = rules.budget(channel).message
                total[channel] += desks.granted(channel.value, message, message)
            desks.forward(minutes=5)
        outcomes = [leaf["facts"]["outcome"] for leaf in desks.leaves("egress.incident")]
    for channel in Channel:
        sys.stdout.write(f"simulated day, insisting, {channel.value}: {total[channel]} bytes\n")
        assert total[channel] <= rules.budget(channel).day
    assert outcomes == ["paused", "paused", "disabled"]
