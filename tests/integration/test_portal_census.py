"""The census of routes is the whole truth, both ways, and says who may knock."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Route

from enclave.identity import Role
from enclave.people import AccountState
from enclave.web.census import Route as Door
from enclave.web.census import Who
from hub.portal import ROUTES
from tests.support.people import CAST, KAN
from tests.support.portal_house import PortalHouse


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def flat(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route, those of included routers and mounts too."""
    for route in routes:
        inner = getattr(route, "routes", None) or getattr(
            getattr(route, "original_router", None), "routes", None
        )
        if inner:
            yield from flat(list(inner))
        else:
            yield route


def test_the_census_and_the_application_are_the_same_set(house: PortalHouse) -> None:
    real: set[tuple[str, str]] = set()
    for route in flat(list(house.app.routes)):
        assert isinstance(route, Route), f"a route of a kind that the census cannot name: {route!r}"
        real |= {(method, route.path) for method in route.methods or set()}
    assert real == {(door.method, door.path) for door in ROUTES}
    assert len(ROUTES) == len(real), "a door stands in the census twice"


def test_a_get_that_records_nothing_and_a_post_that_says_nothing_do_not_exist() -> None:
    for door in ROUTES:
        assert door.answer, door.path
        assert door.method in {"GET", "POST"}, door.path
        assert bool(door.changes) or door.method == "GET", door.path
        assert bool(door.changes) or not door.records, door.path


def _sample(door: Door) -> str:
    return (
        door.path.replace("{request_id}", "0" * 20)
        .replace("{sha256}", "0" * 64)
        .replace("{token}", "0" * 64)
        .replace("{proposal}", "0" * 16)
        .replace("{wid}", "0" * 12)
        .replace("{name}", "hanare.css")
        .replace("{dataset}", "patient")
        .replace("{project}", "p-diabetes")
    )


@pytest.mark.parametrize(
    "door", [d for d in ROUTES if d.who is not Who.ANYONE], ids=lambda d: f"{d.method} {d.path}"
)
def test_nobody_signed_in_is_refused_at_every_door(house: PortalHouse, door: Door) -> None:
    browser = house.browser()
    answer = browser.get(_sample(door)) if door.method == "GET" else browser.post(_sample(door))
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not_signed_in"


@pytest.mark.parametrize("account", CAST, ids=lambda a: a.username)
def test_every_role_is_refused_at_every_door_that_does_not_name_it(
    house: PortalHouse, account: object
) -> None:
    person = next(one for one in CAST if one is account)
    browser = house.browser(person.username)
    before = len(house.events())
    for door in ROUTES:
        if isinstance(door.who, Who) or person.roles & door.who:
            continue
        answer = browser.get(_sample(door)) if door.method == "GET" else browser.post(_sample(door))
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_role"), door
    assert len(house.events()) == before


def test_a_suspended_person_is_refused_at_every_door_of_the_role(house: PortalHouse) -> None:
    browser = house.browser("kan")
    assert browser.get("/audit").status_code == 200
    with house.house.begin() as work:
        work.register.put_account(replace(KAN, state=AccountState.SUSPENDED))
    for door in ROUTES:
        if isinstance(door.who, frozenset) and Role.AUDITOR in door.who:
            assert browser.get(_sample(door)).json()["error"]["code"] == "suspended", door
    assert browser.get("/").json()["error"]["code"] == "suspended"
    assert browser.post("/sign-out").status_code == 200
