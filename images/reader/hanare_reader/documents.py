"""A document leaves as its text, as pictures of pages that show this text, and with its pictures.

1. The text: paragraphs as lines, tables with bars, notes at the end. What stands on the pages is what
   leaves. Deleted and hidden text, comments, headers, text boxes, charts and the codes behind fields
   do not; they are told, and their words are found. Inserted text is text.
2. Pictures that are shown are canonical pictures of their own (``document_pictures``).
3. Pages are set from the canonical text and the canonical pictures (``document_pages``), never from
   the upload, so that no page shows what does not leave.
4. A field that runs or fetches, an embedded or linked file, and another document inside this one
   refuse it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final
from xml.etree.ElementTree import Element

from .archives import Package, attribute, local, open_package, parse_xml, words_of
from .document_lines import HEADING, PLAIN, ROW, RULE, Line, Shown, shown_in
from .document_styles import Styles, is_unseen, read_styles
from .formats import Upload
from .lines import write_text
from .office_parts import PICTURE, tell_comments, tell_parts
from .pictures import ReadWords
from .refusals import RefusedError
from .results import Account, CanonicalFile, Reading
from .typeface import FONT
from .unseen import GETA

_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE: Final = re.compile(
    r"(?i)\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|DATABASE|MACROBUTTON|LINK|EMBED|RD|AUTOTEXT|CONTROL)\b"
)
_CONTAINERS: Final = frozenset(
    {"hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "ins", "moveTo", "fldSimple", "dir", "bdo", "r",
     "rubyBase", "ruby"}
)  # fmt: skip
_PLAIN: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": GETA}
_GONE: Final = frozenset({"del", "moveFrom"})
_MAX_DEPTH: Final = 30
_WIDEST: Final = 60
"""Columns that one cell may span."""


def read_document(upload: Upload, words: ReadWords | None = None, face: str = FONT) -> Reading:
    """Read a document; ``face`` is the file of the font in which its pages are set."""
    account = Account()
    package = open_package(upload.content)
    main = next(iter(package.related("", "officeDocument")), "")
    if "macroenabled" in package.types.get(main, ""):
        raise RefusedError("macro_refused")
    if package.types.get(main) != _MAIN:
        raise RefusedError("disagrees")
    try:
        lines = _Words(account, read_styles(package, main), _picture_parts(package, main)).lines(
            package, main
        )
        shown = frozenset(picture.part for line in lines for picture in line.pictures)
        tell_parts(package, account, shown)
        _beside(package, main, account)
    except (ValueError, KeyError, IndexError, RecursionError):
        raise RefusedError("structure") from None
    account.drop("styles")
    made: dict[Shown, CanonicalFile] = import_module(".document_pictures", __package__).canonical_pictures(
        package, lines, account, words
    )
    texts: list[CanonicalFile] = []
    if not made or any(line.text.strip() for line in lines):
        texts.append(write_text("\n".join(line.text for line in lines), ".txt", account))
    pages = _pages(texts, lines, made, account, face)
    return account.reading(*texts, *pages, *made.values())


def _pages(
    texts: list[CanonicalFile],
    lines: list[Line],
    made: dict[Shown, CanonicalFile],
    account: Account,
    face: str,
) -> list[CanonicalFile]:
    """Pages set from the canonical lines, which stand in the order of the document's own, and canonical pictures."""
    written = [line for text in texts for line in text.content.decode("utf-8").split("\n")]
    written += [""] * (len(lines) - len(written))
    canonical = [
        Line(said, line.form, tuple(picture for picture in line.pictures if picture in made))
        for said, line in zip(written, lines, strict=False)
    ]
    pages: list[CanonicalFile] = import_module(".document_pages", __package__).set_pages(
        canonical, made, account, face
    )
    return pages


def _picture_parts(package: Package, main: str) -> dict[str, str]:
    """The parts of a document that are pictures, by the relationship that leads to each."""
    return {
        relation.id: relation.target
        for relation in package.relations(main)
        if not relation.external and PICTURE.fullmatch(package.types.get(relation.target, ""))
    }


def _beside(package: Package, main: str, account: Account) -> None:
    """Comments, headers and footers, links, and words in the settings."""
    tell_comments(package, account, main)
    account.hide("link", "\n".join(r.target for r in package.relations(main) if r.external))
    account.drop("hyperlinks", sum(r.kind == "hyperlink" for r in package.relations(main)))
    for kind in ("header", "footer"):
        for part in package.related(main, kind):
            words = words_of(parse_xml(package.parts[part]))
            account.drop("headers_footers", bool(words))
            account.hide("header_footer", words)
    for part in package.related(main, "settings"):
        root = parse_xml(package.parts[part])
        if any(local(e) == "mailMerge" for e in root):
            raise RefusedError("active_content")
        said = [attribute(e, k) for e in root.iter() if local(e) == "docVar" for k in ("name", "val")]
        account.drop("custom_parts", bool(said))
        account.hide("part", "\n".join(said))


@dataclass(slots=True)
class _Words:
    """One walk through a document: what is shown, line by line."""

    account: Account
    styles: Styles
    picture_parts: dict[str, str]
    _shown: list[Shown] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)
    _deleted: list[str] = field(default_factory=list)
    _fields: list[str] = field(default_factory=list)

    def lines(self, package: Package, main: str) -> list[Line]:
        """Every line of the text, notes at the end."""
        body = next(e for e in parse_xml(package.parts[main]) if local(e) == "body")
        lines = list(self._blocks(body, 0))
        for kind in ("footnotes", "endnotes"):
            for part in package.related(main, kind):
                for note in parse_xml(package.parts[part]):
                    text = " ".join(filter(None, (line.text.strip() for line in self._blocks(note, 0))))
                    if text:
                        self.account.drop("notes")
                        lines.append(Line(f"[{attribute(note, 'id')}] {text}"))
        for place, words in (
            ("hidden_text", self._hidden),
            ("deletion", self._deleted),
            ("field", self._fields),
        ):
            self.account.hide(place, "\n".join(words))
        self._check_fields()
        return lines

    def _check_fields(self) -> None:
        code = "".join(self._fields)
        if _ACTIVE.search(code) or any(_ACTIVE.search(piece) for piece in self._fields):
            raise RefusedError("active_content")

    def _blocks(self, parent: Element, depth: int) -> Iterator[Line]:
        if depth > _MAX_DEPTH:
            raise RefusedError("too_deep", limit=_MAX_DEPTH)
        for element in parent:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element, depth)
            elif name in {"altChunk", "subDoc"}:
                raise RefusedError("embedded_file")
            elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
                yield from self._blocks(element, depth + 1)
            elif name in _GONE:
                self._delete(element)

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        """The lines of a paragraph; its pictures stand below the last."""
        style = next(
            (attribute(e, "val") for p in paragraph if local(p) == "pPr" for e in p if local(e) == "pStyle"),
            "",
        )
        before, self._shown = self._shown, []
        text = "".join(self._runs(paragraph, 0))
        pictures, self._shown = tuple(self._shown), before
        if style in self.styles.hidden:
            self._hide(text)
            text, pictures = "", ()
        level = self.styles.headings.get(style, 0)
        form = HEADING + level - 1 if level else PLAIN
        *above, last = text.split("\n")
        yield from (Line(line, form) for line in above)
        yield Line(last, form, pictures)

    def _runs(self, parent: Element, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            raise RefusedError("too_deep", limit=_MAX_DEPTH)
        for element in parent:
            name = local(element)
            if name in _GONE:
                self._delete(element)
            elif name == "r" and self._is_hidden(element):
                before = len(self._shown)
                self._hide("".join(self._runs(element, depth + 1)))
                del self._shown[before:]
            elif name in _CONTAINERS:
                self.account.drop("insertions", name in {"ins", "moveTo"})
                if name == "fldSimple":
                    self._field(attribute(element, "instr"))
                yield from self._runs(element, depth + 1)
            else:
                yield self._piece(name, element)

    def _piece(self, name: str, element: Element) -> str:
        """One thing in a run, as text."""
        if name in _PLAIN:
            return _PLAIN[name]
        match name:
            case "t":
                return element.text or ""
            case "oMath" | "oMathPara":
                return "".join(e.text or "" for e in element.iter() if local(e) == "t")
            case "instrText":
                self._field(element.text or "")
            case "delText" | "delInstrText":
                self._deleted.append(element.text or "")
            case "rt":
                self.account.drop("phonetic_guides")
                self.account.hide("phonetic", words_of(element))
            case "object" | "OLEObject" | "control":
                raise RefusedError("active_content")
            case "drawing" | "pict" | "AlternateContent":
                self._drawing(element)
            case "footnoteReference" | "endnoteReference":
                return f"[{attribute(element, 'id')}]"
        return ""

    def _is_hidden(self, run: Element) -> bool:
        for properties in (e for e in run if local(e) == "rPr"):
            named = next((attribute(e, "val") for e in properties if local(e) == "rStyle"), "")
            return named in self.styles.hidden or is_unseen(properties)
        return False

    def _hide(self, text: str) -> None:
        if text.strip():
            self.account.drop("hidden_text")
            self._hidden.append(text)

    def _delete(self, element: Element) -> None:
        words = words_of(element)
        if words:
            self.account.drop("deletions")
            self._deleted.append(words)

    def _field(self, code: str) -> None:
        if code.strip():
            self.account.drop("fields")
            self._fields.append(code)

    def _drawing(self, element: Element) -> None:
        """Text boxes, and the descriptions of pictures."""
        if any(local(e) in {"OLEObject", "control"} for e in element.iter()):
            raise RefusedError("active_content")
        boxes = [words_of(e) for e in element.iter() if local(e) == "txbxContent"]
        self.account.drop("text_boxes", len([box for box in boxes if box]))
        said = [attribute(e, k) for e in element.iter() for k in ("descr", "title", "alt") if attribute(e, k)]
        self.account.drop("alt_texts", len(said))
        self.account.hide("drawing", "\n".join([*boxes, *said]))
        self._shown += shown_in(element, self.picture_parts)

    def _table(self, table: Element, depth: int) -> Iterator[Line]:
        """A table with bars; a table in a cell becomes words of the cell; pictures stand below the table."""
        pictures: list[Shown] = []
        rows = [
            [text for cell in self._inside(row, "tc", depth) for text in self._cell(cell, depth, pictures)]
            for row in self._inside(table, "tr", depth)
            if not self._gone(row)
        ]
        width = max(map(len, rows), default=0)
        yield Line("")
        for index, row in enumerate(rows):
            cells = [*row, *[""] * (width - len(row))]
            yield Line("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |", ROW)
            if index == 0:
                yield Line("|" + " --- |" * width, RULE)
        yield Line("", pictures=tuple(pictures))

    def _inside(self, parent: Element, name: str, depth: int) -> Iterator[Element]:
        """The rows of a table or the cells of a row, also those that a form or a tracked change wraps."""
        if depth > _MAX_DEPTH:
            raise RefusedError("too_deep", limit=_MAX_DEPTH)
        for element in parent:
            if local(element) == name:
                yield element
            elif local(element) in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
                yield from self._inside(element, name, depth + 1)
            elif local(element) in _GONE:
                self._delete(element)

    def _cell(self, cell: Element, depth: int, pictures: list[Shown]) -> list[str]:
        """The words of a cell, and an empty cell for each further column that it spans."""
        lines = list(self._blocks(cell, depth + 1))
        pictures += (picture for line in lines for picture in line.pictures)
        spans = [attribute(e, "val") for p in cell if local(p) == "tcPr" for e in p if local(e) == "gridSpan"]
        width = int(spans[0]) if spans and spans[0].isdecimal() and len(spans[0]) < 4 else 1
        text = " ".join(" ".join(line.text for line in lines).split())
        return [text, *[""] * (min(max(width, 1), _WIDEST) - 1)]

    def _gone(self, row: Element) -> bool:
        """Whether a row was deleted with changes tracked, or is hidden."""
        gone = any(local(e) in {"del", "hidden"} for p in row if local(p) == "trPr" for e in p)
        if gone:
            self._delete(row)
        return gone
