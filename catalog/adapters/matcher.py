"""The matcher: answers whether forms are the source's own, counts every one, and knows nothing else.

The set is read again whenever its file changed; while it cannot be read nothing is answered. What was asked
is written to the day's account before the answer is given (a line: when, for which project, how many, how
many hits, which set; never a form), and read back at the start, so that starting anew forgets no limit.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from catalog.adapters.own_set_files import KeptSet, OwnSetFiles
from catalog.identifiers.own_set import NOT_OURS
from catalog.own_questions import Asked, OwnRules, Question, charge, refusal
from enclave.errors import EnclaveError
from enclave.ports import Clock

log = logging.getLogger("hanare.matcher")


class AskedJournal:
    """One file a day in a folder of the matcher's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, day: str) -> Asked:
        """The account of a day.

        Raises:
            EnclaveError: it cannot be read; nobody is answered without one.
        """
        total, by_project = 0, dict[str, int]()
        try:
            lines = self._path(day).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        except OSError as error:
            raise refusal("failed") from error
        for line in lines:
            try:
                entry = json.loads(line)
                forms, project = int(entry["forms"]), str(entry["project"])
            except (ValueError, KeyError, TypeError):
                continue  # the last line of a process that was killed while writing: it answered nothing
            total += forms
            by_project[project] = by_project.get(project, 0) + forms
        return Asked(day, total, by_project)

    def add(self, at: datetime, question: Question, hits: int, set_id: str) -> None:
        """One line more, on the disk."""
        entry = {
            "at": at.isoformat(timespec="seconds"),
            "project": question.project,
            "forms": question.forms,
            "hits": hits,
            "set": set_id,
        }
        with self._path(at.date().isoformat()).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()

    def _path(self, day: str) -> Path:
        return self._folder / f"{day}.jsonl"


class Matcher:
    """What the door asks."""

    def __init__(
        self, files: OwnSetFiles, journal: AskedJournal, rules: Callable[[], OwnRules], clock: Clock
    ) -> None:
        self._files = files
        self._journal = journal
        self._rules = rules
        self._clock = clock
        self._stamp: tuple[int, int, int] | None = None
        self._kept: KeptSet | None = None
        self._asked = Asked("")

    def ready(self) -> bool:
        """Whether there is a set to compare with, read now if it changed."""
        stamp = self._files.stamp()
        if stamp != self._stamp:
            self._kept = None
            try:
                self._kept = self._files.read()
            except (EnclaveError, OSError) as error:
                log.warning("the set cannot be used: %s", getattr(error, "code", type(error).__name__))
            self._stamp = stamp
            log.info("set %s", self._kept.set_id if self._kept else "none")
        return self._kept is not None

    def answer(self, question: Question, forms: list[str]) -> tuple[str, bytes]:
        """The set's id and a kind for each form; counted before it is given.

        Raises:
            EnclaveError: no set, too much on one day, or the account cannot be kept.
        """
        if not self.ready() or self._kept is None:
            raise refusal("no_set")
        now = self._clock.now()
        day = now.date().isoformat()
        if self._asked.day != day:
            self._asked = self._journal.read(day)
        asked = charge(self._asked, day, question, self._rules())
        kinds = self._kept.own.kinds_of(forms)
        try:
            self._journal.add(now, question, len(kinds) - kinds.count(NOT_OURS), self._kept.set_id)
        except OSError as error:
            raise refusal("failed") from error
        self._asked = asked
        return self._kept.set_id, kinds
