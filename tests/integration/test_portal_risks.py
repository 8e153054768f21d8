"""The pages on combination risk: for stewards and auditors, what was counted last and what is due."""

from pathlib import Path

import pytest

from tests.support.assessed import HOSTILE, OTHER, PROJECT, REPORT, put_assessed
from tests.support.people import CAST
from tests.support.portal_house import PortalHouse, plain_text

READERS = {"ste", "kan"}


@pytest.fixture(name="bare")
def _bare(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


@pytest.fixture(name="house")
def _house(bare: PortalHouse) -> PortalHouse:
    with bare.house.begin() as work:
        put_assessed(work)
    return bare


def test_before_anything_was_assessed_there_is_nothing(bare: PortalHouse) -> None:
    browser = bare.browser("ste")
    assert browser.get("/risks").json() == {"projects": [], "stale": []}
    assert "まだ評価されたリスクはありません" in browser.page("/risks").text
    for path in (f"/risks/{PROJECT}", f"/risks/{PROJECT}/picture"):
        answer = browser.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_risk")


@pytest.mark.parametrize("account", CAST, ids=lambda a: a.username)
def test_stewards_and_auditors_read_them_and_nobody_else(house: PortalHouse, account: object) -> None:
    person = next(one for one in CAST if one is account)
    browser = house.browser(person.username)
    wanted = 200 if person.username in READERS else 403
    for path in ("/risks", f"/risks/{PROJECT}", f"/risks/{PROJECT}/picture"):
        assert browser.get(path).status_code == wanted, path


def test_the_last_assessment_of_each_project_and_who_took_it_on(house: PortalHouse) -> None:
    listed = house.browser("kan").get("/risks").json()
    assert [(one["project"], one["accepted_by"], one["smallest"]) for one in listed["projects"]] == [
        (PROJECT, "ste", 1),
        (OTHER, None, None),
    ]
    assert [(s["project"], s["version"], s["overdue"]) for s in listed["stale"]] == [
        (PROJECT, "v3", True),
        (OTHER, "v1", False),
    ]


def test_a_project_says_its_counts_and_no_value(house: PortalHouse) -> None:
    one = house.browser("ste").get(f"/risks/{PROJECT}").json()
    assert one["digest"] == REPORT.digest
    rows = {row["of"]: row for row in one["classes"]}
    assert set(rows) == {"patients", HOSTILE, "(steady)", "(everything)"}
    assert (rows["(everything)"]["unique"], rows["(everything)"]["histogram"][:2]) == (4_000, [4_000, 150])
    assert one["codes"] == [
        {"table": "diagnoses", "column": "icd10", "values": 512, "rare": 40, "persons": 93}
    ]
    assert [stale["version"] for stale in one["stale"]] == ["v3"]


def test_the_picture_is_an_image_that_can_do_nothing(house: PortalHouse) -> None:
    answer = house.browser("ste").get(f"/risks/{PROJECT}/picture")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.startswith("<svg")
    assert "<script" not in answer.text
    assert " on" not in answer.text.replace(" one", "")


def test_the_page_says_it_in_both_languages_and_escapes_names(house: PortalHouse) -> None:
    browser = house.browser("ste")
    pages = {one: browser.page(f"/risks/{PROJECT}?lang={one}").text for one in ("ja", "en")}
    assert all(f'src="/risks/{PROJECT}/picture"' in text and HOSTILE not in text for text in pages.values())
    ja, en = plain_text(pages["ja"]), plain_text(pages["en"])
    assert "受入れ済み" in ja
    assert "期限切れ" in ja
    assert "taken on" in en
    assert "4,200" in en
    listing = plain_text(browser.page("/risks?lang=ja").text)
    assert "未受入れ" in listing
    assert "作り直し待ち" in listing
