"""Readers in containers: one upload in, canonical bytes and an answer out.

A reader is a job of ``container_jobs`` and gets 30 seconds. Whatever goes wrong is a refusal; only a gate
that does not answer is said, so that the caller tries again.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from docker import APIClient

from output_review.adapters.container_jobs import (
    MAX_READ_BYTES,
    ContainerJobs,
    JobFailedError,
    JobTooSlowError,
    PlanReader,
    read_answer,
)
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
        self._jobs = ContainerJobs(gate, folder, seconds, connect)
        self._plan = plan
        self._image = image

    @property
    def image(self) -> str:
        return self._image

    def read(self, job: str, name: str, content: bytes) -> ReaderAnswer:
        files = {"upload": content, "job.json": json.dumps({"name": name}).encode()}
        try:
            return self._jobs.run(job, lambda: self._plan(job), files, collect)
        except JobTooSlowError:
            return refused("too_slow")
        except JobFailedError:
            return refused()


def collect(out: Path) -> ReaderAnswer:
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
