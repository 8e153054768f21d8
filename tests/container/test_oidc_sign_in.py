"""Signing in through a real OpenID provider: what it must prove, and that the register has the last word."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from enclave.people import AccountState
from tests.support.hub_running import Browser, RunningHub
from tests.support.oidc_provider import Known, Provider, Visitor, hub_with_provider

TOKEN = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+")
PEOPLE = (
    Known("mei"),
    Known("rin"),
    Known("mei-p"),
    Known("ota"),
    Known("weak", amr=("pwd",), says="mei"),
    Known("silent", amr=(), says="mei"),
    Known("other", acr="urn:hanare:one", says="mei"),
    Known("stale", age=3700, says="mei"),
    Known("ghost"),
    Known("capital", says="MEI"),
)


@pytest.fixture(name="both", scope="module")
def _both() -> Iterator[tuple[RunningHub, Provider]]:
    with hub_with_provider(PEOPLE) as both:
        yield both


@pytest.fixture
def hub(both: tuple[RunningHub, Provider]) -> RunningHub:
    return both[0]


def last(hub: RunningHub, kind: str) -> tuple[str, dict[str, object]]:
    leaf = hub.events(kind)[-1]
    return leaf["person"], leaf["facts"]


def test_a_second_factor_at_the_provider_opens_the_hub_and_the_workspace(hub: RunningHub) -> None:
    mei = Visitor(hub)
    page = mei.sign_in("mei")
    assert page.status_code == 200
    assert urlsplit(page.url).path == "/hub/home"
    assert last(hub, "person.signed_in") == ("mei", {"what": "oidc", "code": ""})
    browser = Browser(hub.url, "mei")
    browser.session = mei.session
    browser.enter("p-a")
    browser.until_ready("p-a")
    assert browser.lab("p-a").status_code == 200
    browser.leave("p-a")


def test_the_way_to_the_provider_carries_a_challenge_and_asks_for_the_proof(hub: RunningHub) -> None:
    visitor = Visitor(hub)
    visitor.sign_in("rin")
    asked = parse_qs(urlsplit(visitor.began).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["prompt"] == ["login"]
    assert asked["acr_values"] == ["urn:hanare:two"]
    assert asked["response_type"] == ["code"]


@pytest.mark.parametrize(
    ("username", "code", "known"),
    [
        ("weak", "amr", "mei"),
        ("silent", "amr", "mei"),
        ("other", "acr", "mei"),
        ("stale", "auth_time", "mei"),
        ("ghost", "no_account", "unknown"),
        ("capital", "no_account", "unknown"),
    ],
)
def test_what_the_provider_does_not_prove_is_refused_and_recorded(
    hub: RunningHub, username: str, code: str, known: str
) -> None:
    visitor = Visitor(hub)
    page = visitor.sign_in(username)
    assert page.status_code == 403
    assert last(hub, "person.refused") == (known, {"what": "oidc", "code": code})
    assert visitor.session.get(f"{hub.url}/hub/home", timeout=20).url.startswith(f"{hub.url}/hub/login")


def test_a_suspended_person_is_refused_although_the_provider_says_yes(hub: RunningHub) -> None:
    with hub.foundation.database.begin() as work:
        before = work.register.find_account("mei-p")
        assert before is not None
        work.register.put_account(replace(before, state=AccountState.SUSPENDED))
    page = Visitor(hub).sign_in("mei-p")
    assert page.status_code == 403
    assert last(hub, "person.refused") == ("mei-p", {"what": "oidc", "code": "suspended"})
    with hub.foundation.database.begin() as work:
        work.register.put_account(before)
    assert Visitor(hub).sign_in("mei-p").status_code == 200


def test_whose_group_is_the_registers_answer_not_the_providers(hub: RunningHub) -> None:
    for name, groups in (("ota", ["ops"]), ("rin", [])):
        visitor = Visitor(hub)
        assert visitor.sign_in(name).status_code == 200
        browser = Browser(hub.url, name)
        browser.session = visitor.session
        assert browser.ask("GET", "/hub/api/user").json()["groups"] == groups


def test_nothing_of_a_token_is_on_a_page_or_in_a_log(hub: RunningHub) -> None:
    refused = Visitor(hub).sign_in("weak")
    for text in (refused.text, hub.log("hub").read_text()):
        assert not TOKEN.search(text)


def test_a_token_of_another_issuer_is_refused(both: tuple[RunningHub, Provider]) -> None:
    with hub_with_provider((Known("rin"),), HANARE_OIDC_ISSUER="http://127.0.0.1:1") as (other, _):
        page = Visitor(other).sign_in("rin")
        assert page.status_code == 403
        assert last(other, "person.refused") == ("unknown", {"what": "oidc", "code": "id_token"})
        assert not TOKEN.search(page.text + other.log("hub").read_text())
