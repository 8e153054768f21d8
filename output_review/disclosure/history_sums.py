"""Three numbers from which a handful of persons can be computed, when no two of them tell.

1. Everybody less two groups that are apart leaves the rest (total − 男 − 女 leaves 不明), and two groups
   together less those in either leaves those in both (A + B − A∪B). A result of at least one person and
   fewer than the policy's number describes those persons.
2. At least one of the three is new and at least one is of another file; what follows from one table
   alone is for the audit of intervals.
3. Names are taken to be apart until a number contradicts: a third group of the same whole, apart from
   both, that is larger than the rest would be.
4. A search has an end: beyond ``MOST_ITEMS`` numbers the oldest are left out, and it is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from enclave.sentences import say
from output_review.disclosure.differencing import count_the_same
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.history import Frame, History, Item
from output_review.disclosure.history_labels import NAMES, Condition, Conditions
from output_review.disclosure.history_numbers import PERSONS
from output_review.disclosure.policy import DisclosurePolicy

COMBINATION = "SDC.combination"
NOT_COMBINED = "SDC.history_not_combined"
MOST_ITEMS = 500

Matrix = NDArray[np.bool_]


@dataclass(frozen=True)
class _Numbers:
    """Numbers of persons, and how their groups lie: ``inside[i, j]`` says that i is part of j."""

    items: tuple[Item, ...]
    values: NDArray[np.int64]
    is_new: Matrix
    table: NDArray[np.int64]
    inside: Matrix
    apart: Matrix


def check_sums(
    frames: Sequence[Frame], beside: Sequence[Frame], history: History, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Every count of a file that gives a handful of persons together with two others."""
    left_out = False
    flagged: set[Place] = set()
    for frame in frames:
        others = (*history.released_frames, *beside)
        known = [old for old in others if count_the_same(frame, old, policy.min_persons)]
        if not known:
            continue
        numbers, is_whole = _gather(frame, known)
        left_out |= not is_whole
        for item in _revealing(numbers, policy.min_persons):
            if item.stated is not None and item.stated.where not in flagged:
                flagged.add(item.stated.where)
                yield _finding(item.stated.where, policy)
    if left_out:
        yield _not_combined()


def _gather(frame: Frame, known: Sequence[Frame]) -> tuple[_Numbers, bool]:
    """The new numbers and the newest of the earlier ones; each group of one table once."""
    rows: list[tuple[Item, bool, int]] = []
    seen: set[tuple[int, Conditions, int]] = set()
    for table, (one, new) in enumerate([(frame, True), *((old, False) for old in reversed(known))]):
        for item in (*one.items, *one.sums):
            key = (item.value, item.all, 0 if new else 1)
            if item.measure == PERSONS and item.value and key not in seen:
                seen.add(key)
                rows.append((item, new, table))
    kept = rows[:MOST_ITEMS]
    items = tuple(item for item, _, _ in kept)
    inside, apart = _relations([item.all for item in items])
    return (
        _Numbers(
            items,
            np.array([item.value for item in items], dtype=np.int64),
            np.array([new for _, new, _ in kept], dtype=bool),
            np.array([table for _, _, table in kept], dtype=np.int64),
            inside,
            apart,
        ),
        len(kept) == len(rows),
    )


def _relations(groups: Sequence[Conditions]) -> tuple[Matrix, Matrix]:
    """Which groups are part of which, and which have nobody in common, from their conditions."""
    conditions = sorted({condition for group in groups for condition in group}, key=_order)
    place = {condition: number for number, condition in enumerate(conditions)}
    has = np.zeros((len(groups), len(conditions)), dtype=np.int32)
    for row, group in enumerate(groups):
        for condition in group:
            has[row, place[condition]] = 1
    narrower = np.array([[a.within(b) for b in conditions] for a in conditions], dtype=np.int32)
    opposed = np.array([[a.apart_from(b) for b in conditions] for a in conditions], dtype=np.int32)
    if not conditions:
        size = (len(groups), len(groups))
        return np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    meets = (has @ narrower) > 0
    inside = (1 - meets.astype(np.int32)) @ has.T == 0
    return inside, (has @ opposed @ has.T) > 0


def _order(condition: Condition) -> tuple[str, float, float, list[str], bool]:
    return condition.axis, condition.low, condition.high, sorted(condition.names), condition.outside


def _revealing(numbers: _Numbers, threshold: int) -> Iterator[Item]:
    """New numbers that are one of three; for a sum, nothing can be marked, so its new partner is."""
    for whole in range(len(numbers.items)):
        parts = np.flatnonzero(numbers.inside[:, whole] & (numbers.values < numbers.values[whole]))
        if len(parts) < 2:
            continue
        first, second = np.triu_indices(len(parts), k=1)
        one, other = parts[first], parts[second]
        rest = numbers.values[whole] - numbers.values[one] - numbers.values[other]
        few = (np.abs(rest) < threshold) & (rest != 0)
        for i, j in zip(one[few], other[few], strict=True):
            if _counts(numbers, whole, int(i), int(j), threshold):
                yield from (numbers.items[k] for k in (whole, int(i), int(j)) if numbers.is_new[k])


def _counts(numbers: _Numbers, whole: int, one: int, other: int, threshold: int) -> bool:
    """Whether the three come from two files or more and say how many persons a group has."""
    three = [whole, one, other]
    if not numbers.is_new[three].any() or numbers.is_new[three].all():
        return False
    rest = numbers.values[whole] - numbers.values[one] - numbers.values[other]
    if rest < 0:
        return _are_either(numbers.items[whole].all, numbers.items[one].all, numbers.items[other].all)
    if not numbers.apart[one, other]:
        return False
    third = (
        numbers.inside[:, whole]
        & numbers.apart[:, one]
        & numbers.apart[:, other]
        & (numbers.values >= threshold)
    )
    return not third.any()


def _are_either(whole: Conditions, one: Conditions, other: Conditions) -> bool:
    """Whether the whole is exactly those of one name or of the other."""
    alone = [_name_alone(group, whole) for group in (one, other)]
    if alone[0] is None or alone[1] is None:
        return False
    both = Condition(NAMES, names=alone[0] | alone[1])
    return both in whole and not alone[0] & alone[1]


def _name_alone(part: Conditions, whole: Conditions) -> frozenset[str] | None:
    """The names of the one condition that the part has beside those of the whole."""
    own = [condition for condition in part if condition not in whole]
    if len(own) != 1 or own[0].axis != NAMES or own[0].outside:
        return None
    return own[0].names


def _finding(where: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        COMBINATION,
        Severity.FIX,
        where,
        say(
            "Together with two counts that are known already, this count gives a group of fewer than {threshold} persons.",
            threshold=policy.min_persons,
        ),
        say("Round the counts of this table, or leave this count out."),
    )


def _not_combined() -> Finding:
    return Finding(
        NOT_COMBINED,
        Severity.INFO,
        Place(),
        say("This project has released so many numbers that the oldest were not combined with these."),
    )
