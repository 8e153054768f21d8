"""Fourfold tables that a ratio or a test statistic gives back.

1. A table of two rows and two columns whose margins are shown and whose cells are masked has one
   unknown. An odds ratio, a risk ratio or chi-square of it, in the table or in the words beside it,
   leaves few values for it, often one.
2. Values that fit what is written are counted. One only, or small cells in all of them, is to be fixed
   for a ratio; a chi-square fits two tables as a rule, so people look.
3. A line of words that gives a ratio or chi-square and two pairs of numbers with one sum gives the margins
   of such a table.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, permutations

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.consistent_counts import half_unit
from output_review.disclosure.count_grid import Spot
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.intervals import ContradictionError, audit
from output_review.disclosure.known_numbers import Sheet
from output_review.disclosure.masked_cells import is_cell
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.roundings import EXACT
from output_review.disclosure.written_numbers import WrittenNumber, written_numbers

IN_ODDS_RATIO = "SDC.hidden_in_odds_ratio"
IN_CHI_SQUARE = "SDC.hidden_in_chi_square"

_MOST_VALUES = 20_000
_FOUR = 4
_THREE = 3
_MOST_ALONE = 6
_LARGEST_ALONE = 500
_LARGEST_MARGIN = 3000
_MOST_NUMBERS = 12
_WHOLE = re.compile(r"(?<![\d.,a-z(])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d%]|[.,]\d|\))")
_NUMBER = r"[^\d\n]{0,12}?(?P<x>\d+(?:\.\d+)?)"
_IN_WORDS = (
    ("odds", re.compile(r"(?:オッズ比|odds ratio|\bor\b)" + _NUMBER)),
    ("risk", re.compile(r"(?:リスク比|相対危険度?|risk ratio|relative risk|\brr\b)" + _NUMBER)),
    (
        "chi",
        re.compile(
            r"(?:χ2|χ\^2|カイ(?:二|2)乗(?:値|統計量)?|chi-?2?(?:sq(?:uare)?d?)?(?:\(\d+\))?|x-squared)"
            + _NUMBER
        ),
    ),
)


def check_ratios(sheet: Sheet, policy: DisclosurePolicy, words: Sequence[str]) -> Iterator[Finding]:
    """Masked fourfold tables whose ratio or statistic is shown."""
    block = _fourfold(sheet)
    if block is None:
        return
    known = sheet.known(EXACT)
    try:
        low_high = audit(known, [block[0]], float(policy.audit_seconds))[block[0]]
    except ContradictionError:
        return
    if low_high.width > _MOST_VALUES:
        return
    tables = list(_tables(sheet, block, range(low_high.lo, low_high.hi + 1)))
    place = sheet.structured.table.place(sheet.structured.entries[block[0][1], block[0][2]].cell)  # type: ignore[index]
    for name, number in _statistics(sheet, words):
        fitting = [cells for cells in tables if _fits(name, cells, number)]
        small = [cells for cells in fitting if any(0 < cell < policy.min_persons for cell in cells)]
        if name == "chi" and fitting and len(fitting) < policy.interval_width:
            yield _in_chi_square(place)
        elif (
            name != "chi" and fitting and (len(fitting) < policy.interval_width or len(small) == len(fitting))
        ):
            yield _in_ratio(place)


def check_sentences(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Rule 3: lines that state the margins of a fourfold table beside its ratio or statistic."""
    for passage in examined.passages:
        folded = fold(passage.text)
        for line in re.finditer(r"[^\n]+(?:\n[^\n|]+)?", folded.text):
            for name, pattern in _IN_WORDS:
                for match in pattern.finditer(line.group()):
                    number = written_numbers(match["x"])
                    if not number or number[0].places < 2:
                        continue
                    tables = [
                        cells
                        for margins in _margins(line.group(), match.span())
                        for cells in _with_margins(*margins)
                    ]
                    fitting = [cells for cells in tables if _fits(name, cells, number[0])]
                    small = [
                        cells for cells in fitting if any(0 < cell < policy.min_persons for cell in cells)
                    ]
                    if not fitting or len(small) < len(fitting):
                        continue
                    start = line.start() + match.start()
                    place = passage.place(*folded.span(start, line.start() + match.end()))
                    yield _in_chi_square(place) if name == "chi" else _in_ratio(place)


def _margins(line: str, without: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    """The first row, the second row and the first column of every table that four numbers of a line could be margins of."""
    numbers = [
        int(match.group().replace(",", ""))
        for match in _WHOLE.finditer(line)
        if match.end() <= without[0] or match.start() >= without[1]
    ][:_MOST_NUMBERS]
    if "margin" in line or "周辺" in line or len(numbers) <= _THREE:
        for row, other, column in permutations(numbers[:_MOST_ALONE], _THREE):
            if row < other and column < row + other and min(row, column) <= _LARGEST_ALONE:
                yield row, other, column
    for one, two, three, four in combinations(numbers, _FOUR):
        for rows, columns in (
            ((one, two), (three, four)),
            ((one, three), (two, four)),
            ((one, four), (two, three)),
        ):
            if sum(rows) == sum(columns) and min(*rows, *columns) <= _LARGEST_MARGIN:
                yield rows[0], rows[1], columns[0]


def _with_margins(row_one: int, row_two: int, column_one: int) -> Iterator[tuple[int, int, int, int]]:
    for value in range(max(0, column_one - row_two), min(row_one, column_one) + 1):
        yield value, row_one - value, column_one - value, row_two - column_one + value


def _fourfold(sheet: Sheet) -> tuple[Spot, Spot, Spot, Spot] | None:
    """The four masked cells, by rows, when they are all that is masked and are two by two."""
    masked = sorted((spot for spot in sheet.masked if is_cell(spot)), key=str)
    rows, columns = sorted({s[1] for s in masked}, key=str), sorted({s[2] for s in masked}, key=str)
    if len(masked) != _FOUR or len(rows) != 2 or len(columns) != 2:  # two by two
        return None
    return masked[0], masked[1], masked[2], masked[3]


def _tables(
    sheet: Sheet, block: tuple[Spot, Spot, Spot, Spot], values: range
) -> Iterator[tuple[int, int, int, int]]:
    """The fourfold tables that the margins allow, one for each value of the first cell."""
    first, second, third, fourth = block
    row_one, row_two = _left(sheet, (first, second)), _left(sheet, (third, fourth))
    column_one = _left(sheet, (first, third))
    if row_one is None or row_two is None or column_one is None:
        return
    for value in values:
        cells = (value, row_one - value, column_one - value, row_two - column_one + value)
        if min(cells) >= 0:
            yield cells


def _left(sheet: Sheet, pair: tuple[Spot, Spot]) -> int | None:
    """What a line leaves for two masked cells together."""
    for line in sheet.lines:
        if set(pair) <= set(line.parts) and line.total in sheet.shown:
            rest = [part for part in line.parts if part not in pair]
            if all(part in sheet.shown for part in rest):
                return sheet.shown[line.total] - sum(sheet.shown[part] for part in rest)
    return None


def _statistics(sheet: Sheet, words: Sequence[str]) -> Iterator[tuple[str, WrittenNumber]]:
    for entry in sheet.structured.of(Quantity.RATIO):
        if entry.numbers:
            yield "odds", entry.numbers[0]
            yield "risk", entry.numbers[0]
    lines = [" ".join(cell.text for cell in row) for row in sheet.structured.table.rows]
    for text in (*sheet.structured.notes, *words, *lines):
        folded = fold(text).text
        for name, pattern in _IN_WORDS:
            for match in pattern.finditer(folded):
                numbers = written_numbers(match["x"])
                if numbers:
                    yield name, numbers[0]


def _fits(name: str, cells: tuple[int, int, int, int], number: WrittenNumber) -> bool:
    a, b, c, d = (Decimal(cell) for cell in cells)
    half = half_unit(number)
    if name == "chi":
        below = (a + b) * (c + d) * (a + c) * (b + d)
        if not below:
            return False
        whole = a + b + c + d
        plain = whole * (a * d - b * c) ** 2 / below
        corrected = whole * max(Decimal(0), abs(a * d - b * c) - whole / 2) ** 2 / below
        return min(abs(plain - number.value), abs(corrected - number.value)) <= half
    above, below = (a * d, b * c) if name == "odds" else (a * (c + d), c * (a + b))
    ratios = [above / below] if below else []
    ratios += [below / above] if above else []
    return any(abs(ratio - number.value) <= half for ratio in ratios)


def _in_chi_square(place: Place) -> Finding:
    return Finding(
        IN_CHI_SQUARE,
        Severity.REVIEW,
        place,
        say("Chi-square and the margins leave few possible values for the masked counts."),
        say("Give the p value alone, or leave out the margins."),
    )


def _in_ratio(place: Place) -> Finding:
    return Finding(
        IN_ODDS_RATIO,
        Severity.FIX,
        place,
        say("The ratio and the margins leave few possible values for the masked counts."),
        say("Give the ratio with one decimal, or leave out the margins."),
    )
