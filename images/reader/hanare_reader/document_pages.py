"""Pages of a document, set from its canonical text and its canonical pictures, as pictures of pages.

1. Nothing but canonical lines and canonical pixels is set, in one font, black on white, without a clock,
   a date or a name. The same lines give the same pixels.
2. A line is set as it stands: headings larger, rows of a table in a frame, the names of its columns
   again on a further page. A table that is too wide or a row that is too high is set as its lines of text.
3. At most ``MAX_PAGES`` pages; the lines beyond them leave as text only, and are told.
4. A page carries the words of every line of which it shows a part, and the words and signs of the
   pictures on it, so that each page is judged by all that can be read on it. Its words are exact, so
   it is not read by the text recogniser.
5. Marks are counted on the page without its words.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .document_lines import Line, Shown
from .document_setting import HEIGHT, WIDTH, Page, Setter
from .pictures import canonical_grey, canonical_picture
from .results import Account, CanonicalFile, FoundText, coded

if TYPE_CHECKING:
    from PIL.Image import Image

    from .picture_words import Words

MAX_PAGES: Final = 8
_FRAME: Final = "#969696"


def set_pages(
    lines: list[Line], pictures: Mapping[Shown, CanonicalFile], account: Account, face: str
) -> list[CanonicalFile]:
    """The pages as canonical pictures; ``lines`` are the canonical ones."""
    whole = max((n for n, line in enumerate(lines, start=1) if line.text or line.pictures), default=0)
    sizes = {picture: (file.columns, file.rows) for picture, file in pictures.items()}
    setter = Setter(face, sizes, MAX_PAGES)
    account.drop("lines_without_page", whole - setter.set_lines(lines[:whole]))
    return [
        _canonical(page, number, pictures, setter)
        for number, page in enumerate(setter.pages, start=1)
        if page.said or page.pictures
    ]


def _canonical(
    page: Page, number: int, pictures: Mapping[Shown, CanonicalFile], setter: Setter
) -> CanonicalFile:
    """One page, with all that can be read on it; one without pictures is grey and has no marks to count."""
    own = Account()
    if page.pictures:
        plain = _painted(page, pictures, "RGB")
        shown = _painted_words(page, plain.copy(), setter)
        file = canonical_picture(shown, own, _unread, number=number, counted=plain)
    else:
        file = canonical_grey(_painted_words(page, _painted(page, pictures, "L"), setter))
    on_it = [pictures[picture] for _, picture in page.pictures]
    signs: Counter[str] = Counter(own.signs)
    for code in (code for shown in on_it for code in shown.signs):
        name, _, count = code.partition(":")
        signs[name] += int(count or 1)
    read = (text for shown in on_it for text in shown.found if text.leaves)
    found = [replace(text, number=number) for text in read]
    if page.said:
        found.insert(0, FoundText("set_text", "\n".join(page.said), leaves=True, number=number))
    return replace(file, dropped=coded(own.dropped), signs=coded(signs), found=tuple(found))


def _unread(_: "Image") -> "Words":
    """Nothing is read from the pixels of a page: its words are known."""
    from .picture_words import Words  # noqa: PLC0415  # a library that costs time at the start

    return Words("", "", 100, ())


def _painted(page: Page, pictures: Mapping[Shown, CanonicalFile], mode: str) -> "Image":
    """The page with its pictures and frames, without a word."""
    import io  # noqa: PLC0415

    from PIL import Image, ImageDraw  # noqa: PLC0415

    paper = Image.new(mode, (WIDTH, HEIGHT), "white")
    for (left, top, width, height), picture in page.pictures:
        pixels = Image.open(io.BytesIO(pictures[picture].content), formats=["PNG"]).convert("RGB")
        if pixels.size != (width, height):
            pixels = pixels.resize((width, height), Image.Resampling.LANCZOS)
        paper.paste(pixels, (left, top))
    pen = ImageDraw.Draw(paper)
    for frame in page.frames:
        pen.rectangle(frame, outline=_FRAME)
    return paper


def _painted_words(page: Page, paper: "Image", setter: Setter) -> "Image":
    from PIL import ImageDraw  # noqa: PLC0415

    pen = ImageDraw.Draw(paper)
    for left, top, size, text in page.words:
        pen.text((left, top), text, fill="black", font=setter.font(size))
    return paper
