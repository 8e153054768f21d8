"""History (cases C): two releases, three, copies of refused files, thresholds that move."""

import pytest

from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Audience, Finding, Severity
from output_review.disclosure.history import History, KeptFile
from output_review.disclosure.history_numbers import file_as_mapping, file_from_mapping, stated_in
from output_review.disclosure.history_rules import check_elsewhere, check_history, history_of
from output_review.disclosure.submissions import FileKind, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import KINDS, shipped_policy


def taken_apart(text: str, name: str = "a.csv") -> ExaminedFile:
    kind = KINDS.get(name.rpartition(".")[2], FileKind.UNKNOWN)
    return examine(SubmittedFile(name, kind, text))


def kept(text: str, name: str = "a.csv", request: str = "earlier", version: str = "") -> KeptFile:
    return KeptFile(request, "study", version, stated_in(taken_apart(text, name)))


def found(now: str, history: History, *, name: str = "a.csv", beside: tuple[str, ...] = ()) -> list[Finding]:
    others = [taken_apart(text) for text in beside]
    return list(check_history(taken_apart(now, name), others, history, shipped_policy()))


def after(now: str, *before: str, name: str = "a.csv") -> set[str]:
    """The rules that a file breaks after others were released."""
    history = history_of([taken_apart(text, name) for text in before])
    return {
        finding.rule for finding in found(now, history, name=name) if finding.severity is not Severity.INFO
    }


def test_c01_one_patient_less() -> None:
    assert after("n\n1203\n", "n\n1204\n") == {"SDC.differencing"}
    assert after("解析対象は1,203例であった。", "解析対象は1,204例であった。", name="a.txt") == {
        "SDC.differencing"
    }
    assert after("subjects,1203\nmale,700\n", "対象者,1204\n男性,700\n") == {"SDC.differencing"}


def test_c02_one_code_more() -> None:
    one, more = (
        "対象コード: E10-E12,\n性別,患者数\n男,500\n女,600\n",
        "対象コード: E10-E13,\n性別,患者数\n男,505\n女,604\n",
    )
    assert after(more, one) == {"SDC.differencing"}
    assert after("コード,n\nE10・E11・E14,505\n", "code,n\nE10-E11,500\n") == {"SDC.differencing"}
    assert after("コード,n\nI20・I21,505\n", "code,n\nE10-E11,500\n") == set()


@pytest.mark.parametrize(
    "label", ["66歳以上", "≥66", "66 and over", "66+", ">65", "patients aged 66 or older"]
)
def test_c03_a_threshold_one_year_further(label: str) -> None:
    assert after(f"age,n\n{label},1198\n", "年齢,患者数\n65歳以上,1204\n") == {"SDC.differencing"}
    assert after(f"age,n\n{label},1150\n", "年齢,患者数\n65歳以上,1204\n") == set()


def test_c04_men_of_everybody() -> None:
    assert after("sex,n\nmale,1200\n", "性別,患者数\n合計,1204\n") == {"SDC.differencing"}
    assert after("性別,患者数\n合計,1204\n", "sex,n\nmale,1200\n") == {"SDC.differencing"}


@pytest.mark.parametrize(
    ("now", "one", "other"),
    [
        ("sex,n\nfemale,700\n", "sex,n\ntotal,1204\n", "性別,n\n男性,500\n"),
        ("疾患,n\n糖尿病または高血圧,996\n", "疾患,n\n糖尿病,500\n", "disease,n\nhypertension,500\n"),
        ("年齢,n\n65-74,500\n", "年齢,n\n65歳以上,1204\n", "age,n\n≥75,700\n"),
        ("病棟,n\nB病棟,300\n", "病棟,n\n合計,604\n", "病棟,n\nA病棟,300\n"),
        ("sex,age,n\nfemale,≥65,700\n", "sex,n\ntotal,1204\n", "性別,n\n男性,500\n"),
    ],
)
def test_c05_three_of_which_no_two_tell(now: str, one: str, other: str) -> None:
    assert after(now, one) == set()
    assert after(now, other) == set()
    assert after(now, one, other) == {"SDC.combination"}


def test_c05_a_third_class_that_contradicts_is_no_finding() -> None:
    assert after("病棟,n\nB病棟,300\n", "病棟,n\n合計,604\nC病棟,400\n", "病棟,n\nA病棟,300\n") == set()


def test_c06_the_half_that_another_person_asked_for_counts() -> None:
    history = History(released=(kept("n\n1204\n", request="of another author"),))
    assert {f.rule for f in found("n\n1203\n", history)} == {"SDC.differencing"}


def test_c07_another_project_is_for_checkers_alone() -> None:
    history = History(elsewhere=(kept("n\n1204\n"),))
    here = taken_apart("n\n1203\n")
    assert [(f.rule, f.severity, f.audience) for f in check_elsewhere(here, history, shipped_policy())] == [
        ("SDC.differencing_projects", Severity.REVIEW, Audience.CHECKER)
    ]
    assert not found("n\n1203\n", history)
    assert not list(check_elsewhere(here, history.for_author(), shipped_policy()))


REFUSED = "疾患,男,女\nA,123,451\nB,77,310\nC,215,98\n"


@pytest.mark.parametrize(
    ("now", "copied"),
    [
        ("disease,m,f\nA,123,451\nB,77,310\nC,215,98\n", True),
        ("x,A,B,C\nm,123,77,215\nf,451,310,98\n", True),
        ("疾患,男,女\nC,215,98\nA,123,451\nB,77,310\n", True),
        ("疾患,男,女\nA,120,450\nB,75,310\nC,215,95\n", True),
        ("疾患,男,女\nA,123,*\nB,77,*\nC,215,98\n", False),
        ("疾患,男,女\nA,223,551\nB,177,210\nC,315,198\n", False),
    ],
)
def test_c08_a_refused_file_in_other_clothes(now: str, *, copied: bool) -> None:
    history = History(refused=(kept(REFUSED),))
    assert [(f.rule, f.severity) for f in found(now, history)] == (
        [("SDC.refused_before", Severity.REJECT)] if copied else []
    )


def test_c09_the_next_month_has_one_more() -> None:
    april = "2025年4月末現在の登録患者,\n性別,n\n男,500\n女,600\n"
    may = "2025年5月末現在の登録患者,\n性別,n\n男,501\n女,600\n"
    assert "SDC.differencing" in after(may, april)
    assert after("年月,n\nuntil 2025-05,501\n", "年月,n\n2025年4月まで,500\n") == {"SDC.differencing"}
    assert after("月,n\n2025-05,123\n", "月,n\n2025-04,120\n") == set()


def test_c11_the_extract_changed() -> None:
    history = History(released=(kept("n\n1204\n", version="v1"),), version="v2")
    assert [(f.rule, f.severity) for f in found("n\n1203\n", history)] == [
        ("SDC.differencing_versions", Severity.FIX)
    ]


def test_c12_a_search_by_thresholds() -> None:
    asked = tuple(
        kept(f"費用,n\n{10 * step}円以上,{900 - 40 * step}\n", request=f"r{step}") for step in range(1, 9)
    )
    now = "費用,n\n95円以上,500\n"
    assert [(f.rule, f.severity) for f in found(now, History(asked=asked))] == [
        ("SDC.sliding_threshold", Severity.REJECT)
    ]
    assert not found(now, History(asked=asked[:3]))
    one_table = kept("費用,n\n" + "".join(f"{10 * s}円以上,{900 - 40 * s}\n" for s in range(1, 9)))
    assert not found(now, History(asked=(one_table,)))


def test_files_of_one_submission_are_compared_too() -> None:
    assert {f.rule for f in found("n\n1203\n", History(), beside=("n\n1204\n",))} == {"SDC.differencing"}


def test_a_translated_table_is_known_by_its_numbers() -> None:
    before = "膠原病,120\n皮膚筋炎,331\n強皮症,245\n血管炎,178\nベーチェット病,99\n"
    now = "collagen disease,120\ndermatomyositis,331\nscleroderma,245\nvasculitis,174\nBehcet disease,99\n"
    assert after("disease,n\n" + now, "疾患,n\n" + before) == {"SDC.differencing"}


def test_rounded_tables_one_step_apart_are_for_people() -> None:
    before = "疾患,n\nA,120\nB,335\nC,245\nD,180\nE,95\n"
    assert after("疾患,n\nA,120\nB,340\nC,245\nD,180\nE,95\n", before) == {"SDC.differencing_rounded"}


def test_an_earlier_file_that_was_not_read_is_said() -> None:
    history = history_of([taken_apart("", "a.pdf")])
    assert {f.rule for f in found("n\n1203\n", history)} == {"SDC.history_not_compared"}


@pytest.mark.parametrize("text", ["n\n1204\n", REFUSED, "月,n\n2025-05,123\n"])
def test_what_is_kept_comes_back(text: str) -> None:
    stated = stated_in(taken_apart(text))
    again = file_from_mapping(file_as_mapping(stated))
    assert file_as_mapping(again) == file_as_mapping(stated)
    history = History(released=(KeptFile("r", "p", "", again),))
    assert not found(text, history)
