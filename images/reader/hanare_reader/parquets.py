"""A parquet becomes a csv as any other; what it keeps beside its rows is told and dropped.

The footer is looked at first: rows, columns and nesting are limited before a column is read. Beside
the rows stand smallest and largest values, metadata of the programs that wrote it (pandas keeps the
names and ranges of an index), and categories that no row uses; their words are found.
"""

import io
import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from .formats import Upload
from .refusals import MAX_CELL, MAX_COLUMNS, MAX_ROWS, RefusedError
from .results import Account, Reading
from .tables import clean_cell, write_table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MAX_UNPACKED: Final = 128 * 1024 * 1024
MAX_CATEGORIES: Final = 20_000


def read_parquet(upload: Upload) -> Reading:
    """A parquet as a canonical table."""
    import pyarrow as pa  # noqa: PLC0415  # a library that costs time at the start
    import pyarrow.parquet as pq  # noqa: PLC0415

    content = upload.content
    if not content.endswith(b"PAR1"):
        raise RefusedError("encrypted" if content.endswith(b"PARE") else "truncated")
    _check_ends(content)
    account = Account()
    try:
        file = pq.ParquetFile(
            io.BytesIO(content), thrift_string_size_limit=1 << 22, thrift_container_size_limit=1 << 20
        )
        _check_size(file.metadata)
        _check_columns(file.schema_arrow)
        _metadata(file, account)
        account.drop("bytes_between", _between(content, file.metadata))
        table = file.read(use_threads=False)
        columns = [[_cell(value) for value in _values(column, account)] for column in table.columns]
    except (RefusedError, MemoryError):
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError, TypeError):
        raise RefusedError("structure") from None
    rows = [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]
    return account.reading(write_table([_clean(row, account, n) for n, row in enumerate(rows, start=1)]))


def _clean(row: list[str], account: Account, number: int) -> list[str]:
    """A row as one of a csv would be; what a csv cannot hold in one line is refused."""
    if any(len(cell) > MAX_CELL for cell in row):
        raise RefusedError("cell_too_long", row=number, limit=MAX_CELL)
    if any("\n" in cell or "\r" in cell for cell in row):
        raise RefusedError("line_break_in_cell", row=number)
    return [clean_cell(cell, account, number) for cell in row]


def _check_ends(content: bytes) -> None:
    """The footer's length must leave room for the beginning, and no second file may stand before it."""
    length = int.from_bytes(content[-8:-4], "little")
    if len(content) < 12 or length + 12 > len(content):
        raise RefusedError("truncated")


def _check_size(metadata: "pq.FileMetaData") -> None:
    if metadata.num_rows > MAX_ROWS:
        raise RefusedError("too_many_rows", limit=MAX_ROWS)
    if metadata.num_columns > MAX_COLUMNS:
        raise RefusedError("too_many_columns", limit=MAX_COLUMNS)
    if not metadata.num_columns or metadata.num_row_groups > MAX_ROWS:
        raise RefusedError("structure")
    unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if unpacked > MAX_UNPACKED:
        raise RefusedError("unpacks_too_large")


def _check_columns(schema: "pa.Schema") -> None:
    import pyarrow as pa  # noqa: PLC0415

    if len(set(schema.names)) != len(schema.names):
        raise RefusedError("names_twice")
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise RefusedError("nested_columns")
        if pa.types.is_fixed_size_binary(kind) or isinstance(field.type, pa.BaseExtensionType):
            raise RefusedError("nested_columns")


def _metadata(file: "pq.ParquetFile", account: Account) -> None:
    """Tell what stands beside the rows, and find its words."""
    metadata = file.metadata
    pairs = {**(metadata.metadata or {}), **(file.schema_arrow.metadata or {})}
    for field in file.schema_arrow:
        pairs.update(
            {b"%s/%s" % (field.name.encode(), key): value for key, value in (field.metadata or {}).items()}
        )
    pairs = {
        key: value for key, value in pairs.items() if not key.endswith((b"PARQUET:field_id", b"ARROW:schema"))
    }
    account.drop("column_metadata", len(pairs))
    words = [f"{key.decode('utf-8', 'replace')}\n{_readable(value)}" for key, value in sorted(pairs.items())]
    account.hide("column_metadata", "\n".join(words))
    if b"pandas" in pairs and _has_index(pairs[b"pandas"]):
        account.drop("row_index")
    # Asked whether it has statistics, the library ends the process on some broken files; they never leave.
    account.drop("column_statistics", metadata.num_columns)
    account.drop("file_structure")
    account.hide("metadata", str(metadata.created_by or ""))


def _between(content: bytes, metadata: "pq.FileMetaData") -> int:
    """Bytes that belong to no column: an index or a filter of the program that wrote it, or something else."""
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    columns = (
        metadata.row_group(group).column(column)
        for group in range(metadata.num_row_groups)
        for column in range(metadata.num_columns)
    )
    extents = sorted((_start(column), _start(column) + column.total_compressed_size) for column in columns)
    at, loose = 4, 0
    for start, end in [*extents, (footer, footer)]:
        loose += max(0, start - at)
        at = max(at, end)
    return loose


def _start(column: Any) -> int:
    first = column.dictionary_page_offset if column.has_dictionary_page else None
    return int(min(first, column.data_page_offset) if first else column.data_page_offset)


def _readable(value: bytes) -> str:
    """Metadata as text; JSON with its escapes resolved."""
    text = value.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _has_index(pandas: bytes) -> bool:
    try:
        return bool(json.loads(pandas).get("index_columns"))
    except (ValueError, AttributeError, RecursionError):
        return True


def _values(column: Any, account: Account) -> list[Any]:
    """The values of a column; of a dictionary also the entries that no row uses."""
    import pyarrow as pa  # noqa: PLC0415

    values: list[Any] = column.to_pylist()
    if pa.types.is_dictionary(column.type):
        entries = [str(e) for chunk in column.chunks for e in chunk.dictionary.to_pylist()[:MAX_CATEGORIES]]
        unused = sorted(set(entries) - {str(value) for value in values})
        account.drop("unused_categories", len(unused))
        account.hide("categories", "\n".join(unused))
    return values


def _cell(value: Any) -> str:
    """A value as it is written in a table."""
    if value is None or value != value:  # noqa: PLR0124  # the one number unequal to itself
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds" if value.microsecond else "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return (
        f"{value:f}"
        if isinstance(value, Decimal)
        else repr(value)
        if isinstance(value, float)
        else str(value)
    )
