"""The way out: one hour, three attempts counted here, the released bytes, a proof."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from enclave.audit.checkpoint import open_checkpoint
from enclave.audit.merkle import leaf_hash, verify_inclusion
from tests.support.people import ENDS, MEI
from tests.support.portal_house import ORIGIN, TABLE, PortalHouse


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> PortalHouse:
    return PortalHouse(tmp_path)


@pytest.fixture(name="request_id")
def _request_id(house: PortalHouse) -> str:
    return house.released()


def test_what_is_fetched_is_what_was_reviewed(house: PortalHouse, request_id: str) -> None:
    mei = house.browser("mei")
    made = mei.post(f"/releases/{request_id}/link").json()
    assert made["attempts"] == 3
    taken = mei.client.get(made["link"])
    assert taken.headers["content-type"] == "application/zip"
    assert taken.headers["x-content-sha256"] == hashlib.sha256(taken.content).hexdigest()
    with zipfile.ZipFile(io.BytesIO(taken.content)) as package:
        assert sorted(package.namelist()) == ["record.json", "t.csv"]
        content = package.read("t.csv")
        record = json.loads(package.read("record.json"))
    assert content == TABLE.encode()
    assert hashlib.sha256(content).hexdigest() == house.digests(request_id)[0]
    assert sorted(record["reviewers"]) == ["aoi", "rin"]


def test_the_fourth_attempt_is_refused_by_the_server(house: PortalHouse, request_id: str) -> None:
    mei = house.browser("mei")
    link = mei.post(f"/releases/{request_id}/link").json()["link"]
    answers = [mei.get(link) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 403]
    assert [a.headers.get("x-attempts-left") for a in answers] == ["2", "1", "0", None]
    assert answers[3].json()["error"]["code"] == "link_used_up"
    assert b"PK" not in answers[3].content
    assert len(house.events("release.downloaded")) == 3
    assert len(house.events("release.download_refused")) == 1


def test_a_link_is_good_for_an_hour(house: PortalHouse, request_id: str) -> None:
    mei = house.browser("mei")
    link = mei.post(f"/releases/{request_id}/link").json()["link"]
    house.house.clock.forward(timedelta(minutes=29))
    mei.get("/")
    house.house.clock.forward(timedelta(minutes=29))
    assert mei.get(link).status_code == 200
    house.house.clock.forward(timedelta(minutes=2))
    assert mei.get(link).json()["error"]["code"] == "link_expired"


def test_a_new_link_ends_the_earlier_one(house: PortalHouse, request_id: str) -> None:
    mei = house.browser("mei")
    first = mei.post(f"/releases/{request_id}/link").json()["link"]
    second = mei.post(f"/releases/{request_id}/link").json()["link"]
    assert mei.get(first).status_code == 404
    assert mei.get(second).status_code == 200


def test_a_link_is_the_authors_alone_and_is_stored_as_a_digest(house: PortalHouse, request_id: str) -> None:
    link = house.browser("mei").post(f"/releases/{request_id}/link").json()["link"]
    token = link.rpartition("/")[2]
    assert house.browser().get(link).status_code == 401
    for name in ("ken", "aoi", "bo", "kan", "ota"):
        assert house.browser(name).get(link).status_code == 403
    stored = b"".join(path.read_bytes() for path in house.folder.glob("enclave.sqlite*"))
    assert token.encode() not in stored
    assert house.browser("mei").get("/download/" + "0" * 64).status_code == 404


def test_who_is_not_eligible_any_more_fetches_nothing(house: PortalHouse, request_id: str) -> None:
    mei = house.browser("mei")
    link = mei.post(f"/releases/{request_id}/link").json()["link"]
    with house.house.begin() as work:
        work.register.put_account(replace(MEI, trained_until=ENDS - timedelta(days=400)))
    assert mei.get(link).json()["error"]["code"] == "training_lapsed"


def test_nothing_leaves_before_it_is_released(house: PortalHouse) -> None:
    request_id = house.in_review()
    mei = house.browser("mei")
    for _ in ("in review", "approved by one"):
        assert mei.post(f"/releases/{request_id}/link").status_code == 403
        assert mei.get(f"/releases/{request_id}/receipt").status_code == 403
        house.browser("aoi").vote(request_id, "approve")


def test_a_receipt_proves_the_release_without_this_house(house: PortalHouse, request_id: str) -> None:
    mei = house.browser("mei")
    assert mei.get(f"/releases/{request_id}/receipt").json()["error"]["code"] == "no_checkpoint_yet"
    house.checkpoint()
    receipt = mei.get(f"/releases/{request_id}/receipt").json()
    checkpoint = open_checkpoint(receipt["checkpoint"], ORIGIN, bytes.fromhex(receipt["public_key"]))
    leaf = receipt["leaf"].encode()
    path = [bytes.fromhex(step) for step in receipt["path"]]
    assert verify_inclusion(leaf_hash(leaf), receipt["number"] - 1, checkpoint.size, path, checkpoint.root)
    said = json.loads(leaf)
    assert (said["kind"], said["subject"]) == ("release.done", request_id)
    assert said["facts"]["package"] == mei.get(f"/requests/{request_id}").json()["release"]["package_sha256"]


def test_the_page_tells_the_result_and_the_road(house: PortalHouse, request_id: str) -> None:
    page = house.browser("mei").page(f"/requests/{request_id}").text
    assert page.count('<li class="past">') == 5
    assert 'class="now end-good" aria-current="step"' in page
    assert f'action="/releases/{request_id}/link"' in page
