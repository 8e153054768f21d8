"""Digests are found exactly: every written form of every member, in a table of several parts, and no other."""

import hashlib
import os
import uuid

import numpy as np
import pytest

from catalog.identifiers.digest_table import SIZES, DigestTable
from catalog.identifiers.pseudonyms import PseudonymSet, find_in_each
from catalog.identifiers.spelled import Spelled
from catalog.identifiers.uuid_table import UuidTable, hashed_form, hashed_forms

MANY = 3_000


def _rows(digests: list[bytes]) -> "np.typing.NDArray[np.uint8]":
    return np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)


@pytest.mark.parametrize("name", SIZES.values())
def test_every_form_of_every_member_and_no_other(name: str) -> None:
    packed = os.urandom(16 * MANY)
    table = DigestTable.of(name, UuidTable.of(packed), together=1 << 13)
    assert len(table.parts) > 3
    raw = [packed[at : at + 16] for at in range(0, len(packed), 16)]
    members = [hashlib.new(name, form).digest() for one in raw for form in hashed_forms(one)]
    assert table.holds(_rows(members)).all()
    strangers = [hashlib.new(name, os.urandom(16)).digest() for _ in range(len(members))]
    assert not table.holds(_rows(strangers)).any()
    near = [one[:-1] + bytes([one[-1] ^ 1]) for one in members]
    assert not table.holds(_rows(near)).any()


def test_one_form_is_the_same_as_among_all() -> None:
    raw = os.urandom(16)
    forms = hashed_forms(raw)
    assert tuple(hashed_form(raw, number) for number in range(len(forms))) == forms
    assert len(set(forms)) == UuidTable.of(raw).forms


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha512"])
@pytest.mark.parametrize("given", ["P-00123", "pt_0012-34", "患者A-7"])
def test_an_identifier_that_is_no_uuid_is_hashed_as_it_was_given(name: str, given: str) -> None:
    ids = PseudonymSet.of([given, "Q-99"])
    for form in (given, given.upper(), f"{given}\n"):
        digest = hashlib.new(name, form.encode()).hexdigest()
        assert find_in_each([f"id={digest}"], ids)[0], form
    assert not find_in_each([hashlib.new(name, b"P-00124").hexdigest()], ids)[0]


def test_nothing_is_a_digest_of_nobody() -> None:
    table = DigestTable.of("md5", Spelled())
    assert not table.holds(_rows([hashlib.md5(b"", usedforsecurity=False).digest()])).any()


def test_digests_are_made_ahead_once() -> None:
    ids = PseudonymSet.of([str(uuid.UUID(int=9)), "P-00123"]).with_digests()
    assert set(ids.table.digests) == set(ids.spelled.digests) == {"md5", "sha1", "sha256"}
    made = ids.table.digests["md5"]
    assert ids.with_digests().table.digests["md5"] is made
