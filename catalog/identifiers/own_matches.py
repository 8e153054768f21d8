"""What in a text is the source's own: candidates, the answer of whoever holds the set, and what counts.

``forms_in`` gives the forms to ask about, each once. ``matches_in`` reads the text again with the answers.
A weak candidate (a short number without a label) counts only when of all weak numbers in the texts that
are judged together at least a quarter are the source's, and three or more: by chance it is one in a
hundred. A name that goes on in further letters of its kind counts where a word ends there: 佐藤恵 stands in
佐藤恵様 and in 佐藤恵入院, not in 佐藤恵子. Without a tokeniser it always counts.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from catalog.identifiers.own_candidates import Candidate, candidates
from catalog.identifiers.own_forms import KANJI, KATAKANA, OwnKind
from catalog.identifiers.words import Tokeniser

_FEWEST_WEAK, _WEAK_SHARE = 3, 0.25
_AROUND = 40
"""Characters before and behind a name that are read with it."""
_LETTER = re.compile(f"[{KANJI}{KATAKANA}ぁ-ゖｦ-ﾟ]")
_PART_BEFORE = re.compile(f"[{KATAKANA}ｦ-ﾟ][・･=゠]$")
_PART_BEHIND = re.compile(f"[・･=゠][{KATAKANA}ｦ-ﾟ]")
"""A name from abroad goes on over its points."""
_NAMES = frozenset({OwnKind.NAME, OwnKind.READING})


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


def matches_in(
    texts: Iterable[Labelled], ours: Mapping[str, OwnKind], words: Tokeniser | None = None
) -> list[Match]:
    """Every place that holds one of ours; of places that overlap in one text the longest."""
    strong: list[Match] = []
    weak: list[Match] = []
    weak_forms: set[str] = set()
    for index, text in enumerate(texts):
        for candidate in candidates(text.text, text.label):
            kind = ours.get(candidate.form)
            if candidate.weak:
                weak_forms.add(candidate.form)
            if kind is not None and (words is None or _is_whole(text.text, candidate, kind, words)):
                match = Match(index, candidate.offset, candidate.length, kind)
                (weak if candidate.weak else strong).append(match)
    hits = len(weak_forms & ours.keys())
    counted = hits >= _FEWEST_WEAK and hits >= _WEAK_SHARE * len(weak_forms)
    return list(_longest(strong + weak if counted else strong))


def _is_whole(text: str, candidate: Candidate, kind: OwnKind, words: Tokeniser) -> bool:
    """Whether a name begins and ends where a word does, or where no letter goes on."""
    start, end = candidate.offset, candidate.offset + candidate.length
    if kind not in _NAMES:
        return True
    if _PART_BEFORE.search(text, max(0, start - 2), start) or _PART_BEHIND.match(text, end):
        return False
    inside = [start] if _LETTER.match(text, start - 1) and start else []
    inside += [end] if _LETTER.match(text, end) else []
    if not inside or not _LETTER.match(text, start):
        return True
    first = max(0, start - _AROUND)
    read = words.words(text[first : end + _AROUND])
    cut = {first + word.start for word in read} | {first + word.end for word in read}
    return all(place in cut for place in inside)


def _longest(matches: Collection[Match]) -> Iterator[Match]:
    end = (-1, -1)
    for match in sorted(matches, key=lambda m: (m.text, m.offset, -m.length)):
        if (match.text, match.offset) >= end:
            end = (match.text, match.offset + match.length)
            yield match
