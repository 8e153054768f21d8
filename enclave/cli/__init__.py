"""The foundation's commands: people, organisations, contracts, projects, proposals, policies, audit.

Each subject is a module that registers its commands. Whoever changes something proves who they
are (``--as``): being root on the machine is not being a person of the register. Exit codes: 0
done, 1 refused, 2 wrong use, 4 tampered.
"""

import argparse
from typing import Any

from enclave.cli import audit, contracts, keys, organisations, people, people_changes, projects, proposals
from enclave.cli.projects import PermitCheck
from enclave.cli.proving import prove, tell

__all__ = ["prove", "register", "tell"]


def register(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    check_permit: PermitCheck,
) -> Any:
    """Add this room's commands; those of ``enclave project``, where a room above adds the end of one.

    ``check_permit`` is asked before a permit is proposed: what data sets there are, a room above knows.
    """
    audit.register(commands)
    proposals.register(commands)
    project = projects.register(commands, check_permit)
    contracts.register(commands)
    organisations.register(commands)
    keys.register(commands)
    group = commands.add_parser("people", help="people and what makes them eligible")
    subjects = group.add_subparsers(required=True)
    people.register(subjects)
    people_changes.register(subjects)
    return project
