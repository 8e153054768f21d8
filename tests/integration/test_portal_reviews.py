"""A checker's pages: two people, blind, eligible, on exactly the bytes and policy they read."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from enclave.adoptions import ProposalKind
from enclave.identity import Role
from enclave.people import Account
from enclave.projects import ProjectPermit
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose import POLICIES, propose
from enclave.use_cases.sign_in import SecondFactor
from tests.support.people import AOI, MEI, PERMIT, account
from tests.support.portal_house import POLICY_DIGEST, TABLE, Browser, PortalHouse, plain_text

TEXT = "# 説明\n対象者は291人。\n"


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def put(house: PortalHouse, *accounts: Account, permit: ProjectPermit | None = None) -> None:
    with house.house.begin() as work:
        for one in accounts:
            work.register.put_account(one)
        if permit:
            work.register.put_permit(permit)


def test_the_queue_holds_what_a_checker_may_review(house: PortalHouse) -> None:
    request_id = house.in_review()
    aoi = house.browser("aoi")
    (line,) = aoi.get("/reviews").json()["queue"]
    assert (line["request_id"], line["reviewed"]) == (request_id, False)
    assert aoi.get("/").json()["waiting"][0]["count"] == 1
    aoi.vote(request_id, "approve").raise_for_status()
    assert aoi.get("/reviews").json()["queue"][0]["reviewed"] is True
    assert aoi.get("/").json()["waiting"] == []


def test_two_approvals_approve_and_the_second_decides(house: PortalHouse) -> None:
    request_id = house.in_review()
    assert house.browser("aoi").vote(request_id, "approve").json()["state"] == "in_review"
    assert house.browser("rin").vote(request_id, "approve").json()["state"] == "approved"


def test_files_leave_one_by_one(house: PortalHouse) -> None:
    request_id = house.in_review({"a.csv": TABLE, "b.md": TEXT})
    for name in ("aoi", "rin"):
        browser = house.browser(name)
        page = browser.get(f"/reviews/{request_id}?content=1").json()
        table, text = (f["canonical"]["sha256"] for f in page["files"])
        fields = {f"vote:{table}": "approve", f"vote:{text}": "refuse" if name == "rin" else "approve"}
        answer = browser.post(
            f"/reviews/{request_id}", {"policy": POLICY_DIGEST, **fields, "code": house.code(name)}
        )
        answer.raise_for_status()
    house.release(request_id)
    files = house.browser("mei").get(f"/requests/{request_id}").json()["files"]
    assert [f["released"] for f in files] == [True, False]


def _traces(house: PortalHouse, browser: Browser, request_id: str) -> list[str]:
    digest = house.digests(request_id)[0]
    return [
        browser.get("/").text,
        browser.get("/reviews").text,
        browser.get(f"/reviews/{request_id}").text,
        plain_text(browser.page("/reviews").text),
        plain_text(browser.page(f"/reviews/{request_id}").text),
        plain_text(browser.page(f"/reviews/{request_id}/files/{digest}").text),
    ]


@pytest.mark.parametrize("vote", ["approve", "refuse"])
def test_a_checker_sees_nothing_of_another_before_the_own_review(house: PortalHouse, vote: str) -> None:
    request_id = house.in_review()
    aoi, rin = house.browser("aoi"), house.browser("rin")
    before = _traces(house, rin, request_id)
    before = _traces(house, rin, request_id)
    aoi.vote(request_id, vote, comment="小さいセルがある", audience="shared").raise_for_status()
    assert _traces(house, rin, request_id) == before, "not even that somebody voted"
    mei = house.browser("mei")
    for text in (mei.get(f"/requests/{request_id}").text, mei.page(f"/requests/{request_id}").text):
        assert "aoi" not in text
        assert "小さいセル" not in text
    rin.vote(request_id, "refuse").raise_for_status()
    seen = rin.get(f"/reviews/{request_id}").json()["reviews"]
    assert {r["reviewer"]: list(r["votes"].values()) for r in seen} == {"aoi": [vote], "rin": ["refuse"]}


def test_shared_comments_reach_the_author_after_the_decision_without_names(house: PortalHouse) -> None:
    request_id = house.in_review()
    house.browser("aoi").vote(request_id, "refuse", comment="出典を書いてください", audience="shared")
    house.browser("rin").vote(request_id, "refuse", comment="内輪の話", audience="private")
    request = house.browser("mei").get(f"/requests/{request_id}")
    assert request.json()["state"] == "rejected"
    assert request.json()["shared_comments"] == ["出典を書いてください"]
    for hidden in ("内輪の話", '"aoi"', '"rin"'):
        assert hidden not in request.text


def test_one_person_twice_is_never_two(house: PortalHouse) -> None:
    request_id = house.in_review()
    aoi = house.browser("aoi")
    aoi.vote(request_id, "approve").raise_for_status()
    for again in (aoi, house.browser("aoi")):
        answer = again.vote(request_id, "approve")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "already_reviewed")
    assert house.request(request_id).state.value == "in_review"


def _everything_a_checker_does(house: PortalHouse, browser: Browser, name: str, request_id: str) -> None:
    digest = house.digests(request_id)[0]
    before = house.request(request_id)
    for answer in (
        browser.get(f"/reviews/{request_id}?content=1"),
        browser.page(f"/reviews/{request_id}"),
        browser.get(f"/reviews/{request_id}/files/{digest}"),
        browser.post(
            f"/reviews/{request_id}",
            {"policy": POLICY_DIGEST, f"vote:{digest}": "approve", "code": house.code(name)},
        ),
        browser.post(f"/reviews/{request_id}/return", {"reason": "x", "code": house.code(name)}),
    ):
        assert answer.status_code == 403, answer.request.url
        assert "40-49" not in answer.text
    assert house.request(request_id) == before


def test_an_author_cannot_check_the_own_request_on_any_route(house: PortalHouse) -> None:
    request_id = house.in_review()
    mei = house.browser("mei")
    _everything_a_checker_does(house, mei, "mei", request_id)
    put(house, replace(MEI, roles=frozenset({Role.CHECKER}), organisation="sakusei"))
    _everything_a_checker_does(house, mei, "mei", request_id)
    assert mei.get("/reviews").json()["queue"] == []


def test_a_member_of_the_project_cannot_check_it(house: PortalHouse) -> None:
    request_id = house.in_review()
    put(house, permit=replace(PERMIT, people=("mei", "aoi")))
    aoi = house.browser("aoi")
    assert aoi.get("/reviews").json()["queue"] == []
    _everything_a_checker_does(house, aoi, "aoi", request_id)


def test_a_colleague_of_the_author_cannot_check(house: PortalHouse) -> None:
    request_id = house.in_review()
    put(house, account("aoi", Role.CHECKER, organisation="daigaku"))
    _everything_a_checker_does(house, house.browser("aoi"), "aoi", request_id)


def test_a_checker_enrolled_anew_cannot_vote_for_a_day(house: PortalHouse) -> None:
    request_id = house.in_review()
    put(house, replace(AOI, re_enrolled=True, enrolled_at=house.house.clock.at))
    aoi = house.browser("aoi")
    _everything_a_checker_does(house, aoi, "aoi", request_id)
    house.house.clock.forward(timedelta(hours=24))
    assert house.browser("aoi").vote(request_id, "approve").status_code == 200


def test_a_vote_takes_a_fresh_code_of_the_voter(house: PortalHouse) -> None:
    request_id = house.in_review()
    aoi = house.browser("aoi")
    used = house.code("aoi")
    aoi.vote(request_id, "approve", code="000000")
    for code in ("000000", house.code("rin"), ""):
        answer = aoi.vote(request_id, "approve", **({"code": code} if code else {"code": "wrong"}))
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_credentials")
    assert [e["facts"]["what"] for e in house.events("person.refused")] == ["second_factor"] * 4
    other = house.in_review(title="もう一つ")
    used = house.code("aoi")
    assert aoi.vote(request_id, "approve", code=used).status_code == 200
    assert aoi.vote(other, "approve", code=used).json()["error"]["code"] == "wrong_credentials"


def test_a_vote_is_about_the_bytes_and_the_policy_that_were_read(house: PortalHouse) -> None:
    request_id = house.in_review({"a.csv": TABLE, "b.md": TEXT})
    aoi = house.browser("aoi")
    first, second = house.digests(request_id)
    both = {f"vote:{first}": "approve", f"vote:{second}": "approve"}
    cases: list[tuple[dict[str, str], int, str]] = [
        ({"policy": POLICY_DIGEST, **both}, 422, "not_opened"),
        ({"policy": POLICY_DIGEST, f"vote:{first}": "refuse"}, 422, "vote_missing"),
        ({"policy": POLICY_DIGEST, **both, f"vote:{'0' * 64}": "approve"}, 409, "other_digests"),
        ({"policy": "0" * 64, **both}, 409, "policy_changed"),
        ({**both}, 409, "policy_changed"),
        ({"policy": POLICY_DIGEST, f"vote:{first}": "yes"}, 422, "bad_vote"),
        ({"policy": POLICY_DIGEST, **both, "audience": "all"}, 422, "bad_audience"),
        ({"policy": POLICY_DIGEST, **both, "comment": "あ" * 4001}, 422, "field_too_long"),
    ]
    for fields, status, code in cases:
        answer = aoi.post(f"/reviews/{request_id}", {**fields, "code": house.code("aoi")})
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert house.events("review.voted") == []


def test_reading_the_page_opens_the_files_and_each_is_recorded(house: PortalHouse) -> None:
    request_id = house.in_review({"a.csv": TABLE, "b.md": TEXT})
    aoi = house.browser("aoi")
    assert [f["opened"] for f in aoi.get(f"/reviews/{request_id}").json()["files"]] == [False, False]
    aoi.page(f"/reviews/{request_id}")
    assert [f["opened"] for f in aoi.get(f"/reviews/{request_id}").json()["files"]] == [True, True]
    views = [e for e in house.events("review.file_viewed") if e["person"] == "aoi"]
    assert sorted(e["facts"]["sha256"] for e in views) == house.digests(request_id)


def test_a_checker_can_return_it_with_a_reason(house: PortalHouse) -> None:
    request_id = house.in_review()
    aoi = house.browser("aoi")
    empty = aoi.post(f"/reviews/{request_id}/return", {"reason": " ", "code": house.code("aoi")})
    assert empty.json()["error"]["code"] == "no_reason"
    answer = aoi.post(f"/reviews/{request_id}/return", {"reason": "単位を書く", "code": house.code("aoi")})
    assert answer.json()["state"] == "returned"
    request = house.browser("mei").get(f"/requests/{request_id}").json()
    assert request["return_comment"] == "単位を書く"
    assert house.browser("rin").vote(request_id, "approve").status_code == 403


def test_a_lost_policy_is_said_and_no_vote_counts(house: PortalHouse) -> None:
    request_id = house.in_review()
    with house.house.begin() as work:
        proposal = propose(work, "bo", ProposalKind.POLICY, POLICIES, {"set": "1" * 64})
        adopt(work, SecondFactor("ben", work.now), proposal.id, proposal.digest)
    review = house.browser("aoi").get(f"/reviews/{request_id}").json()
    assert review["record"]["policy_in_force"] is False
    assert review["may_review"] is False
    assert house.browser("aoi").vote(request_id, "approve").json()["error"]["code"] == "policy_changed"
