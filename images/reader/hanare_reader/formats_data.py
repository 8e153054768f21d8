"""Formats of tables and models that programs read: a parquet becomes a csv; of a model only its header is looked at."""

from typing import Final

from .formats import Format, begins


def _safetensors(content: bytes) -> bool:
    """A safetensors file begins with the length of its header, and the header with a brace."""
    return content[8:9] == b"{" and 2 <= int.from_bytes(content[:8], "little") <= len(content)


FORMATS: Final = (
    Format(
        "parquet",
        (".parquet",),
        begins(b"PAR1"),
        "parquets:read_parquet",
        "a csv, as the format csv",
        limits="5,000 rows, 500 flat columns",
    ),
)
