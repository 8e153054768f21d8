"""An svg becomes a png of ours; its words and its points are looked at before.

The drawing is written as one page of pdf with nothing in it but paths, painted by the library that
paints pdf, and its words are painted on top. Then it is a picture as any other.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .formats import Upload
from .pictures import ReadWords, canonical_picture
from .refusals import RefusedError
from .results import Account, CanonicalFile, FoundText, Reading
from .svg_drawing import Page, Word, draw
from .svg_reading import read_drawing
from .typeface import typeface

if TYPE_CHECKING:
    from PIL.Image import Image

PAINTED: Final = 1_600
"""Pixels of the longer side."""
MANY_LETTERS: Final = 60
"""Letters of one form in no step; a figure has fewer of a single one."""


def read_svg(upload: Upload, words: ReadWords | None = None) -> Reading:
    """An svg as a canonical picture."""
    account = Account()
    return account.reading(write_drawing(upload.content, account, words))


def write_drawing(content: bytes, account: Account, words: ReadWords | None = None) -> CanonicalFile:
    """The canonical file of an svg, be it the upload or an output of a notebook."""
    drawing = read_drawing(content)
    page = draw(drawing)
    account.drop("vector_shapes", page.shapes)
    account.drop("undrawn_shapes", page.undrawn + len(page.unseen))
    account.drop("descriptions", len(drawing.beside) + len(drawing.comments))
    account.hide("description", "\n".join([*drawing.beside, *drawing.comments]))
    account.hide("description", "\n".join(word.strip() for word in drawing.other if word.strip()))
    account.hide("undrawn", "\n".join(page.unseen))
    letters = page.letters.scattered()
    drawn = max(page.points.scattered(), letters if letters >= MANY_LETTERS else 0, page.glyphs.lonely())
    file = canonical_picture(painted(page), account, words, drawn=drawn)
    exact = (
        "\n".join(word.text for word in page.words),
        "\n".join(comment.strip() for comment in drawing.comments),
    )
    said = (FoundText("drawing_text", text, leaves=True) for text in exact if text.strip())
    return replace(file, found=(*file.found, *said))


def painted(page: Page) -> "Image":
    """The page as a picture on white."""
    import pypdfium2  # noqa: PLC0415  # a library that costs time at the start

    scale = PAINTED / max(page.width, page.height)
    document = pypdfium2.PdfDocument(as_pdf(page))
    try:
        picture: Image = (
            document[0].render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil().convert("RGB")
        )
    except pypdfium2.PdfiumError:
        raise RefusedError("structure") from None
    finally:
        document.close()
    for word in page.words:
        _write(picture, word, scale)
    return picture


def as_pdf(page: Page) -> bytes:
    """One page of pdf: paths and how they are painted, and nothing else."""
    content = "\n".join(page.operators).encode("ascii")
    states = " ".join(
        f"/{name} << /ca {fill} /CA {stroke} >>" for (fill, stroke), name in page.alphas.items()
    )
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width:.3f} {page.height:.3f}] /Contents 4 0 R "
            f"/Resources << /ExtGState << {states} >> >> >>"
        ).encode("ascii"),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table)
    return bytes(made)


def _write(picture: "Image", word: Word, scale: float) -> None:
    """Paint a run of text at its place, turned as it is."""
    import math  # noqa: PLC0415

    from PIL import Image, ImageDraw  # noqa: PLC0415

    font = typeface(max(2, min(400, round(word.size * scale))))
    width = font.getlength(word.text)
    if width > 3 * max(picture.size):
        raise RefusedError("drawing_refused")
    ascent, descent = font.getmetrics()
    mask = Image.new("L", (max(1, math.ceil(width)) + 4, ascent + descent + 4), 0)
    ImageDraw.Draw(mask).text((2, 2), word.text, fill=255, font=font)
    start = {"middle": width / 2, "end": width}.get(word.anchor, 0.0) + 2
    degrees = -math.degrees(word.turn)
    turned = mask.rotate(degrees, expand=True, resample=Image.Resampling.BICUBIC)
    dx, dy = start - mask.width / 2, ascent + 2 - mask.height / 2
    cos, sin = math.cos(word.turn), math.sin(word.turn)
    cx = word.x * scale - (cos * dx - sin * dy)
    cy = word.y * scale - (sin * dx + cos * dy)
    colour = tuple(round(255 * channel) for channel in word.colour)
    picture.paste(colour, (round(cx - turned.width / 2), round(cy - turned.height / 2)), turned)
