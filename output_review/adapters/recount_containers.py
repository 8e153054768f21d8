"""Counting again in a sealed container: the extract read-only, the key through a pipe, checked SQL only.

1. The columns of the extract are read here, with the key in memory; the author's SQL is compiled against
   them (``recount_sql``), and what is not compiled is not run.
2. It is a job of ``container_jobs``: the container sees its queries, the extract read-only and a folder for
   its answer. The key is written into a pipe once the container runs.
3. The answer is a stranger's: numbers and short texts of bounded size, or nothing.
4. Whatever goes wrong is a recount that was not made, with a code. Only a gate that does not answer is
   said, so that the caller tries again.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from docker import APIClient

from enclave.identity import check_project_id
from enclave.ports import Keyring
from output_review.adapters.container_jobs import (
    ContainerJobs,
    JobFailedError,
    JobTooSlowError,
    PlannedContainer,
    read_answer,
)
from output_review.adapters.id_sets import attach_extract
from output_review.disclosure.recount import Group, Recounted
from output_review.recount_sql import CountingPlan, CountingQuery, extract_schema, plan_counting

SECONDS = 40.0
_MAX_RESULT = 8 * 1024 * 1024
_MAX_GROUPS = 10_000
PlanRecount = Callable[[str, str, str], PlannedContainer]
"""From a job's id, a project and the name of its extract to the container."""
_COLUMNS = (
    "SELECT table_name, column_name, data_type FROM duckdb_columns()"
    " WHERE database_name = 'extract' AND schema_name = 'main' ORDER BY table_name, column_index"
)


class ContainerRecounter:
    """The ``Recounter`` port over the docker gate's socket."""

    def __init__(
        self,
        gate: str,
        folders: tuple[Path, Path],
        keyring: Keyring,
        plan: PlanRecount,
        *,
        seconds: float = SECONDS,
        connect: Callable[..., APIClient] = APIClient,
    ) -> None:
        """``gate`` is ``http+unix://…``; ``folders`` are ``readers/`` and ``extracts/``."""
        self._gate = gate
        readers, self._extracts = folders
        self._jobs = ContainerJobs(gate, readers, seconds, connect)
        self._keyring = keyring
        self._plan = plan

    def recount(self, job: str, project: str, version: str, sql: str) -> Recounted:
        extract = self._extracts / check_project_id(project) / f"{version}.duckdb"
        key = self._keyring.find(project, "data")
        if not version or not extract.is_file() or key is None:
            return Recounted(code="no_extract")
        try:
            planned = plan_for(extract, key, sql)
        except (duckdb.Error, OSError, ValueError, KeyError):
            return Recounted(code="recount_failed")
        if not planned.queries:
            return Recounted(code=planned.code or "sql_refused")
        try:
            return self._jobs.run(
                job,
                lambda: self._plan(job, project, extract.name),
                job_files(planned.queries),
                lambda out: parse_result(read_answer(out / "result.json", _MAX_RESULT), planned.queries),
                key,
            )
        except JobTooSlowError:
            return Recounted(code="too_slow")
        except JobFailedError:
            return Recounted(code="recount_failed")


def plan_for(extract: Path, key: bytes, sql: str) -> CountingPlan:
    """What is run for an author's SQL against this extract."""
    with duckdb.connect(":memory:") as connection:
        attach_extract(connection, extract, key.hex())
        columns = [(str(t), str(c), str(kind)) for t, c, kind in connection.execute(_COLUMNS).fetchall()]
    return plan_counting(sql, extract_schema(columns))


def job_files(queries: tuple[CountingQuery, ...]) -> dict[str, bytes]:
    """What the container reads: its queries."""
    return {"job.json": json.dumps({"queries": [query.sql for query in queries]}).encode()}


def parse_result(result: bytes | None, queries: tuple[CountingQuery, ...]) -> Recounted:
    """What a container's answer amounts to; doubt is a recount that was not made."""
    try:
        answer: Any = json.loads(result or b"")
        if answer["ok"] is not True:
            return Recounted(code="recount_failed")
        groups = [
            _group(query, row)
            for query, rows in zip(queries, answer["answers"], strict=True)
            for row in rows[: _MAX_GROUPS + 1]
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Recounted(code="recount_failed")
    if not groups or len(groups) > _MAX_GROUPS * len(queries):
        return Recounted(code="recount_failed")
    return Recounted(tuple(groups))


def _group(query: CountingQuery, row: list[Any]) -> Group:
    *labels, rows, persons = row
    counted = type(rows) is int and type(persons) is int and 0 <= persons <= rows
    if not counted or len(labels) != len(query.headers):
        raise ValueError("not a group")
    texts = tuple("" if label is None else str(label)[:200] for label in labels)
    return Group(tuple(zip(query.headers, texts, strict=True)), rows, persons)
