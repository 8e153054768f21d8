"""Pseudonyms that lead nowhere without the key; manifests that are signed and say little."""

import hashlib
import hmac
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from catalog.adapters.producer_keys import holds
from catalog.manifests import Manifest, TableFacts, read_manifest, signed_manifest
from catalog.pseudonyms import pseudonym, pseudonyms
from enclave.errors import TamperedError

KEY, OTHER = bytes(32), bytes(31) + b"\x01"
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SIGNING.public_key().public_bytes_raw()
MANIFEST = Manifest(
    project="p-diabetes",
    version="v1",
    tables=(TableFacts("labs", "a" * 64, 12),),
    persons=3,
    pseudonyms=3,
    left_out=0,
    content_sha256="b" * 64,
    ids_sha256="c" * 64,
    permit_digest="d" * 64,
    policy_digest="e" * 64,
    schema_digest="f" * 64,
    source_version="0" * 64,
    profile="pseudo",
    built_at="2026-04-01T09:00:00+00:00",
)


def verify(signature: bytes, over: bytes) -> bool:
    return holds(PUBLIC, signature, over)


def test_a_pseudonym_is_the_hmac_and_a_valid_uuid() -> None:
    one = uuid.UUID(pseudonym(KEY, "patient", 42))
    assert (one.version, one.variant) == (8, uuid.RFC_4122)
    digest = hmac.new(KEY, b"patient:42", hashlib.sha256).hexdigest()
    assert str(one).replace("-", "")[:12] == digest[:12]
    assert str(one)[-12:] == digest[20:32]


def test_projects_entities_and_keys_have_nothing_in_common() -> None:
    made = {
        pseudonym(key, entity, source)
        for key in (KEY, OTHER)
        for entity in ("patient", "encounter")
        for source in (0, 1, -1, 2**62)
    }
    assert len(made) == 16


def test_the_same_thing_keeps_its_pseudonym() -> None:
    assert pseudonyms(KEY, "patient", [5, 6, 5])[0] == pseudonyms(KEY, "patient", [5, 6, 5])[2]


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        pseudonym(key, "patient", 1)


def test_a_signed_manifest_reads_back() -> None:
    content = signed_manifest(MANIFEST, SIGNING.sign, PUBLIC)
    assert read_manifest(content, verify) == MANIFEST.facts()
    assert signed_manifest(MANIFEST, SIGNING.sign, PUBLIC) == content


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"rows":12', b'"rows":13'),
        (b'"v1"', b'"v2"'),
        (b"hanare-extract/1", b"hanare-extract/2"),
        (b"{", b""),
    ],
)
def test_an_altered_manifest_is_noticed(old: bytes, new: bytes) -> None:
    content = signed_manifest(MANIFEST, SIGNING.sign, PUBLIC)
    with pytest.raises(TamperedError):
        read_manifest(content.replace(old, new, 1), verify)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"manifest": 1, "signature": "zz"}', b"\xff"])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(TamperedError):
        read_manifest(content, verify)


def test_another_producers_signature_does_not_hold() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(TamperedError):
        read_manifest(signed_manifest(MANIFEST, other.sign, PUBLIC), verify)
