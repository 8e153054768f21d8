"""What the header shows: the rooms of the house, the colours of states, notices after an act."""

from dataclasses import dataclass

from enclave.identity import Person, Role
from enclave.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the header."""

    path: str
    name: Sentence
    about: Sentence
    roles: frozenset[Role]


ROOMS = (
    Room(
        "/requests",
        say("Researcher"),
        say("Confirm what is reviewed, see what was found, fetch what was released."),
        frozenset({Role.RESEARCHER}),
    ),
    Room(
        "/reviews",
        say("Review"),
        say("Decide, with one other person and blind, what may leave."),
        frozenset({Role.CHECKER}),
    ),
    Room(
        "/adoptions",
        say("Adoption"),
        say("Read what another person proposed, and agree as the second."),
        frozenset({Role.BOARD, Role.STEWARD, Role.OPERATOR, Role.AUDITOR}),
    ),
    Room(
        "/people",
        say("People"),
        say("See who may work today, and what is missing where somebody may not."),
        frozenset({Role.OPERATOR, Role.BOARD, Role.AUDITOR}),
    ),
    Room(
        "/display",
        say("Display"),
        say("See how much was shown to whom, and who asked for more than the limit."),
        frozenset({Role.OPERATOR, Role.AUDITOR}),
    ),
    Room(
        "/display/mine",
        say("My display"),
        say("See how much was shown to you, and how much is left."),
        frozenset({Role.RESEARCHER}),
    ),
    Room(
        "/audit",
        say("Audit"),
        say("Read everything that was done, and prove that it was not altered."),
        frozenset({Role.AUDITOR}),
    ),
    Room(
        "/catalog",
        say("Catalogue"),
        say("Look through the data sets, their columns, and what can be given of them."),
        frozenset(Role),
    ),
    Room(
        "/risks",
        say("Risk"),
        say("See how well people hide in each extract, who took that on, and what is to be rebuilt."),
        frozenset({Role.STEWARD, Role.AUDITOR}),
    ),
)
"""In the order of the result's path through the house."""

ROLE_WORDS: dict[Role, Sentence] = {
    Role.RESEARCHER: say("researcher"),
    Role.CHECKER: say("output checker"),
    Role.STEWARD: say("data steward"),
    Role.OPERATOR: say("operator"),
    Role.AUDITOR: say("auditor"),
    Role.BOARD: say("governance board"),
    Role.OFFICER: say("re-identification officer"),
}


def roles_in_words(roles: frozenset[Role]) -> Sentence:
    """Several roles as one sentence part."""
    words = [ROLE_WORDS[role] for role in Role if role in roles]
    names = [f"r{i}" for i in range(len(words))]
    return Sentence(" / ".join(f"{{{name}}}" for name in names), dict(zip(names, words, strict=True)))


STATES: dict[str, tuple[str, Sentence]] = {
    "proposed": ("wait", say("waiting for a second person")),
    "adopted": ("good", say("adopted")),
    "replaced": ("past", say("replaced")),
    "ended": ("past", say("ended before its time")),
}
"""A state's tone (never the only sign: the words stand beside it) and its words."""

NOTICES: dict[str, Sentence] = {
    "adopted": say("Adopted. It is in force from now on."),
    "confirmed": say("Confirmed. The checks run now; two checkers decide after that."),
    "mended": say("The correction is handed in. Read its bytes and confirm them."),
    "withdrawn": say("Withdrawn. Nothing of this request will leave."),
    "reviewed": say("Your review is complete. It stays hidden from the other checker until both are done."),
    "voted": say("Your vote is kept. Complete the review when every file has one."),
    "commented": say("Your comment is kept."),
    "returned": say("Returned to the author with your reasons."),
    "released": say("Released. The author can make a download link now."),
}


def rooms_for(person: Person | None) -> tuple[Room, ...]:
    """The rooms a person may enter."""
    return tuple(room for room in ROOMS if person and person.roles & room.roles)
