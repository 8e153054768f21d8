"""Pictures: walked before they are unpacked, read for what hides beside the pixels, written again as ours."""

import io

import pytest
from PIL import Image

from images.reader.hanare_reader.refusals import RefusedError
from images.reader.hanare_reader.results import CanonicalFile
from tests.support import picture_files as pictures
from tests.support.read_files import reading_of

SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"


def one(name: str, content: bytes) -> CanonicalFile:
    (file,) = reading_of(name, content).files
    return file


@pytest.mark.parametrize("case", sorted(pictures.refused_pictures(SECRET)))
def test_a_picture_that_is_not_what_it_should_be_is_refused(case: str) -> None:
    name, content, code = pictures.refused_pictures(SECRET)[case]
    with pytest.raises(RefusedError) as caught:
        reading_of(name, content)
    assert caught.value.code == code


HIDING = {
    **{f"png {place}": ("t.png", content) for place, content in pictures.hiding_pngs(SECRET).items()},
    **{f"jpg {place}": ("t.jpg", content) for place, content in pictures.hiding_jpegs(SECRET).items()},
}


@pytest.mark.parametrize("case", sorted(HIDING))
def test_words_beside_the_pixels_are_found_and_do_not_leave(case: str) -> None:
    reading = reading_of(*HIDING[case])
    assert any(SECRET in text.text and not text.leaves for text in reading.found)
    assert reading.dropped
    for file in reading.files:
        assert SECRET.encode() not in file.content
        assert SECRET.encode("utf-16-le") not in file.content


def test_the_camera_s_place_and_small_copies_are_told() -> None:
    dropped = reading_of(*HIDING["png exif"]).dropped
    assert {"exif", "gps"} <= set(dropped)
    assert "thumbnails" in reading_of(*HIDING["jpg thumbnail"]).dropped


@pytest.mark.parametrize("mode", sorted(pictures.modes()))
def test_every_mode_becomes_a_picture_of_few_colours_that_stays(mode: str) -> None:
    file = one("t.png", pictures.modes()[mode])
    assert (file.rows, file.columns) == (80, 120)
    written = Image.open(io.BytesIO(file.content))
    assert (written.mode, written.info) == ("P", {})
    assert written.getcolors(256) is not None
    assert one("t.png", file.content) == file


def test_a_photograph_becomes_256_colours_and_stays() -> None:
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    noise.paste(Image.radial_gradient("L").resize((150, 200)).convert("RGB"), (0, 0))
    noise = Image.merge(
        "RGB", (noise.getchannel(0), noise.getchannel(1).rotate(90), noise.getchannel(2).rotate(180))
    )
    for name, content in (("t.png", pictures.saved(noise)), ("t.jpg", pictures.saved(noise, "JPEG"))):
        file = one(name, content)
        assert Image.open(io.BytesIO(file.content)).getcolors(256) is not None
        assert one("t.png", file.content).content == file.content


def test_what_was_laid_over_with_transparency_is_gone() -> None:
    over = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    file = one("t.png", pictures.saved(over))
    assert Image.open(io.BytesIO(file.content)).convert("RGB").getcolors() == [(1600, (255, 255, 255))]


def test_a_message_in_the_lowest_bits_does_not_leave() -> None:
    plain, carrying = pictures.low_bits_png(SECRET)
    assert plain != carrying
    assert one("t.png", plain).content == one("t.png", carrying).content


def test_the_order_of_a_palette_says_nothing() -> None:
    picture = pictures.drawn().quantize(8)
    palette = picture.getpalette() or []
    colours = len(palette) // 3
    turned = picture.point([colours - 1 - n if n < colours else n for n in range(256)])
    turned.putpalette([n for colour in range(colours)[::-1] for n in palette[3 * colour : 3 * colour + 3]])
    assert turned.tobytes() != picture.tobytes()
    assert turned.convert("RGB").tobytes() == picture.convert("RGB").tobytes()
    assert one("t.png", pictures.saved(picture)).content == one("t.png", pictures.saved(turned)).content


def test_a_very_large_picture_is_made_smaller() -> None:
    reading = reading_of("t.png", pictures.saved(Image.new("L", (5_000, 1_000), 255)))
    assert (reading.files[0].columns, reading.files[0].rows) == (2_400, 480)
    assert "pixels" in reading.dropped


def test_a_turned_photograph_is_turned_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    file = one("t.jpg", pictures.saved(pictures.drawn(), "JPEG", exif=turned.tobytes()))
    assert (file.columns, file.rows) == (80, 120)


def test_what_a_barcode_holds_is_found() -> None:
    reading = reading_of("t.png", pictures.barcode_png(SECRET))
    assert reading.signs == ("barcodes",)
    assert any(
        text.part == "barcode" and text.text == SECRET and text.leaves for text in reading.files[0].found
    )
