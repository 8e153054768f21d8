"""The outcome of the checks on one submission, and its two written shapes.

1. A report always names at least one file; a report of nothing is a REJECT.
2. ``for_author`` leaves out what only checkers may know, and the verdict is computed again
   from what is left, so that not even the verdict tells.
3. The contract shape (``report_as_json``) is what ``enclave check --json`` prints. The stored
   shape (``finding_as_mapping``) keeps sentences as data, so a page can show either language.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from enclave.sentences import Sentence
from output_review.disclosure.findings import Audience, Finding, Place, Severity, Verdict, verdict_of, worst

Translate = Callable[[Sentence, str], str]
"""A sentence in a language: ``ja`` or ``en``."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file and everything found in it."""

    path: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The file's worst finding."""
        return verdict_of(self.findings)


@dataclass(frozen=True, slots=True)
class Report:
    """Every file of a submission, and the policy it was judged under."""

    files: tuple[FileReport, ...]
    profile: str | None
    policy_digest: str | None

    @property
    def verdict(self) -> Verdict:
        """The worst file; of no file, REJECT."""
        return worst(file.verdict for file in self.files)

    def joined_with(self, others: Iterable[FileReport]) -> "Report":
        """The same report with the findings that others made in its files."""
        more = {file.path: file.findings for file in others}
        files = tuple(FileReport(f.path, (*f.findings, *more.get(f.path, ()))) for f in self.files)
        return Report(files, self.profile, self.policy_digest)

    def for_author(self) -> "Report":
        """The same report without what only checkers may see."""
        files = tuple(
            FileReport(file.path, tuple(f for f in file.findings if f.audience is Audience.AUTHOR))
            for file in self.files
        )
        return Report(files, self.profile, self.policy_digest)


def report_as_json(report: Report, translate: Translate) -> dict[str, Any]:
    """The shape that ``enclave check --json`` promises."""
    return {
        "verdict": report.verdict.value,
        "files": [
            {
                "path": file.path,
                "verdict": file.verdict.value,
                "findings": [_finding_as_json(finding, translate) for finding in file.findings],
            }
            for file in report.files
        ],
    }


def _finding_as_json(finding: Finding, translate: Translate) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "where": place_as_mapping(finding.where),
        "message": _both(finding.message, translate),
    }
    if finding.remedy is not None:
        shown["remedy"] = _both(finding.remedy, translate)
    return shown


def _both(sentence: Sentence, translate: Translate) -> dict[str, str]:
    return {language: translate(sentence, language) for language in ("ja", "en")}


def place_as_mapping(place: Place) -> dict[str, str | int]:
    """Only the parts of a place that are known."""
    return {name: value for name, value in asdict(place).items() if value is not None}


def finding_as_mapping(finding: Finding) -> dict[str, Any]:
    """A finding as plain JSON values, for storage."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "where": place_as_mapping(finding.where),
        "message": _sentence_as_mapping(finding.message),
        "remedy": None if finding.remedy is None else _sentence_as_mapping(finding.remedy),
        "audience": finding.audience.value,
    }


def finding_from_mapping(stored: Mapping[str, Any]) -> Finding:
    """A stored finding again; a word that is not ours raises."""
    remedy = stored["remedy"]
    return Finding(
        rule=stored["rule"],
        severity=Severity(stored["severity"]),
        where=Place(**stored["where"]),
        message=_sentence_from_mapping(stored["message"]),
        remedy=None if remedy is None else _sentence_from_mapping(remedy),
        audience=Audience(stored["audience"]),
    )


def _sentence_as_mapping(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "values": dict(sentence.values)}


def _sentence_from_mapping(stored: Mapping[str, Any]) -> Sentence:
    return Sentence(stored["text"], dict(stored["values"]))
