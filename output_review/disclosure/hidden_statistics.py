"""Small numbers of persons that other statistics give away.

1. Sum over mean is the number of persons; so is the square of standard deviation over standard error.
2. A mean with four decimals or more is a fraction; where its denominator is below the policy's number
   and nothing shows that more persons are behind it, the denominator is the number of persons.
3. The mean of a variable that is 0 or 1 is a share, and its standard deviation says of how many.
4. A share with its 95 % interval tells the number of persons (``interval_persons``; where no way of computing it
   fits, about p (1 - p) (1.96 / half width)^2).
5. A rate with a population, or with the person-years that it is given for, is a count.
6. Only whole numbers of persons that fit what is written count, within half a unit of the last place.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, sqrt

from enclave.sentences import Sentence, say
from output_review.disclosure.consistent_counts import denominator, half_unit
from output_review.disclosure.findings import Finding, Severity
from output_review.disclosure.interval_persons import fitting
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import COUNTS, LABELS, Quantity
from output_review.disclosure.structure import Entry, Structured, normal
from output_review.disclosure.written_numbers import Part, WrittenNumber

IN_MEAN = "SDC.hidden_in_mean"
IN_ERROR = "SDC.hidden_in_error"
IN_INTERVAL = "SDC.hidden_in_interval"
IN_RATE = "SDC.hidden_in_rate"

_LEAST_PLACES = 4
_Z = 1.959964
_FEW = 120
_BARE_SUMS = frozenset({"合計", "総計", "計", "total"})
_SUM = re.compile(r"(?:合計|総計)(?!$)|総和|sum(?:$|[ _])|total[ _]")
_PER = re.compile(
    r"(?:人口)?(?P<man>\d*)\s*万\s*(?:人|対)?|(?:per|/)\s*(?P<per>\d[\d,]*)|人口(?P<jin>\d[\d,]*)対?|(?P<sen>千)(?:人|対)|1,?000人|‰"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """The numbers of one row or one column by quantity."""

    by_quantity: Mapping[Quantity, tuple[tuple[Entry, WrittenNumber], ...]]
    persons: int | None

    def only(self, quantity: Quantity) -> tuple[Entry, WrittenNumber] | None:
        """The one number of a quantity, when there is exactly one."""
        found = self.by_quantity.get(quantity, ())
        return found[0] if len(found) == 1 else None


def check_statistics(structured: Structured, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every statistic of a table that tells a small number of persons."""
    for line in _lines(structured):
        yield from _zero_or_one(structured, line, policy)
        if line.persons is not None and line.persons >= policy.min_persons:
            continue
        yield from _mean_and_sum(structured, line, policy)
        yield from _deviation_and_error(structured, line, policy)
        yield from _decimals(structured, line, policy)
        yield from _interval(structured, line)
    yield from _rates(structured, policy)


def _lines(structured: Structured) -> Iterator[_Line]:
    """Each row; and each column, where the rows say what the numbers are."""
    in_rows = sum(1 for row in structured.rows if row.quantity not in (COUNTS | LABELS | {Quantity.UNKNOWN}))
    for row in structured.rows:
        yield _line(structured.row(row.index), row.base)
    if in_rows:
        for column in structured.columns:
            if not column.is_label:
                yield _line(structured.column(column.index), column.base)


def _line(entries: Sequence[Entry], base: int | None) -> _Line:
    found: dict[Quantity, list[tuple[Entry, WrittenNumber]]] = {}
    persons = base
    has_mean = any(entry.quantity is Quantity.MEAN for entry in entries)
    for entry in entries:
        for number in entry.numbers:
            quantity = (
                _first(entry, has_mean=has_mean) if number.part is Part.FIRST else _inside(entry, number)
            )
            found.setdefault(quantity, []).append((entry, number))
        if _first(entry, has_mean=has_mean) in COUNTS and entry.count is not None and persons is None:
            persons = entry.count
    return _Line({quantity: tuple(numbers) for quantity, numbers in found.items()}, persons)


def _first(entry: Entry, *, has_mean: bool) -> Quantity:
    """What the first number is; a sum of something that is no count (合計年齢, 合計 beside 平均) is a sum.

    The first number of an interval in one cell (15.2–64.6) is its lower end.
    """
    if entry.quantity is Quantity.INTERVAL:
        return Quantity.LOWER
    labels = (*entry.key.rows, *entry.key.columns)
    is_sum = any(_SUM.match(label) or (has_mean and label in _BARE_SUMS) for label in labels)
    return (
        Quantity.SUM
        if is_sum and entry.quantity not in (Quantity.PERSONS, Quantity.ROWS, Quantity.MEAN)
        else entry.quantity
    )


def _inside(entry: Entry, number: WrittenNumber) -> Quantity:
    if number.part is Part.SPREAD:
        return Quantity.SD
    if number.part in (Part.LOW, Part.HIGH):
        return Quantity.LOWER if number.part is Part.LOW else Quantity.UPPER
    # [7.8, 28.8] in a column of intervals: the comma may have parted them.
    return Quantity.UPPER if entry.quantity is Quantity.INTERVAL else entry.inside


def _mean_and_sum(structured: Structured, line: _Line, policy: DisclosurePolicy) -> Iterator[Finding]:
    mean, total = line.only(Quantity.MEAN), line.only(Quantity.SUM)
    if mean is None or total is None or mean[1].value <= 0 or total[1].value <= 0:
        return
    fitting = [
        persons
        for persons in range(1, policy.min_persons)
        if abs(mean[1].value * persons - total[1].value) <= half_unit(mean[1]) * persons + half_unit(total[1])
    ]
    if fitting:
        yield _finding(
            IN_MEAN,
            Severity.FIX,
            structured,
            mean[0],
            say(
                "Mean and sum together tell that fewer than {threshold} persons are behind them.",
                threshold=policy.min_persons,
            ),
            say("Leave out the mean or the sum, or merge the group with another."),
        )


def _deviation_and_error(structured: Structured, line: _Line, policy: DisclosurePolicy) -> Iterator[Finding]:
    deviation, error = line.only(Quantity.SD), line.only(Quantity.SE)
    if deviation is None or error is None or error[1].value <= 0:
        return
    half_sd, half_se = half_unit(deviation[1]), half_unit(error[1])
    low = float((deviation[1].value - half_sd) / (error[1].value + half_se)) ** 2
    high = float((deviation[1].value + half_sd) / max(error[1].value - half_se, Decimal("1e-12"))) ** 2
    middle = float(deviation[1].value / error[1].value) ** 2
    if ceil(low) > floor(high):
        return
    if middle < policy.min_persons - 1 / 2:
        yield _finding(
            IN_ERROR,
            Severity.FIX,
            structured,
            error[0],
            say(
                "Standard deviation and standard error tell that fewer than {threshold} persons are behind them.",
                threshold=policy.min_persons,
            ),
            say("Leave out one of the two, or merge the group with another."),
        )


def _zero_or_one(structured: Structured, line: _Line, policy: DisclosurePolicy) -> Iterator[Finding]:
    mean, deviation = line.only(Quantity.MEAN), line.only(Quantity.SD)
    if mean is None or deviation is None or not 0 < mean[1].value < 1:
        return
    share = float(mean[1].value)
    if abs(float(deviation[1].value) - sqrt(share * (1 - share))) > 0.06 + float(
        half_unit(deviation[1])
    ):  # sample and population deviations of few persons
        return
    half = float(half_unit(mean[1]))
    spread = float(half_unit(deviation[1]))
    for persons in [line.persons] if line.persons else range(2, _FEW):
        for count in range(ceil((share - half) * persons), floor((share + half) * persons) + 1):
            exact = sqrt(count * (persons - count) / persons / max(persons - 1, 1))
            if abs(exact - float(deviation[1].value)) <= spread + 1e-9:
                if 0 < count < policy.min_persons:
                    yield _finding(
                        IN_MEAN,
                        Severity.FIX,
                        structured,
                        mean[0],
                        say(
                            "The mean of a yes-or-no variable is a share, and here it stands for fewer than {threshold} persons.",
                            threshold=policy.min_persons,
                        ),
                        say("Give the share without decimals, or leave it out."),
                    )
                return


def _decimals(structured: Structured, line: _Line, policy: DisclosurePolicy) -> Iterator[Finding]:
    if line.persons is not None:
        return
    for entry, number in line.by_quantity.get(Quantity.MEAN, ()):
        if number.places < _LEAST_PLACES or number.value == number.value.to_integral_value():
            continue
        found = denominator(number, policy.min_persons - 1)
        if found is not None and found > 1:
            yield _finding(
                IN_MEAN,
                Severity.FIX,
                structured,
                entry,
                say(
                    "The decimals of this mean tell that fewer than {threshold} persons may be behind it.",
                    threshold=policy.min_persons,
                ),
                say("Give the mean with one decimal, and the number of persons beside it."),
            )


def _interval(structured: Structured, line: _Line) -> Iterator[Finding]:
    """Rule 4, for shares that have no number of persons beside them."""
    shares = [*line.by_quantity.get(Quantity.PERCENTAGE, ()), *line.by_quantity.get(Quantity.PROPORTION, ())]
    low, high = line.only(Quantity.LOWER), line.only(Quantity.UPPER)
    if line.persons is not None or structured.base is not None or not shares or low is None or high is None:
        return
    entry, number = shares[0]
    whole = 100 if entry.quantity is Quantity.PERCENTAGE or number.is_percent else 1
    share, ends = _range(number, whole), (_range(low[1], whole), _range(high[1], whole))
    if not low[1].value <= number.value <= high[1].value or share[0] > 1 or ends[1][1] <= ends[0][0]:
        return
    fit = fitting(share, *ends)
    if fit is None:
        middle, half = sum(share) / 2, (sum(ends[1]) - sum(ends[0])) / 4
        persons = middle * (1 - middle) * (_Z / half) ** 2 if 0 < middle < 1 and half < 1 / 2 else _FEW
        fewer = min(middle, 1 - middle) * persons
    else:
        persons, fewer = fit.persons, min(fit.count, fit.persons - fit.count)
    if persons < _FEW or 0 < fewer < _FEW / 6:
        yield _finding(
            IN_INTERVAL,
            Severity.REVIEW,
            structured,
            entry,
            say(
                "This share and its confidence interval tell how many persons are behind it, and they are few."
            ),
            say("State the number of persons, and leave out shares of small groups."),
        )


def _range(number: WrittenNumber, whole: int) -> tuple[float, float]:
    """What a written share may stand for, as a fraction of one."""
    half = half_unit(number)
    return float(number.value - half) / whole, float(number.value + half) / whole


def _rates(structured: Structured, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Rule 5."""
    populations = [column for column in structured.columns if column.quantity is Quantity.POPULATION]
    for column in structured.columns:
        per = _per(" ".join([column.name, *structured.notes])) if column.quantity is Quantity.RATE else None
        if per is None:
            continue
        for entry in structured.column(column.index):
            population = _population(structured, entry, [c.index for c in populations], policy)
            if population is None or not entry.numbers:
                continue
            number = entry.numbers[0]
            half = half_unit(number)
            high = floor((number.value + half) * population / per)
            low = ceil(max(number.value - half, Decimal(0)) * population / per)
            if number.value > 0 and low <= high and 0 < high < policy.min_persons:
                yield _finding(
                    IN_RATE,
                    Severity.FIX,
                    structured,
                    entry,
                    say(
                        "With the population of this area the rate stands for fewer than {threshold} persons.",
                        threshold=policy.min_persons,
                    ),
                    say("Leave out the rate, or merge the area with its neighbours."),
                )


def _population(
    structured: Structured, entry: Entry, columns: Sequence[int], policy: DisclosurePolicy
) -> Decimal | int | None:
    row = entry.position[0]
    for column in columns:
        beside = structured.entries.get((row, column))
        if beside is not None and beside.number is not None:
            return beside.number
    for label in structured.rows[row].labels:
        known = policy.populations.of(label)
        if known is not None:
            return known
    return None


def _per(heading: str) -> int | None:
    """The population that a rate is given for."""
    match = _PER.search(normal(heading))
    if match is None:
        return None
    if match["man"] is not None:
        return int(match["man"] or 1) * 10_000
    digits = match["per"] or match["jin"]
    return int(digits.replace(",", "")) if digits else 1000


def _finding(
    rule: str, severity: Severity, structured: Structured, entry: Entry, message: Sentence, remedy: Sentence
) -> Finding:
    return Finding(rule, severity, structured.table.place(entry.cell), message, remedy)
