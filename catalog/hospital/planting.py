"""What is planted where: each identifier in an invented text, and each thing that only looks like one.

``match`` is False for a near miss: a number of another kind that a recogniser must leave alone.
Offsets count characters of the text as Python does; ``text[start:end] == value`` holds exactly.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planted:
    """One value in one text."""

    table: str
    key_column: str
    key: int
    column: str
    start: int
    end: int
    value: str
    kind: str
    variant: str
    check: str
    """``valid`` or ``invalid`` where the kind has a check digit, otherwise ``none``."""
    match: bool
