"""Figures in the reader's own container, where its text recogniser, fonts and libraries are."""

import io
import subprocess
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from catalog.identifiers.pseudonyms import PseudonymSet
from hub.host_facts import read_host
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places, Users
from output_review.adapters.reader_containers import ContainerReader
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Verdict
from output_review.disclosure.reports import Report
from output_review.ports import ReaderAnswer
from tests.support import data_files as data
from tests.support import figure_files as figures
from tests.support import pdf_files as pdfs
from tests.support import picture_files as pictures
from tests.support.notebooks import drawn_in_a_notebook
from tests.support.read_files import POLICY, as_submission

OTHER = "sha256:" + "0" * 64
SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
IDS = PseudonymSet.of([SECRET])
FONT = "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> ContainerReader:
    home = tmp_path_factory.mktemp("home")
    (home / "readers").mkdir()
    asked = ("docker", "image", "inspect", "--format", "{{.Id}}", "hanare/reader:local")
    image = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    house = House(
        Images(OTHER, OTHER, image),
        Limits(),
        Places(str(home)),
        Users(hub=1, worker=2),
        apparmor=read_host().apparmor is True,
    )

    def planned(job: str) -> tuple[str, Any]:
        made = plan_reader(house, job)
        return made.name, made.body

    return ContainerReader("http+unix:///var/run/docker.sock", home / "readers", planned, image)


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Japanese font of the reader's image."""
    place = tmp_path_factory.mktemp("font") / "ipaexg.ttf"
    made = subprocess.run(
        ("docker", "create", "hanare/reader:local", "true"), check=True, capture_output=True, text=True
    )
    container = made.stdout.strip()
    try:
        subprocess.run(("docker", "cp", f"{container}:{FONT}", str(place)), check=True, capture_output=True)
    finally:
        subprocess.run(("docker", "rm", container), check=True, capture_output=True)
    return place


def judged(name: str, answer: ReaderAnswer) -> Report:
    return run_checks(as_submission(name, answer), POLICY, IDS, ())


def words(answer: ReaderAnswer) -> str:
    return "\n".join(found.text for file in answer.files for found in file.found if found.leaves)


def sheet(lines: list[str], font: Path, *, size: int = 16, ink: str = "black") -> bytes:
    """A picture of lines of text, as a screenshot of a table is."""
    picture = Image.new("RGB", (640, 40 + len(lines) * size * 2), "white")
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((20, 20 + number * size * 2), line, fill=ink, font=ImageFont.truetype(str(font), size))
    return pictures.saved(picture)


LINES = ["氏名  性別  年齢", "山田太郎  男  72", "佐藤花子  女  68", f"番号 {SECRET}"]


def test_a_screenshot_of_a_table_is_read(reader: ContainerReader, font: Path) -> None:
    answer = reader.read("fig-1", "t.png", sheet(LINES, font))
    said = words(answer).replace(" ", "")
    for word in ("山田太郎", "佐藤花子", "氏名"):
        assert word in said
    report = judged("t.png", answer)
    assert report.verdict is not Verdict.PASS


def test_light_grey_on_white_is_read(reader: ContainerReader, font: Path) -> None:
    answer = reader.read("fig-1", "t.png", sheet(LINES[:2], font, ink="#e6e6e6"))
    assert "山田太郎" in words(answer).replace(" ", "")


def test_words_too_small_to_read_are_told_or_read(reader: ContainerReader, font: Path) -> None:
    answer = reader.read("fig-1", "t.png", sheet(LINES, font, size=6))
    assert answer.admitted
    assert judged("t.png", answer).verdict is not Verdict.PASS


@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "jpg"])
def test_an_ordinary_figure_is_looked_at_by_people_and_no_more(reader: ContainerReader, kind: str) -> None:
    for draw in figures.ORDINARY.values():
        answer = reader.read("fig-2", f"t.{kind}", figures.figure(draw, kind))
        report = judged(f"t.{kind}", answer)
        assert report.verdict is Verdict.REVIEW, (draw.__name__, report)


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_a_plot_of_persons_is_rejected(reader: ContainerReader, kind: str) -> None:
    for draw in (figures.scatter, figures.censored):
        answer = reader.read("fig-3", f"t.{kind}", figures.figure(draw, kind))
        assert judged(f"t.{kind}", answer).verdict is Verdict.REJECT


def test_a_drawing_in_a_notebook_is_read_as_a_drawing(reader: ContainerReader) -> None:
    line = figures.figure(next(iter(figures.ORDINARY.values())), "svg")
    ordinary = reader.read("fig-5", "t.ipynb", drawn_in_a_notebook(line))
    assert [file.suffix for file in ordinary.files] == [".py", ".png"]
    assert judged("t.ipynb", ordinary).verdict is Verdict.REVIEW
    persons = reader.read("fig-5", "t.ipynb", drawn_in_a_notebook(figures.figure(figures.scatter, "svg")))
    assert judged("t.ipynb", persons).verdict is Verdict.REJECT


def test_a_japanese_label_of_a_drawing_is_read_though_it_is_drawn_as_shapes(
    reader: ContainerReader, font: Path
) -> None:
    font_manager.fontManager.addfont(str(font))
    family = font_manager.FontProperties(fname=str(font)).get_name()
    with mpl.rc_context({"font.family": family}):
        for kind in ("svg", "pdf", "png"):
            content = figures.figure(
                lambda axes: axes.set(title="生存率 山田太郎", ylabel="カルテ番号"), kind
            )
            if kind == "svg":
                content = content.replace("<!-- 生存率 山田太郎 -->".encode(), b"")
            said = words(reader.read("fig-4", f"t.{kind}", content)).replace(" ", "")
            assert "山田太郎" in said, kind
            assert "カルテ番号" in said, kind


def test_text_of_a_drawing_is_painted(reader: ContainerReader) -> None:
    inside = f'<text x="10" y="50" font-size="14">山田太郎 12</text><text transform="translate(180 90) rotate(-90)">縦書き</text>{figures.LINE}'
    answer = reader.read("fig-5", "t.svg", figures.svg(inside))
    (file,) = answer.files
    assert any(
        "山田太郎" in found.text.replace(" ", "") for found in file.found if found.part == "picture_words"
    )
    picture = Image.open(io.BytesIO(file.content)).convert("L")
    assert picture.crop((80, 280, 800, 420)).tobytes().strip(b"\xff")
    assert picture.crop((1330, 300, 1460, 720)).tobytes().strip(b"\xff")


def test_a_page_whose_font_says_another_text_is_told(reader: ContainerReader) -> None:
    """The page shows capital letters of a table; its text says other letters, by a false map of the font."""

    def change(pdf: Any) -> None:
        lines = "".join(f"<{code:02X}> <{90 - (code - 65):04X}>\n" for code in range(65, 91))
        font = pdf.pages[0].Resources.Font.F1
        font.ToUnicode = pdf.make_stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
            b"1 begincodespacerange <00> <FF> endcodespacerange\n26 beginbfchar\n"
            + lines.encode()
            + b"endbfchar endcmap end end"
        )

    rows = (
        "PATIENT NAMES AND ADDRESSES",
        "TREATED BETWEEN SUMMER AND WINTER",
        "LISTED BY HOSPITAL DEPARTMENT",
    )
    shown = "".join(f"BT /F1 14 Tf 20 {150 - 40 * n} Td ({row}) Tj ET\n" for n, row in enumerate(rows))
    answer = reader.read("fig-6", "t.pdf", pdfs.built(shown, change=change))
    assert "PATIENT" in words(answer)
    assert "text_differs" in answer.files[0].form.signs


CASES = {
    "png text": ("t.png", pictures.hiding_pngs(SECRET)["tEXt"]),
    "jpg exif": ("t.jpg", pictures.hiding_jpegs(SECRET)["exif"]),
    "barcode": ("t.png", pictures.barcode_png(SECRET)),
    "svg title": ("t.svg", figures.hiding_svgs(SECRET)["title"]),
    "svg text": ("t.svg", figures.svg(f'<text x="5" y="50" font-size="8">{SECRET}</text>{figures.LINE}')),
    "pdf white": ("t.pdf", pdfs.hiding_pdfs(SECRET)["white"]),
    "pdf note": ("t.pdf", pdfs.hiding_pdfs(SECRET)["annotation"]),
    "parquet": ("t.parquet", data.hiding_parquets(SECRET)["metadata"]),
    "safetensors": ("m.safetensors", data.safetensors(__metadata__={"a": SECRET})),
    "onnx": ("m.onnx", data.onnx(words=SECRET.encode(), at="metadata")),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_what_hides_is_found_twice_alike_and_canonical_bytes_stay(reader: ContainerReader, case: str) -> None:
    name, content = CASES[case]
    first = reader.read("fig-7", name, content)
    assert first.admitted, first.code
    assert reader.read("fig-7", name, content) == first
    report = judged(name, first)
    assert "ID.pseudonym" in {finding.rule for file in report.files for finding in file.findings}
    assert report.verdict is Verdict.REJECT
    for file in first.files:
        assert SECRET.encode() not in file.content
        again = reader.read("fig-7", f"x{file.suffix}", file.content)
        assert [read.content for read in again.files] == [file.content]


def test_a_model_with_code_runs_nothing(reader: ContainerReader, tmp_path: Path) -> None:
    for name, content in data.stored_models(tmp_path / "ran").items():
        answer = reader.read("fig-8", name, content) if name in {"knn.pkl", "net.pt", "x.npy"} else None
        assert answer is None or (not answer.admitted and answer.code == "model_refused")
    assert not (tmp_path / "ran").exists()
