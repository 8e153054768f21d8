"""The auditor's pages: everything, filtered, with proof; reading is on the record."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.use_cases.inspect_ledger import verify_bundle
from tests.support.people import PERMIT
from tests.support.portal_house import Browser, PortalHouse


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


@pytest.fixture(name="kan")
def _kan(house: PortalHouse) -> Browser:
    return house.browser("kan")


def test_events_are_listed_newest_first_with_opened_bodies(house: PortalHouse, kan: Browser) -> None:
    house.hand_in(title="題名は本文に入る")
    listing = kan.get("/audit").json()
    numbers = [e["n"] for e in listing["events"]]
    assert numbers == sorted(numbers, reverse=True)
    assert listing["head"]["size"] == numbers[0]
    body = next(e for e in listing["events"] if e["body_state"] == "open" and "title" in e["body"])
    assert body["body"]["title"] == "題名は本文に入る"
    assert body["words"]["ja"] == "申請の提出"
    assert kan.get("/audit/events.json").json()["events"][1]["n"] == numbers[0]
    assert "題名は本文に入る" in kan.page("/audit").text


def test_a_reading_is_recorded_before_it_is_shown(house: PortalHouse, kan: Browser) -> None:
    first = kan.get("/audit?person=mei&kind=cell.requested").json()
    (read,) = house.events("ledger.read")
    assert read["person"] == "kan"
    assert read["facts"] == {"before": "", "kind": "cell.requested", "person": "mei"}
    assert first["head"]["size"] == read["n"]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("kind=proposal.made", "kind", "proposal.made"),
        ("person=ben", "person", "ben"),
        ("project=p-diabetes", "project", "p-diabetes"),
    ],
)
def test_filters_filter(house: PortalHouse, kan: Browser, query: str, field: str, value: str) -> None:
    house.hand_in()
    house.browser("ben")
    events = kan.get(f"/audit?{query}").json()["events"]
    assert events
    assert {e[field] for e in events} == {value}


def test_times_filter_in_japans_time_and_say_what_is_wrong(house: PortalHouse, kan: Browser) -> None:
    assert kan.get("/audit?since=2026-04-01&until=2026-04-01").json()["events"]
    assert kan.get("/audit?since=2026-04-01T18:00&until=2026-04-01T18:00").json()["events"]
    assert kan.get("/audit?since=2026-04-02").json()["events"] == []
    assert kan.get("/audit?until=2026-03-31").json()["events"] == []
    assert kan.get("/audit?since=yesterday").json()["error"]["code"] == "not_a_time"
    assert kan.get("/audit?before=-1").json()["error"]["code"] == "bad_page"


def test_pages_hold_a_hundred_and_lose_none(house: PortalHouse, kan: Browser) -> None:
    with house.house.begin() as work:
        for n in range(230):
            work.record(EventDraft(Kind.CELL_REQUESTED, "mei", PERMIT.project, f"c{n}"))
    seen: list[int] = []
    query = "/audit?kind=cell.requested"
    while True:
        page = kan.get(query).json()
        seen += [e["n"] for e in page["events"]]
        if page["older"] is None:
            break
        query = f"/audit?kind=cell.requested&before={page['older']}"
    assert len(seen) == len(set(seen)) == 230
    assert seen == sorted(seen, reverse=True)


def test_an_erased_body_and_an_altered_one_are_told_apart(house: PortalHouse, kan: Browser) -> None:
    house.hand_in()
    wanted = "/audit?kind=request.handed_in"
    number = next(e["n"] for e in kan.get(wanted).json()["events"] if e["body_state"] == "open")
    with house.house.begin() as work:
        work.connection.execute(
            text("UPDATE ledger_body SET sealed = zeroblob(60) WHERE n = :n"), {"n": number}
        )
    state = {e["n"]: e["body_state"] for e in kan.get(wanted).json()["events"]}
    assert state[number] == "altered"
    house.house.keyring.destroy(PERMIT.project, "body")
    erased = {e["n"]: e for e in kan.get(wanted).json()["events"]}
    assert (erased[number]["body_state"], erased[number]["body"]) == ("erased", None)


def test_a_bundle_verifies_offline_and_its_export_is_recorded(house: PortalHouse, kan: Browser) -> None:
    house.hand_in()
    assert kan.get("/audit/bundle").json()["error"]["code"] == "no_checkpoint_yet"
    assert kan.get("/audit/checkpoints/latest").status_code == 404
    house.checkpoint()
    for bodies in ("", "?bodies=1"):
        bundle = kan.client.get(f"/audit/bundle{bodies}")
        lines = bundle.text.splitlines()
        checked = verify_bundle(lines)
        assert checked.fault is None
        assert checked.size == json.loads(lines[0])["size"]
        assert ('"body": "' in bundle.text) is bool(bodies)
    assert [e["facts"]["bodies"] for e in house.events("ledger.exported")] == [False, True]
    note = kan.client.get("/audit/checkpoints/latest")
    assert note.headers["content-type"].startswith("text/plain")
    assert note.text == json.loads(lines[0])["checkpoint"]


def test_a_workspace_shows_what_the_engine_reported(house: PortalHouse, kan: Browser) -> None:
    inspected: dict[str, Value] = {"desk": {"HostConfig": {"NetworkMode": "none"}}, "kernel": {"Id": "k"}}
    with house.house.begin() as work:
        work.record(
            EventDraft(
                Kind.WORKSPACE_STARTED, "mei", PERMIT.project, "abcdef012345", {"desk": "d" * 64}, inspected
            )
        )
    shown = kan.get("/audit/workspaces/abcdef012345").json()
    assert shown["started"]["body"] == inspected
    assert "NetworkMode" in kan.page("/audit/workspaces/abcdef012345").text
    assert kan.get("/audit/workspaces/000000000000").status_code == 404


@pytest.mark.parametrize("name", ["mei", "aoi", "bo", "ota", "ste"])
def test_only_an_auditor_reads_the_ledger(house: PortalHouse, name: str) -> None:
    house.checkpoint()
    browser = house.browser(name)
    for path in ("/audit", "/audit/events.json", "/audit/bundle", "/audit/checkpoints/latest"):
        assert browser.get(path).status_code == 403
    assert house.events("ledger.read", "ledger.exported") == []
