"""Small numbers of persons that the statistics of running text give away.

1. Only files of running text are read here; the cells of a table are judged where their table is.
2. A text that states one number of persons for all (対象は412名, N = 412, we included 412 patients) gives every
   share in it that number, also in another sentence. Where a text states several such numbers, none holds.
3. Shares of one sentence that are everybody together, in a text without a number of persons, are judged
   by the smallest number that fits them, as in a table.
4. A mean and a sum of one sentence, a mean with many decimals, and a share with its 95 % interval are
   judged as in a table.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.identifiers.numerals import read_whole_number
from catalog.identifiers.written_forms import Folded, fold
from enclave.sentences import Sentence, say
from output_review.disclosure.consistent_counts import (
    Share,
    denominator,
    half_unit,
    luck,
    share_of,
    smallest_persons,
)
from output_review.disclosure.examined import ExaminedFile, Passage
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.hidden_percentages import IN_PERCENTAGE, IN_SMALL_BASE, NO_SHARE
from output_review.disclosure.hidden_statistics import IN_INTERVAL, IN_MEAN
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.submissions import FileKind
from output_review.disclosure.written_numbers import WrittenNumber, written_numbers

_N = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)"
_UNIT = r"\s*(?:名|例|人|症例)"
_BASES = (
    re.compile(rf"(?:対象|全|総数|合計|母数|解析|登録)[^。\d\n]{{0,12}}?{_N}{_UNIT}"),
    re.compile(rf"(?<![a-z0-9])n\s*[=:]\s*{_N}(?![.,]?\d)"),
    re.compile(
        rf"(?:included|enrolled|analy[sz]ed|studied|total of|in all)\s+(?:a total of\s+)?{_N}\s+(?:\w+\s+)?(?:patients|persons|people|subjects|participants|individuals|cases)"
    ),
)
_SHARE = re.compile(
    r"(?<![\d.,\-~〜–])(?P<p>\d{1,3}\.\d+|\d{1,2})\s*%(?!\s*(?:信頼|ci\b|以上|以下|未満|超|の?(?:増|減|上昇|低下|改善|変化)|confidence|increase|decrease|水準|level|[-~〜–]))"
)
_SENTENCE = re.compile(r"[^。\n]+?(?=。|\n|\.\s|$)")
_FRACTION = re.compile(r"\d+\.\d{4,}")
_MEAN = re.compile(r"(?:平均値?|mean|average)[^\d。\n]{0,12}(?P<x>\d+(?:\.\d+)?)")
_SUM = re.compile(
    r"(?:合計値?|総和|総計|\bsum|total)[^\d。\n]{0,12}(?P<x>\d[\d,]*(?:\.\d+)?)(?!\s*(?:名|例|人|件|patients|persons))"
)
_INTERVAL = re.compile(
    r"(?P<p>\d{1,3}(?:\.\d+)?)\s*%?\s*[(\[,、]?\s*95\s*%?\s*(?:信頼区間|ci|confidence interval)[^\d\n。]{0,6}(?P<low>\d{1,3}(?:\.\d+)?)\s*%?\s*(?:-|~|〜|–|,|to|から)\s*(?P<high>\d{1,3}(?:\.\d+)?)\s*%"
)
_CONTEXT = 16
_Z = 1.959964
_FEW = 120


@dataclass(frozen=True, slots=True)
class _Said:
    """A share in words: where, and what it stands for."""

    start: int
    end: int
    number: WrittenNumber
    share: Share


def check_sentences(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every statistic in running text that tells a small number of persons."""
    if examined.file.kind is not FileKind.TEXT:
        return
    in_tables = {cell.row for table in examined.tables for row in (table.header, *table.rows) for cell in row}
    for passage in examined.passages:
        folded = fold(passage.text)
        bases = {_whole(match["n"]) for pattern in _BASES for match in pattern.finditer(folded.text)}
        base = bases.pop() if len(bases) == 1 else None
        for sentence in _SENTENCE.finditer(folded.text):
            line = folded.text.count("\n", 0, sentence.start()) + 1
            if line in in_tables:
                continue
            shares = list(_shares(folded.text, sentence.start(), sentence.end()))
            if base is not None:
                yield from _of_base(passage, folded, shares, base, policy)
            elif not bases:
                yield from _of_nobody(passage, folded, shares, policy)
                yield from _interval(passage, folded, sentence.start(), sentence.group())
            yield from _means(passage, folded, sentence.start(), sentence.group(), policy)


def _whole(digits: str) -> int:
    return read_whole_number(digits) or 0


def _shares(text: str, start: int, end: int) -> Iterator[_Said]:
    for match in _SHARE.finditer(text, start, end):
        words = text[max(start, match.start() - _CONTEXT) : min(end, match.end() + _CONTEXT // 2)]
        numbers = written_numbers(match["p"])
        if numbers and not NO_SHARE.search(words):
            yield _Said(*match.span(), numbers[0], share_of(numbers[0], is_percentage=True))


def _of_base(
    passage: Passage, folded: Folded, shares: Sequence[_Said], persons: int, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Rule 2."""
    for said in shares:
        counts = said.share.counts(persons)
        if said.number.value and counts and 0 < counts[-1] < policy.min_persons:
            yield _finding(
                IN_PERCENTAGE,
                Severity.FIX,
                passage,
                folded,
                (said.start, said.end),
                say(
                    "This percentage stands for fewer than {threshold} persons, because its number of persons is known.",
                    threshold=policy.min_persons,
                ),
                say("Mask the percentage too, or compute it from rounded counts."),
            )


def _of_nobody(
    passage: Passage, folded: Folded, shares: Sequence[_Said], policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Rule 3."""
    exact = [said for said in shares if said.number.places]
    slack = sum((said.share.width for said in exact), Decimal(0))
    total = sum((said.share.low + said.share.high for said in exact), Decimal(0)) / 2
    if len(exact) < 2 or abs(total - 1) > slack:  # two parts at least
        return
    whole = [[said.share for said in exact]]
    persons = smallest_persons(whole)
    if persons is None or luck(whole, persons) >= policy.accident_percent / 100:
        return
    for said in exact:
        counts = said.share.counts(persons)
        if said.number.value and counts and counts[0] < policy.min_persons:
            yield _finding(
                IN_SMALL_BASE,
                Severity.FIX,
                passage,
                folded,
                (said.start, said.end),
                say(
                    "These percentages fit a small number of persons, and then this one stands for fewer than {threshold}.",
                    threshold=policy.min_persons,
                ),
                say(
                    "Give percentages without decimals, or state a number of persons that shows that they are many."
                ),
            )


def _means(
    passage: Passage, folded: Folded, offset: int, sentence: str, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Rule 4, the mean."""
    mean, total = _MEAN.search(sentence), _SUM.search(sentence)
    if mean is None:
        return
    number = written_numbers(mean["x"])[0]
    if _FRACTION.fullmatch(mean["x"]) and (denominator(number, policy.min_persons - 1) or 1) > 1:
        yield _mean_finding(passage, folded, (offset + mean.start("x"), offset + mean.end("x")), policy)
    if total is None or not number.value:
        return
    whole = written_numbers(total["x"])[0]
    slack = half_unit(whole)
    if any(
        abs(number.value * persons - whole.value) <= half_unit(number) * persons + slack
        for persons in range(2, policy.min_persons)
    ):
        yield _mean_finding(passage, folded, (offset + total.start("x"), offset + total.end("x")), policy)


def _mean_finding(
    passage: Passage, folded: Folded, span: tuple[int, int], policy: DisclosurePolicy
) -> Finding:
    return _finding(
        IN_MEAN,
        Severity.FIX,
        passage,
        folded,
        span,
        say(
            "Mean and sum, or the decimals of the mean, tell that fewer than {threshold} persons may be behind it.",
            threshold=policy.min_persons,
        ),
        say("Give the mean with one decimal, and the number of persons beside it."),
    )


def _interval(passage: Passage, folded: Folded, offset: int, sentence: str) -> Iterator[Finding]:
    """Rule 4, the interval."""
    for match in _INTERVAL.finditer(sentence):
        share, low, high = (float(match[name]) / 100 for name in ("p", "low", "high"))
        if not low <= share <= high or not 0 < share < 1 or low == high:
            continue
        persons = share * (1 - share) * (2 * _Z / (high - low)) ** 2
        if persons < _FEW or min(share, 1 - share) * persons < _FEW / 6:
            yield _finding(
                IN_INTERVAL,
                Severity.REVIEW,
                passage,
                folded,
                (offset + match.start(), offset + match.end()),
                say(
                    "This share and its confidence interval tell how many persons are behind it, and they are few."
                ),
                say("State the number of persons, and leave out shares of small groups."),
            )


def _finding(
    rule: str,
    severity: Severity,
    passage: Passage,
    folded: Folded,
    span: tuple[int, int],
    message: Sentence,
    remedy: Sentence,
) -> Finding:
    return Finding(rule, severity, passage.place(*folded.span(*span)), message, remedy)
