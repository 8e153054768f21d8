"""What reading a typical file costs, the start of its container included: p95 seconds for each format.

``value`` is the 95th percentile over the runs, from handing the upload over to holding the answer,
through the engine and with a new container each time. The peer is the same container of the same
image, made from the same plan, that reads nothing and ends: what is above it is the reading.
"""

import io
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import openpyxl  # noqa: E402  the folder above must be known first
import pandas as pd  # noqa: E402

from benchmarks.measured import seconds, tell, whole_number  # noqa: E402
from hub.check_reader import ENGINE, find_image  # noqa: E402
from hub.host_facts import read_host  # noqa: E402
from hub.sessions import plan_reader  # noqa: E402
from hub.sessions_house import House, Images, Limits, Places, Users  # noqa: E402
from output_review.adapters.reader_containers import ContainerReader  # noqa: E402
from tests.support import figure_files, picture_files  # noqa: E402
from tests.support import office_files as office  # noqa: E402

RUNS = whole_number("HANARE_BENCH_READS", 20)
ROWS = 200
NOTHING = ("/opt/reader/bin/python", "-c", "pass")


def table() -> pd.DataFrame:
    """A result of ordinary size."""
    return pd.DataFrame(
        {
            "年齢階級": [f"{n}-{n + 4}歳" for n in range(ROWS)],
            "人数": [120 + n for n in range(ROWS)],
            "割合(%)": [round(100 / ROWS, 2)] * ROWS,
        }
    )


def workbook() -> bytes:
    """The table three times, as an office program's user would lay it out."""
    book = openpyxl.Workbook()
    for number in range(3):
        sheet = book.create_sheet(f"表{number}")
        sheet.append([f"表{number} 患者背景"])
        for row in [list(table()), *table().itertuples(index=False)]:
            sheet.append(list(row))
    return office.saved(book)


def parquet() -> bytes:
    buffer = io.BytesIO()
    table().to_parquet(buffer)
    return buffer.getvalue()


def typical() -> Mapping[str, tuple[str, bytes]]:
    """For each format one file as a day's work makes it."""
    csv = table().to_csv(index=False)
    prose = "対象は 12,345 例で、平均年齢は 64.2 歳であった。\n" * ROWS
    cell = '{"cell_type": "code", "metadata": {}, "source": "n = 1", "outputs": []}'
    book = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + ",".join([cell] * 60) + "]}"
    report = office.document()
    for _ in range(60):
        report.add_paragraph(prose[:200])
    with_figure = office.document()
    with_figure.add_picture(io.BytesIO(figure_files.figure(figure_files.kaplan_meier, "png")))
    return {
        "csv": ("t.csv", csv.encode()),
        "csv_cp932": ("t.csv", csv.encode("cp932")),
        "tsv": ("t.tsv", csv.replace(",", "\t").encode()),
        "txt": ("t.txt", prose.encode()),
        "md": ("t.md", prose.encode()),
        "script": ("t.py", b"import math\nprint(math.pi)\n" * 60),
        "json": ("t.json", table().to_json(orient="records", force_ascii=False).encode()),
        "ipynb": ("t.ipynb", book.encode()),
        "xlsx": ("t.xlsx", workbook()),
        "docx": ("t.docx", office.saved_document(report)),
        "docx_figure": ("t.docx", office.saved_document(with_figure)),
        "parquet": ("t.parquet", parquet()),
        "png": ("t.png", figure_files.figure(figure_files.kaplan_meier, "png")),
        "jpg": ("t.jpg", picture_files.plain_jpeg()),
        "svg": ("t.svg", figure_files.figure(figure_files.kaplan_meier, "svg")),
        "pdf": ("t.pdf", figure_files.figure(figure_files.kaplan_meier, "pdf")),
    }


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


@contextmanager
def reading_house() -> Iterator[tuple[House, str, Path]]:
    """A house that only starts readers, the id of their image, and the folder of their jobs.

    Raises:
        SystemExit: there is no engine, or no image.
    """
    image = find_image()
    if image is None:
        raise SystemExit("no engine, or no image of the reader: make images")
    with tempfile.TemporaryDirectory() as home:
        jobs = Path(home) / "readers"
        jobs.mkdir()
        apparmor = bool(read_host().apparmor)
        yield (
            House(Images(image, image, image), Limits(), Places(home), Users(1, 2), apparmor=apparmor),
            image,
            jobs,
        )


def main() -> int:
    """One line a format."""
    with reading_house() as (house, image, jobs):

        def reader(command: tuple[str, ...] = ()) -> ContainerReader:
            def plan(job: str) -> tuple[str, Mapping[str, Any]]:
                made = plan_reader(house, job)
                return made.name, {**made.body, **({"Cmd": list(command)} if command else {})}

            return ContainerReader(ENGINE, jobs, plan, image)

        ours, peer = reader(), reader(NOTHING)
        asked = sys.argv[1:]
        for name, (sent, content) in typical().items():
            if asked and name not in asked:
                continue
            answer = ours.read("bench", sent, content)
            if not answer.admitted:
                sys.stderr.write(f"{name} was refused: {answer.code}\n")
                return 1
            turns = [(_timed(ours, sent, content), _timed(peer, sent, content)) for _ in range(max(RUNS, 2))]
            tell(
                f"reader_{name}_p95",
                p95([a for a, _ in turns]),
                "s",
                "the same container reading nothing",
                p95([b for _, b in turns]),
            )
    return 0


def _timed(reader: ContainerReader, name: str, content: bytes) -> float:
    act: Callable[[], object] = lambda: reader.read("bench", name, content)  # noqa: E731
    return seconds(act)


if __name__ == "__main__":
    sys.exit(main())
