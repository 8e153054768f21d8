"""Inquiries of an authority: whose record is behind these pseudonyms (Article 35(3) of the Act).

Rules:

1. Only the six authorities of the Act ask, each inquiry has their number and a reason.
2. Registered, unsealed, answered, resealed: in this order. One that was resealed is unsealed
   again only by both officers, in a time box of its own.
3. An answer holds the source's records of the patients behind exactly the pseudonyms that were
   asked for, and names those that lead to nobody. At most ``MOST_PSEUDONYMS`` at a time.
4. It can be asked for so many years after the project's end as the policy keeps the key.
5. Nothing is stored that leads from a pseudonym back: its HMAC is made again for every key of
   the source, and compared.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from catalog.pseudonyms import pseudonyms
from enclave.errors import ConflictError, InvalidInputError
from enclave.sentences import say

MOST_PSEUDONYMS = 100
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class Authority(StrEnum):
    """Whom a producer may answer: the six of the Act."""

    MINISTER = "mhlw"
    PMDA = "pmda"
    REGISTERED_BODY = "registered-body"
    EMA = "ema"
    MHRA = "mhra"
    FDA = "fda"


class InquiryState(StrEnum):
    """Where an inquiry stands."""

    REGISTERED = "registered"
    UNSEALED = "unsealed"
    ANSWERED = "answered"
    RESEALED = "resealed"


_MOVES = {
    InquiryState.REGISTERED: {InquiryState.UNSEALED},
    InquiryState.UNSEALED: {InquiryState.ANSWERED, InquiryState.RESEALED},
    InquiryState.ANSWERED: {InquiryState.RESEALED},
    InquiryState.RESEALED: {InquiryState.UNSEALED},
}


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One inquiry, as the database knows it: no pseudonym and no identity."""

    number: str
    project: str
    authority: Authority
    state: InquiryState
    answers: int = 0
    """How often it was answered."""

    def moved(self, state: InquiryState) -> "Inquiry":
        """The inquiry in its next state.

        Raises:
            ConflictError: it cannot go there from where it is.
        """
        if state not in _MOVES[self.state]:
            raise ConflictError(
                "wrong_state",
                say(
                    "This inquiry is '{state}'. Two officers unseal it: enclave catalog inquiry open",
                    state=self.state.value,
                ),
            )
        answers = self.answers + (state is InquiryState.ANSWERED)
        return replace(self, state=state, answers=answers)


@dataclass(frozen=True, slots=True)
class Match:
    """A pseudonym, and the thing of the source that it stands for."""

    pseudonym: str
    entity: str
    source_key: int


def check_number(number: str) -> str:
    """The inquiry's number as it is, when it can name one.

    Raises:
        InvalidInputError: it cannot.
    """
    if _NUMBER.fullmatch(number):
        return number
    raise InvalidInputError(
        "bad_number", say("An inquiry's number has 1 to 40 letters, digits, points, hyphens and underscores.")
    )


def parse_pseudonyms(text: str, most: int) -> tuple[str, ...]:
    """The pseudonyms of a file, one on each line, each once.

    Raises:
        InvalidInputError: a line is none, there are none, or too many.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        word = line.strip().lower()
        if word and not _UUID.fullmatch(word):
            raise InvalidInputError("not_a_pseudonym", say("Line {line} is not a pseudonym.", line=number))
        if word:
            found[word] = None
    if not 1 <= len(found) <= min(most, MOST_PSEUDONYMS):
        raise InvalidInputError(
            "how_many",
            say("An inquiry asks for 1 to {most} pseudonyms at a time.", most=min(most, MOST_PSEUDONYMS)),
        )
    return tuple(found)


def last_day(ended_on: date, years: int) -> date:
    """The last day on which an inquiry about a project that ended can be answered."""
    year = ended_on.year + years
    try:
        return ended_on.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)


def behind(
    key: bytes,
    wanted: Iterable[str],
    keys_of: Mapping[str, Callable[[], Iterable[Iterable[int]]]],
) -> tuple[Match, ...]:
    """What the pseudonyms stand for. ``keys_of`` gives each entity's source keys in pieces, when asked.

    An entity is looked through only while something asked for is still unknown.
    """
    left, found = set(wanted), []
    for entity, pieces in keys_of.items():
        for piece in pieces() if left else ():
            listed = list(piece)
            for source_key, made in zip(listed, pseudonyms(key, entity, listed), strict=True):
                if made in left:
                    found.append(Match(made, entity, int(source_key)))
                    left.discard(made)
            if not left:
                break
    return tuple(found)
