"""An author's pages: reading, confirming exact bytes, withdrawing; nothing of it to others."""

from dataclasses import replace
from pathlib import Path

import pytest

from enclave.identity import Role
from tests.support.people import AOI
from tests.support.portal_house import SECRET, SMALL_CELL, TABLE, PortalHouse

TEXT = "# 説明\n対象者は291人。\n"


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def test_the_list_and_the_first_page_tell_what_waits(house: PortalHouse) -> None:
    request_id = house.hand_in(title="表一")
    mei = house.browser("mei")
    (line,) = mei.get("/requests").json()["requests"]
    assert (line["request_id"], line["title"], line["state"], line["turn"]) == (
        request_id,
        "表一",
        "awaiting_author",
        "author",
    )
    (waiting,) = mei.get("/").json()["waiting"]
    assert (waiting["path"], waiting["count"]) == ("/requests", 1)
    assert waiting["what"]["ja"] and waiting["what"]["en"]


def test_a_page_shows_what_leaves_beside_what_arrived(house: PortalHouse) -> None:
    request_id = house.hand_in({"t.csv": TABLE, "n.md": TEXT})
    request = house.browser("mei").get(f"/requests/{request_id}?content=1").json()
    table, text = request["files"]
    assert table["canonical"]["sha256"] in house.digests(request_id)
    assert len(table["upload_sha256"]) == 64
    assert (table["content"], text["content"]) == (TABLE, TEXT)
    assert table["canonical"]["dropped"] == ["byte_order_mark"]
    assert request["may"] == {"confirm": True, "withdraw": True, "download": False}


def test_a_program_reads_content_only_when_it_says_so_and_reading_is_recorded(house: PortalHouse) -> None:
    request_id = house.hand_in()
    mei = house.browser("mei")
    assert mei.get(f"/requests/{request_id}").json()["files"][0]["content"] is None
    assert house.events("review.file_viewed") == []
    mei.get(f"/requests/{request_id}?content=1")
    mei.page(f"/requests/{request_id}")
    assert [e["facts"]["as"] for e in house.events("review.file_viewed")] == ["author", "author"]


def test_confirming_takes_every_digest_that_was_shown(house: PortalHouse) -> None:
    request_id = house.hand_in({"a.csv": TABLE, "b.md": TEXT})
    mei, digests = house.browser("mei"), house.digests(request_id)
    for wrong in ([], digests[:1], [*digests, "0" * 64], ["0" * 64, "1" * 64]):
        answer = mei.post(f"/requests/{request_id}/confirm", {"digest": wrong})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "other_digests")
    assert mei.post(f"/requests/{request_id}/confirm", {"digest": digests}).json()["state"] == "checking"
    again = mei.post(f"/requests/{request_id}/confirm", {"digest": digests})
    assert again.status_code == 403


def test_findings_name_the_exact_cell_and_the_page_marks_it(house: PortalHouse) -> None:
    request_id = house.hand_in()
    mei = house.browser("mei")
    mei.post(f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)})
    house.check(request_id, [SMALL_CELL, SECRET])
    (unpaid,) = mei.get(f"/requests/{request_id}").json()["files"][0]["findings"]
    assert unpaid["where"] == {"row": 4}, "no word of a file that was not opened"
    request = mei.get(f"/requests/{request_id}?content=1").json()
    (finding,) = request["files"][0]["findings"]
    assert finding["where"] == {"row": 4, "column": "人数"}
    assert request["state"] == "returned"
    page = mei.page(f"/requests/{request_id}").text
    assert '<td class="number hit hit-fix"' in page
    assert page.count("hit-fix") == 1, "that cell and no other"


def test_an_author_never_learns_of_findings_for_checkers(house: PortalHouse) -> None:
    request_id = house.hand_in()
    mei = house.browser("mei")
    mei.post(f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)})
    house.check(request_id, [SECRET])
    for text in (
        mei.page(f"/requests/{request_id}").text,
        mei.get(f"/requests/{request_id}").text,
        mei.page(f"/requests/{request_id}/files/{house.digests(request_id)[0]}").text,
    ):
        assert "source_identifier" not in text
        assert "hit-review" not in text
    assert mei.get(f"/requests/{request_id}").json()["verdict"] == "pass"
    assert "source_identifier" in house.browser("aoi").page(f"/reviews/{request_id}").text


def test_withdrawing_is_for_good(house: PortalHouse) -> None:
    request_id = house.in_review()
    mei = house.browser("mei")
    assert mei.post(f"/requests/{request_id}/withdraw").json()["state"] == "withdrawn"
    assert mei.post(f"/requests/{request_id}/withdraw").status_code == 403
    assert house.browser("aoi").vote(request_id, "approve").status_code == 403


@pytest.mark.parametrize("name", ["ken", "aoi", "ota", "kan", "bo"])
def test_nobody_else_reads_or_moves_a_request_as_its_author(house: PortalHouse, name: str) -> None:
    request_id = house.hand_in()
    other = house.browser(name)
    digest = house.digests(request_id)[0]
    for answer in (
        other.get(f"/requests/{request_id}?content=1"),
        other.get(f"/requests/{request_id}/files/{digest}"),
        other.post(f"/requests/{request_id}/confirm", {"digest": [digest]}),
        other.post(f"/requests/{request_id}/withdraw"),
        other.post(f"/releases/{request_id}/link"),
        other.get(f"/releases/{request_id}/receipt"),
    ):
        assert answer.status_code == 403
        assert "糖尿病" not in answer.text
    assert house.request(request_id).state.value == "awaiting_author"


def test_a_checker_does_not_stand_in_for_the_author_whatever_roles_they_hold(house: PortalHouse) -> None:
    request_id = house.in_review()
    with house.house.begin() as work:
        work.register.put_account(replace(AOI, roles=frozenset({Role.CHECKER, Role.RESEARCHER})))
    both = house.browser("aoi")
    assert both.get(f"/reviews/{request_id}").status_code == 200
    for path in ("", f"/files/{house.digests(request_id)[0]}"):
        answer = both.get(f"/requests/{request_id}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_author")
    assert both.post(f"/requests/{request_id}/withdraw").json()["error"]["code"] == "not_author"


def test_unknown_requests_and_files_are_not_found(house: PortalHouse) -> None:
    request_id = house.hand_in()
    mei = house.browser("mei")
    assert mei.get("/requests/none").status_code == 404
    assert mei.get(f"/requests/{request_id}/files/{'0' * 64}").status_code == 404
    assert mei.get(f"/requests/{request_id}/files/..%2f..%2fetc%2fpasswd").status_code == 404


def test_a_long_file_is_shown_whole_in_pages(house: PortalHouse) -> None:
    rows = 2_345
    long = "n,x\n" + "".join(f"{i},{i * 7}\n" for i in range(rows))
    request_id = house.hand_in({"long.csv": long})
    mei, digest = house.browser("mei"), house.digests(request_id)[0]
    assert "<table>" not in mei.page(f"/requests/{request_id}").text
    shown = "".join(mei.page(f"/requests/{request_id}/files/{digest}?page={n}").text for n in (1, 2, 3))
    for i in range(rows):
        assert f'<tr id="f1-r{i + 2}">' in shown
    assert mei.get(f"/requests/{request_id}/files/{digest}?page=9").json()["page"] == 3
    assert mei.get(f"/requests/{request_id}/files/{digest}?page=x").status_code == 422


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_names_titles_words_and_cells_are_text_and_never_markup(house: PortalHouse) -> None:
    files = {"<b>x.csv": f'a,b\n"{EVIL.replace(chr(34), chr(34) * 2)}",2\n', "<i>.md": f"{EVIL}\n"}
    request_id = house.in_review(files, title=EVIL, what_it_shows=EVIL)
    mei, aoi, rin, kan = (house.browser(name) for name in ("mei", "aoi", "rin", "kan"))
    aoi.vote(request_id, "refuse", comment=EVIL, audience="shared").raise_for_status()
    rin.vote(request_id, "refuse", comment=EVIL).raise_for_status()
    pages = [
        mei.page("/requests"),
        mei.page(f"/requests/{request_id}"),
        *(mei.page(f"/requests/{request_id}/files/{digest}") for digest in house.digests(request_id)),
        aoi.page("/reviews"),
        aoi.page(f"/reviews/{request_id}"),
        kan.page("/audit"),
        kan.page(f"/audit?person={EVIL}"),
        mei.page(f"/requests/{EVIL}?lang={EVIL}&done={EVIL}"),
        mei.page(f"/{EVIL}"),
    ]
    shown = 0
    for page in pages:
        for part in ("<script", "<img src=x", "<b>x", "<i>."):
            assert part not in page.text, page.url
        shown += "&lt;script&gt;" in page.text
    assert shown >= 7, "the words were on these pages, escaped"


def test_both_languages_say_the_same_page(house: PortalHouse) -> None:
    house.hand_in()
    mei = house.browser("mei")
    assert '<html lang="ja">' in mei.page("/requests").text
    english = mei.page("/requests?lang=en")
    assert '<html lang="en">' in english.text
    assert "Your requests" in english.text
    assert '<html lang="en">' in mei.page("/requests").text, "the choice is remembered"
    assert '<html lang="ja">' in mei.page("/requests?lang=ja").text


def test_refusals_are_in_both_languages(house: PortalHouse) -> None:
    error = house.browser("mei").get("/audit").json()["error"]
    assert error["code"] == "wrong_role"
    assert "監査人" in error["ja"]
    assert "auditor" in error["en"]
