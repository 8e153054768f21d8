"""A workbook leaves as tables: one csv for each table of a visible sheet, its shown values only.

Sheets are read in their order. A sheet is cut where an empty row is followed by a row of words over
more rows: there another table begins. Its header comes first and has distinct names; lines of words
above it (a title) stand below the rows, lines below it (notes) stay where they are. A sheet of one
column is a text. Hidden sheets, and everything that is no shown cell, are dropped and told.
"""

from typing import Final
from xml.etree.ElementTree import Element

from .archives import Package, attribute, local, open_package, parse_xml
from .formats import Upload
from .lines import write_text
from .office_parts import tell_comments, tell_parts
from .refusals import MAX_FILES, RefusedError
from .results import Account, CanonicalFile, Reading
from .sheet_tables import tables_of, text_lines
from .tables import clean_cell, write_table
from .workbook_cells import Book, Grid, hide_sheet, read_sheet, string_of
from .workbook_styles import read_styles

_MAIN: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_QUIET_NAMES: Final = ("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase")
_TRUE: Final = frozenset({"1", "true"})


def read_workbook(upload: Upload) -> Reading:
    """Read a workbook."""
    account = Account()
    package = open_package(upload.content)
    main = next(iter(package.related("", "officeDocument")), "")
    if "macroenabled" in package.types.get(main, ""):
        raise RefusedError("macro_refused")
    if package.types.get(main) != _MAIN:
        raise RefusedError("disagrees")
    try:
        files = _read(package, main, account)
    except (ValueError, KeyError, IndexError, OverflowError):
        raise RefusedError("structure") from None
    if not files:
        raise RefusedError("empty")
    return account.reading(*files)


def _read(package: Package, main: str, account: Account) -> list[CanonicalFile]:
    root = parse_xml(package.parts[main])
    tell_parts(package, account)
    _names(root, account)
    book = Book(
        strings=_strings(package, main, account),
        styles=read_styles(_optional(package, main, "styles")),
        since_1904=any(e.get("date1904") in _TRUE for e in root if local(e) == "workbookPr"),
        used=set(),
    )
    files: list[CanonicalFile] = []
    for number, (name, state, part) in enumerate(_sheets(package, main, root), start=1):
        if "worksheet" not in package.types.get(part, ""):
            account.drop("charts")
            continue
        tell_comments(package, account, part, number)
        _links(package, part, account, number)
        hidden = state != "visible"
        account.hide("sheet_name", name, number=number)
        grid = read_sheet(parse_xml(package.parts[part]), book, account, number, hidden=hidden)
        if hidden:
            account.drop("very_hidden_sheets" if state == "veryHidden" else "hidden_sheets")
            hide_sheet(grid, account, number)
        else:
            files += _write(grid, account)
    if package.parts:
        account.drop("styles")
    _unused(book, account)
    return files


def _write(grid: Grid, account: Account) -> list[CanonicalFile]:
    """The canonical files of one shown sheet."""
    if not grid.cells:
        account.drop("empty_sheets")
        return []
    lines = text_lines(grid)
    if lines:
        return [write_text("\n".join(lines), ".txt", account)]
    files = []
    for table in tables_of(grid, account):
        rows = [
            [clean_cell(_one_line(cell, account), account, n) for cell in row]
            for n, row in enumerate(table, 1)
        ]
        files.append(write_table(rows))
        if len(files) > MAX_FILES:
            raise RefusedError("too_many_tables", limit=MAX_FILES)
    return files


def _one_line(cell: str, account: Account) -> str:
    if "\n" not in cell and "\r" not in cell and "\t" not in cell:
        return cell
    account.drop("line_breaks_in_cells")
    return " ".join(cell.split())


def _sheets(package: Package, main: str, root: Element) -> list[tuple[str, str, str]]:
    """Name, state and part of each sheet."""
    targets = {r.id: r.target for r in package.relations(main)}
    sheets = [e for child in root if local(child) == "sheets" for e in child]
    found = [
        (e.get("name", ""), e.get("state", "visible"), targets.get(attribute(e, "id"), "")) for e in sheets
    ]
    listed = {part for _, _, part in found}
    if len(listed) != len(found) or any(
        "worksheet+xml" in kind and part not in listed for part, kind in package.types.items()
    ):
        raise RefusedError("unlisted_part")
    return found


def _names(root: Element, account: Account) -> None:
    names = [e for child in root if local(child) == "definedNames" for e in child]
    told = [e for e in names if not e.get("name", "").startswith(_QUIET_NAMES)]
    account.drop("defined_names", len(told))
    words = [t for e in told for t in (e.get("name", ""), e.text or "", e.get("comment", ""))]
    account.hide("defined_name", "\n".join(filter(None, words)))


def _optional(package: Package, main: str, kind: str) -> Element | None:
    part = next(iter(package.related(main, kind)), None)
    return None if part is None else parse_xml(package.parts[part])


def _strings(package: Package, main: str, account: Account) -> list[str]:
    """The shared strings."""
    root = _optional(package, main, "sharedStrings")
    return [] if root is None else [string_of(item, account) for item in root if local(item) == "si"]


def _unused(book: Book, account: Account) -> None:
    left = [text for index, text in enumerate(book.strings) if index not in book.used and text.strip()]
    account.drop("unused_strings", len(left))
    account.hide("part", "\n".join(left))


def _links(package: Package, part: str, account: Account, number: int) -> None:
    targets = [r.target for r in package.relations(part) if r.external]
    account.hide("link", "\n".join(targets), number=number)
