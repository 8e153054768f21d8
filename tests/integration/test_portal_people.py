"""The page on which one sees who may work today, and what is missing."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from enclave.people import AccountState, Training
from enclave.use_cases.narrow import end_contract, suspend, withdraw_certification
from enclave.use_cases.sign_in import SecondFactor
from tests.support.people import CONTRACT, ENDS, KEN, MEI, PERMIT
from tests.support.portal_house import PortalHouse, plain_text

REASON = "契約違反の疑いについて調査中"


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def person(house: PortalHouse, username: str, reader: str = "kan") -> dict[str, Any]:
    people = house.browser(reader).get("/people").json()["people"]
    return next(one for one in people if one["username"] == username)


@pytest.mark.parametrize("reader", ["ota", "bo", "kan"])
def test_who_runs_decides_or_inspects_sees_everyone(house: PortalHouse, reader: str) -> None:
    mei = person(house, "mei", reader)
    assert mei["trained_until"] == ENDS.isoformat()
    assert [(p["project"], p["eligible"]) for p in mei["projects"]] == [(PERMIT.project, True)]
    assert mei["refusals"] == []
    organisations = house.browser(reader).get("/people").json()["organisations"]
    assert {o["id"] for o in organisations} == {"daigaku", "sakusei", "seiyaku"}
    assert next(o for o in organisations if o["id"] == "daigaku")["contracts"][0]["id"] == CONTRACT.id


def test_reasons_and_dates_are_shown_on_the_page_and_as_data(house: PortalHouse) -> None:
    with house.house.begin() as work:
        proof = SecondFactor("ota", work.now)
        work.register.put_permit(replace(PERMIT, people=("mei", "ken")))
        work.register.put_account(replace(KEN, trained_until=date(2026, 3, 1)))
        work.register.add_training(Training("mei", "基礎研修", date(2026, 3, 2), ENDS))
        suspend(work, proof, "ken", REASON)
        end_contract(work, proof, CONTRACT.id, "契約の早期終了の合意")
        withdraw_certification(work, proof, "seiyaku", "認定の取消しの通知があった")
    ken = person(house, "ken")
    assert (ken["state"], ken["closed_reason"]) == ("suspended", REASON)
    codes = [r["code"] for r in ken["projects"][0]["refusals"]]
    assert {"suspended", "training_lapsed", "contract_lapsed"} <= set(codes)
    text = plain_text(house.browser("ota").page("/people").text)
    for words in (
        REASON,
        "2026-03-01",
        "基礎研修",
        "契約の早期終了の合意",
        "認定の取消しの通知があった",
        "contract_lapsed",
    ):
        assert words in text, words


def test_the_page_follows_the_register_of_the_moment(house: PortalHouse) -> None:
    with house.house.begin() as work:
        work.register.put_account(replace(MEI, state=AccountState.DISABLED))
    assert [r["code"] for r in person(house, "mei")["refusals"]] == ["disabled"]
