"""The canonical picture: a png of ours with at most 256 colours, of limited size, without a word.

1. Transparency is laid on white, because what lies under it shows in some programs only.
2. A side longer than ``LONGEST_SIDE`` is made shorter.
3. Each channel keeps 32 levels (the lowest three bits carry nothing a reader of a figure sees, and
   would carry a message); then at most 256 colours, in ascending order, so that neither the
   choice nor the order of colours says anything.
4. Three chunks and the end: IHDR, PLTE, IDAT. Writing a canonical picture again gives its bytes.
"""

import io
import struct
import warnings
import zlib
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps

from .png_structure import MAX_PIXELS, SIGNATURE
from .refusals import RefusedError

LONGEST_SIDE: Final = 2_400
COLOURS: Final = 256
LEVELS: Final = 31
"""The highest of 32 levels of a channel."""


def decode_picture(content: bytes, kind: str) -> Image.Image:
    """Unpack a picture whose structure was checked; ``kind`` is PNG or JPEG.

    Raises:
        RefusedError: the library cannot unpack it.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=[kind])
            picture.load()
            return on_white(ImageOps.exif_transpose(picture))
    except MemoryError:
        raise
    except RefusedError:
        raise
    except Exception:  # noqa: BLE001  # the library raises whatever a broken picture leads it to
        raise RefusedError("structure") from None


def on_white(picture: Image.Image) -> Image.Image:
    """The picture in red, green and blue, where it was transparent laid on white."""
    if picture.mode.startswith(("I", "F")):
        levels = np.asarray(picture, dtype=np.float64)
        wide = 257.0 if levels.max(initial=0) > 255 else 1.0  # 16-bit grey, else 8-bit in a wide mode
        return Image.fromarray(np.clip(levels / wide, 0, 255).astype(np.uint8)).convert("RGB")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("RGB")


def limited(picture: Image.Image) -> Image.Image:
    """The picture, made smaller where a side is too long."""
    longest = max(picture.size)
    if longest <= LONGEST_SIDE:
        return picture
    width, height = (max(1, side * LONGEST_SIDE // longest) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def paletted(picture: Image.Image) -> tuple[Any, Any]:
    """Colours as an array (k, 3) in ascending order, and each pixel's number among them (h, w)."""
    levels = _levels(np.asarray(picture.convert("RGB")))
    codes = _codes(levels)
    used = np.flatnonzero(np.bincount(codes.ravel(), minlength=1 << 15))
    if len(used) > COLOURS:
        coarse = Image.fromarray(_as_bytes(levels))
        fewer = coarse.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        codes = _codes(_levels(np.asarray(fewer.convert("RGB"))))
        used = np.flatnonzero(np.bincount(codes.ravel(), minlength=1 << 15))
    number = np.zeros(1 << 15, dtype=np.uint8)
    number[used] = np.arange(len(used), dtype=np.uint8)
    colours = np.stack(((used >> 10) & LEVELS, (used >> 5) & LEVELS, used & LEVELS), axis=1)
    return _as_bytes(colours), number[codes]


def grey_paletted(picture: Image.Image) -> tuple[Any, Any]:
    """What ``paletted`` gives for a picture of mode L, without looking at its channels one by one."""
    grey = np.asarray(picture)
    level_of = _levels(np.arange(256))
    used = np.unique(level_of[np.flatnonzero(np.bincount(grey.ravel(), minlength=256))])
    number = np.zeros(LEVELS + 1, dtype=np.uint8)
    number[used] = np.arange(len(used), dtype=np.uint8)
    return np.repeat(_as_bytes(used)[:, None], 3, axis=1), number[level_of].take(grey)


def _levels(channels: Any) -> Any:
    return (channels.astype(np.uint32) * LEVELS * 2 + 255) // 510


def _as_bytes(levels: Any) -> Any:
    return ((levels.astype(np.uint32) * 510 + LEVELS) // (LEVELS * 2)).astype(np.uint8)


def _codes(levels: Any) -> Any:
    return (levels[..., 0] << 10) | (levels[..., 1] << 5) | levels[..., 2]


def write_png(colours: Any, numbers: Any) -> bytes:
    """A png of a palette: header, palette, pixels, end."""
    height, width = numbers.shape
    lines = np.zeros((height, width + 1), dtype=np.uint8)
    lines[:, 1:] = numbers
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return SIGNATURE + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", header),
            (b"PLTE", colours.tobytes()),
            (b"IDAT", zlib.compress(lines.tobytes(), 6)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
