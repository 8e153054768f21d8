"""Pdf: what is active refuses, what cannot be seen is found and does not leave, pages leave as pictures."""

import io
import zlib

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, StreamDecodeLevel
from PIL import Image

from images.reader.hanare_reader.refusals import RefusedError
from tests.support import pdf_files as pdfs
from tests.support.read_files import reading_of

SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"


@pytest.mark.parametrize("case", sorted(pdfs.refused_pdfs(SECRET)))
def test_a_pdf_that_acts_or_hides_by_design_is_refused(case: str) -> None:
    content, code = pdfs.refused_pdfs(SECRET)[case]
    with pytest.raises(RefusedError) as caught:
        reading_of("t.pdf", content)
    assert caught.value.code == code


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(pdfs.hiding_pdfs(SECRET)))
def test_words_that_cannot_be_seen_are_found_and_do_not_leave(case: str) -> None:
    reading = reading_of("t.pdf", pdfs.hiding_pdfs(SECRET)[case])
    hidden = "\n".join(text.text for text in reading.found if not text.leaves)
    assert SECRET in hidden.replace("\n", "")
    shown = "\n".join(text.text for file in reading.files for text in file.found if text.leaves)
    assert SECRET not in shown
    assert "Table of results" in shown
    for file in reading.files:
        assert SECRET.encode() not in file.content


def test_a_plain_page_becomes_a_picture_and_its_text_is_found() -> None:
    reading = reading_of("t.pdf", pdfs.built())
    (file,) = reading.files
    assert (file.suffix, file.columns, file.rows) == (".png", 1600, 800)
    assert not reading.signs
    assert [text.text for text in file.found] == ["Table of results"]
    assert reading_of("t.png", file.content).files[0].content == file.content


def test_pages_of_text_leave_as_text_and_as_pictures() -> None:
    lines = "".join(
        f"BT /F1 8 Tf 10 {180 - 9 * n} Td (Line {n}: the study describes treatment over time.) Tj ET\n"
        for n in range(12)
    )
    reading = reading_of("t.pdf", pdfs.built(lines, lines))
    assert [file.suffix for file in reading.files] == [".txt", ".png", ".png"]
    text = reading.files[0].content.decode()
    assert text.startswith("Line 0: the study describes treatment over time.\nLine 1")
    assert reading_of("t.txt", reading.files[0].content).files[0].content == reading.files[0].content


def test_turned_and_cropped_pages_are_seen_as_a_person_sees_them() -> None:
    for change in ({"Rotate": 90}, {"CropBox": Array([10, 100, 300, 190])}):
        reading = reading_of("t.pdf", pdfs.built(change=pdfs.changed(**change)))
        (file,) = reading.files
        assert any(text.text == "Table of results" for text in file.found), change
        assert not reading.signs
        if "Rotate" in change:
            assert file.rows > file.columns


def test_the_same_pdf_gives_the_same_bytes() -> None:
    content = pdfs.built()
    assert reading_of("t.pdf", content) == reading_of("t.pdf", content)
    picture = Image.open(io.BytesIO(reading_of("t.pdf", content).files[0].content))
    assert picture.info == {}


def test_points_written_as_signs_of_a_font_are_counted() -> None:
    """R's pdf device writes its round points as a sign of ZapfDingbats."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)

    def change(pdf: Pdf) -> None:
        pdf.pages[0].Resources.Font.F2 = pdf.make_indirect(font)

    places = [((37 * n * n) % 361 + 15, (53 * n) % 140 + 20) for n in range(30)]
    signs = "".join(f"BT /F2 1 Tf 0 Tr 7.48 0 0 7.48 {x} {y} Tm (l) Tj 0 Tr ET\n" for x, y in places)
    (file,) = reading_of("t.pdf", pdfs.built(pdfs.SHOWN + signs, change=change)).files
    assert dict(file.facts)["drawn_points"] >= 25


def test_a_stream_that_unpacks_to_much_is_refused_before_it_is_unpacked() -> None:
    def change(pdf: Pdf) -> None:
        much = zlib.compress(b" " * 100_000_000, 9)
        pdf.pages[0].obj.Contents = pdf.make_stream(much)
        pdf.pages[0].obj.Contents.Filter = Name.FlateDecode

    buffer = io.BytesIO()
    with Pdf.open(io.BytesIO(pdfs.built())) as pdf:
        change(pdf)
        pdf.save(buffer, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
    with pytest.raises(RefusedError) as caught:
        reading_of("t.pdf", buffer.getvalue())
    assert caught.value.code == "unpacks_too_large"
