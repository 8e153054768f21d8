"""One upload that becomes several files: each has its name, its digest, its votes, and leaves by itself."""

import hashlib

from output_review.disclosure.submissions import FoundText
from output_review.ports import ReaderAnswer, ReadFile
from output_review.readings.refusals import FAILED
from output_review.requests import CanonicalForm
from output_review.use_cases import hand_in
from output_review.workflow import State
from tests.support.review_fakes import FakeReader
from tests.support.review_story import AOI, MEI, PROJECT, RIN, Story, a_draft

BOOK = {"t.xlsx": b"PK\x03\x04 a book", "note.txt": b"note\n"}


class BookReader(FakeReader):
    """A book becomes two tables and a text; anything else what it always becomes."""

    suffixes: tuple[str, ...] = (".csv", ".csv", ".txt")

    def read(self, job: str, name: str, content: bytes) -> ReaderAnswer:
        if not name.endswith(".xlsx"):
            return super().read(job, name, content)
        return ReaderAnswer(tuple(self._file(n, s) for n, s in enumerate(self.suffixes)))

    def _file(self, number: int, suffix: str) -> ReadFile:
        made = f"table,{number}\n".encode()
        kind = {".csv": "csv", ".txt": "text", ".png": "picture"}[suffix]
        form = CanonicalForm(hashlib.sha256(made).hexdigest(), len(made), kind, 1, 2, ("hidden_sheets:2",))
        return ReadFile(form, made, suffix, (FoundText("hidden_sheet", "words", number=number),))


def book(story: Story, *suffixes: str) -> Story:
    reader = BookReader()
    reader.suffixes = suffixes or reader.suffixes
    story.reader = reader
    return story


def test_each_becomes_a_file_of_its_own(story: Story) -> None:
    book(story)
    request_id = story.hand_in(BOOK)
    story.tick()
    request = story.get(request_id)
    assert request.state is State.AWAITING_AUTHOR
    assert [(f.name, f.sent_as) for f in request.files] == [
        ("t-1.csv", "t.xlsx"),
        ("t-2.csv", "t.xlsx"),
        ("t.txt", "t.xlsx"),
        ("note.txt", "note.txt"),
    ]
    assert len(request.digests()) == 4
    assert [f.sent_as for f in request.uploads()] == ["t.xlsx", "note.txt"]


def test_announcing_it_again_is_the_same_request(story: Story) -> None:
    book(story)
    request_id = story.hand_in(BOOK)
    story.tick()
    assert story.hand_in(BOOK) == request_id
    draft = a_draft(BOOK, 1, "")
    for index, content in enumerate(BOOK.values()):
        hand_in.add_file(story.works, story.vault, MEI, PROJECT, draft.draft_id, index, content)


def test_the_checks_see_what_was_found_beside_each(story: Story) -> None:
    book(story)
    story.to_review(BOOK)
    _, submission, _ = story.checker.seen[-1]
    assert [f.name for f in submission.files] == ["t-1.csv", "t-2.csv", "t.txt", "note.txt"]
    assert [len(f.found) for f in submission.files] == [1, 1, 1, 0]
    assert submission.files[1].found[0] == FoundText("hidden_sheet", "words", number=1)
    assert submission.files[0].dropped == ("hidden_sheets:2",)
    assert submission.files[0].upload == "t.xlsx"


def test_one_table_may_leave_without_the_other(story: Story) -> None:
    book(story)
    request_id = story.to_review(BOOK)
    for checker in (AOI, RIN):
        story.vote(checker, request_id, refuse=frozenset({"t-2.csv"}))
    story.tick()
    with story.works.read() as work:
        release = work.releases.find(request_id)
    assert release is not None
    assert [name for name, _ in release.files] == ["t-1.csv", "t.txt", "note.txt"]


def test_two_files_of_one_name_are_refused(story: Story) -> None:
    book(story, ".txt")
    request_id = story.hand_in({"note.xlsx": b"PK\x03\x04", "note.txt": b"n\n"})
    story.tick()
    request = story.get(request_id)
    assert (request.state, request.code) == (State.REFUSED, "same_name")


def test_a_permit_without_figures_lets_no_picture_pass(story: Story) -> None:
    book(story, ".csv", ".png")
    request_id = story.hand_in(BOOK)
    story.tick()
    request = story.get(request_id)
    assert (request.state, request.code) == (State.REFUSED, "kind_not_permitted")


def test_a_reader_that_gives_nothing_refuses(story: Story) -> None:
    book(story)
    story.reader = _Nothing()
    request_id = story.hand_in(BOOK)
    story.tick()
    request = story.get(request_id)
    assert (request.state, request.code) == (State.REFUSED, "reader_failed")
    assert request.reason is not None
    assert FAILED.text in request.reason.en


class _Nothing(FakeReader):
    def read(self, job: str, name: str, content: bytes) -> ReaderAnswer:
        return ReaderAnswer()
