"""The record of disclosure control: everything that was done with a file, and nothing of its content."""

import json

from enclave.sentences import say
from output_review.disclosure.checks import RULES, run_checks
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.hidden_intervals import with_intervals
from output_review.disclosure.record import FORMAT, NOT_EXAMINED, sdc_record, sdc_records
from output_review.disclosure.reports import (
    FileReport,
    Report,
    report_as_mapping,
    report_from_mapping,
)
from tests.unit.output_review.disclosure.checked_files import shipped_policy, submission

MASKED = "診断,男,女,計\nA,120,*,127\nB,230,140,370\n計,350,147,497\n"


def report_of(text: str) -> Report:
    given = submission(text)
    report = run_checks(given, shipped_policy(), None, [])
    return with_intervals(report, given, shipped_policy(), [])


def test_it_names_rules_policy_places_and_intervals() -> None:
    report = report_of(MASKED)
    record = sdc_record(report.files[0], report, "d" * 64, {"reader": "r"})
    assert record["format"] == FORMAT
    assert record["disclosure_policy"] == shipped_policy().digest
    assert record["verdict"] == "fix"
    assert record["examination"]["rules"] == [rule.name for rule in RULES]
    assert {"where": {"row": 2, "column": "女"}, "lo": 7, "hi": 7} in record["examination"]["intervals"]
    assert record["not_examined"] == ["no_history", "not_recounted"]
    assert set(record["not_examined"]) <= set(NOT_EXAMINED)


def test_it_holds_no_value_of_the_file() -> None:
    record = json.dumps(sdc_records(report_of(MASKED), {"result.csv": "d" * 64}, {}), ensure_ascii=False)
    for value in ("120", "127", "230", "370", "497", "診断"):
        assert value not in record.replace(shipped_policy().digest, ""), "a digest may hold any figures"


def test_what_only_checkers_may_know_is_left_out_with_its_weight() -> None:
    secret = Finding("ID.x", Severity.REJECT, Place(), say("For checkers."), audience=Audience.CHECKER)
    report = Report((FileReport("t.csv", (secret,)),), "p", "d")
    assert sdc_record(report.files[0], report, "", {})["verdict"] == "pass"
    assert sdc_record(report.files[0], report, "", {})["findings"] == []
    assert sdc_record(report.files[0], report, "", {}, for_author=False)["verdict"] == "reject"
    assert sdc_record(report.files[0], report, "", {})["not_examined"] == ["no_examination"]


def test_a_report_comes_back_from_storage_with_its_examinations() -> None:
    report = report_of(MASKED)
    assert report_from_mapping(json.loads(json.dumps(report_as_mapping(report)))) == report
