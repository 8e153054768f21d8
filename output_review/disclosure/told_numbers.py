"""Small numbers that words tell without writing them: by subtraction, as a fraction, as a ratio, at a range's end.

1. Everybody and a part of them in one sentence (全体1,000名、うち998名) tell the others.
2. A fraction of a stated number of persons (1,200名のうち400分の1) is a count; one over a large number that is
   not round (1/1203) was one person.
3. A ratio of whole numbers (男女比は1200:3) shows both counts.
4. Ages from one end to the other of those who were counted (18歳から109歳、平均67歳) are two persons' ages. What
   a study asked for (18歳から79歳を対象) is none.
"""

import re
from collections.abc import Iterator
from typing import Final

from catalog.identifiers.numerals import read_whole_number
from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.positions import EXTREME
from output_review.disclosure.submissions import FileKind

IN_WORDS: Final = "SDC.hidden_in_words"
_N: Final = r"(?<!\d)(\d{1,3}(?:,\d{3})++|\d++)"
_UNIT: Final = r"\s*(?:名|例|人|症例|patients|persons|people|subjects|participants)"
_PART: Final = re.compile(
    rf"{_N}{_UNIT}[^。\d\n]{{0,12}}?(?:うち|中(?!央|等)|\bof whom\b|\bof these\b|\bof which\b)[^。\d\n]{{0,20}}{_N}{_UNIT}"
)
_OF_STATED: Final = re.compile(rf"{_N}{_UNIT}[^。\d\n]{{0,12}}?(\d++)\s*分の\s*(\d++)")
_ONE_OF: Final = re.compile(
    r"(?<![\d/.,-])([1-9])\s*(?:/|in|out of)\s*(\d{1,3}(?:,\d{3})++|\d{3,}+)(?![/.,]?\d|\s*(?:年|月))"
)
_RATIO: Final = re.compile(r"(?:比|\bratio)[^\d。\n]{0,8}(\d++)\s*(?:[:：]|対|\bto\b)\s*(\d++)(?!\.)")
_AGES: Final = re.compile(
    r"(?:年齢|\bages?\b|\baged\b)[^\d。\n]{0,14}?(\d{1,3})\s*歳?\s*(?:から|[~〜～–-]|\bto\b)\s*(\d{2,3})\s*(?:歳|years?|y\b)?(?P<behind>.{0,30})"
)
_MEASURED: Final = re.compile(r"平均|中央値|標準偏差|±|\bmean\b|\bmedian\b|\bsd\b|\brange\b|範囲")
_OLD: Final = 100
_YEARS: Final = range(1900, 2101)


def check_told_numbers(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every small number that the words of a running text tell."""
    if examined.file.kind is not FileKind.TEXT:
        return
    for passage in examined.passages:
        folded = fold(passage.text)
        for start, end in _counts(folded.text, policy):
            yield _told(passage.place(*folded.span(start, end)), policy)
        for ages in _AGES.finditer(folded.text):
            low, high = int(ages[1]), int(ages[2])
            if low < high and (high >= _OLD or _MEASURED.search(ages["behind"])):
                yield _extreme(passage.place(*folded.span(ages.start(1), ages.end(2))))


def _counts(text: str, policy: DisclosurePolicy) -> Iterator[tuple[int, int]]:
    """Where fewer persons are told than the policy allows."""
    for part in _PART.finditer(text):
        if 0 < _whole(part[1]) - _whole(part[2]) < policy.min_persons:
            yield part.span(2)
    for share in _OF_STATED.finditer(text):
        if 0 < _whole(share[1]) * int(share[3]) < policy.min_persons * int(share[2]):
            yield share.start(2), share.end(3)
    for one in _ONE_OF.finditer(text):
        of = _whole(one[2])
        if (
            of % 10 and of & (of - 1) and of not in _YEARS
        ):  # 1/1000 is a rate, 1/128 a dilution, 3/2024 a month
            yield one.span()
    for ratio in _RATIO.finditer(text):
        less, more = sorted((int(ratio[1]), int(ratio[2])))
        if 0 < less < policy.min_persons and more >= policy.min_persons**2:
            yield ratio.span()


def _whole(digits: str) -> int:
    return read_whole_number(digits) or 0


def _told(place: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        IN_WORDS,
        Severity.FIX,
        place,
        say("These words tell a number of fewer than {threshold} persons.", threshold=policy.min_persons),
        say("Leave it out, or round both numbers."),
    )


def _extreme(place: Place) -> Finding:
    return Finding(
        EXTREME,
        Severity.FIX,
        place,
        say("The ends of this range are the values of single persons."),
        say("Give percentiles, or the ages that the study asked for."),
    )
