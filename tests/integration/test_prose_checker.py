"""The checks with a language model beside the rules: what it adds, what it costs, and that its silence blocks."""

from pathlib import Path

import pytest

from enclave.adapters.policy_files import load_policies
from enclave.errors import UnavailableError
from enclave.policy import PolicySet
from enclave.sentences import say
from output_review.adapters.project_checker import ProjectChecker, ProjectIdentifiers
from output_review.disclosure.findings import Severity, Verdict
from output_review.disclosure.history import NO_HISTORY
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.fakes import FakeKeyring
from tests.support.pretend_prose import PretendProse

POLICIES = Path(__file__).resolve().parents[2] / "policies"
LINE = "外来では畤乂彁にお薬を説明しています。"
TABLE = "区分,割合\n男性,41.2\n"


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    return load_policies(POLICIES)


def checker(policies: PolicySet, folder: Path, prose: PretendProse) -> ProjectChecker:
    return ProjectChecker(policies, ProjectIdentifiers(folder, FakeKeyring()), prose=prose)


def submission(text: str, name: str = "memo.txt", kind: FileKind = FileKind.TEXT) -> Submission:
    return Submission("r1", (SubmittedFile(name, kind, text),))


def test_what_only_the_model_sees_is_for_people(policies: PolicySet, tmp_path: Path) -> None:
    prose = PretendProse()
    report = checker(policies, tmp_path, prose).check("p-1", submission(LINE), (), NO_HISTORY, {})
    assert [(f.rule, f.severity) for f in report.files[0].findings] == [("ID.name", Severity.REVIEW)]
    assert prose.asked == [("r1-prose", LINE)]


def test_what_the_rules_saw_is_not_asked_again(policies: PolicySet, tmp_path: Path) -> None:
    prose = PretendProse()
    report = checker(policies, tmp_path, prose).check(
        "p-1", submission("外来では山田太郎にお薬を説明している。"), (), NO_HISTORY, {}
    )
    assert report.verdict is Verdict.FIX
    assert prose.asked == []


def test_a_table_costs_nothing(policies: PolicySet, tmp_path: Path) -> None:
    prose = PretendProse()
    checker(policies, tmp_path, prose).check(
        "p-1", submission(TABLE, "t.csv", FileKind.CSV), (), NO_HISTORY, {}
    )
    assert prose.asked == []


@pytest.mark.parametrize("error", [ValueError("x"), TimeoutError("x"), OSError("x"), RuntimeError("x")])
def test_no_answer_blocks(policies: PolicySet, tmp_path: Path, error: Exception) -> None:
    prose = PretendProse()
    prose.fails_with = error
    report = checker(policies, tmp_path, prose).check("p-1", submission(LINE), (), NO_HISTORY, {})
    assert report.verdict is Verdict.REJECT
    assert report.files[0].findings[-1].rule == "SDC.unchecked"


def test_a_model_that_answers_nonsense_blocks(policies: PolicySet, tmp_path: Path) -> None:
    prose = PretendProse(name="", reaches=5)
    assert (
        checker(policies, tmp_path, prose).check("p-1", submission(LINE), (), NO_HISTORY, {}).verdict
        is Verdict.REJECT
    )


def test_a_gate_that_is_away_is_waited_for(policies: PolicySet, tmp_path: Path) -> None:
    prose = PretendProse()
    prose.fails_with = UnavailableError(
        "no_gate", say("The docker gate does not answer. Nothing was read yet.")
    )
    with pytest.raises(UnavailableError):
        checker(policies, tmp_path, prose).check("p-1", submission(LINE), (), NO_HISTORY, {})


def test_members_and_stated_authors_are_said_to_be_such(policies: PolicySet, tmp_path: Path) -> None:
    text = "著者 明石芽衣、犬飼健 患者 山田太郎"
    files = (SubmittedFile("memo.txt", FileKind.TEXT, text),)
    asked = Submission("r1", files, members=("明石 芽衣",), authors=("犬飼健",))
    findings = (
        checker(policies, tmp_path, PretendProse()).check("p-1", asked, (), NO_HISTORY, {}).files[0].findings
    )
    said = {
        text[f.where.offset or 0 :][: f.where.length or 0]: (f.severity, f.message.text) for f in findings
    }
    assert said["明石芽衣"][0] is Severity.REVIEW
    assert "permit" in said["明石芽衣"][1]
    assert said["犬飼健"][0] is Severity.REVIEW
    assert "author" in said["犬飼健"][1]
    assert said["山田太郎"][0] is Severity.FIX
