"""Small drawings that are set again and again are marks, whatever their shape; keys in pictures are told."""

from collections.abc import Callable

import pytest
from matplotlib.axes import Axes
from PIL import Image

from images.reader.hanare_reader import pictures
from images.reader.hanare_reader.formats import Upload
from images.reader.hanare_reader.picture_words import Words
from tests.support import figure_files as figures
from tests.support import picture_files
from tests.support.read_files import reading_of


def clubs(axes: Axes) -> None:
    xs, ys = figures.chance().uniform(20, 90, (2, 37))
    axes.scatter(xs, ys, marker=r"$\clubsuit$")


def labelled(axes: Axes) -> None:
    xs, ys = figures.chance().uniform(5, 95, (2, 40))
    axes.set(xlim=(0, 100), ylim=(0, 100), xlabel="age", ylabel="albumin")
    for x, y in zip(xs, ys, strict=True):
        axes.text(x, y, "p")


def named_bars(axes: Axes) -> None:
    axes.barh([f"{n}" for n in range(10, 40)], range(30, 60))
    axes.set(title="persons by group", ylabel="a rather long name of an axis", xlabel="n")


def logarithmic(axes: Axes) -> None:
    axes.plot([0.01, 0.1, 1, 10, 100], [1, 10, 100, 1000, 10000])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.grid(which="both")


def drawn_points(kind: str, content: bytes) -> int:
    return max(
        dict(file.facts)["drawn_points"] for file in reading_of(f"t.{kind}", content).files if file.facts
    )


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_marks_of_any_shape_are_counted(kind: str) -> None:
    assert drawn_points(kind, figures.figure(clubs, kind)) >= 37


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_letters_that_stand_alone_are_marks_and_those_of_words_are_not(kind: str) -> None:
    assert drawn_points(kind, figures.figure(labelled, kind)) >= 12
    assert drawn_points(kind, figures.figure(named_bars, kind)) < 12


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_ticks_of_logarithmic_axes_are_none(kind: str) -> None:
    assert drawn_points(kind, figures.figure(logarithmic, kind)) < 12


def test_colours_in_percent_are_read() -> None:
    inside = '<rect x="10" y="10" width="50" height="30" fill="rgb(74.509804%,74.509804%,74.509804%)"/>'
    (file,) = reading_of("t.svg", figures.svg(inside)).files
    assert file.kind == "picture"


@pytest.mark.parametrize(
    ("read", "count"),
    [
        ("3f6c1c52-9d0b-4d1e-8a77-1fOc5f2e9a4 1", 1),
        ("3f6c1c52-9d0b-4d1e-8a77-1f0c5f2e9a41\n3F6CIC52-9DOB-4D1E-8A77-1F0C5F2E9A41", 2),
        ("2019-2020-2021-2022", 0),
        ("090-1234-5678", 0),
    ],
)
def test_keys_that_are_read_in_a_picture_are_told(read: str, count: int) -> None:
    def words(_: Image.Image) -> Words:
        return Words("", read, 50, ())

    made = pictures.read_png(Upload("t.png", picture_files.plain_png()), words)
    told = {code.partition(":")[0]: int(code.partition(":")[2] or 1) for code in made.signs}
    assert told.get("shown_keys", 0) == count


def by_month(axes: Axes) -> None:
    """Two series over the same months, with their legend."""
    for number, name in enumerate(("men", "women")):
        axes.plot(range(36), figures.chance().uniform(20, 90, 36) + number, marker="o", label=name)
    axes.legend()


def forest(axes: Axes) -> None:
    """Estimates with their intervals below headings, with a legend."""
    rows = [0, 1, 3, 4, 5, 7, 8, 10, 11, 12, 13, 15, 16]
    values = figures.chance().uniform(0.6, 1.6, len(rows))
    axes.errorbar(values, rows, xerr=0.2, fmt="s", capsize=3, label="hazard ratio")
    axes.legend()


def persons_with_a_legend(axes: Axes) -> None:
    xs, ys = figures.chance().uniform(20, 90, (2, 37))
    axes.plot(xs, ys, "o", label="persons")
    axes.legend()


def persons_by_year(axes: Axes) -> None:
    """Whole years of age, one person or more at each."""
    ages = figures.chance().integers(40, 90, 37)
    axes.plot(ages, figures.chance().uniform(2, 5, 37), "o")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize("draw", [by_month, forest], ids=lambda draw: draw.__name__)
def test_series_and_lists_with_a_legend_are_no_persons(draw: Callable[[Axes], object], kind: str) -> None:
    assert drawn_points(kind, figures.figure(draw, kind)) < 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["svg", "pdf"])
@pytest.mark.parametrize("draw", [persons_with_a_legend, persons_by_year], ids=lambda draw: draw.__name__)
def test_a_legend_and_whole_years_hide_no_persons(draw: Callable[[Axes], object], kind: str) -> None:
    assert drawn_points(kind, figures.figure(draw, kind)) >= 30
