"""Classes that are too fine to be shown: ages, birth weights, times of death.

1. A column is judged by its name, or by a name for it in the title; its labels are read as classes.
2. A class narrower than the policy's step, and a class that splits what the policy merges at an end,
   is to be fixed: single years of age, 50 g of birth weight, an hour of death.
3. This holds however many persons are counted: the number is about what the classes may say at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from catalog.identifiers.written_forms import fold
from enclave.sentences import Sentence, say
from output_review.disclosure.class_marks import ClassMark, read_class, widths
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.table_sides import Side
from output_review.disclosure.tables import Cell

AGE_CLASS = "SDC.age_class"
BIRTH_WEIGHT = "SDC.birth_weight_class"
DEATH_TIME = "SDC.death_time_class"

_AGE = re.compile(
    r".*(?:年齢|年代|歳|月齢)(?:階級|区分|層|群|別|\(.*)?|(?:.*[ _-])?ages?(?:[ _-]?(?:group|class|band|cat(?:egory)?|years?|range|bin|yrs?))?(?:\s*\(.*)?|歳"
)
_AGE_LABEL = re.compile(r".*歳(?:以上|未満|代|以下|\+)?")
_BY_AGE = re.compile(
    r"年齢(?:階級|区分)?(?:別|ごと)|各歳|\bby (?:single[ -]year (?:of )?)?age\b|\bage (?:distribution|histogram)"
)
_BIRTH = re.compile(r".*(?:出生時?体重|出生時?の体重|生下時体重|birth[ _-]?weight|birthwt|bwt?).*|bw")
_TIME = re.compile(r".*(?:時刻|時間帯|死亡時間|時間別|hour|time[ _]of[ _]death|death[ _]?time|o'clock).*|時")
_DEATH = re.compile(r"死亡|死没|看取り|death|died|mortality|deceased")


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a measure may show: the finest step, and where the ends are merged."""

    rule: str
    step: float
    lowest: float | None
    highest: float | None
    message: Sentence
    remedy: Sentence


def check_fine_classes(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every label that names too fine a class."""
    for side in examined.all_sides:
        words = " ".join(fold(text).text for text in (*side.structured.notes, examined.file.name))
        for column in side.structured.columns:
            is_named = not column.index or column.is_label or not (side.is_turned or _holds_statistics(side))
            if not is_named and not _are_classes(side.cells(column.index)):
                continue
            limits = _limits(fold(column.name).text.strip(), words, policy)
            if limits is None and (column.is_label or not column.index):
                limits = _by_labels(side.cells(column.index), words, policy)
            if limits is not None:
                yield from _judge(side, side.cells(column.index), limits)


def _are_classes(cells: Sequence[Cell]) -> bool:
    """Whether cells are plainly classes wherever they stand: ranges, or many whole numbers in even steps."""
    marks = [mark for cell in cells if (mark := read_class(cell.text)) is not None]
    if len(marks) < len(cells) or len(marks) < 4:
        return False
    lows = sorted({mark.low for mark in marks if mark.low is not None})
    steps = {b - a for a, b in pairwise(lows)}
    return sum(not mark.is_single for mark in marks) * 2 > len(marks) or (
        len(steps) == 1 and len(lows) == len(marks)
    )


def _holds_statistics(side: Side) -> bool:
    """Whether rows are statistics (mean, SD ...), so that a column named age holds no ages."""
    named = (
        Quantity.MEAN,
        Quantity.SD,
        Quantity.MEDIAN,
        Quantity.PERSONS,
        Quantity.ESTIMATE,
        Quantity.PERCENTAGE,
    )
    return any(row.quantity in named for row in side.structured.rows)


def _limits(name: str, words: str, policy: DisclosurePolicy) -> _Limits | None:
    if _BIRTH.fullmatch(name):
        return _birth(policy)
    if _TIME.fullmatch(name) and _DEATH.search(f"{name} {words}"):
        return _death(policy)
    if _AGE.fullmatch(name) and read_class(name) is None:
        return _age(policy)
    return None


def _by_labels(cells: Sequence[Cell], words: str, policy: DisclosurePolicy) -> _Limits | None:
    """A column without a telling name, judged by its labels: years (歳) or hours under a title on deaths."""
    folded = [fold(cell.text).text.strip() for cell in cells]
    if sum(bool(_AGE_LABEL.fullmatch(text)) for text in folded) * 2 > len(folded):
        return _age(policy)
    if _BY_AGE.search(words) and all(
        re.fullmatch(r"\d{1,3}\s*(?:\+|以上|[-~〜–]\s*\d{0,3})?", text) for text in folded
    ):
        return _age(policy)
    if _DEATH.search(words) and sum(
        bool(re.fullmatch(r"\d{1,2}(?::\d\d|時).*", text)) for text in folded
    ) * 2 > len(folded):
        return _death(policy)
    if re.search(r"出生時?体重|birth ?weight", words) and sum(
        read_class(text) is not None for text in folded
    ) * 2 > len(folded):
        return _birth(policy)
    return None


def _age(policy: DisclosurePolicy) -> _Limits:
    return _Limits(
        AGE_CLASS,
        policy.age_step,
        None,
        policy.age_top,
        say(
            "Ages are shown in classes finer than {step} years, or above {top} years in more than one class.",
            step=policy.age_step,
            top=policy.age_top,
        ),
        say(
            "Use classes of {step} years, and one class from {top} years on.",
            step=policy.age_step,
            top=policy.age_top,
        ),
    )


def _birth(policy: DisclosurePolicy) -> _Limits:
    return _Limits(
        BIRTH_WEIGHT,
        policy.birth_weight_step,
        policy.birth_weight_lowest,
        policy.birth_weight_highest,
        say(
            "Birth weights are shown in classes finer than {step} g, or not merged at the ends.",
            step=policy.birth_weight_step,
        ),
        say(
            "Use classes of {step} g, one class up to {low} g and one class from {high} g on.",
            step=policy.birth_weight_step,
            low=policy.birth_weight_lowest,
            high=policy.birth_weight_highest,
        ),
    )


def _death(policy: DisclosurePolicy) -> _Limits:
    return _Limits(
        DEATH_TIME,
        policy.death_hours,
        None,
        None,
        say("Times of death are shown in classes finer than {hours} hours.", hours=policy.death_hours),
        say("Use classes of {hours} hours.", hours=policy.death_hours),
    )


def _judge(side: Side, cells: Sequence[Cell], limits: _Limits) -> Iterator[Finding]:
    marks = [(cell, mark) for cell in cells if (mark := read_class(cell.text)) is not None]
    if limits.rule == AGE_CLASS and not all(_may_be_age(mark) for _, mark in marks):
        return
    if len(marks) < 2 and not all(mark.is_single for _, mark in marks):
        return
    if limits.rule == BIRTH_WEIGHT and max((m.high or m.low or 0 for _, m in marks), default=0) < 20:
        marks = [(cell, _times(mark, 1000)) for cell, mark in marks]
    narrow = {mark for mark, width in widths([mark for _, mark in marks]) if width < limits.step}
    for cell, mark in marks:
        if mark in narrow or _splits_end(mark, limits):
            yield Finding(limits.rule, Severity.FIX, side.place(cell), limits.message, limits.remedy)


def _may_be_age(mark: ClassMark) -> bool:
    """Whole years below 130; coefficients and costs under a heading that speaks of age are no ages."""
    ends = [end for end in (mark.low, mark.high) if end is not None]
    return all(end < 130 for end in ends) and not (mark.is_single and not ends[0].is_integer())


def _times(mark: ClassMark, factor: int) -> ClassMark:
    return ClassMark(
        None if mark.low is None else mark.low * factor,
        None if mark.high is None else mark.high * factor,
        mark.is_single,
    )


def _splits_end(mark: ClassMark, limits: _Limits) -> bool:
    above = limits.highest is not None and mark.low is not None and mark.low > limits.highest
    begins = limits.highest is not None and mark.low == limits.highest and mark.high is not None
    below = limits.lowest is not None and mark.high is not None and mark.high < limits.lowest
    return above or begins or below
