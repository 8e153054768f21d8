"""What desks report and ask for, into the database many at a time: one writer, group commit.

Whoever writes waits for the commit; meanwhile others arrive, and the writer takes all that
wait into one transaction. If that fails, each is tried by itself, so that one bad act does not
take the others with it: an act may therefore run twice, and touches nothing but its
transaction. What was not committed is never acknowledged.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeAlias, TypeVar

from enclave.audit.event import EventDraft
from output_review.ports import ReviewWork, ReviewWorks

BATCH = 100
Answer = TypeVar("Answer")
_Waiting: TypeAlias = "tuple[Callable[[ReviewWork], Any], Future[Any]]"


class EventWriter:
    """One thread that commits whatever waits."""

    def __init__(self, works: ReviewWorks) -> None:
        self._works = works
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="event-writer", daemon=True)
        self._thread.start()

    def record(self, draft: EventDraft) -> "Future[int]":
        """The number of the event, once it is committed."""
        return self.write(lambda work: work.record(draft))

    def write(self, act: Callable[[ReviewWork], Answer]) -> "Future[Answer]":
        """What the act answers, once its transaction is committed."""
        future: Future[Answer] = Future()
        self._waiting.put((act, future))
        return future

    def close(self) -> None:
        """Commit what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            taken = [self._waiting.get()]
            while len(taken) < BATCH and not self._waiting.empty():
                taken.append(self._waiting.get())
            open_ = None not in taken
            # A waiter that gave up withdrew its act: what nobody waits for is not done.
            batch = [one for one in taken if one is not None and one[1].set_running_or_notify_cancel()]
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            with self._works.begin() as work:
                answers = [act(work) for act, _ in batch]
        except Exception as error:  # noqa: BLE001  each waiter gets its own answer
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for one in batch:
                self._commit([one])
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            future.set_result(answer)
