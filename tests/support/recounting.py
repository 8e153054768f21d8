"""An encrypted extract to count in, a recounter in memory, and an engine whose containers are processes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from catalog.adapters.duckdb_setup import load_openssl
from output_review.adapters.recount_containers import parse_result
from output_review.disclosure.recount import Recounted
from output_review.recount_sql import extract_schema, plan_counting

READER = Path(__file__).resolve().parents[2] / "images" / "reader"
KEY = bytes(range(32))
TABLES = (
    (
        "CREATE TABLE {e}patients AS SELECT md5(i::VARCHAR)::UUID AS patient_key,"
        " CASE WHEN i % 3 = 0 THEN '男' ELSE '女' END AS sex FROM range(60) t(i)"
    ),
    (
        "CREATE TABLE {e}claims AS SELECT md5('c' || i)::UUID AS claim_key,"
        " md5((CASE WHEN i < 48 THEN i % 8 ELSE i - 48 END)::VARCHAR)::UUID AS patient_key,"
        " CASE WHEN i < 48 THEN 'E11' ELSE 'I10' END AS icd10 FROM range(100) t(i)"
    ),
)
BY_DIAGNOSIS = "SELECT icd10, count(*) AS n FROM claims GROUP BY icd10"
COLUMNS = [
    ("patients", "patient_key", "UUID"),
    ("patients", "sex", "VARCHAR"),
    ("claims", "claim_key", "UUID"),
    ("claims", "patient_key", "UUID"),
    ("claims", "icd10", "VARCHAR"),
]


def make_extract(file: Path, key: bytes = KEY) -> None:
    """48 claims of 8 persons with E11, 52 of 52 with I10; encrypted as a build does it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as connection:
        load_openssl(connection)
        connection.execute(f"ATTACH '{file}' AS e (ENCRYPTION_KEY '{key.hex()}', ENCRYPTION_CIPHER 'GCM')")
        for table in TABLES:
            connection.execute(table.format(e="e."))
        connection.execute("DETACH e")


class FakeRecounter:
    """The ``Recounter`` port in memory: the same checked SQL, on the same rows, without container or key."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, str]] = []
        self.fails_with: Exception | None = None

    def recount(self, job: str, project: str, version: str, sql: str) -> Recounted:
        self.asked.append((job, project, version, sql))
        if self.fails_with is not None:
            raise self.fails_with
        if version != "v1":
            return Recounted(code="no_extract")
        planned = plan_counting(sql, extract_schema(COLUMNS))
        if not planned.queries:
            return Recounted(code=planned.code)
        with duckdb.connect(":memory:") as connection:
            connection.execute("CREATE SCHEMA source")
            for table in TABLES:
                connection.execute(table.format(e="source."))
            answers = [[list(row) for row in connection.execute(q.sql).fetchall()] for q in planned.queries]
        return parse_result(json.dumps({"ok": True, "answers": answers}).encode(), planned.queries)


class ProcessDocker:
    """Where docker-py's ``APIClient`` stands: a started container is the reader's own program, here."""

    def __init__(self) -> None:
        self.bodies: dict[str, Mapping[str, Any]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.seen: list[str] = []
        """Everything an ``inspect`` of any container would have shown."""

    def __call__(self, **_named: Any) -> "ProcessDocker":
        return self

    def close(self) -> None:
        for process in self.running.values():
            process.wait(timeout=30)

    def create_container_from_config(self, body: Mapping[str, Any], name: str) -> dict[str, str]:
        self.bodies[name] = body
        self.seen.append(json.dumps(body))
        return {"Id": name}

    def start(self, name: str) -> None:
        mounts = {m["Target"]: m["Source"] for m in self.bodies[name]["HostConfig"]["Mounts"]}
        command = [sys.executable, "-m", "hanare_reader.recount"]
        command += [mounts["/in"], mounts["/data/extract.duckdb"], mounts["/out"]]
        environment = {"PYTHONPATH": str(READER), "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]}
        self.seen.append(json.dumps([command, environment]))
        self.running[name] = subprocess.Popen(command, cwd=READER, env=environment)

    def inspect_container(self, name: str) -> dict[str, Any]:
        code = self.running[name].poll()
        return {"State": {"Status": "running" if code is None else "exited", "ExitCode": code or 0}}

    def remove_container(self, name: str, **_named: Any) -> None:
        if name in self.running:
            self.running.pop(name).wait(timeout=30)
        self.bodies.pop(name, None)
