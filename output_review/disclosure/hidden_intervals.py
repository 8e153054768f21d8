"""The interval of every hidden count of a file, for its record: what somebody who computes can say of it.

Where the audit does not settle, nothing is said and the record says so: a missing interval is no wide one.
"""

from collections.abc import Sequence
from dataclasses import replace

from output_review.disclosure.count_grid import Spot
from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Place
from output_review.disclosure.known_numbers import Sheet
from output_review.disclosure.masked_cells import SheetAudit, audit_tables, is_cell
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.reports import Examination, FileReport, HiddenInterval, Report
from output_review.disclosure.submissions import Submission

NO_INTERVALS = "no_intervals"


def with_intervals(
    report: Report, submission: Submission, policy: DisclosurePolicy, earlier: Sequence[Submission]
) -> Report:
    """The same report, its examinations with the intervals of hidden counts."""
    if all(file.examination is None for file in report.files):
        return report
    try:
        examined = [examine(file) for file in submission.files]
        before = tuple(examine(file) for release in earlier for file in release.files)
    except Exception:  # noqa: BLE001  # whatever went wrong, the record says that nothing was computed
        return replace(report, files=tuple(_unsettled(file) for file in report.files))
    files = [
        _with(file, examined[place], (*examined[:place], *examined[place + 1 :]), before, policy)
        for place, file in enumerate(report.files)
    ]
    return replace(report, files=tuple(files))


def _with(
    file: FileReport,
    examined: ExaminedFile,
    beside: Sequence[ExaminedFile],
    earlier: Sequence[ExaminedFile],
    policy: DisclosurePolicy,
) -> FileReport:
    if file.examination is None:
        return file
    try:
        found = [
            interval
            for result in audit_tables(examined, policy, beside, earlier)
            for interval in _intervals(result)
        ]
    except Exception:  # noqa: BLE001  # whatever went wrong, the record says that nothing was computed
        return _unsettled(file)
    return replace(file, examination=replace(file.examination, intervals=tuple(found)))


def _intervals(result: SheetAudit) -> list[HiddenInterval]:
    """Under every reading that the numbers allow: the smallest and the largest value of each hidden cell."""
    spots = sorted((spot for spot in result.sheet.masked if is_cell(spot)), key=str)
    found = []
    for spot in spots:
        known = [audited.intervals[spot] for audited in result.audits if spot in audited.intervals]
        if known:
            low, high = min(one.lo for one in known), max(one.hi for one in known)
            found.append(HiddenInterval(_place(result.sheet, spot), int(low), int(high)))
    return found


def _place(sheet: Sheet, spot: Spot) -> Place:
    row, column = int(str(spot[1])), int(str(spot[2]))
    entry = sheet.structured.entries.get((row, column))
    return sheet.structured.table.place(entry.cell) if entry is not None else Place()


def _unsettled(file: FileReport) -> FileReport:
    if file.examination is None:
        return file
    examination: Examination = file.examination
    return replace(
        file, examination=replace(examination, not_examined=(*examination.not_examined, NO_INTERVALS))
    )
