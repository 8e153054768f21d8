"""People whom a result may name: members of its project, and the authors that its request states.

1. A found name that is exactly one of theirs, in whatever order, spacing, case or romanisation of macrons it
   was written, stays a hit; it says in its form whose it is, and is WEAK, so that people look at it.
2. Only whole names count: a family name alone is also a patient's.
3. Authors are read from lines of the request's statement that begin with 著者, 共著者 or ``Authors`` and a
   colon. Who states a name there says so to the checkers, and takes nothing away from other findings.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog.identifiers.hits import Certainty, Hit
from catalog.identifiers.latin_readings import unaccented
from catalog.identifiers.name_words import STRONG_TITLES
from catalog.identifiers.written_forms import normalise

MEMBER, AUTHOR = "member", "author"
_STATED = re.compile(
    r"^[ \t]*(?:筆頭|責任)?(?:共?著者|[Cc]o-?[Aa]uthors?|[Aa]uthors?)[ ]*:[ ]*(.+)$", re.MULTILINE
)
_BETWEEN = re.compile(r"[,、;/]| and ")
_MARKS = re.compile(r"[0-9*†‡§()\[\]]+")
_TITLE = re.compile(f"(?:{'|'.join(STRONG_TITLES)}|医師)$")
_FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """Keys of whole names (``name_key``)."""

    members: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()


NOBODY = KnownPeople()


def known_people(members: Iterable[str], authors: Iterable[str]) -> KnownPeople:
    """From names as they are written; what has no whole name in it is left out."""
    return KnownPeople(
        frozenset(key for name in members if (key := name_key(name))),
        frozenset(key for name in authors if (key := name_key(name))),
    )


def name_key(written: str) -> str:
    """What every writing of one whole name shares; empty for less than two parts or three letters."""
    text = _TITLE.sub("", normalise(written).text.strip())
    if text.isascii() or unaccented(text):
        parts = sorted(part for word in re.split(r"[ ,._-]+", text) if (part := unaccented(word)))
        return " ".join(parts) if len(parts) > 1 else ""
    letters = re.sub(r"[\s・=,]", "", text)
    return letters if len(letters) >= _FEWEST_LETTERS else ""


def stated_authors(statement: str) -> tuple[str, ...]:
    """The authors a request's statement names."""
    return tuple(
        name
        for line in _STATED.findall(normalise(statement).text)
        for part in _BETWEEN.split(line)
        if (name := _MARKS.sub("", part).strip())
    )


def marked(hit: Hit, text: str, people: KnownPeople) -> Hit:
    """The hit, saying whose name it is when it is one of theirs; ``text`` is what it was found in."""
    if hit.kind != "name" or people == NOBODY:
        return hit
    key = name_key(text[hit.offset : hit.end])
    for form, keys in ((MEMBER, people.members), (AUTHOR, people.authors)):
        if key and key in keys:
            return replace(hit, certainty=Certainty.WEAK, form=form)
    return hit
