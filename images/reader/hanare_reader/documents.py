"""A document leaves as its text: paragraphs as lines, tables with bars, notes at the end.

What stands on its pages is what leaves. Deleted and hidden text, comments, headers, text boxes,
pictures and the codes behind fields do not; they are told, and their words are found. Inserted text
is text. A field that runs or fetches, an embedded or linked file, and another document inside this
one refuse it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from .archives import Package, attribute, local, open_package, parse_xml, words_of
from .formats import Upload
from .lines import write_text
from .office_parts import tell_comments, tell_parts
from .refusals import RefusedError
from .results import Account, Reading
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
_SMALLEST_HALF_POINTS: Final = 6
_MAX_DEPTH: Final = 30


def read_document(upload: Upload) -> Reading:
    """Read a document."""
    account = Account()
    package = open_package(upload.content)
    main = next(iter(package.related("", "officeDocument")), "")
    if "macroenabled" in package.types.get(main, ""):
        raise RefusedError("macro_refused")
    if package.types.get(main) != _MAIN:
        raise RefusedError("disagrees")
    try:
        tell_parts(package, account)
        lines = _Words(account, _hidden_styles(package, main)).lines(package, main)
        _beside(package, main, account)
    except (ValueError, KeyError, IndexError, RecursionError):
        raise RefusedError("structure") from None
    account.drop("styles")
    return account.reading(write_text("\n".join(lines), ".txt", account))


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


def _hidden_styles(package: Package, main: str) -> frozenset[str]:
    """Styles whose text is hidden."""
    hidden: set[str] = set()
    for part in package.related(main, "styles"):
        for style in parse_xml(package.parts[part]):
            if local(style) == "style" and any(_is_unseen(e) for e in style if local(e) == "rPr"):
                hidden.add(attribute(style, "styleId"))
    return frozenset(hidden)


def _is_unseen(properties: Element) -> bool:
    """Whether run properties hide the letters: hidden, white on nothing, or too small."""
    found = {local(e): e for e in properties}
    if any(
        name in found and attribute(found[name], "val") not in {"0", "false"}
        for name in ("vanish", "webHidden")
    ):
        return True
    white = "color" in found and attribute(found["color"], "val").upper() == "FFFFFF"
    if white and not {"shd", "highlight"} & found.keys():
        return True
    size = attribute(found["sz"], "val") if "sz" in found else ""
    return size.isdecimal() and int(size) <= _SMALLEST_HALF_POINTS


@dataclass(slots=True)
class _Words:
    """One walk through a document: what is shown, line by line."""

    account: Account
    hidden_styles: frozenset[str]
    _hidden: list[str] = field(default_factory=list)
    _deleted: list[str] = field(default_factory=list)
    _fields: list[str] = field(default_factory=list)

    def lines(self, package: Package, main: str) -> list[str]:
        """Every line of the text, notes at the end."""
        body = next(e for e in parse_xml(package.parts[main]) if local(e) == "body")
        lines = list(self._blocks(body, 0))
        for kind in ("footnotes", "endnotes"):
            for part in package.related(main, kind):
                for note in parse_xml(package.parts[part]):
                    text = " ".join(filter(None, (line.strip() for line in self._blocks(note, 0))))
                    if text:
                        self.account.drop("notes")
                        lines.append(f"[{attribute(note, 'id')}] {text}")
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

    def _blocks(self, parent: Element, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            raise RefusedError("too_deep", limit=_MAX_DEPTH)
        for element in parent:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element).split("\n")
            elif name == "tbl":
                yield from self._table(element, depth)
            elif name in {"altChunk", "subDoc"}:
                raise RefusedError("embedded_file")
            elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
                yield from self._blocks(element, depth + 1)
            elif name in _GONE:
                self._delete(element)

    def _paragraph(self, paragraph: Element) -> str:
        style = next(
            (attribute(e, "val") for p in paragraph if local(p) == "pPr" for e in p if local(e) == "pStyle"),
            "",
        )
        text = "".join(self._runs(paragraph, 0))
        if style in self.hidden_styles:
            self._hide(text)
            return ""
        return text

    def _runs(self, parent: Element, depth: int) -> Iterator[str]:
        if depth > _MAX_DEPTH:
            raise RefusedError("too_deep", limit=_MAX_DEPTH)
        for element in parent:
            name = local(element)
            if name in _GONE:
                self._delete(element)
            elif name == "r" and self._is_hidden(element):
                self._hide("".join(self._runs(element, depth + 1)))
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
            return named in self.hidden_styles or _is_unseen(properties)
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

    def _table(self, table: Element, depth: int) -> Iterator[str]:
        """A table with bars; a table in a cell becomes words of the cell."""
        rows = [
            [
                " ".join(" ".join(self._blocks(cell, depth + 1)).split())
                for cell in row
                if local(cell) in {"tc", "sdt"}
            ]
            for row in table
            if local(row) == "tr" and not self._gone(row)
        ]
        width = max(map(len, rows), default=0)
        yield ""
        for index, row in enumerate(rows):
            cells = [*row, *[""] * (width - len(row))]
            yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
            if index == 0:
                yield "|" + " --- |" * width
        yield ""

    def _gone(self, row: Element) -> bool:
        """Whether a row was deleted with changes tracked, or is hidden."""
        gone = any(local(e) in {"del", "hidden"} for p in row if local(p) == "trPr" for e in p)
        if gone:
            self._delete(row)
        return gone
