"""The oracle: 20,000 names, half of them patients of the source, and nothing an author sees tells which half.

The two lanes run on the machine's own time, with the matcher behind its socket. The same tests are run with
the control taken away, and then they tell the halves apart: without that they would prove nothing.
"""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.adapters.dictionaries import read_dictionaries
from enclave.adapters.policy_files import load_policies
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Audience
from output_review.disclosure.policy import policy_from_mapping
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.worker_house import WorkerDeps
from tests.support.own_oracle import CHECKS_PER_HOUR, Author, Sent, same_answers, same_times, two_halves

ROOT = Path(__file__).resolve().parents[2]
NAMES, EACH = 20_000, 200
ALIKE, TOLD_APART = 1e-4, 1e-3
LOOK = 10
POLICY = dict(load_policies(ROOT / "policies").document("disclosure"))


@pytest.fixture(scope="module")
def halves() -> tuple[list[str], list[str]]:
    return two_halves(NAMES, 20_261_129)


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory, halves: tuple[list[str], list[str]]) -> Iterator[Author]:
    made = Author(tmp_path_factory.mktemp("oracle"), halves[0], POLICY)
    yield made
    made.close()


def in_pairs(
    send: Callable[..., Sent], halves: tuple[list[str], list[str]], deps: WorkerDeps
) -> Iterator[list[Sent]]:
    """A batch of each half after the other, in an order that chance made, sent as files or asked about."""
    chance = random.Random(5)
    for start in range(0, len(halves[0]), EACH):
        pair = [(half[start : start + EACH], ours) for half, ours in zip(halves, (True, False), strict=True)]
        chance.shuffle(pair)
        yield [send(names, deps, ours=ours) for names, ours in pair]


def all_sent(send: Callable[..., Sent], halves: tuple[list[str], list[str]], deps: WorkerDeps) -> list[Sent]:
    """All names of both halves."""
    return [one for pair in in_pairs(send, halves, deps) for one in pair]


def are_told_apart(send: Callable[..., Sent], halves: tuple[list[str], list[str]], deps: WorkerDeps) -> bool:
    """Whether answers, time and recorded time each tell the halves apart, looked at after every ``LOOK`` pairs."""
    sent: list[Sent] = []
    looks = NAMES // 2 // EACH // LOOK
    for number, pair in enumerate(in_pairs(send, halves, deps), 1):
        sent += pair
        if number % LOOK == 0:
            found = (
                same_answers(sent),
                same_times(sent, lambda one: one.seconds),
                same_times(sent, lambda one: one.told),
            )
            if max(found) * looks < TOLD_APART:
                return True
    return False


@pytest.mark.slow
def test_what_an_author_sees_is_alike_for_patients_and_others(
    author: Author, halves: tuple[list[str], list[str]]
) -> None:
    sent = all_sent(author.send, halves, author.plain())
    assert len(sent) * EACH == NAMES
    assert same_answers(sent) > ALIKE
    assert same_times(sent, lambda one: one.seconds) > ALIKE
    assert same_times(sent, lambda one: one.told) > ALIKE
    assert not any("ID.own" in one.seen for one in sent)
    until = time.monotonic() + 30
    while author.compared() < len(sent) // 2 and time.monotonic() < until:
        time.sleep(0.1)
    # The checkers were told of the patients, so there was something to be told apart by.
    assert author.compared() >= len(sent) // 2


@pytest.mark.slow
def test_without_the_control_the_halves_are_told_apart(
    tmp_path: Path, halves: tuple[list[str], list[str]]
) -> None:
    author = Author(tmp_path, halves[0], POLICY, second_lane=False)
    apart = are_told_apart(author.send, halves, author.telling())
    author.close()
    assert apart


@pytest.mark.slow
def test_what_a_check_answers_is_alike_for_patients_and_others(
    tmp_path: Path, halves: tuple[list[str], list[str]]
) -> None:
    """``kit.check`` on the same 20,000 names: the answer file, the time to it and the times in the ledger."""
    author = Author(tmp_path, halves[0], POLICY, read_dictionaries())
    sent = all_sent(author.ask, halves, author.plain())
    questions = author.questions()
    author.close()
    assert len(sent) * EACH == NAMES
    # The author had to wait: nobody asks more often than the board lets them.
    assert author.waits == (len(sent) - 1) // CHECKS_PER_HOUR > 0
    assert same_answers(sent) > ALIKE
    assert same_times(sent, lambda one: one.seconds) > ALIKE
    assert same_times(sent, lambda one: one.told) > ALIKE
    assert not any("ID.own" in one.seen for one in sent)
    assert questions == 0


@pytest.mark.slow
def test_without_the_control_a_check_tells_the_halves_apart(
    tmp_path: Path, halves: tuple[list[str], list[str]]
) -> None:
    author = Author(tmp_path, halves[0], POLICY, read_dictionaries(), second_lane=False)
    apart = are_told_apart(author.ask, halves, author.telling())
    questions = author.questions()
    author.close()
    assert apart
    assert questions >= 2 * LOOK


def test_an_authors_check_names_only_what_everybody_knows(halves: tuple[list[str], list[str]]) -> None:
    """``run_checks(...).for_author()`` is a function of files, policy and pseudonyms: no source, no matcher."""
    policy = policy_from_mapping(POLICY)
    for names in (halves[0][:EACH], halves[1][:EACH]):
        file = SubmittedFile("n.txt", FileKind.TEXT, "\n".join(names))
        report = run_checks(Submission("s", (file,)), policy, None, ()).for_author()
        found = [finding for one in report.files for finding in one.findings]
        assert all(finding.audience is Audience.AUTHOR and finding.rule != "ID.own" for finding in found)
