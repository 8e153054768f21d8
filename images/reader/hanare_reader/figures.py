"""Numbers in one way of writing, so that digits nobody reads carry nothing.

A number with more than ten significant digits behind its point is rounded to ten, half to even on
its decimal digits. Whole numbers stay (a code is no quantity), and so do the decimals that were
written: 50.0 says how exactly something is known.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

SIGNIFICANT: Final = 10
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{0,40}\.[0-9]+(?:[eE][+-]?[0-9]{1,3})?")
_IN_TEXT: Final = re.compile(
    r"(?<![0-9A-Za-z_.])[+-]?[0-9]{1,40}\.[0-9]{9,}(?:[eE][+-]?[0-9]{1,3})?(?![0-9A-Za-z_])"
)


def shorten(cell: str) -> str:
    """The cell itself, or its number with ten significant digits."""
    if len(cell) <= SIGNIFICANT or not _DECIMAL.fullmatch(cell):
        return cell
    mantissa, mark, exponent = cell.partition("e" if "e" in cell else "E")
    if sum(c.isdigit() for c in mantissa.lstrip("+-0.")) <= SIGNIFICANT:
        return cell
    try:
        value = Decimal(mantissa)
    except InvalidOperation:
        return cell
    places = SIGNIFICANT - 1 - value.adjusted() if value else 0
    rounded = f"{round(value, max(places, 0)):f}" if value else "0.0"
    sign = "+" if mantissa.startswith("+") else ""
    return f"{sign}{rounded}{mark}{exponent}"


def shorten_all(text: str) -> tuple[str, int]:
    """A text with every such number in it shortened, and how many changed."""
    changed = 0

    def once(found: re.Match[str]) -> str:
        nonlocal changed
        made = shorten(found[0])
        changed += made != found[0]
        return made

    return _IN_TEXT.sub(once, text), changed


def plain(value: float) -> str:
    """A stored number in plain digits, at most ten significant, as a person would write it."""
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  # the one number unequal to itself
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.{SIGNIFICANT}g}"
    return text if "e" in text else text.rstrip("0").rstrip(".") if "." in text else text
