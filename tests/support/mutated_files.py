"""Files broken in every way a byte can be: flipped, cut, doubled, swapped, zeroed, their text edited.

The same number gives the same file, so that a failure names the file that made it.
"""

import io
import random
import zipfile
from collections.abc import Callable, Iterator

from tests.support import office_files as office
from tests.support.figure_files import hiding_svgs
from tests.support.mutated_figures import figure_seeds
from tests.support.notebooks import drawn_in_a_notebook
from tests.support.office_files import repacked

SECRET = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"
_PIECES = (
    b"\0", b"\xff" * 8, b"PK\x03\x04", b"PK\x05\x06", b"<![CDATA[", b"<!DOCTYPE a>", b"&#0;", b"]]>", b'"' * 3,
    b"\xe2\x80\x8b", b"\xed\xa0\x80", b"[" * 200, b"{" * 50, b"9" * 400, b"-1", b"1e999", b"NaN", b"\r", b",,,,", b"\x1b$B",
)  # fmt: skip


def mutated(seed: bytes, number: int) -> bytes:
    """The seed with one to six edits."""
    chance = random.Random(number)
    content = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        _edit(content, chance)
    return bytes(content)


def _edit(content: bytearray, chance: random.Random) -> None:
    if not content:
        content += b"a"
    at = chance.randrange(len(content))
    match chance.randrange(8):
        case 0:
            content[at] ^= 1 << chance.randrange(8)
        case 1:
            content[at] = chance.randrange(256)
        case 2:
            del content[at : at + chance.randint(1, 64)]
        case 3:
            content[at:at] = chance.choice(_PIECES)
        case 4:
            piece = bytes(content[at : at + chance.randint(1, 400)])
            content[at:at] = piece
        case 5:
            del content[at:]
        case 6:
            end = chance.randrange(len(content))
            content[min(at, end) : max(at, end)] = bytes(content[min(at, end) : max(at, end)])[::-1][:4000]
        case _:
            content[at : at + 4] = chance.randbytes(4)


def mutated_parts(seed: bytes, number: int) -> bytes:
    """A zip whose parts were edited inside and packed well again, so that the edits reach the xml readers."""
    chance = random.Random(number)
    with zipfile.ZipFile(io.BytesIO(seed)) as archive:
        name = chance.choice([n for n in archive.namelist() if not n.endswith("/")])
        return repacked(seed, {name: mutated(archive.read(name), number)})


def seeds() -> dict[str, tuple[str, bytes, tuple[Callable[[bytes, int], bytes], ...]]]:
    """For each format a name, a file with the secret hidden in it where it can be, and how it is broken."""
    book, report = office.hiding_workbooks(SECRET), office.hiding_documents(SECRET)
    text = (mutated,)
    both = (mutated, mutated_parts)
    table = "年齢階級,人数\n40-44歳,120\n45-49歳,370\n".encode()
    cells = (
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "metadata":'
        b' {"tags": ["release"]}, "execution_count": 1, "source": "n = 1", "outputs": [{"output_type": "stream",'
        b' "name": "stdout", "text": "120"}]}]}'
    )
    drawing = drawn_in_a_notebook(hiding_svgs(SECRET)["title"])
    return {
        "csv": ("t.csv", table, text),
        "csv cp932": ("t.csv", table.decode().encode("cp932"), text),
        "tsv": ("t.tsv", table.replace(b",", b"\t"), text),
        "txt": ("t.txt", "結果\n\n対象は 12,345 例。\n".encode() * 5, text),
        "md": ("t.md", "# 結果\n\n| 群 | 人数 |\n|---|---|\n| A | 120 |\n".encode(), text),
        "py": ("t.py", b"import math\n\nprint(math.pi)\n", text),
        "json": ("t.json", '[{"群": "A", "人数": 120}, {"群": "B", "人数": 370.5}]'.encode(), text),
        "ipynb": ("t.ipynb", cells, text),
        "ipynb drawing": ("t.ipynb", drawing, text),
        "xlsx": ("t.xlsx", book["veryHidden"], both),
        "docx": ("t.docx", report["hidden"], both),
        "docx picture": ("t.docx", office.pictured_document(SECRET), both),
        **figure_seeds(SECRET, mutated),
    }


def mutations(format_name: str, count: int, start: int = 0) -> Iterator[tuple[str, bytes]]:
    """``count`` broken files of a format, each with the name it is sent under."""
    name, seed, ways = seeds()[format_name]
    for number in range(start, start + count):
        yield name, ways[number % len(ways)](seed, number)
