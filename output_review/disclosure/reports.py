"""The outcome of the checks on one submission, and its two written shapes.

1. A report always names at least one file; a report of nothing is a REJECT.
2. ``for_author`` leaves out what only checkers may know, and the verdict is computed again
   from what is left, so that not even the verdict tells.
3. The contract shape (``report_as_json``) is what ``enclave check --json`` prints. The stored
   shape (``finding_as_mapping``) keeps sentences as data, so a page can show either language.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from enclave.sentences import Sentence
from output_review.disclosure.findings import Audience, Finding, Place, Severity, Verdict, verdict_of, worst

Translate = Callable[[Sentence, str], str]
"""A sentence in a language: ``ja`` or ``en``."""


@dataclass(frozen=True, slots=True)
class HiddenInterval:
    """What somebody who computes can say of a hidden count: ``lo`` to ``hi`` persons, both possible."""

    where: Place
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Examination:
    """What was done with a file: which rules ran, over how much, and what was left unexamined."""

    rules: tuple[str, ...]
    tables: int
    counts: int
    compared_with: int
    """Earlier released files of the project."""
    intervals: tuple[HiddenInterval, ...] = ()
    not_examined: tuple[str, ...] = ()
    """Codes of what no rule looked at (``record``)."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file, everything found in it, and how it was examined."""

    path: str
    findings: tuple[Finding, ...]
    examination: Examination | None = None

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
            replace(file, findings=tuple(f for f in file.findings if f.audience is Audience.AUTHOR))
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


def report_as_mapping(report: Report) -> dict[str, Any]:
    """A report as plain JSON values, for storage."""
    return {
        "profile": report.profile,
        "policy_digest": report.policy_digest,
        "files": [
            {
                "path": file.path,
                "findings": [finding_as_mapping(finding) for finding in file.findings],
                "examination": None if file.examination is None else examination_as_mapping(file.examination),
            }
            for file in report.files
        ],
    }


def report_from_mapping(stored: Mapping[str, Any]) -> Report:
    """A stored report again; a word that is not ours raises."""
    files = tuple(
        FileReport(
            file["path"],
            tuple(finding_from_mapping(finding) for finding in file["findings"]),
            _examination_from_mapping(file.get("examination")),
        )
        for file in stored["files"]
    )
    return Report(files, stored["profile"], stored["policy_digest"])


def examination_as_mapping(examination: Examination) -> dict[str, Any]:
    """An examination as plain JSON values."""
    return {
        "rules": list(examination.rules),
        "tables": examination.tables,
        "counts": examination.counts,
        "compared_with": examination.compared_with,
        "intervals": [
            {"where": place_as_mapping(one.where), "lo": one.lo, "hi": one.hi}
            for one in examination.intervals
        ],
        "not_examined": list(examination.not_examined),
    }


def _examination_from_mapping(stored: Mapping[str, Any] | None) -> Examination | None:
    if stored is None:
        return None
    intervals = tuple(
        HiddenInterval(Place(**one["where"]), one["lo"], one["hi"]) for one in stored["intervals"]
    )
    return Examination(
        tuple(stored["rules"]),
        stored["tables"],
        stored["counts"],
        stored["compared_with"],
        intervals,
        tuple(stored["not_examined"]),
    )
