"""Formats of tables and models that programs read: a parquet becomes a csv; of a model only its header is looked at."""

from typing import Final

from .formats import Format, begins


def _safetensors(content: bytes) -> bool:
    """A safetensors file begins with the length of its header, and the header with a brace."""
    return content[8:9] == b"{" and 2 <= int.from_bytes(content[:8], "little") <= len(content)


HEADER: Final = "a txt that lists the header; no number of the model"

FORMATS: Final = (
    Format(
        "parquet",
        (".parquet",),
        begins(b"PAR1"),
        "parquets:read_parquet",
        "a csv, as the format csv",
        limits="5,000 rows, 500 flat columns",
    ),
    Format(
        "safetensors",
        (".safetensors",),
        _safetensors,
        "model_headers:read_safetensors",
        HEADER,
        limits="4,000 arrays",
    ),
    Format("onnx", (".onnx",), begins(b"\x08"), "model_headers:read_onnx", HEADER, limits="4,000 arrays"),
)
