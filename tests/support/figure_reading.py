"""Pictures, figures and data files read and judged on a machine without the text recogniser.

The recogniser lives in the reader's image only; here pictures are read with one that sees no words,
and everything else of the reader is the same. Words in pictures are tried in containers.
"""

import json
from typing import TYPE_CHECKING

from catalog.identifiers.pseudonyms import PseudonymSet
from images.reader.hanare_reader import pdfs, pictures, svgs
from images.reader.hanare_reader.formats import Upload, find_format, read
from images.reader.hanare_reader.picture_words import Words, read_barcodes
from images.reader.hanare_reader.refusals import RefusedError
from images.reader.hanare_reader.results import Reading
from output_review.adapters.reader_answers import parse_answer, refused
from output_review.disclosure.checks import run_checks
from output_review.disclosure.reports import Report
from output_review.ports import ReaderAnswer
from tests.support.read_files import POLICY, as_submission

if TYPE_CHECKING:
    from PIL.Image import Image

READERS = {"png": pictures.read_png, "jpg": pictures.read_jpeg, "svg": svgs.read_svg, "pdf": pdfs.read_pdf}


def no_words(picture: "Image") -> Words:
    """Barcodes as ever, and no words."""
    return Words("", "", 100, read_barcodes(picture))


def reading_of(name: str, content: bytes) -> Reading:
    """What a file is read as; a refusal is raised."""
    upload = Upload(name, content)
    reader = READERS.get(find_format(upload).name)
    return reader(upload, no_words) if reader else read(upload)


def answer_of(name: str, content: bytes) -> ReaderAnswer:
    """What a reader says of a file, written out and taken in again."""
    try:
        made = reading_of(name, content)
    except RefusedError as error:
        return refused(error.code, error.numbers)
    said = json.dumps(made.answer()).encode()
    found = json.dumps(made.found_by_file()).encode()
    return parse_answer(said, [file.content for file in made.files], found)


def judged(name: str, content: bytes, ids: PseudonymSet | None = None) -> Report:
    """The report on one uploaded file."""
    return run_checks(as_submission(name, answer_of(name, content)), POLICY, ids, ())
