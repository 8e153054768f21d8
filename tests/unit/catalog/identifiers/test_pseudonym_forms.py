"""Membership of a pseudonym in every form it can be written in, and no false alarm."""

import base64
import hashlib
from uuid import UUID

import pytest

from catalog.identifiers.pseudonyms import PseudonymSet, find_pseudonyms, find_uuid_like

PSEUDONYM = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
RAW = UUID(PSEUDONYM).bytes
IDS = PseudonymSet.of([PSEUDONYM, "P-00123"])
FULL_WIDTH = "".join(chr(ord(character) + 0xFEE0) for character in PSEUDONYM)


def test_an_empty_set_finds_nothing() -> None:
    assert find_pseudonyms(PSEUDONYM, PseudonymSet.of([])) == []


@pytest.mark.parametrize(
    "written",
    [
        PSEUDONYM,
        PSEUDONYM.upper(),
        PSEUDONYM.replace("-", ""),
        PSEUDONYM.replace("-", "‐"),
        PSEUDONYM.replace("-", " "),
        FULL_WIDTH,
        "\u200b".join(PSEUDONYM),
        " ".join(PSEUDONYM),
        PSEUDONYM[:20] + "\n" + PSEUDONYM[20:],
        "p-00123",
        "Ｐ－００１２３",
    ],
)
@pytest.mark.parametrize("around", ["{}", "は{}です", "(id={})", "対象:{}。"])
def test_a_written_pseudonym_is_found_at_its_characters(written: str, around: str) -> None:
    text = around.format(written)
    (hit,) = find_pseudonyms(text, IDS)
    assert text[hit.offset : hit.offset + hit.length] == written


@pytest.mark.parametrize(
    "encoded",
    [
        base64.b64encode(PSEUDONYM.encode()).decode(),
        base64.urlsafe_b64encode(PSEUDONYM.upper().encode()).decode(),
        base64.b64encode(RAW).decode(),
        base64.b64encode(b"x" + PSEUDONYM.encode() + b"yz").decode(),
        "ab" + base64.b64encode(PSEUDONYM.encode()).decode(),
        base64.b64encode(base64.b64encode(PSEUDONYM.encode())).decode(),
        PSEUDONYM.encode().hex(),
        PSEUDONYM.encode().hex().upper(),
        RAW.hex(),
    ],
)
def test_an_encoded_pseudonym_is_found(encoded: str) -> None:
    assert find_pseudonyms(f"値は{encoded}", IDS)


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
@pytest.mark.parametrize(
    "form",
    [
        PSEUDONYM.encode(),
        PSEUDONYM.upper().encode(),
        PSEUDONYM.replace("-", "").encode(),
        RAW,
        PSEUDONYM.encode() + b"\n",
    ],
)
def test_a_hashed_pseudonym_is_found(algorithm: str, form: bytes) -> None:
    digest = hashlib.new(algorithm, form)
    text = f"id {digest.hexdigest()} x"
    (hit,) = find_pseudonyms(text, IDS)
    assert text[hit.offset : hit.offset + hit.length] == digest.hexdigest()
    assert find_pseudonyms(digest.hexdigest().upper(), IDS)
    assert find_pseudonyms(base64.b64encode(digest.digest()).decode(), IDS)


@pytest.mark.parametrize(
    "text",
    [
        "9a7e2d10-51c4-4b5f-8f7e-6d3b2a190c88",
        PSEUDONYM[:-1] + "8",
        hashlib.sha256(b"something else").hexdigest(),
        "P-001234",
        "XP-00123",
        "12,345,678\n" * 100,
    ],
)
def test_what_is_no_member_is_not_found(text: str) -> None:
    assert find_pseudonyms(text, IDS) == []


def test_a_set_does_not_show_its_members() -> None:
    assert PSEUDONYM[:8] not in repr(IDS)


def test_uuid_shapes() -> None:
    assert len(find_uuid_like(f"{PSEUDONYM} {FULL_WIDTH} {PSEUDONYM.replace('-', '')}")) == 3
    assert find_uuid_like("3f0c9f4e-7a51 12345678 " + "a" * 33) == []
