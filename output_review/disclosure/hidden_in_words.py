"""Small counts that two numbers in words give away.

1. A flow (1,203例中1,198例; 1,198 of 1,203 patients; 対象 → 除外 → 解析) hides who was left out.
2. A percentage of a stated number of persons (412例のうち0.7%; 0.7% of 412 patients) is a count.
3. What is written in per cent but is no share (a confidence level, a change, a limit, HbA1c) is left alone,
   and so is a sentence that states the count itself: that count is judged by the rule on counts in words.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from catalog.identifiers.numerals import read_whole_number
from catalog.identifiers.written_forms import Folded, fold
from enclave.sentences import say
from output_review.disclosure.consistent_counts import share_of
from output_review.disclosure.examined import ExaminedFile, Passage
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.hidden_percentages import IN_PERCENTAGE, NO_SHARE
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.small_counts import is_too_small
from output_review.disclosure.submissions import FileKind
from output_review.disclosure.written_numbers import written_numbers

IN_FLOW = "SDC.hidden_in_flow"

_N = r"(?P<{0}>\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,12}})"
"""A count of persons. It is bounded, or a line of nothing but digits would be read from each of them to its end."""
_UNIT = (
    r"\s*(?:名|例|人|症例|件|patients?|persons?|people|subjects?|participants?|individuals?|cases?|men|women)"
)
_ALL, _SOME = _N.format("all"), _N.format("some")
_PAIRS = (
    re.compile(rf"{_ALL}{_UNIT}(?:の)?(?:中|のうち|うち)[、,]?[^。\d\n]{{0,30}}{_SOME}{_UNIT}"),
    re.compile(rf"{_SOME}(?:{_UNIT})?\s*(?:out )?of (?:the |all )?{_ALL}{_UNIT}"),
    re.compile(rf"(?:out )?of (?:the |all )?{_ALL}{_UNIT},?[^.\d\n]{{0,40}}{_SOME}(?!\.?\d|\s*%)"),
    re.compile(rf"{_ALL}{_UNIT}から[^。\d\n]{{0,40}}(?:除|除外|脱落)[^。\d\n]{{0,30}}{_SOME}{_UNIT}"),
)
_STEPS = (
    re.compile(rf"(?<![\d.,]){_N.format('n')}(?:{_UNIT})"),
    re.compile(rf"n\s*[=:]\s*{_N.format('n')}(?![\d.])"),
)
_FLOW_WORDS = re.compile(
    r"除外|解析対象|適格|登録|組み入れ|組入|フロー|脱落|excluded|exclusion|eligible|analy[sz]ed|enrolled|screened|included|flow|→|↓|->|=>|⇒"
)
_P = r"(?P<p>\d{1,3}\.\d+|\d{1,2})\s*%"
_NO_END = r"(?!\s*(?:信頼|ci|以上|以下|未満|超|の?(?:増|減|上昇|低下|改善|変化)|confidence|increase|decrease|水準|level))"
_PERCENTAGES = (
    re.compile(
        rf"{_ALL}{_UNIT}(?:の)?(?:中|のうち|うち|で|において|では|を対象)[^。\n%]{{0,40}}?(?<![\d.]){_P}{_NO_END}"
    ),
    re.compile(rf"(?<![\d.]){_P}\s*(?:\([^)\n]{{0,20}}\)\s*)?of (?:the |all |our )?{_ALL}{_UNIT}"),
    re.compile(rf"(?:of|among|in) (?:the |all |our )?{_ALL}{_UNIT}[^.\n%]{{0,50}}?(?<![\d.]){_P}{_NO_END}"),
    re.compile(rf"n\s*=\s*{_ALL}\s*[)）、,][^。\n%]{{0,40}}?(?<![\d.]){_P}{_NO_END}"),
)


def check_words(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every small count that two numbers in the words of a file give away."""
    for passage in examined.passages:
        folded = fold(passage.text)
        yield from _pairs(passage, folded, policy)
        yield from _percentages(passage, folded, policy)
        if examined.file.kind is FileKind.TEXT and _FLOW_WORDS.search(folded.text):
            yield from _flow(passage, folded, policy)


def _pairs(passage: Passage, folded: Folded, policy: DisclosurePolicy) -> Iterator[Finding]:
    for pattern in _PAIRS:
        for match in pattern.finditer(folded.text):
            if _leaves_few(match["all"], match["some"], policy):
                yield _finding(passage.place(*folded.span(*match.span())), policy)


def _flow(passage: Passage, folded: Folded, policy: DisclosurePolicy) -> Iterator[Finding]:
    steps = sorted({(m.start("n"), m.end("n"), m["n"]) for p in _STEPS for m in p.finditer(folded.text)})
    for (start, _, before), (_, end, after) in pairwise(steps):
        if _FLOW_WORDS.search(folded.text[start:end]) and _leaves_few(before, after, policy):
            yield _finding(passage.place(*folded.span(start, end)), policy)


def _leaves_few(whole: str, part: str, policy: DisclosurePolicy) -> bool:
    before, after = read_whole_number(whole), read_whole_number(part)
    if before is None or after is None or after < policy.min_persons:
        return False
    return before > after and is_too_small(before - after, policy)


def _percentages(passage: Passage, folded: Folded, policy: DisclosurePolicy) -> Iterator[Finding]:
    for pattern in _PERCENTAGES:
        for match in pattern.finditer(folded.text):
            between = folded.text[
                min(match.end("all"), match.end("p")) : max(match.start("all"), match.start("p"))
            ]
            numbers = written_numbers(match["p"])
            persons = read_whole_number(match["all"])
            if NO_SHARE.search(between) or not numbers or not persons:
                continue
            counts = share_of(numbers[0], is_percentage=True).counts(persons)
            if numbers[0].value and counts and 0 < counts[-1] < policy.min_persons:
                yield Finding(
                    IN_PERCENTAGE,
                    Severity.FIX,
                    passage.place(*folded.span(*match.span())),
                    say(
                        "This percentage stands for fewer than {threshold} persons, because its number of persons is known.",
                        threshold=policy.min_persons,
                    ),
                    say("Mask the percentage too, or compute it from rounded counts."),
                )


def _finding(place: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        IN_FLOW,
        Severity.FIX,
        place,
        say(
            "Between these two counts fewer than {threshold} persons were left out.",
            threshold=policy.min_persons,
        ),
        say("Give one of the two counts, or round both."),
    )
