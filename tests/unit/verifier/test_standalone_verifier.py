"""The stand-alone verifier against ledgers made by the house, and against every way of being wrong.

The verifier shares no code with the house, so each test here is also a check that two
implementations of the same rules agree.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enclave.audit.event import Leaf
from enclave.audit.kinds import Kind
from tests.unit.verifier.written_ledger import (
    KEY,
    OTHER_KEY,
    PACKAGE,
    WrittenLedger,
    a_ledger,
    written,
)
from verifier import verify

VERIFIER = Path(verify.__file__)
MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def run(*arguments: str | Path) -> tuple[int, str]:
    """The verifier as a stranger runs it: isolated, so that nothing of ours can be found."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def told(place: Path, bundle: bytes | None, **others: bytes | str) -> str:
    """What the verifier says of these, in this process: ``""`` when all is whole."""
    asked: dict[str, Any] = {"bundle": None, "checkpoint": None, "receipt": None, "file": None, "key": ""}
    for name, content in {"bundle": bundle, **others}.items():
        if isinstance(content, bytes):
            asked[name] = place / name
            (place / name).write_bytes(content)
        elif content is not None:
            asked[name] = content
    try:
        verify.verify(argparse.Namespace(**asked))
    except verify.TamperedError as error:
        return str(error)
    return ""


def packed(receipt: dict[str, Any]) -> bytes:
    return json.dumps(receipt, ensure_ascii=False, indent=1).encode()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 9, 31])
@pytest.mark.parametrize("hashed", [True, False])
def test_a_whole_ledger_of_any_size_verifies(tmp_path: Path, size: int, *, hashed: bool) -> None:
    ledger = a_ledger(size)
    assert told(tmp_path, ledger.bundle(hashed=hashed)) == ""


def test_an_empty_ledger_verifies(tmp_path: Path) -> None:
    assert told(tmp_path, WrittenLedger().bundle()) == ""


def test_erased_bodies_break_no_proof(tmp_path: Path) -> None:
    ledger = a_ledger()
    assert told(tmp_path, ledger.bundle(body=False)) == ""


@pytest.mark.parametrize("size", range(1, 10))
def test_every_receipt_at_every_size_verifies(tmp_path: Path, size: int) -> None:
    ledger = a_ledger()
    for number in range(1, size + 1):
        ledger.leaves[number - 1] = a_release(ledger, number)
    for number in range(1, size + 1):
        assert told(tmp_path, ledger.bundle(), receipt=packed(ledger.receipt(number, size))) == ""


def a_release(ledger: WrittenLedger, number: int) -> Leaf:
    """The same leaf, naming a package."""
    document = json.loads(ledger.leaves[number - 1].data)
    document["facts"]["package"] = f"{number:064x}"
    return Leaf(number, written(document)[:-1], ledger.leaves[number - 1].body)


@MANY
@given(st.data())
def test_any_changed_byte_of_a_bundle_is_found(tmp_path: Path, data: st.DataObject) -> None:
    ledger = a_ledger(5)
    bundle = bytearray(ledger.bundle(hashed=data.draw(st.booleans())))
    place = data.draw(st.integers(0, len(bundle) - 1))
    bundle[place] ^= data.draw(st.integers(1, 255))
    assert told(tmp_path, bytes(bundle))


@pytest.mark.slow
def test_every_single_flipped_bit_is_found_and_its_entry_named(tmp_path: Path) -> None:
    whole = a_ledger(3).bundle()
    ends = [i for i, byte in enumerate(whole) if byte == ord("\n")]
    for place in range(len(whole)):
        for bit in (0, 5, 7):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            said = told(tmp_path, bytes(changed))
            line = sum(end < place for end in ends)
            parts = (f"entry {line} ",) if line else ("the header ", "the checkpoint ", "entry 1 ")
            assert said.startswith(parts), (place, bit, said)


@MANY
@given(st.data())
def test_any_changed_byte_of_a_receipt_is_found_or_changes_nothing(
    tmp_path: Path, data: st.DataObject
) -> None:
    receipt = a_ledger(5).receipt(3)
    whole = packed(receipt)
    changed = bytearray(whole)
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] ^= data.draw(st.integers(1, 255))
    said = told(tmp_path, None, receipt=bytes(changed), file=PACKAGE)
    assert said or json.loads(changed) == receipt


@MANY
@given(st.binary(min_size=0, max_size=40))
def test_any_other_file_is_not_the_released_one(tmp_path: Path, content: bytes) -> None:
    receipt = packed(a_ledger().receipt(5))
    assert bool(told(tmp_path, None, receipt=receipt, file=content)) == (content != PACKAGE)


def test_the_entry_that_was_altered_is_named_even_when_its_hash_was_altered_too(tmp_path: Path) -> None:
    ledger = a_ledger()
    wrong = WrittenLedger(list(ledger.leaves))
    document = json.loads(wrong.leaves[3].data) | {"person": "someone-else"}
    wrong.leaves[3] = Leaf(4, written(document)[:-1], wrong.leaves[3].body)
    bundle = written(ledger.header()) + b"".join(written(wrong.entry(n)) for n in range(1, 10))
    assert told(tmp_path, bundle).startswith("entry 9 or one before it")
    assert told(tmp_path, bundle, checkpoint=ledger.note(5).encode()).startswith("entry 5 or one before it")


Change = Callable[[WrittenLedger, list[bytes]], None]


def leave_out_the_third(_: WrittenLedger, lines: list[bytes]) -> None:
    del lines[3]


def swap_two(_: WrittenLedger, lines: list[bytes]) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def repeat_one(_: WrittenLedger, lines: list[bytes]) -> None:
    lines.insert(3, lines[3])


def cut_the_end(_: WrittenLedger, lines: list[bytes]) -> None:
    del lines[-1]


def add_an_entry_nobody_signed(ledger: WrittenLedger, lines: list[bytes]) -> None:
    ledger.leaves.append(a_ledger(10).leaves[9])
    lines.append(written(ledger.entry(10)))


def another_body(ledger: WrittenLedger, lines: list[bytes]) -> None:
    lines[3] = written(ledger.entry(3) | {"body": "00" * 20})


def a_body_where_none_was_committed(ledger: WrittenLedger, lines: list[bytes]) -> None:
    lines[5] = written(ledger.entry(5) | {"body": "00" * 20})


def a_field_more(ledger: WrittenLedger, lines: list[bytes]) -> None:
    lines[3] = written(ledger.entry(3) | {"note": "all is well"})


def a_truth_for_a_number(ledger: WrittenLedger, lines: list[bytes]) -> None:
    lines[1] = written(ledger.entry(1) | {"n": True})


def spaces_in_the_leaf(ledger: WrittenLedger, lines: list[bytes]) -> None:
    lines[3] = written(
        ledger.entry(3, hashed=False) | {"leaf": json.dumps(json.loads(ledger.leaves[2].data))}
    )


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        (leave_out_the_third, 3),
        (swap_two, 2),
        (repeat_one, 4),
        (cut_the_end, 9),
        (add_an_entry_nobody_signed, 10),
        (another_body, 3),
        (a_body_where_none_was_committed, 5),
        (a_field_more, 3),
        (a_truth_for_a_number, 1),
        (spaces_in_the_leaf, 3),
    ],
)
def test_a_changed_bundle_names_the_first_bad_entry(tmp_path: Path, change: Change, entry: int) -> None:
    ledger = a_ledger()
    lines = ledger.bundle().splitlines(keepends=True)
    change(ledger, lines)
    assert told(tmp_path, b"".join(lines)).startswith(f"entry {entry} ")


def test_a_step_back_in_time_is_found_and_a_small_one_forgiven(tmp_path: Path) -> None:
    for back, whole in ((-14.0, True), (-16.0, False)):
        ledger = a_ledger(3)
        ledger.add(Kind.CELL_OUTCOME, after=back)
        assert (told(tmp_path, ledger.bundle()) == "") is whole


def test_a_history_rewritten_and_signed_anew_is_found_by_an_older_checkpoint(tmp_path: Path) -> None:
    before, after = a_ledger(9), a_ledger(9)
    after.leaves[2] = a_release(after, 3)
    assert told(tmp_path, after.bundle()) == ""
    assert told(tmp_path, after.bundle(), checkpoint=before.note(6).encode()).startswith("entry 6 ")
    assert told(tmp_path, after.bundle(), checkpoint=before.note(2).encode()) == ""
    assert told(tmp_path, after.bundle(), receipt=packed(before.receipt(5, 7)), file=PACKAGE)


def test_a_ledger_cut_short_and_signed_anew_is_found_by_an_older_checkpoint(tmp_path: Path) -> None:
    said = told(tmp_path, a_ledger(5).bundle(), checkpoint=a_ledger(9).note().encode())
    assert said.startswith("entry 6 is missing")


def test_a_bundle_signed_with_another_key_is_found(tmp_path: Path) -> None:
    ledger = a_ledger(2)
    theirs = written(ledger.header(key=OTHER_KEY)) + b"".join(written(ledger.entry(n)) for n in (1, 2))
    mine = KEY.public_key().public_bytes_raw().hex()
    assert told(tmp_path, theirs) == ""
    assert told(tmp_path, theirs, key=mine).startswith("the key ")
    assert told(tmp_path, ledger.bundle(), key=mine) == ""
    assert told(tmp_path, theirs, checkpoint=ledger.note(1).encode()).startswith("the kept checkpoint ")
    header = ledger.header() | {"checkpoint": ledger.note(key=OTHER_KEY)}
    mixed = written(header) + b"".join(written(ledger.entry(n)) for n in (1, 2))
    assert told(tmp_path, mixed).startswith("the checkpoint ")


def test_a_note_signed_under_another_name_is_not_ours(tmp_path: Path) -> None:
    ledger = a_ledger(2)
    said = told(tmp_path, ledger.bundle(), checkpoint=ledger.note(name="someone.example/ledger").encode())
    assert "not a note signed by" in said


def test_a_witness_that_signed_too_does_not_disturb(tmp_path: Path) -> None:
    ledger = a_ledger(2)
    witnessed = ledger.note() + "\N{EM DASH} witness.example/w AAAAAAAA\n"
    assert told(tmp_path, ledger.bundle(), checkpoint=witnessed.encode()) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"number": 4},
        {"size": 8},
        {"path": []},
        {"path": ["00" * 32]},
        {"path": "00"},
        {"package_sha256": "00" * 32},
        {"format": "hanare-receipt/2"},
        {"public_key": OTHER_KEY.public_key().public_bytes_raw().hex()},
        {"leaf": "{}"},
    ],
)
def test_a_receipt_that_says_something_else_proves_nothing(tmp_path: Path, change: dict[str, Any]) -> None:
    receipt = a_ledger().receipt(5)
    assert told(tmp_path, None, receipt=packed(receipt), file=PACKAGE) == ""
    assert told(tmp_path, None, receipt=packed(receipt | change)).startswith("the receipt ")


def test_a_leaf_that_names_no_package_is_no_receipt(tmp_path: Path) -> None:
    assert told(tmp_path, None, receipt=packed(a_ledger().receipt(1))).startswith("the receipt ")


def test_a_receipt_of_another_ledger_with_the_same_key_is_found(tmp_path: Path) -> None:
    other = a_ledger()
    other.leaves[4] = a_release(other, 5)
    said = told(tmp_path, a_ledger().bundle(), receipt=packed(other.receipt(5)))
    assert said.startswith("entry 5 ")


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"\n", b"{}\n", b"PK\x03\x04", b"[]\n", b"\xff\xfe\n", b"[" * 100_000):
        assert told(tmp_path, content).startswith("the header ")


def test_a_stranger_runs_it_with_nothing_of_ours(tmp_path: Path) -> None:
    ledger = a_ledger()
    (tmp_path / "b").write_bytes(ledger.bundle())
    (tmp_path / "r").write_bytes(packed(ledger.receipt(5)))
    (tmp_path / "f").write_bytes(PACKAGE)
    (tmp_path / "bad").write_bytes(ledger.bundle().replace(b"channel", b"chann_l", 1))
    code, said = run(tmp_path / "b", "--receipt", tmp_path / "r", "--file", tmp_path / "f")
    assert (code, said[:16]) == (0, "whole: 9 entries")
    assert run("--receipt", tmp_path / "r", "--file", tmp_path / "f")[0] == 0
    code, said = run(tmp_path / "bad")
    assert (code, said) == (4, "tampered: entry 1 does not match its hash\n")


@pytest.mark.parametrize(
    "arguments",
    [(), ("absent",), ("--file", "x"), ("absent", "--file", "x"), ("--receipt", "r", "--checkpoint", "c")],
)
def test_wrong_use_is_told_apart_from_tampering(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(*(tmp_path / a if not a.startswith("-") else a for a in arguments))[0] == 2


def test_it_stays_short_enough_to_read() -> None:
    assert len(VERIFIER.read_text("utf-8").splitlines()) < 200
