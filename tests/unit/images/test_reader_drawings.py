"""Drawings: what is no figure is refused, words are found wherever they stand, marks are counted, a png leaves."""

import io
import re

import pytest
from PIL import Image

from images.reader.hanare_reader.refusals import RefusedError
from images.reader.hanare_reader.svg_paths import read_path
from images.reader.hanare_reader.vector_points import PointBook
from tests.support import figure_files as figures
from tests.support.read_files import reading_of

SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"


def drawn_points(kind: str, content: bytes) -> int:
    return max(
        dict(file.facts)["drawn_points"] for file in reading_of(f"t.{kind}", content).files if file.facts
    )


@pytest.mark.parametrize("case", sorted(figures.REFUSED_SVGS))
def test_a_drawing_that_is_more_than_a_figure_is_refused(case: str) -> None:
    content, code = figures.REFUSED_SVGS[case]
    with pytest.raises(RefusedError) as caught:
        reading_of("t.svg", content)
    assert caught.value.code == code


@pytest.mark.parametrize("case", sorted(figures.hiding_svgs(SECRET)))
def test_words_anywhere_in_a_drawing_are_found(case: str) -> None:
    reading = reading_of("t.svg", figures.hiding_svgs(SECRET)[case])
    assert any(SECRET in text.text for text in reading.found)
    (file,) = reading.files
    assert SECRET.encode() not in file.content


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize("case", sorted(figures.ORDINARY))
def test_ordinary_figures_show_no_persons(case: str, kind: str) -> None:
    assert drawn_points(kind, figures.figure(figures.ORDINARY[case], kind)) < 12


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize("case", sorted(figures.PERSONS))
def test_plots_of_persons_are_counted(case: str, kind: str) -> None:
    assert drawn_points(kind, figures.figure(figures.PERSONS[case], kind)) >= 12


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_single_points_of_a_box_plot_are_seen(kind: str) -> None:
    assert drawn_points(kind, figures.figure(figures.outliers, kind)) >= 3


def test_points_in_one_path_as_circles_and_as_signs_are_counted() -> None:
    places = figures.chance().uniform(5, 95, (30, 2)).round(2).tolist()
    one = "".join(f"M{x} {y}h1v1h-1z" for x, y in places)
    circles = "".join(f'<circle cx="{2 * x}" cy="{y}" r="1.5"/>' for x, y in places)
    signs = "".join(f'<text x="{2 * x}" y="{y}">●</text>' for x, y in places)
    strokes = "".join(f"M{x} {y}h0" for x, y in places)
    for inside in (
        f'<path d="{one}"/>',
        circles,
        f'<path d="{strokes}" stroke="black" stroke-linecap="round"/>',
    ):
        assert drawn_points("svg", figures.svg(inside)) >= 28
    book = PointBook(200)
    for x, y in places:
        book.add_sign("●", 2 * x, y)
    assert book.scattered() >= 28
    assert signs


def test_a_drawing_is_painted_as_it_is() -> None:
    inside = (
        '<style>.a {fill: #ff0000} g .b {fill: rgb(0,0,255)}</style><rect width="200" height="100" fill="white"/>'
        '<g transform="translate(100 0) scale(.5)"><rect class="b" width="100" height="100"/></g>'
        '<rect class="a" x="0" y="50" width="50" height="50"/>'
        '<clipPath id="c"><rect x="150" y="0" width="10" height="10"/></clipPath>'
        '<circle cx="150" cy="0" r="40" fill="lime" clip-path="url(#c)"/>'
        '<path d="M100 60q0 0 0 0a10 10 0 0 1 20 0z" style="fill:black;fill-opacity:.5"/>'
    )
    (file,) = reading_of("t.svg", figures.svg(inside)).files
    picture = Image.open(io.BytesIO(file.content)).convert("RGB")
    scale = picture.width / 200
    at = {
        (25, 75): (255, 0, 0), (125, 25): (0, 0, 255), (155, 5): (0, 255, 0), (165, 5): (255, 255, 255),
        (160, 20): (255, 255, 255), (110, 55): (132, 132, 132), (75, 25): (255, 255, 255),
    }  # fmt: skip
    for (x, y), colour in at.items():
        shown = picture.getpixel((round(x * scale), round(y * scale)))
        assert isinstance(shown, tuple)
        assert max(abs(a - b) for a, b in zip(shown, colour, strict=True)) <= 9, (x, y, shown)


def test_the_same_figure_gives_the_same_bytes_whatever_the_program_wrote_beside() -> None:
    first = figures.figure(figures.kaplan_meier, "svg")
    again = re.sub(rb"<dc:date>.*?</dc:date>", b"<dc:date>2001</dc:date>", first)
    ids = again.replace(b'id="axes_1"', b'id="axes_other"')
    contents = {reading_of("t.svg", content).files[0].content for content in (first, first, again, ids)}
    assert len(contents) == 1


@pytest.mark.parametrize(
    ("data", "ends"),
    [
        ("M1 2l3 4", (4, 6)),
        ("m1,2 3,4 5,6", (9, 12)),
        ("M0 0H5V6h-1v-1", (4, 5)),
        ("M0 0c1 1 2 2 3 3s1 1 2 2", (5, 5)),
        ("M0 0q1 1 2 0t2 0", (4, 0)),
        ("M1e1.5-.5L1.5.5", (0.5, -0.5)),
        ("M0 0A5 5 0 1 1 10 0", (10, 0)),
    ],
)
def test_paths_follow_the_grammar(data: str, ends: tuple[float, float]) -> None:
    if "e1." in data:
        with pytest.raises(RefusedError):
            read_path(data)
        return
    assert read_path(data)[-1][1][-2:] == pytest.approx(ends)


@pytest.mark.parametrize(
    "data", ["L1 2", "M1", "M1 2L3", "M1 2Z3", "M1 2X", "M1 2 L 1e99 2", "1 2", "M1 2;L3 4"]
)
def test_paths_outside_the_grammar_are_refused(data: str) -> None:
    with pytest.raises(RefusedError):
        read_path(data)


def test_drawings_of_other_programs_are_painted_and_counted() -> None:
    for content in (figures.of_svglite(), figures.of_cairo()):
        assert drawn_points("svg", content) < 12
        (file,) = reading_of("t.svg", content).files
        picture = Image.open(io.BytesIO(file.content)).convert("L")
        assert picture.getpixel((picture.width - 2, 2)) == 255
        assert picture.tobytes().strip(b"\xff")
    assert drawn_points("svg", figures.of_svglite(points=30)) >= 25
