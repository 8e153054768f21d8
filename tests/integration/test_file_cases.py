"""Files of every admitted text and office format, read and judged: what hides is found, a day's work passes."""

import base64
import csv
import gzip
import io
import json
import pickle
from collections.abc import Mapping
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest

from catalog.identifiers.pseudonyms import PseudonymSet
from output_review.disclosure.findings import Verdict
from tests.support import office_files as office
from tests.support.printed_models import PRINTED
from tests.support.read_files import answer_of, judged

KEY = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
IDS = PseudonymSet.of([KEY])
TABLE = "年齢階級,人数\n40-44歳,120\n45-49歳,370\n"


class Canary:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def notebook(**cell: object) -> bytes:
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": "n = 120\n"}
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**code, **cell}]}
    ).encode()


def stream(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def one_cell(cell: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([["群", "人数"], [cell, "120"]])
    return buffer.getvalue().encode()


PACKED = base64.b64encode(gzip.compress(f"{KEY} 1951-04-05".encode())).decode()
RELEASE: Mapping[str, object] = {"metadata": {"tags": ["release"]}}
HOSTILE: dict[str, tuple[str, bytes]] = {
    **{f"xlsx {place}": ("t.xlsx", content) for place, content in office.hiding_workbooks(KEY).items()},
    **{f"docx {place}": ("t.docx", content) for place, content in office.hiding_documents(KEY).items()},
    "csv dde": ("t.csv", one_cell("=cmd|'/c calc'!A1")),
    "csv hyperlink": ("t.csv", one_cell('=HYPERLINK("x","y")')),
    "csv formula": ("t.csv", one_cell("=1+2")),
    "csv gzip in base64": ("t.csv", one_cell(PACKED)),
    "csv base64": ("t.csv", one_cell(base64.b64encode("山田太郎 昭和26年4月5日".encode()).decode())),
    "csv hex": ("t.csv", one_cell("山田太郎さんのカルテ".encode().hex())),
    "csv ascii85": ("t.csv", one_cell(base64.a85encode(b"Yamada Taro 1951-04-05", adobe=True).decode())),
    "csv zero width": ("t.csv", one_cell("山\u200b田")),
    "csv direction": ("t.csv", one_cell("山\u202e田")),
    "csv tags": ("t.csv", one_cell("群" + "".join(chr(0xE0000 + ord(c)) for c in KEY))),
    "csv selectors": ("t.csv", one_cell("群" + "".join(chr(0xE0100 + b - 16) for b in KEY.encode()))),
    "csv private use": ("t.csv", one_cell("\ue000田")),
    "csv long integer": ("t.csv", one_cell("1234567890" * 4)),
    "csv nul": ("t.csv", b"a,b\nx\0,120\n"),
    "csv utf-7 looks": ("t.csv", one_cell("+MFgw-\x7f")),
    "csv latin": ("t.csv", "a,b\né,120\n".encode("latin-1")),
    "json twice": ("t.json", b'{"n": 120, "n": 7}'),
    "json escaped key": ("t.json", json.dumps([{"群": KEY.replace("3", "\u0033"), "人数": 120}]).encode()),
    "json deep": ("t.json", b"[" * 40 + b"]" * 40),
    "json deeper": ("t.json", b"[" * 100_000 + b"]" * 100_000),
    "json count": ("t.json", b'{"n_deaths": 7}'),
    "json records": ("t.json", json.dumps([{"patient_id": f"P{n}", "age": 60 + n, "sex": "F", "dx": "I10"} for n in range(9)]).encode()),
    "ipynb traceback": ("t.ipynb", notebook(outputs=[{"output_type": "error", "ename": "KeyError", "evalue": KEY, "traceback": [KEY]}])),
    "ipynb output": ("t.ipynb", notebook(outputs=[stream(KEY)])),
    "ipynb chosen": ("t.ipynb", notebook(outputs=[stream(f"{KEY} 120\n")], **RELEASE)),
    "ipynb html": ("t.ipynb", notebook(outputs=[{"output_type": "display_data", "data": {"text/html": KEY}, "metadata": {}}], **RELEASE)),
    "ipynb metadata": ("t.ipynb", notebook(metadata={"note": KEY})),
    "ipynb attachment": ("t.ipynb", notebook(attachments={KEY: {}})),
    "ipynb source": ("t.ipynb", notebook(source=f"p = '{KEY}'\n")),
    "script": ("t.py", f"who = '{KEY}'\n".encode()),
    "log": ("t.log", b"Traceback (most recent call last):\n  File x\nKeyError: 4711\n"),
    "html": ("t.html", b"<html><p style='display:none'>x</p></html>"),
    "html as txt": ("t.txt", b"<!doctype html><html></html>"),
    "html as md": ("t.md", b"\xef\xbb\xbf\n <HTML>"),
    "zip": ("t.zip", office.plain_workbook()),
    "zip as csv": ("t.csv", office.plain_workbook()),
    "csv as xlsx": ("t.xlsx", TABLE.encode()),
    "xlsm": ("t.xlsm", office.plain_workbook()),
    "rds": ("t.rds", gzip.compress(b"RDX3\n")),
    "dta": ("t.dta", b"<stata_dta>"),
    "sqlite": ("t.sqlite", b"SQLite format 3\0"),
    "npy": ("t.npy", b"\x93NUMPY"),
    "h5": ("t.h5", b"\x89HDF\r\n"),
    "torch": ("t.pt", office.plain_workbook()),
    "dicom": ("t.dcm", b"\0" * 128 + b"DICM"),
    "wav": ("t.wav", b"RIFF"),
    "unknown": ("t.bin", b"abc"),
    "no ending": ("t", b"abc"),
    "two endings": ("t.csv.exe", b"a,b\n1,2\n"),
    "large": ("t.csv", b"a,b\n" + b"x,120\n" * 3_000_000),
    "many rows": ("t.csv", b"a,b\n" + b"x,120\n" * 6_000),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_no_hostile_file_passes(case: str) -> None:
    report = judged(*HOSTILE[case], ids=IDS)
    assert report.verdict is not Verdict.PASS
    assert len(report.files) > 1 or report.files[0].verdict is not Verdict.PASS
    assert {finding.rule for file in report.files for finding in file.findings} != {"SDC.unchecked"}


PLANTED = sorted(case for case, (_, content) in HOSTILE.items() if case.startswith(("xlsx", "docx")))


@pytest.mark.parametrize("case", PLANTED)
def test_a_pseudonym_in_any_hiding_place_is_found(case: str) -> None:
    report = judged(*HOSTILE[case], ids=IDS)
    assert report.verdict is Verdict.REJECT
    assert "ID.pseudonym" in {finding.rule for file in report.files for finding in file.findings}
    for read in answer_of(*HOSTILE[case]).files:
        assert KEY.encode() not in read.content


def test_nothing_that_runs_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    script = f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n"
    pickled = pickle.dumps(Canary(mark))
    for name, content in (
        ("t.pkl", pickled),
        ("t.joblib", pickled),
        ("t.csv", pickled),
        ("t.xlsx", pickled),
        ("t.py", script.encode()),
        ("t.ipynb", notebook(source=script)),
        ("t.json", json.dumps({"py/object": script}).encode()),
        ("t.txt", script.encode()),
        ("t.csv", one_cell(f"=cmd|'/c touch {mark}'!A1")),
        ("t.html", f"<html><script>{script}</script></html>".encode()),
    ):
        answer_of(name, content)
        assert not mark.exists(), name


def workbook(*rows: list[object], title: str = "表1 患者背景") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title[:20]
    for row in rows:
        book.active.append(row)
    return office.saved(book)


def framed() -> bytes:
    frame = pd.DataFrame({"群": ["A", "B"], "人数": [120, 370], "割合(%)": [24.5, 75.5]})
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=False)
    return buffer.getvalue()


def report() -> bytes:
    made = docx.Document()
    made.core_properties.author = "研究 花子"
    made.add_heading("中間報告", 0)
    made.add_paragraph(
        "対象は 12,345 例、追跡期間の中央値は 5.2 年であった。調整オッズ比は 1.25(95%CI 1.10-1.42)。"
    )
    return office.saved_document(made)


ORDINARY: dict[str, tuple[str, bytes]] = {
    "table": ("t.csv", TABLE.encode()),
    "table in cp932": ("t.csv", TABLE.encode("cp932")),
    "table in utf-16": ("t.csv", TABLE.encode("utf-16")),
    "table of pandas": ("t.csv", b",n,pct\nmale,1200,48.0\nfemale,1300,52.0\n"),
    "tsv": ("t.tsv", "群\t人数\nA\t120\n".encode()),
    "regression": ("r.csv", b"term,coef,se,p\nage,0.021,0.003,<0.001\nsex,-0.31,0.05,0.002\n"),
    **{name: ("r.txt", text.encode()) for name, text in PRINTED.items()},
    "readme": ("README.md", "# 解析手順\n\n2次医療圏ごとに集計し、橋本病・川崎病を除外した。\n".encode()),
    "script": ("a.py", b"import pandas as pd\n\ndf = pd.read_parquet('x')\nprint(df.groupby('sex').size())\n"),
    "r script": ("a.R", b"fit <- glm(y ~ age, family = binomial)\nsummary(fit)\n"),
    "sql": ("q.sql", b"SELECT sex, count(DISTINCT patient_key) FROM visits GROUP BY sex;\n"),
    "xlsx of pandas": ("t.xlsx", framed()),
    "table 1": ("t.xlsx", workbook(["表1 患者背景"], ["項目", "全体", "男性", "女性"], ["人数", 2500, 1200, 1300], ["平均年齢", 64.2, 63.8, 64.6], ["高血圧 (%)", 45.2, 44.0, 46.3], ["注 欠測を除く"])),
    "plain xlsx": ("t.xlsx", office.plain_workbook()),
    "report": ("r.docx", report()),
    "report with table": ("r.docx", office.plain_document()),
    "coefficients in json": ("m.json", json.dumps({"coef": {"age": 0.021, "sex": -0.31}, "n": 12000}).encode()),
    "notebook": ("a.ipynb", notebook(outputs=[stream("n = 12000\n")], **RELEASE)),
    "costs": ("c.csv", "区分,医療費(円),人数\n入院,12345678,120\n外来,2345678,980\n".encode()),
    "codes": ("d.csv", "医薬品コード,患者数\n611170508,120\n620009310,310\n".encode()),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(ORDINARY))
def test_a_days_work_goes_on(case: str) -> None:
    verdicts = {file.verdict for file in judged(*ORDINARY[case]).files}
    assert verdicts <= {Verdict.PASS, Verdict.REVIEW}


@pytest.mark.parametrize("case", sorted({**ORDINARY, **HOSTILE}))
def test_canonical_bytes_read_again_are_the_same_bytes(case: str) -> None:
    name, content = {**ORDINARY, **HOSTILE}[case]
    first = answer_of(name, content)
    assert answer_of(name, content) == first
    for read in first.files:
        (again,) = answer_of(f"x{read.suffix}", read.content).files
        assert again.content == read.content
