"""Tables inside plain text: Markdown, and columns set with tabs, commas or blanks.

1. A table is two or more lines in a row that split into the same number of cells, at least two.
2. Separators are tried from the surest to the least sure: ``|``, tab, comma, semicolon, two or more
   blanks, one blank. The last two count only when every line after the first holds a number,
   or prose would be taken for a table.
3. Every cell keeps its offset from the start of the file; ``row`` is the line of the file.
4. A Markdown rule line (``|---|---|``) belongs to the table and is no row of it.
5. LaTeX rows, and printed columns that stand exactly under each other, are read by their layout
   (``text_layouts``) where it leaves no two numbers in one cell.
6. Of printed columns those are surest that wide blanks or bars part in every line; a line of one name may
   stand among them over the rows that it names.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from output_review.disclosure.cells import CellKind, read_cell
from output_review.disclosure.tables import Cell, Table, are_levels, table_from_cells
from output_review.disclosure.text_csv import COMMA, csv_runs
from output_review.disclosure.text_layouts import (
    aligned_spans,
    holds_two_numbers,
    is_latex,
    latex_spans,
    unescaped,
)

_RULE_LINE = re.compile(r"[\s|:+=\-─━┼┌┐└┘├┤┬┴]*[-=─━]{2,}[\s|:+=\-─━┼┌┐└┘├┤┬┴]*")
_SEPARATORS = (
    re.compile(r"[|│┃｜]"),
    re.compile(r"\t"),
    re.compile(r"[,，、](?!\d{3}(?!\d))"),
    re.compile(r"[;；]"),
    re.compile(r"(?<=\S)[ \u3000]{2,}(?=\S)"),
    re.compile(r"(?<=\S)[ \u3000]+(?=\S)"),
)
_BLANKS = _SEPARATORS[-2:]
_BARS_OR_BLANKS = re.compile(r"[|│┃｜]|(?<=\S)[ \u3000]{2,}(?=\S)")
_CODE = re.compile(
    r"^\s*label\s+(?:define|values?|var(?:iable)?)\s|[;{}]|:\s*$|<-|==|\bdef |\breturn\b|^\s*#|[^\d\s],\S|[\w)],$"
)
_OF_A_LOG = re.compile(r"(?:NOTE|WARNING|ERROR): ")
_COMMAND = re.compile(r"\s*(?:[>#$.\\]|In \[)")
_HEADING = re.compile(r"\s*\d{1,2}(?:[.．]\d{1,2})*[.．)、]\s*[^\d\s]")
"""The number of a chapter or of an item in a list."""
_FEWEST_LINES = 3
_MOST_TITLES = 4
_LONGEST_HEADING = 40
_NUMBERS = (CellKind.COUNT, CellKind.NUMBER, CellKind.MASKED)
_BOLD = re.compile(r"(?P<stars>\*{1,3})(?P<words>[^*].*?)(?P=stars)")
_MARKDOWN = re.compile(r" {0,3}\|.*\|\s*")
_PROGRAM = re.compile(r"^\s*label\s+(?:define|values?|var(?:iable)?)\s|[=;{}]|:\s*$|[a-z]\(")
_PRINTED_NUMBER = re.compile(
    r"(?<![\w.])[-+<]?\d[\d.,]*(?:e[-+]\d+)?%?(?![\w])\s*(?:\S{0,3}\s*)?$|\s[-+]?\d[\d.,]*\s"
)
Line = tuple[int, int, str]
"""Line number, offset, text."""


def tables_from_text(text: str) -> tuple[Table, ...]:
    """Every table of a plain text, in order."""
    tables = []
    for block in _blocks(text):
        taken: set[int] = set()
        for found, lines in _laid_out(block):
            tables.append(found)
            taken.update(lines)
        left = [line for line in block if line[0] not in taken]
        for first, end in csv_runs([line[2] for line in left]):
            table = table_from_cells([_cells(line, COMMA) for line in left[first:end]])
            if table is not None:
                tables.append(table)
                taken.update(line[0] for line in left[first:end])
        for separator in _SEPARATORS:
            for run in _runs(block, separator, taken):
                table = table_from_cells([_cells(line, separator) for line in run])
                if table is not None:
                    tables.append(table)
                    taken.update(line[0] for line in run)
        tables.extend(_left_over(block, taken))
    return tuple(tables)


def _left_over(block: list[Line], taken: set[int]) -> Iterator[Table]:
    """Lines beside a table that fit into none: each is a row of its own, or a number in it would be lost."""
    for line in block if taken else ():
        cells = _cells(line, _BLANKS[1])
        numbers = sum(cell.value.kind in (CellKind.COUNT, CellKind.MASKED) for cell in cells)
        is_row = 1 < len(cells) <= 2 * numbers + 1 and not any(cell.text in ("=", ":") for cell in cells)
        if line[0] not in taken and is_row and not _HEADING.match(line[2]):
            table = table_from_cells([cells])
            if table is not None:
                yield table


def _laid_out(block: list[Line]) -> Iterator[tuple[Table, set[int]]]:
    """Rule 5: the table of a block that is LaTeX, or whose columns stand under each other."""
    latex = [line for line in block if is_latex(line[2])]
    if len(latex) > 1:
        yield from _table(latex, [latex_spans(line[2]) for line in latex])
        return
    taken: set[int] = set()
    for wide, covered in _widely_set(block):
        taken |= covered
        yield wide, covered
    for headers, run in _printed([line for line in block if line[0] not in taken]):
        variants = []
        for first in range(len(headers) + 1):
            lines = [*headers[first:], *run]
            spans = aligned_spans([line[2] for line in lines]) if len(lines) > 1 else None
            variants += list(_table(lines, spans)) if spans is not None else []
        if variants:
            # A title over the columns closes gutters, so the reading with most columns is the true one.
            yield max(variants, key=lambda found: (len(found[0].columns), _has_levels_over(found[0])))


def _has_levels_over(table: Table) -> bool:
    """Whether the header is the levels of a factor; the name that R prints above it is no header."""
    return _is_levels(table.header)


def _is_levels(cells: Sequence[Cell]) -> bool:
    return all(cell.value.kind is CellKind.COUNT for cell in cells) and are_levels(
        [cell.value.value for cell in cells]
    )


def _widely_set(block: list[Line]) -> Iterator[tuple[Table, set[int]]]:
    """Rule 6: the tables of neighbouring lines whose columns wide blanks or bars part all the way down."""
    if any(_MARKDOWN.fullmatch(line[2]) or "\t" in line[2] for line in block):
        return
    run: list[Line] = []
    for place, line in enumerate([*block, None]):
        if line is not None and (
            _is_wide(line) or (run and (_is_tight(line) or _is_heading_of_rows(line[2])))
        ):
            run += [*_names_above(block[:place], line), line] if not run else [line]
            continue
        yield from _best_of(run)
        run = []


def _names_above(block: list[Line], line: Line) -> list[Line]:
    """The line of names over a first line of numbers: names of full width may stand with one blank between."""
    cells = _cells(line, _BARS_OR_BLANKS)
    is_data = any(cell.value.kind in _NUMBERS for cell in cells[1:]) and not _is_levels(cells)
    return [above for above in block[-1:] if is_data and not _COMMAND.match(above[2])]


def _best_of(run: list[Line]) -> Iterator[tuple[Table, set[int]]]:
    """The table with most columns among those that leave out up to some lines at the beginning."""
    while run and not (_is_wide(run[-1]) or _is_tight(run[-1])):
        run = run[:-1]
    if run and _is_tight(run[-1]) and not list(_tables_of(run)):
        run = [line for line in run if _is_wide(line)]
    if sum(map(_is_wide, run)) < _FEWEST_LINES - 1 or len(run) < _FEWEST_LINES:
        return
    best = max(_tables_of(run), key=lambda one: len(one[0].columns), default=None)
    if best is not None:
        rows = [row for row in best[0].rows if any(cell.value.kind in _NUMBERS for cell in row)]
        if len(rows) * 2 > len(best[0].rows):
            yield best


def _tables_of(run: list[Line]) -> Iterator[tuple[Table, set[int]]]:
    """The readings of a run whose columns stand under each other."""
    for first in range(min(_MOST_TITLES, len(run) - _FEWEST_LINES + 1)):
        spans = aligned_spans([line[2] for line in run[first:]])
        if spans is not None:
            yield from _table(run[first:], spans)


def _is_tight(line: Line) -> bool:
    """A short line of a name and numbers that fill their columns, with one blank between them."""
    cells = _cells(line, _BLANKS[1])
    numbers = [cell for cell in cells[1:] if cell.value.kind in _NUMBERS]
    return len(numbers) > 1 and len(cells) <= len(numbers) + 2 and not _CODE.search(line[2])


def _is_wide(line: Line) -> bool:
    return not _CODE.search(line[2]) and len(_cells(line, _BARS_OR_BLANKS)) > 1


def _is_heading_of_rows(text: str) -> bool:
    """Whether a line of one cell may stand over the rows below it, as the name of their variable."""
    return len(text.strip()) <= _LONGEST_HEADING and not re.search(r"[.。:：#>]|\d\s*$", text)


def _printed(block: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """Neighbouring lines that may be printed columns, with up to two lines of headers above them."""
    if any(_MARKDOWN.fullmatch(line[2]) or "," in line[2] or "\t" in line[2] for line in block[:2]):
        return
    if len(block) > 1 and len({_words(line) for line in block}) == 1 and _words(block[0]) > 2:
        # As many words in every line: a table, though only some of its lines hold numbers.
        if any(_is_printed(line[2]) for line in block):
            yield [], block
        return
    is_wide = len(block) > 2 and len({len(_cells(line, _BLANKS[0])) for line in block} - {1}) == 1
    if is_wide and not _is_levels(_cells(block[1], _BLANKS[1])):
        # Wide blanks in every line: a table, though it may hold no number at all.
        yield [], block
    run: list[Line] = []
    for place, line in enumerate([*block, None]):
        is_like = line is not None and _is_printed(line[2])
        if line is not None and is_like and (not run or abs(_words(line) - _words(run[-1])) <= 2):
            run.append(line)
            continue
        first = place - len(run)
        headers = block[max(first - 2, 0) : first]
        if len(run) > 1 or (run and headers and _is_under(headers[-1], run[0])):
            yield headers, run
        run = [line] if line is not None and is_like else []


def _is_under(header: Line, line: Line) -> bool:
    """Whether one line of numbers stands under one of names."""
    numbers = sum(bool(re.fullmatch(r"[-+<]?\d[\d,.]*%?", word)) for word in line[2].split())
    return numbers > 1 and abs(_words(header) - _words(line)) <= 3 and not re.search(r"[.。]\s*$", header[2])


def _is_printed(text: str) -> bool:
    """Whether a line may be a row of printed columns: it holds a number on its own and is no program."""
    return bool(_PRINTED_NUMBER.search(text)) and not _PROGRAM.search(text)


def _words(line: Line) -> int:
    return len(line[2].split())


def _table(run: list[Line], spans: list[list[tuple[int, int]]]) -> Iterator[tuple[Table, set[int]]]:
    cells = [
        tuple(
            _cell(line, column, unescaped(line[2][start:end]), start)
            for column, (start, end) in enumerate(row)
        )
        for line, row in zip(run, spans, strict=True)
    ]
    if any(holds_two_numbers(cell.text) for row in cells for cell in row if not _is_interval(cell)):
        return
    table = table_from_cells(cells)
    if table is not None and len(table.columns) > 1:
        yield table, {line[0] for line in run}


def _is_interval(cell: Cell) -> bool:
    """Two numbers that belong to one cell: in brackets, or with a share."""
    return bool(re.search(r"[(\[%±]", cell.text))


def _cell(line: Line, column: int, content: str, start: int) -> Cell:
    return Cell(line[0], column, content, read_cell(content), line[1] + start)


def _blocks(text: str) -> Iterator[list[Line]]:
    """Lines without a blank line between them; rule lines and those of a program's log are left out."""
    offset = 0
    lines: list[Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        lines.append((number, offset, line.rstrip("\r")))
        offset += len(line) + 1
    for filled, group in groupby(lines, key=lambda line: bool(line[2].strip())):
        if filled:
            yield [line for line in group if not (_RULE_LINE.fullmatch(line[2]) or _OF_A_LOG.match(line[2]))]


def _runs(block: list[Line], separator: re.Pattern[str], taken: set[int]) -> Iterator[list[Line]]:
    """Neighbouring free lines that split into the same number of cells."""
    free = [line for line in block if line[0] not in taken]
    for width, group in groupby(free, key=lambda line: len(_cells(line, separator))):
        run = list(group)
        is_table = width > 1 and len(run) > 1 and _has_numbers(run, separator)
        if is_table and not _is_coarse(run, separator) and not _is_list(run, separator):
            yield run


def _is_list(run: list[Line], separator: re.Pattern[str]) -> bool:
    """Whether lines are the items 1, 2, 3 ... of a list of words, as of affiliations or references."""
    if separator is not _BLANKS[1]:
        return False
    rows = [_cells(line, separator) for line in run]
    numbers = [row[0].value.value for row in rows if row[0].value.kind is CellKind.COUNT]
    is_words = all(cell.value.kind is CellKind.TEXT for row in rows for cell in row[1:])
    return is_words and len(numbers) >= len(rows) - 1 and numbers == list(range(1, len(numbers) + 1))


def _is_coarse(run: list[Line], separator: re.Pattern[str]) -> bool:
    """Whether bars part groups of columns only, as Stata prints them, so that a cell would hold many."""
    if separator is not _SEPARATORS[0]:
        return False
    return any(
        holds_two_numbers(cell.text) and not _is_interval(cell)
        for line in run
        for cell in _cells(line, separator)
    )


def _has_numbers(run: list[Line], separator: re.Pattern[str]) -> bool:
    """Rule 2: some line below the first holds a number; with blanks as separators, every line does.

    Markdown's outer bars are sign enough: a table of words alone may list persons.
    """
    if separator is _SEPARATORS[0] and all(_MARKDOWN.fullmatch(line[2]) for line in run):
        return True
    numbers = [
        any(
            cell.value.kind in (CellKind.COUNT, CellKind.NUMBER, CellKind.MASKED)
            for cell in _cells(line, separator)
        )
        for line in run[1:]
    ]
    return all(numbers) if separator in _BLANKS else any(numbers)


def _cells(line: Line, separator: re.Pattern[str]) -> tuple[Cell, ...]:
    """The cells of a line; the empty ends that Markdown's outer bars make are dropped."""
    number, offset, text = line
    edges = [match.span() for match in separator.finditer(text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(text)]
    spans = list(zip(starts, ends, strict=True))
    if separator is _SEPARATORS[0] and edges:
        spans = spans[(0 if text[: edges[0][0]].strip() else 1) :]
        spans = spans[: (None if text[edges[-1][1] :].strip() else -1)]
    cells = []
    for column, (start, end) in enumerate(spans):
        part = text[start:end]
        bold = _BOLD.fullmatch(part.strip())
        content = bold["words"].strip() if bold else part.strip()
        lead = part.find(content) if content else 0
        cells.append(Cell(number, column, content, read_cell(content), offset + start + lead))
    return tuple(cells)
