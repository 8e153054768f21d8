"""The worker over SQLite and a real vault: what goes wrong stops one request and releases nothing."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from enclave.adapters.ledger_tables import LedgerTables
from enclave.audit.ledger import first_fault
from enclave.errors import UnavailableError
from enclave.people import AccountState
from enclave.policy import PolicySet
from enclave.sentences import say
from output_review.adapters.file_vault import VaultFolder
from output_review.releases import ReleaseState
from output_review.use_cases import withdraw
from output_review.worker import run, run_once
from output_review.workflow import State
from tests.support.houses import SqliteHouse
from tests.support.people import RIN as RIN_ACCOUNT
from tests.support.recounting import BY_DIAGNOSIS, FakeRecounter
from tests.support.review_houses import sqlite_story
from tests.support.review_story import AOI, MEI, PROJECT, RIN, Story, request_of


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Story, SqliteHouse]]:
    story, house = sqlite_story(tmp_path)
    yield story, house
    with house.read() as work:
        assert first_fault(LedgerTables(work.connection, house.keyring, "o").entries()).fault is None
    house.database.close()


@pytest.fixture
def story(told: tuple[Story, SqliteHouse]) -> Story:
    return told[0]


def approved(story: Story) -> str:
    request_id = story.to_review()
    story.vote(AOI, request_id)
    story.vote(RIN, request_id)
    return request_id


def test_the_whole_way_over_a_database(story: Story) -> None:
    story.to_release()


def test_a_refused_format_stops_with_its_file_and_reason(story: Story) -> None:
    request_id = story.hand_in({"t.csv": b"x", "p.png": b"\x89PNG"})
    story.tick()
    request = story.get(request_id)
    assert (request.state, request.code) == (State.REFUSED, "format_refused")
    assert request.reason is not None
    assert request.reason.en == "File 2: This kind of file is not accepted. Use csv, txt or md."


def test_a_reader_that_breaks_stops_the_request(story: Story) -> None:
    request_id = story.hand_in()
    story.reader.fails_with = RuntimeError("broken")
    story.tick()
    assert (story.get(request_id).state, story.get(request_id).code) == (State.REFUSED, "reading_failed")


def test_a_gate_that_is_away_is_waited_for(story: Story) -> None:
    request_id = story.hand_in()
    story.reader.fails_with = UnavailableError("no_gate", say("The docker gate does not answer."))
    assert run_once(story.worker) == 0
    assert story.get(request_id).state is State.HANDED_IN
    story.reader.fails_with = None
    story.tick()
    assert story.get(request_id).state is State.AWAITING_AUTHOR


def test_checks_that_break_stop_one_request_and_not_the_next(story: Story) -> None:
    broken, whole = story.hand_in({"t.csv": b"BREAK"}, 1), story.hand_in({"t.csv": b"n"}, 2)
    story.tick()
    story.confirm(broken)
    story.confirm(whole)
    story.tick()
    assert (story.get(broken).state, story.get(broken).code) == (State.REFUSED, "check_failed")
    assert story.get(whole).state is State.IN_REVIEW


def test_findings_for_the_author_return_the_request(story: Story) -> None:
    request_id = story.to_review({"t.csv": b"FIX"})
    assert (story.get(request_id).state, story.get(request_id).code) == (State.RETURNED, "findings")


def test_findings_for_checkers_do_not(story: Story) -> None:
    assert story.get(story.to_review({"t.csv": b"SECRET"})).state is State.IN_REVIEW


def test_the_checks_know_what_was_released_and_only_that(story: Story) -> None:
    released = story.to_release({"t.csv": b"n\n20\n"}, 1)
    story.to_review({"t.csv": b"n\n21\n"}, 2)
    story.to_review({"t.csv": b"n\n22\n"}, 3)
    project, submission, earlier = story.checker.seen[-1]
    assert project == PROJECT
    assert [f.text for f in submission.files] == ["n\n22\n"]
    assert [e.name for e in earlier] == [released]
    assert [f.text for f in earlier[0].files] == ["n\n20\n"]


def test_an_altered_file_in_the_vault_is_not_released(story: Story, tmp_path: Path) -> None:
    request_id = approved(story)
    digest = min(story.get(request_id).digests())
    path = tmp_path / "vault" / PROJECT / digest
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    story.tick()
    assert (story.get(request_id).state, story.get(request_id).code) == (State.REFUSED, "release_failed")
    with story.works.read() as work:
        release = work.releases.find(request_id)
    assert release is not None
    assert release.state is ReleaseState.UNDONE


def test_eligibility_lost_between_intent_and_effect_takes_the_release_back(
    told: tuple[Story, SqliteHouse], tmp_path: Path
) -> None:
    story, house = told
    request_id = approved(story)

    class Interrupting(VaultFolder):
        """The package is written; at that moment a reviewer is suspended."""

        def put(self, project: str, content: bytes) -> str:
            with house.begin() as work:
                work.register.put_account(replace(RIN_ACCOUNT, state=AccountState.SUSPENDED))
            return super().put(project, content)

    kept = set((tmp_path / "vault" / PROJECT).iterdir())
    honest = story.vault
    story.vault = Interrupting(tmp_path / "vault", house.keyring, house.fresh)
    story.tick()
    assert story.get(request_id).state is State.IN_REVIEW
    assert set((tmp_path / "vault" / PROJECT).iterdir()) == kept, "the package is taken back"
    story.vault = honest
    with story.works.read() as work:
        release, reviews = work.releases.find(request_id), work.reviews.of(request_id)
    assert release is not None
    assert release.state is ReleaseState.UNDONE
    assert {r.reviewer: r.void for r in reviews} == {"aoi": "", "rin": "not_eligible"}


def test_a_withdrawal_during_the_checks_wins(story: Story) -> None:
    request_id = story.hand_in()
    story.tick()
    story.confirm(request_id)
    inner = story.checker.check

    def withdrawing(*args: object) -> object:
        with story.works.begin() as work:
            withdraw.withdraw(work, MEI, request_id)
        return inner(*args)  # type: ignore[arg-type]

    story.checker.check = withdrawing  # type: ignore[method-assign,assignment]
    story.tick(2)
    assert story.get(request_id).state is State.WITHDRAWN


def test_policy_files_that_cannot_be_read_check_nothing(story: Story) -> None:
    request_id = story.hand_in()
    story.tick()
    story.confirm(request_id)

    def unreadable() -> PolicySet:
        raise OSError("no such folder")

    deps = replace(story.worker, load_policy=unreadable)
    assert run_once(deps) == 0
    assert story.get(request_id).state is State.CHECKING


def test_the_loop_outlives_a_database_that_is_away(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, rounds = threading.Event(), []

    def away(_deps: object) -> int:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
        raise OperationalError("select", {}, OSError("away"))

    monkeypatch.setattr("output_review.worker.run_once", away)
    monkeypatch.setattr("output_review.worker.POLL_SECONDS", 0.001)
    run(story.worker, stop)
    assert len(rounds) == 2


def test_what_an_sql_was_named_for_is_counted_again(story: Story) -> None:
    recounter = FakeRecounter()
    request_id = story.hand_in({"t.csv": b"n", "u.csv": b"m"}, sql=(("t.csv", BY_DIAGNOSIS),))
    deps = replace(story.worker, recounter=recounter)
    run_once(deps)
    story.confirm(request_id)
    run_once(deps)
    assert recounter.asked == [(f"{request_id}-s0", PROJECT, "v1", BY_DIAGNOSIS)]
    assert set(story.checker.recounts[-1]) == {"t.csv"}
    assert story.checker.recounts[-1]["t.csv"].groups


@pytest.mark.parametrize("recounter", [None, RuntimeError("broken")])
def test_a_recount_that_fails_is_one_that_was_not_made(story: Story, recounter: RuntimeError | None) -> None:
    broken = FakeRecounter()
    broken.fails_with = recounter
    request_id = story.hand_in({"t.csv": b"n"}, sql=(("t.csv", BY_DIAGNOSIS),))
    deps = replace(story.worker, recounter=None if recounter is None else broken)
    run_once(deps)
    story.confirm(request_id)
    run_once(deps)
    assert story.get(request_id).state is State.IN_REVIEW
    assert story.checker.recounts[-1]["t.csv"].code in {"no_recounter", "recount_failed"}


def test_a_gate_that_is_away_while_counting_is_waited_for(story: Story) -> None:
    away = FakeRecounter()
    away.fails_with = UnavailableError("no_gate", say("The docker gate does not answer."))
    request_id = story.hand_in({"t.csv": b"n"}, sql=(("t.csv", BY_DIAGNOSIS),))
    deps = replace(story.worker, recounter=away)
    run_once(deps)
    story.confirm(request_id)
    assert run_once(deps) == 0
    assert story.get(request_id).state is State.CHECKING


def test_what_was_released_is_history_with_the_version_of_its_extract(story: Story) -> None:
    request_id = story.to_release()
    with story.works.read() as work:
        released = work.numbers.released(PROJECT)
        asked = work.numbers.asked(PROJECT)
    assert {(kept.request, kept.version) for kept in released} == {(request_id, "v1")}
    assert [number.value for table in released[0].stated.tables for number in table.numbers] == [120, 110]
    assert {kept.request for kept in asked} == {request_id}


def test_what_people_rejected_is_known_to_the_next_check(story: Story) -> None:
    request_id = approved_or_rejected(story, reject=True)
    story.hand_in({"t.csv": b"n"}, 2)
    story.tick()
    story.confirm(request_of(2))
    story.tick()
    history = story.checker.histories[-1]
    assert {kept.request for kept in history.refused} == {request_id}
    assert history.released == ()


def approved_or_rejected(story: Story, *, reject: bool) -> str:
    request_id = story.to_review()
    refuse = frozenset(f.name for f in story.get(request_id).files) if reject else frozenset[str]()
    story.vote(AOI, request_id, refuse)
    story.vote(RIN, request_id, refuse)
    return request_id
