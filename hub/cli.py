"""The ``enclave`` command: rooms register their subcommands here; nothing is decided here.

Exit codes are the rooms' own; what is common is that a refusal on purpose (``EnclaveError``)
is one sentence in Japanese and English with its code, never a traceback, and exit code 1 (a
wrong file or argument 2, tampering 4). It imports no JupyterHub.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import cache

import catalog.cli
import enclave.cli
import output_review.check_cli
from catalog.cli.datasets import check_permit
from enclave.adapters.foundation import Foundation, open_foundation
from enclave.adapters.translations import both
from enclave.errors import EnclaveError, InvalidInputError, TamperedError
from enclave.settings import Settings
from hub import doctor_cli, project_erasure_cli, workspaces_cli
from hub.check_reader import local_reader
from hub.database_schema import bring_up_to_date
from hub.places import ROOT, surroundings

REFUSED, WRONG_USE, TAMPERED = 1, 2, 4


@cache
def open_house() -> Foundation:
    """The foundation of the home that the environment names, its tables up to date."""
    settings = Settings.from_environment(surroundings(os.environ), ROOT)
    bring_up_to_date(settings.database_url)
    return open_foundation(settings)


def parser() -> argparse.ArgumentParser:
    """Every command of the house."""
    top = argparse.ArgumentParser(prog="enclave", description="Hanare: a visiting environment")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    project_erasure_cli.register(enclave.cli.register(commands, check_permit))
    catalog.cli.register(commands)
    output_review.check_cli.register(commands, local_reader)
    workspaces_cli.register(commands)
    doctor_cli.register(commands)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = parser().parse_args(words)
    try:
        code: int = arguments.run(arguments, open_house)
    except EnclaveError as error:
        texts = both(error.sentence)
        print(f"{texts['ja']}\n{texts['en']} [{error.code}]", file=sys.stderr)
        if isinstance(error, TamperedError):
            return TAMPERED
        return WRONG_USE if isinstance(error, InvalidInputError) else REFUSED
    return code


if __name__ == "__main__":
    sys.exit(main())
