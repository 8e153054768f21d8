"""Statistics that do not say how many persons are behind them, and numbers that do not say what they are.

1. A mean, a sum or a spread needs the unweighted number of persons beside it: in its row, its heading, its
   notes, or in a table of counts with the same labels that is handed in with it (``persons_behind``). Without
   it nobody can judge it. People look, once for each table.
2. Where counts with the same labels say that too few persons are behind a statistic, it is to be fixed as the
   count is: a value of few persons is not made safe by masking their number.
3. Fractions under headings that say nothing, in a table that counts nobody, may be any of these.

Sources: research data centres of the German Institute for Employment Research, and others, ask for the
unweighted N of every figure (Handbook on SDC, chapter 6, revision eef4a18).
"""

from collections.abc import Iterator, Sequence

from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.persons_behind import Labels, PersonsBehind, needing, tells_few
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import COUNTS, Quantity
from output_review.disclosure.structure import Entry
from output_review.disclosure.table_sides import Side

NO_COUNT = "SDC.no_count"
FEW_BEHIND = "SDC.few_behind"

_MODELS = (Quantity.ESTIMATE, Quantity.RATIO, Quantity.STATISTIC, Quantity.P_VALUE, Quantity.SURVIVAL)


def check_bare_numbers(
    examined: ExaminedFile, policy: DisclosurePolicy, beside: Sequence[ExaminedFile] = ()
) -> Iterator[Finding]:
    """Statistics of too few persons; one finding for each table whose statistics have no N, or no name."""
    files = (examined, *beside)
    behind: PersonsBehind | None = None
    has_few: bool | None = None
    for sides in examined.sides:
        side = sides[0]
        structured = side.structured
        statistics = needing(structured)
        is_told = _has_count(side) or bool(structured.of(*_MODELS))
        uncounted = []
        if statistics and has_few is None:
            has_few = tells_few(files, policy.min_persons)
        if statistics and (has_few or not is_told):
            behind = behind or PersonsBehind(files)
            labels = Labels(structured)
            for entry in statistics:
                keys = labels.keys(entry)
                if 0 < (behind.at_most(keys) or 0) < policy.min_persons:
                    yield _few_behind(side.place(entry.cell), policy)
                elif not behind.is_counted(keys):
                    uncounted.append(entry)
        if not policy.zero_allowed:
            yield from (_few_behind(place, policy) for place in _blanks(side, statistics))
        if is_told:
            continue
        is_counted = bool(structured.of(Quantity.COUNT))
        unnamed = [
            e for e in structured.of(Quantity.UNKNOWN) if e.number is not None and e.places and not is_counted
        ]
        for entry in [*uncounted, *unnamed][:1]:
            yield Finding(
                NO_COUNT,
                Severity.REVIEW,
                side.place(entry.cell),
                say("Nothing says how many persons are behind these numbers."),
                say(
                    "Add the number of persons to the table or to its notes, or hand in a table of counts with the same labels, and name every column."
                ),
            )


def _blanks(side: Side, statistics: Sequence[Entry]) -> Iterator[Place]:
    """Blanks among statistics: there is nobody, and where zero may not be shown that may not be shown either."""
    columns = {entry.position[1] for entry in statistics}
    for row in side.table.rows:
        for cell in row:
            if cell.column in columns and cell.value.kind is CellKind.EMPTY:
                yield side.place(cell)


def _few_behind(place: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        FEW_BEHIND,
        Severity.FIX,
        place,
        say(
            "By what stands under the same labels, fewer than {threshold} persons are behind this number.",
            threshold=policy.min_persons,
        ),
        say("Mask it together with its count, or merge the group with another."),
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
