"""Of a stored model only its header is read, and only of two formats that cannot run anything.

What leaves is a text that lists names, kinds and shapes of the arrays and how often each operation
is used; no number of the model. Words beside names and shapes (metadata, descriptions, categories)
are dropped and found. Every length is checked against the file before anything is taken from it.

Safetensors: eight bytes of length, a JSON object, and arrays that fill the rest without a gap.
ONNX: protocol buffers; fields as in onnx.proto3, of which the weights are stepped over.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from .formats import Upload
from .lines import write_text
from .refusals import RefusedError
from .results import Account, Reading

MAX_HEADER: Final = 4 * 1024 * 1024
MAX_ARRAYS: Final = 4_000
MAX_FIELDS: Final = 400_000
MAX_DEPTH: Final = 12
WIDE: Final = 1_000
"""Rows from which on an array may hold one for each person."""
_KEEP_ROWS: Final = ("SVM", "NearestNeighbor", "KNeighbors", "GaussianProcess")
_KINDS: Final = {
    1: "FLOAT", 2: "UINT8", 3: "INT8", 4: "UINT16", 5: "INT16", 6: "INT32", 7: "INT64", 8: "STRING", 9: "BOOL",
    10: "FLOAT16", 11: "DOUBLE", 12: "UINT32", 13: "UINT64", 14: "COMPLEX64", 15: "COMPLEX128", 16: "BFLOAT16",
}  # fmt: skip
_WIDTHS: Final = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2, "I8": 1,
    "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
}  # fmt: skip


@dataclass(slots=True)
class Header:
    """What is listed of a model, and words beside it."""

    title: str
    arrays: list[tuple[str, str, tuple[int, ...]]] = field(default_factory=list)
    operations: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)

    def add(self, name: str, kind: str, shape: tuple[int, ...]) -> None:
        if len(self.arrays) >= MAX_ARRAYS:
            raise RefusedError("structure")
        self.arrays.append((name, kind, shape))


def read_safetensors(upload: Upload) -> Reading:
    """The header of a safetensors file as a text."""
    content = upload.content
    length = int.from_bytes(content[:8], "little")
    if length > MAX_HEADER or 8 + length > len(content):
        raise RefusedError("truncated")
    try:
        given: Any = json.loads(content[8 : 8 + length].decode("utf-8"), object_pairs_hook=_once)
    except RefusedError:
        raise
    except (ValueError, RecursionError):
        raise RefusedError("structure") from None
    if not isinstance(given, dict):
        raise RefusedError("structure")
    header = Header("safetensors")
    metadata = given.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        raise RefusedError("structure")
    header.words += [f"{key}\n{value}" for key, value in metadata.items()]
    spans = sorted(_array(name, entry, header) for name, entry in given.items())
    end = 0
    for start, stop in spans:
        if start != end:
            raise RefusedError("bytes_outside")
        end = stop
    if 8 + length + end != len(content):
        raise RefusedError("bytes_outside" if 8 + length + end < len(content) else "truncated")
    return _reading(header)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise RefusedError("duplicate_key")
    return made


def _array(name: str, entry: Any, header: Header) -> tuple[int, int]:
    """Take one array in, and give the bytes at which it lies."""
    try:
        kind, shape, (start, stop) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
        count = 1
        for side in shape:
            count *= side
        fits = set(entry) == {"dtype", "shape", "data_offsets"} and stop - start == count * _WIDTHS[kind]
        whole = all(type(n) is int and n >= 0 for n in (*shape, start, stop))
    except (KeyError, TypeError, ValueError):
        raise RefusedError("structure") from None
    if not fits or not whole:
        raise RefusedError("structure")
    header.add(name, kind, shape)
    return start, stop


def _reading(header: Header) -> Reading:
    account = Account()
    account.sign("model_header")
    account.sign("model_words", len([text for text in header.words if text.strip()]))
    account.sign("wide_model", sum(1 for _, _, shape in header.arrays if shape and shape[0] >= WIDE))
    kept = sum(n for name, n in header.operations.items() if any(part in name for part in _KEEP_ROWS))
    account.sign("model_keeps_rows", kept)
    account.drop("model_weights", len(header.arrays))
    account.drop("model_words", len(header.words))
    account.hide("model_header", "\n".join(header.words))
    lines = [f"model header: {header.title}", f"arrays: {len(header.arrays)}"]
    lines += [
        f"- {' '.join(name.split())}: {kind} {list(shape)}" for name, kind, shape in sorted(header.arrays)
    ]
    if header.operations:
        lines += ["operations:"]
        lines += [f"- {' '.join(name.split())}: {n}" for name, n in sorted(header.operations.items())]
    return account.reading(write_text("\n".join(lines) + "\n", ".txt", account))


def read_onnx(upload: Upload) -> Reading:
    """The header of an ONNX file as a text."""
    header = Header("onnx")
    _Onnx(header).model(upload.content)
    if not header.operations:
        raise RefusedError("structure")
    return _reading(header)


class _Onnx:
    """A walk over the fields of a model, each once, none deeper than ``MAX_DEPTH``."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._left = MAX_FIELDS

    def model(self, content: bytes) -> None:
        seen_graph = False
        for number, value in self._fields(content):
            if number == 7 and isinstance(value, bytes):
                seen_graph = True
                self._graph(value, 0)
            elif number in {14, 20, 25} and isinstance(value, bytes):
                self._header.words.append(self._strings(value, 0))
            elif isinstance(value, bytes) and number != 8:
                self._word(value)
        if not seen_graph:
            raise RefusedError("structure")

    def _graph(self, content: bytes, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise RefusedError("too_deep", limit=MAX_DEPTH)
        for number, value in self._fields(content):
            if not isinstance(value, bytes):
                continue
            if number == 1:
                self._node(value, depth)
            elif number == 5:
                self._tensor(value)
            elif number in {11, 12, 13, 14, 15, 16}:
                self._header.words.append(self._strings(value, 0))
            else:
                self._word(value)

    def _node(self, content: bytes, depth: int) -> None:
        for number, value in self._fields(content):
            if not isinstance(value, bytes):
                continue
            if number == 4:
                self._header.operations[_text(value)[:80]] += 1
            elif number == 5:
                self._attribute(value, depth)
            else:
                self._word(value)

    def _attribute(self, content: bytes, depth: int) -> None:
        for number, value in self._fields(content):
            if not isinstance(value, bytes):
                continue
            if number == 5:
                self._tensor(value)
            elif number in {6, 11}:
                self._graph(value, depth + 1)
            elif number in {4, 9, 13}:  # one string, strings, a description
                self._word(value)

    def _tensor(self, content: bytes) -> None:
        name, kind, shape = "", 0, []
        for number, value in self._fields(content):
            if number == 1 and isinstance(value, int):
                shape.append(value)
            elif number == 1 and isinstance(value, bytes):
                shape += list(_packed(value))
            elif number == 2 and isinstance(value, int):
                kind = value
            elif number == 8 and isinstance(value, bytes):
                name = _text(value)[:200]
            elif number in {6, 12} and isinstance(value, bytes):
                self._word(value)
            elif number == 13:
                raise RefusedError("structure")  # its numbers lie in another file
        self._header.add(name, _KINDS.get(kind, "OTHER"), tuple(shape))

    def _word(self, value: bytes) -> None:
        text = _text(value)
        if sum(c.isalnum() for c in text) >= 2:
            self._header.words.append(text[:5_000])

    def _strings(self, content: bytes, depth: int) -> str:
        """Every string in a part whose fields are not listed, read as text or as a part again."""
        made = []
        for _, value in self._fields(content):
            if isinstance(value, bytes) and value:
                text = _text(value)
                if text.isprintable():
                    made.append(text)
                elif depth < MAX_DEPTH:
                    made.append(self._strings(value, depth + 1))
        return "\n".join(made)

    def _fields(self, content: bytes) -> Iterator[tuple[int, int | bytes]]:
        position = 0
        while position < len(content):
            self._left -= 1
            if self._left < 0:
                raise RefusedError("structure")
            key, position = _varint(content, position)
            number, wire = key >> 3, key & 7
            if wire == 0:
                value, position = _varint(content, position)
                yield number, value
                continue
            if wire == 2:
                size, position = _varint(content, position)
            elif wire in {1, 5}:
                size = 8 if wire == 1 else 4
            else:
                raise RefusedError("structure")
            if not number or position + size > len(content):
                raise RefusedError("truncated")
            if wire == 2:
                yield number, content[position : position + size]
            position += size


def _varint(content: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(content):
            raise RefusedError("truncated")
        byte = content[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise RefusedError("structure")


def _packed(content: bytes) -> Iterator[int]:
    position = 0
    while position < len(content):
        value, position = _varint(content, position)
        yield value


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
