"""Numbers of one column in one way of writing, so that the choice among several carries nothing.

Only columns that hold numbers and nothing else are touched, and only where their cells differ:

1. A plus sign before a number goes; digits of full width become plain ones.
2. Where some whole numbers are written ``120`` and others ``120.0``, all lose the zeros behind the point.
   (Where all have them, they say how exactly something is known, and stay.)
3. Where whole numbers of several lengths stand and some begin with zeros, these go. (Codes have one
   length, and keep theirs.)
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from .results import Account

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_WHOLE: Final = re.compile(r"[0-9]+")
_POINT_ZERO: Final = re.compile(r"-?[0-9]+\.0+")
_WIDE: Final = re.compile(r"[０-９＋－．+\-.0-9]*[０-９][０-９＋－．+\-.0-9]*")


def in_one_way(rows: Sequence[list[str]], account: Account) -> list[list[str]]:
    """The rows below a header, each column of numbers in one way of writing."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    changed = 0
    for number, column in enumerate(columns):
        made = _column(column)
        changed += sum(before != after for before, after in zip(column, made, strict=True))
        columns[number] = made
    account.drop("number_forms", changed)
    return [list(row) for row in zip(*columns, strict=True)] if changed else list(rows)


def _column(cells: list[str]) -> list[str]:
    plain = [unicodedata.normalize("NFKC", cell) if _WIDE.fullmatch(cell) else cell for cell in cells]
    given = [cell for cell in plain if cell]
    if not given or not all(_NUMBER.fullmatch(cell) for cell in given):
        return (
            plain if all(_NUMBER.fullmatch(a) for a, b in zip(plain, cells, strict=True) if a != b) else cells
        )
    plain = [cell.removeprefix("+") for cell in plain]
    given = [cell for cell in plain if cell]
    with_zeros = sum(bool(_POINT_ZERO.fullmatch(cell)) for cell in given)
    bare = sum("." not in cell for cell in given)
    if with_zeros and bare and with_zeros + bare == len(given):
        plain = [cell.partition(".")[0] for cell in plain]
        given = [cell for cell in plain if cell]
    if all(_WHOLE.fullmatch(cell) for cell in given) and len({len(cell) for cell in given}) > 1:
        plain = [(cell.lstrip("0") or "0") if cell else "" for cell in plain]
    return plain
