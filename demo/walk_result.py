"""The result: stopped at the exact cell, corrected, read blind by two, released."""

import time
from collections.abc import Callable
from typing import Any

from demo import walk_cells
from demo.walk_company import Walk, wait_for
from demo.walk_inside import inside
from demo.walk_people import Someone
from demo.walk_telling import Step

SMALL_CELL = "SDC.small_cell"


def chapter(walk: Walk) -> None:
    """From the first table to the release."""
    stamp = time.strftime("%Y-%m-%d %H:%M:%S")
    with walk.telling.step("提出前に尋ねる", "the notebook asks before anything is handed in") as step:
        asked_first(walk, step)
    with walk.telling.step("小さいセルのある表を提出する", "a table with small cells is handed in") as step:
        asked = ask(walk, step, f"初回の表 {stamp}", walk_cells.ask_with_small_cells)
        confirm(walk, step, asked)
    with walk.telling.step("そのセルで止まる", "it is stopped at the exact cells") as step:
        stopped(walk, step, asked)
    with walk.telling.step("直した表を提出する", "the corrected table is handed in") as step:
        corrected = ask(walk, step, f"直した表 {stamp}", walk_cells.ask_corrected)
        step.insist(corrected["small_rows"] == [], "no cell stands for one to nine persons")
        walk.request_id = confirm(walk, step, corrected)
        walk.canonical_sha256 = corrected["sha256"]
        state = wait_until_closed_or(walk, "in_review")["state"]
        step.insist(state == "in_review", f"the checks let it through to two people ({state})")
        compared(walk, step)
    with walk.telling.step(
        "本人は審査できない", "neither the author, nor others, nor one person twice"
    ) as step:
        refuse_others(walk, step)
    with walk.telling.step("一人目の審査", "the first checker votes, seeing nobody's vote") as step:
        review(walk, step, walk.cast.with_role("checker")[0], "in_review")
        twice(walk, step)
    with walk.telling.step("二人目の審査", "the second checker votes, blind to the first") as step:
        review(walk, step, walk.cast.with_role("checker")[1], "approved")
    with walk.telling.step("払出し", "released, in one transaction with its record") as step:
        released(walk, step)


def asked_first(walk: Walk, step: Step) -> None:
    """The check names the small cells and what would mend them; nothing is handed in by it."""
    before = len(walk.browser(walk.author).read("/requests")["requests"])
    said = inside(walk).run(walk_cells.check_first())
    step.insist(said.status == "ok", f"the cell ran: {said.text[-400:]}")
    told = said.last
    step.show("verdict", told["verdict"])
    step.show("what would mend it", told["remedies"])
    step.show("verdict of the mended draft", told["mended"])
    step.show("seconds", told["seconds"])
    step.insist(told["verdict"] == "fix", f"the table is to be corrected ({told['verdict']})")
    step.insist(told["rows"] == told["small_rows"], "exactly the small cells were named")
    step.show("rules that are left after each", told["left"])
    after = len(walk.browser(walk.author).read("/requests")["requests"])
    step.insist(after == before, "no request came of it")


def ask(walk: Walk, step: Step, title: str, cell: Callable[[str], str]) -> dict[str, Any]:
    """The cell ran; what it put into the outbox."""
    said = inside(walk).run(cell(title))
    step.insist(said.status == "ok", f"the cell ran: {said.text[-400:]}")
    asked: dict[str, Any] = {**said.last, "title": title}
    step.show("question", asked["question"])
    step.show("table", [asked["header"], *asked["rows"]])
    step.show("small cells in rows", asked["small_rows"])
    return asked


def confirm(walk: Walk, step: Step, asked: dict[str, Any]) -> str:
    """The author reads the canonical bytes and confirms their hash; the request's id."""
    browser = walk.browser(walk.author)

    def arrived() -> dict[str, Any] | None:
        for line in browser.read("/requests")["requests"]:
            if line["title"] == asked["title"] and line["state"] == "awaiting_author":
                return browser.read(f"/requests/{line['request_id']}?content=1")
        return None

    page = wait_for("the request reaches the portal", arrived)
    (file,) = page["files"]
    step.show("canonical sha256", file["canonical"]["sha256"])
    step.insist(
        file["canonical"]["sha256"] == asked["sha256"], "the canonical bytes are those the cell wrote"
    )
    place = f"/requests/{page['request_id']}/confirm"
    fields = {"digest": [file["canonical"]["sha256"]]}
    walk.must_refuse(
        step,
        "confirm, sent by a hub page",
        browser.post(place, fields, Origin=walk.cast.hub),
        {"cross_origin"},
    )
    answer = browser.post(place, fields)
    step.insist(answer.is_success, f"the author confirms ({answer.status_code})")
    walk.request_id = str(page["request_id"])
    return walk.request_id


def wait_until_closed_or(walk: Walk, *states: str) -> dict[str, Any]:
    """The author's page once the request is in one of the states, or going no further."""
    ends = {*states, "returned", "rejected", "refused", "withdrawn", "released"}
    browser, place = walk.browser(walk.author), f"/requests/{walk.request_id}"

    def look() -> dict[str, Any] | None:
        page = browser.read(place)
        return page if page["state"] in ends else None

    page: dict[str, Any] = wait_for(f"the request becomes {' or '.join(states)}", look)
    return page


def compared(walk: Walk, step: Step) -> None:
    """No review counts before the result was compared with the source's own identifiers; its author is not told of it."""
    browser, place = walk.browser(walk.cast.with_role("checker")[0]), f"/reviews/{walk.request_id}"
    done = wait_for("it is compared with the source", lambda: browser.read(place)["own_compared"])
    step.insist(done, "compared with the source's own identifiers, for the checkers alone")
    mine = walk.browser(walk.author).read(f"/requests/{walk.request_id}")
    step.insist("own_compared" not in mine, "the author's page does not speak of it")


def stopped(walk: Walk, step: Step, asked: dict[str, Any]) -> None:
    """Returned to the author, who sees row and column of each small cell and no other as small."""
    page = wait_until_closed_or(walk, "returned")
    step.insist(page["state"] == "returned", f"it went back to its author ({page['state']})")
    found = [f for f in page["files"][0]["findings"] if f["rule"] == SMALL_CELL]
    named = {(f["where"]["row"], f["where"]["column"]) for f in found}
    expected = {(row, asked["header"][-1]) for row in asked["small_rows"]}
    for row, column in sorted(named):
        step.show(f"row {row}, {column}", asked["rows"][row - 2])
    step.insist(expected, "the table had small cells")
    step.insist(named == expected, f"exactly these cells were named: {sorted(expected)}, not {sorted(named)}")
    step.show("日本語", found[0]["message"]["ja"])
    step.show("English", found[0]["message"]["en"])

    def told() -> bool:
        said = inside(walk).run(walk_cells.read_answer(asked["draft_id"]))
        return said.status == "ok" and said.last["states"] == ["returned"]

    step.insist(wait_for("the notebook is told", told), "releases() in the notebook says so too")
    walk.telling.kept["stopped"] = {"request_id": walk.request_id, "findings": found}


def refuse_others(walk: Walk, step: Step) -> None:
    """Nobody but an eligible checker can vote, on any route."""
    place, vote = f"/reviews/{walk.request_id}", {f"vote:{walk.canonical_sha256}": "approve"}
    people: dict[str, Someone] = {
        "the author": walk.author,
        "another researcher": walk.intruder,
        "the operator": walk.cast.one("operator"),
        "a board member": walk.cast.one("board"),
        "the auditor": walk.cast.one("auditor"),
    }
    for what, person in people.items():
        browser = walk.browser(person)
        fields = {**vote, "policy": "", "code": person.code()}
        walk.must_refuse(step, f"a vote by {what}", browser.post(place, fields), {"wrong_role"})
    link = walk.browser(walk.author).post(f"/releases/{walk.request_id}/link")
    walk.must_refuse(step, "a download before the release", link)
    checker = walk.cast.with_role("checker")[0]
    browser = walk.browser(checker)
    read = browser.read(f"{place}?content=1")
    fields = {**vote, "policy": read["record"]["policy_digest"], "code": "000000"}
    walk.must_refuse(step, "a vote without the code", browser.post(place, fields), {"wrong_credentials"})


def review(walk: Walk, step: Step, checker: Someone, afterwards: str) -> None:
    """One whole review: read, see nobody's vote, decide with a fresh code."""
    browser, place = walk.browser(checker), f"/reviews/{walk.request_id}"
    step.show("checker", f"{checker.display_name} ({checker.username}, {checker.organisation})")
    page = browser.read(f"{place}?content=1")
    step.insist(page["reviews"] == [], "no vote of anybody is shown before the own one")
    (file,) = page["files"]
    step.insist(
        file["canonical"]["sha256"] == walk.canonical_sha256, "the bytes are those the author confirmed"
    )
    step.show("read", " / ".join(str(file["content"]).splitlines()))
    step.show("policy", page["record"]["policy_digest"])
    step.insist(page["may_review"], "this person may review it")
    fields = {
        f"vote:{walk.canonical_sha256}": "approve",
        "policy": page["record"]["policy_digest"],
        "audience": "private",
        "comment": "",
        "code": checker.code(),
    }
    answer = browser.post(place, fields)
    step.insist(answer.is_success, f"the review counts ({answer.status_code} {answer.text[:200]})")
    state = answer.json()["state"]
    step.show("state", state)
    step.insist(state == afterwards, f"the request is {afterwards} ({state})")


def twice(walk: Walk, step: Step) -> None:
    """The same person a second time."""
    checker = walk.cast.with_role("checker")[0]
    browser, place = walk.browser(checker), f"/reviews/{walk.request_id}"
    policy = browser.read(place)["record"]["policy_digest"]
    fields = {f"vote:{walk.canonical_sha256}": "approve", "policy": policy, "code": checker.code()}
    walk.must_refuse(step, "the same checker again", browser.post(place, fields), {"already_reviewed"})


def released(walk: Walk, step: Step) -> None:
    """Released, and recorded with both reviewers."""
    page = wait_until_closed_or(walk, "released")
    step.insist(page["state"] == "released", f"it was released ({page['state']})")
    (event, *_) = walk.events(kind="release.done", subject=walk.request_id) or [{}]
    step.insist(event, "the release is in the ledger")
    step.show("ledger", f"entry {event['n']}: {event['kind']}")
    step.show("reviewers", event["facts"]["reviewers"])
    step.show("package sha256", event["facts"]["package"])
    expected = {person.username for person in walk.cast.with_role("checker")[:2]}
    step.insist(set(event["facts"]["reviewers"]) == expected, "two people approved it")
    step.insist(event["facts"]["files"] == [walk.canonical_sha256], "exactly the confirmed bytes leave")
    walk.telling.kept["release"] = {
        "request_id": walk.request_id,
        "entry": event["n"],
        "facts": event["facts"],
    }
