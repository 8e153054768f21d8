"""A reader's answer is a stranger's: no text of it gets through."""

import hashlib
import json
from typing import Any

import pytest

from output_review.adapters.reader_answers import count_files, parse_answer, refused
from output_review.disclosure.submissions import FileKind, FoundText
from output_review.ports import ReaderAnswer
from output_review.readings.refusals import REFUSALS

FILE = {"kind": "csv", "suffix": ".csv", "rows": 2, "columns": 2, "dropped": [], "signs": [], "facts": {}}
GOOD = {"ok": True, "dropped": ["line_endings", "formulas:3"], "signs": [], "files": [FILE]}
BYTES = b"sex,n\nF,20\n"
WORDS = {"part": "comment", "kind": "text", "leaves": False, "number": 1, "text": "words"}


def taken(
    said: object, contents: list[bytes | None] | None = None, found: object | None = None
) -> ReaderAnswer:
    words = None if found is None else json.dumps(found).encode()
    return parse_answer(json.dumps(said).encode(), [BYTES] if contents is None else contents, words)


def answer(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def with_file(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "files": [{**FILE, **changes}]}


def test_an_admitted_file_has_the_digest_of_its_own_bytes() -> None:
    read = taken(with_file(sha256="0" * 64, size=1, dropped=["quoting"], facts={"points": 3}))
    assert read.admitted
    (file,) = read.files
    assert file.form.sha256 == hashlib.sha256(BYTES).hexdigest()
    assert (file.form.size, file.form.kind) == (len(BYTES), "csv")
    assert file.form.dropped == ("quoting", "line_endings", "formulas:3")
    assert file.form.facts == (("points", 3),)
    assert (file.content, file.suffix) == (BYTES, ".csv")


def test_several_files_and_the_words_found_beside_each() -> None:
    said = {**GOOD, "files": [FILE, {**FILE, "kind": "text", "suffix": ".txt"}]}
    read = taken(said, [BYTES, b"text\n"], [[], [WORDS]])
    assert [file.form.kind for file in read.files] == ["csv", "text"]
    assert read.files[0].found == ()
    assert read.files[1].found == (FoundText("comment", "words", FileKind.TEXT, leaves=False, number=1),)


@pytest.mark.parametrize(
    ("said", "contents"),
    [
        ([], [BYTES]),
        ({}, [BYTES]),
        (answer(ok=1), [BYTES]),
        (answer(ok="true"), [BYTES]),
        (answer(files=[]), []),
        (answer(files=[FILE] * 21), [BYTES] * 21),
        (answer(files=[FILE, FILE]), [BYTES]),
        (answer(files=None), [BYTES]),
        (answer(dropped="all"), [BYTES]),
        (answer(dropped=["患者の名前"]), [BYTES]),
        (answer(dropped=["Taro Yamada"]), [BYTES]),
        (answer(dropped=["taro_yamada"]), [BYTES]),
        (answer(dropped=["formulas:0"]), [BYTES]),
        (answer(dropped=["formulas"] * 61), [BYTES]),
        (answer(signs=["taro_yamada"]), [BYTES]),
        (with_file(kind="exe"), [BYTES]),
        (with_file(kind=["csv"]), [BYTES]),
        (with_file(suffix=".exe"), [BYTES]),
        (with_file(suffix="/../x.csv"), [BYTES]),
        (with_file(kind="picture", suffix=".png"), [BYTES]),
        (with_file(rows=-1), [BYTES]),
        (with_file(rows=True), [BYTES]),
        (with_file(columns=10**12), [BYTES]),
        (with_file(facts={"Taro": 1}), [BYTES]),
        (with_file(facts={"points": "many"}), [BYTES]),
        (GOOD, [None]),
        (GOOD, [b""]),
        (GOOD, [b"\xff\xfe"]),
        ({"ok": True}, [BYTES]),
    ],
)
def test_doubt_is_a_refusal(said: object, contents: list[bytes | None]) -> None:
    read = taken(said, contents)
    assert not read.admitted
    assert read.code == "reader_failed"


@pytest.mark.parametrize(
    "found",
    [{}, [], [[], []], [[{**WORDS, "part": "Taro Yamada"}]], [[{**WORDS, "kind": "picture"}]],
     [[{**WORDS, "leaves": 1}]], [[{**WORDS, "text": 3}]], [[{**WORDS, "number": "1"}]], [["words"]]],
)  # fmt: skip
def test_found_words_of_another_shape_refuse_the_answer(found: object) -> None:
    assert not taken(GOOD, found=found).admitted


@pytest.mark.parametrize("result", [b"", b"[" * 100_000, b"{", b"\xff"])
def test_an_answer_that_is_no_json_is_a_refusal(result: bytes) -> None:
    assert parse_answer(result, [BYTES], None).code == "reader_failed"
    assert count_files(result) == 0


def test_a_refusal_keeps_our_sentence_and_its_numbers() -> None:
    said = {"ok": False, "code": "ragged_row", "numbers": {"row": 7, "found": 3, "expected": 4}}
    read = taken(said, [])
    assert read.code == "ragged_row"
    assert read.reason is not None
    assert read.reason.en == "Row 7 has 3 columns; the header has 4."
    point = taken({"ok": False, "code": "control_character", "numbers": {"row": 2, "point": 0x202E}}, [])
    assert point.reason is not None
    assert "U+202E" in point.reason.en


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("ragged_row", {"row": "Yamada Taro", "found": 3, "expected": 4}),
        ("ragged_row", {"row": 7}),
        ("ragged_row", {"row": 7, "found": 3, "expected": 4, "more": 1}),
        ("ragged_row", {"row": 10**10, "found": 3, "expected": 4}),
        ("ragged_row", {"row": -1, "found": 3, "expected": 4}),
        ("Yamada Taro", {}),
        ("reader_failed", {"name": "Yamada"}),
        ("{0.__class__}", {}),
        (["empty"], {}),
        ("empty", "Yamada"),
    ],
)
def test_no_words_of_the_reader_pass(code: object, numbers: object) -> None:
    read = taken({"ok": False, "code": code, "numbers": numbers, "en": "Yamada", "ja": "山田"}, [])
    assert not read.admitted
    assert read.code in REFUSALS
    assert read.reason is not None
    assert "Yamada" not in read.reason.en


def test_our_own_refusals_have_words() -> None:
    assert refused("too_slow").reason is not None
    assert refused("anything").code == "reader_failed"
