"""What the checker's room's stores promise, asked of the fakes and of the real adapters alike."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, EnclaveError, NotFoundError
from enclave.sentences import say
from output_review.adapters import tables  # noqa: F401
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.review_works import DatabaseReviewWorks
from output_review.asked_checks import Answer, AskedCheck, CheckState, Mended
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.history import KeptFile
from output_review.disclosure.history_numbers import StatedFile, StatedNumber, StatedTable
from output_review.disclosure.reports import FileReport, Report
from output_review.ports import FileVault, ReviewWork, ReviewWorks
from output_review.releases import Link, Release, ReleaseState
from output_review.requests import Assessment, OwnAssessment
from output_review.reviews import Vote
from output_review.workflow import State
from tests.support.fakes import START
from tests.support.houses import SqliteHouse
from tests.support.people import PERMIT, settle
from tests.support.postgres import running_postgres
from tests.support.review_fakes import FakeReviewHouse, FakeReviewWorks, FakeVault
from tests.support.review_values import DIGEST, OTHER, a_file, a_request, a_review

PROJECT = PERMIT.project
RELEASE = Release(
    "r1", PROJECT, ReleaseState.INTENDED, b'{"a":"\xe8\xa1\xa8"}', (("t.csv", DIGEST),), ("aoi", "rin"), START
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def works(request: Any, tmp_path: Path) -> Iterator[ReviewWorks]:
    if request.param == "fake":
        house = FakeReviewHouse()
        with house.begin() as work:
            settle(work)
        yield FakeReviewWorks(house)
        return
    url = request.getfixturevalue("postgres") if request.param == "postgres" else ""
    real = SqliteHouse(tmp_path, url)
    with real.begin() as foundation:
        settle(foundation)
    yield DatabaseReviewWorks(real.database)
    real.database.close()


@pytest.fixture(params=["fake", "folder"])
def vault(request: Any, tmp_path: Path) -> Iterator[FileVault]:
    if request.param == "fake":
        yield FakeVault()
        return
    house = SqliteHouse(tmp_path)
    (tmp_path / "vault").mkdir()
    for project in (PROJECT, "p-other"):
        house.keyring.make(project, "vault")
    yield VaultFolder(tmp_path / "vault", house.keyring, house.fresh)
    house.database.close()


def once(works: ReviewWorks) -> AbstractContextManager[ReviewWork]:
    return works.begin()


def test_a_request_comes_back_as_it_was(works: ReviewWorks) -> None:
    request = a_request(
        title="糖尿病 {x}",
        reason=say("File {n}: {reason}", n=1, reason=say("The file is empty.")),
        return_comment="直す",
        code="findings",
        replaces="r0",
        reader_image="sha256:1",
        files=(a_file("表.csv"), replace(a_file("o.csv"), received=False, canonical=None)),
    )
    with once(works) as work:
        work.requests.add(request)
    with once(works) as work:
        assert work.requests.find("r1") == request
        assert work.requests.find("r2") is None


def test_the_second_of_two_hands_is_told(works: ReviewWorks) -> None:
    with once(works) as work:
        work.requests.add(a_request())
    with once(works) as work:
        stored = work.requests.put(a_request(state=State.APPROVED))
        assert stored.version == 1
    with once(works) as work, pytest.raises(ConflictError) as conflict:
        work.requests.put(a_request(state=State.WITHDRAWN))
    assert conflict.value.code == "stale"
    with once(works) as work:
        assert work.requests.find("r1") == stored


def test_lists_are_ordered_as_they_say(works: ReviewWorks) -> None:
    later = START + timedelta(hours=1)
    with once(works) as work:
        work.requests.add(a_request(id="old"))
        work.requests.add(a_request(id="new", created_at=later, changed_at=later))
        work.requests.add(a_request(id="ken", author="ken", state=State.APPROVED))
    with once(works) as work:
        assert [r.id for r in work.requests.of_author("mei")] == ["new", "old"]
        assert [r.id for r in work.requests.of_project(PROJECT)] == ["ken", "old", "new"]
        assert [r.id for r in work.requests.in_states({State.IN_REVIEW})] == ["old", "new"]
        assert work.requests.in_states(()) == ()
        assert work.requests.of_author("nobody") == ()


def test_an_assessment_comes_back_with_its_audiences(works: ReviewWorks) -> None:
    nested = say("It is {why}.", why=say("small"))
    report = Report(
        (
            FileReport("t.csv", (Finding("r", Severity.FIX, Place(row=2, column="n"), say("x {n}", n=1)),)),
            FileReport(
                "o.csv", (Finding("s", Severity.REVIEW, Place(), say("y"), say("z"), Audience.CHECKER),)
            ),
        ),
        "jp",
        "9" * 64,
    )
    assert nested.en == "It is small."
    with once(works) as work:
        assert work.requests.find_assessment("r1") is None
        work.requests.put_assessment("r1", PROJECT, Assessment("p", Report((), None, None), START))
        work.requests.put_assessment("r1", PROJECT, Assessment("p", report, START))
    with once(works) as work:
        assert work.requests.find_assessment("r1") == Assessment("p", report, START)


def test_what_the_source_said_comes_back_and_is_replaced(works: ReviewWorks) -> None:
    finding = Finding("ID.own", Severity.FIX, Place(row=3), say("A known person."), audience=Audience.CHECKER)
    first = OwnAssessment("p", "0" * 16, 7, (FileReport("t.csv", ()),), START)
    second = OwnAssessment("q", "1" * 16, 9, (FileReport("t.csv", (finding,)),), START, frozenset({"ab"}))
    with once(works) as work:
        assert work.requests.find_own("r1") is None
        work.requests.put_own("r1", PROJECT, first)
        work.requests.put_own("r1", PROJECT, second)
    with works.read() as work:
        assert work.requests.find_own("r1") == second


def test_views_are_remembered_by_person_and_request(works: ReviewWorks) -> None:
    with once(works) as work:
        for _ in range(2):
            work.requests.note_view("r1", "aoi", DIGEST, START)
        work.requests.note_view("r1", "rin", OTHER, START)
    with once(works) as work:
        assert work.requests.viewed("r1", "aoi") == {DIGEST}
        assert work.requests.viewed("r2", "aoi") == frozenset()


def test_reviews_come_back_in_order_and_void_ones_stay(works: ReviewWorks) -> None:
    later = a_review(
        "aoi", {DIGEST: Vote.REFUSE}, comment="理由", shared=True, completed_at=START + timedelta(1)
    )
    with once(works) as work:
        work.reviews.add(later, PROJECT)
        work.reviews.add(a_review("rin"), PROJECT)
        work.reviews.make_void("review-rin", "not_eligible")
    with once(works) as work:
        assert work.reviews.of("r1") == (a_review("rin", void="not_eligible"), later)
        assert work.reviews.of("r2") == ()


def test_releases_and_links_come_back_and_are_dropped(works: ReviewWorks) -> None:
    link = Link("t" * 64, "r1", "mei", START, 3)
    done = replace(
        RELEASE, state=ReleaseState.DONE, package_sha256="c" * 64, package_size=9, leaf=7, attempt=2
    )
    with once(works) as work:
        assert work.releases.find("r1") is None
        work.releases.put(RELEASE)
        work.releases.put_link(link)
    with once(works) as work:
        assert work.releases.find("r1") == RELEASE
        work.releases.put(done)
        work.releases.put_link(replace(link, attempts_left=2))
    with once(works) as work:
        assert work.releases.find("r1") == done
        assert work.releases.find_link("t" * 64) == replace(link, attempts_left=2)
        work.releases.drop_links("r2")
        assert work.releases.find_link("t" * 64) is not None
        work.releases.drop_links("r1")
        assert work.releases.find_link("t" * 64) is None


def test_a_block_that_raises_keeps_nothing(works: ReviewWorks) -> None:
    def fail() -> None:
        with once(works) as work:
            work.requests.add(a_request())
            work.reviews.add(a_review(), PROJECT)
            work.releases.put(RELEASE)
            work.record(EventDraft(Kind.REQUEST_CHECKED, "platform", PROJECT, "r1"))
            raise RuntimeError("undo")

    with pytest.raises(RuntimeError, match="undo"):
        fail()
    with once(works) as work:
        assert work.requests.find("r1") is None
        assert work.reviews.of("r1") == ()
        assert work.releases.find("r1") is None
        assert work.record(EventDraft(Kind.REQUEST_CHECKED, "platform", PROJECT, "r1")) == 1


def test_a_project_without_key_keeps_nothing_of_a_request(works: ReviewWorks) -> None:
    with once(works) as work, pytest.raises(ConflictError) as refused:
        work.requests.add(a_request(project="p-other"))
    assert refused.value.code == "no_body_key"


def test_what_was_put_is_found_under_its_digest(vault: FileVault) -> None:
    digest = vault.put(PROJECT, b"n\n20\n")
    assert vault.put(PROJECT, b"n\n20\n") == digest
    assert vault.get(PROJECT, digest) == b"n\n20\n"
    assert vault.has(PROJECT, digest)
    vault.put(PROJECT, b"")


def test_one_projects_bytes_are_not_anothers(vault: FileVault) -> None:
    digest = vault.put(PROJECT, b"n")
    assert not vault.has("p-other", digest)
    with pytest.raises(NotFoundError):
        vault.get("p-other", digest)


def test_what_was_dropped_is_gone(vault: FileVault) -> None:
    digest = vault.put(PROJECT, b"n")
    vault.drop(PROJECT, digest)
    vault.drop(PROJECT, digest)
    with pytest.raises(EnclaveError):
        vault.get(PROJECT, digest)


def a_kept_file(request: str, project: str = PROJECT) -> KeptFile:
    number = StatedNumber(7, "persons", (("性別", "男"), ("", "n")), Place(row=2, column="n"))
    return KeptFile(
        request, project, "v1", StatedFile("表.csv", (StatedTable(("表1",), (number,)),), True, ("7",))
    )


def test_stated_numbers_are_kept_by_request_and_the_last_ask_counts(works: ReviewWorks) -> None:
    kept = a_kept_file("r1")
    with once(works) as work:
        work.numbers.put_asked("r1", PROJECT, "v0", (), START)
        work.numbers.put_asked("r1", PROJECT, "v1", (kept.stated,), START)
        work.numbers.put_released("r1", PROJECT, "v1", (kept.stated, kept.stated), START)
    with works.read() as work:
        assert work.numbers.asked(PROJECT) == (kept,)
        assert work.numbers.released(PROJECT) == (kept, kept)
        assert work.numbers.released("p-other") == ()
        assert work.numbers.released_elsewhere(PROJECT) == ()
        assert work.numbers.released_elsewhere("p-other") == (kept, kept)


def test_numbers_of_a_project_without_a_key_are_gone(works: ReviewWorks) -> None:
    with once(works) as work:
        work.numbers.put_released("r1", PROJECT, "v1", (a_kept_file("r1").stated,), START)
    with once(works) as work:
        keyring: Any = work.keyring
        keyring.destroy(PROJECT, "body")
    with works.read() as work:
        assert work.numbers.released(PROJECT) == ()
        assert work.numbers.released_elsewhere("p-other") == ()


def test_a_question_waits_and_comes_back_with_its_answer(works: ReviewWorks) -> None:
    asked = AskedCheck("c1", PROJECT, "mei", START, (("表.csv", b"n\n7\n"),), "round")
    report = Report((FileReport("表.csv", (), None),), "p", "d")
    mended = Mended("round", "表.csv", say("Rounded."), "n\n10\n", report)
    with once(works) as work:
        work.checks.put(asked)
        assert work.checks.waiting() == (asked,)
        assert work.checks.asked_since("mei", START - timedelta(hours=1)) == 1
        assert work.checks.asked_since("mei", START) == 0
        assert work.checks.asked_since("ken", START - timedelta(hours=1)) == 0
    answered = replace(asked, files=(), state=CheckState.ANSWERED, answer=Answer(report, (mended,)))
    with once(works) as work:
        work.checks.put(answered)
    with works.read() as work:
        assert work.checks.find("c1") == answered
        assert work.checks.waiting() == ()
        assert work.checks.find("c2") is None
