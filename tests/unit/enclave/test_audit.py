"""Leaves, bodies, checkpoints: what is committed to, and what a change does."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enclave.audit.canonical import canonical
from enclave.audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from enclave.audit.event import EventDraft, body_of, make_leaf, opens
from enclave.audit.kinds import Kind
from enclave.audit.merkle import leaf_hash
from enclave.errors import TamperedError
from tests.support.fakes import START

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()
NAME = "hanare.local/ledger"
POINT = Checkpoint(NAME, 7, leaf_hash(b"root"))


def test_canonical_form_is_one() -> None:
    assert canonical({"b": [1, None], "a": "離れ"}) == '{"a":"離れ","b":[1,null]}'.encode()


@pytest.mark.parametrize("value", [1.5, {"a": 0.1}, {1: "a"}, 2**53, b"x", {"a": "\ud800"}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical(value)  # type: ignore[arg-type]


def test_a_leaf_says_its_number_and_commits_to_its_body_alone() -> None:
    draft = EventDraft(Kind.CELL_REQUESTED, "mei", "p-a", "k1", {"silent": False}, {"source": "print(患者)"})
    leaf = make_leaf(draft, 3, START, b"s" * 16)
    assert "患者" not in leaf.data.decode()
    assert json.loads(leaf.data)["n"] == 3
    assert leaf.body is not None
    assert opens(leaf.data, leaf.body)
    assert not opens(leaf.data, b"t" * 16 + leaf.body[16:])
    assert body_of(leaf.body) == {"source": "print(患者)"}


def test_equal_bodies_commit_differently_under_other_salts() -> None:
    draft = EventDraft(Kind.CELL_REQUESTED, "mei", body={"source": "1"})
    first, second = make_leaf(draft, 1, START, b"a" * 16), make_leaf(draft, 1, START, b"b" * 16)
    assert first.data != second.data


def test_a_signed_checkpoint_opens_to_itself() -> None:
    assert open_checkpoint(sign_checkpoint(POINT, NAME, KEY), NAME, PUBLIC) == POINT


def test_any_changed_character_of_a_note_is_found() -> None:
    note = sign_checkpoint(POINT, NAME, KEY)
    for position, character in enumerate(note[:-1]):
        changed = note[:position] + ("B" if character != "B" else "C") + note[position + 1 :]
        with pytest.raises(TamperedError):
            open_checkpoint(changed, NAME, PUBLIC)


def test_a_note_by_another_key_or_name_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    with pytest.raises(TamperedError):
        open_checkpoint(sign_checkpoint(POINT, NAME, other), NAME, PUBLIC)
    with pytest.raises(TamperedError):
        open_checkpoint(sign_checkpoint(POINT, "someone else", KEY), NAME, PUBLIC)
