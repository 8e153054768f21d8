"""Intake's application for one workspace: the protocol, and what it does not listen to."""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.translations import both
from enclave.audit.event import EventDraft, body_of
from enclave.audit.kinds import Kind
from enclave.display import DisplayRules
from enclave.errors import UnavailableError
from enclave.people import AccountState
from enclave.sentences import say
from output_review.intake import ROUTES, IntakeDeps, intake_app
from output_review.intake_tokens import TokenDoor, scopes_of
from output_review.intake_writer import EventWriter
from output_review.ports import LiveWorkspace, ReviewWork
from output_review.requests import MAX_FILE_BYTES
from output_review.workflow import State
from tests.support.houses import SqliteHouse
from tests.support.people import MEI as MEI_ACCOUNT
from tests.support.review_fakes import FakeWorkspaces
from tests.support.review_houses import sqlite_story
from tests.support.review_story import MEI, PROJECT, Story, draft_id, request_of

MEIS = LiveWorkspace("0123456789ab", "mei", PROJECT, PROJECT)
TOKEN = {"Authorization": "token desk"}
CELL = {
    "event_id": "a" * 32,
    "stage": "requested",
    "kernel_id": "k-1",
    "channel": "shell",
    "msg_type": "execute_request",
    "source": "患者.head()",
    "silent": False,
    "expressions": ["x"],
}


@dataclass
class Hub:
    """The hub's answers by token."""

    scopes: dict[str, frozenset[str]] = field(default_factory=lambda: {"desk": scopes_of(MEIS)})
    asked: int = 0
    away: bool = False

    async def __call__(self, token: str) -> frozenset[str] | None:
        self.asked += 1
        if self.away:
            raise UnavailableError("no_hub", say("The hub does not answer. Nothing was done; try again."))
        return self.scopes.get(token)


@dataclass
class Desk:
    """A desk that speaks to its intake, with a clock that we move."""

    story: Story
    house: SqliteHouse
    events: EventWriter
    hub: Hub = field(default_factory=Hub)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        tokens = TokenDoor(self.hub, lambda: self.seconds)
        works, vault = self.story.works, self.story.vault
        self.deps = IntakeDeps(
            works, vault, self.events, tokens, both, lambda: self.seconds, DisplayRules(), FakeWorkspaces()
        )
        self.app = intake_app(self.deps, MEIS)

    def ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return asyncio.run(self.ask_all([(method, path, sent)]))[0]

    async def ask_all(self, asked: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
            sent = [client.request(m, p, **{"headers": TOKEN, **more}) for m, p, more in asked]
            return list(await asyncio.gather(*sent))

    def leaves(self, kind: str) -> list[dict[str, Any]]:
        with self.house.read() as work:
            entries = list(LedgerTables(work.connection, self.house.keyring, "o").entries())
        found = [{**json.loads(e.data), "open": body_of(e.body) if e.body else None} for e in entries]
        return [leaf for leaf in found if leaf["kind"] == kind]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    story, house = sqlite_story(tmp_path)
    events = EventWriter(story.works)
    yield Desk(story, house, events)
    events.close()
    house.database.close()


def announcement(files: dict[str, bytes], number: int = 1, **more: Any) -> dict[str, Any]:
    listed = [{"name": n, "size": len(c), "sha256": hashlib.sha256(c).hexdigest()} for n, c in files.items()]
    words = {"draft_id": draft_id(number), "title": "表", "what_it_shows": "人数"}
    return {**words, "files": listed, **more}


def code(answer: httpx.Response) -> str:
    error = answer.json()["error"]
    assert error["ja"]
    assert error["en"]
    return str(error["code"])


# Who speaks


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "desk"}, {"Authorization": "token "}, {"Authorization": "Bearer desk"}]
)
@pytest.mark.parametrize(("method", "path", "_"), ROUTES)
def test_no_route_without_the_desks_token(
    desk: Desk, method: str, path: str, _: Any, headers: dict[str, str]
) -> None:
    path = path.replace("{draft_id}", "x").replace("{index:int}", "0").replace("{check_id}", "x")
    answer = desk.ask(method, path, headers=headers, json=CELL)
    assert (answer.status_code, code(answer)) == (403, "not_this_desk")
    assert desk.leaves("cell.requested") == []


def test_there_is_no_route_to_confirm_review_release_or_download() -> None:
    paths = {(method, path) for method, path, _ in ROUTES}
    assert paths == {
        ("POST", "/cells"),
        ("POST", "/outputs"),
        ("POST", "/files"),
        ("POST", "/refusals"),
        ("POST", "/kernels"),
        ("POST", "/display/lease"),
        ("POST", "/display/return"),
        ("GET", "/display/meter"),
        ("POST", "/activity"),
        ("POST", "/drafts"),
        ("PUT", "/drafts/{draft_id}/files/{index:int}"),
        ("POST", "/drafts/{draft_id}/complete"),
        ("GET", "/releases"),
        ("POST", "/checks"),
        ("GET", "/checks/{check_id}"),
    }


@pytest.mark.parametrize(
    "scopes",
    [
        {f"access:servers!server=mei/{PROJECT}"},
        {"users:activity!user=mei"},
        {f"access:servers!server=ken/{PROJECT}", "users:activity!user=ken"},
        {"access:servers!server=mei/p-other", "users:activity!user=mei"},
        {"access:servers", "users:activity"},
        set(),
    ],
)
def test_another_token_is_not_the_desks(desk: Desk, scopes: set[str]) -> None:
    desk.hub.scopes["desk"] = frozenset(scopes)
    assert desk.ask("POST", "/cells", json=CELL).status_code == 403


def test_a_good_answer_is_remembered_for_fifteen_seconds_and_a_bad_one_never(desk: Desk) -> None:
    for _ in range(3):
        assert desk.ask("POST", "/cells", json=CELL).status_code == 200
    assert desk.hub.asked == 1
    desk.hub.scopes.clear()
    desk.seconds = 14.9
    assert desk.ask("POST", "/cells", json=CELL).status_code == 200
    desk.seconds = 15.1
    for _ in range(2):
        assert desk.ask("POST", "/cells", json=CELL).status_code == 403
    assert desk.hub.asked == 3


def test_a_hub_that_is_away_lets_nobody_in_past_the_time(desk: Desk) -> None:
    assert desk.ask("GET", "/releases").status_code == 200
    desk.hub.away = True
    assert desk.ask("GET", "/releases").status_code == 200
    desk.seconds = 16
    answer = desk.ask("GET", "/releases")
    assert (answer.status_code, code(answer)) == (503, "no_hub")


def test_another_token_is_asked_for_anew(desk: Desk) -> None:
    assert desk.ask("GET", "/releases").status_code == 200
    answer = desk.ask("GET", "/releases", headers={"Authorization": "token stolen"})
    assert answer.status_code == 403


# Cells


def test_a_cell_is_recorded_as_the_workspaces_whatever_is_said(desk: Desk) -> None:
    answer = desk.ask(
        "POST", "/cells", json={**CELL, "person": "ken", "project": "p-other", "workspace": "f" * 12}
    )
    (leaf,) = desk.leaves("cell.requested")
    assert answer.json() == {"n": leaf["n"]}
    assert (leaf["person"], leaf["project"], leaf["subject"]) == ("mei", PROJECT, MEIS.wid)
    assert leaf["open"] == {"source": "患者.head()", "expressions": ["x"]}
    assert leaf["facts"] == {
        "event": "a" * 32,
        "kernel": "k-1",
        "channel": "shell",
        "type": "execute_request",
        "silent": False,
        "expressions": 1,
    }


def test_the_same_event_twice_is_one_leaf_and_its_outcome_another(desk: Desk) -> None:
    first = desk.ask("POST", "/cells", json=CELL).json()
    assert desk.ask("POST", "/cells", json=CELL).json() == first
    outcome = {**CELL, "stage": "outcome", "outcome": "ok"}
    assert desk.ask("POST", "/cells", json=outcome).json() != first
    assert [leaf["facts"]["outcome"] for leaf in desk.leaves("cell.outcome")] == ["ok"]


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": "short"},
        {"event_id": "g" * 32},
        {"stage": "done"},
        {"stage": "outcome"},
        {"stage": "outcome", "outcome": "fine"},
        {"source": None},
        {"source": "\ud800"},
        {"kernel_id": "患者"},
        {"kernel_id": "a b"},
        {"channel": 1},
        {"expressions": [1]},
        {"expressions": ["\ud800"]},
        {"expressions": "x"},
    ],
)
def test_a_cell_of_another_form_is_not_recorded(desk: Desk, change: dict[str, Any]) -> None:
    text = json.dumps({**CELL, **change})
    assert desk.ask("POST", "/cells", content=text).status_code == 422
    assert desk.leaves("cell.requested") == []


@pytest.mark.parametrize("text", ["", "[]", "1", "nonsense", "[" * 50_000])
def test_what_is_no_message_is_refused(desk: Desk, text: str) -> None:
    answer = desk.ask("POST", "/cells", content=text)
    assert (answer.status_code, code(answer)) == (422, "bad_message")


def test_many_at_once_are_each_recorded_once(desk: Desk) -> None:
    cells = [{**CELL, "event_id": f"{n:032x}"} for n in range(60)]
    answers = asyncio.run(desk.ask_all([("POST", "/cells", {"json": cell}) for cell in cells]))
    numbers = [answer.json()["n"] for answer in answers]
    assert len(set(numbers)) == 60
    assert sorted(numbers) == sorted(leaf["n"] for leaf in desk.leaves("cell.requested"))


def test_a_suspended_person_runs_nothing_but_how_it_ended_is_recorded(desk: Desk) -> None:
    assert desk.ask("POST", "/cells", json=CELL).status_code == 200
    with desk.house.begin() as work:
        work.register.put_account(replace(MEI_ACCOUNT, state=AccountState.SUSPENDED))
    desk.seconds = 16
    second = {**CELL, "event_id": "b" * 32}
    answer = desk.ask("POST", "/cells", json=second)
    assert (answer.status_code, code(answer)) == (403, "suspended")
    assert desk.ask("POST", "/cells", json={**CELL, "stage": "outcome", "outcome": "ok"}).status_code == 200
    assert desk.ask("POST", "/drafts", json=announcement({"t.csv": b"n"})).status_code == 403


def test_a_ledger_that_cannot_take_it_acknowledges_nothing(desk: Desk) -> None:
    desk.house.keyring.destroy(PROJECT, "body")
    answer = desk.ask("POST", "/cells", json=CELL)
    assert (answer.status_code, code(answer)) == (409, "no_body_key")
    assert desk.leaves("cell.requested") == []


def test_one_bad_event_does_not_take_the_others_with_it(desk: Desk) -> None:
    drafts = [EventDraft(Kind.CELL_OUTCOME, "mei", PROJECT, "w", {"n": n}) for n in range(5)]
    bad = EventDraft(Kind.CELL_REQUESTED, "mei", "p-without-key", "w", body={"source": "x"})
    futures = [desk.events.record(draft) for draft in (*drafts[:2], bad, *drafts[2:])]
    outcomes = [future.exception(timeout=5) for future in futures]
    assert [o is None for o in outcomes] == [True, True, False, True, True, True]
    assert len(desk.leaves("cell.outcome")) == 5


# Drafts


def test_a_hand_in_over_the_socket(desk: Desk) -> None:
    files = {"t.csv": b"n\r\n20\r\n", "memo.txt": b"memo"}
    begun = desk.ask("POST", "/drafts", json=announcement(files, person="ken", project="p-other"))
    assert begun.json() == {"request_id": request_of(1), "missing": [0, 1]}
    path = f"/drafts/{draft_id(1)}"
    assert desk.ask("PUT", f"{path}/files/0", content=files["t.csv"]).status_code == 204
    assert desk.ask("POST", "/drafts", json=announcement(files)).json()["missing"] == [1]
    assert code(desk.ask("POST", f"{path}/complete")) == "files_missing"
    assert desk.ask("PUT", f"{path}/files/1", content=files["memo.txt"]).status_code == 204
    assert desk.ask("PUT", f"{path}/files/1", content=files["memo.txt"]).status_code == 204
    for _ in range(2):
        done = desk.ask("POST", f"{path}/complete")
        assert done.json() == {"request_id": request_of(1), "state": "handed_in"}
    request = desk.story.get(request_of(1))
    assert (request.author, request.project, request.state) == ("mei", PROJECT, State.HANDED_IN)
    desk.story.tick()
    assert desk.ask("POST", f"{path}/complete").json()["state"] == "awaiting_author"


def test_wrong_bytes_and_too_many_are_refused(desk: Desk) -> None:
    desk.ask("POST", "/drafts", json=announcement({"t.csv": b"n"}))
    path = f"/drafts/{draft_id(1)}/files"
    assert desk.ask("PUT", f"{path}/0", content=b"m").status_code == 422
    assert desk.ask("PUT", f"{path}/1", content=b"n").status_code == 404
    large = desk.ask("PUT", f"{path}/0", content=b"n" * (MAX_FILE_BYTES + 1))
    assert (large.status_code, code(large)) == (413, "too_large")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"files": 1},
        announcement({}) | {"files": [1]},
        announcement({"t.csv": b"n"}) | {"title": 1},
        announcement({"t.csv": b"n"}) | {"files": [{"name": "t", "size": "1", "sha256": "a" * 64}]},
        announcement({"t.csv": b"n"}) | {"files": [{"name": "t", "size": True, "sha256": "a" * 64}]},
        announcement({"t.csv": b"n"}) | {"replaces": 1},
        announcement({}),
        announcement({"../t.csv": b"n"}),
    ],
)
def test_a_draft_of_another_form_is_refused(desk: Desk, message: dict[str, Any]) -> None:
    assert desk.ask("POST", "/drafts", json=message).status_code == 422
    with desk.story.works.read() as work:
        assert work.requests.of_author("mei") == ()


def test_the_draft_of_another_person_is_not_there(desk: Desk) -> None:
    with desk.house.begin() as work:
        permit = work.register.find_permit(PROJECT)
        assert permit is not None
        work.register.put_permit(replace(permit, people=("mei", "ken")))
    kens = LiveWorkspace("ba9876543210", "ken", PROJECT, PROJECT)
    desk.ask("POST", "/drafts", json=announcement({"t.csv": b"n"}))
    desk.hub.scopes["desk"] = scopes_of(kens)
    desk.app = intake_app(desk.deps, kens)
    assert desk.ask("PUT", f"/drafts/{draft_id(1)}/files/0", content=b"n").status_code == 404
    assert desk.ask("GET", "/releases").json() == {"requests": []}


# Answers


def test_the_answer_names_the_exact_cell_and_no_secret(desk: Desk) -> None:
    desk.story.to_review({"t.csv": b"n\nFIX SECRET\n"})
    (answer,) = desk.ask("GET", "/releases").json()["requests"]
    assert answer["state"] == "returned"
    assert answer["files"] == [{"name": "t.csv", "verdict": "fix"}]
    (finding,) = answer["findings"]
    assert finding["where"] == {"row": 2, "column": "n"}
    assert (finding["file"], finding["rule"], finding["severity"]) == ("t.csv", "SDC.small", "fix")
    assert set(finding["message"]) == {"ja", "en"}


def test_the_answer_after_a_release_says_what_left_and_not_who_decided(desk: Desk) -> None:
    desk.story.to_release({"t.csv": b"n\nSECRET\n"})
    (answer,) = desk.ask("GET", "/releases").json()["requests"]
    assert answer["files"] == [{"name": "t.csv", "verdict": "pass", "released": True}]
    assert answer["findings"] == []
    text = json.dumps(answer)
    for word in ("aoi", "rin", "ID.source", "reject"):
        assert word not in text


def test_only_this_projects_requests_are_answered(desk: Desk) -> None:
    def other(work: ReviewWork) -> None:
        permit = work.register.find_permit(PROJECT)
        assert permit is not None
        for purpose in ("body", "vault"):
            work.keyring.make("p-other", purpose)
        work.register.put_permit(replace(permit, project="p-other"))

    with desk.story.works.begin() as work:
        other(work)
    others = LiveWorkspace("ba9876543210", "mei", "p-other", "p-other")
    desk.story.hand_in({"t.csv": b"n"}, author=MEI)
    desk.hub.scopes["desk"] = scopes_of(others)
    desk.app = intake_app(desk.deps, others)
    assert desk.ask("GET", "/releases").json() == {"requests": []}
