"""Checks have an end: what does not end in the policy's time blocks, and stops nobody else."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from enclave.adapters.policy_files import load_policies
from enclave.policy import PolicySet
from output_review.adapters import project_checker
from output_review.adapters.project_checker import ProjectChecker, warm_up
from output_review.adapters.time_boxes import NoOutcomeError, OutOfTimeError, within
from output_review.disclosure.checks import AUTHOR_RULES, RULES, Rule, run_checks
from output_review.disclosure.findings import Audience, Severity, Verdict
from output_review.disclosure.history import NO_HISTORY
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.integration.test_check_before_handing_in import NoIdentifiers

T = TypeVar("T")
POLICIES = load_policies(Path(__file__).resolve().parents[2] / "policies")
FINE = Submission("r", (SubmittedFile("t.csv", FileKind.CSV, "診断,患者数\nA,120\nB,230\n"),))
SECONDS = 3


def _policies() -> PolicySet:
    document: dict[str, Any] = dict(POLICIES.document("disclosure"))
    profiles = {name: dict(profile) for name, profile in document["profiles"].items()}
    profiles["jp-health-1"]["check_seconds"] = {"value": SECONDS, "source": "this test"}
    return PolicySet({"disclosure": {**document, "profiles": profiles}}, "0" * 64)


def _hang(*_: Any) -> Iterator[Any]:
    """Inside one call of the regular expression engine, which no thread and no signal handler interrupts."""
    re.match(r"(a|aa)+$", "a" * 60 + "b")
    yield from ()


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Audience], None]:
    warm_up()

    def hang(audience: Audience) -> None:
        rule = Rule("hangs", _hang, audience)
        rules = (*RULES, rule)
        for_author = tuple(one for one in rules if one.audience is Audience.AUTHOR)
        original: Callable[..., Any] = run_checks

        def run(*given: Any, **named: Any) -> Any:
            chosen = for_author if AUTHOR_RULES in given else rules
            kept = [one for one in given if one is not AUTHOR_RULES]
            return original(*kept[:4], chosen, *kept[4:], **named)

        monkeypatch.setattr(project_checker, "run_checks", run)

    return hang


def test_a_rule_that_hangs_blocks_the_file_and_not_the_queue(hanging: Callable[[Audience], None]) -> None:
    hanging(Audience.AUTHOR)
    checker = ProjectChecker(_policies(), NoIdentifiers())
    began = time.monotonic()
    report = checker.check("p", FINE, (), NO_HISTORY, {})
    assert time.monotonic() - began < 3 * SECONDS + 3
    assert [(f.rule, f.severity) for f in report.files[0].findings] == [("SDC.out_of_time", Severity.REJECT)]
    assert report.for_author().verdict is Verdict.REJECT


def test_an_author_who_asks_is_told_that_there_was_no_time(hanging: Callable[[Audience], None]) -> None:
    hanging(Audience.AUTHOR)
    report = ProjectChecker(_policies(), NoIdentifiers()).check_for_author("p", FINE, (), NO_HISTORY)
    (finding,) = report.files[0].findings
    assert (report.verdict, finding.rule) == (Verdict.REJECT, "SDC.out_of_time")
    assert "examined in time" in finding.message.text


def test_an_author_does_not_feel_a_rule_for_checkers(hanging: Callable[[Audience], None]) -> None:
    hanging(Audience.CHECKER)
    report = ProjectChecker(_policies(), NoIdentifiers()).check("p", FINE, (), NO_HISTORY, {})
    assert report.verdict is Verdict.REJECT
    assert report.for_author().verdict is Verdict.PASS


def test_without_the_box_the_same_rule_holds_everything_up(hanging: Callable[[Audience], None]) -> None:
    hanging(Audience.AUTHOR)

    def unlimited(_: float, act: Callable[[], T]) -> T:
        return act()

    checker = ProjectChecker(_policies(), NoIdentifiers(), box=unlimited)

    def judged() -> object:
        return checker.check("p", FINE, (), NO_HISTORY, {})

    # The whole of it in a box of the test's own: otherwise this test would not end either.
    with pytest.raises(OutOfTimeError):
        within(3 * SECONDS, judged)


def test_work_that_fails_or_dies_gives_no_outcome() -> None:
    def fail() -> int:
        raise ValueError("a value that must not travel")

    with pytest.raises(NoOutcomeError, match="ValueError"):
        within(5, fail)
    with pytest.raises(NoOutcomeError, match="nothing"):
        within(5, lambda: __import__("os")._exit(9))


def test_outcomes_of_every_size_arrive_from_any_thread() -> None:
    told: list[int] = []
    threads = [
        threading.Thread(target=lambda size=size: told.append(len(within(20, lambda: b"x" * size))))
        for size in (0, 1, 70_000, 5_000_000)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [0, 1, 70_000, 5_000_000]


def test_what_files_state_is_read_in_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    checker = ProjectChecker(_policies(), NoIdentifiers())
    assert checker.stated(FINE)
    monkeypatch.setattr(project_checker, "state_files", lambda _: list(_hang()))
    assert checker.stated(FINE) == ()
