"""Encodings with every sign, programs behind sums, and markup in texts."""

import base64
import binascii
import zlib

import pytest

from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Severity
from output_review.disclosure.submissions import FileKind, SubmittedFile
from output_review.disclosure.unread_rules import check_unread

ROWS = ("id,age,birth\n" + "".join(f"p{n},{60 + n},1951-04-{n + 10}\n" for n in range(9))).encode()


def uuencoded(content: bytes) -> str:
    lines = (binascii.b2a_uu(content[at : at + 45]).decode() for at in range(0, len(content), 45))
    return "model id: begin 644 a\n" + "".join(lines) + "`\nend\n"


def severities(text: str, kind: FileKind = FileKind.TEXT, name: str = "t.txt") -> set[tuple[str, Severity]]:
    return {(f.rule, f.severity) for f in check_unread(examine(SubmittedFile(name, kind, text)))}


@pytest.mark.parametrize(
    "text",
    [
        base64.b85encode(ROWS).decode(),
        base64.a85encode(ROWS).decode(),
        base64.b85encode(zlib.compress(ROWS)).decode(),
        uuencoded(ROWS),
    ],
)
def test_text_in_any_printable_encoding_never_leaves(text: str) -> None:
    assert ("FILE.packed_data", Severity.REJECT) in severities(f"model id: {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000177182.html?page=3#section-2\n",
        "glm(formula=death~age+sex+hospital+offset(log(time)),family=poisson(link='log'))\n",
        "=" * 60 + "\n" + "|--------------------------------------------|\n",
        "SELECT/patient_key,count(*)/FROM/visits/GROUP/BY/hospital_code;\n",
    ],
)
def test_long_words_of_a_days_work_are_no_encoding(text: str) -> None:
    assert severities(text) == set()


@pytest.mark.parametrize(
    "cell", ["-2+3+cmd|' /C calc'!A0", "＝cmd|' /C calc'!A0", "@SUM(1)*cmd|'/c x'!A1", "＋1＋cmd.exe|'x'!A1"]
)
def test_a_program_behind_a_sum_never_leaves(cell: str) -> None:
    found = severities(f'群,値\nA,"{cell}"\n', FileKind.CSV, "t.csv")
    assert ("FILE.formula_call", Severity.REJECT) in found


@pytest.mark.parametrize("cell", ["-5.2 (A|B)", "-1.2 | 3.4!", "＋", "－１２", "- 喫煙 | 飲酒"])
def test_numbers_and_words_are_no_program(cell: str) -> None:
    assert severities(f'群,値\nA,"{cell}"\n', FileKind.CSV, "t.csv") == set()


@pytest.mark.parametrize(
    "text", ["<svg width='9'><circle/></svg>", "<SCRIPT>x</SCRIPT>", "![](data:image/png;base64,AAAA)"]
)
def test_markup_that_draws_or_runs_never_leaves_in_a_text(text: str) -> None:
    assert ("FILE.markup", Severity.REJECT) in severities(text, name="t.md")
    assert severities(text, name="t.py") == set()


def test_plain_markup_of_a_text_stays() -> None:
    assert severities("CO<sub>2</sub> と eGFR <br> p<0.05 | <b>太字</b>\n", name="t.md") == set()
