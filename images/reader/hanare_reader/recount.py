"""Count again in an extract: ``python -m hanare_reader.recount IN EXTRACT OUT``.

``IN/job.json`` holds queries that others checked and rendered; each gives labels, rows and persons. The
key comes through the pipe ``IN/key`` and goes nowhere but into the one statement that attaches the
extract. Before a query runs, DuckDB is closed to files and network and its configuration is locked;
memory, time and the number of groups are bounded. ``OUT/result.json`` is written last and by rename. A
failure is an answer without its words: they could show the data.
"""

import importlib.util
import json
import os
import re
import select
import signal
import sys
from pathlib import Path
from typing import Any

import duckdb

from .refusals import MAX_SECONDS

MAX_GROUPS = 10_000
MAX_QUERIES = 32
_MAX_JOB = 1024 * 1024
_MAX_LABEL = 200
_KEY_SECONDS = 10.0
_MEMORY = "300MB"
_KEY = re.compile(rb"[0-9a-f]{64}")


class RecountError(Exception):
    """Nothing was counted; ``code`` is all that is told."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_key(pipe: Path) -> str:
    """Give the key that somebody writes into the pipe."""
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        content = b""
        while len(content) < 64:
            ready, _, _ = select.select([descriptor], [], [], _KEY_SECONDS)
            if not ready:
                break
            content += os.read(descriptor, 65 - len(content))
    finally:
        os.close(descriptor)
    if not _KEY.fullmatch(content):
        raise RecountError("no_key")
    return content.decode("ascii")


def open_extract(extract: Path, key: str) -> duckdb.DuckDBPyConnection:
    """Give a locked connection on which the extract's tables stand in the schema ``source``."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": "",
            "memory_limit": _MEMORY,
            "threads": "2",
        }
    )
    try:
        _load_openssl(connection)
        connection.execute(f"ATTACH {_literal(str(extract))} AS extract (ENCRYPTION_KEY '{key}', READ_ONLY)")
        names = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'extract' AND schema_name = 'main'"
        ).fetchall()
        connection.execute("CREATE SCHEMA source")
        for (name,) in names:
            quoted = _name(str(name))
            connection.execute(f"CREATE VIEW source.{quoted} AS SELECT * FROM extract.main.{quoted}")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error:
        connection.close()
        # Without the cause: a parser's message could repeat the statement, and the key with it.
        raise RecountError("extract_unreadable") from None
    return connection


def count(connection: duckdb.DuckDBPyConnection, queries: list[str]) -> list[list[list[Any]]]:
    """Give the groups of every query: labels as text, then rows and persons."""
    if not 0 < len(queries) <= MAX_QUERIES:
        raise RecountError("job_unreadable")
    answers = []
    for query in queries:
        try:
            rows = connection.execute(query).fetchmany(MAX_GROUPS + 1)
        except duckdb.Error:
            raise RecountError("query_failed") from None
        if len(rows) > MAX_GROUPS:
            raise RecountError("too_many_groups")
        answers.append([[*map(_text, row[:-2]), int(row[-2]), int(row[-1])] for row in rows])
    return answers


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:_MAX_LABEL]


def _load_openssl(connection: duckdb.DuckDBPyConnection) -> None:
    wheel = importlib.util.find_spec("duckdb_extension_httpfs")
    if wheel is None or wheel.origin is None:
        raise RecountError("extract_unreadable")
    file = Path(wheel.origin).parent / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    connection.execute(f"LOAD {_literal(str(file))}")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _too_slow(_signum: int, _frame: object) -> None:
    raise RecountError("too_slow")


def run(job: Path, extract: Path, out: Path) -> int:
    """Leave ``result.json`` in ``out``; 1 when the counting itself failed."""
    status = 0
    try:
        content = (job / "job.json").read_bytes()
        asked = json.loads(content) if len(content) <= _MAX_JOB else None
        queries = asked["queries"] if isinstance(asked, dict) else None
        if not isinstance(queries, list) or not all(isinstance(query, str) for query in queries):
            raise RecountError("job_unreadable")
        with open_extract(extract, read_key(job / "key")) as connection:
            answer: dict[str, Any] = {"ok": True, "answers": count(connection, queries)}
    except RecountError as failure:
        answer = {"ok": False, "code": failure.code}
    except Exception:  # noqa: BLE001  # a traceback could show the data; the answer may not
        answer, status = {"ok": False, "code": "recount_failed"}, 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    temporary = out / ".result.json.part"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(answer, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(out / "result.json")
    return status


def main(arguments: list[str]) -> int:
    if len(arguments) != 3:
        sys.stderr.write("usage: python -m hanare_reader.recount IN EXTRACT OUT\n")
        return 2
    signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    return run(*map(Path, arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
