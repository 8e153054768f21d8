"""What a table says of a group as a whole, and of its largest contributor.

1. Class disclosure: where all persons of a line are in one class and the others show zero, or a share is
   0 % or 100 %, everybody in the line is described, however many they are. People look.
2. Dominance, by person: a sum of which one person makes up so much that their own amount can be
   estimated. With the largest (and the second largest) contribution beside the sum, (n,k) and p% are
   computed; what is not said is taken at its worst.
3. A sum without any word on its contributors cannot be judged; a sum with a negative part neither.
   People look. With N and SD under the same labels a sum or a mean often can (``dominance_bounds``): shown to
   be dominated it is to be fixed, shown not to be it needs nobody.

Sources: ACRO acro/default.yaml; Handbook on SDC, chapter 4.2 (sdcTools/HandbookSDC).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.dominance_bounds import Amounts, Dominated, dominated
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.persons_behind import Labels, PersonsBehind
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.structure import Entry, Position
from output_review.disclosure.table_sides import Side

CLASS_DISCLOSURE = "SDC.class_disclosure"
DOMINANCE = "SDC.dominance"
DOMINANCE_UNKNOWN = "SDC.dominance_unknown"

_IN_WORDS = re.compile(
    r"(?:(?:最大|上位)(?:の)?(?:1|一|2|二|1名|1人|2名|2人|患者)?|(?<![\d.,])(?:1|一|2|二|単一の?)(?:名|人|例|患者|症例)(?:の患者)?|one patient|single patient|top (?:one|two|1|2)|largest (?:patient|contributor|case))"
    r"[^。\n.]{0,24}?(?P<share>\d{1,3}(?:\.\d+)?)\s*%"
)
_OUTCOME = re.compile(
    r"陽性|陰性|(?<![一-龥])(?:あり|なし|有|無|有り|無し)(?![一-龥])|死亡|生存|感染|発症|再発|合併|罹患|該当|使用|投与|(?<![a-z])(?:yes|no|positive|negative|pos|neg|true|false|dead|alive|died|survived|event|infected|exposed|hiv)(?![a-z])|[(（]?[+＋][)）]?"
)
_GROUP = re.compile(
    r"病院|施設|医療機関|病棟|診療科|地域|市区町村|市町村|学校|職場|事業所|hospital|facility|clinic|ward|department|site|area|school|village|institution"
)
_OUTLYING = 5
_FEW, _ALONE, _ALIKE = 4, 10, 1.05
"""From how many numbers on one that stands out is noticed, how far above the middle it is, and the others are not."""


def check_class_disclosure(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Lines whose persons are all in one class, and shares of 0 % and 100 %."""
    for side in examined.all_sides:
        yield from _all_of_them(side, policy)
        for row in side.structured.rows:
            counts = [
                e
                for e in side.structured.row(row.index)
                if e.quantity in (Quantity.COUNT, Quantity.PERSONS, Quantity.ROWS)
                and e.count is not None
                and not side.structured.columns[e.position[1]].is_total
            ]
            whole = sum(entry.count or 0 for entry in counts)
            if len(counts) < 2 or len(side.structured.rows) < 2 or row.is_total or not whole:
                continue
            most = max(counts, key=lambda entry: entry.count or 0)
            is_whole = (most.count or 0) * 100 >= policy.class_percent * whole
            if is_whole and len({e.quantity for e in counts}) == 1 and _tells(side, counts):
                yield _class(side.place(most.cell))
        if not side.is_turned:
            for entry in side.structured.entries.values():
                whole_share = entry.quantity is Quantity.PERCENTAGE and entry.number in (0, 100)
                if (whole_share or _is_same_for_all(entry)) and len(side.structured.entries) > 1:
                    yield _class(side.place(entry.cell))


def _all_of_them(side: Side, policy: DisclosurePolicy) -> Iterator[Finding]:
    """An outcome that as many persons have as there are in the row."""
    for row in side.structured.rows:
        counts = [e for e in side.structured.row(row.index) if e.quantity is Quantity.PERSONS and e.count]
        named = [
            bool(_OUTCOME.search(fold(side.structured.columns[e.position[1]].name).text)) for e in counts
        ]
        groups = [entry.count for entry, is_outcome in zip(counts, named, strict=True) if not is_outcome]
        for entry, is_outcome in zip(counts, named, strict=True):
            if is_outcome and entry.count in groups and (entry.count or 0) >= policy.min_persons:
                yield _class(side.place(entry.cell))


def _is_same_for_all(entry: Entry) -> bool:
    """A spread of nothing, and a sum or mean of nothing, say that everybody has the same value."""
    spreads = (Quantity.SD, Quantity.VARIANCE, Quantity.SUM, Quantity.MEAN)
    return entry.quantity in spreads and entry.number == 0


def _tells(side: Side, counts: list[Entry]) -> bool:
    """Whether the classes are outcomes, or the groups are places: then a full class tells something new."""
    classes = " ".join(fold(side.structured.columns[e.position[1]].name).text for e in counts)
    groups = " ".join(fold(column.name).text for column in side.structured.columns if column.is_label)
    return bool(_OUTCOME.search(classes) or _GROUP.search(groups))


def _class(place: Place) -> Finding:
    return Finding(
        CLASS_DISCLOSURE,
        Severity.REVIEW,
        place,
        say("All persons of this group are in one class, so the number describes each of them."),
        say("Merge the group or the classes, unless the fact is known of everybody in the group."),
    )


def check_dominance(
    examined: ExaminedFile, policy: DisclosurePolicy, beside: Sequence[ExaminedFile] = ()
) -> Iterator[Finding]:
    """Sums and means that one person may make up."""
    files = (examined, *beside)
    needs = any(side.structured.of(Quantity.MEAN, Quantity.SUM) for side in examined.all_sides)
    needs = needs and any(table.of(Quantity.SD) for file in files for table in file.structured)
    behind = PersonsBehind(files) if needs else None
    for side in examined.all_sides:
        for row in side.structured.rows:
            entries = side.structured.row(row.index)
            sums = [entry for entry in entries if entry.quantity is Quantity.SUM and entry.number is not None]
            largest = [entry for entry in entries if entry.quantity is Quantity.LARGEST and entry.numbers]
            if largest:
                yield from _judge(side, sums, largest, policy)
        if not side.is_turned:
            judged = _by_bounds(side, behind, policy) if behind is not None else {}
            for entry, is_dominated in judged.items():
                if is_dominated:
                    yield _dominance(side.place(side.structured.entries[entry].cell), policy)
            yield from _unknown(side, judged)
            yield from _outlying(side, judged)
            yield from _alone(side)
    for passage in examined.passages:
        folded = fold(passage.text)
        for match in _IN_WORDS.finditer(folded.text):
            if float(match["share"]) >= 50:
                yield _dominance(passage.place(*folded.span(*match.span())), policy)


def _judge(
    side: Side, sums: list[Entry], largest: list[Entry], policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Rule 2 for one row: its sum, and its one or two largest contributions (amounts or shares)."""
    whole = float(sums[0].number or 0) if sums else 100.0
    parts = sorted((_amount(entry, whole) for entry in largest), reverse=True)
    if whole <= 0 or any(part < 0 for part in parts):
        return
    first = parts[0]
    second = parts[1] if len(parts) > 1 else min(first, max(whole - first, 0))
    if _is_cumulative(largest):
        first, second = parts[0], 0.0
    is_p = whole - first - second < first * policy.p_percent / 100
    is_nk = (first + (second if len(parts) > 1 else 0)) * 100 > policy.dominance_percent * whole
    if is_p or is_nk:
        yield _dominance(side.place(largest[0].cell), policy)


def _amount(entry: Entry, whole: float) -> float:
    number = entry.numbers[0]
    is_share = number.is_percent or re.search(
        r"%|割合|share|比率|占有", entry.cell.text + " ".join(entry.key.columns)
    )
    value = float(number.value)
    if not is_share:
        return value
    return value * whole if value <= 1 and not number.is_percent else value * whole / 100


def _is_cumulative(largest: list[Entry]) -> bool:
    """One number for the two largest together."""
    return len(largest) == 1 and any(
        re.search(r"top[ _-]?2|上位2|2名|2人", label) for label in largest[0].key.columns
    )


def _by_bounds(side: Side, behind: PersonsBehind, policy: DisclosurePolicy) -> dict[Position, bool]:
    """Which sums and means are shown to be dominated, and which not to be; the others are left out."""
    labels = Labels(side.structured)
    found: dict[Position, bool] = {}
    for entry in side.structured.of(Quantity.MEAN, Quantity.SUM):
        keys = labels.keys(entry)
        persons = behind.persons(keys) or side.stated_base(entry)
        spread = behind.spread(keys)
        if entry.number is None or persons is None or spread is None:
            continue
        amounts = Amounts.of(persons, entry.numbers[0], spread, is_sum=entry.quantity is Quantity.SUM)
        verdict = dominated(amounts, policy)
        if verdict is not Dominated.UNKNOWN:
            found[entry.position] = verdict is Dominated.YES
    return found


def _unknown(side: Side, judged: Mapping[Position, bool]) -> Iterator[Finding]:
    """Rule 3: sums that say nothing of their contributors, one finding for each column."""
    structured = side.structured
    if structured.of(Quantity.LARGEST):
        return
    seen: set[int] = set()
    for entry in structured.of(Quantity.SUM):
        column = entry.position[1]
        if entry.number is None or column in seen or entry.position in judged:
            continue
        if entry.number < 0 or any((other.number or 0) < 0 for other in structured.column(column)):
            seen.add(column)
            yield _not_judged(side.place(entry.cell))
        elif not any(
            e.quantity in (Quantity.SD, Quantity.VARIANCE) for e in structured.row(entry.position[0])
        ):
            seen.add(column)
            yield _not_judged(side.header_place(column))


def _outlying(side: Side, judged: Mapping[Position, bool]) -> Iterator[Finding]:
    """Means that stand far out among the others of their column, or that one value may make up."""
    structured = side.structured
    for column in structured.columns:
        means = [
            e for e in structured.column(column.index) if e.quantity is Quantity.MEAN and e.number is not None
        ]
        values = [abs(float(entry.number or 0)) for entry in means]
        middle = median(values) if values else 0.0
        for entry, value in zip(means, values, strict=True):
            if len(values) > 2 and middle and value > _OUTLYING * middle and entry.position not in judged:
                yield _not_judged(side.place(entry.cell))


def _alone(side: Side) -> Iterator[Finding]:
    """Whole numbers of which nothing says what they are, and one of them far above all others that are alike."""
    structured = side.structured
    totals = {line.index for line in structured.rows if line.is_total}
    across = {line.index for line in structured.columns if line.is_total}
    cells = [
        e
        for e in structured.of(Quantity.COUNT)
        if e.number and e.position[0] not in totals and e.position[1] not in across
    ]
    values = sorted(float(entry.number or 0) for entry in cells)
    if len(values) < _FEW or values[-1] < _ALONE * median(values) or values[-2] > _ALIKE * median(values):
        return
    yield _not_judged(side.place(max(cells, key=lambda entry: entry.number or 0).cell))


def _dominance(place: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        DOMINANCE,
        Severity.FIX,
        place,
        say(
            "One or two persons make up most of this sum, so their own amount can be estimated within {percent} percent.",
            percent=policy.p_percent,
        ),
        say("Merge the group, or mask the sum and everything it can be computed from."),
    )


def _not_judged(place: Place) -> Finding:
    return Finding(
        DOMINANCE_UNKNOWN,
        Severity.REVIEW,
        place,
        say("Nothing says whether one person makes up most of this sum or mean."),
        say(
            "Show beside it the number of persons and the standard deviation, or which share the largest contributor has, or ask for a recount from the extract."
        ),
    )
