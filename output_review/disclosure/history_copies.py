"""A refused file that comes again in other clothes.

1. A copy has the numbers of a file that people rejected: renamed, turned, sorted or with other words, they
   are the same numbers. Rounded again, each is near the one it came from.
2. A table that was mended is no copy: a masked or merged cell takes numbers away.
3. Words read from a picture are read with errors: where most of the different numbers of one are the other's, people
   look. This holds for a picture of a refused table, and for a table after a refused picture.
4. Few numbers prove nothing: a refused file counts with six different ones, or with four when the new
   file has exactly these.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from enclave.sentences import say
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.history import History

COPY = "SDC.refused_before"
_FEWEST, _FEWEST_EXACT = 6, 4
_KEPT = 0.95
_KEPT_IN_PICTURES = 0.6
"""The part of a table's different numbers that must be read again in a picture of it."""
_ON_AXES = 5
"""Multiples of this stand on the axes of every figure."""
_ROUNDINGS = (5.0, 10.0, 50.0, 100.0, 1000.0)


def check_copies(
    figures: Sequence[str], history: History, *, is_from_picture: bool = False
) -> Iterator[Finding]:
    """One finding when a file repeats one that was rejected; ``is_from_picture``: its numbers were read in one."""
    refused = [kept.stated for kept in history.refused]
    if any(_is_copy(figures, stated.figures) for stated in refused):
        yield Finding(
            COPY,
            Severity.REJECT,
            Place(),
            say("This file repeats numbers of a file that output checkers rejected."),
            say("Mend what the rejection named. The same numbers in another form are rejected too."),
        )
    elif any(
        _is_pictured(figures, stated.figures)
        for stated in refused
        # What has numbers and is no text is a picture.
        if is_from_picture or not stated.is_read
    ):
        yield Finding(
            COPY,
            Severity.REVIEW,
            Place(),
            say("Most numbers of this file are those of a file that output checkers rejected."),
            say("Mend what the rejection named. The same numbers in another form are rejected too."),
        )


def _is_pictured(new: Sequence[str], old: Sequence[str]) -> bool:
    """Whether one of the two shows most of the other's numbers, whichever was the picture."""
    one, other = _telling(new), _telling(old)
    common = len(one & other)
    return common >= _FEWEST_EXACT and common >= _KEPT_IN_PICTURES * min(len(one), len(other))


def _telling(figures: Sequence[str]) -> set[str]:
    """Numbers of two digits or more that stand on no axis."""
    return {figure for figure in figures if len(figure) > 1 and float(figure) % _ON_AXES}


def _is_copy(new: Sequence[str], old: Sequence[str]) -> bool:
    telling = {figure for figure in old if float(figure) >= 10 or "." in figure}
    if len(telling) < _FEWEST_EXACT:
        return False
    common = (Counter(new) & Counter(old)).total()
    if len(telling) < _FEWEST:
        return common == len(old) == len(new) or _is_rounded(new, old)
    return common >= _KEPT * len(old) or _is_rounded(new, old)


def _is_rounded(new: Sequence[str], old: Sequence[str]) -> bool:
    """Whether as many numbers are each the rounded form of one of the old; both are in order of size."""
    if len(new) != len(old):
        return False
    pairs = [(float(a), float(b)) for a, b in zip(new, old, strict=True)]
    changed = [(a, b) for a, b in pairs if a != b]
    places = max((len(figure.partition(".")[2]) for figure in new), default=0)
    units = (*_ROUNDINGS, 10.0**-places) if any("." in figure for figure in old) else _ROUNDINGS
    return any(
        all(abs(a - b) < unit and _is_multiple(a, unit) for a, b in changed)
        and max(b for _, b in pairs) > unit
        for unit in units
    )


def _is_multiple(number: float, unit: float) -> bool:
    return abs(number / unit - round(number / unit)) < 1e-6
