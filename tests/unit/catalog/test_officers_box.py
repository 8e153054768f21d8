"""The officers' box as mathematics: both open it, one does not, and what was changed opens for nobody."""

import json
from dataclasses import replace

import pytest

from catalog.officers_box import (
    SHORTEST,
    Box,
    Stretching,
    box_bytes,
    make_box,
    open_box,
    read_box,
    seal,
    unseal,
    wrap,
)
from enclave.errors import DeniedError, InvalidInputError, TamperedError
from tests.support.fakes import CountingRandomness
from tests.support.officers import PASSPHRASES, QUICK

EMI, JUN = PASSPHRASES["emi"], PASSPHRASES["jun"]
FRESH = CountingRandomness().token


@pytest.fixture(name="box")
def _box() -> Box:
    return make_box("sakusei", PASSPHRASES, QUICK, FRESH)


def test_nobody_opens_an_empty_hand(box: Box) -> None:
    with pytest.raises(DeniedError):
        open_box(box, {})


def test_both_open_it_and_what_was_sealed(box: Box) -> None:
    private = open_box(box, PASSPHRASES)
    sealed = seal(box.public, b"a key", "pseudonym:p-a", FRESH)
    assert unseal(private, sealed, "pseudonym:p-a") == b"a key"
    assert open_box(read_box(box_bytes(box)), PASSPHRASES) == private
    assert b"a key" not in sealed


@pytest.mark.parametrize(
    "words",
    [
        {"emi": EMI},
        {"emi": EMI, "jun": EMI},
        {"emi": JUN, "jun": EMI},
        {"emi": EMI, "jun": JUN + " "},
        {"emi": EMI, "jun": ""},
        {"emi": EMI, "ota": JUN},
        {"emi": EMI, "jun": JUN, "ota": JUN},
    ],
)
def test_anything_less_opens_nothing(box: Box, words: dict[str, str]) -> None:
    with pytest.raises(DeniedError):
        open_box(box, words)


def test_it_does_not_matter_how_an_input_method_composed_the_characters(box: Box) -> None:
    decomposed = {"emi": EMI.replace("だ", "た\u3099"), "jun": JUN.replace("が", "か\u3099")}
    assert decomposed != PASSPHRASES
    assert open_box(box, decomposed) == open_box(box, PASSPHRASES)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"emi": EMI}, "two_officers"),
        ({"emi": EMI, "jun": JUN, "ota": "x" * 20}, "two_officers"),
        ({"emi": EMI, "jun": EMI}, "same_passphrase"),
        ({"emi": EMI, "jun": "x" * (SHORTEST - 1)}, "short_passphrase"),
    ],
)
def test_no_box_is_made_of_less_than_two_secrets(words: dict[str, str], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        make_box("sakusei", words, QUICK, FRESH)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "changed",
    [
        {"officers": ("emi", "kim")},
        {"organisation": "gaibu"},
        {"public": bytes(32)},
        {"stretching": Stretching(16, 1, 1)},
        {"salts": (bytes(16), bytes(16))},
        {"sealed": bytes(48)},
    ],
)
def test_a_box_in_which_anything_was_changed_opens_for_nobody(box: Box, changed: dict[str, object]) -> None:
    other = replace(box, **changed)  # type: ignore[arg-type]
    words = dict(zip(other.officers, (EMI, JUN), strict=True))
    with pytest.raises(DeniedError):
        open_box(other, words)


@pytest.mark.parametrize("damage", ["label", "cut", "flipped", "other box", "nothing"])
def test_what_was_sealed_opens_whole_under_its_label_or_not_at_all(box: Box, damage: str) -> None:
    private = open_box(box, PASSPHRASES)
    sealed = seal(box.public, b"a key", "pseudonym:p-a", FRESH)
    label = "pseudonym:p-b" if damage == "label" else "pseudonym:p-a"
    if damage == "cut":
        sealed = sealed[:-1]
    if damage == "flipped":
        sealed = bytes([sealed[0] ^ 1]) + sealed[1:]
    if damage == "nothing":
        sealed = b""
    if damage == "other box":
        private = open_box(make_box("sakusei", PASSPHRASES, QUICK, FRESH), PASSPHRASES)
    with pytest.raises(TamperedError):
        unseal(private, sealed, label)


def test_other_passphrases_around_the_same_private_half(box: Box) -> None:
    private = open_box(box, PASSPHRASES)
    words = {**PASSPHRASES, "emi": "a passphrase of another year"}
    again = wrap(private, box.organisation, words, QUICK, FRESH)
    assert open_box(again, words) == private
    assert again.public == box.public
    with pytest.raises(DeniedError):
        open_box(again, PASSPHRASES)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff"])
def test_a_file_that_is_no_box_is_refused(content: bytes) -> None:
    with pytest.raises(TamperedError):
        read_box(content)


def test_the_file_says_nothing_secret(box: Box) -> None:
    private = open_box(box, PASSPHRASES)
    content = box_bytes(box)
    assert private.hex().encode() not in content
    assert EMI not in content.decode()
    assert set(json.loads(content)) == {
        "format", "public", "officers", "organisation", "argon2id", "salts", "nonce", "sealed",
    }  # fmt: skip
