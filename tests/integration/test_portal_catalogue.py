"""The catalogue's pages: open to anybody, finer for who is signed in, and never a value of a person."""

import re
from pathlib import Path

import pytest

from catalog.adapters.catalogue_tables import CatalogueTables
from tests.support.catalogues import AT, HOSTILE, published
from tests.support.people import CAST
from tests.support.portal_house import PortalHouse, plain_text


@pytest.fixture(name="bare")
def _bare(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


@pytest.fixture(name="house")
def _house(bare: PortalHouse) -> PortalHouse:
    with bare.house.begin() as work:
        CatalogueTables(work.connection).put(published(), AT)
    return bare


def test_before_anything_was_published_the_page_says_so(bare: PortalHouse) -> None:
    browser = bare.browser()
    assert browser.get("/catalog").json() == {"published_at": None, "search": "", "datasets": []}
    assert "まだ何も公開されていません" in browser.page("/catalog").text
    assert browser.get("/catalog/patient").status_code == 404
    assert browser.page("/catalog?q=x").status_code == 200


def test_anybody_reads_coarse_counts_and_years(house: PortalHouse) -> None:
    listing = house.browser().get("/catalog").json()
    sets = {one["name"]: one for one in listing["datasets"]}
    assert listing["published_at"].startswith("2026-04-01")
    assert sets["lab_result"]["rows"] == {"at_least": 1_234_500, "below": None}
    assert (sets["lab_result"]["first"], sets["lab_result"]["last"]) == ("2022", "2025")
    assert sets["odd_registry"]["persons"] == {"at_least": None, "below": 100}
    assert sets["death"]["rows"] == {"at_least": None, "below": 100}
    assert sets["code_icd10"]["persons"] is None
    assert sets["patient_identity"]["available"] is False
    assert sets["patient_identity"]["rows"] is None
    lab = house.browser().get("/catalog/lab_result").json()
    assert all(c["filled_percent"] is None and c["shared_values"] is None for c in lab["columns"])


@pytest.mark.parametrize("account", CAST, ids=lambda a: a.username)
def test_whoever_is_signed_in_reads_more(house: PortalHouse, account: object) -> None:
    person = next(one for one in CAST if one is account)
    browser = house.browser(person.username)
    sets = {one["name"]: one for one in browser.get("/catalog").json()["datasets"]}
    assert sets["lab_result"]["rows"] == {"at_least": 1_234_560, "below": None}
    assert sets["lab_result"]["first"] == "2022-04"
    assert sets["odd_registry"]["persons"] == {"at_least": 40, "below": None}
    assert sets["death"]["rows"] == {"at_least": None, "below": 10}
    columns = {c["name"]: c for c in browser.get("/catalog/lab_result").json()["columns"]}
    assert (columns["jlac10"]["filled_percent"], columns["jlac10"]["shared_values"]) == (97, 41)
    assert (columns["facility_key"]["use"], columns["facility_key"]["filled_percent"]) == ("never", None)
    assert (columns["value_text"]["use"], columns["patient_key"]["use"]) == ("scrubbed", "pseudonym")


def test_a_page_says_what_a_program_reads_in_both_languages(house: PortalHouse) -> None:
    ja, en = (plain_text(house.browser().page(f"/catalog?lang={one}").text) for one in ("ja", "en"))
    assert "検査結果" in ja
    assert "1,234,500+" in ja
    assert "laboratory results" in en
    assert "&lt;100" in en
    assert "利用申請の流れ" in ja
    assert "How to apply" in en
    ja, en = (
        plain_text(house.browser().page(f"/catalog/patient_identity?lang={one}").text) for one in ("ja", "en")
    )
    assert "提供不可" in ja
    assert "direct identifier" in en
    assert "my_number" in en


def test_signed_in_pages_show_how_full_a_column_is(house: PortalHouse) -> None:
    page = plain_text(house.browser("mei").page("/catalog/lab_result?lang=en").text)
    assert "97 %" in page
    assert "Common codes" in page
    assert "97 %" not in plain_text(house.browser().page("/catalog/lab_result?lang=en").text)


def test_a_search_finds_by_any_width_and_shows_the_columns(house: PortalHouse) -> None:
    browser = house.browser()
    found = browser.get("/catalog?q=ＪＬＡＣ１０　採取").json()
    assert found["search"] == "ＪＬＡＣ１０　採取"
    assert found["datasets"] == []
    found = browser.get("/catalog?q=ｻｲﾄﾞ").json()
    assert found["datasets"] == []
    (vital,) = browser.get("/catalog?q=ﾊﾞｲﾀﾙ").json()["datasets"]
    assert vital["name"] == "vital"
    hits = {
        one["name"]: [c["name"] for c in one["found"]]
        for one in browser.get("/catalog?q=ucum").json()["datasets"]
    }
    assert hits["lab_result"] == ["unit_ucum"]
    assert 'href="/catalog/lab_result#unit_ucum"' in browser.page("/catalog?q=ucum").text
    assert "すべての語を含むものはカタログにありません" in browser.page("/catalog?q=zzz").text


@pytest.mark.parametrize(
    "words", [HOSTILE, '" onmouseover="alert(1)', "{{ 7 * 7 }}", "%00", "🧪", "'; DROP TABLE x"]
)
def test_search_words_are_shown_and_do_nothing(house: PortalHouse, words: str) -> None:
    answer = house.browser().client.get("/catalog", params={"q": words}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert ' onmouseover="alert' not in answer.text
    assert "49" not in re.findall(r'value="([^"]*)"', answer.text)


def test_a_search_that_is_too_long_is_refused(house: PortalHouse) -> None:
    answer = house.browser().get("/catalog?q=" + "あ" * 201)
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]["code"] == "search_too_long"


def test_labels_of_a_registered_source_are_escaped(house: PortalHouse) -> None:
    for path in ("/catalog", "/catalog/odd_registry", "/catalog?q=odd"):
        page = house.browser("mei").page(path).text
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page
        assert "<b>mg</b>" not in page


@pytest.mark.parametrize("name", ["nowhere", "PATIENT", "patient%00", "%2e%2e%2fetc", "' OR 1=1 --"])
def test_a_data_set_that_is_not_there_is_not_there(house: PortalHouse, name: str) -> None:
    for browser in (house.browser(), house.browser("mei")):
        assert browser.get(f"/catalog/{name}").status_code == 404


def test_reading_the_catalogue_changes_and_records_nothing(house: PortalHouse) -> None:
    browser = house.browser()
    before = len(house.events())
    for path in ("/catalog", "/catalog?q=x", "/catalog/patient"):
        assert browser.get(path).status_code == 200
        assert browser.post(path).status_code in {401, 405}
    assert len(house.events()) == before


def test_pages_need_no_script_and_link_from_the_first_page(house: PortalHouse) -> None:
    for path in ("/catalog", "/catalog/patient"):
        page = house.browser().page(path)
        assert "<script" not in page.text
        assert " style=" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    assert 'href="/catalog"' in house.browser().page("/").text
    assert 'href="/catalog"' in house.browser("ken").page("/").text
