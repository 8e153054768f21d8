"""Counts of too few persons that percentages give away.

1. A percentage with a known number of persons is a count. That number is, in this order: the one in the
   row's or the column's own label, a count of persons beside it in the row, the total of its column,
   the one that the words beside the table give, or what the other rows' counts and percentages imply.
2. A count that stands beside its percentage is judged by itself: the percentage adds nothing. Where the
   count beside it is no part of the same whole, the percentage is one of that count.
3. Percentages of a whole without any number of persons are judged by the smallest number that fits
   them all, as far as that is no accident (``consistent_counts.luck``).
4. Nearly everybody is a small count as well (99.3 % of 412 leaves three); people look.
5. Measures that are written in per cent (HbA1c, SpO2, change, sensitivity) are no shares of persons.
6. A rate with a population that anybody can look up is a count.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from enclave.sentences import say
from output_review.disclosure.consistent_counts import (
    Share,
    luck,
    persons_behind,
    runs_of_wholes,
    share_of,
    smallest_persons,
)
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import COUNTS, Quantity
from output_review.disclosure.structure import Entry, Structured, normal
from output_review.disclosure.written_numbers import WrittenNumber, written_numbers

IN_PERCENTAGE = "SDC.hidden_in_percentage"
IN_SMALL_BASE = "SDC.hidden_in_small_base"

_LONGEST_TITLE = 60
_MOST_IMPLIED = 10**8
_MAYBE_SHARES = frozenset(
    {
        Quantity.PROPORTION,
        Quantity.RATE,
        Quantity.SURVIVAL,
        Quantity.MEASURE,
        Quantity.UNKNOWN,
        Quantity.OBSERVED,
    }
)
_IS_N = re.compile(
    r"n|例数|人数|症例数|対象者?数|患者数|解析対象(?:者?数)?|母数|number(?: of patients)?|patients|count"
)
_BEHIND = re.compile(r"\S\s*[(\[（]\s*(?P<x>\d{1,3}(?:\.\d+)?)\s*(?P<sign>[%％])?\s*[)\]）]\s*$")
_PER_CENT = re.compile(r"%|割合|構成比|percent|\bpct\b")
NO_SHARE = re.compile(
    r"hba1c|hb ?a1c|spo2|sao2|酸素飽和|駆出率|\bl?v?ef\b|ヘマトクリット|hematocrit|\bhct\b|fev|%vc|肺活量|変化|増減|増加率|減少率|伸び|率差|リスク差|群間差|\bdifference\b|\bdiff\b"
    r"|前年|change|growth|感度|特異度|sensitivity|specificity|的中率|predictive|寄与率|explained|r2|cv|変動係数|信頼区間|\bci\b"
    r"|利率|税率|負担割合|加算率|濃度|concentration|体脂肪|body fat|相対|relative|効率|稼働率|利用率|遵守率|回答率|response rate"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A percentage of a table as a share, where it stands, and how it is written."""

    entry: Entry
    share: Share
    number: WrittenNumber


@dataclass(frozen=True, slots=True)
class _Whole:
    """How many counts stand beside a column's percentages, and the N that fit them all."""

    pairs: int
    persons: range


def check_percentages(structured: Structured, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every percentage of a table that is a small count."""
    shown = [found for entry in structured.entries.values() if (found := _as_share(structured, entry))]
    if not shown:
        return
    told = False
    totals = [row.index for row in structured.rows if row.is_total or _IS_N.fullmatch(normal(row.name))]
    wholes = _implied(structured, shown)
    for one in shown:
        persons = _persons(structured, one, wholes, totals)
        if persons is None or one.entry.position[0] in totals:
            continue
        told = True
        yield from _judge(structured, one, persons, policy)
    if not told and not _counts_anything(structured):
        yield from _without_persons(structured, shown, policy)


def _as_share(structured: Structured, entry: Entry) -> _Shown | None:
    found = written_share(structured, entry)
    words = [*entry.key.rows, *entry.key.columns]
    if found is None or any(NO_SHARE.search(word) for word in words):
        return None
    number, is_percentage = found
    if not 0 <= number.value <= (100 if is_percentage else 1):
        return None
    return _Shown(entry, share_of(number, is_percentage=is_percentage), number)


def written_share(structured: Structured, entry: Entry) -> tuple[WrittenNumber, bool] | None:
    """The share that a cell writes, and whether it is in per cent; None where it writes none."""
    number = entry.percentage or _share_in_parentheses(structured, entry)
    if number is not None:
        return number, True
    if entry.quantity not in _MAYBE_SHARES or not entry.numbers or entry.count is not None:
        return None
    words = (*entry.key.rows, *entry.key.columns)
    if any(_PER_CENT.search(word) for word in words):
        return entry.numbers[0], True
    if entry.quantity is Quantity.UNKNOWN and entry.places and _are_titled(structured.notes):
        return entry.numbers[0], True
    if entry.quantity is not Quantity.PROPORTION:
        return None
    others = structured.column(entry.position[1])
    return entry.numbers[0], any(other.number is not None and other.number > 1 for other in others)


@lru_cache(maxsize=64)
def _are_titled(notes: tuple[str, ...]) -> bool:
    """Whether a title, which is no sentence, says that the numbers of a table are percentages."""
    lines = [normal(line) for note in notes for line in note.split("\n") if "|" not in line]
    return any(
        len(line) <= _LONGEST_TITLE
        and _PER_CENT.search(line)
        and not NO_SHARE.search(line)
        and not re.search(r"\d\s*%|[。.]$", line)
        for line in lines
    )


def _share_in_parentheses(structured: Structured, entry: Entry) -> WrittenNumber | None:
    """The share behind a count or a mask, ``120 (29.1)`` or ``* (0.7)``, where no sign says that it is one.

    A number in parentheses is taken for a share when its column's whole counts say so: each is, within a
    point, the share of its count in the column's own number of persons.
    """
    match = _BEHIND.search(entry.cell.text)
    if match is None or (entry.count is None and entry.mask is None):
        return None
    numbers = written_numbers(match["x"])
    if not numbers:
        return None
    if match["sign"] or any(_PER_CENT.search(word) for word in (*entry.key.rows, *entry.key.columns)):
        return numbers[0]
    base = structured.columns[entry.position[1]].base or structured.base
    others = structured.column(entry.position[1]) if entry.count is None else (entry,)
    pairs = [
        (other.count, float(found["x"]))
        for other in others
        if other.count is not None and (found := _BEHIND.search(other.cell.text))
    ]
    if not base or not pairs:
        return None
    agreeing = sum(1 for count, share in pairs if abs(100 * count / base - share) <= 1)
    return numbers[0] if 2 * agreeing > len(pairs) else None


def _persons(
    structured: Structured, one: _Shown, wholes: Mapping[int, _Whole], totals: Sequence[int]
) -> range | None:
    """Rule 1: the number of persons that a percentage is a share of; None where nothing tells or rule 2 holds."""
    row, column = one.entry.position
    if one.entry.count is not None:
        return None
    labelled = [base for base in (structured.rows[row].base, structured.columns[column].base) if base]
    others = [base for base in (_column_total(structured, column, totals), structured.base) if base]
    beside = _count_beside(structured, one)
    if beside is not None and _is_of_whole(one, beside, wholes, [*labelled, *others]):
        return None
    known = [*labelled, *([] if beside is None else [beside]), *others]
    if known:
        return range(known[0], known[0] + 1)
    implied = wholes[column].persons
    return implied if len(implied) > 0 and implied[-1] < _MOST_IMPLIED else None


def _column_total(structured: Structured, column: int, totals: Sequence[int]) -> int | None:
    """The count in a row of totals or of numbers of persons: in the percentage's own column, or in the count column before it."""
    for row in totals:
        for index in range(column, -1, -1):
            entry = structured.entries.get((row, index))
            if entry is not None and entry.count is not None:
                return entry.count
    return None


def _count_beside(structured: Structured, one: _Shown) -> int | None:
    """The nearest count in the row, before the percentage else after it."""
    row, column = one.entry.position
    order = [*range(column - 1, -1, -1), *range(column + 1, len(structured.columns))]
    for index in order:
        entry = structured.entries.get((row, index))
        if entry is None or structured.columns[index].is_label:
            continue
        if entry.mask is not None:
            return None
        if entry.count is not None:
            return entry.count
    return None


def _is_of_whole(one: _Shown, count: int, wholes: Mapping[int, _Whole], bases: Sequence[int]) -> bool:
    """Rule 2: whether the count beside a percentage is the counted part itself."""
    if any(count in one.share.counts(base) for base in bases):
        return True
    whole = wholes[one.entry.position[1]]
    return whole.pairs > 1 and len(whole.persons) > 0


def _implied(structured: Structured, shown: Sequence[_Shown]) -> dict[int, _Whole]:
    """For each column of percentages: what its counts and the percentages beside them say of the whole."""
    found: dict[int, list[tuple[int, Share]]] = {}
    for one in shown:
        count = one.entry.count
        count = _count_beside(structured, one) if count is None else count
        pairs = found.setdefault(one.entry.position[1], [])
        if count is not None:
            pairs.append((count, one.share))
    return {column: _Whole(len(pairs), persons_behind(pairs)) for column, pairs in found.items()}


def _judge(
    structured: Structured, one: _Shown, persons: range, policy: DisclosurePolicy
) -> Iterator[Finding]:
    low, high = one.share.counts(persons[0]), one.share.counts(persons[-1])
    if not low or not high:
        return
    least, most = low[0], high[-1]
    place = structured.table.place(one.entry.cell)
    if most and most < policy.min_persons and (least > 0 or one.number.value > 0):
        yield _in_percentage(Severity.FIX, place, policy)
    elif persons[0] >= policy.min_persons:
        rest = (persons[0] - low[-1], persons[-1] - high[0])
        if rest[0] > 0 and 0 < rest[1] < policy.min_persons:
            yield Finding(
                IN_PERCENTAGE,
                Severity.REVIEW,
                place,
                say(
                    "This percentage leaves fewer than {threshold} persons out.", threshold=policy.min_persons
                ),
                say("Round the percentage, or leave it out."),
            )


def _in_percentage(severity: Severity, place: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        IN_PERCENTAGE,
        severity,
        place,
        say(
            "This percentage stands for fewer than {threshold} persons, because its number of persons is known.",
            threshold=policy.min_persons,
        ),
        say("Mask the percentage too, or compute it from rounded counts."),
    )


def _counts_anything(structured: Structured) -> bool:
    return structured.base is not None or any(
        entry.quantity in COUNTS and (entry.count is not None or entry.mask is not None)
        for entry in structured.entries.values()
    )


def _without_persons(
    structured: Structured, shown: Sequence[_Shown], policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Rule 3: each column, else each row, of percentages of a whole."""
    by_column: dict[int, list[_Shown]] = {}
    by_row: dict[int, list[_Shown]] = {}
    for one in shown:
        row, column = one.entry.position
        if (
            one.number.places
            and not structured.rows[row].is_total
            and not structured.columns[column].is_total
        ):
            by_column.setdefault(column, []).append(one)
            by_row.setdefault(row, []).append(one)
    for group in (*by_column.values(), *by_row.values()):
        wholes = list(_wholes(group))
        if wholes:
            yield from _smallest(structured, wholes, policy)


def _wholes(group: Sequence[_Shown]) -> Iterator[list[_Shown]]:
    """Runs of percentages that are everybody together."""
    for run in runs_of_wholes([one.share for one in group]):
        yield [group[place] for place in run]


def _smallest(
    structured: Structured, wholes: Sequence[Sequence[_Shown]], policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Rule 3: all wholes of a column together, since they are of the same persons."""
    shares = [[one.share for one in whole] for whole in wholes]
    persons = smallest_persons(shares)
    if persons is None or luck(shares, persons) >= policy.accident_percent / 100:
        return
    for one in (one for whole in wholes for one in whole):
        counts = one.share.counts(persons)
        if one.number.value and counts and counts[0] < policy.min_persons:
            yield Finding(
                IN_SMALL_BASE,
                Severity.FIX,
                structured.table.place(one.entry.cell),
                say(
                    "These percentages fit a small number of persons, and then this one stands for fewer than {threshold}.",
                    threshold=policy.min_persons,
                ),
                say(
                    "Give percentages without decimals, or state a number of persons that shows that they are many."
                ),
            )
