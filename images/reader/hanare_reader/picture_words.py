"""Words and barcodes in a picture, as a person or a telephone would read them.

1. Japanese and English, twice: as drawn at double size, and once more with faint traces made
   strong on white, because light grey on white is a way to write what a checker overlooks.
2. A line read with less than ``SURE`` percent is unsure: marks and curves are read as letters. Unsure
   lines are kept apart, because the rules may recognise half a name, and people look anyway.
3. Words in figures stand apart, cross lines and run upwards, so the picture is also read without a
   layout and from its sides; of that only sure lines are kept.
4. Barcodes of every kind are read; what they hold is text.
5. The same picture gives the same words: one thread, no clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image

LANGUAGES: Final = "jpn+eng"
TESSDATA: Final = "/usr/share/tesseract-ocr/5/tessdata/"
"""Where Debian's packages put the data; other places are not searched."""
SURE: Final = 60
FROM_ASIDE: Final = 70
"""Percent from which on lines that run up, down or upside down are kept; below they are mostly curves."""
SURE_FROM_ASIDE: Final = 85
"""Percent from which on such lines are sure."""
MUCH_TEXT: Final = 600
"""Characters from which on a picture is a page of text: it runs one way, and takes long to read."""
DOUBLED_UP_TO: Final = 2_600
"""Pixels of the longer side after doubling; larger pictures are read as they are."""
MAX_BARCODES: Final = 100
_JOINED: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
"""Spaces between Japanese characters, which the recogniser sets between words."""
FAINT: Final = 90
"""Levels of grey apart from the background below which writing is easily overlooked."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was read: sure and unsure lines, how many of each, and barcodes' contents."""

    sure: str
    unsure: str
    confidence: int
    """Mean over all lines, percent; 100 where there is none."""
    codes: tuple[str, ...]
    upright_only: bool = False
    """Whether it was not read from its sides, because it is a page of text or a photograph."""


def read_words(picture: Image.Image) -> Words:
    """Read a canonical picture (mode RGB)."""
    lines: dict[str, float] = {}
    versions = _versions(picture)
    characters = 0
    with _recogniser() as recogniser:
        for version in versions:
            for line, confidence in _lines(recogniser, version, "AUTO"):
                lines[line] = max(confidence, lines.get(line, 0.0))
                characters += len(line)
        is_figure = characters < MUCH_TEXT and _has_ground(picture)
        for version in versions if is_figure else ():
            _add_sure(lines, _lines(recogniser, version, "SPARSE_TEXT"), SURE)
        for version, layouts in _sides(picture) if is_figure else ():
            for layout in layouts:  # what is less than very sure there stays unsure
                read = _lines(recogniser, version, layout)
                _add_sure(lines, (_from_aside(line) for line in read), FROM_ASIDE - SURE_FROM_ASIDE + SURE)
    sure = [line for line, confidence in lines.items() if confidence >= SURE]
    unsure = [line for line, confidence in lines.items() if confidence < SURE]
    mean = round(sum(lines.values()) / len(lines)) if lines else 100
    return Words("\n".join(sure), "\n".join(unsure), mean, read_barcodes(picture), upright_only=not is_figure)


def _has_ground(picture: Image.Image) -> bool:
    """Whether one level of grey fills a good part, as in a figure and not in a photograph."""
    counts = picture.convert("L").histogram()
    return max(counts) * 5 >= sum(counts)


def _from_aside(line: tuple[str, float]) -> tuple[str, float]:
    """A line with its confidence lowered, so that the same measure tells whether it is sure."""
    return line[0], line[1] - SURE_FROM_ASIDE + SURE


def _add_sure(lines: dict[str, float], read: Iterator[tuple[str, float]], least: float) -> None:
    """Add what was read with certainty and holds more than one letter."""
    for line, confidence in read:
        if confidence >= least and sum(character.isalnum() for character in line) >= 2:
            lines[line] = max(confidence, lines.get(line, 0.0))


def _lines(recogniser: Any, version: Image.Image, layout: str) -> Iterator[tuple[str, float]]:
    """The lines of a picture with their confidence in percent."""
    import tesserocr  # noqa: PLC0415

    recogniser.SetPageSegMode(getattr(tesserocr.PSM, layout))
    recogniser.SetImage(version)
    recogniser.SetSourceResolution(200)
    recogniser.Recognize()
    level = tesserocr.RIL.TEXTLINE
    result = recogniser.GetIterator()
    if result is None:
        return
    for line in tesserocr.iterate_level(result, level):
        try:
            text = _JOINED.sub("", line.GetUTF8Text(level).strip())
        except RuntimeError:  # the library's way to say that a line holds nothing
            continue
        if text:
            yield text, line.Confidence(level)


def _recogniser() -> Any:
    import tesserocr  # noqa: PLC0415  # only the reader's image has it

    return tesserocr.PyTessBaseAPI(
        path=TESSDATA, lang=LANGUAGES, psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY
    )


def _versions(picture: Image.Image) -> list[Image.Image]:
    """The picture as drawn, and with every trace made black where faint traces exist."""
    grey = picture.convert("L")
    versions = [_doubled(grey)]
    levels = np.asarray(grey).astype(np.int16)
    background = int(np.bincount(levels.ravel(), minlength=256).argmax())
    distance = np.abs(levels - background)
    faint = distance[(distance > 4) & (distance < FAINT) & ~_near(distance >= FAINT)]
    if faint.size > 20 or background < 128:
        strongest = int(np.percentile(faint, 95)) if faint.size > 20 else FAINT
        traces = 255 - np.minimum(255, distance.astype(np.int32) * 255 // strongest)
        versions.append(_doubled(Image.fromarray(traces.astype(np.uint8))))
    return versions


def _near(strong: Any) -> Any:
    """Pixels that touch a strong one: the soft edges of lines and letters, which are nothing faint."""
    near = strong.copy()
    for axis in (0, 1):
        near |= np.roll(near, 1, axis) | np.roll(near, -1, axis)
    return near


def _sides(picture: Image.Image) -> list[tuple[Image.Image, tuple[str, ...]]]:
    """The picture from its right, its left and its upper side, and how each is read; labels mostly run upwards."""
    upright = _doubled(picture.convert("L"))
    return [
        (upright.transpose(Image.Transpose.ROTATE_270), ("AUTO", "SPARSE_TEXT")),
        (upright.transpose(Image.Transpose.ROTATE_90), ("SPARSE_TEXT",)),
        (upright.transpose(Image.Transpose.ROTATE_180), ("SPARSE_TEXT",)),
    ]


def _doubled(grey: Image.Image) -> Image.Image:
    if max(grey.size) * 2 > DOUBLED_UP_TO:
        return grey
    return grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)


def read_barcodes(picture: Image.Image) -> tuple[str, ...]:
    """What the barcodes in a picture hold, in order of their text."""
    import zxingcpp  # noqa: PLC0415  # it costs time at the start

    found = zxingcpp.read_barcodes(np.asarray(picture))
    return tuple(sorted({code.text for code in found if code.text})[:MAX_BARCODES])
