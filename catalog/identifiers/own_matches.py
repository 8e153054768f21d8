"""What in a text is the source's own: candidates, the answer of whoever holds the set, and what counts.

``forms_in`` gives the forms to ask about, each once. ``matches_in`` reads the text again with the answers.
A weak candidate (a short number without a label) counts only when of all weak numbers in the texts that
are judged together at least a quarter are the source's, and three or more: by chance it is one in a
hundred.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from catalog.identifiers.own_candidates import candidates
from catalog.identifiers.own_forms import OwnKind

_FEWEST_WEAK, _WEAK_SHARE = 3, 0.25


class Labelled(NamedTuple):
    """A text, and what stands over it."""

    text: str
    label: str = ""


class Match(NamedTuple):
    """One of the source's identifiers: which of the texts, where in it, of what kind."""

    text: int
    offset: int
    length: int
    kind: OwnKind


def forms_in(texts: Iterable[Labelled]) -> set[str]:
    """Every form that a text may hold."""
    return {candidate.form for text in texts for candidate in candidates(text.text, text.label)}


def matches_in(texts: Iterable[Labelled], ours: Mapping[str, OwnKind]) -> list[Match]:
    """Every place that holds one of ours; of places that overlap in one text the longest."""
    strong: list[Match] = []
    weak: list[Match] = []
    weak_forms: set[str] = set()
    for index, text in enumerate(texts):
        for candidate in candidates(text.text, text.label):
            kind = ours.get(candidate.form)
            if candidate.weak:
                weak_forms.add(candidate.form)
            if kind is not None:
                match = Match(index, candidate.offset, candidate.length, kind)
                (weak if candidate.weak else strong).append(match)
    hits = len(weak_forms & ours.keys())
    counted = hits >= _FEWEST_WEAK and hits >= _WEAK_SHARE * len(weak_forms)
    return list(_longest(strong + weak if counted else strong))


def _longest(matches: Collection[Match]) -> Iterator[Match]:
    end = (-1, -1)
    for match in sorted(matches, key=lambda m: (m.text, m.offset, -m.length)):
        if (match.text, match.offset) >= end:
            end = (match.text, match.offset + match.length)
            yield match
