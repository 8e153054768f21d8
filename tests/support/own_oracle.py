"""An author who asks the house who is a patient: names of both halves sent as files or asked about with the
kit's check, and all that comes back.

Both halves are drawn by one generator and split by chance, so that nothing but being in the source tells
them apart. ``Sent.seen`` is the whole answer that a desk passes on, ``Sent.seconds`` how long it took until it
changed, ``Sent.told`` the time that stands on the request. Of a check ``seen`` is the answer file, ``seconds`` the
time from the question to the answer, and ``told`` the same as the ledger has it.

So many checks an hour are granted, and this author does not get more: before a question that would be refused the
house's clock is moved on by an hour, as if the author had waited.
"""

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scipy import stats

from catalog.adapters.sudachi_words import SudachiWords
from catalog.hospital.people import make_people
from catalog.hospital.scale import Scale
from catalog.identifiers.own_forms import OwnKind, forms_of
from catalog.identifiers.recognise import NO_DICTIONARIES, Dictionaries
from catalog.own_questions import OwnRules
from enclave.errors import ConflictError
from output_review import own_lane
from output_review.asked_checks import AskedCheck, CheckState, Mended
from output_review.disclosure.checks import AUTHOR_RULES, run_checks
from output_review.disclosure.findings import Audience
from output_review.disclosure.history import History
from output_review.disclosure.history_numbers import StatedFile
from output_review.disclosure.history_rules import state_files
from output_review.disclosure.own_rules import forms_of_submission, own_findings
from output_review.disclosure.policy import policy_from_mapping
from output_review.disclosure.recount import Recounted
from output_review.disclosure.reports import FileReport, Report
from output_review.disclosure.submissions import Submission
from output_review.intake_checks import check_answer
from output_review.intake_drafts import answer_of
from output_review.own_lane import OwnDeps
from output_review.ports import Checker, OwnMatcher
from output_review.use_cases import ask, withdraw
from output_review.use_cases.read import request_page
from output_review.worker import run_once
from output_review.worker_house import WorkerDeps
from output_review.workflow import State
from tests.support.fakes import FakeClock
from tests.support.houses import SqliteHouse
from tests.support.own_matcher import OwnPlace
from tests.support.review_houses import sqlite_story
from tests.support.review_story import MEI, PROJECT, Story, draft_id

MOMENT = timedelta(milliseconds=60)
_OPEN = 12
_WRITTEN_DOWN = 0.005
"""Seconds that a disk takes for one line that is waited for."""
CHECKS_PER_HOUR = 60
"""As many as a board may grant."""
_LEAVES = "SELECT data FROM ledger_leaf ORDER BY n DESC LIMIT 8"
NO_LIMIT = OwnRules(5_000_000, 20_000_000, 1, 1)


class RunningClock(FakeClock):
    """The machine's time, and as many hours as an author waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waited = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.waited


@dataclass(frozen=True)
class Sent:
    """One request: of which half, what its author saw, when."""

    ours: bool
    seen: str
    seconds: float
    told: float


class PlainChecks:
    """The product's rules, as an author's check and a request have them.

    A request in which names are found goes back to its author before anybody compares it, so requests are judged
    without the dictionaries by which names are found: what is tried is the comparison.
    """

    def __init__(self, policy: dict[str, object], dictionaries: Dictionaries = NO_DICTIONARIES) -> None:
        self._policy = policy_from_mapping(policy)
        self._dictionaries = dictionaries

    def check(
        self,
        project: str,
        submission: Submission,
        earlier: Iterable[Submission],
        history: History,
        recounts: Mapping[str, Recounted],
    ) -> Report:
        return run_checks(
            submission,
            self._policy,
            None,
            tuple(earlier),
            history=history,
            recounts=recounts,
            dictionaries=self._dictionaries,
        )

    def stated(self, submission: Submission) -> tuple[StatedFile, ...]:
        return state_files(submission)

    def check_for_author(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> Report:
        return run_checks(
            submission,
            self._policy,
            None,
            tuple(earlier),
            AUTHOR_RULES,
            history,
            dictionaries=self._dictionaries,
        ).for_author()

    def remedies(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> tuple[Mended, ...]:
        return ()


class TellingChecks(PlainChecks):
    """Without the control: the source is asked, and every hit written down, before the author is answered."""

    def __init__(self, policy: dict[str, object], dictionaries: Dictionaries, matcher: OwnMatcher) -> None:
        super().__init__(policy, dictionaries)
        self._matcher = matcher

    def check(
        self,
        project: str,
        submission: Submission,
        earlier: Iterable[Submission],
        history: History,
        recounts: Mapping[str, Recounted],
    ) -> Report:
        return self._told(project, submission, super().check(project, submission, earlier, history, recounts))

    def check_for_author(
        self, project: str, submission: Submission, earlier: Iterable[Submission], history: History
    ) -> Report:
        return self._told(
            project, submission, super().check_for_author(project, submission, earlier, history)
        )

    def _told(self, project: str, submission: Submission, report: Report) -> Report:
        ours = self._matcher.kinds_of(project, sorted(forms_of_submission(submission))).ours
        time.sleep(_WRITTEN_DOWN * len(ours))
        return report.joined_with(
            FileReport(f.path, tuple(replace(one, audience=Audience.AUTHOR) for one in f.findings))
            for f in own_findings(submission, ours, SudachiWords())
        )


def two_halves(count: int, seed: int) -> tuple[list[str], list[str]]:
    """Names of invented people, split by chance: patients of the source, and nobody there."""
    names: dict[str, None] = {}
    for part in range(20):
        people = make_people(Scale(20 * 20_000, seed), part)
        names |= dict.fromkeys(people.name(person) for person in range(len(people.keys)))
        if len(names) >= count:
            break
    chosen = list(names)[:count]
    assert len(chosen) == count
    random.Random(seed).shuffle(chosen)
    return chosen[: count // 2], chosen[count // 2 :]


class Author:
    """Somebody with a desk, in a house whose matcher knows the first half."""

    def __init__(
        self,
        folder: Path,
        patients: Sequence[str],
        policy: dict[str, object],
        dictionaries: Dictionaries = NO_DICTIONARIES,
        *,
        second_lane: bool = True,
    ) -> None:
        (folder / "house").mkdir()
        self.story, self.house, self.clock = running_story(folder / "house")
        self.waits = 0
        (folder / "place").mkdir()
        self.place = OwnPlace(folder / "place", rules=NO_LIMIT)
        self.place.put({form: OwnKind.NAME for name in patients for form in forms_of(OwnKind.NAME, name)})
        self._policy = policy
        self._dictionaries = dictionaries
        self._number = 0
        self._stack = ExitStack()
        self.matcher = self._stack.enter_context(self.place.served())
        self._stop = threading.Event()
        own = OwnDeps(
            self.story.works, self.story.vault, self.matcher, SudachiWords(), MOMENT.total_seconds()
        )
        self._lane = threading.Thread(target=self._compare, args=(own,), daemon=True)
        self._second_lane = second_lane
        if second_lane:
            self._lane.start()

    def close(self) -> None:
        self._stop.set()
        if self._second_lane:
            self._lane.join(10)
        self._stack.close()
        self.house.database.close()

    def plain(self) -> WorkerDeps:
        """The first lane as the product has it."""
        return self._worker(PlainChecks(self._policy, self._dictionaries), MOMENT)

    def telling(self) -> WorkerDeps:
        """The first lane with the control taken away."""
        return self._worker(TellingChecks(self._policy, self._dictionaries, self.matcher), timedelta(0))

    def send(self, names: Sequence[str], deps: WorkerDeps, *, ours: bool) -> Sent:
        """These names as files; what is seen of it, waiting for it as a kernel does."""
        self._number += 1
        self._make_room()
        request_id = self.story.hand_in(files_with(names), self._number)
        run_once(deps)
        self.story.confirm(request_id)
        confirmed, began = self.story.get(request_id).changed_at, time.perf_counter()
        while self.story.get(request_id).state is State.CHECKING:
            run_once(deps)
            time.sleep(0.001)
        seconds = time.perf_counter() - began
        with self.story.works.read() as work:
            page = request_page(work, MEI, request_id)
        told = (page.request.changed_at - confirmed).total_seconds()
        return Sent(ours, _without_ids(answer_of(page, _both), request_id, self._number), seconds, told)

    def ask(self, names: Sequence[str], deps: WorkerDeps, *, ours: bool) -> Sent:
        """These names in a check of the kit's; the answer that a desk passes on, asking for it as a kernel does."""
        self._number += 1
        asked_id = f"00000000-0000-4000-8000-{self._number:012d}"
        files = tuple(files_with(names).items())
        began = time.perf_counter()
        asked = self._asked(asked_id, files)
        while asked.state is CheckState.ASKED:
            run_once(deps)
            with self.story.works.read() as work:
                asked = ask.answer_to(work, MEI, PROJECT, asked_id)
            time.sleep(0.001)
        seconds = time.perf_counter() - began
        seen = json.dumps(check_answer(asked, _both), ensure_ascii=False, sort_keys=True, default=str)
        return Sent(ours, seen, seconds, self._recorded(asked.id))

    def _asked(self, asked_id: str, files: tuple[tuple[str, bytes], ...]) -> AskedCheck:
        """The question, once it is granted."""
        try:
            with self.story.works.begin() as work:
                return ask.ask(work, MEI, PROJECT, asked_id, files, "", CHECKS_PER_HOUR)
        except ConflictError as error:
            if error.code != "checks_spent":
                raise
        self.waits += 1
        self.clock.waited += ask.HOUR
        with self.story.works.begin() as work:
            return ask.ask(work, MEI, PROJECT, asked_id, files, "", CHECKS_PER_HOUR)

    def _recorded(self, check_id: str) -> float:
        """Seconds between question and answer, as the ledger has them."""
        with self.house.read() as work:
            rows = work.connection.exec_driver_sql(_LEAVES).fetchall()
        leaves = [json.loads(row.data) for row in rows]
        told = {leaf["kind"]: leaf["at"] for leaf in leaves if leaf["subject"] == check_id}
        asked, answered = (datetime.fromisoformat(told[f"check.{word}"]) for word in ("asked", "answered"))
        return (answered - asked).total_seconds()

    def questions(self) -> int:
        """How often the matcher was asked."""
        return len(self.place.journal().splitlines())

    def _make_room(self) -> None:
        """An author has at most so many open requests; the oldest give way once they were compared."""
        with self.story.works.read() as work:
            open_now = [r for r in work.requests.of_author(MEI.username) if r.state is State.IN_REVIEW]
        for request in open_now[_OPEN:]:
            if self._second_lane:
                self._until_compared(request.id)
            with self.story.works.begin() as work:
                withdraw.withdraw(work, MEI, request.id)

    def _until_compared(self, request_id: str) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with self.story.works.read() as work:
                if work.requests.find_own(request_id) is not None:
                    return
            time.sleep(0.01)
        raise TimeoutError("the second lane does not compare")

    def compared(self) -> int:
        """How many requests the checkers were told of."""
        with self.story.works.read() as work:
            found = (work.requests.find_own(request.id) for request in work.requests.of_project(PROJECT))
            return sum(own is not None and own.hits > 0 for own in found)

    def _worker(self, checker: Checker, moment: timedelta) -> WorkerDeps:
        deps = self.story.worker
        return replace(deps, checker_for=lambda _: checker, moment=moment, held={})

    def _compare(self, own: OwnDeps) -> None:
        while not self._stop.is_set():
            own_lane.run_once(own)
            self._stop.wait(0.01)


def files_with(names: Sequence[str]) -> dict[str, bytes]:
    """Names as lines of a text, and as a column of a table."""
    text = "".join(f"{name}\n" for name in names)
    table = "氏名,人数\n" + "".join(f"{name},{20 + n}\n" for n, name in enumerate(names))
    return {"n.txt": text.encode(), "t.csv": table.encode()}


def running_story(folder: Path) -> tuple[Story, SqliteHouse, RunningClock]:
    """A settled story on the machine's own time."""
    story, house = sqlite_story(folder)
    clock = RunningClock()
    house.clock = clock
    house.database._clock = clock
    return story, house, clock


def _both(sentence: object) -> dict[str, str]:
    return {"en": str(getattr(sentence, "en", sentence))}


def _without_ids(answer: dict[str, object], request_id: str, number: int) -> str:
    """What is told, without what names this very request and its bytes."""
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True, default=str)
    text = text.replace(request_id, "R").replace(draft_id(number), "D")
    files = json.loads(text)
    for file in files.get("files", []):
        for word in ("sha256", "canonical_sha256", "canonical", "size", "upload_sha256"):
            file.pop(word, None)
    for word in ("created_at", "changed_at"):
        files.pop(word, None)
    return json.dumps(files, ensure_ascii=False, sort_keys=True)


def same_times(sent: Sequence[Sent], of: Callable[[Sent], float]) -> float:
    """The probability of times as different as these if both halves have one distribution (three tests).

    The requests come in pairs, one of each half: what disturbs the machine for a while disturbs both of a pair.
    """
    ours, others = ([of(one) for one in sent if one.ours is half] for half in (True, False))
    together = list(zip(ours, others, strict=True))
    paired = stats.wilcoxon([a - b for a, b in together]) if any(a != b for a, b in together) else None
    return 3 * min(
        float(stats.mannwhitneyu(ours, others).pvalue),
        float(stats.ks_2samp(ours, others).pvalue),
        1.0 if paired is None else float(paired.pvalue),
        1 / 3,
    )


def same_answers(sent: Sequence[Sent]) -> float:
    """The same for what is told: which states, verdicts and rules, and how many findings (two tests)."""
    kinds = sorted({shape_of(one) for one in sent})
    table = [
        [sum(one.ours is half and shape_of(one) == kind for one in sent) for kind in kinds]
        for half in (True, False)
    ]
    told = float(stats.chi2_contingency(table).pvalue) if len(kinds) > 1 else 1.0
    ours, others = ([findings_of(one) for one in sent if one.ours is half] for half in (True, False))
    many = float(stats.mannwhitneyu(ours, others).pvalue) if len({*ours, *others}) > 1 else 1.0
    return min(1.0, 2 * min(told, many))


def findings_of(one: Sent) -> int:
    """How many findings its author was told of."""
    return len(json.loads(one.seen)["findings"])


def shape_of(one: Sent) -> str:
    """What kind of answer it was."""
    answer = json.loads(one.seen)
    rules = sorted({finding["rule"] for finding in answer["findings"]})
    return json.dumps([answer["state"], sorted(f["verdict"] for f in answer["files"]), rules])
