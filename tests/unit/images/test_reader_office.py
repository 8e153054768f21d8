"""Workbooks and documents: what is shown leaves, every hiding place is found or dropped, the rest is refused."""

import io
import zipfile

import openpyxl
import pytest

from images.reader.hanare_reader.refusals import RefusedError
from images.reader.hanare_reader.results import Reading
from tests.support import office_files as office
from tests.support.office_files import BODY, SHEET, repacked, saved, with_part, workbook
from tests.support.read_files import reading_of

SECRET = "山田太郎4711"


def reading(name: str, content: bytes) -> Reading:
    return reading_of(name, content)


def refusal(content: bytes, name: str = "t.xlsx") -> str:
    with pytest.raises(RefusedError) as caught:
        reading(name, content)
    return caught.value.code


def hides(made: Reading, secret: str) -> bool:
    """Whether no canonical byte holds the secret."""
    return all(secret.encode() not in file.content for file in made.files)


def stable(made: Reading) -> None:
    for file in made.files:
        again = reading(f"x{file.suffix}", file.content)
        assert [f.content for f in again.files] == [file.content]
        assert (again.dropped, again.signs) == ((), ())


def test_a_table_leaves_as_its_values() -> None:
    made = reading("t.xlsx", office.plain_workbook())
    assert [file.content.decode() for file in made.files] == [
        "年齢階級,人数,割合(%)\n40-44歳,120,24.5\n45-49歳,370,75.5\n"
    ]
    assert {code.partition(":")[0] for code in made.dropped} <= {"metadata", "styles"}
    assert made.signs == ()
    stable(made)


def test_the_same_upload_gives_the_same_bytes() -> None:
    content = office.plain_workbook()
    assert reading("t.xlsx", content) == reading("t.xlsx", content)


HIDDEN = office.hiding_workbooks(SECRET)


@pytest.mark.parametrize("place", sorted(HIDDEN))
def test_every_hiding_place_of_a_workbook_is_dropped_and_told(place: str) -> None:
    made = reading("t.xlsx", HIDDEN[place])
    assert hides(made, SECRET)
    found = any(SECRET in text.text and not text.leaves for text in made.found)
    assert found
    plain = {"metadata", "styles", "merged_cells"}
    told = {code.partition(":")[0] for code in made.dropped} - plain
    assert told or place == "sheet name"
    stable(made)


def test_names_of_comments_are_counted_apart() -> None:
    assert "named_comments" in reading("t.xlsx", HIDDEN["comment"]).dropped


def test_a_result_that_no_sheet_shows_is_a_sign() -> None:
    book = workbook()
    book.active["D2"], book.active["D2"].number_format = 4, ";;;"
    computed = repacked(saved(book), replacing={SHEET: ("<v>4</v>", "<f>490-SUM(B2:B3)</f><v>4</v>")})
    assert reading("t.xlsx", computed).signs == ("hidden_result",)


def test_formats_decide_which_digits_are_shown() -> None:
    book = workbook()
    for row, (value, form) in enumerate(
        [(0.123456789, "0.0%"), (1234.5678, "#,##0.0"), (0.1 + 0.2, "General"), (44291, "yyyy"), (44291.5, "yyyy/mm/dd hh:mm"),
         (7, '[<10]"<10";0'), (12.345, "0.00")], start=2
    ):  # fmt: skip
        book.active.cell(row, 4, value).number_format = form
    book.active["D1"] = "値"
    lines = reading("t.xlsx", saved(book)).files[0].content.decode().splitlines()
    assert [line.rpartition(",")[2].strip('"') for line in lines[1:]] == [
        "12.3%", "234.6", "0.3", "2021", "2021-04-05 12:00", "7", "12.35" if "12.35" in lines[7] else "12.34",
    ]  # fmt: skip


def test_titles_stand_below_and_spread_names_are_joined() -> None:
    book = workbook()
    sheet = book.create_sheet("二")
    for row in (["表2 背景"], ["", "男性", "", "女性", ""], ["", "n", "%", "n", "%"], ["高血圧", 120, 12.0, 130, 13.0],
                ["注 欠測を除く"], [], ["群", "人数"], ["A", 40], ["B", 50]):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:E2")
    made = reading("t.xlsx", saved(book))
    assert [file.content.decode().splitlines()[0] for file in made.files] == [
        "年齢階級,人数,割合(%)", ",男性 n,男性 %,女性 n,女性 %", "群,人数",
    ]  # fmt: skip
    assert made.files[1].content.decode().splitlines()[1:] == [
        "高血圧,120,12,130,13",
        "注 欠測を除く,,,,",
        "表2 背景,,,,",
    ]
    stable(made)


def test_merged_labels_stand_in_every_row_they_cover() -> None:
    book = openpyxl.Workbook()
    for row in (["", "男", "", ""], ["地方", "A", "B", "C"], ["北", 20, 30, 40], ["", 50, 60, 70]):
        book.active.append([cell or None for cell in row])
    book.active.merge_cells("B1:D1")
    book.active.merge_cells("A3:A4")
    (file,) = reading("t.xlsx", saved(book)).files
    assert file.content.decode() == "地方,男 A,男 B,男 C\n北,20,30,40\n北,50,60,70\n"


@pytest.mark.parametrize(
    ("name", "kind", "relation", "part", "code"),
    [
        ("xl/vbaProject.bin", office.MACRO, "vbaProject", b"x", "macro_refused"),
        ("xl/activeX/a.xml", "application/vnd.ms-office.activeX+xml", "control", b"<a/>", "active_content"),
        ("xl/embeddings/a.bin", "application/vnd.openxmlformats-officedocument.oleObject", "oleObject", b"x", "active_content"),
        ("xl/embeddings/a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "package", b"x", "embedded_file"),
        ("xl/connections.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml", "connections", b"<a/>", "active_content"),
        ("xl/model/item.data", "application/vnd.openxmlformats-officedocument.model+data", "powerPivotData", b"x", "rows_in_cache"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheRecords+xml", "pivotCacheRecords", b"<pivotCacheRecords><r><s v='a'/></r></pivotCacheRecords>", "rows_in_cache"),
        ("xl/externalLinks/e1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml", "externalLink", b"<externalLink><ddeLink ddeService='cmd'/></externalLink>", "active_content"),
        ("xl/externalLinks/e1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml", "externalLink", b"<externalLink><cell r='A1'><v>7</v></cell></externalLink>", "linked_file"),
        ("xl/media/extra.bin", "application/octet-stream", "image", b"rows", "unlisted_part"),
        ("xl/media/a.png", "image/png", "image", b"PK\x03\x04rest", "embedded_file"),
        ("xl/media/a.png", "image/png", "image", b"MZ\x90rest", "active_content"),
    ],
)  # fmt: skip
def test_parts_that_run_or_hold_rows_refuse_the_file(
    name: str, kind: str, relation: str, part: bytes, code: str
) -> None:
    content = with_part(office.plain_workbook(), name, part, kind, relation, "xl/workbook.xml")
    assert refusal(content) == code


@pytest.mark.parametrize("name", ["xl/media/extra.bin", "customXml/item1.xml", "docProps/secret.xml"])
def test_a_part_that_nothing_names_refuses_the_file(name: str) -> None:
    assert refusal(repacked(office.plain_workbook(), {name: b"<a/>"})) == "unlisted_part"


def test_active_formulas_refuse_the_file() -> None:
    for formula in ('HYPERLINK("x","y")', "WEBSERVICE(A1)", "cmd|'/c calc'!A1"):
        cell = f'<c r="D2"><f>{formula.replace("&", "&amp;")}</f><v>1</v></c></row>'
        content = repacked(office.plain_workbook(), replacing={SHEET: ("</row>", cell)})
        assert refusal(content) == "active_content"


def test_documents_that_fetch_or_embed_are_refused() -> None:
    plain = office.plain_document()
    for code in ("DDEAUTO c:\\\\cmd", "INCLUDETEXT x", "INCLUDEPICTURE x"):
        xml = f'<w:p><w:fldSimple w:instr=" {code} "/></w:p><w:sectPr'
        assert refusal(repacked(plain, replacing={BODY: ("<w:sectPr", xml)}), "t.docx") == "active_content"
    split = "<w:p><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>E x</w:instrText></w:r></w:p><w:sectPr"
    assert refusal(repacked(plain, replacing={BODY: ("<w:sectPr", split)}), "t.docx") == "active_content"
    chunk = '<w:altChunk r:id="x" xmlns:r="r"/><w:sectPr'
    assert refusal(repacked(plain, replacing={BODY: ("<w:sectPr", chunk)}), "t.docx") == "embedded_file"
    rels = "word/_rels/document.xml.rels"
    template = '<Relationship Id="rIdT" Type="x/attachedTemplate" Target="http:x" TargetMode="External"/></Relationships>'
    outside = repacked(plain, replacing={rels: ("</Relationships>", template)})
    assert refusal(outside, "t.docx") == "active_content"


DOCUMENTS = office.hiding_documents(SECRET)


@pytest.mark.slow
@pytest.mark.parametrize("place", sorted(DOCUMENTS))
def test_every_hiding_place_of_a_document_is_dropped_and_told(place: str) -> None:
    made = reading("t.docx", DOCUMENTS[place])
    assert hides(made, SECRET)
    assert any(SECRET in text.text and not text.leaves for text in made.found)
    stable(made)


def test_a_report_leaves_as_its_text() -> None:
    made = reading("t.docx", office.plain_document())
    text = made.files[0].content.decode()
    assert "対象は 12,345 例で、平均年齢は 64.2 歳であった。" in text
    assert "| A | 120 |" in text
    stable(made)


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def test_the_container_accounts_for_every_byte() -> None:
    plain = office.plain_workbook()
    assert refusal(plain + b"rows") == "bytes_outside"
    assert refusal(b"PK\x03\x04" + plain) in {"bytes_outside", "truncated"}
    assert refusal(plain[: len(plain) // 2]) == "truncated"
    assert refusal(_zip(a=b"x")) == "structure"
    bomb = with_part(plain, "xl/big.xml", b" " * 30_000_000, "application/xml", "x", "xl/workbook.xml")
    assert refusal(bomb) == "unpacks_too_large"
    assert refusal(_zip(**{f"p{n}": b"" for n in range(301)})) == "unpacks_too_large"
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = _with_name_twice(plain)
    assert refusal(twice) == "names_twice"
    flagged = bytearray(plain)
    flagged[plain.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(flagged)) == "encrypted"


def _with_name_twice(plain: bytes) -> bytes:
    buffer = io.BytesIO(plain)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(SHEET, b"<a/>")
    return buffer.getvalue()


def test_bytes_between_parts_are_refused() -> None:
    plain = office.plain_workbook()
    second = plain.index(b"PK\x03\x04", 4)
    directory = plain.rindex(b"PK\x01\x02", 0, plain.index(b"PK\x05\x06"))
    assert second < directory
    assert refusal(plain[:second] + b"rows" + plain[second:]) in {"bytes_outside", "truncated", "structure"}


def test_xml_with_entities_or_depth_is_refused() -> None:
    plain = office.plain_workbook()
    entity = b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    assert refusal(repacked(plain, {"xl/styles.xml": entity})) == "active_content"
    assert refusal(repacked(plain, {"xl/styles.xml": b"<a>" * 5000 + b"</a>" * 5000})) in {
        "too_deep",
        "structure",
    }


def test_a_name_that_is_another_format_is_refused() -> None:
    assert refusal(office.plain_document()) == "disagrees"
    assert refusal(office.plain_workbook(), "t.docx") == "disagrees"
    renamed = repacked(
        office.plain_workbook(), replacing={office.TYPES: ("sheet.main+xml", "sheet.macroEnabled.main+xml")}
    )
    assert refusal(renamed) == "macro_refused"


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("xl/workbook.xml", "<workbookPr", f'<fileSharing userName="{SECRET}"/><workbookPr'),
        ("xl/workbook.xml", "<workbookPr", f'<workbookPr codeName="{SECRET}"'),
        ("xl/styles.xml", 'name="Normal"', f'name="{SECRET}"'),
        (
            "xl/styles.xml",
            "<fonts",
            f"<numFmts count='1'><numFmt numFmtId='199' formatCode='\"{SECRET}\"0'/></numFmts><fonts",
        ),
    ],
)
def test_names_in_settings_of_a_workbook_are_found(part: str, before: str, after: str) -> None:
    made = reading("t.xlsx", repacked(office.plain_workbook(), replacing={part: (before, after)}))
    assert any(SECRET in text.text and text.part == "metadata" for text in made.found)
    assert hides(made, SECRET)


def test_what_a_zip_keeps_beside_its_names_is_bounded() -> None:
    def with_extra(extra: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(office.plain_workbook())) as old, zipfile.ZipFile(buffer, "w") as new:
            for number, name in enumerate(old.namelist()):
                info = zipfile.ZipInfo(name)
                info.extra = extra if number == 0 else b""
                new.writestr(info, old.read(name))
        return buffer.getvalue()

    assert reading("t.xlsx", with_extra(b"UT\x05\x00\x03abcd")).files
    assert reading("t.xlsx", with_extra(b"\x20\xa2\x08\x00\x28\xa0\x04\x00\0\0\0\0")).files
    for extra in (
        b"\x99\x99\x04\x00rows",
        b"\x20\xa2\x08\x00\x28\xa0\x04\x00rows",
        b"UT\x40\x00" + b"r" * 64,
        b"row",
    ):
        assert refusal(with_extra(extra)) == "bytes_outside"


def test_merged_ranges_without_end_are_refused() -> None:
    ranges = "".join(f'<mergeCell ref="A{2 * n + 10}:B{2 * n + 10}"/>' for n in range(5_001))
    merges = f'</sheetData><mergeCells count="5001">{ranges}</mergeCells>'
    content = repacked(office.plain_workbook(), replacing={SHEET: ("</sheetData>", merges)})
    assert refusal(content) == "too_many_rows"
