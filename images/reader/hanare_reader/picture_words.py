"""Words and barcodes in a picture, as a person or a telephone would read them.

1. Japanese and English, twice: as drawn at double size, and once more with faint traces made
   strong on white, because light grey on white is a way to write what a checker overlooks.
2. A word read with less than ``SURE`` percent is unsure. Unsure words are kept too: the rules may
   recognise half a name.
3. Barcodes of every kind are read; what they hold is text.
4. The same picture gives the same words: one thread, no clock.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image

LANGUAGES: Final = "jpn+eng"
TESSDATA: Final = "/usr/share/tesseract-ocr/5/tessdata/"
"""Where Debian's packages put the data; other places are not searched."""
SURE: Final = 60
DOUBLED_UP_TO: Final = 2_600
"""Pixels of the longer side after doubling; larger pictures are read as they are."""
MAX_BARCODES: Final = 100
FAINT: Final = 90
"""Levels of grey apart from the background below which writing is easily overlooked."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was read: the text, how many words, how many of them unsure, and barcodes' contents."""

    text: str
    count: int
    unsure: int
    confidence: int
    """Mean over all words, percent; 100 where there is none."""
    codes: tuple[str, ...]


def read_words(picture: Image.Image) -> Words:
    """Read a canonical picture (mode RGB)."""
    texts: list[str] = []
    confidences: list[int] = []
    with _recogniser() as recogniser:
        for version in _versions(picture):
            recogniser.SetImage(version)
            recogniser.SetSourceResolution(200)
            text = recogniser.GetUTF8Text().strip()
            if text and text not in texts:
                texts.append(text)
                confidences += recogniser.AllWordConfidences()
    unsure = sum(1 for confidence in confidences if confidence < SURE)
    mean = sum(confidences) // len(confidences) if confidences else 100
    return Words("\n\n".join(texts), len(confidences), unsure, mean, _barcodes(picture))


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
    faint = distance[(distance > 4) & (distance < FAINT)]
    if faint.size > 20 or background < 128:
        strongest = int(np.percentile(faint, 95)) if faint.size > 20 else FAINT
        traces = 255 - np.minimum(255, distance.astype(np.int32) * 255 // strongest)
        versions.append(_doubled(Image.fromarray(traces.astype(np.uint8))))
    return versions


def _doubled(grey: Image.Image) -> Image.Image:
    if max(grey.size) * 2 > DOUBLED_UP_TO:
        return grey
    return grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)


def _barcodes(picture: Image.Image) -> tuple[str, ...]:
    import zxingcpp  # noqa: PLC0415  # it costs time at the start

    found = zxingcpp.read_barcodes(np.asarray(picture))
    return tuple(sorted({code.text for code in found if code.text})[:MAX_BARCODES])
