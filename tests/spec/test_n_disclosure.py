"""What has left once is known for ever; what is counted again is counted by checked SQL; asking tells no secret."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enclave.adapters.lined_yaml import read_lined
from output_review import own_lane
from output_review.adapters.project_checker import ProjectChecker
from output_review.disclosure.checks import AUTHOR_RULES, RULES
from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Audience
from output_review.disclosure.history_numbers import stated_in
from output_review.disclosure.submissions import FileKind, SubmittedFile
from output_review.recount_sql import extract_schema, plan_counting
from output_review.use_cases import ask
from output_review.worker import run_once
from output_review.workflow import State
from tests.contract.test_recounter import real
from tests.support.fakes import START
from tests.support.people import PERMIT
from tests.support.recounting import BY_DIAGNOSIS, COLUMNS, ProcessDocker
from tests.support.review_houses import sqlite_story
from tests.support.review_story import AOI, MEI, POLICIES, PROJECT, RIN, Story

DISCLOSURE, _ = read_lined(
    (Path(__file__).resolve().parents[2] / "policies" / "disclosure.yaml").read_text("utf-8")
)
TABLE = b"sex,n\nF,120\nM,110\n"
ONE_MORE = b"sex,n\nF,121\nM,110\n"


class NoIdentifiers:
    def of(self, project: str) -> None:
        return None


@pytest.fixture(name="story")
def _story(tmp_path: Path) -> Iterator[Story]:
    story, house = sqlite_story(tmp_path)
    yield story
    house.database.engine.dispose()


def with_real_checks(story: Story) -> Any:
    """The worker with the product's rules."""
    policies = replace(POLICIES, documents={"disclosure": DISCLOSURE})
    return replace(
        story.worker,
        load_policy=lambda: policies,
        checker_for=lambda given: ProjectChecker(given, NoIdentifiers()),
    )


def released_elsewhere(story: Story, content: bytes) -> None:
    stated = stated_in(examine(SubmittedFile("t.csv", FileKind.CSV, content.decode())))
    with story.works.begin() as work:
        keyring: Any = work.keyring
        keyring.make("p-other", "body")
        work.numbers.put_released("r-other", "p-other", "v1", (stated,), START)


def test_69_a_difference_of_a_few_persons_to_what_left_goes_back(story: Story) -> None:
    """What a project released is kept with the release itself; a later file that differs from it by a few persons goes back to its author."""
    worker = with_real_checks(story)
    for number, content in enumerate((TABLE, ONE_MORE), 1):
        request_id = story.hand_in({"t.csv": content}, number)
        run_once(worker)
        story.confirm(request_id)
        run_once(worker)
        if number == 1:
            own_lane.run_once(story.own)
            story.vote(AOI, request_id)
            story.vote(RIN, request_id)
            run_once(worker)
            assert story.get(request_id).state is State.RELEASED
    assert story.get(request_id).state is State.RETURNED


def test_70_a_check_that_an_author_asks_for_runs_no_rule_for_checkers(story: Story) -> None:
    """The check before handing in runs the rules for authors alone, on a history without other projects: what they released changes no word of the answer."""
    assert {rule.name for rule in RULES if rule.audience is Audience.CHECKER} == {
        rule.name for rule in RULES
    } - {rule.name for rule in AUTHOR_RULES}
    answers = []
    for number in (1, 2):
        asked_id = f"{number:08x}-0000-0000-0000-000000000000"
        with story.works.begin() as work:
            ask.ask(work, MEI, PROJECT, asked_id, (("t.csv", ONE_MORE),), "", 60)
        run_once(with_real_checks(story))
        with story.works.read() as work:
            check = ask.answer_to(work, MEI, PROJECT, asked_id)
        assert check.answer is not None
        answers.append(check.answer)
        released_elsewhere(story, TABLE) if number == 1 else None
    assert answers[0] == answers[1]


def test_71_only_checked_sql_counts_again_and_its_key_is_seen_nowhere(tmp_path: Path) -> None:
    """A recount runs nothing but what the compiler rendered from the checked tree, and the data key stands in no argument, environment or file of it."""
    schema = extract_schema(COLUMNS)
    for hostile in (
        "SELECT * FROM read_text('/data/extract.duckdb')",
        "COPY claims TO '/out/x'",
        "SELECT claim_key, count(*) FROM claims GROUP BY 1",
        "SELECT icd10, count(*) FROM claims GROUP BY 1; DROP TABLE claims",
    ):
        assert plan_counting(hostile, schema).queries == ()
    (whole, _) = plan_counting(BY_DIAGNOSIS, schema).queries
    assert BY_DIAGNOSIS not in whole.sql
    docker = ProcessDocker()
    recounter, house = real(tmp_path, docker)
    key = house.keyring.find(PERMIT.project, "data")
    assert key is not None
    assert recounter.recount("job-1", PERMIT.project, "v1", BY_DIAGNOSIS).groups
    assert docker.seen
    assert key.hex() not in json.dumps(docker.seen)
    assert not any(path.is_file() and key.hex().encode() in path.read_bytes() for path in tmp_path.rglob("*"))
    house.database.close()


def test_72_a_check_or_a_recount_that_fails_passes_nothing(story: Story) -> None:
    """A check that breaks is answered without a verdict, and a file that could not be counted again is never passed over in silence."""
    with story.works.begin() as work:
        ask.ask(work, MEI, PROJECT, "00000001-0000-0000-0000-000000000000", (("t.csv", b"BREAK"),), "", 60)
    story.tick()
    with story.works.read() as work:
        check = ask.answer_to(work, MEI, PROJECT, "00000001-0000-0000-0000-000000000000")
    assert check.answer is not None
    assert (check.answer.report, check.answer.code) == (None, "check_failed")
    worker = with_real_checks(story)
    request_id = story.hand_in({"t.csv": TABLE}, 1, sql=(("t.csv", "DROP TABLE x"),))
    run_once(worker)
    story.confirm(request_id)
    run_once(worker)
    with story.works.read() as work:
        assessment = work.requests.find_assessment(request_id)
    assert assessment is not None
    assert {f.rule for file in assessment.report.files for f in file.findings} == {"SDC.recount_not_made"}
