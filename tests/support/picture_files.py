"""Pictures for tests, built chunk by chunk so that every hiding place can be filled."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, PngImagePlugin

mpl.use("Agg")
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def drawn(width: int = 120, height: int = 80) -> Image.Image:
    """A small picture with a line and an area."""
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    pen.line((5, height - 5, width - 5, 5), fill=(31, 119, 180), width=2)
    pen.rectangle((width // 2, height // 2, width - 10, height - 10), fill=(255, 127, 14))
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def plain_png() -> bytes:
    return saved(drawn())


def plain_jpeg() -> bytes:
    return saved(drawn(), "JPEG", quality=90)


def with_chunks(*chunks: bytes, png: bytes | None = None) -> bytes:
    """A png with chunks put in behind its header."""
    content = png or plain_png()
    return content[:33] + b"".join(chunks) + content[33:]


def with_segments(*segments: tuple[int, bytes]) -> bytes:
    """A jpeg with segments put in behind its start."""
    content = plain_jpeg()
    added = b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments)
    return content[:2] + added + content[2:]


def exif(secret: str) -> bytes:
    made = Image.Exif()
    made[0x010E] = secret  # description
    made[0x8825] = {1: "N", 2: (35.0, 41.0, 0.0)}
    return made.tobytes()


def hiding_pngs(secret: str) -> dict[str, bytes]:
    """The secret in every part of a png that is no pixel."""
    words = secret.encode()
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Comment", secret, lang="ja", zip=True)
    return {
        "tEXt": with_chunks(chunk(b"tEXt", b"Comment\0" + words)),
        "tEXt software": with_chunks(chunk(b"tEXt", b"Software\0" + words)),
        "zTXt": with_chunks(chunk(b"zTXt", b"Note\0\0" + zlib.compress(words))),
        "iTXt packed": saved(drawn(), pnginfo=info),
        "iTXt translated": with_chunks(chunk(b"iTXt", b"Title\0\0\0ja\0" + words + b"\0x")),
        "xmp": with_chunks(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>" + words + b"</x>")),
        "exif": saved(drawn(), exif=exif(secret)),
        "own chunk": with_chunks(chunk(b"prVt", words)),
        "own chunk utf-16": with_chunks(chunk(b"prVt", secret.encode("utf-16-le"))),
        "behind pixels": plain_png()[:-12] + chunk(b"tEXt", b"Late\0" + words) + plain_png()[-12:],
    }


def hiding_jpegs(secret: str) -> dict[str, bytes]:
    """The secret in every segment of a jpeg that is no pixel."""
    words = secret.encode()
    return {
        "comment": with_segments((0xFE, words)),
        "exif": saved(drawn(), "JPEG", exif=exif(secret)),
        "xmp": with_segments((0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + words + b"</x>")),
        "iptc": with_segments(
            (0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x2a\x1c\x02\x78\0\x24" + words)
        ),
        "own segment": with_segments((0xE9, words)),
        "thumbnail": with_segments((0xE0, b"JFXX\0\x10" + words)),
    }


def zipped(secret: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("patient.txt", secret)
    return buffer.getvalue()


def bomb_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        SIGNATURE
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


def refused_pictures(secret: str) -> dict[str, tuple[str, bytes, str]]:
    """Pictures that are not what they should be, each with the code of its refusal."""
    png, jpeg = plain_png(), plain_jpeg()
    rows = zlib.compress(b"".join(b"\0" + bytes(30) for _ in range(10)) + secret.encode())
    small = struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0)
    animated = [drawn(), drawn(120, 80).rotate(180)]
    return {
        "bytes after the end": ("t.png", png + secret.encode(), "bytes_outside"),
        "png and zip": ("t.png", png + zipped(secret), "bytes_outside"),
        "jpeg and zip": ("t.jpg", jpeg + zipped(secret), "bytes_outside"),
        "two jpegs": ("t.jpg", jpeg + jpeg, "bytes_outside"),
        "behind the pixels": (
            "t.png",
            SIGNATURE + chunk(b"IHDR", small) + chunk(b"IDAT", rows) + chunk(b"IEND", b""),
            "bytes_outside",
        ),
        "end with content": ("t.png", png[:-12] + chunk(b"IEND", secret.encode()), "bytes_outside"),
        "animated": (
            "t.png",
            saved(animated[0], save_all=True, append_images=animated[1:]),
            "several_pictures",
        ),
        "wrong sum": ("t.png", png[:40] + bytes([png[40] ^ 1]) + png[41:], "structure"),
        "cut png": ("t.png", png[:-20], "truncated"),
        "cut jpeg": ("t.jpg", jpeg[:-20], "truncated"),
        "a million pixels wide": ("t.png", bomb_png(1_000_000, 2), "picture_too_large"),
        "much too large": ("t.png", bomb_png(11_000, 11_000), "picture_too_large"),
        "unpacks to less": ("t.png", bomb_png(1_000, 1_000), "truncated"),
        "empty": ("t.png", b"", "empty"),
        "png named jpg": ("t.jpg", png, "disagrees"),
        "jpeg named png": ("t.png", jpeg, "disagrees"),
        "gif": ("t.gif", saved(drawn(), "GIF"), "picture_format_refused"),
        "gif named png": ("t.png", saved(drawn(), "GIF"), "disagrees"),
        "tiff": ("t.tif", saved(drawn(), "TIFF"), "picture_format_refused"),
        "bmp": ("t.bmp", saved(drawn(), "BMP"), "picture_format_refused"),
        "second header": ("t.png", with_chunks(png[8:33]), "names_twice"),
    }


def barcode_png(secret: str) -> bytes:
    """A picture of a square code that holds the secret."""
    code = zxingcpp.create_barcode(secret, zxingcpp.BarcodeFormat.QRCode)
    return saved(Image.fromarray(np.asarray(code.to_image(scale=5))).convert("RGB"))


def low_bits_png(secret: str) -> tuple[bytes, bytes]:
    """The same picture twice, once with a message in its lowest bits."""
    pixels = np.asarray(drawn()).copy()
    plain = saved(Image.fromarray(pixels))
    bits = np.unpackbits(np.frombuffer(secret.encode(), dtype=np.uint8))
    flat = pixels.reshape(-1)
    flat[: len(bits)] = (flat[: len(bits)] & 0xFE) | bits
    return plain, saved(Image.fromarray(pixels))


def modes() -> Mapping[str, bytes]:
    """The same small picture in every mode that a png can have."""
    picture = drawn()
    wide = Image.fromarray(np.linspace(0, 65_535, 9_600, dtype=np.uint16).reshape(80, 120))
    clear = picture.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(picture.size))
    return {
        "RGB": saved(picture),
        "RGBA": saved(clear),
        "L": saved(picture.convert("L")),
        "LA": saved(clear.convert("LA")),
        "P": saved(picture.convert("P")),
        "1": saved(picture.convert("1")),
        "I;16": saved(wide),
        "P with one clear colour": saved(picture.convert("P"), transparency=0),
    }
