"""The inside of a png, chunk by chunk, before any library opens it.

1. Signature first, IHDR first, IEND last and nothing after it; every length inside the file and
   every CRC right. What is not so is refused: a file that was changed by hand or by accident.
2. Sizes are judged from IHDR, before a pixel is unpacked, and the stream of pixels must unpack to
   exactly the bytes that IHDR promises: what lies behind it inside IDAT is a hiding place.
3. One picture: animations are refused.
4. Every chunk that is no pixel is handed on by type, so that what is dropped is told and read.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

from .refusals import RefusedError

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MAX_SIDE: Final = 12_000
MAX_PIXELS: Final = 16_000_000
"""Pixels of one picture; four bytes each leave room for working copies in the reader's memory."""
MAX_CHUNKS: Final = 5_000

_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_ANIMATION: Final = frozenset({b"acTL", b"fcTL", b"fdAT"})
_CRITICAL: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})


@dataclass(frozen=True, slots=True)
class PngParts:
    """Width and height in pixels, and every chunk that is neither header, palette nor pixels."""

    width: int
    height: int
    extras: tuple[tuple[str, bytes], ...]


def check_size(width: int, height: int) -> None:
    """Refuse a picture that is empty or too large to be unpacked safely."""
    if width < 1 or height < 1:
        raise RefusedError("structure")
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise RefusedError("picture_too_large", limit=MAX_PIXELS)


def walk_png(content: bytes) -> PngParts:
    """Check the structure of a png.

    Raises:
        RefusedError: anything of it is not as the format asks, or it holds more than one picture.
    """
    chunks = _chunks(content)
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise RefusedError("structure")
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    check_size(width, height)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlace > 1:
        raise RefusedError("structure")
    _check_order([kind for kind, _ in chunks], colour)
    bits = depth * _CHANNELS[colour]
    pixels = b"".join(data for kind, data in chunks if kind == b"IDAT")
    _check_pixels(pixels, _unpacked_size(width, height, bits, interlaced=bool(interlace)))
    extras = tuple((kind.decode("ascii"), data) for kind, data in chunks if kind not in _CRITICAL)
    return PngParts(width, height, extras)


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    if not content.startswith(SIGNATURE):
        raise RefusedError("disagrees")
    chunks: list[tuple[bytes, bytes]] = []
    position = len(SIGNATURE)
    while not chunks or chunks[-1][0] != b"IEND":
        kind, data, position = _chunk(content, position)
        if kind in _ANIMATION:
            raise RefusedError("several_pictures")
        if (kind[:1].isupper() and kind not in _CRITICAL) or len(chunks) >= MAX_CHUNKS:
            raise RefusedError("structure")
        chunks.append((kind, data))
    if position != len(content) or chunks[-1][1]:
        raise RefusedError("bytes_outside")
    return chunks


def _chunk(content: bytes, position: int) -> tuple[bytes, bytes, int]:
    """The chunk at a place, and the place behind it."""
    if position + 12 > len(content):
        raise RefusedError("truncated")
    end = position + 12 + int.from_bytes(content[position : position + 4], "big")
    if end > len(content):
        raise RefusedError("truncated")
    kind = content[position + 4 : position + 8]
    data = content[position + 8 : end - 4]
    if not kind.isalpha() or zlib.crc32(kind + data) != int.from_bytes(content[end - 4 : end], "big"):
        raise RefusedError("structure")
    return kind, data, end


def _check_order(kinds: list[bytes], colour: int) -> None:
    """One header, at most one palette before the pixels, the pixels in one run, an empty end."""
    pixels = [place for place, kind in enumerate(kinds) if kind == b"IDAT"]
    if not pixels or pixels != list(range(pixels[0], pixels[-1] + 1)):
        raise RefusedError("structure")
    if kinds.count(b"IHDR") != 1 or kinds.count(b"PLTE") > 1:
        raise RefusedError("names_twice")
    palette = kinds.index(b"PLTE") if b"PLTE" in kinds else None
    if (colour == 3 and palette is None) or (palette is not None and palette > pixels[0]):
        raise RefusedError("structure")


def _unpacked_size(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """Bytes of all lines with their filter bytes."""
    if not interlaced:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for left, top, across, down in _PASSES:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _check_pixels(packed: bytes, expected: int) -> None:
    unpacking = zlib.decompressobj()
    size = 0
    rest = packed
    try:
        while rest and size <= expected:
            size += len(unpacking.decompress(rest, 1 << 20))
            rest = unpacking.unconsumed_tail
    except zlib.error:
        raise RefusedError("structure") from None
    if size > expected or unpacking.unused_data:
        raise RefusedError("bytes_outside")
    if size < expected or not unpacking.eof:
        raise RefusedError("truncated")
