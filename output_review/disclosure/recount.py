"""Counting again: the distinct persons behind every cell of a table, from the extract and the SQL of its author.

1. Where a request names the SQL behind a file, the numbers were counted again in a sealed container: one
   group for each combination of labels, with its rows and its distinct persons. Here they are compared
   with what the file shows, cell by cell, by labels.
2. A cell that shows something, and behind which fewer persons stand than the policy's number, is to be
   fixed, whatever it shows: 48 claims of 8 persons are 8 persons.
3. A cell that shows neither the persons nor the rows that were counted is for people: the file is not
   what the SQL gives. A rounded or masked cell is no contradiction.
4. A recount that could not be made is said, never passed over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.history_labels import Conditions, conditions_of
from output_review.disclosure.history_numbers import StatedNumber, StatedTable, stated_in
from output_review.disclosure.policy import DisclosurePolicy

TOO_FEW = "SDC.recount_too_few"
DIFFERS = "SDC.recount_differs"
NOT_RECOUNTED = "SDC.recount_not_made"
_BASES = (10, 5)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the recount: its labels (column and value as text), its rows and its distinct persons."""

    labels: tuple[tuple[str, str], ...]
    rows: int
    persons: int


@dataclass(frozen=True, slots=True)
class Recounted:
    """What counting again gave for one file; without groups, ``code`` says why it was not made."""

    groups: tuple[Group, ...] = ()
    code: str = ""


def check_recount(
    examined: ExaminedFile, recounts: Mapping[str, Recounted], policy: DisclosurePolicy
) -> Iterator[Finding]:
    """What the recount says of a file; nothing where no SQL was named for it."""
    recounted = recounts.get(examined.file.name)
    if recounted is None:
        return
    if recounted.code or not recounted.groups:
        yield _not_recounted()
        return
    stated = stated_in(examined)
    compared = 0
    for table in stated.tables:
        for number, rows, persons in _compared(table, recounted.groups):
            compared += 1
            yield from _judged(number, rows, persons, policy)
    if not compared:
        yield _not_recounted()


def _compared(table: StatedTable, groups: Sequence[Group]) -> Iterator[tuple[StatedNumber, int, int]]:
    """Numbers with the rows and persons of the group that has the same labels, margins included."""
    by_labels = dict(_with_margins(groups))
    for number in table.numbers:
        own = frozenset().union(*(conditions_of(header, label) for header, label in number.labels))
        counted = by_labels.get(own)
        if counted is not None:
            yield number, *counted


def _with_margins(groups: Iterable[Group]) -> Iterator[tuple[Conditions, tuple[int, int]]]:
    """Every group by its conditions.

    A margin is never added up from its parts: a person may stand in several. The container counts it
    anew, as a group with fewer labels.
    """
    for group in groups:
        conditions = frozenset().union(*(conditions_of(header, label) for header, label in group.labels))
        yield conditions, (group.rows, group.persons)


def _judged(number: StatedNumber, rows: int, persons: int, policy: DisclosurePolicy) -> Iterator[Finding]:
    few = persons < policy.min_persons and not (persons == 0 and policy.zero_allowed)
    if few:
        yield Finding(
            TOO_FEW,
            Severity.FIX,
            number.where,
            say(
                "Counted again in the data, fewer than {threshold} distinct persons stand behind this number.",
                threshold=policy.min_persons,
            ),
            say("Mask it or merge its class with a neighbour, by the number of persons."),
        )
    elif number.value not in (persons, rows) and not _is_rounded(number.value, (persons, rows)):
        yield Finding(
            DIFFERS,
            Severity.REVIEW,
            number.where,
            say("Counted again in the data with the SQL that was named, this number comes out otherwise."),
            say("Name the SQL that made this table, or correct the number."),
        )


def _is_rounded(shown: int, counted: Iterable[int]) -> bool:
    return any(shown % base == 0 and abs(shown - one) < base for base in _BASES for one in counted)


def _not_recounted() -> Finding:
    return Finding(
        NOT_RECOUNTED,
        Severity.REVIEW,
        Place(),
        say("The numbers of this file could not be counted again in the data, so nobody compared them."),
        say("Name one SELECT over the extract's tables that groups and counts what the file shows."),
    )
