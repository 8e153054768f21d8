"""What every command of this room shares: who acts, what is said, how a command is declared.

Whoever changes something proves who they are: ``--as USERNAME`` asks for that person's password
and one-time code (or reads them as two lines from standard input when it is not a terminal).
A recovery code is refused here: it signs in at the hub, it does not vote, adopt or command.
"""

import argparse
import sys
from collections.abc import Callable
from getpass import getpass
from typing import Any

from enclave.adapters.foundation import Foundation
from enclave.adapters.translations import both
from enclave.adoptions import Proposal
from enclave.errors import InvalidInputError
from enclave.sentences import Sentence, say
from enclave.use_cases.sign_in import SecondFactor, sign_in

OpenHouse = Callable[[], Foundation]
"""Opens the foundation when a command needs one."""
Run = Callable[[argparse.Namespace, OpenHouse], int]
"""A command: its arguments, and a way to open the foundation."""


def tell(sentence: Sentence) -> None:
    """Print a sentence in both languages."""
    texts = both(sentence)
    print(texts["ja"])
    if texts["en"] != texts["ja"]:
        print(f"  {texts['en']}")


def why(sentence: Sentence) -> str:
    """A reason on one line, in both languages."""
    texts = both(sentence)
    return texts["ja"] if texts["ja"] == texts["en"] else f"{texts['ja']} / {texts['en']}"


def prove(house: Foundation, username: str) -> SecondFactor:
    """Ask for a person's password and code; proof that they were right."""
    if sys.stdin.isatty():
        password, code = getpass(f"{username} password: "), input(f"{username} one-time code: ")
    else:
        password, code = sys.stdin.readline().rstrip("\n"), sys.stdin.readline().strip()
    sign_in(house.database, house.passwords, username, password, code)
    return SecondFactor(username, house.clock.now())


def ask_secret(label: str) -> str:
    """A secret that somebody types: unseen at a terminal, otherwise the next line of standard input."""
    if sys.stdin.isatty():
        return getpass(f"{label}: ")
    return sys.stdin.readline().rstrip("\n")


def ask_new_secret(label: str) -> str:
    """The same for a secret that is new: at a terminal it is typed twice.

    Raises:
        InvalidInputError: the two differ.
    """
    secret = ask_secret(label)
    if sys.stdin.isatty() and getpass(f"{label} (again): ") != secret:
        raise InvalidInputError("not_the_same", say("The two did not agree. Begin again."))
    return secret


def add_command(commands: Any, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    """Declare a command."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def as_person(parser: argparse.ArgumentParser) -> None:
    """The command is some person's act."""
    parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")


def with_person(parser: argparse.ArgumentParser) -> None:
    """The command is the act of two people together."""
    as_person(parser)
    parser.add_argument("--with", dest="other", required=True, metavar="USERNAME", help="who acts with them")


def proposed(proposal: Proposal) -> int:
    """Say how the second person adopts it; the exit code."""
    tell(
        say(
            "Proposed. Another person adopts it with: enclave proposals adopt {what}",
            what=f"{proposal.id}:{proposal.digest}",
        )
    )
    return 0
