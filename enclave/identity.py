"""People, their roles, and the shapes of names.

Two values with the same username are the same person, whatever roles each carries:
otherwise a new role would hide who wrote a request. Roles are held for the length of one
decision and read anew from the register for the next.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from enclave.errors import InvalidInputError
from enclave.sentences import say

_USERNAME = re.compile(r"[a-z][a-z0-9-]{1,29}")
_PROJECT = re.compile(r"[a-z][a-z0-9-]{0,29}")


class Role(StrEnum):
    """What a person does in the house (DESIGN section 1)."""

    RESEARCHER = "researcher"
    CHECKER = "checker"
    STEWARD = "steward"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    BOARD = "board"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone whose identity was proved. Equality is the username alone."""

    username: str
    display_name: str = field(default="", compare=False)
    organisation: str = field(default="", compare=False)
    roles: frozenset[Role] = field(default=frozenset(), compare=False)


def check_username(text: str) -> str:
    """The text itself when it is a username: 2-30 of a-z, 0-9 and hyphen, letter first."""
    if _USERNAME.fullmatch(text):
        return text
    raise InvalidInputError(
        "bad_username",
        say("A username has 2 to 30 lower-case letters, digits or hyphens and begins with a letter."),
    )


def check_project_id(text: str) -> str:
    """The text itself when it can name a project, which is also a JupyterHub server name."""
    if _PROJECT.fullmatch(text):
        return text
    raise InvalidInputError(
        "bad_project_id",
        say("A project id has 1 to 30 lower-case letters, digits or hyphens and begins with a letter."),
    )
