"""The portal shows what would mend a returned request, and a checker how files were examined."""

from dataclasses import replace
from pathlib import Path

import pytest

from enclave.sentences import say
from output_review.asked_checks import Mended
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.reports import Examination, FileReport, HiddenInterval, Report
from output_review.use_cases import assess
from output_review.use_cases.standing import get_request
from tests.support.portal_house import POLICY_DIGEST, SMALL_CELL, PortalHouse, plain_text

SMALL = "性別,人数\n男,120\n女,7\n"
MENDED = "性別,人数\n男,120\n女,*\n"


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def checked(house: PortalHouse, severity: Severity) -> str:
    """A request whose checks found one thing for the author and one for checkers, with a remedy stored."""
    request_id = house.hand_in({"t.csv": SMALL, "u.csv": "n\n50\n"})
    mei = house.browser("mei")
    mei.post(f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)}).raise_for_status()
    secret = Finding("ID.x", Severity.REVIEW, Place(), say("For checkers."), audience=Audience.CHECKER)
    small = Finding("SDC.small_cell", severity, Place(row=3), say("This count is small."))
    seen = Examination(("file", "history"), 1, 2, 3, (HiddenInterval(Place(row=3, column="人数"), 1, 9),))
    files = (FileReport("t.csv", (small, secret), seen), FileReport("u.csv", (), replace(seen, intervals=())))
    after = Report((FileReport("t.csv", ()), FileReport("u.csv", ())), "pseudo", POLICY_DIGEST)
    mended = Mended("suppress", "t.csv", say("Mask one cell."), MENDED, after)
    with house.works.begin() as work:
        request = get_request(work, request_id)
        report = Report(files, "pseudo", POLICY_DIGEST)
        assess.store_report(work, request, assess.Checked(report, (), "v1", (mended,)), POLICY_DIGEST)
    return request_id


def test_an_author_takes_a_remedy_and_confirms_the_correction(house: PortalHouse) -> None:
    request_id = checked(house, Severity.FIX)
    mei = house.browser("mei")
    page = mei.get(f"/requests/{request_id}").json()
    assert [(r["kind"], r["file"], r["verdict"]) for r in page["remedies"]] == [("suppress", "t.csv", "pass")]
    assert "Hand in this correction" in mei.page(f"/requests/{request_id}").text or (
        "この修正版を提出する" in mei.page(f"/requests/{request_id}").text
    )
    answer = mei.post(f"/requests/{request_id}/mend", {"remedy": "0"})
    assert answer.json()["state"] == "handed_in"
    again = mei.post(f"/requests/{request_id}/mend", {"remedy": "0"})
    assert again.json()["request_id"] == answer.json()["request_id"]
    made = house.request(answer.json()["request_id"])
    assert (made.replaces, made.round, made.author) == (request_id, 2, "mei")
    assert house.vault.get(made.project, made.files[0].sha256) == MENDED.encode()
    assert house.vault.get(made.project, made.files[1].sha256) == b"n\n50\n"


@pytest.mark.parametrize(("remedy", "status"), [("1", 404), ("-1", 422), ("x", 422), ("", 422)])
def test_no_other_remedy_is_taken(house: PortalHouse, remedy: str, status: int) -> None:
    request_id = checked(house, Severity.FIX)
    assert house.browser("mei").post(f"/requests/{request_id}/mend", {"remedy": remedy}).status_code == status


def test_nobody_else_mends_and_nothing_that_is_in_review(house: PortalHouse) -> None:
    returned, reviewed = checked(house, Severity.FIX), checked(house, Severity.REVIEW)
    assert house.browser("aoi").post(f"/requests/{returned}/mend", {"remedy": "0"}).status_code == 403
    mei = house.browser("mei")
    assert mei.get(f"/requests/{reviewed}").json()["remedies"] == []
    assert mei.post(f"/requests/{reviewed}/mend", {"remedy": "0"}).status_code == 409


def test_a_checker_sees_how_a_file_was_examined_and_an_author_does_not_see_their_findings(
    house: PortalHouse,
) -> None:
    request_id = checked(house, Severity.REVIEW)
    table = house.browser("aoi").get(f"/reviews/{request_id}").json()["files"][0]
    assert table["sdc"]["format"] == "hanare-sdc-record/1"
    assert table["sdc"]["examination"]["intervals"] == [
        {"where": {"row": 3, "column": "人数"}, "lo": 1, "hi": 9}
    ]
    assert [f["rule"] for f in table["sdc"]["findings"]] == ["SDC.small_cell", "ID.x"]
    assert "[1, 9]" in plain_text(house.browser("aoi").page(f"/reviews/{request_id}").text)
    mine = house.browser("mei").get(f"/requests/{request_id}").text
    assert "ID.x" not in mine
    assert "sdc" not in mine


def test_a_search_is_shown_to_checkers_and_is_on_the_record(house: PortalHouse) -> None:
    request_id = house.hand_in({"t.csv": SMALL})
    mei = house.browser("mei")
    mei.post(f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)}).raise_for_status()
    house.check(request_id, [Finding("SDC.refused_before", Severity.REJECT, Place(), say("A copy."))])
    queue = house.browser("aoi").get("/reviews").json()
    assert [line["request_id"] for line in queue["alerts"]] == [request_id]
    assert queue["queue"] == []
    (alert,) = house.events("request.alerted")
    assert (alert["subject"], alert["facts"]["rules"]) == (request_id, ["SDC.refused_before"])
    assert house.browser("aoi").page("/reviews").status_code == 200
    assert house.browser("ken").get("/reviews").status_code == 403 or (
        house.browser("ken").get("/reviews").json().get("alerts", []) == []
    )


def test_findings_that_say_the_same_are_said_once(house: PortalHouse) -> None:
    """Fourteen names in a column are one sentence with the places, the first of them links."""
    table = "年齢階級,人数\n" + "".join(f"{age}-{age + 4},{100 + age}\n" for age in range(0, 70, 5))
    request_id = house.hand_in({"t.csv": table})
    mei = house.browser("mei")
    mei.post(f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)}).raise_for_status()
    found = [replace(SMALL_CELL, where=Place(row=row, column="人数")) for row in range(2, 16)]
    house.check(request_id, [*found, replace(SMALL_CELL, rule="other")])
    (file,) = mei.get(f"/requests/{request_id}").json()["files"]
    assert file["gathered"] == [list(range(14)), [14]]
    page = mei.page(f"/requests/{request_id}").text
    assert page.count('<code class="rule">') == 2
    assert page.count('href="#f1-r') == 13
    assert "ほか 2 か所" in page
