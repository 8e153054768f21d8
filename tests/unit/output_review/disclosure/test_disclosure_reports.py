"""Reports: what the author sees, what is stored, and the promised JSON."""

import json

from enclave.adapters.translations import catalogue, translate
from enclave.sentences import say
from output_review.disclosure.findings import Audience, Finding, Place, Severity, Verdict
from output_review.disclosure.reports import (
    FileReport,
    Report,
    finding_as_mapping,
    finding_from_mapping,
    report_as_json,
)
from tests.unit.output_review.disclosure.checked_files import check


def _finding(audience: Audience) -> Finding:
    return Finding("X.rule", Severity.REJECT, Place(row=2), say("No {n}.", n=1), None, audience)


def test_the_author_sees_nothing_of_what_is_for_checkers_not_even_the_verdict() -> None:
    report = Report((FileReport("a", (_finding(Audience.CHECKER),)),), None, None)
    assert report.verdict is Verdict.REJECT
    assert report.for_author() == Report((FileReport("a", ()),), None, None)
    assert report.for_author().verdict is Verdict.PASS


def test_a_finding_survives_storage() -> None:
    for finding in (*check("a,n\nx,7\n").files[0].findings, _finding(Audience.CHECKER)):
        stored = json.loads(json.dumps(finding_as_mapping(finding)))
        assert finding_from_mapping(stored) == finding


def test_the_promised_shape() -> None:
    shown = report_as_json(check("a,n\nx,7\n"), translate)
    finding = shown["files"][0]["findings"][0]
    assert shown["verdict"] == shown["files"][0]["verdict"] == "fix"
    assert finding["rule"] == "SDC.small_cell"
    assert finding["where"] == {"row": 2, "column": "n"}
    assert set(finding["message"]) == {"ja", "en"}
    assert finding["message"]["ja"] != finding["message"]["en"]
    assert "10" in finding["message"]["ja"]


def test_gaps_are_the_same_in_both_languages() -> None:
    for english, japanese in catalogue("ja").items():
        for gap in ("{threshold}", "{profile}", "{setting}", "{limit}", "{path}"):
            assert (gap in english) == (gap in japanese), english
