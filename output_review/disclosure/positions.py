"""Values that are somebody's own: minimum, maximum, outliers, outer percentiles, medians of few.

1. A minimum, a maximum or a range is the value of one person and is never shown.
2. A percentile is safe when at least the policy's number of persons lie beyond it on either side; where
   N is not said, the outermost ones are not shown and the next are looked at.
3. Quartiles and medians of few persons are looked at; of fewer than the policy's number, not shown.
4. Outliers, whiskers to extremes, and the mode of something personal (a postcode) are values of few.
5. Programs print the least and the largest residual of every model. Each belongs to one person, but says
   nothing of anybody who is not known otherwise, and everybody prints it: people look at it.
"""

import re
from collections.abc import Iterator

from catalog.identifiers.written_forms import fold
from enclave.sentences import Sentence, say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.structure import Entry
from output_review.disclosure.submissions import FileKind
from output_review.disclosure.table_sides import Side

EXTREME = "SDC.extreme"
PERCENTILE = "SDC.percentile"

_OUTLIERS = re.compile(r".*(?:外れ値|はずれ値|極値|outliers?|fliers?|extreme[ _]values?)(?:[ _]?\d+)?")
_WHISKER = re.compile(r".*(?:whisker|whislo|whishi|ひげ|ヒゲ).*")
_POINT = re.compile(
    r"(?<![\d.])p?(?P<p>\d{1,2}(?:\.\d+)?)\s*(?:%|パーセンタイル|%点|percentile|th|st|nd|rd|%ile)?(?:点|値)?.*"
)
_PERSONAL = re.compile(
    r".*(?:郵便|postal|postcode|zip|住所|address|市区町村|施設|病院|hospital|コード|code|診断|病名|diagnosis|職業|occupation).*"
)
_IN_WORDS = re.compile(
    r"(?:最高齢|最年少|最年長|最大値?|最小値?|最長|最短|(?<!四分位)範囲|レンジ|(?<![a-z])(?:minimum|maximum|range|min|max|oldest|youngest))(?:は|が|の[^。\n\d]{0,10}|年齢|[ :=,(]|of|was|were|is|from|在院日数|患者|値){0,4}[ ]*(?P<n>\d+(?:\.\d+)?)(?!\s*(?:文字|行|列|mb|gb|bytes|rows))"
)
_BETWEEN = re.compile(
    r"(?:年齢|在院日数|入院日数|体重|身長|bmi|費用|医療費|値|期間)(?:は|が|の分布は)[^。\n\d]{0,8}(?P<n>\d[\d,.]*)\s*[^\d。\n、]{0,4}(?:から|[~〜–-])\s*\d[\d,.]*\s*[^\d。\n、]{0,4}(?:まで|に)(?:[^。\n]{0,6}(?:分布|及|わた|渡|散ら|広が))"
    r"|(?:rang(?:ed|ing|es)|var(?:ied|ying|ies)|spann(?:ed|ing)) (?:from|between) (?P<m>\d[\d,.]*)\s*[a-z%]{0,8} (?:to|and) \d"
    r"|(?:youngest|oldest|shortest|longest|heaviest|lightest)[^.\n\d]{0,30} (?P<k>\d[\d,.]*)"
)
"""A range in a sentence: from the least to the largest value of a person."""
_RESIDUALS = re.compile(r"(?:[a-z]+ )?residuals:?|(?:[a-z]+ )?residuals? quantiles:?|残差:?")
_SETTINGS = re.compile(r"(?:max|min)_\w+|iteration|depth|反復|回数|lag|window")


def check_extremes(examined: ExaminedFile) -> Iterator[Finding]:
    """Minima, maxima, ranges and outliers, in tables and in words."""
    for side in examined.all_sides:
        for entry in side.structured.entries.values():
            if _is_extreme(entry) and _may_be_personal(entry):
                yield _told(examined, side.place(entry.cell))
            elif entry.quantity is Quantity.MODE and (entry.cell.text.strip()):
                yield _mode(side, entry)
        yield from _outliers(side)
    for passage in examined.passages:
        if passage.cell is not None and len(passage.text) < 8:
            continue
        folded = fold(passage.text)
        for match in (*_IN_WORDS.finditer(folded.text), *_BETWEEN.finditer(folded.text)):
            around = folded.text[max(match.start() - 12, 0) : match.end() + 6]
            if not _SETTINGS.search(around) and "range(" not in match.group():
                yield _told(examined, passage.place(*folded.span(*match.span())))


def _outliers(side: Side) -> Iterator[Finding]:
    for column in side.structured.columns:
        name = fold(column.name).text.strip()
        cells = [c for c in side.cells(column.index) if c.text.strip() not in ("0", "なし", "none", "-")]
        if cells and _OUTLIERS.fullmatch(name):
            yield from (_extreme(side.place(cell)) for cell in cells)
        elif cells and _WHISKER.fullmatch(name):
            message = say("Whiskers of a box plot may end at one person's value.")
            yield _looked_at(side.header_place(column.index), message)


def _is_extreme(entry: Entry) -> bool:
    if not entry.numbers:
        return False
    if entry.quantity in (Quantity.MINIMUM, Quantity.MAXIMUM, Quantity.RANGE):
        return True
    return entry.inside in (Quantity.MINIMUM, Quantity.MAXIMUM, Quantity.RANGE) and len(entry.numbers) > 1


def _may_be_personal(entry: Entry) -> bool:
    """Bounds of classes and settings of a programme are nobody's value."""
    labels = " ".join((*entry.key.rows, *entry.key.columns))
    return not re.search(
        r"(?:max|min)_(?:iter|depth|samples|features|leaf|child|bin|delta)|iter|depth|階級|class|bin", labels
    )


def _is_of_residuals(examined: ExaminedFile, place: Place) -> bool:
    """Whether a cell of a printed text stands in the two lines under the heading ``Residuals:``."""
    if examined.file.kind is not FileKind.TEXT or place.row is None:
        return False
    above = examined.lines[max(place.row - 3, 0) : place.row - 1]
    return any(_RESIDUALS.fullmatch(fold(line).text.strip()) for line in above)


def _told(examined: ExaminedFile, place: Place) -> Finding:
    if not _is_of_residuals(examined, place):
        return _extreme(place)
    return _looked_at(
        place, say("The smallest and the largest residual of a model belong to one person each.")
    )


def _extreme(place: Place) -> Finding:
    return Finding(
        EXTREME,
        Severity.FIX,
        place,
        say("A minimum, a maximum or an outlier is the value of one person."),
        say("Leave it out; show percentiles with enough persons beyond them."),
    )


def _mode(side: Side, entry: Entry) -> Finding:
    labels = " ".join((*entry.key.rows, *entry.key.columns, *(c.name for c in side.structured.columns)))
    is_personal = bool(_PERSONAL.fullmatch(fold(labels).text))
    return Finding(
        EXTREME,
        Severity.FIX if is_personal else Severity.REVIEW,
        side.place(entry.cell),
        say("A most frequent value can be the value of few persons."),
        say("Show the values with their numbers of persons instead."),
    )


def check_percentiles(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Percentiles with too few persons beyond them."""
    seen: set[Place] = set()
    for side in examined.all_sides:
        for entry in side.structured.of(Quantity.PERCENTILE, Quantity.MEDIAN):
            # Where the N stands in its row, the other side would take the total of a line for one.
            if entry.numbers and (place := side.place(entry.cell)) not in seen:
                seen.update([place] if side.persons_of(entry) is not None else ())
                yield from _judge(side, entry, policy)
        for entry in side.structured.entries.values():
            if entry.inside in (Quantity.PERCENTILE, Quantity.INTERVAL) and entry.quantity is Quantity.MEDIAN:
                yield from _judge(side, entry, policy, quartiles=True)


def _judge(
    side: Side, entry: Entry, policy: DisclosurePolicy, *, quartiles: bool = False
) -> Iterator[Finding]:
    share = 0.25 if quartiles else _tail(entry)
    persons = side.persons_of(entry)
    place = side.place(entry.cell)
    is_outer = share < 0.25
    if persons is None:
        if share < 0.05:
            # Beside a standard error they are those of an estimate's distribution, and for people to tell.
            is_estimate = bool(side.structured.of(Quantity.SE))
            yield _percentile(place, Severity.REVIEW if is_estimate else Severity.FIX, policy)
        elif is_outer:
            yield _percentile(place, Severity.REVIEW, policy)
    elif persons < policy.min_persons or (is_outer and persons * share < policy.min_persons):
        yield _percentile(place, Severity.FIX, policy)
    elif persons * share < policy.min_persons:
        yield _percentile(place, Severity.REVIEW, policy)


def _tail(entry: Entry) -> float:
    """The smaller share of persons on one side of the point; a quartile where nothing else is said."""
    if entry.quantity is Quantity.MEDIAN:
        return 0.5
    for label in (*reversed(entry.key.columns), *reversed(entry.key.rows)):
        match = _POINT.fullmatch(label)
        if match:
            point = float(match["p"]) / 100
            return min(point, 1 - point)
    return 0.25


def _percentile(place: Place, severity: Severity, policy: DisclosurePolicy) -> Finding:
    return Finding(
        PERCENTILE,
        severity,
        place,
        say(
            "Fewer than {least} persons may lie beyond this point, so it comes close to one person's value.",
            least=policy.min_persons,
        ),
        say("Show the 10th and 90th percentile of a larger group, or median and quartiles with their N."),
    )


def _looked_at(place: Place, message: Sentence) -> Finding:
    return Finding(
        EXTREME,
        Severity.REVIEW,
        place,
        message,
        say("Let them end at the 5th and 95th percentile, with enough persons beyond."),
    )
