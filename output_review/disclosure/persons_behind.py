"""How many persons are behind a statistic: the counts that stand under the same labels.

1. A count belongs to a mean when both have the same row labels and the same column labels, apart from the words
   that say which of them is the count and which the mean, and from a word that stands over every column alike
   (the measured variable). Totals are totals, whatever they are called.
2. It may stand in the same table, in another table of the file or in another file of the submission.
3. Only what says that it counts persons counts persons: a heading, or the name of a file of nothing but whole
   numbers. Rows (claims, visits) tell that persons are few, never that they are enough.
4. Two different counts under one label are none. A masked count is known by what its legend admits at most.
5. Spreads are found in the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.file_names import quantity_in_name
from output_review.disclosure.margins import is_total_label
from output_review.disclosure.quantities import COUNTS, Quantity, quantity_of
from output_review.disclosure.structure import Entry, Structured
from output_review.disclosure.written_numbers import WrittenNumber

NEED_PERSONS = (
    Quantity.MEAN,
    Quantity.SD,
    Quantity.SE,
    Quantity.VARIANCE,
    Quantity.SUM,
    Quantity.MEDIAN,
    Quantity.PERCENTILE,
)
"""Statistics that nobody can judge without the number of persons behind them."""
_WORDS_OF_STATISTICS = frozenset({*COUNTS, *NEED_PERSONS})
_TOTAL = "total"
_T = TypeVar("_T")
Key = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """At most ``most`` persons, and as many where ``is_exact``."""

    most: int
    is_exact: bool


class Labels:
    """The keys of one table's entries; see the first rule."""

    def __init__(self, structured: Structured) -> None:
        columns = [column for column in structured.columns if not column.is_label]
        depth = max((len(column.labels) for column in columns), default=0)
        # One row of a heading is all words that stand alike over every column: they tell no cell from another.
        words = [{_word(c.labels[d]) for c in columns if d < len(c.labels)} for d in range(depth)]
        alike = [found - {None, ""} for found in words] if len(columns) > 1 else []
        self._over_all = frozenset(next(iter(one)) for one in alike if len(one) == 1) - {_TOTAL}

    def keys(self, entry: Entry) -> tuple[Key, ...]:
        """What an entry is about, without the words that say which statistic it is: whole, then without such words."""
        rows = tuple(word for label in entry.key.rows if (word := _word(label)))
        columns = tuple(word for label in entry.key.columns if (word := _word(label)))
        if self._over_all.isdisjoint(columns):
            return ((rows, columns),)
        return (rows, columns), (rows, tuple(word for word in columns if word not in self._over_all))


@lru_cache(maxsize=16384)
def _word(label: str) -> str | None:
    """A label as part of a key; None for a word that only says which statistic it heads."""
    if label and quantity_of(label) is Quantity.SUM:
        return None
    if is_total_label(label):
        return _TOTAL
    return None if label and quantity_of(label) in _WORDS_OF_STATISTICS else label


class PersonsBehind:
    """The counts and spreads of some files by what they are about."""

    def __init__(self, files: Iterable[ExaminedFile]) -> None:
        self._counts: dict[Key, Counted | None] = {}
        self._rows: dict[Key, Counted | None] = {}
        self._spreads: dict[Key, WrittenNumber | None] = {}
        for file in files:
            is_named = quantity_in_name(file.file.name) is Quantity.PERSONS
            for structured in file.structured:
                self._add(structured, is_named=is_named)

    def _add(self, structured: Structured, *, is_named: bool) -> None:
        labels = Labels(structured)
        counted = is_named and not structured.of(*NEED_PERSONS, Quantity.UNKNOWN)
        for entry in structured.entries.values():
            if entry.quantity is Quantity.SD and entry.number is not None:
                _put(self._spreads, labels.keys(entry), entry.numbers[0])
            persons = entry.quantity is Quantity.PERSONS or (counted and entry.quantity is Quantity.COUNT)
            if not persons and entry.quantity is not Quantity.ROWS:
                continue
            found = _counted(entry)
            if found is not None:
                _put(self._counts if persons else self._rows, labels.keys(entry), found)

    def persons(self, keys: Sequence[Key]) -> int | None:
        """Exactly how many, where that is said."""
        found = _get(self._counts, keys)
        return found.most if found is not None and found.is_exact else None

    def at_most(self, keys: Sequence[Key]) -> int | None:
        """At most how many, by a count, a masked count or a count of rows."""
        found = _get(self._counts, keys) or _get(self._rows, keys)
        return found.most if found is not None else None

    def is_counted(self, keys: Sequence[Key]) -> bool:
        """Whether a count of persons, shown or masked, is said."""
        return _get(self._counts, keys) is not None

    def spread(self, keys: Sequence[Key]) -> WrittenNumber | None:
        """The standard deviation."""
        return _get(self._spreads, keys)


def _counted(entry: Entry) -> Counted | None:
    if entry.count is not None:
        return Counted(entry.count, is_exact=True)
    if entry.mask is not None and entry.mask.highest is not None:
        return Counted(entry.mask.highest, is_exact=False)
    return None


def _put(found: dict[Key, _T | None], keys: Sequence[Key], value: _T) -> None:
    """Rule 4: what is said in two ways is not said."""
    for key in keys:
        found[key] = value if found.get(key, value) == value else None


def _get(found: Mapping[Key, _T | None], keys: Sequence[Key]) -> _T | None:
    """What stands under the first of the keys that is known."""
    return next((found[key] for key in keys if key in found), None)


def tells_few(files: Iterable[ExaminedFile], least: int) -> bool:
    """Whether some count of persons or rows, shown or masked, is below ``least``: else no statistic has too few."""
    counted = (
        _counted(entry)
        for file in files
        for structured in file.structured
        for entry in structured.entries.values()
        if entry.quantity in COUNTS or entry.mask is not None
    )
    return any(found is not None and 0 < found.most < least for found in counted)


def needing(structured: Structured) -> Sequence[Entry]:
    """The statistics of a table that need a number of persons."""
    return [entry for entry in structured.of(*NEED_PERSONS) if entry.number is not None]
