"""How pages show what a reader made of an upload: its names, what was left out in words, its pictures."""

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from enclave.display import Channel, day_begins
from enclave.sentences import say
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.requests import CanonicalForm
from output_review.use_cases.standing import get_request
from tests.support.people import PERMIT
from tests.support.portal_house import PortalHouse, plain_text

HIDDEN = Finding(
    "ID.pseudonym", Severity.REVIEW, Place(part="hidden_sheet", page=2), say("A pseudonym stands here.")
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


def a_figure(house: PortalHouse, request_id: str) -> str:
    """The request's one file is a picture now, sent as a drawing; its digest."""
    sha256 = house.vault.put(PERMIT.project, PNG)
    form = CanonicalForm(
        sha256, len(PNG), "picture", 1, 1, ("named_comments", "hidden_sheets:2", "formulas:3")
    )
    with house.works.begin() as work:
        request = get_request(work, request_id)
        file = replace(request.files[0], name="f.png", canonical=form, upload="f.svg")
        work.requests.put(replace(request, files=(file,)))
    return sha256


def test_what_was_left_out_stands_there_in_both_languages(house: PortalHouse) -> None:
    request_id = house.hand_in()
    a_figure(house, request_id)
    mei = house.browser("mei")
    (file,) = mei.get(f"/requests/{request_id}").json()["files"]
    assert (file["name"], file["upload"]) == ("f.png", "f.svg")
    assert file["canonical"]["dropped"] == ["named_comments", "hidden_sheets:2", "formulas:3"]
    assert [words["en"] for words in file["canonical"]["dropped_in_words"]] == [
        "1 comment by a named person",
        "2 hidden sheets",
        "3 formulas, of which the values stay",
    ]
    assert "非表示のシート 2 枚" in [words["ja"] for words in file["canonical"]["dropped_in_words"]]
    page = plain_text(mei.page(f"/requests/{request_id}").text)
    assert "f.svg" in page
    assert "非表示のシート 2 枚" in page


def test_a_picture_is_shown_and_its_reading_recorded(house: PortalHouse) -> None:
    request_id = house.hand_in()
    sha256 = a_figure(house, request_id)
    mei = house.browser("mei")
    address = f"/requests/{request_id}/files/{sha256}/picture"
    assert f'src="{address}"' in mei.page(f"/requests/{request_id}").text
    answer = mei.get(address)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/png", PNG)
    assert {event["facts"]["sha256"] for event in house.events("review.file_viewed")} == {sha256}
    assert mei.get(f"/requests/{request_id}?content=1").json()["files"][0]["content"] is None


def test_an_authors_picture_is_charged_as_an_image(house: PortalHouse) -> None:
    request_id = house.hand_in()
    sha256 = a_figure(house, request_id)
    house.browser("mei").get(f"/requests/{request_id}/files/{sha256}/picture")
    with house.works.read() as work:
        uses = work.displays.uses("mei", day_begins(work.now))
    assert sum(use.count for use in uses if use.channel is Channel.IMAGE) == len(PNG)


def test_only_pictures_have_such_an_address_and_only_their_readers_reach_it(house: PortalHouse) -> None:
    request_id = house.hand_in()
    (sha256,) = house.digests(request_id)
    assert house.browser("mei").get(f"/requests/{request_id}/files/{sha256}/picture").status_code == 404
    sha256 = a_figure(house, request_id)
    for name, place in (("ken", "requests"), ("aoi", "reviews"), ("aoi", "requests")):
        answer = house.browser(name).get(f"/{place}/{request_id}/files/{sha256}/picture")
        assert answer.status_code in {403, 404}, name
        assert PNG not in answer.content


def test_a_checker_sees_the_picture_and_may_vote_on_it(house: PortalHouse) -> None:
    request_id = house.in_review()
    sha256 = a_figure(house, request_id)
    aoi = house.browser("aoi")
    page = aoi.page(f"/reviews/{request_id}").text
    assert f'src="/reviews/{request_id}/files/{sha256}/picture"' in page
    assert aoi.get(f"/reviews/{request_id}/files/{sha256}/picture").content == PNG
    house.compare()
    assert aoi.vote(request_id, "approve").json()["reviewed"] is True


def test_a_finding_beside_the_text_says_where_and_marks_no_cell(house: PortalHouse) -> None:
    request_id = house.hand_in()
    mei = house.browser("mei")
    mei.post(f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)}).raise_for_status()
    house.check(request_id, [HIDDEN])
    (file,) = mei.get(f"/requests/{request_id}?content=1").json()["files"]
    (finding,) = file["findings"]
    assert finding["where"] == {"part": "hidden_sheet", "page": 2}
    assert finding["part"]["en"] == "on a hidden sheet"
    text = mei.page(f"/requests/{request_id}").text
    assert "非表示のシート" in plain_text(text)
    assert "hit-review" not in text
