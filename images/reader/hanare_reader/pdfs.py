"""A pdf becomes pictures of its pages, and, when it is a text, one text as well.

1. Its structure is looked through first (``pdf_inventory``), and refuses most of what can hide.
2. Every page is painted, and painted again without its text. What of the text changes nothing on
   the page cannot be seen: it does not leave, is found, and is a sign.
3. The text that is seen goes to the recognisers as text that leaves. When the pages hold much of
   it, it leaves as a txt too, ahead of the pictures.
4. The words read from the picture are compared with the text of the page: a font can be built so
   that a page shows one name and its text says another.
5. Marks at exact positions are counted over the paths, forms and signs of every page.
"""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from .formats import Upload
from .lines import write_text
from .pdf_inventory import check_ends, open_pdf, take_inventory
from .pictures import ReadWords, canonical_picture
from .refusals import RefusedError
from .results import Account, CanonicalFile, FoundText, Reading
from .vector_points import PointBook

if TYPE_CHECKING:
    from PIL.Image import Image

    from .pdf_text import PageText

PAINTED: Final = 1_600
"""Pixels of a page's longer side."""
LONGEST: Final = 15_000
"""Points of a page's side."""
MUCH_TEXT: Final = 400
"""Characters on one page from which on a pdf counts as a text."""
ALIKE: Final = 0.35
"""The least part of a page's pairs of characters that are found in its picture as well."""


@dataclass(frozen=True, slots=True)
class _Painted:
    picture: "Image"
    plain: "Image"
    """Without its text."""
    text: "PageText"


def read_pdf(upload: Upload, words: ReadWords | None = None) -> Reading:
    """A pdf as pictures of its pages, and as a text when it is one."""
    check_ends(upload.content)
    account = Account()
    books, silent = _looked_through(upload.content, account)
    painted = _paint(upload.content, silent)
    unseen = sum(page.text.unseen_count for page in painted)
    account.drop("invisible_text", unseen)
    account.sign("invisible_text", unseen)
    files = [
        _picture(page, account, words, number, book.scattered())
        for number, (page, book) in enumerate(zip(painted, books, strict=True), start=1)
    ]
    differing = sum(_differs(page.text.seen, file) for page, file in zip(painted, files, strict=True))
    account.sign("text_differs", differing)
    text = "\n\n".join(page.text.seen for page in painted if page.text.seen)
    if any(sum(not c.isspace() for c in page.text.seen) >= MUCH_TEXT for page in painted):
        files.insert(0, write_text(text, ".txt", account))
    return account.reading(*files)


def _looked_through(content: bytes, account: Account) -> tuple[list[PointBook], bytes]:
    """The marks of each page, and the file without its text; what is not built as it should be is refused."""
    from .pdf_contents import count_marks, without_text  # noqa: PLC0415

    try:
        pdf = open_pdf(content)
        take_inventory(pdf, account)
        books = []
        for page in pdf.pages:
            width, height = (abs(float(page.mediabox[i + 2]) - float(page.mediabox[i])) for i in (0, 1))
            if not (1 <= width <= LONGEST and 1 <= height <= LONGEST):
                raise RefusedError("structure")
            books.append(PointBook(max(width, height)))
            count_marks(page, books[-1])
        return books, without_text(pdf)
    except (RefusedError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # the library raises whatever a broken file leads it to
        raise RefusedError("structure") from None


def _picture(
    page: _Painted, account: Account, words: ReadWords | None, number: int, drawn: int
) -> CanonicalFile:
    from dataclasses import replace  # noqa: PLC0415

    account.hide("invisible_text", page.text.unseen, number=number)
    signs = PointBook(PAINTED)
    for sign, x, y in page.text.marks:
        signs.add_sign(sign, x, y)
    letters = PointBook(PAINTED)
    for sign, x, y in page.text.letters:
        letters.add_sign(sign, x, y)
    drawn = max(drawn, signs.scattered(), letters.lonely())
    file = canonical_picture(page.picture, account, words, number=number, counted=page.plain, drawn=drawn)
    if not page.text.seen:
        return file
    return replace(
        file, found=(*file.found, FoundText("page_text", page.text.seen, leaves=True, number=number))
    )


def _paint(content: bytes, silent: bytes) -> list[_Painted]:
    """Every page, painted with and without its text."""
    import numpy as np  # noqa: PLC0415
    import pypdfium2  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from .pdf_text import page_text  # noqa: PLC0415

    made = []
    try:
        full, plain = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument(silent)
        for number in range(len(full)):
            page = full[number]
            pair = [np.asarray(_pixels(side)) for side in (page, plain[number])]
            if pair[0].shape != pair[1].shape:
                raise RefusedError("structure")
            made.append(_Painted(Image.fromarray(pair[0]), Image.fromarray(pair[1]), page_text(page, *pair)))
        full.close()
        plain.close()
    except (pypdfium2.PdfiumError, ValueError, IndexError):
        raise RefusedError("structure") from None
    return made


def _pixels(page: Any) -> "Image":
    scale = PAINTED / max(page.get_size())
    picture: Image = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def _differs(text: str, file: CanonicalFile) -> bool:
    """Whether a page's text is another one than its picture shows."""
    pairs = _pairs(text)
    if len(pairs) < 40:
        return False
    read = _pairs(
        "\n".join(found.text for found in file.found if found.part in {"picture_words", "unsure_words"})
    )
    return len(pairs & read) < ALIKE * len(pairs)


def _pairs(text: str) -> set[str]:
    plain = [c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum()]
    return {a + b for a, b in pairwise(plain)}
