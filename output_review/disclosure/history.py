"""What a project has stated before, and the same read for comparison.

1. A kept file belongs to a request, a project and a version of the extract. ``released`` has left,
   ``refused`` was rejected by people, ``asked`` was checked whatever became of it, ``elsewhere`` was
   released by other projects: only checkers may learn what follows from that.
2. A ``Frame`` is a table read for comparison: each number with its conditions. What captions and the
   file's name say of codes, ages and exclusions belongs to every number of the table; the period and
   the diseases that they name only say how far two tables speak of the same people.
3. Sums that anybody can make are numbers too: over all classes of a label, and over neighbouring
   classes of an age or a time.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.identifiers.written_forms import fold
from output_review.disclosure.history_labels import (
    MEASURED,
    NAMES,
    Condition,
    Conditions,
    codes_in,
    conditions_of,
    said_in_words,
)
from output_review.disclosure.history_numbers import Label, StatedFile, StatedNumber, StatedTable
from output_review.disclosure.history_synonyms import APART, SAME
from output_review.disclosure.history_times import Span, is_cumulative, is_running_total, times_in

MOST_CLASSES = 30
"""Classes of one label of which neighbouring sums are made."""
_FEWEST_ROUNDED = 4
_EVERYBODY = re.compile(
    r"全(?:体|施設|病院|医療機関|例|症例|患者|員|期間|国|群|年度|年|年齢|診療科|疾患|対象|コホート)|両群|両方|男女計|合算|すべて|全て|総計|合計"
    r"|\b(?:all|both|overall|combined|whole|entire|everybody|total)\b"
)
_WORD = re.compile(r"[a-z][a-z0-9' -]*[a-z0-9]")
_KNOWN = {
    word: name
    for word, name in SAME.items()
    if name not in APART and len(word) >= (4 if word.isascii() else 2)
}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of an earlier request, and what it stated."""

    request: str
    project: str
    version: str
    """Of the extract it was made from; empty where that is not known."""
    stated: StatedFile


@dataclass(frozen=True)
class History:
    """Everything a file is compared with, read for comparison once."""

    released: tuple[KeptFile, ...] = ()
    refused: tuple[KeptFile, ...] = ()
    asked: tuple[KeptFile, ...] = ()
    elsewhere: tuple[KeptFile, ...] = ()
    version: str = ""
    """Of the extract that the files under check were made from."""

    def for_author(self) -> "History":
        """Without what other projects released."""
        return History(self.released, self.refused, self.asked, (), self.version)

    @cached_property
    def released_frames(self) -> "tuple[Frame, ...]":
        """The tables that have left."""
        return tuple(frame for kept in self.released for frame in frames_of(kept))

    @cached_property
    def asked_frames(self) -> "tuple[Frame, ...]":
        """The tables that were checked."""
        return tuple(frame for kept in self.asked for frame in frames_of(kept))

    @cached_property
    def frames_elsewhere(self) -> "tuple[Frame, ...]":
        """The tables that other projects released."""
        return tuple(frame for kept in self.elsewhere for frame in frames_of(kept))


NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class Item:
    """A number with its meaning: its own conditions, and those with the table's words; ``stated`` is None for a sum."""

    value: int
    measure: str
    own: Conditions
    all: Conditions
    stated: StatedNumber | None = None


@dataclass(frozen=True)
class Frame:
    """A table read for comparison."""

    request: str
    file: str
    version: str
    items: tuple[Item, ...]
    said: Conditions
    """What the caption says of everybody in the table."""
    is_cumulative: bool
    names: frozenset[str]
    """Diseases and places that the caption names."""
    period: Span | None
    """What the caption, or else the file's name, speaks of."""
    figures: tuple[str, ...]
    """Every number written in its file."""
    base: int
    """What all counts are multiples of: 5 or 10 of a rounded table, else 1."""
    is_whole: bool = False
    """Whether its caption, or else its file's name, says that it counts everybody."""

    @cached_property
    def sums(self) -> tuple[Item, ...]:
        """The sums that anybody can make of it."""
        numbers = [item.stated for item in self.items if item.stated is not None]
        return tuple(_sums(numbers, self.said, cumulative=self.is_cumulative))

    @cached_property
    def by_conditions(self) -> dict[tuple[str, Conditions], list[Item]]:
        """The numbers by what they count."""
        found: dict[tuple[str, Conditions], list[Item]] = {}
        for item in self.items:
            found.setdefault((item.measure, item.own), []).append(item)
        return found


def frames_of(kept: KeptFile) -> tuple[Frame, ...]:
    """Every table of a kept file, read for comparison."""
    return tuple(_frame(kept, table) for table in kept.stated.tables)


def _frame(kept: KeptFile, table: StatedTable) -> Frame:
    caption = fold(" ".join(table.context)).text
    cumulative = is_cumulative(caption)
    said = said_in_words(caption)
    items = tuple(_item(number, said, cumulative=cumulative) for number in table.numbers)
    period = times_in(caption) or times_in(fold(kept.stated.name).text)
    if period is not None and cumulative:
        period = (float("-inf"), period[1])
    return Frame(
        kept.request,
        kept.stated.name,
        kept.version,
        items,
        said,
        cumulative,
        _names_in(caption),
        period,
        kept.stated.figures,
        _base(items),
        bool(_EVERYBODY.search(caption or re.sub(r"[_.-]", " ", fold(kept.stated.name).text))),
    )


def _item(number: StatedNumber, said: Conditions, *, cumulative: bool) -> Item:
    own = _conditions(number.labels, cumulative=cumulative)
    return Item(number.value, number.measure, own, own | said, number)


def _conditions(labels: Sequence[Label], *, cumulative: bool) -> Conditions:
    cumulative |= any(is_running_total(fold(words).text) for label in labels for words in label)
    return frozenset().union(
        *(conditions_of(header, label, cumulative=cumulative) for header, label in labels)
    )


def _names_in(caption: str) -> frozenset[str]:
    """Known diseases and places in a caption."""
    words = set(_WORD.findall(caption))
    found = {name for word, name in _KNOWN.items() if not word.isascii() and word in caption}
    found |= {
        name
        for word, name in _KNOWN.items()
        if word.isascii() and any(re.search(rf"\b{re.escape(word)}\b", w) for w in words)
    }
    return frozenset(found) | codes_in(caption)


def _base(items: Sequence[Item]) -> int:
    counts = [item.value for item in items if item.value]
    if len(counts) < _FEWEST_ROUNDED:
        return 1
    return next((base for base in (10, 5) if all(count % base == 0 for count in counts)), 1)


def _sums(numbers: Sequence[StatedNumber], said: Conditions, *, cumulative: bool) -> Iterator[Item]:
    """Sums over all classes of one or more labels, and over neighbours of an age or a time."""
    depth = max((len(number.labels) for number in numbers), default=0)
    level = [
        (number.value, number.measure, number.labels) for number in numbers if len(number.labels) == depth
    ]
    for size in range(1, min(depth, 3) + 1):
        for places in itertools.combinations(range(depth), size):
            yield from _summed(level, places, said, cumulative=cumulative, runs=size == 1)


Row = tuple[int, str, tuple[Label, ...]]


def _summed(
    rows: Sequence[Row], places: tuple[int, ...], said: Conditions, *, cumulative: bool, runs: bool
) -> Iterator[Item]:
    groups: dict[tuple[str, tuple[Label, ...]], list[tuple[int, tuple[Conditions, ...]]]] = {}
    for value, measure, labels in rows:
        classes = tuple(conditions_of(*labels[place], cumulative=cumulative) for place in places)
        if all(classes):
            rest = tuple(label for place, label in enumerate(labels) if place not in places)
            groups.setdefault((measure, rest), []).append((value, classes))
    for (measure, rest), members in groups.items():
        if len(members) < 2 or len({classes for _, classes in members}) < len(members):
            continue
        own = _conditions(rest, cumulative=cumulative)
        together = _union([classes for _, classes in members])
        if together is not None:
            yield Item(sum(value for value, _ in members), measure, own | together, own | together | said)
        if runs and 2 < len(members) <= MOST_CLASSES and _is_measured(members[0][1][0]):
            yield from _runs(measure, own, said, [(value, classes[0]) for value, classes in members])


def _union(members: Sequence[tuple[Conditions, ...]]) -> Conditions | None:
    """One condition a label that holds exactly for the people of all classes; None where there is none."""
    found: set[Condition] = set()
    for place in range(len(members[0])):
        classes = {member[place] for member in members}
        if any(len(conditions) != 1 for conditions in classes):
            return None
        one = _joined([next(iter(conditions)) for conditions in classes])
        if one is None:
            return None
        found.add(one)
    return frozenset(found)


def _joined(conditions: Sequence[Condition]) -> Condition | None:
    """The condition that exactly those meet who meet one of these."""
    axes = {condition.axis for condition in conditions}
    if len(axes) != 1 or any(condition.outside for condition in conditions):
        return None
    if axes == {NAMES}:
        return Condition(NAMES, names=frozenset().union(*(condition.names for condition in conditions)))
    ordered = sorted(conditions, key=lambda condition: condition.low)
    if any(a.high != b.low for a, b in itertools.pairwise(ordered)):
        return None
    return Condition(axes.pop(), ordered[0].low, ordered[-1].high)


def _is_measured(conditions: Conditions) -> bool:
    """Whether classes are of a measure, not numbered names (病院3)."""
    return all(condition.axis in MEASURED or not condition.axis for condition in conditions)


def _runs(
    measure: str, own: Conditions, said: Conditions, members: Sequence[tuple[int, Conditions]]
) -> Iterator[Item]:
    singles = [(value, next(iter(conditions))) for value, conditions in members if len(conditions) == 1]
    spans = sorted(
        ((condition.low, value, condition) for value, condition in singles if condition.axis != NAMES),
        key=lambda span: span[:2],
    )
    for first, last in itertools.combinations(range(len(spans)), 2):
        run = spans[first : last + 1]
        one = _joined([condition for _, _, condition in run])
        if one is not None and len(run) < len(members):
            conditions = own | {one}
            yield Item(sum(value for _, value, _ in run), measure, conditions, conditions | said)
