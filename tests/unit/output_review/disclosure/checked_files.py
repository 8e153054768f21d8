"""A file as text, judged by every rule under the shipped policy."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from catalog.identifiers.pseudonyms import PseudonymSet
from enclave.adapters.policy_files import load_policies
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Finding
from output_review.disclosure.policy import DisclosurePolicy, policy_from_mapping
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile

KINDS = {"csv": FileKind.CSV, "md": FileKind.TEXT, "txt": FileKind.TEXT}
POLICIES = Path(__file__).resolve().parents[4] / "policies"


@cache
def shipped_policy() -> DisclosurePolicy:
    return policy_from_mapping(load_policies(POLICIES).document("disclosure"))


def submission(text: str, kind: str = "csv", name: str = "result") -> Submission:
    return Submission("request", (SubmittedFile(f"{name}.{kind}", KINDS.get(kind, FileKind.UNKNOWN), text),))


def check(
    text: str,
    kind: str = "csv",
    *,
    ids: PseudonymSet | None = None,
    earlier: Sequence[str] = (),
    name: str = "result",
) -> Report:
    history = [submission(before, kind) for before in earlier]
    return run_checks(submission(text, kind, name), shipped_policy(), ids, history)


def verdict(text: str, kind: str = "csv") -> str:
    return check(text, kind).verdict.value


def findings(report: Report, rule: str) -> list[Finding]:
    return [finding for file in report.files for finding in file.findings if finding.rule == rule]


def cells(report: Report, rule: str = "SDC.small_cell") -> list[tuple[int | None, str | None]]:
    return [(finding.where.row, finding.where.column) for finding in findings(report, rule)]
