"""The foundation's commands: people, organisations, contracts, projects, proposals, policies, audit.

Each subject is a module that registers its commands. Whoever changes something proves who they
are (``--as``): being root on the machine is not being a person of the register. Exit codes: 0
done, 1 refused, 2 wrong use, 4 tampered.
"""

import argparse

from enclave.cli import audit, contracts, organisations, people, people_changes, projects, proposals
from enclave.cli.proving import prove, tell

__all__ = ["prove", "register", "tell"]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    audit.register(commands)
    proposals.register(commands)
    projects.register(commands)
    contracts.register(commands)
    organisations.register(commands)
    group = commands.add_parser("people", help="people and what makes them eligible")
    subjects = group.add_subparsers(required=True)
    people.register(subjects)
    people_changes.register(subjects)
