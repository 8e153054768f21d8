"""The language model that looks for people in prose, in a reader's container: text in, places out.

The container is a reader's, from the same plan (no network, no key, no data), with a job that says
``prose``. What is no answer raises: too late, ended badly, or words that are not ours. Only when the gate
itself does not answer nothing has happened, and the caller may try again later.
"""

import json
import os
import shutil
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests
from docker import APIClient
from docker.errors import APIError, DockerException, NotFound

from enclave.errors import UnavailableError
from enclave.sentences import say
from output_review.adapters.reader_containers import PlanReader
from output_review.ports import PeopleInProse

SECONDS = 30.0
_POLL = 0.05
_MAX_ANSWER = 1_000_000


class ContainerProse:
    """The ``ProseReader`` port over the docker gate's socket."""

    def __init__(
        self,
        gate: str,
        folder: Path,
        plan: PlanReader,
        *,
        seconds: float = SECONDS,
        connect: Callable[..., APIClient] = APIClient,
    ) -> None:
        """``gate`` is ``http+unix://…``; ``folder`` is ``readers/``."""
        self._gate = gate
        self._folder = folder
        self._plan = plan
        self._seconds = seconds
        self._connect = connect

    def people(self, job: str, text: str) -> PeopleInProse:
        place = self._folder / job
        try:
            client = self._connect(base_url=self._gate, version="auto", timeout=60)
        except (DockerException, requests.RequestException) as error:
            raise _away() from error
        try:
            _prepare(place, text)
            return self._run(client, job, place)
        except (requests.ConnectionError, ConnectionError) as error:
            raise _away() from error
        except APIError as error:
            if error.status_code == 503:
                raise _away() from error
            raise ValueError("the prose reader could not be started") from error
        finally:
            shutil.rmtree(place, ignore_errors=True)
            client.close()

    def _run(self, client: APIClient, job: str, place: Path) -> PeopleInProse:
        name, body = self._plan(job)
        _remove(client, name)
        try:
            created = client.create_container_from_config(dict(body), name)  # type: ignore[no-untyped-call]
            client.start(created["Id"])
            self._wait(client, created["Id"])
            return parse_people(_read(place / "out" / "result.json"))
        finally:
            _remove(client, name)

    def _wait(self, client: APIClient, container: str) -> None:
        until = time.monotonic() + self._seconds
        while time.monotonic() < until:
            state = client.inspect_container(container)["State"]
            if state["Status"] in {"exited", "dead"}:
                if state["ExitCode"] != 0:
                    raise ValueError("the prose reader failed")
                return
            time.sleep(_POLL)
        raise TimeoutError("the prose reader took too long")


def parse_people(answer: bytes) -> PeopleInProse:
    """The answer of a container that nobody trusts.

    Raises:
        ValueError: it is not of the one shape that is known.
    """
    told: Any = json.loads(answer)
    if not isinstance(told, dict) or told.keys() != {"ok", "people", "examined"} or told["ok"] is not True:
        raise ValueError("the prose reader's answer is of no known shape")
    people, examined = told["people"], told["examined"]
    if not isinstance(people, list) or type(examined) is not int:
        raise ValueError("the prose reader's answer is of no known shape")
    places: list[tuple[int, int]] = []
    for place in people:
        if not isinstance(place, list) or len(place) != 2 or any(type(edge) is not int for edge in place):
            raise ValueError("the prose reader's answer is of no known shape")
        places.append((place[0], place[1]))
    return PeopleInProse(tuple(places), examined)


def _prepare(place: Path, text: str) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    for folder, mode in (("in", 0o755), ("out", 0o777)):
        (place / folder).mkdir()
        (place / folder).chmod(mode)
    job = json.dumps({"name": "prose.txt", "task": "prose"})
    for file, data in (("upload", text.encode("utf-8", "replace")), ("job.json", job.encode())):
        (place / "in" / file).write_bytes(data)
        (place / "in" / file).chmod(0o444)


def _remove(client: APIClient, name: str) -> None:
    with suppress(NotFound):
        client.remove_container(name, v=True, force=True)


def _read(path: Path) -> bytes:
    """A regular file that is no link and not too large."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as handle:
        status = os.fstat(handle.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_size > _MAX_ANSWER:
            raise ValueError("the prose reader left no plain answer")
        return handle.read(_MAX_ANSWER)


def _away() -> UnavailableError:
    return UnavailableError("no_gate", say("The docker gate does not answer. Nothing was read yet."))
