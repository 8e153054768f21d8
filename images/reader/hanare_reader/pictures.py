"""A png or jpeg becomes a png of ours; everything beside its pixels is told and dropped.

The walk through the structure comes first and refuses; then the pixels are unpacked, limited in
size and colours, and written again. Words and barcodes are read from what leaves, and go to the
recognisers as text that leaves. Marks of one shape that lie apart are counted; what that
means is for the rules.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from .formats import Upload
from .jpeg_structure import walk_jpeg
from .picture_metadata import account_jpeg, account_png
from .png_structure import SIGNATURE, walk_png
from .results import PICTURE, Account, CanonicalFile, FoundText, Reading

if TYPE_CHECKING:
    from PIL.Image import Image

    from .picture_words import Words

_HEX: Final = "[0-9a-fA-FOoIlSsZzBbGgQ]"
_KEY: Final = re.compile("-".join(rf"(?:{_HEX} ?){{{n}}}" for n in (8, 4, 4, 4, 12)))
"""The form of the keys that stand for persons, with the letters that are mistaken for digits."""
ReadWords = Callable[["Image"], "Words"]


def read_png(upload: Upload, words: ReadWords | None = None) -> Reading:
    """A png as a canonical picture."""
    return _read(upload.content, "PNG", words)


def read_jpeg(upload: Upload, words: ReadWords | None = None) -> Reading:
    """A jpeg as a canonical picture."""
    return _read(upload.content, "JPEG", words)


def write_picture(content: bytes, account: Account, words: ReadWords | None = None) -> CanonicalFile:
    """The canonical file of a png or jpeg that lay in another file (an output of a notebook)."""
    kind = "PNG" if content.startswith(SIGNATURE) else "JPEG"
    return canonical_picture(opened_picture(content, kind, account), account, words)


def opened_picture(content: bytes, kind: str, account: Account) -> "Image":
    """The pixels of a png or jpeg, its structure walked before and what lies beside them told."""
    from .picture_writer import decode_picture  # noqa: PLC0415  # a library that costs time at the start

    if kind == "PNG":
        account_png(walk_png(content).extras, account)
    else:
        account_jpeg(walk_jpeg(content).extras, account)
    return decode_picture(content, kind)


def _read(content: bytes, kind: str, words: ReadWords | None) -> Reading:
    account = Account()
    picture = opened_picture(content, kind, account)
    return account.reading(canonical_picture(picture, account, words))


def canonical_picture(
    picture: "Image",
    account: Account,
    words: ReadWords | None = None,
    *,
    number: int = 0,
    counted: "Image | None" = None,
    drawn: int = 0,
) -> CanonicalFile:
    """The canonical file of a picture in red, green and blue.

    ``number`` is its page, from 1; ``counted`` is the same picture without words, where there is one,
    in which marks are counted; ``drawn`` is how many marks its drawing holds at exact places.
    """
    from PIL import Image  # noqa: PLC0415

    from .picture_points import count_points  # noqa: PLC0415
    from .picture_words import read_words  # noqa: PLC0415
    from .picture_writer import limited, paletted, write_png  # noqa: PLC0415

    small = limited(picture)
    if small.size != picture.size:
        account.drop("pixels")
    colours, numbers = paletted(small)
    shown = Image.fromarray(colours[numbers])
    if shown.tobytes() != small.tobytes():
        account.drop("colours")
    read = (words or read_words)(shown)
    _tell_signs(read, account)
    points = count_points(numbers if counted is None else paletted(limited(counted))[1])
    found = tuple(
        FoundText(part, text, leaves=True, number=number)
        for part, text in (
            ("picture_words", read.sure),
            ("unsure_words", read.unsure),
            ("barcode", "\n".join(read.codes)),
        )
        if text.strip()
    )
    return CanonicalFile(
        write_png(colours, numbers),
        PICTURE,
        ".png",
        rows=small.height,
        columns=small.width,
        found=found,
        facts=(("confidence", read.confidence), ("drawn_points", drawn), ("picture_points", points)),
    )


def _tell_signs(read: "Words", account: Account) -> None:
    """What people must weigh in the words of a picture."""
    account.sign("unsure_words", len(read.unsure.splitlines()))
    account.sign("barcodes", len(read.codes))
    account.sign("shown_keys", len(_KEY.findall(f"{read.sure}\n{read.unsure}")))
    account.sign("upright_only", read.upright_only)


def canonical_grey(picture: "Image") -> CanonicalFile:
    """The canonical file of a grey picture of ours (mode L, no side too long), in which nothing is read or counted."""
    from .picture_writer import grey_paletted, write_png  # noqa: PLC0415

    return CanonicalFile(
        write_png(*grey_paletted(picture)),
        PICTURE,
        ".png",
        rows=picture.height,
        columns=picture.width,
        facts=(("confidence", 100), ("drawn_points", 0), ("picture_points", 0)),
    )
