"""The automatic checks with what only the house knows: the project's own identifiers, and its people.

The identifiers are read from every extract the project ever got and still has: a pseudonym
that a later extract leaves out is a person all the same. The data key goes to the reader of
the extract through a file that exists in memory only. The set of a project is remembered, with the
digests of its identifiers, until another extract is there or larger projects need the room.

Whatever is computed from a file's content runs in a time box of the policy's length: files whose checks do not end
in it are told to be such, and blocked. Where only the rules for checkers took too long, an author sees nothing of it.
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from catalog.adapters.dictionaries import read_dictionaries
from catalog.identifiers.known_people import known_people
from catalog.identifiers.pseudonyms import PseudonymSet
from catalog.identifiers.recognise import Dictionaries, recognise
from enclave.data_keys import FIRST, named_in
from enclave.errors import UnavailableError
from enclave.identity import check_project_id
from enclave.policy import PolicySet
from enclave.ports import Keyring
from output_review.adapters.id_sets import read_id_set
from output_review.adapters.time_boxes import OutOfTimeError, within
from output_review.asked_checks import Mended
from output_review.disclosure.checks import AUTHOR_RULES, OUT_OF_TIME, out_of_time, run_checks
from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Verdict
from output_review.disclosure.hidden_intervals import with_intervals
from output_review.disclosure.history import History
from output_review.disclosure.history_numbers import StatedFile
from output_review.disclosure.history_rules import state_files
from output_review.disclosure.policy import policy_from_mapping
from output_review.disclosure.populations import NO_POPULATIONS, Populations
from output_review.disclosure.prose_names import ask_about, findings_of, unanswered
from output_review.disclosure.published import NO_PUBLISHED, Published
from output_review.disclosure.recount import Recounted
from output_review.disclosure.remedies import Judge, Remedy, apply, propose
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.ports import ProseReader

log = logging.getLogger("hanare.worker")
_MOST_IDENTIFIERS = 6_000_000
"""So many are remembered of all projects together: with their digests they take a gigabyte."""
_Place = tuple[str, int, int]


class ProjectIdentifiers:
    """The identifiers of a project, from its encrypted extracts."""

    def __init__(self, extracts: Path, keyring: Keyring) -> None:
        self._extracts = extracts
        self._keyring = keyring
        self._known: dict[str, tuple[tuple[_Place, ...], PseudonymSet]] = {}
        self._locks: dict[str, threading.Lock] = {}

    def of(self, project: str) -> PseudonymSet | None:
        """All of them; None when the project has no extract yet, hence no pseudonym."""
        folder = self._extracts / check_project_id(project)
        with self._locks.setdefault(project, threading.Lock()):
            places = tuple(_place_of(path) for path in sorted(folder.glob("*.duckdb")))
            if not places:
                self._known.pop(project, None)
                return None
            before, ids = self._known.pop(project, ((), None))
            if ids is None or before != places:
                sets = (self._of_file(project, Path(path)) for path, *_ in places)
                ids = PseudonymSet.joined(sets).with_digests()
            # The one that was asked for last is the last to be forgotten.
            self._known[project] = (places, ids)
        self._forget()
        return ids

    def read_ahead(self) -> None:
        """The sets of the projects there are, as far as there is room: who asks first need not wait for them."""
        for folder in sorted(self._extracts.glob("*")):
            try:
                self.of(folder.name)
            except Exception as error:  # noqa: BLE001  whoever asks reads it again, and is refused if it fails again
                log.info("a set was not read ahead: %s", type(error).__name__)
            if self._held() > _MOST_IDENTIFIERS // 2:
                return

    def _held(self) -> int:
        return sum(len(ids) for _, ids in tuple(self._known.values()))

    def _forget(self) -> None:
        while len(self._known) > 1 and self._held() > _MOST_IDENTIFIERS:
            self._known.pop(next(iter(self._known)), None)

    def _of_file(self, project: str, path: Path) -> PseudonymSet:
        found = self._read(project, path)
        if found is None:
            raise LookupError("an extract without identifiers")
        return found

    def _read(self, project: str, path: Path) -> PseudonymSet | None:
        key = self._keyring.find(project, _data_key_of(path))
        if key is None:
            raise LookupError("the project's data key is gone")
        descriptor = os.memfd_create("data-key", os.MFD_CLOEXEC)
        try:
            os.write(descriptor, key.hex().encode())
            return read_id_set(None, path, Path(f"/proc/self/fd/{descriptor}"))
        finally:
            os.close(descriptor)


def _place_of(path: Path) -> _Place:
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


def _data_key_of(extract: Path) -> str:
    """The name of its key, as the manifest beside it says; a wrong name opens nothing."""
    manifest = extract.with_name(f"{extract.stem}.manifest.json")
    return named_in(json.loads(manifest.read_bytes())["manifest"]) if manifest.is_file() else FIRST


_T = TypeVar("_T")
_PART_OF_STATING = 4
"""Reading what files state takes a small part of what checking them takes, and gets that part of the time."""


class TimeBox(Protocol):
    """Runs pure work for so many seconds at most, or raises ``OutOfTimeError``."""

    def __call__(self, seconds: float, act: Callable[[], _T], /) -> _T: ...


class Identifiers(Protocol):
    """Where the identifiers of a project come from."""

    def of(self, project: str) -> PseudonymSet | None: ...


class ProjectChecker:
    """The ``Checker`` port under one policy set; with a ``ProseReader``, running text is read by it as well."""

    def __init__(
        self,
        policies: PolicySet,
        identifiers: Identifiers,
        populations: Populations = NO_POPULATIONS,
        prose: ProseReader | None = None,
        box: TimeBox = within,
        published: Published = NO_PUBLISHED,
    ) -> None:
        policy = policy_from_mapping(policies.document("disclosure")).with_published(published)
        self._policy = policy.with_populations(populations) if populations.digest else policy
        self._identifiers = identifiers
        self._prose = prose
        self._box = box

    def check(
        self,
        project: str,
        submission: Submission,
        earlier: Iterable[Submission],
        history: History,
        recounts: Mapping[str, Recounted],
    ) -> Report:
        ids, before, known = self._identifiers.of(project), tuple(earlier), _known_to(submission)

        def judged() -> Report:
            report = run_checks(
                submission,
                self._policy,
                ids,
                before,
                history=history,
                recounts=recounts,
                dictionaries=known,
            )
            return with_intervals(report, submission, self._policy, before)

        try:
            report = self._box(self._policy.check_seconds, judged)
        except OutOfTimeError:
            return self._late(project, submission, before, history)
        return report.joined_with(self._in_prose(submission, report, known))

    def check_for_author(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> Report:
        judge = self._judge(project, tuple(earlier), history.for_author())
        _known_to(submission)
        try:
            return self._box(self._policy.check_seconds, lambda: judge(submission))
        except OutOfTimeError:
            return out_of_time(submission, self._policy)

    def _late(
        self, project: str, submission: Submission, earlier: tuple[Submission, ...], history: History
    ) -> Report:
        """The report where the rules together were too slow: what those for authors find, if they were not."""
        author = self.check_for_author(project, submission, earlier, history)
        is_late = any(f.rule == OUT_OF_TIME for file in author.files for f in file.findings)
        return author if is_late else out_of_time(submission, self._policy, author)

    def stated(self, submission: Submission) -> tuple[StatedFile, ...]:
        try:
            return self._box(self._policy.check_seconds / _PART_OF_STATING, lambda: state_files(submission))
        except OutOfTimeError:
            return ()

    def remedies(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> tuple[Mended, ...]:
        before = tuple(earlier)
        judge = self._judge(project, before, history.for_author())
        _known_to(submission)

        def mended() -> tuple[Mended, ...]:
            found = propose(submission, judge(submission), self._policy, judge, before)
            return tuple(self._mended(remedy, submission, judge) for remedy in found)

        return self._box(self._policy.check_seconds, mended)

    def _judge(self, project: str, earlier: tuple[Submission, ...], history: History) -> Judge:
        """How an author's files are judged: by the rules for authors, and by nothing else."""
        ids = self._identifiers.of(project)

        def judge(submission: Submission) -> Report:
            known = _known_to(submission)
            report = run_checks(
                submission, self._policy, ids, earlier, AUTHOR_RULES, history, dictionaries=known
            )
            return report.for_author()

        return judge

    def _mended(self, remedy: Remedy, submission: Submission, judge: Judge) -> Mended:
        files = tuple(apply(remedy, file) if file.name == remedy.file else file for file in submission.files)
        text = next(file.text for file in files if file.name == remedy.file)
        report = judge(replace(submission, files=files))
        return Mended(remedy.kind.value, remedy.file, remedy.message, text, report)

    def _in_prose(
        self, submission: Submission, report: Report, known: Dictionaries
    ) -> tuple[FileReport, ...]:
        """What the language model adds; nothing is asked where nothing can leave or no prose is left."""
        if self._prose is None or report.verdict is Verdict.REJECT:
            return ()
        try:
            asked = self._box(self._policy.check_seconds, lambda: ask_about(submission, report))
            if not asked.text:
                return findings_of(asked, (), 0, known)
            answer = self._prose.people(f"{submission.name}-prose", asked.text)
            return self._box(
                self._policy.check_seconds, lambda: findings_of(asked, answer.people, answer.examined, known)
            )
        except UnavailableError:
            raise
        except Exception:  # noqa: BLE001  # whatever went wrong, prose that was not read blocks
            return unanswered(submission)


_WARMING = threading.Lock()


def warm_up() -> None:
    """Read what every check needs (words, names, places, patterns), once, so that time boxes find it read.

    Takes some seconds the first time; who comes meanwhile waits for the same reading.

    Raises:
        UnavailableError: a dictionary cannot be read.
    """
    # Once it is read nobody takes the lock, so no fork ever inherits it taken.
    if not _read_all.cache_info().currsize:
        with _WARMING:
            _read_all()


@cache
def _read_all() -> None:
    recognise(
        "患者の山田太郎、東京都文京区本郷七丁目、電話番号 03-1234-5678。", dictionaries=read_dictionaries()
    )
    examine(SubmittedFile("mean.csv", FileKind.CSV, "診断,患者数,平均年齢,割合(%)\n肺炎,120,61.5,12.0\n"))


def _known_to(submission: Submission) -> Dictionaries:
    """The words by which names are found, with the people whose names are expected here."""
    warm_up()
    return replace(read_dictionaries(), people=known_people(submission.members, submission.authors))
