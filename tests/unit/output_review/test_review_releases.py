"""Packages and links: the same release is the same bytes, and a link ends."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest

from output_review.releases import LINK_ATTEMPTS, LINK_LIFETIME, Link, make_package, make_record
from tests.support.fakes import START

RECORD = make_record({"request": "r1", "files": ["t.csv"]})


def test_the_same_content_is_the_same_package() -> None:
    one = make_package(RECORD, {"b.csv": b"2", "a.csv": b"1"})
    two = make_package(RECORD, {"a.csv": b"1", "b.csv": b"2"})
    assert one == two
    # Known bytes: another version of this code must not change what a stored release is.
    assert (
        hashlib.sha256(one).hexdigest() == "34396245dba09656e1f56656b90a4643210786a1bb5ebdeef058709b3537c26f"
    )


def test_a_package_holds_the_record_and_the_files() -> None:
    with zipfile.ZipFile(io.BytesIO(make_package(RECORD, {"表.csv": "男,10\n".encode()}))) as package:
        assert package.namelist() == ["record.json", "表.csv"]
        assert package.read("表.csv").decode() == "男,10\n"
        assert json.loads(package.read("record.json"))["format"] == "hanare-release-record/1"


@pytest.mark.parametrize("files", [{}, {"record.json": b"x"}, {"RECORD.json": b"x"}])
def test_an_empty_package_or_one_that_hides_its_record_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="package"):
        make_package(RECORD, files)


def test_a_link_ends_by_time_by_use_and_is_one_persons() -> None:
    link = Link("t", "r1", "mei", START + LINK_LIFETIME, LINK_ATTEMPTS)
    assert link.refusal("mei", START) == ""
    assert link.refusal("ken", START) == "not_yours"
    assert link.refusal("mei", START + timedelta(minutes=59, seconds=59)) == ""
    assert link.refusal("mei", START + timedelta(hours=1)) == "link_expired"
    assert Link("t", "r1", "mei", START + LINK_LIFETIME, 0).refusal("mei", START) == "link_used_up"
    assert LINK_ATTEMPTS == 3
