"""The guard: host, method, origin, session, form token, bodies, headers on every answer."""

from pathlib import Path

import pytest

from tests.support.portal_house import PORTAL, Browser, PortalHouse

EVERY_HEADER = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
}


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


@pytest.fixture(name="mei")
def _mei(house: PortalHouse) -> Browser:
    return house.browser("mei")


def code_of(answer: object) -> str:
    return str(answer.json()["error"]["code"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8001", "localhost", "localhost:8000", "localhost:8001.example", "LOCALHOST:8001", ""]
)
def test_another_host_is_misdirected(mei: Browser, host: str) -> None:
    answer = mei.get("/", Host=host)
    assert (answer.status_code, code_of(answer)) == (421, "wrong_host")


def test_the_portals_own_host_is_answered(mei: Browser) -> None:
    assert mei.get("/").json()["person"]["username"] == "mei"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_only_get_and_post_exist(mei: Browser, method: str) -> None:
    own = {"Origin": PORTAL, "Sec-Fetch-Site": "same-origin"}
    assert mei.client.request(method, "/requests", headers=own).status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": f"{PORTAL}/"},
        {"Origin": f"{PORTAL}.example"},
        {"Origin": PORTAL.upper()},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_a_post_of_another_origin_does_nothing(
    house: PortalHouse, mei: Browser, headers: dict[str, str]
) -> None:
    request_id = house.hand_in()
    before = len(house.events())
    answer = mei.post(f"/requests/{request_id}/withdraw", None, **headers)
    assert (answer.status_code, code_of(answer)) == (403, "cross_origin")
    assert len(house.events()) == before
    assert house.request(request_id).state.value == "awaiting_author"


@pytest.mark.parametrize("missing", ["Origin", "Sec-Fetch-Site"])
def test_a_post_without_these_headers_does_nothing(mei: Browser, missing: str) -> None:
    headers = {"Origin": PORTAL, "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    del headers[missing]
    answer = mei.client.post("/sign-out", data={"csrf": mei.csrf}, headers=headers)
    assert code_of(answer) == "cross_origin"


def test_a_form_token_is_asked_and_belongs_to_the_session(house: PortalHouse, mei: Browser) -> None:
    other = house.browser("mei")
    for token in ("", "x", other.csrf):
        answer = mei.post("/sign-out", {"csrf": token})
        assert (answer.status_code, code_of(answer)) == (403, "csrf")
    assert mei.post("/sign-out", {"csrf": ""}, **{"X-Hanare-CSRF": mei.csrf}).status_code == 200


def test_two_cookies_of_the_portals_name_are_no_session(mei: Browser) -> None:
    own = mei.client.cookies["hanare-portal"]
    for cookies in (
        f"hanare-portal=planted; hanare-portal={own}",
        f"hanare-portal={own}; hanare-portal={own}",
    ):
        mei.client.cookies.clear()
        assert mei.get("/", Cookie=cookies).json()["person"] is None
    assert mei.get("/", Cookie=f"hanare-portal={own}").json()["person"]["username"] == "mei"


@pytest.mark.parametrize(
    ("site", "mode", "dest", "shown"),
    [
        ("cross-site", "navigate", "document", True),
        ("cross-site", "navigate", "iframe", False),
        ("cross-site", "no-cors", "image", False),
        ("cross-site", "cors", "empty", False),
        ("same-site", "no-cors", "script", False),
        ("same-origin", "no-cors", "style", True),
        ("none", "navigate", "document", True),
    ],
)
def test_another_site_may_only_link_here(
    mei: Browser, site: str, mode: str, dest: str, *, shown: bool
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    answer = mei.get("/", **headers)
    assert (answer.status_code == 200) is shown
    assert shown or code_of(answer) == "cross_site"


def test_bodies_are_small_and_readable(mei: Browser) -> None:
    own = {"Origin": PORTAL, "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    cases: list[tuple[bytes, str, int, str]] = [
        (b"csrf=" + b"a" * 200_000, "application/x-www-form-urlencoded", 413, "too_large"),
        (b"csrf=1", "text/plain", 415, "wrong_media"),
        (b"csrf=1", "multipart/form-data", 415, "wrong_media"),
        (b"csrf=%ff", "application/x-www-form-urlencoded", 422, "unreadable_form"),
        (b"{", "application/json", 422, "unreadable_form"),
        (b"[1]", "application/json", 422, "unreadable_form"),
        (b'{"csrf": 1}', "application/json", 422, "unreadable_form"),
        (b"[" * 60_000, "application/json", 422, "unreadable_form"),
    ]
    for body, media, status, code in cases:
        answer = mei.client.post("/sign-out", content=body, headers={**own, "Content-Type": media})
        assert (answer.status_code, code_of(answer)) == (status, code)


def test_a_flat_json_object_is_a_form(house: PortalHouse, mei: Browser) -> None:
    request_id = house.hand_in()
    answer = mei.client.post(
        f"/requests/{request_id}/confirm",
        json={"csrf": mei.csrf, "digest": house.digests(request_id)},
        headers={"Origin": PORTAL, "Sec-Fetch-Site": "same-origin", "Accept": "application/json"},
    )
    assert answer.json() == {"request_id": request_id, "state": "checking"}


def test_every_answer_carries_the_headers(house: PortalHouse, mei: Browser) -> None:
    house.app.add_api_route("/breaks", _breaks)
    answers = [
        mei.page("/"),
        mei.page("/requests"),
        mei.page("/nowhere"),
        mei.page("/audit"),
        mei.page("/static/hanare.css"),
        mei.get("/", Host="elsewhere"),
        mei.client.delete("/"),
        house.browser().page("/sign-in"),
        mei.page("/breaks"),
    ]
    assert [a.status_code for a in answers] == [200, 200, 404, 403, 200, 421, 405, 303, 500]
    for answer in answers:
        assert {name: answer.headers[name] for name in EVERY_HEADER} == EVERY_HEADER
        policy = answer.headers["content-security-policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert "access-control-allow-origin" not in answer.headers


def _breaks() -> None:
    raise RuntimeError("a secret detail")


def test_an_unforeseen_error_tells_nothing(house: PortalHouse, mei: Browser) -> None:
    house.app.add_api_route("/breaks", _breaks)
    answer = mei.get("/breaks")
    assert code_of(answer) == "unexpected"
    assert "secret detail" not in answer.text


def test_over_tls_the_cookie_is_pinned_to_the_host(tmp_path: Path) -> None:
    house = PortalHouse(tmp_path, portal="https://portal.example")
    browser = house.browser()
    gone = browser.client.get("/sign-in")
    assert gone.headers["set-cookie"].startswith("__Host-hanare-portal-state=")
    assert "Secure" in gone.headers["set-cookie"]
    arrived = browser.sign_in("mei")
    cookie = next(c for c in arrived.headers.get_list("set-cookie") if c.startswith("__Host-hanare-portal="))
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
