"""The language model that looks for people in prose, in a reader's container: text in, places out.

It is a job of ``container_jobs`` that says ``prose``, from the same plan as a reader's (no network, no key,
no data). What is no answer raises: too late, ended badly, or words that are not ours. Only when the gate
itself does not answer nothing has happened, and the caller may try again later.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docker import APIClient

from output_review.adapters.container_jobs import (
    ContainerJobs,
    JobFailedError,
    JobTooSlowError,
    PlanReader,
    read_answer,
)
from output_review.ports import PeopleInProse

SECONDS = 30.0
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
        self._jobs = ContainerJobs(gate, folder, seconds, connect)
        self._plan = plan

    def people(self, job: str, text: str) -> PeopleInProse:
        asked = json.dumps({"name": "prose.txt", "task": "prose"}).encode()
        files = {"upload": text.encode("utf-8", "replace"), "job.json": asked}
        try:
            return self._jobs.run(job, lambda: self._plan(job), files, _collect)
        except JobTooSlowError as error:
            raise TimeoutError("the prose reader took too long") from error
        except JobFailedError as error:
            raise ValueError("the prose reader failed") from error


def _collect(out: Path) -> PeopleInProse:
    return parse_people(read_answer(out / "result.json", _MAX_ANSWER) or b"")


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
