"""Formats of office programs: a workbook becomes tables, a document becomes text."""

from typing import Final

from .formats import Format, begins

ZIP: Final = begins(b"PK\x03\x04")

FORMATS: Final = (
    Format(
        "xlsx",
        (".xlsx",),
        ZIP,
        "workbooks:read_workbook",
        "one csv for each table of a visible sheet, values only",
        limits="20 tables, 5,000 rows each, 300 parts, 64 MB unpacked",
    ),
    Format(
        "docx",
        (".docx",),
        ZIP,
        "documents:read_document",
        "the text as txt, its tables with bars in it; its pages, set anew, and its pictures as png",
        limits="5,000 lines, 8 pages and 8 pictures as png, 300 parts, 64 MB unpacked",
    ),
)
