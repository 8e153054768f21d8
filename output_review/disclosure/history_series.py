"""The same question with a threshold that moves: many answers, each harmless, single a person out.

1. A series is counts of the same people above (or below) different values of one measure: ≥65, ≥66, ≥70.
2. Every request that was checked belongs to it, released or not: asking is what a search needs.
3. Thresholds of one table are one question. From the policy's number of thresholds, asked in the
   policy's number of requests, the next one is rejected and the checkers are alerted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, isinf

from enclave.sentences import say
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.history import Frame, History, Item
from output_review.disclosure.history_labels import NAMES, Condition, Conditions
from output_review.disclosure.history_times import TIME
from output_review.disclosure.policy import DisclosurePolicy

SERIES = "SDC.sliding_threshold"

_Question = tuple[str, Conditions, str, bool]
"""What is counted, of whom, by which measure, and whether above the threshold."""


@dataclass(slots=True)
class _Asked:
    thresholds: set[float] = field(default_factory=set)
    requests: set[str] = field(default_factory=set)


def check_series(frames: Sequence[Frame], history: History, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every count of a file that continues a series."""
    new = [(item, *asked) for frame in frames for item in frame.items for asked in _questions(item)]
    if not new:
        return
    known: dict[_Question, _Asked] = {}
    for frame in (*history.asked_frames, *frames):
        for item in frame.items:
            for question, threshold in _questions(item):
                asked = known.setdefault(question, _Asked())
                asked.thresholds.add(threshold)
                asked.requests.add(frame.request)
    for item, question, _ in new:
        asked = known[question]
        long = len(asked.thresholds) >= policy.series_thresholds
        if long and len(asked.requests) >= policy.series_requests:
            yield _finding(item.stated.where if item.stated else Place())


def _questions(item: Item) -> Iterator[tuple[_Question, float]]:
    for condition in item.all:
        if condition.axis in (NAMES, TIME) or isinf(condition.low) == isinf(condition.high):
            continue
        above = condition.high == inf
        rest = item.all - {condition}
        yield (item.measure, rest, condition.axis, above), _threshold(condition, above=above)


def _threshold(condition: Condition, *, above: bool) -> float:
    return condition.low if above else condition.high


def _finding(where: Place) -> Finding:
    return Finding(
        SERIES,
        Severity.REJECT,
        where,
        say("This count continues a series of the same question with a moving threshold."),
        say("Ask for one table with fixed classes, or talk to an output checker."),
    )
