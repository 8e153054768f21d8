"""Which cells of a table add up to which: totals, subtotals, hierarchies.

1. A total is known by its label (合計, 小計, Total, All, 男女計), never by its value: whether the cells
   really add up is for the caller to see, because rounding and overlapping classes exist.
2. A total adds up the lines that share its outer labels: 小計 of a prefecture its areas, 男女計 of a
   year its two columns; a total without outer labels adds up every line that is itself no total.
3. A row above rows that are set further in is their total.
4. Totals that name their group (岩手県 計, Iwate total) in the one column of labels add up the lines between
   them: those that follow where the first line is such a total, else those before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from catalog.identifiers.written_forms import fold

_TOTAL = re.compile(
    r"(?:総|合|累)?計(?:[(（].*)?|総数|全体|全例|全患者|全国|全年齢|全期間|男女計|両性|男女|小計|.*(?:合計|総計|小計|総数)"
    r"|(?:grand[ _]?|sub[ _-]?|row[ _]?|column[ _]?)?totals?(?:\s*\(.*)?|all(?:[ _](?:patients|ages|sexes|cases))?"
    r"|overall|sum|margins?|both(?: sexes)?|subtotal|t\.?o\.?t\.?a\.?l\.?"
)


_NAMED_TOTAL = re.compile(
    r"(?!(?:男女|全国|全体|総|累)[^ ]*[ :_/-]).*[^\s:_/-][ :_/-]{1,3}(?:合計|小計|計|sub-?total|total)|.{2,4}[都道府県](?:合計|小計|計)"
)


class Labelled(Protocol):
    """A row or column as far as adding up goes."""

    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def is_total(self) -> bool: ...
    @property
    def level(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Addition:
    """Positions of lines that add up to another line."""

    total: int
    parts: tuple[int, ...]


@lru_cache(maxsize=65536)
def is_total_label(text: str) -> bool:
    """Whether a label names a total."""
    return bool(_TOTAL.fullmatch(fold(text).text.strip().strip(":：")))


def additions(lines: Sequence[Labelled]) -> tuple[Addition, ...]:
    """Every line that others add up to, by rules 2 and 3."""
    found = [*_by_indent(lines)]
    found += [] if found else _by_name(lines)
    nested = {part for addition in found for part in addition.parts}
    for position, line in enumerate(lines):
        if not line.is_total or position in {addition.total for addition in found}:
            continue
        parts = _parts(lines, position, nested)
        if parts:
            found.append(Addition(position, parts))
    return tuple(found)


def _by_indent(lines: Sequence[Labelled]) -> list[Addition]:
    """Rule 3: children follow their parent, one step further in."""
    found = []
    for position, line in enumerate(lines):
        children: list[int] = []
        for later in range(position + 1, len(lines)):
            if lines[later].level <= line.level:
                break
            if lines[later].level == lines[position + 1].level:
                children.append(later)
        if children:
            found.append(Addition(position, tuple(children)))
    return found


def _by_name(lines: Sequence[Labelled]) -> list[Addition]:
    """Rule 4."""
    if any(len(line.labels) != 1 for line in lines):
        return []
    names = [fold(line.labels[0]).text.strip() for line in lines]
    named = [place for place, name in enumerate(names) if _NAMED_TOTAL.fullmatch(name)]
    others = [i for i, line in enumerate(lines) if line.is_total and i not in named]
    if not named:
        return []
    ends = sorted({*named, *others, -1, len(lines)})
    is_above = named[0] == min(i for i in range(len(lines)) if i not in others)
    found = []
    for place in named:
        at = ends.index(place)
        parts = range(place + 1, ends[at + 1]) if is_above else range(ends[at - 1] + 1, place)
        if len(parts) > 1:
            found.append(Addition(place, tuple(parts)))
    return found


def _parts(lines: Sequence[Labelled], total: int, nested: set[int]) -> tuple[int, ...]:
    """Rule 2 for one total: lines of the same group, or with the same inner label, or all that are no total."""
    labels = lines[total].labels
    others = [i for i, line in enumerate(lines) if i != total and not line.is_total]
    if len(labels) > 1 and not is_total_label(labels[0]):
        depth = next((i for i, label in enumerate(labels) if is_total_label(label)), len(labels) - 1)
        inner = labels[depth + 1 :]
        return tuple(
            i
            for i in others
            if lines[i].labels[:depth] == labels[:depth]
            and len(lines[i].labels) == len(labels)
            and (
                not any(inner)
                or all(is_total_label(x) or not x for x in inner)
                or lines[i].labels[depth + 1 :] == inner
            )
        )
    if len(labels) > 1:
        inner = tuple(label for label in labels[1:] if label and not is_total_label(label))
        if inner:
            return tuple(i for i in others if lines[i].labels[1:] == labels[1:])
    return tuple(i for i in others if i not in nested)
