"""Statistics that do not say how many persons are behind them, and numbers that do not say what they are.

1. A mean, a sum or a spread needs the unweighted number of persons beside it (in its row, its heading, its
   notes); without it nobody can judge it. People look, once for each table.
2. Fractions under headings that say nothing, in a table that counts nobody, may be any of these.

Sources: research data centres of the German Institute for Employment Research, and others, ask for the
unweighted N of every figure (Handbook on SDC, chapter 6, revision eef4a18).
"""

from collections.abc import Iterator

from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import COUNTS, Quantity
from output_review.disclosure.table_sides import Side

NO_COUNT = "SDC.no_count"

_NEED_N = (
    Quantity.MEAN,
    Quantity.SD,
    Quantity.SE,
    Quantity.VARIANCE,
    Quantity.SUM,
    Quantity.MEDIAN,
    Quantity.PERCENTILE,
)
_MODELS = (Quantity.ESTIMATE, Quantity.RATIO, Quantity.STATISTIC, Quantity.P_VALUE, Quantity.SURVIVAL)


def check_bare_numbers(examined: ExaminedFile, _: DisclosurePolicy) -> Iterator[Finding]:
    """One finding for each table whose statistics have no N, or whose numbers have no name."""
    for sides in examined.sides:
        side = sides[0]
        structured = side.structured
        if _has_count(side) or structured.of(*_MODELS):
            continue
        needing = [entry for entry in structured.of(*_NEED_N) if entry.number is not None]
        is_counted = bool(structured.of(Quantity.COUNT))
        unnamed = [
            e for e in structured.of(Quantity.UNKNOWN) if e.number is not None and e.places and not is_counted
        ]
        for entry in [*needing, *unnamed][:1]:
            yield Finding(
                NO_COUNT,
                Severity.REVIEW,
                side.place(entry.cell),
                say("Nothing says how many persons are behind these numbers."),
                say("Add the number of persons to the table or to its notes, and name every column."),
            )


def _has_count(side: Side) -> bool:
    structured = side.structured
    lines = (*structured.columns, *structured.rows)
    if structured.base is not None or any(line.base is not None for line in lines):
        return True
    return any(
        entry.quantity in COUNTS and entry.quantity is not Quantity.COUNT
        for entry in structured.entries.values()
    )
