"""Curves in which a step is a person: survival, ROC, calibration, density, trees.

1. A survival table shows events, numbers at risk and steps. Counts in it are counts of persons; a curve
   without them must not step at every event. Steps of which 1/hazard is a whole number are single
   events; times off any grid are event times.
2. A curve of rounded counts (midpoint-6, rounded, 丸め) is looked at, not refused.
3. A ROC curve with more thresholds than classes has a step for each person. So has a density with many
   peaks. A smooth line of many points is looked at.
4. Leaves of trees show how many persons they hold.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from catalog.identifiers.written_forms import fold
from enclave.sentences import Sentence, say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.structure import Line
from output_review.disclosure.table_sides import Side

SURVIVAL_STEP = "SDC.survival_step"
CURVE_STEP = "SDC.curve_step"
CALIBRATION = "SDC.calibration"
TREE_LEAF = "SDC.tree_leaf"

_ROUNDED = re.compile(r"midpoint|mid-?6|round|丸め|四捨五入|redact")
_DENSITY = re.compile(r".*(?:density|kde|密度).*")
_LEAF = re.compile(
    r"(?<![a-z])(?:samples|n_node_samples|n)\s*=\s*(?P<n>\d+(?:,\d{3})*)|(?:value|weights|counts?)\s*[=:]\s*\[(?P<v>[\d., \[\]]+)\]"
)
_TREE = re.compile(r"(?:\|--- ?[a-z]|samples\s*=|gini\s*=|entropy\s*=|<=|leaf|node\), split|yval|class:)")
_RPART = re.compile(r"(?m)^\s*\d+\)\s+\S.*?\s(?P<n>\d+)\s+[\d.]+\s+\S+")
_ROC_POINTS = 20
_ROC_GRID = 21
"""Points of a curve that is read off at each twentieth."""
_GRID = 1e-6


def check_survival(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Survival tables whose steps are single persons."""
    for side in examined.all_sides:
        structured = side.structured
        curves = [c for c in structured.columns if c.quantity is Quantity.SURVIVAL and not c.is_label]
        if curves and len(structured.rows) >= 3:
            yield from _steps(side, curves, policy)
        for entry in structured.of(Quantity.AT_RISK, Quantity.EVENTS, Quantity.CENSORED):
            count = entry.count
            least = policy.min_persons if entry.quantity is Quantity.AT_RISK else policy.step_events
            if count is not None and 0 < count < least:
                yield _step(side.place(entry.cell), Severity.FIX, policy)


def _steps(side: Side, curves: Sequence[Line], policy: DisclosurePolicy) -> Iterator[Finding]:
    structured = side.structured
    events = [e.count for e in structured.of(Quantity.EVENTS) if e.count is not None]
    words = fold(" ".join((*structured.notes, *(column.name for column in structured.columns)))).text
    if len(events) >= len(structured.rows) and all(
        count == 0 or count >= policy.step_events for count in events
    ):
        return
    for curve in curves:
        values = [float(e.number) for e in structured.column(curve.index) if e.number is not None]
        if len(values) < 3:
            continue
        is_coarse = all(
            not _are_single_events(part) and _on_grid(times) and not _too_small(part, structured.base, policy)
            for part, times in _by_group(values, _times(side))
        )
        severity = Severity.REVIEW if is_coarse or _ROUNDED.search(words) else Severity.FIX
        yield _step(side.header_place(curve.index), severity, policy)


def _by_group(values: list[float], times: list[float]) -> Iterator[tuple[list[float], list[float]]]:
    """The curve of each group where several stand below each other: with each the times begin again."""
    if len(times) != len(values):
        yield values, times
        return
    starts = [0, *(row for row in range(1, len(times)) if times[row] <= times[row - 1]), len(times)]
    for start, end in pairwise(starts):
        yield values[start:end], times[start:end]


def _are_single_events(values: Sequence[float]) -> bool:
    """Whether most steps are one of n persons: 1 / (relative step) is near a whole number."""
    scale = 100 if max(values) > 1.5 else 1
    hazards = [1 - b / a for a, b in pairwise(values) if 0 < b < a <= scale]
    near = [1 / h for h in hazards if h > 0.005]
    whole = sum(abs(n - round(n)) < 0.06 + n * n * 0.0001 for n in near)
    return len(near) >= 3 and whole * 4 >= len(near) * 3


def _times(side: Side) -> list[float]:
    for column in side.structured.columns:
        if (
            column.quantity in (Quantity.TIME, Quantity.DATE, Quantity.UNKNOWN, Quantity.MEASURE)
            or column.is_label
        ):
            values = [_number(cell.text) for cell in side.cells(column.index)]
            if values and all(value is not None for value in values):
                return [value for value in values if value is not None]
    return []


def _number(text: str) -> float | None:
    try:
        return float(fold(text).text.strip().rstrip("日月年ヶか"))
    except ValueError:
        return None


def _on_grid(times: Sequence[float]) -> bool:
    """Whether times are evenly spaced, so that they are no dates of events; unknown times are not."""
    steps = [b - a for a, b in pairwise(times)]
    return len(steps) >= 2 and max(steps) - min(steps) <= _GRID * max(abs(steps[0]), 1) and steps[0] > 0


def _too_small(values: Sequence[float], persons: int | None, policy: DisclosurePolicy) -> bool:
    scale = 100 if max(values) > 1.5 else 1
    drops = [a - b for a, b in pairwise(values) if a > b]
    return persons is not None and bool(drops) and min(drops) / scale * persons < policy.step_events - 0.5


def _step(place: Place, severity: Severity, policy: DisclosurePolicy) -> Finding:
    return Finding(
        SURVIVAL_STEP,
        severity,
        place,
        say(
            "A step of a survival curve, or a number at risk, may stand for fewer than {least} persons.",
            least=policy.step_events,
        ),
        say(
            "Round the counts, show a coarse grid of times, and let every step stand for at least {least} events.",
            least=policy.step_events,
        ),
    )


def check_curves(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """ROC curves, calibrations, densities and smooth lines."""
    for side in examined.all_sides:
        if side.is_turned and len(side.structured.rows) < 3:
            continue
        structured = side.structured
        rates = {e.quantity for e in structured.of(Quantity.SENSITIVITY, Quantity.SPECIFICITY)}
        if len(rates) == 2 and len(structured.rows) > _ROC_POINTS:
            # Read off at a few even distances it has no step for a person any more.
            is_read_off = len(structured.rows) <= _ROC_GRID and any(
                _on_grid(values) for values in _columns_of_numbers(side)
            )
            yield _curve(Place(), Severity.REVIEW if is_read_off else Severity.FIX)
        yield from _calibration(side, policy)
        yield from _lines(side, policy)


def _calibration(side: Side, policy: DisclosurePolicy) -> Iterator[Finding]:
    structured = side.structured
    seen = {e.quantity for e in structured.entries.values()}
    is_observed = Quantity.OBSERVED in seen or any(
        "observed" in fold(c.name).text or "実測" in c.name or "観測" in c.name for c in structured.columns
    )
    if Quantity.PREDICTED in seen and is_observed and not structured.of(Quantity.PERSONS):
        yield Finding(
            CALIBRATION,
            Severity.REVIEW,
            Place(),
            say("A calibration is shown without the number of persons in each group."),
            say("Show groups of at least {least} persons, with their number.", least=policy.min_persons),
        )


def _columns_of_numbers(side: Side) -> Iterator[list[float]]:
    for column in side.structured.columns:
        values = [_number(cell.text) for cell in side.cells(column.index)]
        if values and all(value is not None for value in values):
            yield [value for value in values if value is not None]


def _lines(side: Side, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Rule 3 for a column of decimals over an even grid."""
    structured = side.structured
    if side.counts_persons() or len(structured.rows) < 12 or not _on_grid(_times(side)):
        return
    for column in structured.columns:
        values = [float(e.number) for e in structured.column(column.index) if e.number is not None]
        if len(values) < len(structured.rows) or not any(value % 1 for value in values):
            continue
        peaks = sum(a < b > c for a, b, c in zip(values, values[1:], values[2:], strict=False))
        if _DENSITY.fullmatch(fold(column.name).text) and peaks > 5:
            yield _curve(side.header_place(column.index), Severity.FIX)
        elif len(values) >= policy.curve_points or _DENSITY.fullmatch(fold(column.name).text):
            yield _curve(side.header_place(column.index), Severity.REVIEW)


def _curve(place: Place, severity: Severity) -> Finding:
    return Finding(
        CURVE_STEP,
        severity,
        place,
        say("A curve with so many points or peaks may have a person behind each."),
        say("Show fewer points, a wider bandwidth, or the table behind the curve."),
    )


def check_trees(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Leaves of decision trees in text that hold too few persons."""
    for passage in examined.passages:
        folded = fold(passage.text)
        if not _TREE.search(folded.text):
            continue
        for match in [*_LEAF.finditer(folded.text), *_RPART.finditer(folded.text)]:
            groups = match.groupdict()
            numbers = (
                [float(groups["n"].replace(",", ""))] if groups.get("n") else _values(groups.get("v") or "")
            )
            is_share = bool(numbers) and max(numbers) <= 1 and any(number % 1 for number in numbers)
            if not is_share and any(0 < number < policy.min_persons for number in numbers):
                yield _leaf(passage.place(*folded.span(*match.span())), policy)


def _values(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


def _leaf(place: Place, policy: DisclosurePolicy) -> Finding:
    message: Sentence = say("A leaf of this tree holds fewer than {least} persons.", least=policy.min_persons)
    return Finding(
        TREE_LEAF,
        Severity.FIX,
        place,
        message,
        say(
            "Let every leaf hold at least {least} persons, and leave its values out.",
            least=policy.min_persons,
        ),
    )
