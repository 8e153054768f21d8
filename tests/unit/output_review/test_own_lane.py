"""The second lane: stored at the end of a time box, at one size, and never half an answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog.identifiers.own_forms import OwnKind, forms_of
from output_review import own_lane
from output_review.adapters.tables import own_assessment
from output_review.disclosure.findings import Audience, Place
from output_review.disclosure.own_rules import MOST, forms_of_submission, not_compared, own_findings
from output_review.disclosure.submissions import FileKind, FoundText, Submission, SubmittedFile
from output_review.own_lane import OwnDeps
from output_review.ports import OwnAnswer, ReaderAnswer
from output_review.use_cases.assess import moment_after
from output_review.use_cases.read import request_page
from tests.support.fakes import START
from tests.support.review_fakes import FakeMatcher, FakeReader
from tests.support.review_houses import fake_story, sqlite_story
from tests.support.review_story import MEI

NAME = "高橋　久子"
OURS = dict.fromkeys(forms_of(OwnKind.NAME, NAME), OwnKind.NAME)


def waiting(story_files: dict[str, bytes] | None = None) -> tuple[OwnDeps, list[float], str]:
    """A request that waits for its comparison, and the waits of the lane."""
    story, _ = fake_story()
    story.matcher.away = OSError()
    request_id = story.to_review(story_files)
    story.matcher.away = None
    waits: list[float] = []
    times = iter([0.0, 0.0])
    clock = [100.0]

    def monotonic() -> float:
        clock[0] += next(times, 0.0)
        return clock[0]

    return (
        OwnDeps(story.works, story.vault, story.matcher, None, 10.0, waits.append, monotonic),
        waits,
        request_id,
    )


def test_it_is_stored_when_the_time_box_ends() -> None:
    deps, waits, _ = waiting()
    assert own_lane.run_once(deps) == 1
    assert waits == [10.0]
    assert own_lane.run_once(deps) == 0


@pytest.mark.parametrize(
    ("spent", "left"), [(0.0, 10.0), (3.0, 7.0), (9.75, 0.25), (10.0, 10.0), (23.0, 7.0)]
)
def test_a_box_is_a_whole_number_of_its_length(spent: float, left: float) -> None:
    deps, waits, _ = waiting()
    ticks = iter([0.0, spent])
    own_lane.run_once(
        OwnDeps(deps.works, deps.vault, deps.matcher, None, 10.0, waits.append, lambda: next(ticks))
    )
    assert waits == [left]


def test_two_sets_give_no_answer() -> None:
    class Changing(FakeMatcher):
        def kinds_of(self, project: str, forms: Sequence[str]) -> OwnAnswer:
            answer = super().kinds_of(project, forms)
            return OwnAnswer(f"{len(self.asked):016x}", answer.ours)

    deps, _, request_id = waiting({"t.txt": "".join(chr(0x4E00 + n) for n in range(9000)).encode()})
    assert own_lane.run_once(OwnDeps(deps.works, deps.vault, Changing())) == 0
    with deps.works.read() as work:
        assert work.requests.find_own(request_id) is None


def test_what_is_stored_has_one_size_for_any_answer(tmp_path: Path) -> None:
    sizes = []
    for number, ours in enumerate(({}, OURS)):
        (tmp_path / str(number)).mkdir()
        story, house = sqlite_story(tmp_path / str(number))
        story.matcher = FakeMatcher(ours)
        story.to_review({"t.txt": f"{NAME}\n".encode() * 30})
        with house.database.engine.connect() as connection:
            sizes.append(len(connection.execute(select(own_assessment.c.sealed)).scalar_one()))
        house.database.close()
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize(("after", "due"), [(0, 5), (0.1, 5), (5, 5), (5.1, 10), (9.9, 10), (61, 65)])
def test_moments_are_whole_multiples(after: float, due: float) -> None:
    told = moment_after(START, START + timedelta(seconds=after), timedelta(seconds=5))
    assert told == START + timedelta(seconds=due)
    now = START + timedelta(seconds=after)
    assert moment_after(START, now, timedelta(0)) == now


def file(name: str, kind: FileKind, text: str) -> Submission:
    return Submission("s", (SubmittedFile(name, kind, text),))


@pytest.mark.parametrize(
    ("submission", "place"),
    [
        (file("高橋久子_結果.csv", FileKind.CSV, "a,n\nx,20\n"), (None, None)),
        (file("t.csv", FileKind.CSV, "氏名,n\n高橋久子,20\n"), (2, "氏名")),
        (file("t.csv", FileKind.CSV, "姓,名,n\n高橋,久子,20\n"), (2, None)),
        (file("t.csv", FileKind.CSV, "x,n\n高,20\n橋,20\n久,20\n子,20\n"), (None, "x")),
        (file("t.csv", FileKind.CSV, "高橋久子,n\n1,20\n"), (1, "高橋久子")),
        (file("t.txt", FileKind.TEXT, "一\n二 高橋 久子\n"), (2, None)),
    ],
)
def test_it_is_found_wherever_a_file_holds_it(
    submission: Submission, place: tuple[int | None, str | None]
) -> None:
    assert OURS.keys() <= forms_of_submission(submission)
    (report,) = own_findings(submission, OURS)
    assert place in [(found.where.row, found.where.column) for found in report.findings]
    assert all(found.audience is Audience.CHECKER for found in report.findings)
    assert own_findings(submission, {})[0].findings == ()


def test_findings_are_bounded_and_say_so() -> None:
    many = file("t.txt", FileKind.TEXT, f"{NAME}。\n" * (MOST + 5))
    (report,) = own_findings(many, OURS)
    assert len(report.findings) == MOST + 1
    assert "more" in report.findings[-1].message.en


def test_what_cannot_be_compared_blocks_for_checkers_alone() -> None:
    (report,) = not_compared(file("t.txt", FileKind.TEXT, "x"))
    assert [(f.rule, f.severity.value, f.audience) for f in report.findings] == [
        ("SDC.unchecked", "reject", Audience.CHECKER)
    ]


@pytest.mark.parametrize(
    ("found", "where"),
    [
        (
            FoundText("picture_words", "Figure 1\n高橋 久子", leaves=True),
            Place(2, offset=9, length=5, part="picture_words"),
        ),
        (
            FoundText("picture_words", "高 橋 久 子", leaves=True, number=3),
            Place(1, offset=0, length=7, page=3, part="picture_words"),
        ),
        (
            FoundText("hidden_sheet", "氏名\n高橋　久子\n", FileKind.CSV, number=2),
            Place(page=2, part="hidden_sheet"),
        ),
        (FoundText("property", "高橋久子"), Place(part="property")),
    ],
)
def test_words_read_from_pictures_and_hidden_places_are_compared(found: FoundText, where: Place) -> None:
    submission = Submission("r", (SubmittedFile("f.png", FileKind.PICTURE, found=(found,)),))
    assert forms_of_submission(submission) & OURS.keys()
    (file,) = own_findings(submission, OURS)
    (finding,) = file.findings
    assert (finding.rule, finding.audience, finding.where) == ("ID.own", Audience.CHECKER, where)
    assert not own_findings(submission, {})[0].findings


def test_the_name_a_file_was_sent_under_is_compared() -> None:
    file = SubmittedFile("f-1.csv", FileKind.CSV, "n\n20\n", upload="高橋久子.xlsx")
    (report,) = own_findings(Submission("r", (file,)), OURS)
    assert [finding.where for finding in report.findings] == [Place()]


class Seeing(FakeReader):
    """Reads a name in every picture."""

    def read(self, job: str, name: str, content: bytes) -> ReaderAnswer:
        words = FoundText("picture_words", "Figure 1\n高橋 久子", leaves=True)
        return ReaderAnswer(
            tuple(replace(one, found=(words,)) for one in super().read(job, name, content).files)
        )


def test_what_was_recognised_in_a_picture_reaches_the_checkers_through_both_lanes() -> None:
    story, _ = fake_story()
    story.reader, story.matcher = Seeing(), FakeMatcher(OURS)
    request_id = story.to_review({"t.csv": b"n\n20\n"})
    with story.works.read() as work:
        own = work.requests.find_own(request_id)
        seen = request_page(work, MEI, request_id)
    assert own is not None
    assert [(f.rule, f.where.part) for file in own.files for f in file.findings] == [
        ("ID.own", "picture_words")
    ]
    assert seen.report is None or not [f for file in seen.report.files for f in file.findings]
