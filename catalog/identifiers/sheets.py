"""Values in columns of a text that is a sheet: a header in the first line, numbers below it.

1. The first line is a header when commas, tabs, semicolons or bars part it and more lines follow.
2. A header that names a kind of identifier is the label of every cell below it; the cell is read alone, with
   that header as its context, by the recognisers of numbers, days and ways to reach a person.
3. 番号 and 枝番 beside 記号 are those of an insured person.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from catalog.identifiers.contacts import find_phones, find_postal_codes
from catalog.identifiers.days import find_personal_days
from catalog.identifiers.hits import Hit
from catalog.identifiers.insured import find_insured_numbers
from catalog.identifiers.number_kinds import HARMLESS, LABELS
from catalog.identifiers.numbers import LABEL, find_labelled_numbers
from catalog.identifiers.readings import Reading, read

_MARK = re.compile(r"[,\t;|]")
_OTHERS = re.compile(
    r"電話|携帯|(?<![a-z])(?:tel|phone|fax|mobile|zip|dob)(?![a-z])|郵便|postal|生年月日|誕生日|birth|記号|枝番",
    re.IGNORECASE,
)
_OF_THE_INSURED = frozenset({"番号", "枝番"})
_FINDERS = (find_labelled_numbers, find_insured_numbers, find_phones, find_postal_codes, find_personal_days)
LONGEST_HEADER = 400


def find_in_sheets(reading: Reading) -> Iterator[Hit]:
    """Every value below a header that names an identifier."""
    text = reading.text
    first, end, rest = text.partition("\n")
    mark = _MARK.search(first)
    if mark is None or not end or not rest.strip() or len(first) > LONGEST_HEADER:
        return
    headers = _headers(first.split(mark.group()))
    if not any(headers):
        return
    place = len(first) + 1
    for line in rest.split("\n"):
        at = place
        for number, cell in enumerate(line.split(mark.group())):
            bare = cell.strip(" \"'")
            if bare and number < len(headers) and headers[number]:
                yield from _in_cell(reading, at + cell.index(bare), bare, headers[number])
            at += len(cell) + 1
        place += len(line) + 1


def _headers(cells: list[str]) -> list[str]:
    """The headers that name identifiers; empty for the others."""
    plain = [cell.strip(" \"'*") for cell in cells]
    if "記号" in plain:
        plain = [f"被保険者証の{cell}" if cell in _OF_THE_INSURED else cell for cell in plain]
    return [cell if _names_an_identifier(cell) else "" for cell in plain]


def _names_an_identifier(header: str) -> bool:
    return bool(_OTHERS.search(header)) or any(
        label.lastgroup != HARMLESS for label in LABELS.finditer(header)
    )


def _in_cell(reading: Reading, start: int, cell: str, header: str) -> Iterator[Hit]:
    """The hits of one cell that its header explains, as places of the whole text."""
    inner = read(cell, header, None, reading.places)
    for find in _FINDERS:
        for hit in find(inner):
            if hit.form in (LABEL, "number"):
                offset, _ = reading.folded.span(start + hit.offset, start + hit.offset + 1)
                last = start + hit.end - 1
                past = sum(reading.folded.span(last, last + 1))
                yield replace(hit, offset=offset, length=past - offset)
