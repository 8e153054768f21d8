"""C10: a published table and a result that leaves out one hospital, together."""

from pathlib import Path

import pytest

from enclave.errors import InvalidInputError
from output_review.adapters.published_files import read_published
from output_review.disclosure.checks import run_checks
from output_review.disclosure.published import NO_PUBLISHED, published_from
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import shipped_policy

INDEX = "file,title,source\nstroke.csv,脳卒中の患者数 2024年度,公表された統計 第3表\n"
PUBLIC = "二次医療圏,患者数\n甲,1204\n乙,890\n丙,2310\n丁,655\n"


def _found(text: str, name: str = "結果.csv", public: str = PUBLIC) -> list[str]:
    policy = shipped_policy().with_published(published_from(INDEX, {"stroke.csv": public}))
    report = run_checks(Submission("r", (SubmittedFile(name, FileKind.CSV, text),)), policy, None, [])
    (file,) = report.files
    return [f"{f.rule} {f.severity.value}" for f in file.findings if f.rule == "SDC.differencing_published"]


LOOKED_AT = ["SDC.differencing_published review"]


def test_all_but_one_hospital_is_for_people() -> None:
    assert _found("二次医療圏,患者数\n甲,1060\n乙,890\n丙,2310\n丁,655\n") == LOOKED_AT
    assert _found("二次医療圏,患者数\n甲,1100\n乙,801\n丙,2105\n丁,590\n") == LOOKED_AT


def test_a_difference_of_few_persons_is_for_people() -> None:
    assert _found("二次医療圏,患者数\n丙,2310\n甲,1201\n丁,660\n乙,890\n") == LOOKED_AT


@pytest.mark.parametrize(
    "text",
    [
        PUBLIC,
        "二次医療圏,患者数\n甲,120\n乙,89\n丙,231\n丁,65\n",
        "二次医療圏,患者数\n甲,1404\n乙,701\n丙,2050\n丁,900\n",
        "二次医療圏,患者数\n戊,1060\n己,890\n庚,2310\n辛,655\n",
    ],
    ids=["the same", "a study of a tenth", "others", "elsewhere"],
)
def test_what_tells_nothing_is_not(text: str) -> None:
    assert _found(text) == []


def test_without_tables_nothing_changes() -> None:
    assert shipped_policy().with_published(NO_PUBLISHED) is shipped_policy()


def test_tables_are_read_from_beside_the_policies_and_are_part_of_the_digest(tmp_path: Path) -> None:
    assert read_published(tmp_path) == NO_PUBLISHED
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "stroke.csv").write_text(PUBLIC, "utf-8")
    (tmp_path / "published.csv").write_text(INDEX, "utf-8")
    first = read_published(tmp_path)
    assert [file.text for file in first.files] == [PUBLIC]
    (tmp_path / "published" / "stroke.csv").write_text(PUBLIC.replace("655", "656"), "utf-8")
    policies = {shipped_policy().with_published(p).digest for p in (first, read_published(tmp_path))}
    assert len({*policies, shipped_policy().digest}) == 3


@pytest.mark.parametrize(
    "index",
    [
        "file,title\nstroke.csv,脳卒中\n",
        "file,title,source\nstroke.csv,脳卒中,\n",
        "file,title,source\nother.csv,脳卒中,出典\n",
        "file,title,source\n../stroke.csv,脳卒中,出典\n",
        "",
    ],
)
def test_a_table_without_a_source_or_a_file_is_refused(index: str) -> None:
    with pytest.raises(InvalidInputError):
        published_from(index, {"stroke.csv": PUBLIC})
