"""The record of disclosure control of one file, for machines: what was checked, by what, and what was not.

SATRE 3.3.09 asks that outputs are classified and checked and that this is recorded. A record names the
format, the file by its digest, the rules that ran, the policy and its digest, the versions of what
checked, every finding with its place, the interval of every hidden count, and what nobody looked at. It
holds no value of the file. The shape is described in ``docs/reference/sdc-record.md``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from output_review.disclosure.findings import Audience
from output_review.disclosure.reports import (
    FileReport,
    Report,
    examination_as_mapping,
    finding_as_mapping,
)

FORMAT = "hanare-sdc-record/1"
NOT_EXAMINED: Mapping[str, str] = {
    "not_recounted": "no SQL was named, so no number was counted again in the data",
    "no_history": "the project had released nothing to compare with",
    "no_table": "no table was found in the file",
    "no_intervals": "the intervals of hidden counts were not computed",
    "no_examination": "the file could not be taken apart",
}
"""Every code of what was not examined, and what it means."""


def sdc_record(
    file: FileReport, report: Report, digest: str, versions: Mapping[str, str], *, for_author: bool = True
) -> dict[str, Any]:
    """The record of one file as plain JSON values.

    ``digest`` is the SHA-256 of its canonical bytes; ``versions`` names what checked (``checker``,
    ``reader``, ``extract``). Unless it is for checkers, what only they may know is left out.
    """
    findings = [f for f in file.findings if not for_author or f.audience is Audience.AUTHOR]
    examination = file.examination
    return {
        "format": FORMAT,
        "file": file.path,
        "sha256": digest,
        "verdict": FileReport(file.path, tuple(findings)).verdict.value,
        "profile": report.profile or "",
        "disclosure_policy": report.policy_digest or "",
        "versions": dict(versions),
        "findings": [finding_as_mapping(finding) for finding in findings],
        "examination": None if examination is None else examination_as_mapping(examination),
        "not_examined": not_examined(file),
    }


def sdc_records(
    report: Report, digests: Mapping[str, str], versions: Mapping[str, str], *, for_author: bool = True
) -> Sequence[dict[str, Any]]:
    """The records of the files that have a digest, in the report's order."""
    return [
        sdc_record(file, report, digests[file.path], versions, for_author=for_author)
        for file in report.files
        if file.path in digests
    ]


def not_examined(file: FileReport) -> list[str]:
    """The codes of what was left out; each is a key of ``NOT_EXAMINED``."""
    examination = file.examination
    if examination is None:
        return ["no_examination"]
    missing = {
        "no_table": not examination.tables,
        "no_history": not examination.compared_with,
        **dict.fromkeys(examination.not_examined, True),
    }
    return sorted(code for code, is_missing in missing.items() if is_missing)
