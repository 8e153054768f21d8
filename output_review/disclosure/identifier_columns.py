"""Identifiers in the cells of a table, judged with their column.

1. A cell is read under its column's header, and under its row's label where that names an identifier.
2. A long number that only its length speaks of is a result. A check digit that holds may be chance, one in nine to eleven. In a column it counts only where most cells
   of its length pass, and for numbers of eight digits only where three do.
3. A day without a word for birth or an event, in a column of days, is a time axis and no finding.
4. Areas of medical care have short names that are names of people as well (南和): in a column of areas in which few
   cells could be names, such a cell is for people to look at.
5. Cells of one character are read joined, along rows and down columns, backwards too: a name or a number cut
   into cells is still one. Neighbouring cells of a row are read joined for telephone numbers and addresses.
6. Headers are read as text: a column may be called by a person's name.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from catalog.identifiers.gazetteer import Gazetteer
from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.number_kinds import HARMLESS, LABELS
from catalog.identifiers.numbers import BARE, CHECK_DIGIT, SHAPE
from catalog.identifiers.recognise import Dictionaries, recognise
from catalog.identifiers.written_forms import fold, normalise
from output_review.disclosure.cells import CellKind
from output_review.disclosure.findings import Place
from output_review.disclosure.tables import Cell, Table

_PLAIN = (CellKind.COUNT, CellKind.NUMBER, CellKind.EMPTY, CellKind.MASKED, CellKind.VAGUE)
_FEWEST_DIGITS = 5
_JOINED_KINDS = frozenset(
    {"name", "my_number", "phone", "address", "email", "driving_licence", "chart_number"}
)
_ACROSS_KINDS = frozenset({"phone", "address"})
_SHORT_CHECKS = frozenset({"insurer_number", "public_payer_number"})
_FEWEST_PASSES = 3
_FEWEST_CELLS = 3
_AREA_CODE = re.compile(r"0[1-9][0-9]{0,3}")
_MUNICIPALITY = re.compile(r".+[都道府県市区町村郡]")
_HOUSE = re.compile(r"[0-9]{1,4}(?:-[0-9]{1,4}){1,3}|[0-9]{1,4}(?:丁目|番).*")
_LONGEST_LABEL = 30
_AREAS = re.compile(
    r"(?:[二2三3]次)?(?:保健)?(?:医療)?圏域?(?:名)?|地域(?:名)?|地区(?:名)?|エリア|支部(?:名)?|保健所(?:名)?|areas?|regions?"
)
_LONGEST_AREA = 3
_WEEK = "月火水木金土日"
_OF_THE_INSURED = frozenset({"番号", "枝番", "被保険者番号"})
_OTHER_LABELS = re.compile(
    r"イニシャル|initials?|電話|携帯|連絡先|tel|phone|fax|住所|address|郵便|zip|postal|postcode|生年月日|誕生日|出生日|birth|dob|氏名|名前|姓名|患者名|カナ|フリガナ|ふりがな|メール|mail"
    r"|緯度|経度|座標|lat|lon|lng|geohash|記号|枝番|旅券|パスポート|passport|在留|(?:手術|入院|退院|死亡|診断|発症|受診|初診|検査|採血)(?:年月日|日)",
    re.IGNORECASE,
)


Read = Callable[[str, str], tuple[Hit, ...]]


def hits_in_table(table: Table, dictionaries: Dictionaries) -> Iterator[tuple[Hit, Place]]:
    """Every identifier of a table with its place."""
    read = _reader(dictionaries)
    for cell in (*table.header, *table.notes):
        # What stands below the table, or in a row that is not full, may still be a value of its column.
        header = "" if cell in table.header else _header_at(table, cell)
        for hit in read(spaced_name(cell.text), header):
            if hit.form not in (BARE, CHECK_DIGIT):
                yield hit, _place(table, cell, hit)
    found: dict[int, list[tuple[Hit, Cell]]] = defaultdict(list)
    for row in table.rows:
        label = _label_of(row)
        for cell in row:
            header = _header_at(table, cell)
            if _is_worth_reading(cell, header, label):
                context = header if not label or cell is row[0] else f"{header}\n{label}"
                found[cell.column] += [(hit, cell) for hit in read(cell.text, context)]
    for column, hits in found.items():
        for hit, cell in _weighed(table, column, hits):
            yield hit, _place(table, cell, hit)
    found_rows = {cell.row for hits in found.values() for _, cell in hits}
    yield from _joined(table, read, found_rows, dictionaries.places)


def _header_at(table: Table, cell: Cell) -> str:
    """The header of a cell's column; 番号 and 枝番 beside a column of 記号 are those of an insured person."""
    header = table.columns[cell.column].header if cell.column < len(table.columns) else ""
    if header.strip() in _OF_THE_INSURED and any(other.header.strip() == "記号" for other in table.columns):
        return f"被保険者証の{header.strip()}"
    return header


def spaced_name(name: str) -> str:
    """A name of a file, a sheet or a column with its joints as blanks, character for character."""
    return name.translate({ord(joint): " " for joint in "_+"})


def _reader(dictionaries: Dictionaries) -> Read:
    """Recognition with a memory: the cells of a column repeat."""

    @lru_cache(maxsize=50_000)
    def read(text: str, context: str) -> tuple[Hit, ...]:
        return recognise(text, context=context, dictionaries=dictionaries)

    return read


def _place(table: Table, cell: Cell, hit: Hit) -> Place:
    """The hit's characters in a text file, the cell otherwise."""
    place = table.place(cell)
    if cell.offset is None:
        return place
    return replace(place, offset=cell.offset + hit.offset, length=hit.length)


def _label_of(row: Sequence[Cell]) -> str:
    """The first cell of a row where it names an identifier, as in a sheet of labels and values."""
    first = row[0].text if row else ""
    if not first or row[0].value.kind in _PLAIN or len(first) > _LONGEST_LABEL:
        return ""
    return first if names_an_identifier(first) else ""


@lru_cache(maxsize=10_000)
def names_an_identifier(label: str) -> bool:
    """Whether a header or a row's label heads identifiers of some kind."""
    text = normalise(label).text
    return bool(_OTHER_LABELS.search(text)) or any(
        match.lastgroup not in (HARMLESS, "id_number") for match in LABELS.finditer(text)
    )


def _is_worth_reading(cell: Cell, header: str, label: str) -> bool:
    """A short plain number under a header that names nothing is a result."""
    text = cell.text
    if not text.strip():
        return False
    if cell.value.kind not in _PLAIN or names_an_identifier(header) or label:
        return True
    return sum(character.isdigit() for character in text) >= _FEWEST_DIGITS


def _weighed(table: Table, column: int, hits: list[tuple[Hit, Cell]]) -> Iterator[tuple[Hit, Cell]]:
    """Without what chance or a time axis explains; see rules 2 and 3."""
    cells = [cell for row in table.rows for cell in row if cell.column == column and cell.text.strip()]
    lengths = [len(digits) for cell in cells if (digits := fold(cell.text).text.strip()).isdigit()]
    names = sum(hit.kind == "name" for hit, _ in hits)
    days = sum(hit.kind in ("event_date", "birth_date") and hit.form == SHAPE for hit, _ in hits)
    for hit, cell in hits:
        if hit.form == BARE:
            continue
        if hit.form == CHECK_DIGIT and fold(cell.text).text.strip().isdigit():
            passed = sum(other.form == CHECK_DIGIT and other.kind == hit.kind for other, _ in hits)
            alike = lengths.count(len(fold(cell.text).text.strip()))
            if passed * 2 <= alike or (hit.kind in _SHORT_CHECKS and passed < _FEWEST_PASSES):
                continue
        if hit.kind == "event_date" and hit.form == SHAPE and (days * 2 > len(cells) or len(cells) == 1):
            continue
        is_area = hit.kind == "name" and names * 2 <= len(cells) and _is_an_area(table, cell)
        yield (replace(hit, certainty=Certainty.WEAK) if is_area else hit), cell


def _is_an_area(table: Table, cell: Cell) -> bool:
    """Whether a cell is a short word in a column of areas."""
    header = fold(_header_at(table, cell)).text.strip()
    return len(cell.text.strip()) <= _LONGEST_AREA and bool(_AREAS.fullmatch(header))


def _joined(
    table: Table, read: Read, found_rows: set[int], places: Gazetteer | None
) -> Iterator[tuple[Hit, Place]]:
    """What stands in several cells together."""
    lines: list[tuple[Sequence[Cell], bool]] = [(row, True) for row in (table.header, *table.rows)]
    for column in table.columns:
        down = [cell for row in (table.header, *table.rows) for cell in row if cell.column == column.index]
        lines.append((down, False))
    for line, is_row in lines:
        for run in _single_characters(line):
            text = "".join(cell.text.strip() for cell in run)
            if _counts_on(text) or text in _WEEK * 2:
                continue
            if any(hit.kind in _JOINED_KINDS for way in (text, text[::-1]) for hit in read(way, "")):
                yield _joined_hit(text), table.place(run[0])
        if is_row and line and line[0].row not in found_rows:
            texts = [cell.text.strip() for cell in line if cell.text.strip()]
            yield from ((hit, Place(row=line[0].row)) for hit in _across(texts, read, places))


def _single_characters(line: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Runs of neighbouring cells with one letter or digit each, at least three."""
    run: list[Cell] = []
    for cell in [*line, None]:
        text = "" if cell is None else cell.text.strip()
        if cell is not None and len(text) == 1 and text.isalnum():
            run.append(cell)
            continue
        if len(run) >= _FEWEST_CELLS:
            yield run
        run = []


def _counts_on(text: str) -> bool:
    """Whether the digits are 0, 1, 2 and on, or the other way: rows that are numbered spell no number."""
    digits = normalise(text).text
    steps = {int(after) - int(before) for before, after in pairwise(digits)} if digits.isdigit() else set()
    return steps in ({1}, {-1})


def _across(texts: Sequence[str], read: Read, places: Gazetteer | None) -> Iterator[Hit]:
    """A telephone number or an address cut over neighbouring cells of a row."""
    for place in range(len(texts) - 2):
        parts = [normalise(text).text for text in texts[place : place + 3]]
        if _AREA_CODE.fullmatch(parts[0]) and all(part.isdigit() for part in parts[1:]):
            joined = "-".join(parts)
        elif _MUNICIPALITY.fullmatch(parts[0]) and _HOUSE.fullmatch(parts[2]) and _is_town(parts[1], places):
            joined = "".join(parts)
        else:
            continue
        yield from (hit for hit in read(joined, "")[:1] if hit.kind in _ACROSS_KINDS)


def _is_town(text: str, places: Gazetteer | None) -> bool:
    return places is not None and text in places.towns


def _joined_hit(text: str) -> Hit:
    """One hit for a run of cells: what they spell is a name unless they are digits."""
    kind = "id_number" if normalise(text).text.isdigit() else "name"
    return Hit(kind, 0, len(text), Certainty.LIKELY, "cells")
