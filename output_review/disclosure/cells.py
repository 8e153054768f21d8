"""What one cell of a table says, in whatever way it is written.

1. A count may carry a unit (7人, n=7), a share (7 (14.3%)), a denominator (7/45), a mark (7*)
   or a hedge (約7). All of them show the count, so all are read.
2. A unit that is not a person, a case or a receipt (7日, 7歳, 7%) makes it no count.
3. A masked cell (``*``, ``<10``, 10未満, 秘匿) hides a number; whether it hides it well is for
   ``masked_cells``.
4. Vague counts (数例) are seen and left to people.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from catalog.identifiers.numerals import KANJI_NUMERALS, read_whole_number
from catalog.identifiers.written_forms import fold


class CellKind(StrEnum):
    """What a cell holds."""

    EMPTY = "empty"
    COUNT = "count"
    MASKED = "masked"
    VAGUE = "vague"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class CellValue:
    """A cell as read; ``value`` is set for counts, ``certain`` when its unit says that it is one."""

    kind: CellKind
    value: int = 0
    certain: bool = False
    whole: bool = False
    """Written without a decimal point."""


_NUMBER = rf"(?:[\d,.{KANJI_NUMERALS}]+(?:e\+?\d+)?)"
_UNIT = (
    r"(?:人|名|例|症例|件|患者|patients?|persons?|people|subjects?|cases?|pts?|participants?|individuals?)"
)
_HEDGE = r"(?:約|およそ|おおよそ|計|[~≈≒])?"
_COUNTED = re.compile(rf"{_HEDGE}(?:n\s*[=:]\s*)?(?P<n>{_NUMBER})\s*{_UNIT}?(?:程度|前後|ほど)?[*†‡§¶#]*")
_WITH_UNIT = re.compile(rf"(?:n\s*[=:]\s*{_NUMBER}|.*?{_NUMBER}\s*{_UNIT}).*")
_WITH_SHARE = re.compile(rf"(?P<n>{_NUMBER})\s*{_UNIT}?\s*[(\[]\s*[\d.]+\s*%?\s*[)\]]")
_SHARE_FIRST = re.compile(rf"[\d.]+\s*%\s*[(\[]\s*(?:n\s*=\s*)?(?P<n>{_NUMBER})\s*{_UNIT}?\s*[)\]]")
_FRACTION = re.compile(rf"(?P<n>\d+)\s*/\s*(?P<of>\d+)\s*{_UNIT}?\s*(?:[(\[]\s*[\d.]+\s*%?\s*[)\]])?")
_MASKED = re.compile(
    rf"[*＊※x×#・.…‥\-_]+|(?:[<≤≦]|&lt;)\s*=?\s*\d+\s*{_UNIT}?|\d+\s*{_UNIT}?\s*(?:未満|以下)|[1-9]\s*[-~〜]\s*\d+"
    r"|秘匿|非公表|非表示|未公表|マスク|suppressed|masked|redacted|\[redacted\]|s"
)
_SHARE_BEHIND = re.compile(r"\s*[(\[]\s*(?:[<≤]?\s*[\d.]+\s*%?|[*＊※\-–—…]+\s*%?)\s*[)\]]$")
"""A masked count may keep its share: ``* (0.7%)``. The share is judged as a share."""
_VAGUE = re.compile(r"数十?(?:名|例|人|件)|若干[名例人]?|少数|ごく少数|a few|several")
_DECIMAL = re.compile(r"[+-]?[\d,]*\.?\d+(?:e[+-]?\d+)?\s*%?|[+-]\d+")
EMPTY_WORDS = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "欠損", "該当なし", "不明"})


@lru_cache(maxsize=65536)
def read_cell(text: str) -> CellValue:
    """Read one cell; the first reading that fits the whole cell holds."""
    folded = fold(text).text.strip().strip("'’‘`\"").strip()
    if folded in EMPTY_WORDS:
        return CellValue(CellKind.EMPTY)
    if _VAGUE.fullmatch(folded):
        return CellValue(CellKind.VAGUE)
    if folded.startswith("(") and folded.endswith(")"):
        folded = folded[1:-1].strip()
    for pattern, certain in (
        (_COUNTED, False),
        (_WITH_SHARE, False),
        (_SHARE_FIRST, True),
        (_FRACTION, False),
    ):
        match = pattern.fullmatch(folded)
        value = read_whole_number(match["n"]) if match else None
        if match and value is not None:
            if pattern is _FRACTION and value > int(match["of"]):
                continue
            has_unit = certain or "%" in folded or bool(_WITH_UNIT.fullmatch(folded))
            return CellValue(CellKind.COUNT, value, has_unit, "." not in match["n"] and "e" not in match["n"])
    if _MASKED.fullmatch(_SHARE_BEHIND.sub("", folded)):
        return CellValue(CellKind.MASKED)
    return CellValue(CellKind.NUMBER if _DECIMAL.fullmatch(folded) else CellKind.TEXT)
