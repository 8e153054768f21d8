"""The pictures in a document, each a canonical picture of its own.

1. A png or jpeg that the text shows leaves as any other picture does, examined in the same way; what is
   cut away in the document is cut away before, and is told.
2. Of any other kind, of a structure that is refused elsewhere, or beyond the ``MAX_PICTURES``-th, a
   picture stays behind and is told. It is on no page then either.
3. What lay in the file of a picture beside its pixels is told and found with that picture.
"""

from dataclasses import replace
from typing import Final

from .archives import Package
from .document_lines import THOUSANDTHS, WHOLE, Line, Shown
from .pictures import ReadWords, canonical_picture, opened_picture
from .refusals import RefusedError
from .results import Account, CanonicalFile, coded

MAX_PICTURES: Final = 8
_BEGINNINGS: Final = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG"}


def canonical_pictures(
    package: Package, lines: list[Line], account: Account, words: ReadWords | None
) -> dict[Shown, CanonicalFile]:
    """The canonical file of every picture that leaves, in the order of the text."""
    made: dict[Shown, CanonicalFile] = {}
    tried: set[Shown] = set()
    for picture in (picture for line in lines for picture in line.pictures):
        if picture in tried:
            continue
        tried.add(picture)
        file = _canonical(package.parts[picture.part], picture, words) if len(made) < MAX_PICTURES else None
        if file is None:
            account.drop("pictures")
        else:
            made[picture] = file
    return made


def _canonical(content: bytes, picture: Shown, words: ReadWords | None) -> CanonicalFile | None:
    """A picture as a canonical file with an account of its own; None of what stays behind."""
    kind = next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), "")
    own = Account()
    try:
        opened = opened_picture(content, kind, own) if kind else None
    except RefusedError:
        return None
    if opened is None:
        return None
    if picture.cut != WHOLE:
        left, top, right, bottom = picture.cut
        width, height = opened.size
        box = (
            -(-width * left // THOUSANDTHS),
            -(-height * top // THOUSANDTHS),
            width - -(-width * right // THOUSANDTHS),
            height - -(-height * bottom // THOUSANDTHS),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return None
        opened = opened.crop(box)
        own.drop("outside_page")
    file = canonical_picture(opened, own, words)
    return replace(file, dropped=coded(own.dropped), signs=coded(own.signs), found=(*file.found, *own.found))
