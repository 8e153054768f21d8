"""Any edit of a ledger is found: a byte, a swap, a cut, a rewritten history."""

from hypothesis import given, settings
from hypothesis import strategies as st

from enclave.audit.checkpoint import Checkpoint
from enclave.audit.event import EventDraft, make_leaf
from enclave.audit.kinds import Kind
from enclave.audit.ledger import Entry, first_fault
from enclave.audit.merkle import CompactRange, leaf_hash, root_of
from tests.support.fakes import START


def build(count: int, person: str = "mei") -> list[Entry]:
    leaves = [
        make_leaf(EventDraft(Kind.CELL_REQUESTED, person, body={"i": n}), n, START, b"s" * 16)
        for n in range(1, count + 1)
    ]
    return [Entry(leaf.number, leaf.data, leaf_hash(leaf.data), leaf.body) for leaf in leaves]


def head_of(entries: list[Entry]) -> Checkpoint:
    return Checkpoint("o", len(entries), root_of([e.hash for e in entries]))


@given(st.integers(0, 40))
def test_an_untouched_ledger_is_whole(count: int) -> None:
    entries = build(count)
    verified = first_fault(entries, head_of(entries), [head_of(entries[: count // 2])])
    assert verified.fault is None
    assert verified.size == count


@given(st.data())
@settings(max_examples=200)
def test_any_changed_byte_of_data_hash_or_body_is_named(data: st.DataObject) -> None:
    entries = build(data.draw(st.integers(1, 12)))
    at = data.draw(st.integers(0, len(entries) - 1))
    part = data.draw(st.sampled_from(["data", "hash", "body"]))
    victim = entries[at]
    raw = bytearray({"data": victim.data, "hash": victim.hash, "body": victim.body or b""}[part])
    spot = data.draw(st.integers(0, len(raw) - 1))
    raw[spot] ^= data.draw(st.integers(1, 255))
    changed = {"data": victim.data, "hash": victim.hash, "body": victim.body, part: bytes(raw)}
    entries[at] = Entry(victim.number, changed["data"] or b"", changed["hash"] or b"", changed["body"])
    verified = first_fault(entries, head_of(build(len(entries))))
    assert verified.fault is not None
    assert verified.fault.number == at + 1


@given(st.data())
def test_an_edit_with_its_hash_mended_is_found_by_the_head(data: st.DataObject) -> None:
    whole = build(data.draw(st.integers(1, 12)))
    at = data.draw(st.integers(0, len(whole) - 1))
    forged = make_leaf(EventDraft(Kind.CELL_REQUESTED, "ken"), at + 1, START, b"s" * 16)
    edited = [*whole[:at], Entry(at + 1, forged.data, leaf_hash(forged.data)), *whole[at + 1 :]]
    assert first_fault(edited, head_of(whole)).fault is not None


@given(st.data())
def test_cutting_swapping_or_doubling_entries_is_found(data: st.DataObject) -> None:
    whole = build(data.draw(st.integers(2, 12)))
    at = data.draw(st.integers(0, len(whole) - 2))
    cut = whole[:at] + whole[at + 1 :]
    swapped = [*whole[:at], whole[at + 1], whole[at], *whole[at + 2 :]]
    doubled = [*whole[: at + 1], whole[at], *whole[at + 1 :]]
    for edited in (cut, swapped, doubled):
        assert first_fault(edited, head_of(whole)).fault is not None


@given(st.integers(1, 20), st.integers(0, 19))
def test_truncation_and_a_rewritten_history_are_found_by_an_old_checkpoint(count: int, kept: int) -> None:
    kept = min(kept, count - 1)
    whole = build(count)
    old = head_of(whole)
    shortened = first_fault(whole[:kept], head_of(whole[:kept]), [old])
    assert shortened.fault is not None
    assert shortened.fault.code == "truncated"
    rewritten = build(count, person="ken")
    found = first_fault(rewritten, head_of(rewritten), [old])
    assert found.fault is not None
    assert found.fault.code == "rewritten"


@given(st.lists(st.binary(max_size=20), max_size=60))
def test_the_compact_range_is_the_tree(leaves: list[bytes]) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tree = CompactRange()
    for one in hashes:
        tree = tree.append(one)
    assert tree.root() == root_of(hashes)
    assert len(tree.hashes) == len(hashes).bit_count()
