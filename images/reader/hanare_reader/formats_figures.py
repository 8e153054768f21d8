"""Formats of figures and pages: whatever they are, a picture of ours leaves."""

from typing import Final

from .formats import Format, begins


def _svg(content: bytes) -> bool:
    """An svg begins with its element, after a declaration, comments or a document type."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return (
        start.startswith((b"<?xml", b"<!--", b"<!doctype svg", b"<svg"))
        and b"<svg" in content[:65_536].lower()
    )


AS_PNG: Final = "png of at most 256 colours and 2,400 pixels a side, without metadata"

_PICTURES: Final = begins(b"GIF8", b"II*\0", b"MM\0*", b"8BPS", b"%!PS", b"\0\0\x01\0", b"\0\0\0\x0cjP  ")
"""A bitmap begins with two letters that a text may begin with too (BMI), and holds zeros where a text has none."""

FORMATS: Final = (
    Format(
        "png",
        (".png",),
        begins(b"\x89PNG"),
        "pictures:read_png",
        AS_PNG,
        limits="16 million pixels, one picture",
    ),
    Format(
        "jpg",
        (".jpg", ".jpeg"),
        begins(b"\xff\xd8\xff"),
        "pictures:read_jpeg",
        AS_PNG,
        limits="16 million pixels, one picture",
    ),
    Format("svg", (".svg",), _svg, "svgs:read_svg", AS_PNG, limits="20,000 elements, shapes and text only"),
    Format(
        "pdf",
        (".pdf",),
        begins(b"%PDF-"),
        "pdfs:read_pdf",
        "each page as png; pages of text also as one txt",
        limits="8 pages",
    ),
    Format(
        "other picture",
        (
            ".gif",
            ".tif",
            ".tiff",
            ".bmp",
            ".webp",
            ".heic",
            ".heif",
            ".avif",
            ".ico",
            ".jp2",
            ".psd",
            ".eps",
            ".ps",
            ".emf",
            ".wmf",
            ".ai",
        ),
        lambda content: _PICTURES(content) or (content[:2] == b"BM" and content[6:10] == bytes(4)),
        refusal="picture_format_refused",
    ),
)
