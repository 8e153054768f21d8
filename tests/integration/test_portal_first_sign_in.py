"""Setting up one's own sign-in without an account: bounded, guarded, and worth nothing by itself."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from enclave.errors import DeniedError
from enclave.identity import Person, Role
from enclave.use_cases.adopt import adopt
from enclave.use_cases.first_sign_in import MOST_AN_HOUR
from enclave.use_cases.propose import propose_enrolment
from enclave.use_cases.sign_in import SecondFactor, second_factor, sign_in
from enclave.web.first_sign_in_pages import MOST_BEGUN, PLACE, TRIES
from tests.support.people import ENDS, MEI
from tests.support.portal_house import Browser, PortalHouse

PASSWORD = "ame futte ji katamaru"
PROOF = f"{PLACE}/proof"


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def guest(house: PortalHouse) -> Browser:
    browser = house.browser()
    browser.csrf = browser.get(PLACE).json()["csrf"]
    return browser


def choose(
    browser: Browser, username: str = "eve", password: str = PASSWORD, again: str = ""
) -> httpx.Response:
    return browser.post(PLACE, {"username": username, "password": password, "again": again or password})


def code_of(house: PortalHouse, secret: str) -> str:
    step = int(house.house.clock.at.timestamp()) // 30
    return house.passwords.code(secret, step)  # type: ignore[union-attr]


def set_up(house: PortalHouse, username: str = "eve") -> tuple[str, dict[str, Any]]:
    """The one-time code secret, and what the last page says."""
    browser = guest(house)
    secret = choose(browser, username).json()["totp_secret"]
    done = browser.post(PROOF, {"code": code_of(house, secret)})
    assert done.status_code == 200, done.text
    return secret, done.json()


def enrol(house: PortalHouse, username: str, digest: str) -> None:
    with house.house.begin() as work:
        proposal = propose_enrolment(
            work,
            "ota",
            candidate=Person(username, "Eve", "sakusei", frozenset({Role.CHECKER})),
            trained_until=ENDS,
            credential_digest=digest,
        )
    with house.house.begin() as work:
        adopt(work, SecondFactor("bo", work.now), proposal.id, proposal.digest)


def test_what_a_person_set_up_signs_in_once_two_people_agreed(house: PortalHouse) -> None:
    secret, done = set_up(house)
    sign = (house.house, house.passwords, "eve", PASSWORD)
    with pytest.raises(DeniedError):
        sign_in(*sign, code_of(house, secret))
    enrol(house, "eve", done["credential"])
    assert sign_in(*sign, code_of(house, secret)).username == "eve"
    made = house.events("person.credential_made")
    assert [(leaf["person"], leaf["subject"]) for leaf in made] == [("unknown", done["credential"])]
    text = str(house.events())
    assert PASSWORD not in text
    assert secret not in text
    assert not any(code in text for code in done["recovery_codes"])


def test_each_recovery_code_signs_in_once_and_nowhere_else(house: PortalHouse) -> None:
    _, done = set_up(house)
    enrol(house, "eve", done["credential"])
    codes = done["recovery_codes"]
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 16 for code in codes)
    sign = (house.house, house.passwords, "eve", PASSWORD)
    with pytest.raises(DeniedError):
        sign_in(*sign, codes[0])
    with pytest.raises(DeniedError):
        second_factor(house.house, house.passwords, "eve", codes[0])
    assert sign_in(*sign, f" {codes[0].lower()} ", recovery=True).username == "eve"
    with pytest.raises(DeniedError):
        sign_in(*sign, codes[0], recovery=True)
    assert sign_in(*sign, codes[1], recovery=True).username == "eve"
    assert [leaf["facts"]["left"] for leaf in house.events("person.recovery_used")] == [9, 8]


def test_recovery_codes_are_under_the_same_lock(house: PortalHouse) -> None:
    _, done = set_up(house)
    enrol(house, "eve", done["credential"])
    for _ in range(5):
        with pytest.raises(DeniedError):
            sign_in(house.house, house.passwords, "eve", PASSWORD, "AAAA-AAAA-AAAA-AAAA", recovery=True)
    with pytest.raises(DeniedError) as caught:
        sign_in(house.house, house.passwords, "eve", PASSWORD, done["recovery_codes"][0], recovery=True)
    assert caught.value.code == "locked"
    assert house.events("person.recovery_used") == []


def test_a_recovery_code_is_one_persons_and_needs_the_password(house: PortalHouse) -> None:
    _, first = set_up(house, "eve")
    _, second = set_up(house, "ida")
    enrol(house, "eve", first["credential"])
    enrol(house, "ida", second["credential"])
    for name, password, code in (
        ("ida", PASSWORD, first["recovery_codes"][0]),
        ("eve", "wrong", first["recovery_codes"][0]),
    ):
        with pytest.raises(DeniedError):
            sign_in(house.house, house.passwords, name, password, code, recovery=True)
    assert sign_in(house.house, house.passwords, "eve", PASSWORD, first["recovery_codes"][0], recovery=True)


@pytest.mark.parametrize(
    ("username", "password", "again", "code"),
    [
        ("Eve", PASSWORD, "", "bad_username"),
        ("eve", PASSWORD, "another long password", "passwords_differ"),
        ("eve", "short", "", "password_length"),
        ("eve", "x" * 257, "", "password_length"),
        ("eve", "aaaaaaaaaaaaaaa", "", "password_guessable"),
        ("eve", "Password1234", "", "password_guessable"),
        ("hanae-tanaka", "Hanae-Tanaka", "", "password_guessable"),
        ("hanae-tanaka", "hanae-tanaka1", "", "password_guessable"),
    ],
)
def test_what_cannot_be_a_password_is_said_beside_the_form(
    house: PortalHouse, username: str, password: str, again: str, code: str
) -> None:
    answer = choose(guest(house), username, password, again)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert answer.json()["step"] == "choose"


def test_the_code_has_five_tries(house: PortalHouse) -> None:
    browser = guest(house)
    secret = choose(browser).json()["totp_secret"]
    for _ in range(TRIES - 1):
        wrong = browser.post(PROOF, {"code": "000000"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "wrong_code")
    assert browser.post(PROOF, {"code": "000000"}).json()["error"]["code"] == "stale_set_up"
    late = browser.post(PROOF, {"code": code_of(house, secret)})
    assert (late.status_code, late.json()["error"]["code"]) == (403, "stale_set_up")
    assert house.events("person.credential_made") == []


def test_a_form_of_another_site_browser_or_session_is_refused(house: PortalHouse) -> None:
    browser, other = guest(house), guest(house)
    fields = {"username": "eve", "password": PASSWORD, "again": PASSWORD}
    elsewhere = browser.post(PLACE, fields, Origin="http://evil.example")
    assert elsewhere.json()["error"]["code"] == "cross_origin"
    browser.csrf, right = other.csrf, browser.csrf
    assert browser.post(PLACE, fields).json()["error"]["code"] == "csrf"
    browser.csrf = right
    nobody = house.browser()
    answer = nobody.post(PLACE, fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "stale_set_up")
    secret = choose(browser).json()["totp_secret"]
    assert other.post(PROOF, {"code": code_of(house, secret)}).json()["error"]["code"] == "stale_set_up"


def test_a_guest_opens_no_other_door_and_a_persons_session_is_not_seen_here(house: PortalHouse) -> None:
    browser = guest(house)
    for path in ("/people", "/audit", "/requests", "/adoptions"):
        assert browser.get(path).json()["error"]["code"] == "not_signed_in"
    assert browser.get("/").json()["person"] is None
    mei = house.browser("mei")
    answer = mei.post(PLACE, {"username": "eve", "password": PASSWORD, "again": PASSWORD})
    assert answer.json()["error"]["code"] == "stale_set_up"


def test_what_nobody_signed_in_can_write_is_bounded(house: PortalHouse) -> None:
    for _ in range(MOST_AN_HOUR):
        set_up(house)
    browser = guest(house)
    secret = choose(browser).json()["totp_secret"]
    full = browser.post(PROOF, {"code": code_of(house, secret)})
    assert (full.status_code, full.json()["error"]["code"]) == (503, "too_many_set_ups")
    for _ in range(MOST_BEGUN - MOST_AN_HOUR - 1):
        assert choose(browser).status_code == 200
    assert (choose(browser).status_code, choose(browser).json()["error"]["code"]) == (503, "too_many_set_ups")
    house.house.clock.forward(timedelta(hours=1, seconds=1))
    set_up(house)


def test_a_new_credential_changes_nothing_for_who_is_enrolled(house: PortalHouse) -> None:
    with house.house.read() as work:
        before = work.register.find_credential("mei")
    set_up(house, "mei")
    with house.house.begin() as work:
        assert work.register.find_credential("mei") == before
        assert work.register.find_account("mei") == MEI
        work.register.put_account(replace(MEI, display_name="Mei"))


def test_the_page_shows_a_picture_and_every_answer_is_kept_by_nobody(house: PortalHouse) -> None:
    browser = guest(house)
    page = browser.client.post(
        PLACE,
        data={"csrf": browser.csrf, "username": "eve", "password": PASSWORD, "again": PASSWORD},
        headers={"Accept": "text/html", "Origin": house.portal, "Sec-Fetch-Site": "same-origin"},
    )
    assert "<svg" in page.text
    assert "<script" not in page.text
    assert PASSWORD not in page.text
    assert page.headers["cache-control"] == "no-store"
    cookie = house.browser().client.get(PLACE).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
