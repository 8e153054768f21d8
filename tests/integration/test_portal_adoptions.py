"""The second person's page: everything shown, exactly that adopted, never by the same person."""

from dataclasses import replace
from pathlib import Path

import pytest

from enclave.adoptions import Proposal, ProposalKind
from enclave.use_cases.propose import propose, propose_permit
from tests.support.people import PERMIT
from tests.support.portal_house import Browser, PortalHouse


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def proposed(house: PortalHouse, by: str = "bo", **changes: object) -> Proposal:
    with house.house.begin() as work:
        return propose_permit(work, by, replace(PERMIT, **changes))  # type: ignore[arg-type]


def adopt(
    house: PortalHouse, browser: Browser, proposal: Proposal, name: str, **fields: str
) -> tuple[int, str]:
    answer = browser.post(
        f"/adoptions/{proposal.id}", {"digest": proposal.digest, "code": house.code(name), **fields}
    )
    document = answer.json()
    return answer.status_code, document.get("state") or document["error"]["code"]


def test_the_whole_payload_is_on_the_page(house: PortalHouse) -> None:
    proposal = proposed(house, purpose="一行目\n二行目 <b>")
    ben = house.browser("ben")
    (shown,) = ben.get("/adoptions").json()["open"]
    assert (shown["payload"], shown["digest"], shown["may_adopt"]) == (
        proposal.payload,
        proposal.digest,
        True,
    )
    page = ben.page("/adoptions").text
    for part in ("一行目", "二行目 &lt;b&gt;", "- mei", "birth_date", proposal.digest):
        assert part in page
    assert ben.get("/").json()["waiting"][0]["count"] == 1


def test_what_would_change_is_marked(house: PortalHouse) -> None:
    first = proposed(house)
    assert adopt(house, house.browser("ben"), first, "ben") == (200, "adopted")
    proposed(house, people=("ken", "mei"))
    (shown,) = house.browser("ben").get("/adoptions").json()["open"]
    changed = {line["text"].strip(): line["change"] for line in shown["lines"] if line["change"] != "same"}
    assert changed == {"- ken": "added"}


def test_another_person_adopts_and_it_is_in_force(house: PortalHouse) -> None:
    proposal = proposed(house, people=("ken", "mei"))
    assert adopt(house, house.browser("ben"), proposal, "ben") == (200, "adopted")
    with house.house.read() as work:
        permit = work.register.find_permit(PERMIT.project)
    assert permit is not None and permit.people == ("ken", "mei")
    (event,) = [e for e in house.events("permit.adopted") if e["subject"] == proposal.id]
    assert (event["person"], event["facts"]["proposed_by"]) == ("ben", "bo")


def test_the_proposer_cannot_be_the_second_person(house: PortalHouse) -> None:
    proposal = proposed(house)
    bo = house.browser("bo")
    assert bo.get("/adoptions").json()["open"][0]["refusals"][0]["code"] == "own_proposal"
    assert f'action="/adoptions/{proposal.id}"' not in bo.page("/adoptions").text
    assert adopt(house, bo, proposal, "bo") == (403, "own_proposal")


@pytest.mark.parametrize(
    ("name", "code"),
    [("ota", "wrong_role"), ("ste", "wrong_role"), ("kan", "wrong_role"), ("mei", "wrong_role")],
)
def test_who_has_not_the_role_adopts_nothing(house: PortalHouse, name: str, code: str) -> None:
    assert adopt(house, house.browser(name), proposed(house), name) == (403, code)


def test_a_digest_that_was_not_read_and_a_wrong_code_adopt_nothing(house: PortalHouse) -> None:
    proposal = proposed(house)
    ben = house.browser("ben")
    assert adopt(house, ben, proposal, "ben", digest="0" * 64) == (403, "changed")
    assert adopt(house, ben, proposal, "ben", digest="") == (403, "changed")
    assert adopt(house, ben, proposal, "ben", code="000000") == (403, "wrong_credentials")
    assert adopt(house, ben, proposal, "ben") == (200, "adopted")
    assert adopt(house, ben, proposal, "ben") == (403, "not_open")


def test_an_unknown_proposal_is_not_found(house: PortalHouse) -> None:
    answer = house.browser("ben").post("/adoptions/none", {"digest": "x", "code": house.code("ben")})
    assert answer.status_code == 404


def test_a_view_with_sql_is_read_line_by_line(house: PortalHouse) -> None:
    sql = "SELECT patient_key, sex\nFROM patient\nWHERE sex = '1'"
    with house.house.begin() as work:
        propose(
            work,
            "ste",
            ProposalKind.VIEW,
            f"{PERMIT.project}/people",
            {"sql": sql, "labels": {"sex": "性別"}},
        )
    page = house.browser("ben").page("/adoptions").text
    for line in ("SELECT patient_key, sex", "FROM patient", "WHERE sex = &#39;1&#39;", "性別"):
        assert f">  {line}</span>" in page or f"sex: {line}" in page
