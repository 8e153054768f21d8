"""A code with its count, as readers write them and requests keep them: ``formulas:3``."""

import re

_CODE = re.compile(r"([a-z][a-z0-9_]{0,39})(?::([1-9][0-9]{0,5}))?")


def split_code(text: str) -> tuple[str, int]:
    """A code and how often it was counted; a code alone was counted once.

    Raises:
        ValueError: the text is no code with a count.
    """
    found = _CODE.fullmatch(text)
    if found is None:
        raise ValueError("not a code with a count")
    return found[1], int(found[2] or 1)
