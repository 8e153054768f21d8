"""Counts of too few persons that no cell shows, but that arithmetic finds.

Percentages, statistics, differences, roundings and ratios each have a module with its rules; this one
runs them over a file. Every one of them only adds findings: nothing that is found here or not found
makes a shown count safe.
"""

from collections.abc import Iterator, Sequence

from output_review.disclosure import (
    hidden_in_flows,
    hidden_in_sentences,
    hidden_in_words,
    hidden_percentages,
    hidden_ratios,
    hidden_remainders,
    hidden_roundings,
    hidden_statistics,
)
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding
from output_review.disclosure.masked_cells import sheets_of
from output_review.disclosure.policy import DisclosurePolicy


def check_hidden_counts(
    examined: ExaminedFile, policy: DisclosurePolicy, beside: Sequence[ExaminedFile] = ()
) -> Iterator[Finding]:
    """Every hidden count of a file, its tables first, then its words."""
    sheets = sheets_of([examined], "own")
    words = [passage.text for passage in examined.passages]
    for structured in examined.structured:
        yield from hidden_percentages.check_percentages(structured, policy)
        yield from hidden_statistics.check_statistics(structured, policy)
        yield from hidden_remainders.check_cumulative(structured, policy)
        yield from hidden_remainders.check_blanks(structured, policy)
        yield from hidden_roundings.check_undone(structured)
        yield from hidden_roundings.check_midpoints(structured)
        yield from hidden_roundings.check_weighted(structured)
    for sheet in sheets:
        yield from hidden_remainders.check_remainders(sheet, policy)
        yield from hidden_roundings.check_totals(sheet)
        yield from hidden_ratios.check_ratios(sheet, policy, words)
    yield from hidden_remainders.check_totals_of_tables(sheets, sheets_of(beside, "beside"), policy)
    yield from hidden_in_words.check_words(examined, policy)
    yield from hidden_in_sentences.check_sentences(examined, policy)
    yield from hidden_in_flows.check_flows(examined, policy)
    yield from hidden_ratios.check_sentences(examined, policy)
