"""Statistics as figures, containers of figures and models: built as files, read and judged, none passes.

The numbers in the names of cases are those of the table of adversarial outputs.
"""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes

from catalog.identifiers.pseudonyms import PseudonymSet
from output_review.disclosure.findings import Verdict
from output_review.disclosure.reports import Report
from tests.support import data_files as data
from tests.support import figure_files as figures
from tests.support import pdf_files as pdfs
from tests.support import picture_files as pictures
from tests.support.notebooks import drawn_in_a_notebook
from tests.support.read_files import answer_of, judged

SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
IDS = PseudonymSet.of([SECRET])


def choropleth(axes: Axes) -> None:
    axes.pcolormesh(np.arange(90).reshape(9, 10))


def plotted(case: str) -> list[tuple[str, bytes]]:
    draw = {
        "D05": figures.outliers,
        "D06": figures.scatter,
        "D07": figures.residuals,
        "D08": figures.censored,
        "D26": figures.components,
        "D28": choropleth,
        "D29": figures.dots,
    }[case]
    return [(f"t.{kind}", figures.figure(draw, kind)) for kind in ("png", "jpg", "svg", "pdf")]


PLOTS = ("D05", "D06", "D07", "D08", "D26", "D28", "D29")
REJECTED = ("D06", "D07", "D08", "D26", "D29")
PLANTED: dict[str, tuple[str, bytes]] = {
    "F30 barcode": ("t.png", pictures.barcode_png(SECRET)),
    **{f"G10 {place}": ("t.pdf", content) for place, content in pdfs.hiding_pdfs(SECRET).items()},
    **{f"G12 {place}": ("t.svg", content) for place, content in figures.hiding_svgs(SECRET).items()},
    **{f"G14 {place}": ("t.png", content) for place, content in pictures.hiding_pngs(SECRET).items()},
    **{f"G14 {place}": ("t.jpg", content) for place, content in pictures.hiding_jpegs(SECRET).items()},
    **{f"G21 {place}": ("t.parquet", content) for place, content in data.hiding_parquets(SECRET).items()},
    **{f"G35 onnx {at}": ("m.onnx", data.onnx(words=SECRET.encode(), at=at)) for at in data.ONNX_PLACES},
    "G35 safetensors": ("m.safetensors", data.safetensors(__metadata__={"patient": SECRET})),
}
REFUSED: dict[str, tuple[str, bytes]] = {
    **{f"G10 {what}": ("t.pdf", content) for what, (content, _) in pdfs.refused_pdfs(SECRET).items()},
    **{f"G13 {what}": ("t.svg", content) for what, (content, _) in figures.REFUSED_SVGS.items()},
    **{f"G15 {what}": (n, content) for what, (n, content, _) in pictures.refused_pictures(SECRET).items()},
    **{f"G21 {what}": ("t.parquet", content) for what, (content, _) in data.refused_parquets().items()},
    **{
        f"G28 {name}": (name, content)
        for name, content in data.stored_models(Path("/nonexistent/ran")).items()
    },
}


def rules(report: Report) -> set[str]:
    return {finding.rule for file in report.files for finding in file.findings}


@pytest.mark.parametrize("case", PLOTS)
def test_no_plot_of_persons_passes(case: str) -> None:
    for name, content in plotted(case):
        report = judged(name, content)
        assert report.verdict in {Verdict.REVIEW, Verdict.REJECT}, name
        assert "SDC.unchecked" not in rules(report)


@pytest.mark.parametrize("case", REJECTED)
def test_a_drawing_of_persons_is_rejected(case: str) -> None:
    for name, content in plotted(case)[2:]:
        report = judged(name, content)
        assert report.verdict is Verdict.REJECT, name
        assert "FILE.persons_plotted" in rules(report)


@pytest.mark.parametrize("case", sorted(PLANTED))
def test_a_pseudonym_in_any_hiding_place_is_found_and_does_not_leave(case: str) -> None:
    report = judged(*PLANTED[case], ids=IDS)
    assert report.verdict is Verdict.REJECT
    assert "ID.pseudonym" in rules(report)
    for read in answer_of(*PLANTED[case]).files:
        assert SECRET.encode() not in read.content


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_is_refused_says_why(case: str) -> None:
    answer = answer_of(*REFUSED[case])
    assert not answer.admitted
    assert answer.reason is not None
    assert answer.code != "reader_failed"
    assert judged(*REFUSED[case]).verdict is Verdict.REJECT


def test_a_drawing_chosen_in_a_notebook_is_read_as_a_drawing() -> None:
    line = figures.figure(next(iter(figures.ORDINARY.values())), "svg")
    answer = answer_of("t.ipynb", drawn_in_a_notebook(line))
    assert [file.suffix for file in answer.files] == [".py", ".png"]
    assert answer.files[1].content == answer_of("t.svg", line).files[0].content
    assert judged("t.ipynb", drawn_in_a_notebook(line)).verdict is Verdict.REVIEW
    persons = judged("t.ipynb", drawn_in_a_notebook(figures.figure(figures.scatter, "svg")))
    assert persons.verdict is Verdict.REJECT
    assert "FILE.persons_plotted" in rules(persons)


@pytest.mark.parametrize("place", sorted(figures.hiding_svgs(SECRET)))
def test_a_drawing_in_a_notebook_hides_nothing(place: str) -> None:
    book = drawn_in_a_notebook(figures.hiding_svgs(SECRET)[place])
    report = judged("t.ipynb", book, ids=IDS)
    assert report.verdict is Verdict.REJECT
    assert "ID.pseudonym" in rules(report)


@pytest.mark.parametrize("what", sorted(set(figures.REFUSED_SVGS) - {"utf-16"}))
def test_a_drawing_that_is_refused_is_refused_in_a_notebook(what: str) -> None:
    assert not answer_of("t.ipynb", drawn_in_a_notebook(figures.REFUSED_SVGS[what][0])).admitted


DAYS_FIGURES = [f"{name}.{kind}" for name in figures.ORDINARY for kind in ("png", "jpg", "svg", "pdf")]


def ordinary(case: str) -> tuple[str, bytes]:
    """A file of a day's work."""
    if case == "parquet":
        return "t.parquet", data.parquet(data.plain_table())
    name, kind = case.rsplit(".", 1)
    return f"t.{kind}", figures.figure(figures.ORDINARY[name], kind)


@pytest.mark.parametrize("case", [*DAYS_FIGURES, "parquet"])
def test_a_days_figures_go_on(case: str) -> None:
    report = judged(*ordinary(case))
    assert report.verdict is (Verdict.PASS if case == "parquet" else Verdict.REVIEW), report


@pytest.mark.parametrize("case", [*sorted(PLANTED), *DAYS_FIGURES, "parquet"])
def test_canonical_bytes_read_again_are_the_same_bytes(case: str) -> None:
    name, content = PLANTED[case] if case in PLANTED else ordinary(case)
    first = answer_of(name, content)
    assert answer_of(name, content) == first
    for read in first.files:
        (again,) = answer_of(f"x{read.suffix}", read.content).files
        assert again.content == read.content
