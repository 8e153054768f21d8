"""A reader's answer is a stranger's: no text of it gets through."""

import hashlib
import json
from typing import Any

import pytest

from output_review.adapters.reader_answers import REASONS, parse_answer, refused

GOOD = {"ok": True, "kind": "csv", "dropped": ["line_endings"], "rows": 2, "columns": 2}
BYTES = b"sex,n\nF,20\n"


def answer(**changes: Any) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def test_an_admitted_file_has_the_digest_of_its_own_bytes() -> None:
    taken = parse_answer(answer(sha256="0" * 64, size=1), BYTES)
    assert taken.form is not None
    assert taken.form.sha256 == hashlib.sha256(BYTES).hexdigest()
    assert (taken.form.size, taken.form.kind, taken.form.dropped) == (len(BYTES), "csv", ("line_endings",))
    assert taken.content == BYTES


@pytest.mark.parametrize(
    ("result", "content"),
    [
        (b"", BYTES),
        (b"[]", BYTES),
        (b"{}", BYTES),
        (b"[" * 100_000, BYTES),
        (answer(ok=1), BYTES),
        (answer(ok="true"), BYTES),
        (answer(kind="png"), BYTES),
        (answer(kind=["csv"]), BYTES),
        (answer(rows=-1), BYTES),
        (answer(rows=True), BYTES),
        (answer(columns=10**12), BYTES),
        (answer(dropped="all"), BYTES),
        (answer(dropped=["患者の名前"]), BYTES),
        (answer(dropped=["Taro Yamada"]), BYTES),
        (answer(dropped=["a"] * 21), BYTES),
        (answer(), None),
        (answer(), b""),
        (answer(), b"\xff\xfe"),
        (json.dumps({"ok": True}).encode(), BYTES),
    ],
)
def test_doubt_is_a_refusal(result: bytes, content: bytes | None) -> None:
    taken = parse_answer(result, content)
    assert taken.form is None
    assert taken.content == b""
    assert taken.code == "reader_failed"


def test_a_refusal_keeps_our_sentence_and_its_numbers() -> None:
    said = {"ok": False, "code": "ragged_row", "ja": "…", "en": "Row 7 has 3 columns; the header has 4."}
    taken = parse_answer(json.dumps(said).encode(), None)
    assert taken.code == "ragged_row"
    assert taken.reason is not None
    assert taken.reason.en == said["en"]
    assert dict(taken.reason.values) == {"row": 7, "found": 3, "expected": 4}


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("ragged_row", "Row Yamada Taro has 3 columns; the header has 4."),
        ("ragged_row", "Row 7 has 3 columns; the header has 4. Yamada Taro"),
        ("ragged_row", "Row 123456789 has 3 columns; the header has 4."),
        ("Yamada Taro", "x"),
        ("reader_failed", "Yamada Taro"),
        ("{0.__class__}", "{0.__class__}"),
    ],
)
def test_no_words_of_the_reader_pass(code: str, english: str) -> None:
    taken = parse_answer(
        json.dumps({"ok": False, "code": code, "ja": english, "en": english}).encode(), BYTES
    )
    assert taken.form is None
    assert taken.code in REASONS
    assert taken.reason is not None
    assert "Yamada" not in taken.reason.en
    assert "123456789" not in taken.reason.en


def test_our_own_refusals_have_words() -> None:
    assert refused("too_slow").reason is not None
    assert refused("anything").code == "reader_failed"
