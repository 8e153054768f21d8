"""The one Japanese font of the image, in which drawings and pages are set.

Letters are placed one after another by their own widths. Shaping libraries are not used: whether one is
there depends on the machine, and with it where letters stand.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONT: Final = "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"


def typeface(size: int, face: str = FONT) -> "FreeTypeFont":
    """The font at a size in pixels."""
    from PIL import ImageFont  # noqa: PLC0415  # a library that costs time at the start

    return ImageFont.truetype(face, size, layout_engine=ImageFont.Layout.BASIC)
