"""Counting again in a sealed container: the extract read-only, the key through a pipe, checked SQL only.

1. The columns of the extract are read here, with the key in memory; the author's SQL is compiled against
   them (``recount_sql``), and what is not compiled is not run.
2. The container is created from a plan that is given from outside, through the docker gate. It sees its
   job, the extract read-only and a folder for its answer. The key is written into a pipe once the
   container runs, and stands in no environment, no argument, no file.
3. The answer is a stranger's: numbers and short texts of bounded size, or nothing.
4. Whatever goes wrong is a recount that was not made, with a code. Only a gate that does not answer is
   said, so that the caller tries again.
"""

import errno
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import requests
from docker import APIClient
from docker.errors import APIError, DockerException

from enclave.errors import UnavailableError
from enclave.identity import check_project_id
from enclave.ports import Keyring
from enclave.sentences import say
from output_review.adapters.id_sets import attach_extract
from output_review.adapters.reader_containers import read_answer, remove_container
from output_review.disclosure.recount import Group, Recounted
from output_review.recount_sql import CountingPlan, CountingQuery, extract_schema, plan_counting

SECONDS = 40.0
_MAX_RESULT = 8 * 1024 * 1024
_MAX_GROUPS = 10_000
_POLL = 0.05
PlanRecount = Callable[[str, str, str], tuple[str, Mapping[str, Any]]]
"""From a job's id, a project and the name of its extract to the container's name and the body that creates it."""
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
        self._readers, self._extracts = folders
        self._keyring = keyring
        self._plan = plan
        self._seconds = seconds
        self._connect = connect

    def recount(self, job: str, project: str, version: str, sql: str) -> Recounted:
        extract = self._extracts / check_project_id(project) / f"{version}.duckdb"
        key = self._keyring.find(project, "data")
        if not version or not extract.is_file() or key is None:
            return Recounted(code="no_extract")
        try:
            planned = plan_for(extract, key, sql)
            if not planned.queries:
                return Recounted(code=planned.code or "sql_refused")
            return self._run(job, project, extract.name, key, planned.queries)
        except (requests.ConnectionError, ConnectionError) as error:
            raise _away() from error
        except APIError as error:
            if error.status_code == 503:
                raise _away() from error
            return Recounted(code="recount_failed")
        except (DockerException, requests.RequestException, duckdb.Error, OSError, ValueError, KeyError):
            return Recounted(code="recount_failed")

    def _run(
        self, job: str, project: str, extract: str, key: bytes, queries: tuple[CountingQuery, ...]
    ) -> Recounted:
        place = self._readers / job
        name, body = self._plan(job, project, extract)
        try:
            client = self._connect(base_url=self._gate, version="auto", timeout=60)
        except (DockerException, requests.RequestException) as error:
            raise _away() from error
        try:
            prepare(place, queries)
            remove_container(client, name)
            created = client.create_container_from_config(dict(body), name)  # type: ignore[no-untyped-call]
            client.start(created["Id"])
            until = time.monotonic() + self._seconds
            _hand_over(place / "in" / "key", key, until)
            while client.inspect_container(created["Id"])["State"]["Status"] not in {"exited", "dead"}:
                if time.monotonic() >= until:
                    return Recounted(code="too_slow")
                time.sleep(_POLL)
            return parse_result(read_answer(place / "out" / "result.json", _MAX_RESULT), queries)
        finally:
            try:
                remove_container(client, name)
            finally:
                shutil.rmtree(place, ignore_errors=True)
                client.close()


def plan_for(extract: Path, key: bytes, sql: str) -> CountingPlan:
    """What is run for an author's SQL against this extract."""
    with duckdb.connect(":memory:") as connection:
        attach_extract(connection, extract, key.hex())
        columns = [(str(t), str(c), str(kind)) for t, c, kind in connection.execute(_COLUMNS).fetchall()]
    return plan_counting(sql, extract_schema(columns))


def prepare(place: Path, queries: tuple[CountingQuery, ...]) -> None:
    """The job's folder: its queries, the pipe for the key, and a place for the answer."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    for folder, mode in (("in", 0o755), ("out", 0o777)):
        (place / folder).mkdir()
        (place / folder).chmod(mode)
    job = place / "in" / "job.json"
    job.write_text(json.dumps({"queries": [query.sql for query in queries]}), encoding="utf-8")
    job.chmod(0o444)
    os.mkfifo(place / "in" / "key")
    # Readable for the container's own user; the folder above lets nobody else in.
    (place / "in" / "key").chmod(0o644)


def _hand_over(pipe: Path, key: bytes, until: float) -> None:
    """Write the key once somebody reads the pipe; a pipe has no bytes on any disk."""
    while True:
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() >= until:
                raise
            time.sleep(_POLL)
    try:
        os.write(descriptor, key.hex().encode("ascii"))
    finally:
        os.close(descriptor)


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


def _away() -> UnavailableError:
    return UnavailableError("no_gate", say("The docker gate does not answer. Nothing was read yet."))
