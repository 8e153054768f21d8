"""Counts by municipality, by facility, and by region and insurer.

1. A municipality is known by its column's name or by its labels (…市, …区, …町, …村). How many persons
   a count must have depends on its inhabitants; a municipality that is not in the population table
   counts as the smallest there is.
2. A municipality and an insurer in one table point to an employer or a village; that is for the insurer
   to allow, not for this house.
3. Fewer facilities than the policy's number, and a row for each facility, are looked at by people.
"""

import re
from collections.abc import Iterator, Sequence

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile, Passage
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.margins import is_total_label
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import COUNTS, Quantity, quantity_of
from output_review.disclosure.table_sides import Side

MUNICIPALITY = "SDC.municipality"
REGION_INSURER = "SDC.region_insurer"
FACILITY = "SDC.facility"

_HEADING = re.compile(
    r".*(?:市区町村|市町村|区市町村|自治体|市区|町村)(?:名|コード|別)?|(?:.*[ _])?(?:municipality|city|town|village|ward|municipalities)(?:[ _]name)?"
)
_NAME = re.compile(
    r"(?:.{2,3}[都道府県])?(?:[一-龥ぁ-んァ-ヶ々]{1,5}郡)?(?!.*(?:地区|区分|市部|区部|郡部|町村|病院|都市|全区|[ァ-ヶー]{5,}))[一-龥ぁ-んァ-ヶ々]{1,7}[市区町村](?:[一-龥]{1,4}区)?"
)
_NOT_A_NAME = re.compile(
    r".*(?:地区|区分|学区|選挙区|管区|市中|市場|区間|町内|医療圏|市区町村|町村|政令市|中核市|農村|漁村|大都市|中都市|小都市)"
)
_INSURER = re.compile(
    r".*(?:保険者(?:種別|種類|区分|番号|名)?|国保|国民健康保険|協会けんぽ|組合健保|健保組合|健康保険組合|共済|後期高齢(?:者)?(?:医療)?|船員保険|被用者保険|保険種別|医療保険)"
    r"|.*(?:insurer|insurance[ _]type|payer|employees'? health insurance|national health insurance|mutual aid).*"
)
_FACILITY_ROW = re.compile(
    r"(?:医療機関|病院|施設|事業所|診療所|薬局)(?:名|名称|id|コード|番号|no)|(?:hospital|facility|clinic|provider|institution|site)[ _]?(?:id|code|name|no|number)?"
)
_IN_WORDS = re.compile(
    r"(?P<name>(?:[一-龥]{2,3}[都道府県])?[一-龥ァ-ヶ々]{1,6}(?:町|村|市|区))(?:では|における|には|において|に|の|は|で|:|、|\s)[^。\n\d]{0,12}?(?P<n>\d[\d,]*)\s*(?:人|名|例|症例)(?!口|以上|以下|未満)"
)


def check_municipalities(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every count of a municipality that shows fewer persons than its step asks for."""
    for sides in examined.sides:
        found = [
            (side, column.index, [cell.text for cell in cells])
            for side in sides
            for column, cells in side.label_columns()
            if _are_municipalities(column.name, [cell.text for cell in cells])
        ]
        are_named = any(map(_are_named, (labels for _, _, labels in found)))
        for side, column_index, labels in found:
            # The name in the corner speaks of the rows or of the columns: of those that are named so, if any are.
            if not are_named or _are_named(labels):
                yield from _in_rows(side, column_index, policy)
    for passage in examined.passages:
        yield from _in_passage(passage, policy)


def _are_municipalities(heading: str, labels: Sequence[str]) -> bool:
    folded = [fold(label).text.strip() for label in labels if _may_be_place(label)]
    named = sum(_is_name(label) for label in folded)
    if _HEADING.fullmatch(fold(heading).text.strip()):
        return bool(folded)
    return named > 0 and named * 2 > len(folded)


def _are_named(labels: Sequence[str]) -> bool:
    """Whether any of some labels has the name of a municipality."""
    return any(_is_name(fold(label).text.strip()) for label in labels if _may_be_place(label))


def _may_be_place(label: str) -> bool:
    """Whether a label is no total and no statistic (the labels of a turned table are its headers)."""
    quantity = quantity_of(label)
    return (
        bool(label)
        and not is_total_label(label)
        and quantity in (Quantity.UNKNOWN, Quantity.LABEL, Quantity.CLASS)
    )


def _is_name(label: str) -> bool:
    return bool(_NAME.fullmatch(label)) and not _NOT_A_NAME.match(label)


def _in_rows(side: Side, column: int, policy: DisclosurePolicy) -> Iterator[Finding]:
    for row, cells in zip(side.structured.rows, side.table.rows, strict=True):
        name = cells[column].text.strip() if column < len(cells) else ""
        if not _may_be_place(name):
            continue
        for entry in side.structured.row(row.index):
            is_persons = entry.quantity in COUNTS or entry.quantity is Quantity.WEIGHTED
            if is_persons and entry.number is not None:
                yield from _judge(name, float(entry.number), side.place(entry.cell), policy)


def _in_passage(passage: Passage, policy: DisclosurePolicy) -> Iterator[Finding]:
    folded = fold(passage.text)
    for match in _IN_WORDS.finditer(folded.text):
        if _is_name(match["name"]):
            place = passage.place(*folded.span(*match.span()))
            yield from _judge(match["name"], float(match["n"].replace(",", "")), place, policy)


def _judge(name: str, count: float, place: Place, policy: DisclosurePolicy) -> Iterator[Finding]:
    population = policy.populations.of(name)
    if count <= 0:
        return
    if population is None or population < policy.municipality_none_below:
        yield Finding(
            MUNICIPALITY,
            Severity.FIX,
            place,
            say(
                "A municipality with fewer than {population} inhabitants, or one that the population table does not hold, shows no number of patients.",
                population=policy.municipality_none_below,
            ),
            say(
                "Show the secondary medical area or the prefecture, or ask the operator to complete the population table."
            ),
        )
    elif population < policy.municipality_more_below and count < policy.municipality_persons:
        yield Finding(
            MUNICIPALITY,
            Severity.FIX,
            place,
            say(
                "A municipality with fewer than {population} inhabitants shows no count below {persons} persons.",
                population=policy.municipality_more_below,
                persons=policy.municipality_persons,
            ),
            say("Merge it with its neighbours, or show the secondary medical area."),
        )


def check_region_insurer(examined: ExaminedFile) -> Iterator[Finding]:
    """A table that splits by municipality and by insurer."""
    for side in examined.all_sides:
        regions = [
            column
            for column, cells in side.label_columns()
            if _are_municipalities(column.name, [cell.text for cell in cells])
        ]
        if not regions:
            continue
        others = [column for column in side.structured.columns if column.index != regions[0].index]
        names = [
            *(column.name for column in others),
            *(cell.text for c in others if c.is_label for cell in side.cells(c.index)),
        ]
        if any(_INSURER.fullmatch(fold(name).text.strip()) for name in names):
            yield Finding(
                REGION_INSURER,
                Severity.FIX,
                side.header_place(regions[0].index),
                say("The table splits by municipality and by type of insurer at once."),
                say(
                    "Leave one of the two out, or show prefectures; a municipality with an insurer needs the insurer's consent."
                ),
            )


def check_facilities(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Too few facilities behind a number, and rows that are facilities."""
    for side in examined.all_sides:
        for entry in side.structured.of(Quantity.FACILITIES):
            if entry.number is not None and 0 < entry.number < policy.min_facilities:
                yield Finding(
                    FACILITY,
                    Severity.REVIEW,
                    side.place(entry.cell),
                    say("Fewer than {least} facilities stand behind this row.", least=policy.min_facilities),
                    say(
                        "Merge the group with another one, unless nobody can be identified through the facility."
                    ),
                )
        if side.is_turned:
            continue
        for column, cells in side.label_columns():
            heading = fold(column.name).text.strip()
            if _FACILITY_ROW.fullmatch(heading) and len({cell.text for cell in cells}) == len(cells) > 1:
                yield Finding(
                    FACILITY,
                    Severity.REVIEW,
                    side.header_place(column.index),
                    say(
                        "Every row is one facility; numbers of a facility can point to its patients and its staff."
                    ),
                    say("Show groups of facilities, or say why single facilities may be shown."),
                )
