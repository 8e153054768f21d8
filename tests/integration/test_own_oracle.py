"""The oracle: 20,000 names, half of them patients of the source, and nothing an author sees tells which half.

The two lanes run on the machine's own time, with the matcher behind its socket. The same tests are run with
the control taken away, and then they tell the halves apart: without that they would prove nothing.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from enclave.adapters.policy_files import load_policies
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Audience
from output_review.disclosure.policy import policy_from_mapping
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.worker_house import WorkerDeps
from tests.support.own_oracle import Author, Sent, same_answers, same_times, two_halves

ROOT = Path(__file__).resolve().parents[2]
NAMES, EACH = 20_000, 200
ALIKE, TOLD_APART = 1e-4, 1e-3
POLICY = dict(load_policies(ROOT / "policies").document("disclosure"))


@pytest.fixture(scope="module")
def halves() -> tuple[list[str], list[str]]:
    return two_halves(NAMES, 20_261_129)


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory, halves: tuple[list[str], list[str]]) -> Iterator[Author]:
    made = Author(tmp_path_factory.mktemp("oracle"), halves[0], POLICY)
    yield made
    made.close()


def all_sent(
    author: Author, halves: tuple[list[str], list[str]], deps: WorkerDeps, most: int = NAMES
) -> list[Sent]:
    """Both halves in batches, in an order that chance made."""
    batches = [
        (half[start : start + EACH], ours)
        for half, ours in zip(halves, (True, False), strict=True)
        for start in range(0, min(len(half), most // 2), EACH)
    ]
    random.Random(5).shuffle(batches)
    return [author.send(names, deps, ours=ours) for names, ours in batches]


@pytest.mark.slow
def test_what_an_author_sees_is_alike_for_patients_and_others(
    author: Author, halves: tuple[list[str], list[str]]
) -> None:
    sent = all_sent(author, halves, author.plain())
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
    sent = all_sent(author, halves, author.telling(), 32 * EACH)
    author.close()
    assert same_answers(sent) < TOLD_APART
    assert same_times(sent, lambda one: one.seconds) < TOLD_APART
    assert same_times(sent, lambda one: one.told) < TOLD_APART


def test_an_authors_check_names_only_what_everybody_knows(halves: tuple[list[str], list[str]]) -> None:
    """``run_checks(...).for_author()`` is a function of files, policy and pseudonyms: no source, no matcher."""
    policy = policy_from_mapping(POLICY)
    for names in (halves[0][:EACH], halves[1][:EACH]):
        file = SubmittedFile("n.txt", FileKind.TEXT, "\n".join(names))
        report = run_checks(Submission("s", (file,)), policy, None, ()).for_author()
        found = [finding for one in report.files for finding in one.findings]
        assert all(finding.audience is Audience.AUTHOR and finding.rule != "ID.own" for finding in found)
