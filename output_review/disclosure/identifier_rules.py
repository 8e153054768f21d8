"""No identifier of a person leaves, in any part of a file: name, sheets, headers, cells, text.

1. The file's name is read as text, its joints as blanks; folders above it are not part of what leaves.
2. Text is read as a whole; where a line belongs to a table its numbers are judged with their column
   (``identifier_columns``), and a check digit alone counts for nothing there.
3. JSON is read as the text it is: the key of a value is its label.
4. A name in a line that cites a paper, or that says by its first word that it lists authors, is for people to
   look at: papers name those who wrote them, and no program knows who did unless the request says it.
5. Nothing is caught: what cannot be read to its end is not passed.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.numbers import BARE, CHECK_DIGIT
from catalog.identifiers.recognise import Dictionaries, recognise
from catalog.identifiers.written_forms import fold
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place
from output_review.disclosure.identifier_columns import hits_in_table, spaced_name
from output_review.disclosure.identifier_texts import identifier_finding
from output_review.disclosure.submissions import FileKind

_CITATION = re.compile(
    r"(?:19|20)\d\d\s*[;:,]\s*\d{1,4}\s*(?:\(\w[^)]{0,12}\))?\s*[:,]\s*(?:[a-z]?\d+|pp?\.)|doi\s*[:.]|doi\.org/|\bet al\b.*(?:19|20)\d\d|(?:19|20)\d\d年?\s*[;,.、]?\s*\d{1,4}巻"
)
"""How a line of a bibliography gives the volume and the pages."""
_AUTHORS = re.compile(
    r"[\s#>*_|-]*(?:(?:筆頭|共同|責任|連絡|代表|対応)?(?:共?著者|執筆者)(?:一覧|名|情報)?|研究(?:代表|責任|分担|協力)者"
    r"|(?:first |co-?|corresponding |senior |contributing |joint )?authors?(?: list)?"
    r"|(?:principal |co-?)investigators?)[*_]*\s*(?:[:|（(]|\s|$)"
)
"""How a line begins that lists those who wrote a paper; folded."""


def check_identifiers(examined: ExaminedFile, dictionaries: Dictionaries) -> Iterator[Finding]:
    """Every identifier of a file by kind, with its place."""
    for hit in recognise(_file_name(examined.file.name), dictionaries=dictionaries):
        yield identifier_finding(hit, Place())
    lines = examined.file.text.split("\n") if examined.file.kind is FileKind.TEXT else []
    for table in examined.tables:
        for hit, place in hits_in_table(table, dictionaries):
            line = lines[place.row - 1] if place.row and place.row <= len(lines) else ""
            yield identifier_finding(_weighed(hit, line, dictionaries), place)
    yield from _in_text(examined, dictionaries)


def _file_name(name: str) -> str:
    """The file's own name without its ending, its joints as blanks."""
    return spaced_name(PurePosixPath(name.replace("\\", "/")).stem)


def _in_text(examined: ExaminedFile, dictionaries: Dictionaries) -> Iterator[Finding]:
    """Hits in the text of a file that is no grid, as a whole; the cells of a grid were read with their table."""
    if examined.file.kind not in (FileKind.TEXT, FileKind.JSON):
        return
    lines = {cell.row for table in examined.tables for row in (table.header, *table.rows) for cell in row}
    text = examined.file.text
    is_data = examined.file.kind is FileKind.JSON
    ends = [end.start() for end in re.finditer("\n", text)]
    for hit in recognise(text, dictionaries=dictionaries):
        place = Place(row=bisect_left(ends, hit.offset) + 1, offset=hit.offset, length=hit.length)
        if not (_is_chance(hit) and (place.row in lines or is_data)):
            line = text[text.rfind("\n", 0, hit.offset) + 1 :].split("\n", 1)[0]
            yield identifier_finding(_weighed(hit, line, dictionaries), place)


def _weighed(hit: Hit, line: str, dictionaries: Dictionaries) -> Hit:
    """Rule 4: a name in a line with year, volume and pages, or a DOI, or behind a label of authors."""
    if hit.kind != "name":
        return hit
    folded = fold(line).text
    is_author = _CITATION.search(folded) or (not dictionaries.people.authors and _AUTHORS.match(folded))
    return replace(hit, certainty=Certainty.WEAK) if is_author else hit


def _is_chance(hit: Hit) -> bool:
    """Whether only its length, a check digit, or a day without a word speaks for a hit."""
    return hit.form in (BARE, CHECK_DIGIT) or (hit.kind == "event_date" and hit.form != "label")
