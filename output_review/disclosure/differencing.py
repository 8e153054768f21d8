"""A number that, taken from one stated before, leaves a handful of persons.

1. Two numbers are compared when one counts a part of the other's people, by their labels: the same
   labels in another order or language, 65 and over against 66 and over, a list of codes and the same
   list with one more, everybody against men, a month's end against the next. A difference of at least
   one person and fewer than the policy's number describes those persons.
2. Sums of classes are numbers too, so a total against all of its classes in another table is compared.
3. Tables whose words name other periods or diseases are compared only where their numbers are nearly
   the same: then they count nearly the same people, whatever the words say. Honest reports of two
   months differ in most cells and in both directions.
4. Neither of two tables can count a part of the other's people where most counts are far apart, some of them
   each way. Then a small difference is chance, and for people to judge.
5. Tables that share no label are compared by their numbers alone (a translated or renamed table).
6. A number that is the rounded form of the earlier one tells nothing new; rounded tables that differ by
   less than the policy's number are for people to judge.
7. An earlier file that could not be read was not compared; people must know.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from enclave.sentences import Sentence, say
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.history import Frame, History, Item
from output_review.disclosure.history_labels import within
from output_review.disclosure.policy import DisclosurePolicy

DIFFERENCING = "SDC.differencing"
VERSIONS = "SDC.differencing_versions"
ROUNDED = "SDC.differencing_rounded"
OTHERS = "SDC.differencing_others"
OTHER_PROJECT = "SDC.differencing_projects"
NOT_COMPARED = "SDC.history_not_compared"

_FEWEST_ALIKE = 4
"""Numbers that must be alike before two tables without common labels are taken for one."""
_FEWEST_GROWN = 6
_FEWEST_APART = 10
"""Counts that must lie far apart before two tables with common labels are taken for tables of other people."""
_FEWEST_EACH_WAY = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """A new number, the earlier one, and how many persons lie between them."""

    new: Item
    old: Item
    before: Frame
    by_chance: bool = False
    """Rule 4: the two tables are about other people."""


def check_differencing(
    frames: Sequence[Frame], beside: Sequence[Frame], history: History, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Every count of a file that differs by too few persons from another one that is or will be known.

    ``beside`` are the tables of the other files of the same submission.
    """
    flagged: set[Place] = set()
    for found in _differences(frames, (*history.released_frames, *beside), policy.min_persons):
        where = found.new.stated.where if found.new.stated else Place()
        if where not in flagged:
            flagged.add(where)
            yield _finding(found, where, history.version, policy)
    if frames and any(not kept.stated.is_read for kept in history.released):
        yield _not_compared()


def check_other_projects(
    frames: Sequence[Frame], history: History, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """The same against what other projects released; what it says is for checkers alone."""
    flagged: set[Place] = set()
    for found in _differences(frames, history.frames_elsewhere, policy.min_persons):
        where = found.new.stated.where if found.new.stated else Place()
        if where not in flagged:
            flagged.add(where)
            yield Finding(
                OTHER_PROJECT,
                Severity.REVIEW,
                where,
                say(
                    "Another project released a count that differs from this one by fewer than {threshold} persons.",
                    threshold=policy.min_persons,
                ),
                say(
                    "Ask whether both projects study the same people; if they do, this count must be rounded."
                ),
                Audience.CHECKER,
            )


def _differences(new: Iterable[Frame], known: Sequence[Frame], threshold: int) -> Iterator[Difference]:
    for frame in new:
        for before in known:
            yield from _between(frame, before, threshold)


def _between(new: Frame, old: Frame, threshold: int) -> Iterator[Difference]:
    pairs = _same_labels(new, old)
    if len(pairs) * 2 < min(len(new.items), len(old.items)):
        alike = _same_numbers(new, old, threshold)
        if alike is not None:
            yield from alike
            return
    if speaks_of_others(new, old):
        if _nearly_same(pairs, threshold):
            yield from _small(pairs, old, threshold)
        return
    by_chance = _of_others(pairs, threshold)
    yield from (replace(found, by_chance=by_chance) for found in _small(pairs, old, threshold))
    if _agree(pairs, threshold):
        yield from _nested(new, old, threshold)


def count_the_same(new: Frame, old: Frame, threshold: int) -> bool:
    """Whether two tables can be computed with each other: they speak of the same people and agree on them."""
    return not speaks_of_others(new, old) and _agree(_same_labels(new, old), threshold)


def speaks_of_others(new: Frame, old: Frame) -> bool:
    """Whether captions or file names say that two tables are about other periods or diseases."""
    if new.names and old.names and not new.names & old.names:
        return True
    if new.period is None or old.period is None:
        return False
    if new.period[0] == float("-inf") and old.period[0] == float("-inf"):
        return False
    return (
        new.period != old.period
        and not _inside(new.period, old.period)
        and not _inside(old.period, new.period)
    )


def _inside(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


Pair = tuple[Item, Item]


def _same_labels(new: Frame, old: Frame) -> list[Pair]:
    """Numbers that count the same people by their own labels; equal ones of a repeated label first."""
    pairs: list[Pair] = []
    for key, mine in new.by_conditions.items():
        theirs = old.by_conditions.get(key, [])
        if len(mine) == len(theirs) == 1:
            pairs.append((mine[0], theirs[0]))
        elif theirs:
            pairs += _matched(mine, theirs)
    return pairs


def _matched(mine: Sequence[Item], theirs: Sequence[Item]) -> Iterator[Pair]:
    """Repeated labels: equal numbers belong together, then the others in their order."""
    left = list(theirs)
    rest = []
    for item in mine:
        same = next((other for other in left if other.value == item.value), None)
        if same is None:
            rest.append(item)
        else:
            left.remove(same)
            yield item, same
    yield from zip(rest, left, strict=False)


def _small(pairs: Iterable[Pair], old: Frame, threshold: int) -> Iterator[Difference]:
    for new, before in pairs:
        if 0 < abs(new.value - before.value) < threshold:
            yield Difference(new, before, old)


def _nearly_same(pairs: Sequence[Pair], threshold: int) -> bool:
    """Rule 3: half of the numbers are equal, or all have grown a little."""
    gaps = [new.value - old.value for new, old in pairs if new.value or old.value]
    if not gaps:
        return False
    if sum(gap == 0 for gap in gaps) * 2 >= len(gaps):
        return True
    one_way = all(gap >= 0 for gap in gaps) or all(gap <= 0 for gap in gaps)
    return one_way and all(abs(gap) < threshold for gap in gaps)


def _of_others(pairs: Sequence[Pair], threshold: int) -> bool:
    """Rule 4: four fifths of the counts are far apart, and hardly any is the same; not all are far the same way."""
    gaps = [new.value - old.value for new, old in pairs]
    more, fewer = (sum(way * gap >= threshold for gap in gaps) for way in (1, -1))
    far, same = more + fewer, gaps.count(0)
    return (
        far >= _FEWEST_APART
        and far * 5 >= len(pairs) * 4
        and same * 10 <= len(pairs)
        and min(more, fewer) >= max(_FEWEST_EACH_WAY, far // 20)
    )


def _agree(pairs: Sequence[Pair], threshold: int) -> bool:
    """Whether two tables count the same people where their labels are the same."""
    far = sum(abs(new.value - old.value) >= threshold for new, old in pairs)
    return far * 5 <= len(pairs)


def _same_numbers(new: Frame, old: Frame, threshold: int) -> list[Difference] | None:
    """Rule 5: what remains different of two tables with nearly the same numbers; None where they have not."""
    mine = [item for item in new.items if item.value]
    theirs = [item for item in old.items if item.value]
    if min(len(mine), len(theirs)) < _FEWEST_ALIKE:
        return None
    common = Counter(item.value for item in mine) & Counter(item.value for item in theirs)
    if common.total() * 2 >= max(len(mine), len(theirs)):
        rest, others = _without(mine, common), _without(theirs, common)
        return [
            Difference(item, other, old)
            for item in rest
            for other in others
            if 0 < abs(item.value - other.value) < threshold
        ]
    if len(mine) == len(theirs) >= _FEWEST_GROWN:
        pairs = list(zip(sorted(mine, key=_value), sorted(theirs, key=_value), strict=True))
        if _nearly_same(pairs, threshold) and min(item.value for item in mine) > threshold:
            return list(_small(pairs, old, threshold))
    return None


def _value(item: Item) -> int:
    return item.value


def _without(items: Sequence[Item], common: Counter[int]) -> list[Item]:
    left = Counter(common)
    rest = []
    for item in items:
        if left[item.value]:
            left[item.value] -= 1
        else:
            rest.append(item)
    return rest


def _nested(new: Frame, old: Frame, threshold: int) -> Iterator[Difference]:
    """Rule 1 for labels that are not the same, and rule 2."""
    for mine, theirs in ((new.items, (*old.items, *old.sums)), (new.sums, old.items)):
        if not mine or not theirs:
            continue
        ours = np.array([item.value for item in mine], dtype=np.int64)
        past = np.array([item.value for item in theirs], dtype=np.int64)
        gaps = ours[:, None] - past[None, :]
        for i, j in np.argwhere((np.abs(gaps) < threshold) & (gaps != 0)):
            one, other = mine[i], theirs[j]
            if one.measure != other.measure or one.own == other.own:
                continue
            narrow, wide = (one, other) if one.value < other.value else (other, one)
            if within(narrow.all, wide.all) and narrow.all != wide.all:
                yield Difference(one, other, old)


def _finding(found: Difference, where: Place, version: str, policy: DisclosurePolicy) -> Finding:
    base = found.before.base
    if base > 1 and found.new.value % base == 0 and found.old.value % base == 0:
        return Finding(
            ROUNDED,
            Severity.REVIEW,
            where,
            say(
                "This rounded count differs from an earlier one by one step; the persons between them may be few."
            ),
            say("Keep the number as it was released, or round to a larger step."),
        )
    if found.by_chance:
        return Finding(
            OTHERS,
            Severity.REVIEW,
            where,
            say(
                "This count differs by fewer than {threshold} persons from the same count in another table, whose other counts are far from these.",
                threshold=policy.min_persons,
            ),
            say("If both tables count the same people here, keep one of them or round both."),
        )
    changed = bool(version and found.before.version and version != found.before.version)
    return Finding(
        VERSIONS if changed else DIFFERENCING,
        Severity.FIX,
        where,
        _changed(policy) if changed else _differs(policy),
        say("Keep the number as it was released, round both, or wait until the difference is large enough."),
    )


def _differs(policy: DisclosurePolicy) -> Sentence:
    return say(
        "This count differs from the same count in an earlier release, or in another file of this request, by fewer than {threshold} persons.",
        threshold=policy.min_persons,
    )


def _changed(policy: DisclosurePolicy) -> Sentence:
    return say(
        "The data changed between an earlier release and this one, and this count differs by fewer than {threshold} persons.",
        threshold=policy.min_persons,
    )


def _not_compared() -> Finding:
    return Finding(
        NOT_COMPARED,
        Severity.REVIEW,
        Place(),
        say("An earlier release holds a file that could not be read, so this file was not compared with it."),
    )
