"""Readers in containers: one upload in, canonical bytes and an answer out, nothing kept.

The container is created from a plan that is given from outside, through the docker gate, which
compares it with its own plan byte by byte. It gets 30 seconds, and as much of the disk as an answer needs: what fills
its folder is ended. Its folder is
``readers/<job>/{in,out}``: ``in`` is read-only to it, ``out`` is all it can write to, and what
lies there afterwards is opened as a stranger's: a regular file, no link, of bounded size.
Whatever goes wrong is a refusal. Only when the gate itself does not answer nothing has
happened, and the caller may try again later.
"""

import json
import os
import shutil
import stat
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests
from docker import APIClient
from docker.errors import APIError, DockerException, NotFound

from enclave.errors import UnavailableError
from enclave.sentences import say
from output_review.adapters.reader_answers import (
    MAX_FOUND_BYTES,
    MAX_RESULT_BYTES,
    count_files,
    parse_answer,
    refused,
)
from output_review.ports import ReaderAnswer
from output_review.requests import MAX_FILE_BYTES

SECONDS = 30.0
MAX_READ_BYTES = 2 * MAX_FILE_BYTES
"""Canonical bytes of one upload together."""
MAX_ENTRIES = 100
MAX_LEFT_BYTES = MAX_READ_BYTES + MAX_FOUND_BYTES + 2 * MAX_FILE_BYTES
"""What a reader may fill of the disk: all it may answer, and the parts it has not renamed yet."""
_POLL = 0.05
PlanReader = Callable[[str], tuple[str, Mapping[str, Any]]]
"""From a job's id to the container's name and the body that creates it."""


class ContainerReader:
    """The ``Reader`` port over the docker gate's socket."""

    def __init__(
        self,
        gate: str,
        folder: Path,
        plan: PlanReader,
        image: str,
        *,
        seconds: float = SECONDS,
        connect: Callable[..., APIClient] = APIClient,
    ) -> None:
        """``gate`` is ``http+unix://…``; ``folder`` is ``readers/``; ``image`` the reader's id."""
        self._gate = gate
        self._folder = folder
        self._plan = plan
        self._image = image
        self._seconds = seconds
        self._connect = connect

    @property
    def image(self) -> str:
        return self._image

    def read(self, job: str, name: str, content: bytes) -> ReaderAnswer:
        place = self._folder / job
        try:
            client = self._connect(base_url=self._gate, version="auto", timeout=60)
        except (DockerException, requests.RequestException) as error:
            raise _away() from error
        try:
            self._prepare(place, name, content)
            return self._run(client, job, place)
        except (requests.ConnectionError, ConnectionError) as error:
            raise _away() from error
        except APIError as error:
            if error.status_code == 503:
                raise _away() from error
            return refused()
        except (DockerException, requests.RequestException, OSError, ValueError, KeyError):
            return refused()
        finally:
            shutil.rmtree(place, ignore_errors=True)
            client.close()

    def _prepare(self, place: Path, name: str, content: bytes) -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        for folder, mode in (("in", 0o755), ("out", 0o777)):
            (place / folder).mkdir()
            (place / folder).chmod(mode)
        for file, data in (("upload", content), ("job.json", json.dumps({"name": name}).encode())):
            (place / "in" / file).write_bytes(data)
            (place / "in" / file).chmod(0o444)

    def _run(self, client: APIClient, job: str, place: Path) -> ReaderAnswer:
        name, body = self._plan(job)
        remove_container(client, name)
        try:
            created = client.create_container_from_config(dict(body), name)  # type: ignore[no-untyped-call]
            client.start(created["Id"])
            if not self._ended(client, created["Id"], place / "out"):
                return refused("too_slow")
            return _collect(place / "out")
        finally:
            remove_container(client, name)

    def _ended(self, client: APIClient, container: str, out: Path) -> bool:
        """Whether it ended by itself, and well, in time; one that fills its folder ends at once."""
        until = time.monotonic() + self._seconds
        while time.monotonic() < until:
            state = client.inspect_container(container)["State"]
            if state["Status"] in {"exited", "dead"}:
                if state["ExitCode"] != 0:
                    raise ValueError("the reader failed")
                return True
            if _overflows(out):
                raise ValueError("the reader filled its folder")
            time.sleep(_POLL)
        return False


def _overflows(out: Path) -> bool:
    """Whether more lies there than any answer needs; links are not followed."""
    entries = size = 0
    for folder, folders, files in os.walk(out):
        entries += len(folders) + len(files)
        for name in files:
            with suppress(OSError):
                size += (Path(folder) / name).lstat().st_blocks * 512
        if entries > MAX_ENTRIES or size > MAX_LEFT_BYTES:
            return True
    return False


def remove_container(client: APIClient, name: str) -> None:
    """The container of this name is gone, or there was none."""
    with suppress(NotFound):
        client.remove_container(name, v=True, force=True)


def _collect(out: Path) -> ReaderAnswer:
    """The answer that lies there: as many canonical files as it names, each of bounded size."""
    result = read_answer(out / "result.json", MAX_RESULT_BYTES)
    if result is None:
        return refused()
    contents, left = [], MAX_READ_BYTES
    for number in range(count_files(result)):
        content = read_answer(out / f"canonical-{number}", min(MAX_FILE_BYTES, left))
        left -= len(content or b"")
        contents.append(content)
    found = out / "found.json"
    words = read_answer(found, MAX_FOUND_BYTES)
    if words is None and os.path.lexists(found):
        return refused()
    return parse_answer(result, contents, words)


def read_answer(path: Path, limit: int) -> bytes | None:
    """The bytes of a regular file that is no link and not too large; None of anything else."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as handle:
        status = os.fstat(handle.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size > limit:
            return None
        content = handle.read(limit + 1)
    return content if len(content) <= limit else None


def _away() -> UnavailableError:
    return UnavailableError("no_gate", say("The docker gate does not answer. Nothing was read yet."))
