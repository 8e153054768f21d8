"""How the reader cuts prose for the language model, and when it is asked for it at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.reader.hanare_reader import prose


@given(
    st.lists(st.sampled_from(["山田太郎は退院した", "。", "\n", "a" * 180, " "]), max_size=30).map("".join)
)
def test_pieces_are_the_text_and_small(text: str) -> None:
    pieces = list(prose.pieces(text))
    assert "".join(piece for _, piece in pieces) == text
    assert all(text[start : start + len(piece)] == piece for start, piece in pieces)
    assert all(0 < len(piece) <= prose.LONGEST_PIECE for _, piece in pieces)


def test_a_sentence_is_not_cut_where_it_need_not_be() -> None:
    text = "患者は退院した。" * 200
    assert all(piece.endswith("。") for _, piece in prose.pieces(text))


@pytest.mark.parametrize(
    ("job", "asked"),
    [
        ('{"name": "a.csv"}', False),
        ('{"task": "prose"}', True),
        ("[]", False),
        ("x", False),
        ('{"task": 1}', False),
    ],
)
def test_only_a_job_that_says_so_asks_for_it(tmp_path: Path, job: str, asked: bool) -> None:
    (tmp_path / "job.json").write_text(job)
    assert prose.is_asked(tmp_path / "job.json") is asked
    assert not prose.is_asked(tmp_path / "none.json")


def test_nothing_is_loaded_for_a_blank_text() -> None:
    assert prose.people_in(" \n", 0.0) == {"ok": True, "people": [], "examined": 0}


def test_a_text_that_cannot_be_read_is_a_failure_and_no_answer(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(b"\xff\xfe")
    assert prose.run(tmp_path / "upload", tmp_path) == 1
    assert (tmp_path / "result.json").read_bytes() == b'{"ok": false}'
    (tmp_path / "upload").write_bytes(b"a" * (prose.MAX_BYTES + 1))
    assert prose.run(tmp_path / "upload", tmp_path) == 1
