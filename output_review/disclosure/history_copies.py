"""A refused file that comes again in other clothes.

1. A copy has the numbers of a file that people rejected: renamed, turned, sorted or with other words, they
   are the same numbers. Rounded again, each is near the one it came from.
2. A table that was mended is no copy: a masked or merged cell takes numbers away.
3. Few numbers prove nothing: a refused file counts with six different ones, or with four when the new
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
_ROUNDINGS = (5.0, 10.0, 50.0, 100.0, 1000.0)


def check_copies(figures: Sequence[str], history: History) -> Iterator[Finding]:
    """One finding when a file repeats one that was rejected."""
    if any(_is_copy(figures, kept.stated.figures) for kept in history.refused):
        yield Finding(
            COPY,
            Severity.REJECT,
            Place(),
            say("This file repeats numbers of a file that output checkers rejected."),
            say("Mend what the rejection named. The same numbers in another form are rejected too."),
        )


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
