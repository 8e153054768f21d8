"""What was not recorded did not happen, and what was recorded stays."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from enclave.audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.audit.ledger import Entry, first_fault
from enclave.audit.merkle import leaf_hash
from enclave.errors import TamperedError
from enclave.identity import Role
from tests.support.houses import SqliteHouse
from tests.support.people import account
from tests.unit.verifier.written_ledger import KEY, ORIGIN, OTHER_KEY, WrittenLedger, a_ledger


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[SqliteHouse]:
    house = SqliteHouse(tmp_path)
    with house.begin() as work:
        work.keyring.make("house", "body")
    yield house
    house.database.engine.dispose()


def entries(ledger: WrittenLedger) -> list[Entry]:
    return [Entry(leaf.number, leaf.data, leaf_hash(leaf.data), leaf.body) for leaf in ledger.leaves]


def head(ledger: WrittenLedger, size: int | None = None) -> Checkpoint:
    return open_checkpoint(ledger.note(size), ORIGIN, KEY.public_key().public_bytes_raw())


def test_23_a_change_and_its_event_are_one(house: SqliteHouse) -> None:
    """When an event cannot be written, the change of state that it speaks of did not happen."""

    def act() -> None:
        with house.begin() as work:
            work.register.put_account(account("new", Role.CHECKER))
            work.record(EventDraft(Kind.PERSON_ENROLLED, "bo", facts={"share": 0.5}))  # type: ignore[dict-item]

    with pytest.raises(TypeError):
        act()
    with house.read() as work:
        assert work.register.find_account("new") is None


def test_24_an_event_is_counted_once(house: SqliteHouse) -> None:
    """The same event told twice is one entry."""
    draft = EventDraft(Kind.CELL_REQUESTED, "mei", event_id="e1")
    with house.begin() as work:
        first = work.record(draft)
    with house.begin() as work:
        assert work.record(draft) == first
        assert work.record(EventDraft(Kind.CELL_REQUESTED, "mei", event_id="e2")) == first + 1


def test_25_any_altered_entry_is_named() -> None:
    """An entry that was changed, left out, repeated or moved is found and named."""
    whole = entries(a_ledger(9))
    assert first_fault(whole, head(a_ledger(9))).fault is None
    for number in range(1, 10):
        for changed in (
            [*whole[: number - 1], *whole[number:]],
            [*whole[:number], whole[number - 1], *whole[number:]],
            [
                *whole[: number - 1],
                Entry(number, whole[number - 1].data + b" ", whole[number - 1].hash),
                *whole[number:],
            ],
        ):
            fault = first_fault(changed, head(a_ledger(9))).fault
            assert fault is not None
            assert fault.number in {number, number + 1, 9 - 1}


def test_26_a_kept_checkpoint_outlives_the_ledger() -> None:
    """A history that was cut short, or rewritten and signed anew with the true key, is found by a checkpoint kept from before."""
    before, cut, other = a_ledger(9), a_ledger(5), a_ledger(9)
    document = json.loads(other.leaves[2].data) | {"person": "someone-else"}
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    other.leaves[2] = type(other.leaves[2])(3, text, other.leaves[2].body)
    assert first_fault(entries(other), head(other)).fault is None
    for changed in (cut, other):
        assert first_fault(entries(changed), head(changed), [head(before, 7)]).fault is not None


def test_27_only_the_recorders_key_signs() -> None:
    """A checkpoint signed by another key, or under another name, is refused."""
    forged = sign_checkpoint(head(a_ledger(3)), ORIGIN, OTHER_KEY)
    renamed = sign_checkpoint(head(a_ledger(3)), "another/ledger", KEY)
    for note in (forged, renamed):
        with pytest.raises(TamperedError):
            open_checkpoint(note, ORIGIN, KEY.public_key().public_bytes_raw())


def test_28_erasing_a_body_breaks_no_proof() -> None:
    """When a body's key is destroyed, every proof about its entry still holds."""
    erased = [Entry(e.number, e.data, e.hash, None) for e in entries(a_ledger(9))]
    assert first_fault(erased, head(a_ledger(9)), [head(a_ledger(9), 4)]).fault is None


def test_29_a_one_time_code_works_once(house: SqliteHouse) -> None:
    """A step of a person's one-time code is used up by its first use."""
    with house.begin() as work:
        assert work.register.spend_totp("mei", 58_000_000)
    house.clock.forward(timedelta(seconds=1))
    with house.begin() as work:
        assert not work.register.spend_totp("mei", 58_000_000)
        assert work.register.spend_totp("aoi", 58_000_000)
