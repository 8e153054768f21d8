"""What leaves is what the house wrote, and no file reaches more than its own reader."""

import pytest

from catalog.identifiers.pseudonyms import PseudonymSet
from hub.sessions import plan_reader
from images.reader.hanare_reader.formats import all_formats
from output_review.disclosure.findings import Verdict
from tests.support import office_files as office
from tests.support.hub_plans import HOUSE
from tests.support.read_files import answer_of, judged

KEY = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
IDS = PseudonymSet.of([KEY])
HIDING = {
    **{("t.xlsx", place): content for place, content in office.hiding_workbooks(KEY).items()},
    **{("t.docx", place): content for place, content in office.hiding_documents(KEY).items()},
}


def test_73_a_reader_sees_one_file_and_writes_one_folder() -> None:
    """A reader's container has no network, one file to read and one folder to write, and nothing else of the machine; two files never share one."""
    first, second = (plan_reader(HOUSE, job) for job in ("job-1", "job-2"))
    assert first.name != second.name
    host = first.body["HostConfig"]
    assert host["NetworkMode"] == "none"
    mounts = {mount["Target"]: mount.get("ReadOnly", False) for mount in host["Mounts"]}
    assert mounts == {"/in": True, "/out": False}
    assert all("job-1" in mount["Source"] for mount in host["Mounts"])
    assert not any("job-1" in mount["Source"] for mount in second.body["HostConfig"]["Mounts"])


def test_74_a_format_without_a_canonical_writer_is_refused() -> None:
    """A format either names the writer of its canonical bytes or is refused without being opened; there is no third."""
    for entry in all_formats():
        assert bool(entry.reader and entry.leaves_as) != bool(entry.refusal), entry.name


@pytest.mark.parametrize(("name", "place"), sorted(HIDING))
def test_75_what_hides_is_found_and_does_not_leave(name: str, place: str) -> None:
    """A pseudonym in any hiding place of a workbook or document is found by the checks, and is in no byte that could leave."""
    content = HIDING[name, place]
    report = judged(name, content, IDS)
    assert report.verdict is Verdict.REJECT
    assert "ID.pseudonym" in {finding.rule for file in report.files for finding in file.findings}
    assert all(KEY.encode() not in read.content for read in answer_of(name, content).files)


@pytest.mark.parametrize(("name", "place"), sorted(HIDING))
def test_76_canonical_bytes_are_their_own_canonical_form(name: str, place: str) -> None:
    """The same upload gives the same canonical bytes, and reading these again gives the same bytes."""
    first = answer_of(name, HIDING[name, place])
    assert first == answer_of(name, HIDING[name, place])
    for read in first.files:
        assert [again.content for again in answer_of(f"x{read.suffix}", read.content).files] == [read.content]
