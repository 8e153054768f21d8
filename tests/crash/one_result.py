"""One result from hand-in to download over real adapters, written to be begun again anywhere.

The desk, the author, the checkers and the worker do what the request's state asks of them and
repeat what was not acknowledged, as the real ones do. ``acknowledged`` is what they were told:
a line is written when an answer came back, and whatever it names must never be lost.
"""

import hashlib
import io
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enclave.adapters.database import Database
from enclave.adapters.durable_files import write_durably
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.system import SystemRandomness
from enclave.adapters.tables import metadata
from enclave.audit.ledger import first_fault
from enclave.identity import Person
from output_review import own_lane
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.reader_containers import ContainerReader
from output_review.adapters.review_works import DatabaseReviewWorks
from output_review.asked_checks import Answer, check_id_for
from output_review.permissions import has_reviewed
from output_review.releases import Release, ReleaseState
from output_review.requests import ReleaseRequest
from output_review.use_cases import ask, download, hand_in
from output_review.worker import run_once
from output_review.workflow import CLOSED, State
from tests.crash.counted_points import Points
from tests.crash.pretend_docker import PretendDocker
from tests.support.fakes import FakeClock
from tests.support.review_fakes import READER_IMAGE, FakeReader
from tests.support.review_story import AOI, MEI, PROJECT, RIN, Story, a_draft, request_of

FILES = {"a.csv": b"sex,n\r\nF,120\r\nM,110\r\n", "b.csv": b"age,n\r\n70,40\r\n"}
REFUSED = frozenset({"b.csv"})
"""The second checker refuses this one, so exactly the other may leave."""
LEAVES = {"a.csv": b"sex,n\nF,120\nM,110\n"}
MOST_ROUNDS = 40
CHECK = "00000001-0000-0000-0000-000000000000"


@dataclass
class Home:
    """Everything that survives a crash, in one folder."""

    folder: Path
    points: Points

    def __post_init__(self) -> None:
        fresh = SystemRandomness()
        self.clock = FakeClock()
        self.keyring = KeyringFiles(self.folder / "keys", fresh)
        self.database = Database(f"sqlite:///{self.folder}/enclave.sqlite", self.clock, fresh, self.keyring)
        self.begin = self.database.begin
        self.vault = VaultFolder(self.folder / "vault", self.keyring, fresh)
        self.docker = PretendDocker(self.folder / "docker", self.points)
        connect: Any = self.docker
        reader = ContainerReader("", self.folder / "readers", self._plan, READER_IMAGE, connect=connect)
        self.story = Story(self, DatabaseReviewWorks(self.database), self.vault, reader=_as_fake(reader))

    def _plan(self, job: str) -> tuple[str, Mapping[str, Any]]:
        mounts = [
            {"Source": str(self.folder / "readers" / job / side), "Target": f"/{side}"}
            for side in ("in", "out")
        ]
        return f"hanare-r-{job}", {"HostConfig": {"Mounts": mounts}}

    def found(self) -> ReleaseRequest | None:
        with self.story.works.read() as work:
            return work.requests.find(request_of(1))

    def release(self) -> Release | None:
        with self.story.works.read() as work:
            return work.releases.find(request_of(1))

    def acknowledge(self, what: str) -> None:
        with (self.folder / "acknowledged").open("a") as told:
            told.write(f"{what}\n")

    def acknowledged(self) -> list[str]:
        path = self.folder / "acknowledged"
        return path.read_text().splitlines() if path.exists() else []


def _as_fake(reader: ContainerReader) -> FakeReader:
    """The story's field takes the fake; the real reader has the same port."""
    return reader  # type: ignore[return-value]


def make_template(folder: Path) -> None:
    """A settled home that homes of single runs are copied from."""
    for place in ("keys/projects", "vault", "readers"):
        (folder / place).mkdir(parents=True)
    (folder / "keys" / "master.key").write_bytes(bytes(range(32)))
    home = Home(folder, Points())
    metadata.create_all(home.database.engine)
    home.story.settle()
    home.database.close()


def copy_home(template: Path, folder: Path) -> None:
    shutil.copytree(template, folder)


def live(folder: Path, end_at: int = 0) -> list[str]:
    """Go on from wherever the home stands, to the download; the names of the points passed."""
    points = Points(end_at)
    home = Home(folder, points)
    points.watch(home.database.engine)
    _ask_first(home)
    _hand_in(home)
    for _ in range(MOST_ROUNDS):
        if (folder / "download.zip").exists():
            break
        _next(home)
    home.database.close()
    return points.names


def _ask_first(home: Home) -> None:
    """A question before handing in; asked again after a crash it is the same question."""
    with home.story.works.begin() as work:
        ask.ask(work, MEI, PROJECT, CHECK, (("a.csv", FILES["a.csv"]),), "", 1)
    home.acknowledge("asked")


def _answer(home: Home) -> Answer | None:
    with home.story.works.read() as work:
        check = work.checks.find(check_id_for(MEI.username, PROJECT, CHECK))
        return check.answer if check is not None else None


def _hand_in(home: Home) -> None:
    story, draft = home.story, a_draft(FILES)
    with story.works.begin() as work:
        begun = hand_in.begin_draft(work, MEI, PROJECT, draft)
    home.acknowledge("begun")
    for index in begun.missing():
        content = list(FILES.values())[index]
        hand_in.add_file(story.works, story.vault, MEI, PROJECT, draft.draft_id, index, content)
        home.acknowledge(f"file {index}")
    with story.works.begin() as work:
        hand_in.complete_draft(work, MEI, PROJECT, draft.draft_id)
    home.acknowledge("handed in")


def _next(home: Home) -> None:
    """One round: people do what is theirs to do, then the worker what is its."""
    story = home.story
    own_lane.run_once(story.own)  # checkers wait for it, and a crash may have come before it
    request = home.found()
    assert request is not None
    match request.state:
        case State.AWAITING_AUTHOR:
            story.confirm(request.id)
            home.acknowledge("confirmed")
        case State.IN_REVIEW if _compared(home, request):
            _review(home, request)
        case State.RELEASED:
            _download(home, request)
    run_once(story.worker)


def _compared(home: Home, request: ReleaseRequest) -> bool:
    """A page offers no review before the second lane is done, also after it was killed half-way."""
    with home.story.works.read() as work:
        own = work.requests.find_own(request.id)
    return own is not None and own.covers(request)


def _review(home: Home, request: ReleaseRequest) -> None:
    story = home.story
    for checker, refuse in ((AOI, frozenset[str]()), (RIN, REFUSED)):
        if not _has_voted(home, checker):
            story.vote(checker, request.id, refuse)
            home.acknowledge(f"vote {checker.username}")


def _has_voted(home: Home, checker: Person) -> bool:
    with home.story.works.read() as work:
        request = work.requests.find(request_of(1))
        return request is not None and has_reviewed(checker, request, work.reviews.of(request.id))


def _download(home: Home, request: ReleaseRequest) -> None:
    story = home.story
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request.id)
    taken = download.take_download(story.works, story.vault, token, MEI)
    home.acknowledge(f"download {taken.sha256}")
    write_durably(home.folder / "download.zip", taken.content)


def faults(folder: Path, *, at_the_end: bool) -> list[str]:
    """What is wrong with a home as it lies there, after a crash or at the end."""
    home = Home(folder, Points())
    try:
        return [*_lost(home), *_unapproved(home), *_ledger(home), *(_unfinished(home) if at_the_end else ())]
    finally:
        home.database.close()


def _lost(home: Home) -> list[str]:
    """Whatever was acknowledged is there."""
    request, wrong = home.found(), []
    for told in home.acknowledged():
        if request is None and told != "asked":
            return [f"lost: {told}"]
        what, _, which = told.partition(" ")
        if what == "asked" or request is None:
            continue
        if what == "file":
            file = request.files[int(which)]
            kept = home.vault.get(PROJECT, file.sha256) == FILES[file.name]
            wrong += [] if file.received and kept else [f"lost: {told}"]
        elif what == "handed":
            wrong += [f"lost: {told}"] if request.state is State.DRAFT else []
        elif what == "confirmed":
            before = {State.DRAFT, State.HANDED_IN, State.AWAITING_AUTHOR}
            wrong += [f"lost: {told}"] if request.state in before else []
        elif what == "vote":
            wrong += [] if _has_voted(home, Person(which)) else [f"lost: {told}"]
        elif what == "download":
            release = home.release()
            wrong += [] if release and release.package_sha256 == which else [f"lost: {told}"]
    return wrong


def _unapproved(home: Home) -> list[str]:
    """Released means: two people voted, and the package holds what both approved and no more."""
    request, release = home.found(), home.release()
    released = request is not None and request.state is State.RELEASED
    done = release is not None and release.state is ReleaseState.DONE
    if released != done:
        return ["request and release do not agree"]
    with home.story.works.read() as work:
        stated = {kept.request for kept in work.numbers.released(PROJECT)}
    if stated != ({request_of(1)} if done else set()):
        return ["history and release do not agree"]
    if request is not None and request.state in CLOSED - {State.RELEASED}:
        return [f"the request was stopped: {request.state} {request.code}"]
    if not done or release is None:
        return ["bytes were given out before the release"] if (home.folder / "download.zip").exists() else []
    if not (_has_voted(home, AOI) and _has_voted(home, RIN)):
        return ["released without two reviews"]
    package = home.vault.get(PROJECT, release.package_sha256)
    return [] if _content(package) == LEAVES else ["the package holds something else"]


def _content(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if name != "record.json"}


def _ledger(home: Home) -> list[str]:
    """The ledger is whole, and says of the request exactly what its row says."""
    with home.database.read() as work:
        tables = LedgerTables(work.connection, home.keyring, "o")
        entries = list(tables.entries())
        fault = first_fault(entries, tables.head()).fault
    if fault:
        return [f"ledger: {fault.code} at {fault.number}"]
    leaves = [json.loads(entry.data) for entry in entries]
    moved = [leaf["facts"]["to"] for leaf in leaves if "to" in leaf["facts"]]
    request = home.found()
    state = request.state.value if request else ""
    if request is not None and (moved or ["draft"])[-1] != state:
        return [f"the ledger says {moved[-1:]} and the row {state}"]
    twice = [to for to, times in Counter(moved).items() if times > 1]
    return [f"moved twice to {to}" for to in twice]


def _unfinished(home: Home) -> list[str]:
    """At the end: released, downloaded, verified, and nothing left lying about."""
    request, release = home.found(), home.release()
    if request is None or request.state is not State.RELEASED or release is None:
        return ["it did not go on to the release"]
    package = (home.folder / "download.zip").read_bytes()
    wrong = [] if hashlib.sha256(package).hexdigest() == release.package_sha256 else ["another package"]
    wrong += [f"container {name} left" for name in home.docker.containers()]
    answer = _answer(home)
    wrong += [] if answer is not None and answer.report is not None else ["the question was not answered"]
    return wrong
