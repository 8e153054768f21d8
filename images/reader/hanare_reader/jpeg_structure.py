"""The inside of a jpeg, segment by segment, before any library opens it.

1. From SOI to EOI every byte belongs to a segment or to coded pixels; what follows EOI (a second
   picture, an archive) is refused, and so is what ends early.
2. Only baseline, extended and progressive coding, one frame, eight bits; other codings are those of
   cameras and scanners and have no place among results.
3. Sizes are judged from the frame's header, before a pixel is unpacked.
4. Segments with metadata are handed on by name, so that what is dropped is told and read.
"""

from dataclasses import dataclass
from typing import Final

from .png_structure import check_size
from .refusals import RefusedError

START: Final = b"\xff\xd8\xff"
MAX_SEGMENTS: Final = 2_000
MAX_SCANS: Final = 100
"""Scans of a progressive picture; more are a way to keep a reader busy."""

_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_NEVER: Final = frozenset(
    {0xD8, *range(0xD0, 0xD8), 0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0), 0xDC, 0xDE}
)
"""A second start, restarts outside pixels, and frames of other codings."""
_WEB: Final = b"http:/" + b"/"
"""How names of vocabularies begin; nothing is fetched from there."""
_EOI, _SOS, _COM = 0xD9, 0xDA, 0xFE


@dataclass(frozen=True, slots=True)
class JpegParts:
    """Width and height in pixels, and metadata segments as (name, bytes)."""

    width: int
    height: int
    extras: tuple[tuple[str, bytes], ...]


def walk_jpeg(content: bytes) -> JpegParts:
    """Check the structure of a jpeg.

    Raises:
        RefusedError: anything of it is not as the format asks, or something follows its end.
    """
    if not content.startswith(START):
        raise RefusedError("disagrees")
    walk = _Walk(content)
    while walk.step():
        pass
    if walk.position != len(content):
        raise RefusedError("bytes_outside")
    if walk.size is None or not walk.scans:
        raise RefusedError("truncated")
    return JpegParts(*walk.size, tuple(walk.extras))


class _Walk:
    """Where the walk is, and what it met."""

    def __init__(self, content: bytes) -> None:
        self.position = 2
        self.size: tuple[int, int] | None = None
        self.scans = 0
        self.extras: list[tuple[str, bytes]] = []
        self._content = content
        self._segments = 0

    def step(self) -> bool:
        """One segment on; False at the end of the picture."""
        marker, self.position = _marker(self._content, self.position)
        self._segments += 1
        if marker == _EOI:
            return False
        if marker in _NEVER or self._segments > MAX_SEGMENTS:
            raise RefusedError("structure")
        data, self.position = _segment(self._content, self.position)
        if marker in _FRAMES:
            self._frame(data)
        elif marker == _SOS:
            self.scans += 1
            if self.size is None or self.scans > MAX_SCANS:
                raise RefusedError("structure")
            self.position = _end_of_scan(self._content, self.position)
        elif 0xE0 <= marker <= 0xEF or marker == _COM:
            self.extras.append((_name(marker, data), data))
        return True

    def _frame(self, data: bytes) -> None:
        if self.size is not None or len(data) < 6 or data[0] != 8:
            raise RefusedError("structure")
        self.size = (int.from_bytes(data[3:5], "big"), int.from_bytes(data[1:3], "big"))
        check_size(*self.size)


def _marker(content: bytes, position: int) -> tuple[int, int]:
    """The next marker and the place behind it; fill bytes are allowed by the format."""
    if content[position : position + 1] != b"\xff":
        raise RefusedError("truncated" if position >= len(content) else "bytes_outside")
    while content[position : position + 1] == b"\xff":
        position += 1
    if position >= len(content):
        raise RefusedError("truncated")
    if content[position] in {0x00, 0x01}:
        raise RefusedError("structure")
    return content[position], position + 1


def _segment(content: bytes, position: int) -> tuple[bytes, int]:
    length = int.from_bytes(content[position : position + 2], "big")
    end = position + length
    if length < 2:
        raise RefusedError("structure")
    if end > len(content):
        raise RefusedError("truncated")
    return content[position + 2 : end], end


def _end_of_scan(content: bytes, position: int) -> int:
    """The place of the marker that ends coded pixels; stuffed bytes and restarts belong to them."""
    while True:
        position = content.find(b"\xff", position)
        if position < 0 or position + 1 >= len(content):
            raise RefusedError("truncated")
        following = content[position + 1]
        if following == 0xFF:
            position += 1
        elif following == 0x00 or 0xD0 <= following <= 0xD7:
            position += 2
        else:
            return position


def _name(marker: int, data: bytes) -> str:
    if marker == _COM:
        return "comment"
    names = {
        0xE0: ((b"JFIF\0", "jfif"), (b"JFXX\0", "thumbnail")),
        0xE1: ((b"Exif\0", "exif"), (_WEB + b"ns.adobe.com/x", "xmp")),
        0xE2: ((b"ICC_PROFILE\0", "icc"), (b"MPF\0", "several")),
        0xED: ((b"Photoshop", "iptc"),),
        0xEE: ((b"Adobe", "adobe"),),
    }
    for start, name in names.get(marker, ()):
        if data.startswith(start):
            if name == "several":
                raise RefusedError("several_pictures")
            if name == "jfif" and len(data) > 14:
                return "thumbnail"
            return name
    return "other"
