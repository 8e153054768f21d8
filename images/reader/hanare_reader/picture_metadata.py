"""What a picture carries beside its pixels: told by kind and count, its words handed on.

Nothing of it leaves. Words are looked for in every encoding in which people write, because a
name in EXIF or in a comment tells what the author holds. What programs write by themselves (the
name of the program, a time, a colour profile) is metadata and weighs nothing.
"""

import re
import zlib
from typing import Final

from .results import Account

MAX_WORDS: Final = 200_000
"""Characters of words that are taken from one piece of metadata."""
MAX_INFLATED: Final = 1_000_000

_PROGRAMS: Final = frozenset(
    {"software", "creation time", "date:create", "date:modify", "date:timestamp", "source"}
)
_PLAIN_PNG: Final = {
    "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs", "tRNS", "tIME", "hIST", "cICP", "mDCV", "cLLI",
}  # fmt: skip
_READABLE: Final = re.compile(r"[^\W_][\w .,:;()/@+\-・ー々、。「」]{1,}")
_RUN: Final = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f\ufffd]{2,}")


def account_png(extras: tuple[tuple[str, bytes], ...], account: Account) -> None:
    """Tell what of a png is dropped."""
    for kind, data in extras:
        if kind in {"tEXt", "zTXt", "iTXt"}:
            _png_text(kind, data, account)
        elif kind == "eXIf":
            _exif(data, account)
        elif kind == "iCCP":
            account.drop("colour_profiles")
        elif kind in _PLAIN_PNG:
            account.drop("metadata")
        else:
            account.drop("picture_parts")
            account.hide("picture_metadata", words_in(data))


def account_jpeg(extras: tuple[tuple[str, bytes], ...], account: Account) -> None:
    """Tell what of a jpeg is dropped."""
    codes = {
        "comment": "picture_texts",
        "xmp": "xmp",
        "iptc": "iptc",
        "thumbnail": "thumbnails",
        "other": "picture_parts",
    }
    for kind, data in extras:
        if kind == "exif":
            _exif(data.partition(b"\0\0")[2], account)
        elif kind == "icc":
            account.drop("colour_profiles")
        elif kind in {"jfif", "adobe"}:
            account.drop("metadata")
        else:
            account.drop(codes[kind])
            account.hide("picture_metadata", words_in(data))


def _png_text(kind: str, data: bytes, account: Account) -> None:
    keyword, _, rest = data.partition(b"\0")
    name = keyword.decode("latin-1")
    if kind == "zTXt":
        rest = _inflated(rest[1:])
    elif kind == "iTXt" and len(rest) >= 2:
        packed = rest[0] == 1
        language, _, translated = rest[2:].partition(b"\0")
        heading, _, text = translated.partition(b"\0")
        rest = b" ".join((language, heading, _inflated(text) if packed else text))
    code = "picture_texts"
    if name.casefold() in _PROGRAMS:
        code = "metadata"
    elif name.startswith("XML:com.adobe.xmp"):
        code = "xmp"
    account.drop(code)
    account.hide("metadata" if code == "metadata" else "picture_metadata", f"{name}\n{words_in(rest)}")


def _exif(data: bytes, account: Account) -> None:
    """Tell EXIF, and within it a place and a small copy of the picture, which can show what was cut away."""
    account.drop("exif")
    if b"\x88\x25" in data[:4096] or b"\x25\x88" in data[:4096]:
        account.drop("gps")
    if b"\xff\xd8\xff" in data:
        account.drop("thumbnails")
    account.hide("picture_metadata", words_in(data))


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAX_INFLATED)
    except zlib.error:
        return packed


def words_in(data: bytes) -> str:
    """What can be read in bytes, in any encoding in which people write; each reading once, longest first."""
    readings: list[str] = []
    for encoding in ("utf-8", "cp932", "utf-16-le", "utf-16-be"):
        for shift in (0, 1) if encoding.startswith("utf-16") else (0,):
            text = data[shift:MAX_WORDS].decode(encoding, "replace")
            runs = [run.strip() for run in _RUN.findall(text)]
            joined = "\n".join(run for run in runs if _is_writing(run))
            if joined and joined not in readings:
                readings.append(joined)
    return "\n".join(readings)[:MAX_WORDS]


def _is_writing(run: str) -> bool:
    """Whether a run is more than chance: mostly letters of Latin, kana or common kanji."""
    plain = sum(
        1
        for c in run
        if c.isascii() or "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uff61" <= c <= "\uff9f"
    )
    return len(run) >= 2 and plain * 10 >= len(run) * 8 and bool(_READABLE.search(run))
