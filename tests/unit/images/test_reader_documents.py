"""Pages and pictures of documents: they show what leaves and nothing else, and are judged by all that they show."""

import io
import re
import zipfile

import docx
import pytest
from PIL import Image

from images.reader.hanare_reader.document_pages import MAX_PAGES
from images.reader.hanare_reader.document_pictures import MAX_PICTURES
from images.reader.hanare_reader.results import CanonicalFile, Reading
from output_review.disclosure.findings import Verdict
from tests.support import office_files as office
from tests.support import picture_files as pictures
from tests.support.office_files import BODY, repacked, saved_document
from tests.support.read_files import judged, reading_of

SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
SHOWS_MORE = {"reading", "field", "hidden row"}
"""Hiding places that come with something to see."""


def read(content: bytes) -> Reading:
    return reading_of("t.docx", content)


def pages(made: Reading) -> list[CanonicalFile]:
    return [file for file in made.files if (file.rows, file.columns) == (1600, 1131)]


def figures(made: Reading) -> list[CanonicalFile]:
    return [file for file in made.files if file.kind == "picture" and file not in pages(made)]


def said(file: CanonicalFile) -> str:
    return "\n".join(text.text for text in file.found if text.leaves)


def with_picture(content: bytes | None = None) -> bytes:
    made = office.document()
    made.add_picture(io.BytesIO(content or pictures.plain_png()))
    return saved_document(made)


def body_of(content: bytes, pattern: str, by: str) -> bytes:
    """The document with a piece of its body replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read(BODY).decode()
    assert re.search(pattern, body, re.DOTALL)
    return repacked(content, {BODY: re.sub(pattern, by, body, count=1, flags=re.DOTALL).encode()})


PLAIN = [page.content for page in pages(read(office.plain_document()))]
HIDDEN = office.hiding_documents(SECRET)


def test_a_report_leaves_as_its_text_and_as_a_page() -> None:
    made = read(office.plain_document())
    text, page = made.files
    assert (text.suffix, page.suffix) == (".txt", ".png")
    assert said(page) == "\n".join(line for line in text.content.decode().splitlines() if line)
    assert Image.open(io.BytesIO(page.content)).size == (1131, 1600)


@pytest.mark.slow
@pytest.mark.parametrize("place", sorted(HIDDEN.keys() - SHOWS_MORE))
def test_a_page_shows_nothing_of_what_does_not_leave(place: str) -> None:
    made = read(HIDDEN[place])
    assert [page.content for page in pages(made)] == PLAIN
    assert all(SECRET not in said(page) for page in pages(made))


def test_a_page_shows_what_was_inserted() -> None:
    inserted = repacked(
        office.plain_document(),
        replacing={
            BODY: ("<w:sectPr", '<w:p><w:ins w:id="9"><w:r><w:t>new</w:t></w:r></w:ins></w:p><w:sectPr')
        },
    )
    assert [page.content for page in pages(read(inserted))] != PLAIN


def test_a_page_is_judged_by_its_words_as_the_text_is() -> None:
    document = office.document()
    document.add_table(rows=1, cols=2).rows[0].cells[0].text = "群"
    for cell, text in zip(document.tables[1].rows[0].cells, ("群", "患者数"), strict=True):
        cell.text = text
    for group, count in (("A", "7"), ("B", "370")):
        cells = document.tables[1].add_row().cells  # type: ignore[no-untyped-call]
        cells[0].text, cells[1].text = group, count
    report = judged("t.docx", saved_document(document))
    assert [file.verdict for file in report.files] == [Verdict.FIX, Verdict.FIX]


def test_a_picture_leaves_as_a_picture_of_its_own_and_asks_for_its_table() -> None:
    content = with_picture()
    (figure,) = figures(read(content))
    assert figure.content == reading_of("t.png", pictures.plain_png()).files[0].content
    report = judged("t.docx", content)
    assert report.files[-1].verdict is Verdict.REVIEW
    assert "FILE.picture" in {finding.rule for finding in report.files[-1].findings}
    assert [page.content for page in pages(read(content))] != PLAIN


def test_a_page_carries_the_signs_and_words_of_its_pictures() -> None:
    made = read(with_picture(pictures.barcode_png(SECRET)))
    for file in (*pages(made), *figures(made)):
        assert "barcodes" in file.signs
        assert SECRET in said(file)


def test_what_lies_beside_the_pixels_of_a_picture_is_found_and_dropped() -> None:
    made = read(with_picture(pictures.hiding_pngs(SECRET)["tEXt"]))
    (figure,) = figures(made)
    assert any(SECRET in text.text and not text.leaves for text in figure.found)
    assert all(SECRET.encode() not in file.content for file in made.files)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (r"<w:r>(<w:drawing>)", r"<w:r><w:rPr><w:vanish/></w:rPr>\1"),
        (r"<w:r>(<w:drawing>.*?</w:drawing>)</w:r>", r'<w:del w:id="7"><w:r>\1</w:r></w:del>'),
        (r"(<wp:docPr )", r'\1hidden="1" '),
        (
            r"(<w:drawing>.*?</w:drawing>)",
            r"<w:pict><w:txbxContent><w:p><w:r>\1</w:r></w:p></w:txbxContent></w:pict>",
        ),
    ],
)
def test_a_picture_that_is_not_shown_stays_behind_and_is_told(pattern: str, by: str) -> None:
    made = read(body_of(with_picture(), pattern, by))
    assert figures(made) == []
    assert [page.content for page in pages(made)] == PLAIN
    assert any(code.startswith("pictures") for code in made.dropped)


def test_what_is_cut_away_from_a_picture_does_not_leave() -> None:
    whole = Image.new("RGB", (200, 100), "white")
    whole.paste("black", (150, 0, 200, 100))
    content = with_picture(pictures.saved(whole))
    cut = body_of(content, r"(<a:blip [^>]*/>|</a:blip>)", r'\1<a:srcRect r="25000"/>')
    (figure,) = figures(read(cut))
    assert (figure.columns, figure.rows) == (150, 100)
    assert Image.open(io.BytesIO(figure.content)).convert("L").getextrema() == (255, 255)
    assert "outside_page" in figure.dropped


def test_a_picture_that_cannot_be_read_stays_behind() -> None:
    made = read(with_picture(pictures.plain_png() + b"rows of persons"))
    assert figures(made) == []
    assert any(code.startswith("pictures") for code in made.dropped)


def test_a_document_of_pictures_alone_is_read() -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(pictures.plain_png()))
    assert {file.kind for file in read(saved_document(document)).files} == {"picture"}


def test_pages_and_pictures_are_limited_and_the_rest_is_told() -> None:
    document = office.document()
    for number in range(600):
        document.add_paragraph(f"{number} " + "words and more words " * 8)
    for number in range(MAX_PICTURES + 2):
        document.add_picture(io.BytesIO(pictures.saved(Image.new("RGB", (20 + number, 20), "red"))))
    made = read(saved_document(document))
    assert len(pages(made)) == MAX_PAGES
    assert len(figures(made)) == MAX_PICTURES
    told = dict(code.partition(":")[::2] for code in made.dropped)
    assert told["pictures"] == "3"  # the program's own small picture of the document is one
    assert int(told["lines_without_page"]) > 300
    assert "599 words" in made.files[0].content.decode()


def test_a_further_page_of_a_table_has_its_names_again() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "group", "persons"
    for number in range(120):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"g{number}", str(100 + number)
    made = pages(read(saved_document(document)))
    assert len(made) > 1
    assert all("| group | persons |\n| --- | --- |" in said(page) for page in made)
    rows = [line for page in made for line in said(page).splitlines() if line.startswith("| g")]
    assert len(rows) == 120 + len(made)


def test_a_table_that_no_page_can_hold_is_set_as_lines() -> None:
    document = docx.Document()
    for cell in document.add_table(rows=1, cols=40).rows[0].cells:
        cell.text = "name of a column"
    tall = document.add_table(rows=2, cols=1)
    tall.rows[0].cells[0].text = "head"
    tall.rows[1].cells[0].text = "a long remark " * 800
    made = read(saved_document(document))
    assert all(page.content for page in pages(made))
    assert "a long remark" in said(pages(made)[-1])


def test_cells_that_span_columns_and_cells_in_forms_keep_their_place() -> None:
    table = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>both</w:t></w:r></w:p></w:tc>'
        "<w:tc><w:p><w:r><w:t>third</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt>"
        "<w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    content = repacked(office.plain_document(), replacing={BODY: ("<w:sectPr", f"{table}<w:sectPr")})
    text = read(content).files[0].content.decode()
    assert "| both |  | third |\n| --- | --- | --- |\n| 1 | 2 | 3 |" in text


def test_a_style_based_on_a_hidden_one_hides() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1x"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2x"><w:name w:val="g"/><w:basedOn w:val="H1x"/></w:style></w:styles>'
    )
    hidden = f'<w:p><w:pPr><w:pStyle w:val="H2x"/></w:pPr><w:r><w:t>{SECRET}</w:t></w:r></w:p><w:sectPr'
    content = repacked(
        office.plain_document(),
        replacing={BODY: ("<w:sectPr", hidden), "word/styles.xml": ("</w:styles>", styles)},
    )
    made = read(content)
    assert all(SECRET.encode() not in file.content for file in made.files)
    assert [page.content for page in pages(made)] == PLAIN


def test_the_same_document_gives_the_same_bytes() -> None:
    assert read(with_picture()) == read(with_picture())
