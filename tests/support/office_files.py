"""Workbooks and documents for tests, built part by part so that every hiding place can be filled."""

import io
import zipfile
from collections.abc import Mapping

import docx
import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.support import picture_files

TABLE = [["年齢階級", "人数", "割合(%)"], ["40-44歳", 120, 24.5], ["45-49歳", 370, 75.5]]
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
MACRO = "application/vnd.ms-office.vbaProject"


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def workbook() -> openpyxl.Workbook:
    """A workbook of one plain table."""
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    return book


def plain_workbook() -> bytes:
    return saved(workbook())


def repacked(
    content: bytes,
    changes: Mapping[str, bytes | None] | None = None,
    *,
    replacing: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """The same zip with parts added, changed or left out, and texts of parts replaced."""
    changes, replacing = dict(changes or {}), dict(replacing or {})
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part: bytes | None = changes.pop(name, old.read(name)) if name in changes else old.read(name)
            if part is None:
                continue
            if name in replacing:
                before, after = replacing[name]
                text = part.decode()
                assert before in text, (name, before)
                part = text.replace(before, after, 1).encode()
            new.writestr(name, part)
        for name, added in changes.items():
            if added is not None:
                new.writestr(name, added)
    return buffer.getvalue()


def with_part(content: bytes, name: str, part: bytes, kind: str, relation: str, owner: str) -> bytes:
    """A part that the table of contents names and a relationship reaches, as its program would write it."""
    folder, _, file = owner.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        known = archive.read(rels).decode() if rels in archive.namelist() else ""
        namespace = _relationships(archive)
    listed = known or f'<Relationships xmlns="{namespace}"></Relationships>'
    added = f'<Relationship Id="rIdX" Type="x/{relation}" Target="/{name}"/></Relationships>'
    listed = (
        listed.replace("</Relationships>", added)
        if "</Relationships>" in listed
        else listed.replace("/>", f">{added}", 1)
    )
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    return repacked(content, {name: part, rels: listed.encode()}, replacing={TYPES: ("</Types>", override)})


def _relationships(archive: zipfile.ZipFile) -> str:
    text = archive.read("_rels/.rels").decode()
    return text.split('xmlns="', 1)[1].split('"', 1)[0]


def hiding_workbooks(secret: str) -> dict[str, bytes]:
    """A workbook for each hiding place, the secret in it."""
    made: dict[str, bytes] = {}
    for state in ("hidden", "veryHidden"):
        book = workbook()
        sheet = book.create_sheet("S2")
        sheet["B3"], sheet.sheet_state = secret, state
        made[state] = saved(book)
    for name, font, form in (
        ("white", Font(color="FFFFFFFF"), "General"),
        ("tiny", Font(size=1), "General"),
        ("unformatted", Font(), ";;;"),
    ):
        book = workbook()
        cell = book.active["F2"]
        cell.value, cell.font, cell.number_format = secret, font, form
        made[name] = saved(book)
    book = workbook()
    book.active["A9"], book.active.row_dimensions[9].hidden = secret, True
    made["hidden row"] = saved(book)
    book = workbook()
    book.active["G2"], book.active.column_dimensions["G"].hidden = secret, True
    made["hidden column"] = saved(book)
    book = workbook()
    book.active["G2"], book.active.column_dimensions["G"].width = secret, 0.1
    made["narrow column"] = saved(book)
    made |= _beside_the_cells(secret)
    made |= _in_parts(secret)
    return made


def _beside_the_cells(secret: str) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    book = workbook()
    book.active["A2"].comment = Comment(secret, "佐藤")
    made["comment"] = saved(book)
    book = workbook()
    book.active["A2"].comment = Comment("確認", secret)
    made["comment author"] = saved(book)
    book = workbook()
    book.defined_names["x"] = DefinedName("x", attr_text=f'"{secret}"')
    made["defined name"] = saved(book)
    book = workbook()
    book.active.add_data_validation(DataValidation(type="list", formula1=f'"{secret},b"', sqref="A2"))
    made["validation"] = saved(book)
    book = workbook()
    book.active.oddHeader.center.text = secret
    made["header"] = saved(book)
    book = workbook()
    book.properties.creator = secret
    made["creator"] = saved(book)
    made["sheet name"] = repacked(
        plain_workbook(), replacing={"xl/workbook.xml": ('name="Sheet"', f'name="{secret}"')}
    )
    book = workbook()
    book.active["A2"].hyperlink = f"https://example.test/{secret}"
    made["link"] = saved(book)
    book = workbook()
    book.active["D2"] = f'=IF(1>2,"{secret}",3)'
    made["formula"] = saved(book)
    book = workbook()
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.title = secret
    book.active.add_chart(chart, "E5")
    made["chart"] = saved(book)
    return made


def _in_parts(secret: str) -> dict[str, bytes]:
    plain = plain_workbook()
    merged = workbook()
    merged.active["A6"] = "計"
    merged.active.merge_cells("A6:B6")
    return {
        "unused string": _with_strings(plain, f"<si><t>a</t></si><si><t>{secret}</t></si>"),
        "reading": _with_strings(plain, f'<si><t>a</t><rPh sb="0" eb="1"><t>{secret}</t></rPh></si>'),
        "white words": _with_strings(
            plain, f'<si><r><t>a</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t>{secret}</t></r></si>'
        ),
        "tiny words": _with_strings(
            plain, f'<si><r><t>a</t></r><r><rPr><sz val="1"/></rPr><t>{secret}</t></r></si>'
        ),
        "reading in a cell": repacked(
            plain, replacing={SHEET: ("</t></is>", f"</t><rPh><t>{secret}</t></rPh></is>")}
        ),
        "under a merged cell": repacked(
            saved(merged),
            replacing={
                SHEET: (
                    "</row></sheetData>",
                    f'<c r="B6" t="inlineStr"><is><t>{secret}</t></is></c></row></sheetData>',
                )
            },
        ),
        "scenario": repacked(
            plain,
            replacing={
                SHEET: ("<pageMargins", f'<scenarios><scenario name="{secret}"/></scenarios><pageMargins')
            },
        ),
        "xml comment": repacked(plain, replacing={SHEET: ("<sheetData>", f"<!-- {secret} --><sheetData>")}),
        "custom part": with_part(
            plain,
            "customXml/item1.xml",
            f"<a><b>{secret}</b></a>".encode(),
            "application/xml",
            "customXml",
            "xl/workbook.xml",
        ),
    }


def _with_strings(content: bytes, strings: str) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f"<sst>{strings}</sst>".encode()
    shared = with_part(content, "xl/sharedStrings.xml", part, kind, "sharedStrings", "xl/workbook.xml")
    return repacked(
        shared, replacing={SHEET: ("</row></sheetData>", '<c r="D3" t="s"><v>0</v></c></row></sheetData>')}
    )


def saved_document(document: "docx.document.Document") -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def document() -> "docx.document.Document":
    """A short report with a table."""
    made = docx.Document()
    made.core_properties.author = ""
    made.add_heading("結果", 1)
    made.add_paragraph("対象は 12,345 例で、平均年齢は 64.2 歳であった。")
    table = made.add_table(rows=0, cols=2)
    for row in (["群", "人数"], ["A", "120"], ["B", "370"]):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    return made


def plain_document() -> bytes:
    return saved_document(document())


def pictured_document(secret: str) -> bytes:
    """The report with a picture, and the secret in a text beside the picture's pixels."""
    made = document()
    made.add_picture(io.BytesIO(picture_files.hiding_pngs(secret)["tEXt"]))
    return saved_document(made)


BODY = "word/document.xml"


def hiding_documents(secret: str) -> dict[str, bytes]:
    """A document for each hiding place, the secret in it."""
    plain = plain_document()

    def in_body(xml: str) -> bytes:
        return repacked(plain, replacing={BODY: ("<w:sectPr", f"{xml}<w:sectPr")})

    made = {
        "deletion": in_body(
            f'<w:p><w:del w:id="9" w:author="x"><w:r><w:delText>{secret}</w:delText></w:r></w:del></w:p>'
        ),
        "moved away": in_body(
            f'<w:p><w:moveFrom w:id="8" w:author="x"><w:r><w:t>{secret}</w:t></w:r></w:moveFrom></w:p>'
        ),
        "hidden": in_body(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{secret}</w:t></w:r></w:p>"),
        "white": in_body(
            f'<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>{secret}</w:t></w:r></w:p>'
        ),
        "tiny": in_body(f'<w:p><w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t>{secret}</w:t></w:r></w:p>'),
        "reading": in_body(
            f"<w:p><w:r><w:ruby><w:rt><w:r><w:t>{secret}</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>語</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
        ),
        "field": in_body(
            f'<w:p><w:fldSimple w:instr=" REF {secret} "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
        ),
        "hidden row": in_body(
            f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:trPr><w:hidden/></w:trPr>"
            f"<w:tc><w:p><w:r><w:t>{secret}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        ),
        "text box": in_body(
            f"<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{secret}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        ),
        "variable": repacked(
            plain,
            replacing={
                "word/settings.xml": (
                    "</w:settings>",
                    f'<w:docVars><w:docVar w:name="a" w:val="{secret}"/></w:docVars></w:settings>',
                )
            },
        ),
    }
    return made | _beside_the_text(secret)


def _beside_the_text(secret: str) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    book = document()
    book.add_comment(book.paragraphs[1].runs[0], text=secret, author="鈴木", initials="S")
    made["comment"] = saved_document(book)
    book = document()
    book.sections[0].header.paragraphs[0].text = secret
    made["header"] = saved_document(book)
    for name in ("author", "last_modified_by", "comments", "keywords"):
        book = document()
        setattr(book.core_properties, name, secret)
        made[name] = saved_document(book)
    return made
