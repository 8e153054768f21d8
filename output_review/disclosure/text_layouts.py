r"""How a line of a printed table falls into cells: LaTeX, and columns that stand under each other.

1. LaTeX: ``&`` separates, ``\\`` ends; commands that only set type (``\textbf{7}``, ``\hline``,
   ``\multicolumn{2}{c}{n}``) are looked through.
2. Printed columns (R, Stata, SPSS, fixed width) are found by what is blank in every line: a gutter is a
   place at which no line has a character, with vertical bars counted as blanks. A character of full
   width takes two places, as on a terminal.
3. A layout is taken only when no cell of it holds two numbers side by side; otherwise a coarser
   reading of ``text_tables`` decides, which splits at every blank.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

Span = tuple[int, int]
"""Start and end of a cell's content in its line."""

_BARS = re.compile(r"[|│┃｜]")
_LATEX_END = re.compile(r"\\\\.*$|\\(?:hline|toprule|midrule|bottomrule|cline\{[^}]*\}|tabularnewline)")
_LATEX_CELL = re.compile(
    r"(?:\\multicolumn\{\d+\}\{[^}]*\}|\\multirow\{[^}]*\}\{[^}]*\}|\\[a-zA-Z]+\*?|[{}$~\s]|\\[ ,;!])*"
    r"(?P<content>.*?)(?:[{}$~\s]|\\[ ,;!])*"
)
_TWO_NUMBERS = re.compile(r"[-+]?\d[\d.,]*\s{1,}[-+(]?\d[\d.,]*")
_SETTERS = re.compile(r"\\(?=[%_#&$])")


def is_latex(text: str) -> bool:
    """Whether a line is a row of a LaTeX table."""
    return bool(re.search(r"(?<!\\)&", text) and re.search(r"\\\\|\\hline|\\[a-z]+rule", text))


def latex_spans(text: str) -> list[Span]:
    """The cells of a LaTeX row."""
    end = _LATEX_END.search(text)
    body = text[: end.start()] if end else text
    spans, start = [], 0
    for match in [*re.finditer(r"(?<!\\)&", body), None]:
        stop = match.start() if match else len(body)
        inner = _LATEX_CELL.fullmatch(body, start, stop)
        spans.append(inner.span("content") if inner else (start, stop))
        start = match.end() if match else stop
    return spans


def unescaped(text: str) -> str:
    """A cell of LaTeX without the marks that escape."""
    return _SETTERS.sub("", text)


def aligned_spans(lines: Sequence[str]) -> list[list[Span]] | None:
    """The cells of printed lines, or None when no gutter runs through all of them."""
    plain = [_BARS.sub(" ", line).replace("\t", " ").replace("\u3000", "  ") for line in lines]
    if any(len(line) != len(text) for line, text in zip(lines, plain, strict=True)):
        plain = [_BARS.sub(" ", line).replace("\t", " ") for line in lines]
    places = [_places(line) for line in plain]
    width = max((row[-1] for row in places), default=0)
    is_used = [False] * (width + 1)
    for line, row in zip(plain, places, strict=True):
        for index, character in enumerate(line):
            if not character.isspace():
                is_used[row[index] : row[index + 1]] = [True] * (row[index + 1] - row[index])
    edges = _joined(plain, places, _columns(is_used))
    if len(edges) < 2:
        return None
    return [_cut(line, row, edges) for line, row in zip(plain, places, strict=True)]


def holds_two_numbers(text: str) -> bool:
    """Whether a cell holds numbers side by side, so that it is probably two cells."""
    return bool(_TWO_NUMBERS.search(text)) and not re.fullmatch(r"\d{1,3}(?: \d{3})+", text.strip())


def _places(line: str) -> list[int]:
    """Where each character begins on a terminal, and where the line ends."""
    places, place = [0], 0
    for character in line:
        place += 2 if unicodedata.east_asian_width(character) in ("F", "W") else 1
        places.append(place)
    return places


def _columns(is_used: Sequence[bool]) -> list[Span]:
    """Stretches of used places between gutters."""
    edges, start = [], None
    for place, used in enumerate([*is_used, False]):
        if used and start is None:
            start = place
        elif not used and start is not None:
            edges.append((start, place))
            start = None
    return edges


def _joined(lines: Sequence[str], places: Sequence[Sequence[int]], edges: Sequence[Span]) -> list[Span]:
    """Stretches that only one line fills, with one blank after them, are words of the name that follows."""
    found: list[Span] = []
    begin: int | None = None
    for index, (start, end) in enumerate(edges):
        spans = [_cut(line, row, [(start, end)])[0] for line, row in zip(lines, places, strict=True)]
        texts = [line[a:b] for line, (a, b) in zip(lines, spans, strict=True) if b]
        is_word = (
            len(texts) == 1 and len(lines) > 1 and not any(character.isdigit() for character in texts[0])
        )
        first = start if begin is None else begin
        is_near = index + 1 < len(edges) and edges[index + 1][0] == end + 1
        if is_near and (is_word or _is_bracketed(lines, places, edges[index + 1])):
            begin = first
        else:
            found.append((first, end))
            begin = None
    return found


def _is_bracketed(lines: Sequence[str], places: Sequence[Sequence[int]], edge: Span) -> bool:
    """Whether a stretch of numbers is in brackets, so that it belongs to the number before it."""
    spans = [_cut(line, row, [edge])[0] for line, row in zip(lines, places, strict=True)]
    texts = [line[a:b] for line, (a, b) in zip(lines, spans, strict=True) if b]
    numbers = [text for text in texts if any(character.isdigit() for character in text)]
    return bool(numbers) and all(text[0] in "([±" for text in numbers)


def _cut(line: str, places: Sequence[int], edges: Sequence[Span]) -> list[Span]:
    """The content of a line between each pair of edges; an empty span where there is none."""
    spans = []
    for start, end in edges:
        first, last = bisect_left(places, start), min(bisect_left(places, end), len(line))
        content = line[first:last]
        inner = content.strip()
        lead = len(content) - len(content.lstrip())
        spans.append((first + lead, first + lead + len(inner)) if inner else (0, 0))
    return spans
