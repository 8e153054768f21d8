"""Parquet becomes a table like any other; of models only a header is read, and most are never opened."""

from pathlib import Path

import pytest

from images.reader.hanare_reader.refusals import RefusedError
from tests.support import data_files as data
from tests.support.read_files import reading_of

SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"


def code_of(name: str, content: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        reading_of(name, content)
    return caught.value.code


def test_a_parquet_is_the_csv_of_its_rows() -> None:
    reading = reading_of("t.parquet", data.parquet(data.plain_table()))
    (file,) = reading.files
    assert file.content.decode() == "年齢階級,人数,割合\n40-44歳,120,24.5\n45-49歳,370,75.5\n"
    assert reading_of("t.csv", file.content).files[0].content == file.content
    assert {"column_statistics:3", "file_structure"} <= set(reading.dropped)


@pytest.mark.parametrize("packing", ["none", "snappy", "gzip", "zstd"])
def test_how_it_was_packed_says_nothing(packing: str) -> None:
    plain = reading_of("t.parquet", data.parquet(data.plain_table())).files
    packed = data.parquet(data.plain_table(), compression=packing, row_group_size=1, use_dictionary=False)
    assert reading_of("t.parquet", packed).files == plain


@pytest.mark.parametrize("case", sorted(data.hiding_parquets(SECRET)))
def test_words_beside_the_rows_are_found_and_do_not_leave(case: str) -> None:
    reading = reading_of("t.parquet", data.hiding_parquets(SECRET)[case])
    assert any(SECRET in text.text and not text.leaves for text in reading.found)
    assert SECRET.encode() not in reading.files[0].content


@pytest.mark.parametrize("case", sorted(data.refused_parquets()))
def test_a_parquet_that_is_no_table_is_refused(case: str) -> None:
    content, code = data.refused_parquets()[case]
    assert code_of("t.parquet", content) == code


def test_stored_models_are_never_opened(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for name, content in data.stored_models(mark).items():
        for sent in (name, f"{name}.csv", f"{name}.png", f"{name}.parquet", f"{name}.onnx"):
            assert code_of(sent, content)
            assert not mark.exists(), sent
        assert code_of(name, content).endswith("_refused"), name


def test_of_safetensors_the_header_leaves_and_no_number() -> None:
    reading = reading_of("m.safetensors", data.safetensors(2_000, __metadata__={"author": SECRET}))
    (file,) = reading.files
    assert file.content.decode().splitlines() == [
        "model header: safetensors",
        "arrays: 1",
        "- W: F32 [2000, 2]",
    ]
    assert set(reading.signs) == {"model_header", "model_words", "wide_model"}
    assert [text.text for text in reading.found] == [f"author\n{SECRET}"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (data.safetensors(behind=SECRET.encode()), "bytes_outside"),
        (data.safetensors(start=36), "bytes_outside"),
        (data.safetensors()[:-1], "truncated"),
        (data.safetensors(W={"dtype": "F32", "shape": [3], "data_offsets": [0, 32]}), "structure"),
        (data.safetensors(W={"dtype": "X", "shape": [3], "data_offsets": [0, 32]}), "structure"),
        (data.safetensors(V={"dtype": "F32", "shape": [-1], "data_offsets": [32, 28]}), "structure"),
        (data.safetensors(V=3), "structure"),
        (data.safetensors(__metadata__=3), "structure"),
        (b"\x05\0\0\0\0\0\0\0{" + b"\xff" * 9, "structure"),
    ],
)
def test_safetensors_with_room_for_more_are_refused(content: bytes, code: str) -> None:
    assert code_of("m.safetensors", content) == code


@pytest.mark.parametrize("place", data.ONNX_PLACES)
def test_of_onnx_the_header_leaves_and_words_are_found(place: str) -> None:
    reading = reading_of("m.onnx", data.onnx(words=SECRET.encode(), at=place))
    assert any(SECRET in text.text for text in reading.found)
    assert SECRET.encode() not in reading.files[0].content
    assert reading.files[0].content.decode().splitlines() == [
        "model header: onnx", "arrays: 1", "- W: FLOAT [4, 2]", "operations:", "- Gemm: 1",
    ]  # fmt: skip


def test_a_model_that_keeps_its_rows_is_told() -> None:
    assert "model_keeps_rows" in reading_of("m.onnx", data.onnx("SVMClassifier")).signs
    assert "wide_model" in reading_of("m.onnx", data.onnx(rows=5_000)).signs


@pytest.mark.parametrize(
    "content",
    [b"\x08", b"\x08\x09", data.onnx()[:-3], b"\x08\x09\x3a\xff\xff\xff\xff\x0f", b"\x08" + b"\xff" * 20],
)
def test_a_broken_onnx_is_refused(content: bytes) -> None:
    assert code_of("m.onnx", content) in {"structure", "truncated"}
