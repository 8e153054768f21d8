"""Trying to open an extract with keys that are left: the proof that an erasure by key is one.

The file is read where it lies, never written to. DuckDB is asked with each key as the extract's
own; a wrong key fails at the first block that is read.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from catalog.adapters.duckdb_setup import connect, literal, load_openssl

KEY_BYTES = 32


def opens_with(extract: Path, key: bytes) -> bool:
    """Whether this key opens that extract."""
    with connect() as connection:
        load_openssl(connection)
        try:
            connection.execute(
                f"ATTACH {literal(str(extract))} AS x (READ_ONLY, ENCRYPTION_KEY {literal(key.hex())})"
            )
            connection.execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = 'x'")
        except duckdb.Error:
            return False
    return True


def opened_by_any(extract: Path, keys: Iterable[bytes]) -> int:
    """How many of these keys open it."""
    return sum(opens_with(extract, key) for key in keys)


def keys_in_files(folder: Path) -> tuple[bytes, ...]:
    """The bytes of every file below a folder that is as long as a key: whatever they are for."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return tuple(path.read_bytes() for path in found if path.stat().st_size == KEY_BYTES)
