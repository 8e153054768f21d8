"""What counting again says of a file (case A12), cell by cell."""

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.recount import Group, Recounted
from tests.unit.output_review.disclosure.checked_files import shipped_policy, submission

TABLE = "診断,件数\nE11,48\nI10,120\n合計,168\n"


def counted(persons: int, rows: int = 48) -> Recounted:
    return Recounted(
        (
            Group((("icd10", "E11"),), rows, persons),
            Group((("icd10", "I10"),), 120, 90),
            Group((), 168, 95),
        )
    )


def rules(text: str, recounted: Recounted | None) -> set[tuple[str, str, int | None]]:
    recounts = {} if recounted is None else {"result.csv": recounted}
    report = run_checks(submission(text), shipped_policy(), None, [], recounts=recounts)
    return {
        (finding.rule, finding.severity.value, finding.where.row)
        for file in report.files
        for finding in file.findings
        if finding.rule.startswith("SDC.recount")
    }


def test_48_claims_of_8_persons_are_8_persons() -> None:
    assert rules(TABLE, counted(8)) == {("SDC.recount_too_few", "fix", 2)}
    assert rules(TABLE, counted(10)) == set()


def test_a_number_that_is_neither_persons_nor_rows_is_for_people() -> None:
    assert rules(TABLE, counted(40, rows=52)) == {("SDC.recount_differs", "review", 2)}
    assert rules(TABLE.replace("48", "50"), counted(40)) == set(), "rounded"


def test_a_file_without_sql_is_not_counted_again() -> None:
    assert rules(TABLE, None) == set()


@pytest.mark.parametrize(
    "recounted", [Recounted(code="sql_refused"), Recounted(), Recounted((Group((("x", "other"),), 50, 50),))]
)
def test_what_was_not_counted_again_is_said(recounted: Recounted) -> None:
    assert rules(TABLE, recounted) == {("SDC.recount_not_made", "review", None)}
