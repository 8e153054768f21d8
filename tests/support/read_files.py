"""Files read and judged as the worker does it, with the container left out.

The reader's answer is written out and taken in again, so that what a file gives here is what it gives
behind a container; only the wall around the reader is missing, and containers have tests of their own.
The recogniser of text and the Japanese font are in the reader's image only: here pictures are read by one
that sees no words, and pages are set in the font that comes with a drawing library. Words in pictures are
tried in containers.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

from catalog.identifiers.pseudonyms import PseudonymSet
from enclave.adapters.policy_files import load_policies
from images.reader.hanare_reader import documents, notebooks, pdfs, pictures, svgs
from images.reader.hanare_reader.formats import Upload, find_format, read
from images.reader.hanare_reader.picture_words import Words, read_barcodes
from images.reader.hanare_reader.refusals import RefusedError
from images.reader.hanare_reader.results import Reading
from output_review.adapters.reader_answers import parse_answer, refused
from output_review.disclosure.checks import run_checks
from output_review.disclosure.policy import policy_from_mapping
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.ports import ReaderAnswer

if TYPE_CHECKING:
    from PIL.Image import Image

POLICY = policy_from_mapping(load_policies(Path(__file__).parents[2] / "policies").document("disclosure"))


FACE = str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
READERS = {
    "png": pictures.read_png,
    "jpg": pictures.read_jpeg,
    "svg": svgs.read_svg,
    "pdf": pdfs.read_pdf,
    "ipynb": notebooks.read_notebook,
}


def no_words(picture: "Image") -> Words:
    """Barcodes as ever, and no words."""
    return Words("", "", 100, read_barcodes(picture))


def reading_of(name: str, content: bytes) -> Reading:
    """What a file is read as; a refusal is raised."""
    upload = Upload(name, content)
    entry = find_format(upload).name
    if entry == "docx":
        return documents.read_document(upload, no_words, FACE)
    reader = READERS.get(entry)
    return reader(upload, no_words) if reader else read(upload)


def answer_of(name: str, content: bytes) -> ReaderAnswer:
    """What a reader says of a file."""
    try:
        made = reading_of(name, content)
    except RefusedError as error:
        return refused(error.code, error.numbers)
    said = json.dumps(made.answer()).encode()
    found = json.dumps(made.found_by_file()).encode()
    return parse_answer(said, [file.content for file in made.files], found)


def as_submission(name: str, answer: ReaderAnswer) -> Submission:
    """The files that an answer admits, as the checks take them; a refusal is a file too."""
    if not answer.admitted:
        assert answer.reason is not None
        return Submission(
            name, (SubmittedFile(name, FileKind.REFUSED, refusal=(answer.code, answer.reason)),)
        )
    return Submission(
        name,
        tuple(
            SubmittedFile(
                f"{number}{read.suffix}",
                FileKind(read.form.kind),
                "" if read.form.kind == "picture" else read.content.decode(),
                read.found,
                read.form.dropped,
                read.form.signs,
                read.form.facts,
            )
            for number, read in enumerate(answer.files)
        ),
    )


def judged(name: str, content: bytes, ids: PseudonymSet | None = None) -> Report:
    """The report on one uploaded file."""
    return run_checks(as_submission(name, answer_of(name, content)), POLICY, ids, ())
