"""One job in a reader's container, through the docker gate: files in, an answer out, nothing kept.

1. The container is created from a plan that is given from outside; the gate compares it with its own
   plan, byte by byte. One that an ended worker left under the same name is removed first.
2. Its folder is ``<job>/{in,out}``: ``in`` is read-only to it, ``out`` is all it can write to. What fills
   ``out`` is ended. A key, where there is one, goes through a pipe once the container runs, and stands in
   no environment, no argument and on no disk.
3. What lies in ``out`` afterwards is opened as a stranger's: a regular file, one link, of bounded size.
4. Only when the gate itself does not answer nothing has happened, and the caller may try again later.
   Whatever else goes wrong is a job that failed; what is left of it is removed either way.
"""

import errno
import os
import shutil
import stat
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import requests
from docker import APIClient
from docker.errors import APIError, DockerException, NotFound

from enclave.errors import UnavailableError
from enclave.sentences import say
from output_review.adapters.reader_answers import MAX_FOUND_BYTES
from output_review.requests import MAX_FILE_BYTES

MAX_READ_BYTES = 2 * MAX_FILE_BYTES
"""What one job may answer, without words for the recognisers."""
MAX_ENTRIES = 100
MAX_LEFT_BYTES = MAX_READ_BYTES + MAX_FOUND_BYTES + 2 * MAX_FILE_BYTES
"""What a container may fill of the disk: all it may answer, and the parts it has not renamed yet."""
KEY_PIPE = "key"
_POLL = 0.05
_GATE_BUSY = 503
Answer = TypeVar("Answer")
PlannedContainer = tuple[str, Mapping[str, Any]]
"""A container's name, and the body that creates it."""
PlanReader = Callable[[str], PlannedContainer]
"""From a job's id to its container."""


class JobFailedError(Exception):
    """The container gave no answer that could be taken."""


class JobTooSlowError(JobFailedError):
    """The container was ended because its time was up."""


class ContainerJobs:
    """Runs one job after another in containers of one kind."""

    def __init__(
        self, gate: str, folder: Path, seconds: float, connect: Callable[..., APIClient] = APIClient
    ) -> None:
        """``gate`` is ``http+unix://…``; ``folder`` holds the folders of jobs; ``seconds`` is what each gets."""
        self._gate = gate
        self._folder = folder
        self._seconds = seconds
        self._connect = connect

    def run(
        self,
        job: str,
        plan: Callable[[], PlannedContainer],
        files: Mapping[str, bytes],
        take: Callable[[Path], Answer],
        key: bytes | None = None,
    ) -> Answer:
        """What ``take`` makes of the folder in which the container left its answer.

        Raises:
            UnavailableError: the gate does not answer; nothing was done.
            JobTooSlowError: the time was up.
            JobFailedError: anything else.
        """
        place = self._folder / job
        try:
            client = self._connect(base_url=self._gate, version="auto", timeout=60)
        except (DockerException, requests.RequestException) as error:
            raise _away() from error
        try:
            prepare(place, files, pipe=key is not None)
            self._run(client, plan(), place, key)
            return take(place / "out")
        except (requests.ConnectionError, ConnectionError) as error:
            raise _away() from error
        except APIError as error:
            if error.status_code == _GATE_BUSY:
                raise _away() from error
            raise JobFailedError("the container could not be started") from error
        except (DockerException, requests.RequestException, OSError, ValueError, KeyError) as error:
            raise JobFailedError("the container failed") from error
        finally:
            shutil.rmtree(place, ignore_errors=True)
            client.close()

    def _run(self, client: APIClient, planned: PlannedContainer, place: Path, key: bytes | None) -> None:
        """The container has ended by itself, and well, and is gone."""
        name, body = planned
        remove_container(client, name)
        try:
            created = client.create_container_from_config(dict(body), name)  # type: ignore[no-untyped-call]
            client.start(created["Id"])
            until = time.monotonic() + self._seconds
            if key is not None:
                _hand_over(place / "in" / KEY_PIPE, key, until)
            _wait(client, created["Id"], place / "out", until)
        finally:
            remove_container(client, name)


def prepare(place: Path, files: Mapping[str, bytes], *, pipe: bool = False) -> None:
    """The job's folder: what the container reads, a pipe for a key, and a place for the answer."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    for folder, mode in (("in", 0o755), ("out", 0o777)):
        (place / folder).mkdir()
        (place / folder).chmod(mode)
    for name, content in files.items():
        (place / "in" / name).write_bytes(content)
        (place / "in" / name).chmod(0o444)
    if pipe:
        os.mkfifo(place / "in" / KEY_PIPE)
        # Readable for the container's own user; the folder above lets nobody else in.
        (place / "in" / KEY_PIPE).chmod(0o644)


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


def _wait(client: APIClient, container: str, out: Path, until: float) -> None:
    while True:
        state = client.inspect_container(container)["State"]
        if state["Status"] in {"exited", "dead"}:
            if state["ExitCode"] != 0:
                raise JobFailedError("the container ended badly")
            return
        if _overflows(out):
            raise JobFailedError("the container filled its folder")
        if time.monotonic() >= until:
            raise JobTooSlowError("the time is up")
        time.sleep(_POLL)


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
