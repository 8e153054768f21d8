"""Parquet files and stored models for tests: with words in every place beside the rows, and models that run."""

import io
import json
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def parquet(table: pa.Table, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def plain_table() -> pa.Table:
    return pa.table({"年齢階級": ["40-44歳", "45-49歳"], "人数": [120, 370], "割合": [24.5, 75.5]})


def hiding_parquets(secret: str) -> dict[str, bytes]:
    """The secret in every part of a parquet that is no row."""
    table = plain_table()
    entries = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["男", "女", secret]))
    noted = pa.field("人数", pa.int64(), metadata={"note": secret})
    return {
        "metadata": parquet(table.replace_schema_metadata({"author": secret})),
        "escaped metadata": parquet(
            table.replace_schema_metadata({"pandas": json.dumps({"index_columns": ["\u5c71", secret]})})
        ),
        "key of metadata": parquet(table.replace_schema_metadata({secret: "x"})),
        "field": parquet(table.cast(pa.schema([table.schema.field(0), noted, table.schema.field(2)]))),
        "unused category": parquet(table.append_column("性別", entries)),
    }


def refused_parquets() -> dict[str, tuple[bytes, str]]:
    plain = parquet(plain_table())
    return {
        "lists": (parquet(pa.table({"a": [[1, 2], [3]]})), "nested_columns"),
        "records": (parquet(pa.table({"a": [{"b": 1}]})), "nested_columns"),
        "bytes": (parquet(pa.table({"a": [b"\0\1"]})), "nested_columns"),
        "many rows": (parquet(pa.table({"a": range(6_000)})), "too_many_rows"),
        "many columns": (parquet(pa.table({f"c{n}": [1] for n in range(600)})), "too_many_columns"),
        "no columns": (parquet(pa.table({})), "structure"),
        "cut": (plain[:-9], "truncated"),
        "no end": (plain[:-4] + b"PARX", "truncated"),
        "locked": (plain[:-4] + b"PARE", "encrypted"),
        "long footer": (plain[:-8] + b"\xff\xff\xff\x7fPAR1", "truncated"),
        "broken footer": (plain[:-60] + b"\xff" * 52 + plain[-8:], "structure"),
        "line break": (parquet(pa.table({"a": ["x\ny"]})), "line_break_in_cell"),
    }


class Canary:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def in_zip(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def stored_models(mark: Path) -> dict[str, bytes]:
    """Models and data that run or hold rows, by the name under which they are sent."""
    rows = pickle.dumps({"_fit_X": np.arange(600).reshape(200, 3), "canary": Canary(mark)})
    old = pickle.dumps(Canary(mark), protocol=0)
    array = io.BytesIO()
    np.save(array, np.array([Canary(mark)], dtype=object), allow_pickle=True)
    return {
        "knn.pkl": rows, "knn.pickle": rows, "knn.joblib": rows, "svc.joblib": rows, "forest.pkl": rows,
        "old.pkl": old, "statsmodels.pickle": rows, "pipeline.joblib": rows,
        "net.pt": in_zip("archive/data.pkl", rows), "net.pth": in_zip("archive/data.pkl", rows),
        "net.h5": b"\x89HDF\r\n\x1a\n" + rows, "net.keras": in_zip("config.json", b'{"class_name": "Lambda"}'),
        "x.npy": array.getvalue(), "x.npz": in_zip("x.npy", array.getvalue()),
        "fit.rds": b"\x1f\x8b\x08\0RDX3\n", "fit.RData": b"RDX3\nX\n", "d.sav": b"$FL2@(#)", "d.dta": b"<stata_dta>",
        "d.sas7bdat": b"\0" * 12 + b"\xc2\xea\x81\x60", "g.gph": b"<stata_dta>", "d.feather": b"ARROW1\0\0",
        "d.sqlite": b"SQLite format 3\0", "d.duckdb": b"\0" * 8 + b"DUCK", "scan.dcm": b"\0" * 128 + b"DICM",
        "scan.nii": b"\x5c\x01\0\0", "voice.wav": b"RIFF\0\0\0\0WAVE", "film.mp4": b"\0\0\0\x18ftypmp42",
        "model.json.gz": b"\x1f\x8b\x08\0",
    }  # fmt: skip


def varint(number: int) -> bytes:
    made = b""
    while True:
        byte, number = number & 127, number >> 7
        made += bytes([byte | (128 if number else 0)])
        if not number:
            return made


def part(number: int, content: bytes) -> bytes:
    """A field of protocol buffers that holds bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def onnx(operation: str = "Gemm", rows: int = 4, *, words: bytes = b"", at: str = "") -> bytes:
    """A model of one operation and one array; ``words`` stand at one place."""
    tensor = varint(1 << 3) + varint(rows) + varint(1 << 3) + varint(2) + varint(2 << 3) + varint(1)
    tensor += part(8, b"W") + part(9, bytes(8 * rows)) + (part(12, words) if at == "array" else b"")
    node = (
        part(1, b"x")
        + part(2, b"y")
        + part(4, operation.encode())
        + (part(6, words) if at == "node" else b"")
    )
    if at == "attribute":
        node += part(5, part(1, b"classes") + part(9, words))
    graph = part(1, node) + part(2, words if at == "graph" else b"g") + part(5, tensor)
    if at == "input":
        graph += part(11, part(1, words))
    model = varint(8) + varint(9) + part(2, b"skl2onnx") + part(7, graph)
    if at == "metadata":
        model += part(14, part(1, b"author") + part(2, words))
    return model + (part(6, words) if at == "description" else b"")


ONNX_PLACES = ("array", "node", "attribute", "graph", "input", "metadata", "description")


def safetensors(rows: int = 4, *, behind: bytes = b"", start: int = 0, **more: object) -> bytes:
    header = {"W": {"dtype": "F32", "shape": [rows, 2], "data_offsets": [start, start + 8 * rows]}, **more}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(start + 8 * rows) + behind
