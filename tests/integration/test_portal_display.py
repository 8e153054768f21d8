"""The pages of the display budget: everyone's for operators and auditors, one's own for a researcher."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from enclave.display import Channel, DisplayRules, Use, hour_of
from enclave.people import AccountState
from enclave.use_cases.meter import Asked, lease
from tests.support.people import PERMIT
from tests.support.portal_house import PortalHouse, plain_text

RULES = DisplayRules()


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def use(house: PortalHouse, person: str, channel: Channel, count: int) -> None:
    with house.house.begin() as work:
        work.displays.add_use(person, PERMIT.project, Use(hour_of(work.now), channel, count))


def insist(house: PortalHouse, person: str, times: int) -> None:
    """So many incidents, the last one now."""
    for number in range(times):
        if number:
            house.house.clock.forward(timedelta(minutes=90))
        with house.house.begin() as work:
            name = f"{number}-{work.now.isoformat()}"
            asked = Asked(name[:32], Channel.TEXT, RULES.text.hour + 1, RULES.text.hour + 1)
            lease(work, RULES, person, PERMIT.project, asked)


@pytest.mark.parametrize("reader", ["ota", "kan"])
def test_everyone_who_was_shown_something_the_fullest_first(house: PortalHouse, reader: str) -> None:
    use(house, "ken", Channel.IMAGE, 2_000_000)
    use(house, "mei", Channel.TEXT, 400_000)
    listing = house.browser(reader).get("/display").json()
    assert [one["person"] for one in listing["people"]] == ["mei", "ken"]
    assert listing["people"][0]["meter"]["text"] == {
        "hour": [400_000, 500_000],
        "day": [400_000, 2_000_000],
        "level": 80,
    }
    assert listing["people"][1]["meter"]["image"]["level"] == 0
    assert listing["incidents"] == []
    assert "400 kB" in plain_text(house.browser(reader).page("/display?lang=ja").text)


def test_incidents_stand_with_their_outcome_and_what_to_do(house: PortalHouse) -> None:
    insist(house, "mei", 1)
    ota = house.browser("ota")
    (person,) = ota.get("/display").json()["people"]
    assert (person["person"], person["state"]) == ("mei", "paused")
    assert "people reinstate" not in ota.page("/display").text
    house.house.clock.forward(timedelta(minutes=90))
    insist(house, "mei", 2)
    ota = house.browser("ota")
    listing = ota.get("/display").json()
    assert [one["state"] for one in listing["people"]] == ["disabled"]
    assert [one["outcome"] for one in listing["incidents"]] == ["disabled", "paused", "paused"]
    assert "enclave people reinstate mei" in ota.page("/display").text
    with house.house.begin() as work:
        work.displays.lift("mei", work.now)
        account = work.register.find_account("mei")
        assert account is not None
        work.register.put_account(replace(account, state=AccountState.ACTIVE))
    listing = ota.get("/display").json()
    assert listing["people"] == []
    assert all(one["lifted_at"] for one in listing["incidents"])


def test_a_researcher_sees_their_own_and_nobody_elses(house: PortalHouse) -> None:
    use(house, "ken", Channel.TEXT, 123_000)
    use(house, "mei", Channel.TEXT, 77_000)
    insist(house, "ken", 1)
    mei = house.browser("mei")
    mine = mei.get("/display/mine").json()
    assert (mine["person"]["person"], mine["person"]["meter"]["text"]["hour"][0]) == ("mei", 77_000)
    assert mine["incidents"] == []
    assert mine["ladder"] == {"pause_minutes": 10, "disable_at": 3, "merge_minutes": 90}
    text = plain_text(mei.page("/display/mine").text)
    assert "77 kB" in text
    assert "123" not in text
    assert "ken" not in text


def test_a_paused_researcher_reads_why(house: PortalHouse) -> None:
    insist(house, "mei", 1)
    mine = house.browser("mei").get("/display/mine").json()
    assert mine["person"]["state"] == "paused"
    assert mine["person"]["paused_until"]
    assert [one["outcome"] for one in mine["incidents"]] == ["paused"]


@pytest.mark.parametrize(
    ("reader", "path"),
    [
        ("mei", "/display"),
        ("aoi", "/display"),
        ("bo", "/display"),
        ("aoi", "/display/mine"),
        ("ota", "/display/mine"),
    ],
)
def test_nobody_else_reads_it(house: PortalHouse, reader: str, path: str) -> None:
    answer = house.browser(reader).get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_role")
